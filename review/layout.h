#ifndef EFFC_REVIEW_LAYOUT_H
#define EFFC_REVIEW_LAYOUT_H

#include "graph.h"

/*
 * Where the boxes and lines of a small graph go: in layers, users on the left of what they
 * need, ordered so that few lines cross.  Whole numbers alone, so that every machine draws the
 * same.  An edge that follows from others is left out; one of a circle is drawn nevertheless.
 * Time and memory grow with nodes times edges: callers draw a few hundred, and group what is
 * more.
 */
#define BOX_WIDTH 236
#define BOX_HEIGHT 44

struct box {
	int32_t x, y;			/* its upper left corner */
};

struct point {
	int32_t x, y;
};

/* From the right edge of a box through points to the left edge of another. */
struct route {
	uint32_t from, to;
	struct point *points;		/* pairs: curves lead to one, a straight line to the next */
	size_t point_count;
};

struct layout {
	struct box *boxes;		/* one per node */
	struct route *routes;
	size_t route_count;
	int32_t width, height;
};

void layout_make(struct arena *a, size_t node_count, const struct graph_edge *edges,
		 size_t edge_count, struct layout *out);

#endif
