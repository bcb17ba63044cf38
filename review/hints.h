#ifndef EFFC_REVIEW_HINTS_H
#define EFFC_REVIEW_HINTS_H

#include "review.h"

/*
 * What looks like one thing renamed, with the edit that keeps it: said before what
 * would be deleted, since it is what the author meant.
 */
void hints_take(struct arena *a, struct review *review);
void hints_print_text(struct buf *out, const struct review *review, const char *bold,
		      const char *end);
void hints_print_markdown(struct buf *out, const struct review *review);
/* ",\n \"likely_renames\":[...]", or nothing if there are none. */
void hints_print_json(struct buf *out, const struct review *review);

#endif
