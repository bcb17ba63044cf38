#ifndef EFFC_EXECUTOR_APPLY_H
#define EFFC_EXECUTOR_APPLY_H

#include "session.h"

/*
 * Carries a plan out.  Before the first call every intent is durable in the
 * store; each operation is recorded before it is sent and after it ended.  A
 * failure stops what depends on it and nothing else.  Old generations and
 * things no longer wanted go last, dependents first.  Killed at any moment,
 * the next run's recovery finds what was begun, and finishes it.
 */
enum apply_result {
	APPLY_DONE,
	APPLY_PARTIAL,			/* something failed; the report has it, the state is true */
	APPLY_INTERRUPTED,
	APPLY_STOPPED,			/* refused, or the store failed: nothing started after */
};

struct apply_report {
	size_t done, failed, skipped, open;
	struct value outputs;		/* MAP */
	/* One for each assertion of the model; NULL: none was asked for. */
	struct held {
		enum holds holds;
		struct str message;	/* of one that does not */
	} *held;
};

enum apply_result apply_plan(struct session *s, const struct plan *plan, struct state *state,
			     struct apply_report *report, struct error *err);

/*
 * Before planning: looks up every row that an earlier run left unfinished, by
 * id, name, tag, token or parent, waiting out the type's consistency window
 * where it is not seen, and writes what is true into the state.  After it, no
 * row is in doubt: one is there (with its attributes), or is not.
 */
bool recover(struct session *s, struct state *state, struct error *err) ATTR_CHECKED;

#endif
