#ifndef EFFC_EXECUTOR_TASK_H
#define EFFC_EXECUTOR_TASK_H

#include "apply.h"
#include "confirm.h"
#include "gate.h"
#include "look.h"
#include "row.h"

/*
 * One node of the plan being carried out: a job whose machine goes through
 * several ops one after another (find, create, read what came of it, repair).
 * intent.c writes down what will be done before anything is; make.c and
 * remove.c are the machines; apply.c decides who may start and sums up.
 */
enum phase {
	PHASE_START,
	PHASE_FIND,			/* is it there already, or did a lost call make it */
	PHASE_CREATE,
	PHASE_UPDATE,
	PHASE_REVISION,			/* its revision moved: what changed */
	PHASE_BASELINE,			/* read what came of it */
	PHASE_CHECK,			/* is what will be deleted still ours */
	PHASE_DELETE,
};

struct applying;

struct task {
	struct job job;
	struct applying *all;
	const struct node *node;
	const struct action *action;
	const struct schema *schema;
	const struct resource *resource;	/* MAKE; NULL for REMOVE */
	size_t waiting;			/* nodes that must end before */
	bool blocked;			/* one of them did not succeed */
	bool ended, done;
	bool held;			/* not begun, since something failed */
	bool usable;			/* made, and still to be read; what stands on it goes on */
	bool told;			/* its baseline is of pages */
	struct gate_pass pass;
	struct asker *asker;		/* waits to be read together with others */
	int64_t started_ms;

	enum phase phase;
	struct row *row;		/* in the arena of the run: the one being made, or going */
	struct value wanted;		/* MAP: plain; in the arena of the run */
	struct value observed;		/* MAP: what is live, to repair from; else NULL kind */
	struct op *op;
	struct look look;
	bool adopted;			/* it was there: it may differ from what is wanted */
	bool inherited;			/* an earlier run may have made it */
	bool updated;			/* an update was sent */
	bool doubt;			/* a create was sent and its reply lost */
	bool last_mutates;		/* the step under way */
	unsigned doubts, moves;
	struct error error;
};

struct applying {
	struct session *session;
	struct arena *arena;		/* of the run */
	struct arena scratch;		/* of this apply */
	const struct plan *plan;
	struct state *state;
	struct apply_report *report;
	struct task *tasks;		/* one per node */
	size_t *dependents_start;	/* node -> where its dependents begin */
	uint32_t *dependents;
	struct task_vec VEC_OF(struct task *) startable;	/* wait for nothing more */
	struct value *wanted;		/* one per resource: MAP once it was resolved here */
	bool failed;			/* something did: what is not begun is held back if asked */
	bool *begun;			/* one per action: one of its nodes was started */
	struct confirm confirm;
	struct gates gates;
};

/* ---- intent.c ---- */

/* What can be refused before anything is done: guards, conflicts, types without a driver. */
bool intent_check(struct applying *all, struct error *err) ATTR_CHECKED;
/* Rows of the whole plan, durable when it returns. */
bool intent_write(struct applying *all, struct error *err) ATTR_CHECKED;
/*
 * Takes back the intents of actions that were not begun.  Of an interrupted apply
 * those stay that --resume may end: all but where data goes, which asks for its
 * allowance again.
 */
void intent_undo(struct applying *all, bool interrupted);

/* ---- make.c ---- */

struct step make_next(struct job *job, const struct reply *last, int64_t now_ms);
uint64_t make_record(struct job *job);
/* After the machine ended: writes the row, as made or as far as it got. */
void make_save(struct task *t, bool done);
/* False with t->error. */
bool make_metadata(struct task *t);
/* Attributes of other resources, as this apply knows them. */
struct attribute_source applying_source(struct applying *all);

/* ---- revision.c ---- */

/* The revision that the plan saw goes with the change. */
void revision_take(struct task *t);
/* The update was refused since its revision moved, and it is worth looking. */
bool revision_moved(struct task *t);
/* Nothing that is managed was changed by others; else false with t->error. */
bool revision_is_ours(struct task *t, const struct op_result *result);

/* ---- remove.c ---- */

struct step remove_next(struct job *job, const struct reply *last, int64_t now_ms);
uint64_t remove_record(struct job *job);
void remove_save(struct task *t);

/* ---- shared ---- */

/* Submits a row with a line of the journal, and makes it the state's; the ticket. */
uint64_t task_write(struct task *t, struct row *row, const char *what);
/* It is there and all is known that others need of it: those may start. */
void task_usable(struct task *t);
/* Starts an op in the job's arena. */
void task_op(struct task *t, enum op_kind kind, const struct op_input *input);
struct step task_fail(struct task *t, const struct error *error);

#endif
