#include "digraph.h"

#include <string.h>

#define UNSEEN UINT32_MAX
#define RING_BUDGET 20000000

void digraph_link(struct arena *a, struct digraph *g, uint32_t from, uint32_t to,
		  enum softness softness)
{
	CHECK(from < g->node_count && to < g->node_count);
	*vec_push(a, &g->links) = (struct link){ .from = from, .to = to, .softness = softness };
}

/* Compressed rows: where each node's links start, and the links' indexes in a row. */
struct rows {
	uint32_t *starts, *links;
};

static struct rows rows_make(struct arena *a, const struct digraph *g)
{
	struct rows r = { arena_array(a, uint32_t, g->node_count + 1), NULL };
	uint32_t *fill = arena_array(a, uint32_t, g->node_count + 1);

	CHECK(g->links.count < UINT32_MAX && g->node_count < UINT32_MAX);
	for (size_t i = 0; i < g->links.count; i++) {
		if (!g->links.items[i].dropped)
			r.starts[g->links.items[i].from + 1]++;
	}
	for (size_t n = 0; n < g->node_count; n++)
		r.starts[n + 1] += r.starts[n];
	memcpy(fill, r.starts, (g->node_count + 1) * sizeof(*fill));
	r.links = arena_array(a, uint32_t, r.starts[g->node_count]);
	for (size_t i = 0; i < g->links.count; i++) {
		if (!g->links.items[i].dropped)
			r.links[fill[g->links.items[i].from]++] = (uint32_t)i;
	}
	return r;
}

/* Strongly connected components by Tarjan, without recursion: depth is the user's. */
struct search {
	const struct digraph *graph;
	struct rows rows;
	uint32_t *index, *low, *component, *stack, *path, *next;
	uint32_t stack_count, path_count, clock, components, done;
	uint32_t *order;
	bool cyclic;
};

static void enter(struct search *s, uint32_t node)
{
	s->index[node] = s->low[node] = s->clock++;
	s->next[node] = s->rows.starts[node];
	s->stack[s->stack_count++] = node;
	s->path[s->path_count++] = node;
}

static void leave(struct search *s, uint32_t node)
{
	uint32_t top, size = 0;

	s->path_count--;
	if (s->path_count && s->low[node] < s->low[s->path[s->path_count - 1]])
		s->low[s->path[s->path_count - 1]] = s->low[node];
	if (s->low[node] != s->index[node])
		return;
	do {
		top = s->stack[--s->stack_count];
		s->component[top] = s->components;
		s->order[s->done++] = top;
		size++;
	} while (top != node);
	s->components++;
	s->cyclic = s->cyclic || size > 1;
}

static void visit(struct search *s, uint32_t root)
{
	enter(s, root);
	while (s->path_count) {
		uint32_t node = s->path[s->path_count - 1], to;

		if (s->next[node] == s->rows.starts[node + 1]) {
			leave(s, node);
			continue;
		}
		to = s->graph->links.items[s->rows.links[s->next[node]++]].to;
		if (to == node)
			s->cyclic = true;
		if (s->index[to] == UNSEEN)
			enter(s, to);
		else if (s->component[to] == UNSEEN && s->index[to] < s->low[node])
			s->low[node] = s->index[to];
	}
}

static void search(struct arena *a, struct search *s, const struct digraph *g, uint32_t *order)
{
	size_t n = g->node_count;

	*s = (struct search){
		.graph = g, .rows = rows_make(a, g), .order = order,
		.index = arena_array(a, uint32_t, n), .low = arena_array(a, uint32_t, n),
		.component = arena_array(a, uint32_t, n), .stack = arena_array(a, uint32_t, n),
		.path = arena_array(a, uint32_t, n), .next = arena_array(a, uint32_t, n),
	};
	memset(s->index, 0xff, n * sizeof(uint32_t));
	memset(s->component, 0xff, n * sizeof(uint32_t));
	for (uint32_t node = 0; node < n; node++) {
		if (s->index[node] == UNSEEN)
			visit(s, node);
	}
}

static void drop(struct digraph *g, const struct search *s, enum softness at_least)
{
	for (size_t i = 0; i < g->links.count; i++) {
		struct link *link = &g->links.items[i];

		if (link->softness >= at_least &&
		    s->component[link->from] == s->component[link->to])
			link->dropped = true;
	}
}

