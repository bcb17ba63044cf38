#ifndef EFFC_REVIEW_PICTURE_H
#define EFFC_REVIEW_PICTURE_H

#include "review.h"
#include "graph.h"

/*
 * What of a plan's graph is drawn: what changes and what stands next to it, each resource by
 * itself while they are few; of more, each block; of still more, each type; else nothing.  The
 * note says which, so that nobody takes a part for all of it.
 */
struct picture_node {
	struct str label;		/* "queue.orders" */
	struct str detail;		/* "SQS::Queue, update"; "6 resources: 1 replace" */
	enum harm harm;			/* the worst of it; HARMS: nothing changes */
	uint32_t item;			/* of the review, of one resource; else NO_ITEM */
};
#define NO_ITEM UINT32_MAX

struct picture {
	struct picture_node *nodes;
	size_t node_count;
	struct graph_edge *edges;	/* may come twice */
	size_t edge_count;
	struct str note;		/* "12 of 400 resources: what changes, and what ..." */
};

void picture_make(struct arena *a, const struct review *review, struct picture *out);

#endif
