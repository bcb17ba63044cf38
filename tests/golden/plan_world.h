#ifndef EFFC_TESTS_PLAN_WORLD_H
#define EFFC_TESTS_PLAN_WORLD_H

#include "planner/plan.h"
#include "review/review.h"

/*
 * A stack that exists, made of texts alone: specs are compiled with the facts of the program,
 * "applied" without AWS, and planned again against what was changed by hand since.  Whatever
 * cannot be done stops the program with a message.
 */
struct world {
	struct arena arena;
	struct schemas *schemas;
	struct state state;
	struct observation live;
};

/* How a plan is asked for; a MAP: destroy, offline, stage; lists: allow, targets, replace. */
struct world_plan {
	struct model model;
	struct plan plan;
	struct review review;
};

void world_init(struct world *w);
void world_release(struct world *w);
struct world_plan *world_make_plan(struct world *w, struct str spec, const struct value *options);
/* Rows as if it had been applied, and everything is live as it is wanted. */
void world_apply(struct world *w, const struct world_plan *p);
/*
 * What happened since.  rows: address -> {status, guard, retain, sent, source, region, previous,
 * gone}.  live: address -> {seen, owner, properties, attributes, facts}; "existing" -> name ->
 * the same.
 */
void world_change_rows(struct world *w, const struct value *rows);
void world_change_live(struct world *w, const struct value *live);

_Noreturn void world_stop(const char *what, struct str why);

#endif
