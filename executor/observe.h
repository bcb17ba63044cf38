#ifndef EFFC_EXECUTOR_OBSERVE_H
#define EFFC_EXECUTOR_OBSERVE_H

#include "session.h"

/*
 * Looks at what is live, in batches and in parallel: every row of the state by
 * its id, every wanted resource without a row by its key (is the name free, and
 * if not, whose is it), and what others made by what the spec says of it.
 * Nothing is changed.
 */
struct observe_request {
	struct str address;
	/* Made by others: address is its name, properties what it is found by. */
	const struct existing *existing;
	const struct schema *schema;
	const struct row *row;		/* NULL: look whether the name is free */
	const struct scope *scope;
	struct str instance;
	uint32_t generation;
	struct value properties;	/* as applied, or as wanted (unknown parts allowed) */
	/* By its identifier; FREE: what is somebody else's is foreign. */
	enum adoption adoption;
	bool whole;			/* of that: all its properties, not the wanted ones alone */
	/* Address of what it is a part of, which nobody made so far: absent if that is. */
	struct str within;
	bool find;			/* id not known, or a row that is unfinished: look by key */
};

/* One that cannot be looked up (its key is not known yet) is SEEN_NOT_READ. */
bool observe(struct session *s, const struct observe_request *requests, size_t count,
	     struct observation *out, struct error *err) ATTR_CHECKED;

/*
 * The requests that a plan needs.  first: a plan made from model and state
 * alone (plan_options.offline), which tells names, instances and wanted
 * properties (plan->resolved, plan_properties); the plan with the observation
 * is made after.  Includes rows that are no longer wanted.
 */
void observe_requests(struct arena *a, const struct plan *first, struct observe_request **out,
		      size_t *count);
/*
 * Asks what is worth knowing only of data that the plan would take away, into the facts of
 * what was seen.
 */
bool observe_risks(struct session *s, const struct plan *plan, struct observation *out,
		   struct error *err) ATTR_CHECKED;

/*
 * Leaves of the requests those for what the plan acts on and nobody asked for yet.  A plan
 * that is made with what they tell may act on more: again until none is left.
 */
void observe_acting(struct arena *a, const struct plan *draft, struct map *asked,
		    struct observe_request *requests, size_t *count);

#endif
