#ifndef EFFC_REVIEW_PERMISSION_H
#define EFFC_REVIEW_PERMISSION_H

#include "planner/plan.h"

/*
 * What a plan changes of what anybody may do: the policies as they are (live,
 * else as last applied) and as they will be, taken apart (grant.h) and
 * subtracted.  What a broader grant covers already is no widening, what a
 * denial takes is none either; what cannot be told counts as a change.  Which
 * properties hold permissions is data: schemas/overrides/permissions.yaml.
 */
enum permission_note {
	NOTE_PUBLIC = 1 << 0,		/* anybody, on no condition that says who */
	NOTE_PASS_ROLE = 1 << 1,
	NOTE_ANY_ACTION = 1 << 2,	/* a wildcard in the action */
	NOTE_ANY_RESOURCE = 1 << 3,	/* "*" */
	NOTE_OTHER_ACCOUNT = 1 << 4,
	NOTE_DECRYPT = 1 << 5,
	NOTE_DENY = 1 << 6,		/* a denial goes (wider) or comes (narrower) */
	NOTE_CONDITION = 1 << 7,	/* was allowed before, on another condition */
	NOTE_BOUNDARY = 1 << 8,
	NOTE_UNREAD = 1 << 9,		/* in another language: compared as text */
	NOTES = 10,
};

struct permission_row {
	bool wider;
	bool deny;			/* the statement is a denial */
	bool everyone;
	struct str principal;		/* "function.api", "everyone", "s3.amazonaws.com" */
	struct str_list actions;	/* "all but x" for what is excepted */
	struct str_list on;		/* "table.orders", else ARNs */
	struct str condition;		/* JSON; empty: none */
	uint32_t notes;			/* NOTE_… */
	struct str address;		/* of the resource that says it */
};

struct permission_delta {
	struct permission_row *rows;	/* wider ones first, the most harmful first */
	size_t count;
	size_t wider, narrower, public;	/* public: of the wider ones */
	struct map grave;		/* addresses of what says the wider ones that are grave */
};

void permission_delta_make(struct arena *a, const struct plan *plan,
			   struct permission_delta *out);

/* Notes that are never folded away. */
bool permission_row_is_grave(const struct permission_row *row);
/* "public", "passes a role", …; of one bit. */
const char *permission_note_text(enum permission_note note, bool wider);

#endif
