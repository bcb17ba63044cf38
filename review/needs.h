#ifndef EFFC_REVIEW_NEEDS_H
#define EFFC_REVIEW_NEEDS_H

#include "planner/plan.h"

/*
 * What a plan, its apply and the destroy of what it leaves need of the role that runs
 * them: exact actions, on the resources that are known, on the narrowest pattern where
 * they are not.  Which operation needs what is data (schemas/overrides/actions.yaml).
 * Pure: the same plan gives the same bytes.
 */
struct needs {
	struct value policy;		/* MAP: a policy document */
	struct str_list missing;	/* sorted texts: what is not known and so not in it */
};

void needs_make(struct arena *a, struct schemas *all, const struct plan *plan, struct needs *out);

#endif
