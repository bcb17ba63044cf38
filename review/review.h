#ifndef EFFC_REVIEW_REVIEW_H
#define EFFC_REVIEW_REVIEW_H

#include "planner/plan.h"

/*
 * A plan as people and programs read it.  One review, several outputs: text for a terminal,
 * JSON for programs.  All of it is pure: the same plan gives the same bytes.
 */
struct review {
	const struct plan *plan;
	struct str digest;		/* 64 hex digits over everything that a reviewer sees */
};

void review_make(struct arena *a, const struct plan *plan, struct review *out);

void review_print_text(struct buf *out, const struct review *review, bool colour, bool verbose);
#define PLAN_FORMAT_VERSION "1.1"
/* As docs/plan-json.md says. */
void review_print_json(struct buf *out, const struct review *review);
/* The graph that the executor runs, one node a line: for `effc debug graph`. */
void review_print_nodes(struct buf *out, const struct plan *plan);
/* The resources and who needs whom, with what happens to each; JSON as docs/graph-json.md says. */
enum graph_format { GRAPH_DOT, GRAPH_MERMAID, GRAPH_JSON };
void review_print_graph(struct buf *out, const struct plan *plan, enum graph_format format);

#endif
