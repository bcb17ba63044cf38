#ifndef EFFC_REVIEW_NEEDS_POLICY_H
#define EFFC_REVIEW_NEEDS_POLICY_H

#include "base/value.h"
#include "base/vec.h"

/* Actions asked for on resources, gathered, and written as few statements. */
struct asked {
	struct map seen;		/* "action resource pass" */
	struct VEC_OF(struct asked_one) all;
};
struct asked_one {
	struct str action, resource;
	struct str pass;		/* PassedToService; empty: no condition */
};

void asked_add(struct arena *a, struct asked *asked, struct str action, struct str resource,
	       struct str pass);
/*
 * The document: actions of one service that are asked for on the same resources are one
 * statement; everything sorted, and what a broader resource covers left out.
 */
struct value asked_policy(struct arena *a, const struct asked *asked);

#endif
