#ifndef EFFC_PLANNER_DIGRAPH_H
#define EFFC_PLANNER_DIGRAPH_H

#include "base/attr.h"
#include "base/vec.h"

#include <stdbool.h>
#include <stdint.h>

/*
 * Who waits for whom, over dense indexes.  A link says that `from` waits for
 * `to`.  Some links are wishes: the softest ones that stand on a cycle are
 * dropped first, and a cycle of links that all must hold is reported.
 * Linear in nodes and links.
 */
enum softness { LINK_HARD, LINK_FIRM, LINK_SOFT, LINK_WEAK };

struct link {
	uint32_t from, to;
	enum softness softness;
	bool dropped;
};

struct digraph {
	size_t node_count;
	VEC(struct link) links;
};

struct cycle {
	uint32_t *nodes;		/* each waits for the next, the last for the first */
	size_t count;
};

void digraph_link(struct arena *a, struct digraph *g, uint32_t from, uint32_t to,
		  enum softness softness);

/*
 * order: all nodes, each after those it waits for; ties by index.  Marks the
 * dropped links.  False if hard links make a cycle.
 */
bool digraph_order(struct arena *a, struct digraph *g, uint32_t *order, struct cycle *cycle);

/*
 * The nodes that each waits for, without dropped and doubled links:
 * targets[starts[n] .. starts[n + 1]).
 */
void digraph_targets(struct arena *a, const struct digraph *g, uint32_t **starts,
		     uint32_t **targets);

#endif
