#ifndef EFFC_REVIEW_DRIFT_H
#define EFFC_REVIEW_DRIFT_H

#include "review.h"

/*
 * What moved outside: of a plan made with what is live, the part that no edit of the spec is the
 * cause of.  What the spec does not manage does not count, nor what AWS changes by itself.
 */
enum drift_kind {
	DRIFT_CHANGED,
	DRIFT_GONE,			/* something else deleted it */
	DRIFT_TAKEN,			/* the same, and its name belongs to somebody else now */
};
struct drift_item {
	enum drift_kind kind;
	const struct review_item *item;	/* its changes that are drift tell what moved */
	bool edited;			/* the spec wants something else of it as well */
};

struct drift {
	const struct review *review;
	struct drift_item *items;	/* by address */
	size_t count;
	size_t same;			/* things that are as they were applied */
	size_t unread;			/* things that could not be looked at */
	size_t unfinished;		/* of an earlier run; an apply goes on with them */
	struct str_list edited;		/* addresses that the spec wants changed whatever is live */
};

/* pending: the plan of the same model and state, with none of its things observed. */
void drift_make(struct arena *a, const struct review *review, const struct observation *live,
		const struct plan *pending, struct drift *out);

void drift_print_text(struct buf *out, const struct drift *drift, bool verbose);
#define DRIFT_FORMAT_VERSION "1.0"
/* As docs/drift-json.md says. */
void drift_print_json(struct buf *out, const struct drift *drift);

#endif
