#ifndef EFFC_TESTS_EXECUTOR_KIT_H
#define EFFC_TESTS_EXECUTOR_KIT_H

#include "executor/apply.h"
#include "executor/observe.h"
#include "fake_aws.h"
#include "unit.h"

/*
 * One run of the program without its command line: spec, state, session, plan.
 * The fake service and the state's folder outlive it, so a test that "kills" a
 * run opens the next one on the same two.
 */
struct world {
	struct arena arena;
	struct fake *fake;
	struct str path;		/* of the state */
	struct sources sources;
	struct diags diags;
	struct spec spec;
	struct schemas *schemas;
	struct model model;
	struct store *real;
	struct store store;		/* in front of the real one */
	struct state state;
	struct aws_environment environment;
	struct session session;
	struct observation seen;
	struct plan plan;
	struct apply_report report;
	volatile int interrupted;
	struct buf events;		/* "done box\n", "failed box: …\n" */
	struct error err;

	/* Kills the run at the n-th commit: before it, or after it and before it is known. */
	unsigned commits, kill_commit;
	bool kill_after_commit, dead;
	bool destroy;
};

/* Reads the spec and starts a session; takes the state's lock. Fails the test if it cannot. */
void world_open(struct world *w, struct fake *f, struct str path, const char *spec);
void world_close(struct world *w);
/* recover, observe, plan.  False and w->err if one fails. */
bool world_plan(struct world *w, bool destroy);
/* All of it. */
enum apply_result world_apply(struct world *w, bool destroy);
/* Open, apply, close; the result. */
enum apply_result world_run(struct fake *f, struct str path, const char *spec, bool destroy);
/* Number of actions that a fresh plan has. */
size_t world_actions(struct fake *f, struct str path, const char *spec);
/* For fake->on_kill: this run does nothing more. */
void world_kill(void *world);
/* The state as it is on disk. */
struct str world_state(struct arena *a, struct str path);

struct str folder_new(struct arena *a);		/* path of a state in a fresh folder */
void folder_remove(struct arena *a, struct str path);

#endif
