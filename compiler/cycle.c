#include "build.h"
#include "compiler.h"

/*
 * Resources that wait for each other.  Strongly connected parts of the graph
 * are found without recursion, since a chain may be as long as the spec; each is
 * reported once, by its shortest way round.
 */
#define RING_BUDGET 20000000

struct graph {
	struct compiler *c;
	VEC(struct part_edge) edges;
	uint32_t *first;		/* edges of i: first[i] up to first[i + 1] */
	const struct part *from;
};

static bool under(struct str path, struct str rule)
{
	return str_starts(path, rule) &&
	       (path.length == rule.length || path.data[rule.length] == '.' ||
		path.data[rule.length] == '[');
}

static bool known_before(const struct part *target, struct str attribute)
{
	const struct driver *driver = target->resource.schema->driver;
	const struct property *p = schema_property(target->resource.schema, attribute);

	if (p && !p->read_only)
		return true;
	for (size_t i = 0; driver && i < driver->known_count; i++) {
		if (str_equal(driver->known[i].attribute, attribute))
			return true;
	}
	return false;
}

bool reference_orders(const struct part *p, struct str path, const struct part *target,
		      struct str attribute)
{
	const struct driver *driver = p->resource.schema->driver;

	for (size_t i = 0; driver && i < driver->weak_count; i++) {
		if (under(path, driver->weak[i].property))
			return !known_before(target, attribute);
	}
	return true;
}

static void visit(void *context, struct str path, const struct expr *e)
{
	struct graph *g = context;
	struct part_edge *edge;

	if (e->kind != EXPR_ATTRIBUTE ||
	    !reference_orders(g->from, path, g->c->part_list[e->resource], e->attribute))
		return;
	edge = vec_push(&g->c->own, &g->edges);
	edge->to = e->resource;
	edge->span = e->span;
}

static void build(struct graph *g)
{
	struct compiler *c = g->c;

	g->first = arena_array(&c->own, uint32_t, c->part_count + 1);
	for (size_t i = 0; i < c->part_count; i++) {
		const struct resource *r = &c->part_list[i]->resource;

		g->first[i] = (uint32_t)g->edges.count;
		g->from = c->part_list[i];
		for (size_t k = 0; k < g->from->edge_count; k++)
			*vec_push(&c->own, &g->edges) = c->edges.items[g->from->first_edge + k];
		if (r->lifecycle)
			expr_visit(c->arena, &r->lifecycle->replace_when, visit, g);
		for (size_t k = 0; k < r->depends_count; k++) {
			struct part_edge *edge = vec_push(&c->own, &g->edges);

			edge->to = r->depends_on[k];
			edge->span = c->part_list[i]->depends_spans[k];
		}
	}
	g->first[c->part_count] = (uint32_t)g->edges.count;
}

/* Tarjan's search, its recursion kept in an array. */
struct search {
	uint32_t *order, *low, *next;	/* order 0: not seen */
	uint32_t *component;		/* 0: none yet */
	uint32_t *stack, *path;
	size_t stack_count, path_count;
	uint32_t counter, components;
};

static void open_node(struct search *s, const struct graph *g, uint32_t node)
{
	s->order[node] = s->low[node] = ++s->counter;
	s->next[node] = g->first[node];
	s->stack[s->stack_count++] = node;
	s->path[s->path_count++] = node;
}

static void close_node(struct search *s, uint32_t node)
{
	uint32_t member;

	s->path_count--;
	if (s->path_count) {
		uint32_t above = s->path[s->path_count - 1];

		if (s->low[node] < s->low[above])
			s->low[above] = s->low[node];
	}
	if (s->low[node] != s->order[node])
		return;
	s->components++;
	do {
		member = s->stack[--s->stack_count];
		s->component[member] = s->components;
	} while (member != node);
}

static void search_from(struct search *s, const struct graph *g, uint32_t start)
{
	open_node(s, g, start);
	while (s->path_count) {
		uint32_t node = s->path[s->path_count - 1], to;

		if (s->next[node] == g->first[node + 1]) {
			close_node(s, node);
			continue;
		}
		to = g->edges.items[s->next[node]++].to;
		if (!s->order[to])
			open_node(s, g, to);
		else if (!s->component[to] && s->order[to] < s->low[node])
			s->low[node] = s->order[to];
	}
}

static struct str text_of(const struct graph *g, uint32_t node)
{
	return address_text(g->c->arena, &g->c->part_list[node]->resource.address);
}

/* A way round: the edges in order, the first one from its first resource. */
struct ring {
	uint32_t *edges;
	size_t count;
};

