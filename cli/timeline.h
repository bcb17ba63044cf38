#ifndef EFFC_CLI_TIMELINE_H
#define EFFC_CLI_TIMELINE_H

#include "executor/session.h"

/*
 * What an apply did when, for trace viewers: one track a resource with its phases, calls
 * and waits, and one with the longest path, that the rest waited for.  It is a reader of the
 * same events as the progress, and hands them on to that.
 */
struct timeline_span {
	struct str name;
	const char *category;		/* "make", "call", "wait" */
	struct str note;		/* the code of a refusal, an error; may be empty */
	size_t track;
	int64_t start_ms, elapsed_ms;
};
struct timeline_node {			/* by place among the plan's nodes */
	size_t track;			/* 0: never begun */
	int64_t start_ms, ready_ms, end_ms;
	struct str outcome;
};

struct timeline {
	struct arena *arena;
	const struct clock *clock;
	const struct plan *plan;
	struct event_sink next;
	int64_t begin_ms;
	VEC(struct timeline_span) spans;
	struct timeline_node *nodes;
	struct map tracks;		/* title -> its number, from 1 */
};

/* From now on, before plan's nodes are begun; next gets the events that are for people. */
void timeline_begin(struct timeline *t, struct arena *a, const struct clock *clock,
		    const struct plan *plan, struct event_sink next);
struct event_sink timeline_sink(struct timeline *t);
/* As JSON in the format of trace events; replaces the file as a whole. */
bool timeline_write(const struct timeline *t, struct str path, struct error *err) ATTR_CHECKED;

#endif
