#ifndef EFFC_REVIEW_MAKE_H
#define EFFC_REVIEW_MAKE_H

#include "review.h"

/* The parts of review_make. */

/* Everything of an action but what losing it would mean. */
void item_make(struct arena *a, const struct plan *plan, uint32_t action, struct review_item *out);
/* Its risk, facts, loss, order and remedy; and its harm. */
void item_weigh(struct arena *a, const struct plan *plan, struct review_item *item);

/* The rules that the plan falls under (policies.c). */
void policies_make(struct arena *a, const struct plan *plan, struct review *out);

/*
 * Text that looks like a credential, wherever it stands: a name of a key, a private key.
 * The last line of defence, behind what schemas and drivers call secret.
 */
bool leaks(struct str text);
bool value_leaks(const struct value *v);
/* The value with what leaks replaced by "(sensitive)"; shares what does not. */
struct value value_without_leaks(struct arena *a, const struct value *v);

/* The part of the JSON that the digest is taken of; words: with what only explains it. */
void render_json_head(struct buf *out, const struct review *review, bool words);
/* What a plan changes of what anybody may do; an empty delta is said, too. */
void render_json_permissions(struct buf *out, const struct permission_delta *delta);
void render_json_item(struct buf *out, const struct review_item *item, bool words);

#endif