static void report(const struct graph *g, uint32_t start, const struct ring *ring)
{
	struct compiler *c = g->c;
	struct buf path, places;

	buf_init(&path, c->arena);
	buf_init(&places, c->arena);
	buf_add(&path, text_of(g, start));
	for (size_t i = 0; i < ring->count; i++) {
		const struct part_edge *edge = &g->edges.items[ring->edges[i]];

		buf_add_c(&path, " -> ");
		buf_add(&path, text_of(g, edge->to));
		buf_printf(&places, "%s%.*s", places.length ? ", " : "",
			   STR_ARG(span_text(c->arena, c->spec->sources, edge->span)));
	}
	diag_error(c->d, g->edges.items[ring->edges[0]].span,
		   "E0429 these resources wait for each other: %.*s", STR_ARG(buf_str(&path)));
	diag_help(c->d, "the references stand at %.*s", STR_ARG(buf_str(&places)));
}

/* What a search for rings needs; stamp tells which start a node was last reached from. */
struct rings {
	const struct graph *graph;
	const struct search *search;
	uint32_t *via, *came, *depth, *stamp, *queue;
	size_t budget;			/* edges to look at; a large knot is told by some ring */
};

/* Breadth first inside the component, until an edge leads back; shorter than most. */
static bool ring_from(struct rings *r, uint32_t start, size_t most, struct ring *out)
{
	const struct graph *g = r->graph;
	uint32_t head = 0, tail = 0;

	r->queue[tail++] = start;
	r->stamp[start] = start + 1;
	r->depth[start] = 1;
	while (head < tail && r->depth[r->queue[head]] < most) {
		uint32_t node = r->queue[head++];

		for (uint32_t e = g->first[node]; e < g->first[node + 1]; e++) {
			uint32_t to = g->edges.items[e].to;

			r->budget -= r->budget > 0;
			if (to == start) {
				out->count = r->depth[node];
				out->edges = arena_array(&g->c->own, uint32_t, out->count);
				out->edges[out->count - 1] = e;
				for (size_t k = out->count - 1; k-- > 0; node = r->came[node])
					out->edges[k] = r->via[node];
				return true;
			}
			if (r->search->component[to] != r->search->component[start] ||
			    r->stamp[to] == start + 1)
				continue;
			r->stamp[to] = start + 1;
			r->depth[to] = r->depth[node] + 1;
			r->via[to] = e;
			r->came[to] = node;
			r->queue[tail++] = to;
		}
	}
	return false;
}

/* The shortest ring of a component; of several the one that begins first. */
static void find_cycle(struct rings *r, const uint32_t *members, uint32_t count)
{
	struct ring best = { 0 }, ring;
	uint32_t start = 0;

	for (uint32_t i = 0; i < count && (!best.count || r->budget); i++) {
		if (!ring_from(r, members[i], best.count ? best.count : SIZE_MAX, &ring))
			continue;
		best = ring;
		start = members[i];
	}
	if (best.count)
		report(r->graph, start, &best);
}

static struct search search_new(struct arena *a, size_t count)
{
	return (struct search){
		.order = arena_array(a, uint32_t, count), .low = arena_array(a, uint32_t, count),
		.next = arena_array(a, uint32_t, count),
		.component = arena_array(a, uint32_t, count),
		.stack = arena_array(a, uint32_t, count), .path = arena_array(a, uint32_t, count),
	};
}

void cycles_check(struct compiler *c)
{
	uint32_t count = (uint32_t)c->part_count;
	struct graph g = { .c = c };
	struct search s = search_new(&c->own, count);
	struct rings r = {
		.graph = &g, .search = &s, .via = arena_array(&c->own, uint32_t, count),
		.came = arena_array(&c->own, uint32_t, count),
		.depth = arena_array(&c->own, uint32_t, count),
		.stamp = arena_array(&c->own, uint32_t, count), .queue = s.stack,
		.budget = RING_BUDGET,
	};
	uint32_t *starts = arena_array(&c->own, uint32_t, count + 2);
	uint32_t *members = arena_array(&c->own, uint32_t, count);

	build(&g);
	for (uint32_t i = 0; i < count; i++) {
		if (!s.order[i])
			search_from(&s, &g, i);
	}
	/* Components are numbered from 1; their members are put together, in order. */
	for (uint32_t i = 0; i < count; i++)
		starts[s.component[i] + 1]++;
	for (uint32_t k = 1; k < s.components + 2; k++)
		starts[k] += starts[k - 1];
	for (uint32_t i = 0; i < count; i++)
		members[starts[s.component[i]]++] = i;
	for (uint32_t k = 1; k <= s.components; k++)
		find_cycle(&r, members + starts[k - 1], starts[k] - starts[k - 1]);
}
