#ifndef EFFC_REVIEW_CALLS_H
#define EFFC_REVIEW_CALLS_H

#include "base/vec.h"
#include "planner/plan.h"

/*
 * What an action will send, told from its driver's steps without sending anything: a dry walk.
 * Operations come in the order in which they are sent, with the waits between them; what only
 * a reply or a value that is not known yet decides is `maybe`.  The reads that find a thing or
 * look at it afterwards are not in it, and neither are retries.
 */
enum call_why {
	CALL_DOES,			/* changes something */
	CALL_LOOKS,			/* read by a step, to know what to change */
	CALL_WAITS,			/* repeated until it is ready, or gone */
};

struct told_call {
	enum call_why why;
	bool removes;			/* of the part of the action that removes the old one */
	bool maybe;
	struct str service, operation;	/* "sqs", "CreateQueue" */
	struct str property;		/* what it is about; empty: all of it */
	size_t times;			/* 0: as many as a reply says */
};
struct told_call_vec VEC_OF(struct told_call);

/* all: for what is no more in the spec; may be NULL.  Nothing of a type without a driver. */
void calls_tell(struct arena *a, struct schemas *all, const struct plan *plan,
		const struct action *act, struct told_call_vec *out);

#endif