static bool links_to_itself(const struct search *s, uint32_t node)
{
	for (uint32_t k = s->rows.starts[node]; k < s->rows.starts[node + 1]; k++) {
		if (s->graph->links.items[s->rows.links[k]].to == node)
			return true;
	}
	return false;
}

/* Breadth first from one node, inside its component, until a link leads back to it. */
struct ring {
	uint32_t *came, *depth, *queue;
	uint32_t nodes;			/* of the shortest so far; its last node: */
	uint32_t last, start;
	size_t budget;			/* links to look at; a large knot is told by some ring */
};

static void ring_from(struct ring *r, const struct search *s, uint32_t start)
{
	uint32_t head = 0, tail = 0;

	r->budget -= r->budget < s->graph->node_count ? r->budget : s->graph->node_count;
	memset(r->depth, 0, s->graph->node_count * sizeof(*r->depth));
	r->queue[tail++] = start;
	r->depth[start] = 1;
	while (head < tail && r->depth[r->queue[head]] < r->nodes) {
		uint32_t node = r->queue[head++];

		for (uint32_t k = s->rows.starts[node]; k < s->rows.starts[node + 1]; k++) {
			uint32_t to = s->graph->links.items[s->rows.links[k]].to;

			r->budget -= r->budget > 0;
			if (to == start) {
				r->nodes = r->depth[node];
				r->last = node;
				r->start = start;
				return;
			}
			if (s->component[to] != s->component[start] || r->depth[to])
				continue;
			r->depth[to] = r->depth[node] + 1;
			r->came[to] = node;
			r->queue[tail++] = to;
		}
	}
}

/* The shortest of all, the first of those by index. */
static void find_cycle(struct arena *a, const struct search *s, struct cycle *out)
{
	size_t n = s->graph->node_count;
	struct ring r = {
		.came = arena_array(a, uint32_t, n), .depth = arena_array(a, uint32_t, n),
		.queue = arena_array(a, uint32_t, n), .nodes = UINT32_MAX, .budget = RING_BUDGET,
	};
	uint32_t *size = arena_array(a, uint32_t, n);

	for (uint32_t node = 0; node < n; node++)
		size[s->component[node]]++;
	for (uint32_t node = 0; node < n && (r.nodes == UINT32_MAX || r.budget); node++) {
		uint32_t before = r.nodes;

		if (size[s->component[node]] == 1 && !links_to_itself(s, node))
			continue;
		ring_from(&r, s, node);
		if (r.nodes == before)
			continue;
		out->count = r.nodes;
		out->nodes = arena_array(a, uint32_t, r.nodes);
		for (uint32_t at = r.last, k = r.nodes; k-- > 0; at = r.came[at])
			out->nodes[k] = at;
	}
}

bool digraph_order(struct arena *a, struct digraph *g, uint32_t *order, struct cycle *cycle)
{
	for (int level = LINK_WEAK; level >= LINK_HARD; level--) {
		struct arena scratch;
		struct search s;

		arena_init(&scratch);
		search(&scratch, &s, g, order);
		if (s.cyclic && level > LINK_HARD)
			drop(g, &s, (enum softness)level);
		else if (s.cyclic)
			find_cycle(a, &s, cycle);
		arena_release(&scratch);
		if (!s.cyclic)
			return true;
	}
	return false;
}

void digraph_targets(struct arena *a, const struct digraph *g, uint32_t **starts,
		     uint32_t **targets)
{
	struct arena scratch;
	struct rows r;
	uint32_t *seen_from, count = 0;

	arena_init(&scratch);
	r = rows_make(&scratch, g);
	*starts = arena_array(a, uint32_t, g->node_count + 1);
	*targets = arena_array(a, uint32_t, r.starts[g->node_count]);
	seen_from = arena_array(&scratch, uint32_t, g->node_count);
	for (uint32_t node = 0; node < g->node_count; node++) {
		(*starts)[node] = count;
		for (uint32_t k = r.starts[node]; k < r.starts[node + 1]; k++) {
			uint32_t to = g->links.items[r.links[k]].to;

			if (seen_from[to] == node + 1)
				continue;
			seen_from[to] = node + 1;
			(*targets)[count++] = to;
		}
	}
	(*starts)[g->node_count] = count;
	arena_release(&scratch);
}
