#ifndef EFFC_REVIEW_MARKDOWN_H
#define EFFC_REVIEW_MARKDOWN_H

#include "render.h"

/*
 * Markdown for a comment on a pull request.  Text of users can never become markup: it
 * stands in fences longer than any run of backticks in it, or in code spans, or is made of
 * plain words alone.  In code nothing is a mention, a link, an issue or an image.
 */

/* ---- escape.c ---- */

/* One code span for a cell of a table; nothing if the text is empty. */
void md_code(struct buf *out, struct str text, size_t limit_bytes);
/* As it is, if it consists of plain words; else a code span. */
void md_prose(struct buf *out, struct str text, size_t limit_bytes);
/* Lines as a block of code of a language; a last newline is added where there is none. */
void md_fence(struct buf *out, const char *language, struct str lines);

/* "3 to update", if there are any; with a comma before it if something stands there already. */
void md_count(struct buf *out, size_t count, const char *what, bool *any);

/* ---- since.c: what a later run knows of this comment ---- */

/* The first lines, hidden; the second of at most limit_bytes. */
void md_marker(struct buf *out, const struct review *review, size_t limit_bytes);
/*
 * A sentence on what changed since an earlier comment, or why that cannot be told; with the
 * names of at most named_most.
 */
void md_since(struct buf *out, const struct review *review, struct str previous,
	      size_t named_most);

/* ---- markdown.c ---- */

/* How much is said; the steps of shrinking, each with less than the one before. */
enum says { SAYS_ALL, SAYS_LINE, SAYS_PATHS, SAYS_COUNT };
struct fit {
	enum says creates, updates, state;
	bool lists;			/* replacements and deletions: addresses alone */
	bool short_risk;		/* data at risk: address and loss alone */
	size_t rows_most;		/* of each list that is never left out; 0: no limit */
	const char *told;		/* what the step left out; NULL: nothing */
};

struct md {
	struct buf *out;
	const struct review *review;
	const struct review_markdown *options;
	const struct fit *fit;
	size_t step;			/* of the fits: those up to it are told */
	size_t name_width;		/* of what is folded */
	struct str since;		/* said by md_since; empty: nothing */
	struct arena *scratch;
};

/* ---- tables.c: what is never left out ---- */

void md_conflicts(struct md *m);
void md_policies(struct md *m);
void md_risk(struct md *m);
void md_replacements(struct md *m);
void md_deletions(struct md *m);

/* ---- access.c ---- */

void md_permissions(struct md *m);

/* ---- changes.c: what is folded ---- */

void md_changes(struct md *m);
void md_existing(struct md *m);

#endif
