#ifndef EFFC_REVIEW_PERMISSION_ROWS_H
#define EFFC_REVIEW_PERMISSION_ROWS_H

#include "grant.h"
#include "permission.h"

/* The inside of permission.h: what was allowed, what will be, and the rows between. */
struct subtraction {
	struct arena *a;
	struct grants before, after;
	/* Scopes that come and that go as a whole: what is denied in them changes nothing */
	struct map fresh, gone;
	struct str account;		/* of the stack; empty: not known */
	struct str *sources;		/* address by grant.source */
};
void permission_rows(const struct subtraction *s, struct permission_delta *out);

/* What stands out in a grant; not: conditions, which need both sides. */
uint32_t grant_notes(const struct subtraction *s, const struct grant *g);
bool grant_is_for_everyone(const struct grant *g);

/* A grant of a policy of somebody else's, by its ARN; a limit, likewise. */
#define ATTACHED_POLICY "policy "
#define BOUNDARY_POLICY "boundary "

#endif
