#ifndef EFFC_CLI_UNDO_H
#define EFFC_CLI_UNDO_H

#include "command.h"
#include "planner/inverse.h"

/*
 * The way back to an earlier state, as a plan: for `effc undo`, and for what an apply with
 * --on-failure rollback does after a failure.
 */

/*
 * Makes run->plan lead from the present state to `then`; run->model becomes what then stands
 * for.  careful: what a guard, a conflict or a policy holds is left as it is, and said, so that
 * nothing stands in the way of the plan.  notes: what cannot be brought back.
 */
bool plan_back(struct run *run, const struct state *then, bool careful,
	       struct inverse_note_vec *notes);
void print_notes(struct run *run, const struct inverse_note_vec *notes);
/* A state that changes of the present one do not reach; rows are shared. */
struct state *state_copy(struct arena *a, const struct state *state);
/* After a failed apply: undoes what it did since `then`. */
void roll_back(struct run *run, const struct state *then);

#endif
