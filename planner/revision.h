#ifndef EFFC_PLANNER_REVISION_H
#define EFFC_PLANNER_REVISION_H

#include "plan.h"

/*
 * What a plan was made from, as digests: a saved plan keeps them, and whoever carries it out
 * compares them with what is true then.  They are keyed, so that nobody can try values out on
 * them, and of values in one form, so that what AWS answers in another order is the same.
 */

/* 64 hex digits; what: the kind of thing, so that equal texts of two kinds differ. */
struct str revision_digest(struct arena *a, struct str key, const char *what, struct str text);

/* Address -> 16 hex digits over all that is wanted of it, secrets included. */
struct value revision_wanted(struct arena *a, const struct plan *plan, struct str key);
/*
 * Address -> {"is": "found", then one digest for each property and each lasting attribute that
 * was read}.  What AWS changes by itself, such as the number of messages, is not among them.
 */
struct value revision_live(struct arena *a, const struct plan *plan, struct schemas *schemas,
			   const struct observation *live, struct str key);
/* Name -> what the spec asks of it -> its value; of a secret a digest, null: it was not read. */
struct value revision_existing(struct arena *a, const struct plan *plan, struct str key);

#endif
