#ifndef EFFC_COMPILER_KIND_KIND_H
#define EFFC_COMPILER_KIND_KIND_H

#include "compiler/compiler.h"

/*
 * A kind of handler block: its keys, its short attributes and one function
 * that emits its parts.  Everything else (IAM, names, tags, environment,
 * references) works on what a kind declares here and knows no kind.
 */

/* ${orders.arn}: an attribute of a part, or of one of the stage's. */
struct short_attribute {
	const char *name;
	const char *part;		/* "": the primary part; "stage/api": the stage's */
	const char *attribute;
	const char *suffix;		/* key of the block whose text is put behind; NULL: none */
};

struct kind {
	const char *name;		/* "queue" */
	const char *type;		/* of the primary part */
	const char *primary;		/* that part's own name: "queue", "function" */
	const char *parts;		/* the names of all that a block may have, in words */
	struct key_set keys;
	bool has_function;		/* takes the keys of every function, too */
	const struct short_attribute *attributes;
	size_t attribute_count;
	void (*emit)(struct compiler *c, struct block *b);
	/* What all blocks of the kind share; NULL: nothing. */
	void (*emit_stage)(struct compiler *c, struct block *const *blocks, size_t count);
	/* Where a block's own function is another one's: its id, else empty. NULL: never. */
	struct str (*stands_for)(const struct block *b);
};

extern const struct kind kind_function, kind_http, kind_queue, kind_schedule, kind_table;

/* "rate(1 day)", "cron(…)", "at(…)" of a text; where is not used.  False after a report. */
bool schedule_check(struct compiler *c, const struct value *v, struct str where);

/* NULL: no such kind. */
const struct kind *kind_find(struct str name);
/* By index from 0, sorted; NULL past the last. */
const struct kind *kind_at(size_t index);

/* ---- block.c: what the mistakes of a block leave open ---- */

/* The block has no such key in its body or config, in no spelling: see table_lacks. */
bool block_lacks(const struct block *b, const struct value *table, const char *name);
/* Nearest to the name among the parts that the block has, or, damaged, may have; or empty. */
struct str block_suggest_part(struct compiler *c, const struct block *b, struct str name);
/* A part that is not there, but may be once the mistakes of the block are gone. */
bool block_may_have(const struct block *b, struct str part);

#endif
