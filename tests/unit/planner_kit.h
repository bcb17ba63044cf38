#ifndef EFFC_TESTS_PLANNER_KIT_H
#define EFFC_TESTS_PLANNER_KIT_H

#include "unit.h"

#include "base/json.h"
#include "planner/plan.h"
#include "review/review.h"

/*
 * A small world for the planner's tests: types made by hand, models from JSON,
 * and an AWS of one function that carries a plan out in the order of its graph.
 * In the JSON of a model "@orders.Arn" is a reference.
 *
 * Type "Test::Kit::Thing" (kit_thing) has a generated name and every kind of
 * property; the others are variations of it.
 */
struct kit {
	struct arena arena;
	struct diags diags;
	struct model model;
	struct state state;
	struct observation live;
	struct plan_options options;
	struct plan plan;
	struct review review;		/* of the plan */
	size_t resources_most;		/* set before kit_init; 0: very many */
	struct schema *thing;		/* generated name, tagged, hard guard not set */
	struct schema *fixed;		/* no name of its own, identity by Key; `unique` Key */
	struct schema *child;		/* parent = Parent; owned by it */
	struct schema *keyed;		/* OWNER_KEY in Sid */
	struct schema *described;	/* OWNER_DESCRIPTION in Description */
};

void kit_init(struct kit *k);
void kit_release(struct kit *k);

/* Starts the wanted side anew; resources must be added in the order of their addresses. */
void kit_model(struct kit *k);
struct resource *kit_add(struct kit *k, const char *address, const struct schema *schema,
			 const char *properties);
/* What its block says of its life; one of ignore_changes: "Tags[team]". */
struct lifecycle *kit_life(struct kit *k, struct resource *r);
void kit_import(struct kit *k, struct resource *r, const char *identifier);
void kit_renamed(struct kit *k, struct resource *r, const char *from);
void kit_ignore(struct kit *k, struct resource *r, const char *path);
/* Plans what was added against the state and observation; the plan is k->plan. */
bool kit_plan(struct kit *k);
/* Carries the plan out: rows, and what is live, as AWS would have it. */
void kit_apply(struct kit *k);
/* Plan, apply, plan: the last must be empty. */
void kit_settle(struct kit *k);

const struct action *kit_action(const struct kit *k, const char *address);
/* "create", "none", … */
const char *kit_kind(const struct kit *k, const char *address);
struct observed *kit_live(struct kit *k, const char *address);
struct row *kit_row(struct kit *k, const char *address);
struct value kit_json(struct kit *k, const char *text);
/* Replaces one top-level property of what is live. */
void kit_touch(struct kit *k, const char *address, const char *property, const char *json);
struct str kit_text(struct kit *k, bool verbose);

#endif
