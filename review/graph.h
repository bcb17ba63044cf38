#ifndef EFFC_REVIEW_GRAPH_H
#define EFFC_REVIEW_GRAPH_H

#include "review.h"

/*
 * The resources of a plan and who needs whom, as a drawing needs them: those that stay as
 * they are too, and those that go.  Nodes are sorted by address, edges by their ends; an edge
 * to something that is in neither the spec nor the state any more is left out.
 */
struct graph_node {
	struct action act;		/* ACTION_NONE for what stays as it is */
	struct str label;		/* "queue.orders" */
};

struct graph_edge {
	uint32_t from, to;		/* from needs to */
};

struct graph {
	struct graph_node *nodes;
	size_t node_count;
	struct graph_edge *edges;
	size_t edge_count;
};

void graph_make(struct arena *a, const struct plan *plan, struct graph *out);

#endif
