#ifndef EFFC_TESTS_WALK_AWS_H
#define EFFC_TESTS_WALK_AWS_H

#include "base/clock.h"
#include "planner_kit.h"

/*
 * An AWS for random walks, and an executor that carries plans of the kit out on
 * it: in any order that the graph allows, and not always to the end.  The AWS
 * refuses what the real one refuses (a name twice, a create-only property
 * changed in place, the removal of what is still used), and whatever it refuses
 * is a fault of the plan, so it ends the test and names the seed.
 *
 * A thing is known by the instance that stands on it.  Rows go through their
 * text after every run, as in a store.
 */
#define WALK_SLOTS 40			/* addresses are r00 to r39 */

struct thing {
	struct str address, type, instance, name, region;
	struct str born;		/* its first address, which its ids are made of */
	uint32_t generation;
	enum guard guard;		/* as the state has recorded it */
	struct value properties;
	bool alive;
	bool foreign;			/* no longer of the stack: retained */
	bool messages;			/* of a queue: it holds some */
	bool allowed, was_allowed;	/* its removal: a run that began it was told so */
};

enum ending {
	ENDING_WHOLE,
	ENDING_REFUSED,			/* a call fails: what waits for it is dropped */
	ENDING_KILLED_BEFORE,		/* in the middle of a node: nothing was done ... */
	ENDING_KILLED_AFTER,		/* ... or all of it, and nobody wrote it down */
};

struct walk {
	struct kit kit;
	const struct random *random;
	struct thing *things;
	size_t thing_count, thing_capacity;
	struct map buried;		/* address -> generation + 1 of what the stack deleted */
	const char *doing;		/* for messages */
};

void walk_begin(struct walk *w, uint64_t seed);
void walk_end(struct walk *w);
uint32_t walk_below(struct walk *w, uint32_t bound);
bool walk_chance(struct walk *w, uint32_t percent);

/* The one of an address and generation that stands, or NULL. */
struct thing *walk_thing(struct walk *w, struct str address, uint32_t generation);
/* What a reference of a spec gives of it. */
struct value walk_attribute(struct walk *w, const struct thing *thing, struct str name);
/* Fills the kit's observation, in other words than were written. */
void walk_observe(struct walk *w);
/* The kit's plan; after a killed run the state has recovered before it was made. */
void walk_carry_out(struct walk *w, enum ending ending);
/* What the next run finds out of the rows that one left unfinished. */
void walk_recover(struct walk *w);
/* Somebody else deletes it, and what it holds. */
void walk_delete_outside(struct walk *w, struct thing *thing);

/* ---- between the AWS (walk_aws.c) and the executor (walk_run.c) ---- */

struct thing *walk_by_instance(struct walk *w, struct str instance);
struct value walk_attributes(struct walk *w, const struct thing *t);
struct value walk_read(struct walk *w, const struct thing *t);
struct thing *walk_create(struct walk *w, const struct action *act, const struct value *wanted);
void walk_change(struct walk *w, struct thing *t, const struct value *wanted);
void walk_remove(struct walk *w, struct thing *t);
/* By --allow-data-loss of this run. */
bool walk_is_allowed(const struct walk *w, struct str address);

/* The seed that is walked, for messages. */
extern uint64_t walk_seed;
#define WALK_CHECK(w, condition, ...) do { \
	if (!(condition)) \
		walk_fail(w, __FILE__, __LINE__, str_format(&(w)->kit.arena, __VA_ARGS__)); \
} while (0)
void walk_fail(struct walk *w, const char *file, int line, struct str message) ATTR_NORETURN;

#endif
