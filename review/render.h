#ifndef EFFC_REVIEW_RENDER_H
#define EFFC_REVIEW_RENDER_H

#include "review.h"

/*
 * What the renderings share.  Text of users and of AWS is hostile: it reaches a
 * terminal only through here.
 */

/* Characters that a terminal obeys or that reorder what is read become \x1b and the like. */
void render_shown(struct buf *out, struct str text);
/* Shown text with its middle left out past limit_bytes, between characters. */
void render_short(struct buf *out, struct str text, size_t limit_bytes);
/* A value as one short text: JSON, its middle left out past limit_bytes. */
void render_value(struct buf *out, const struct value *v, size_t limit_bytes);
/* "512 -> 1024"; of two long documents only the words that one of them has. */
void render_difference(struct buf *out, const struct value *before, const struct value *after,
		       size_t limit_bytes);
/* "Size 512 -> 1024 (changed outside)", "Environment.Variables.A (changed)". */
void render_change(struct buf *out, const struct review_change *change, size_t limit_bytes);
/* "table.orders", or the address and type of a raw block. */
struct str render_label(struct arena *a, const struct plan *plan, const struct action *act);
/* "effortless.toml:41"; empty if nothing says it. */
struct str render_place(struct arena *a, const struct plan *plan, const struct action *act);
struct str render_type(const struct plan *plan, const struct action *act);
/* Where it is, if not in the region of the stack; else empty. */
struct str render_region(const struct plan *plan, const struct action *act);
/* "dynamodb:GetItem, PutItem", "table.orders", "public; if {...}"; whole: nothing is left out. */
void render_permission_actions(struct buf *out, const struct permission_row *row, bool whole);
void render_permission_on(struct buf *out, const struct permission_row *row, bool whole);
void render_permission_note(struct buf *out, const struct permission_row *row, size_t limit);
/* An address as a shell takes it: one with a key has quotes in it. */
void render_argument(struct buf *out, struct str address);
/* "live data: 52 resources read with 25 calls" and what was not read; nothing if offline. */
void render_coverage(struct buf *out, const struct review *review, bool verbose);
struct value render_coverage_value(struct arena *a, const struct review *review);
/* 1200000 as "1.2 M"; below 10,000 all digits. */
void render_count(struct buf *out, int64_t count);
/* 3400000000 as "3.4 GB". */
void render_bytes(struct buf *out, int64_t bytes);

#endif
