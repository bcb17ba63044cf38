#ifndef EFFC_SPEC_SPEC_H
#define EFFC_SPEC_SPEC_H

#include "base/diag.h"
#include "base/fs.h"
#include "base/value.h"

/*
 * Text to a tree of values that know where they were written, from TOML 1.1, YAML
 * or JSON, by the end of the file's name.  The TOML reader is our own, since every
 * key and value carries its bytes, also inside decoded strings.  Reading does not
 * stop at the first mistake, as long as what follows can be told: what could not
 * be read is VALUE_DAMAGED, so that later stages add no follow-up errors.
 */
enum token_kind {
	TOKEN_BARE_KEY, TOKEN_STRING, TOKEN_INTEGER, TOKEN_FLOAT, TOKEN_BOOL, TOKEN_DATETIME,
	TOKEN_EQUALS, TOKEN_DOT, TOKEN_COMMA,
	TOKEN_OPEN_BRACKET, TOKEN_CLOSE_BRACKET, TOKEN_OPEN_BRACE, TOKEN_CLOSE_BRACE,
	TOKEN_NEWLINE, TOKEN_BLANK, TOKEN_COMMENT, TOKEN_DAMAGED,
};
struct token {
	enum token_kind kind;
	struct span span;
};
struct token_vec VEC_OF(struct token);

struct document {
	struct str path;
	uint32_t file;
	struct value root;		/* MAP */
	struct token_vec tokens;	/* of toml_parse alone: every byte of the text, in order */
	bool damaged;			/* it had syntax errors */
};

/* What [module.X] source names. */
struct spec_module {
	struct str folder;		/* from the spec's own on: "modules/cdn" */
	struct value root;		/* MAP */
	bool busy;			/* its own modules are being read */
};

struct spec {
	struct sources *sources;
	struct document *documents;	/* of the spec itself, then of its modules */
	size_t document_count;
	struct value root;		/* MAP: the documents merged; no table defined twice */
	struct str folder;		/* of the first document: paths in the spec start here */
	struct map modules;		/* folder -> struct spec_module */
};

#define SPEC_FILE_LIMIT (16u << 20)
#define SPEC_DEPTH_LIMIT 64

/* One TOML text.  False if there were mistakes; root holds what could be read. */
bool toml_parse(struct arena *a, struct str text, uint32_t file, struct document *out,
		struct diags *d);
/* The same without the tokens, which take more memory than the tree. */
bool toml_parse_tree(struct arena *a, struct str text, uint32_t file, struct document *out,
		     struct diags *d);
const char *token_kind_name(enum token_kind kind);

/*
 * Reads every file, those that they include and the modules that they use; all
 * mistakes of all of them.  Expressions are not looked at yet.
 */
bool spec_read(struct arena *a, const struct files *files, struct sources *sources,
	       const struct str *paths, size_t path_count, struct spec *out, struct diags *d);

/* The module with that source in a document of folder `from`; NULL: it was not read (reported). */
const struct spec_module *spec_module(struct arena *a, const struct spec *spec, struct str from,
				      struct str source);

/*
 * The spec of a folder: effortless.{toml,yaml,yml,json} in it or the nearest one
 * above.  Two in one folder, or none, is an error that says so.
 */
bool spec_find(struct arena *a, const struct files *files, struct str folder, struct str *path,
	       struct error *err) ATTR_CHECKED;
/* The spec of one folder; empty if there is none, false and err if there are two. */
bool spec_find_in(struct arena *a, const struct files *files, struct str folder,
		  struct str *path, struct error *err) ATTR_CHECKED;

/* For effc debug: one token a line with its place; the tree with places, a value a line. */
void spec_print_tokens(struct buf *out, const struct document *document,
		       const struct sources *sources);
void spec_print_tree(struct buf *out, const struct value *root, const struct sources *sources);

#endif
