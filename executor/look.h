#ifndef EFFC_EXECUTOR_LOOK_H
#define EFFC_EXECUTOR_LOOK_H

#include "loop.h"

/*
 * One look at a resource that believes an absence only after a while: what AWS
 * made a moment ago may not be visible yet.  A part of a job's machine: give
 * it the replies until it is done.
 */
struct look {
	enum op_kind kind;		/* OP_READ or OP_FIND */
	struct op_input input;
	int64_t window_ms;		/* 0: the first answer counts */
	/* ---- inside ---- */
	struct op *op;
	bool missed;			/* it was absent at least once, since: */
	int64_t since_ms;
	unsigned misses;
};

void look_begin(struct look *l, enum op_kind kind, const struct op_input *input, int64_t window_ms);
struct step look_next(struct look *l, struct arena *a, const struct reply *last, int64_t now_ms);
/* After DONE or FAIL. */
const struct op_result *look_result(const struct look *l);

/* Errors of several jobs as one: the first few in full, the rest as a number. */
struct failures {
	struct arena *arena;
	size_t count;
	struct str_vec VEC_OF(struct str) texts;
	enum error_kind kind;		/* of the first */
};
void failures_add(struct failures *f, struct str label, const struct error *error);
/* True if there were none; else err has them, after a heading. */
bool failures_report(const struct failures *f, const char *heading, struct error *err);

#endif
