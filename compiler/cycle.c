#include "build.h"
#include "compiler.h"

/*
 * Resources that wait for each other.  Strongly connected parts of the graph
 * are found without recursion, since a chain may be as long as the spec; each is
 * reported once, by its shortest way round from its first resource.
 */
struct edge {
	uint32_t to;
	struct span span;		/* of the reference */
};

struct graph {
	struct compiler *c;
	VEC(struct edge) edges;
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
	struct edge *edge;

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
		if (!r->known)
			expr_visit(c->arena, &r->properties, visit, g);
		if (r->lifecycle)
			expr_visit(c->arena, &r->lifecycle->replace_when, visit, g);
		for (size_t k = 0; k < r->depends_count; k++) {
			struct edge *edge = vec_push(&c->own, &g->edges);

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

/* via[i]: the edge that reached i; the way back from `start` to itself. */
static void report(const struct graph *g, uint32_t start, const uint32_t *via,
		   const uint32_t *came, uint32_t last_edge, uint32_t last)
{
	struct compiler *c = g->c;
	VEC(uint32_t) way = { 0 };
	struct buf path, places;
	uint32_t node = last;

	*vec_push(c->arena, &way) = last_edge;
	while (node != start) {
		*vec_push(c->arena, &way) = via[node];
		node = came[node];
	}
	buf_init(&path, c->arena);
	buf_init(&places, c->arena);
	buf_add(&path, text_of(g, start));
	for (size_t i = way.count; i-- > 0;) {
		const struct edge *edge = &g->edges.items[way.items[i]];

		buf_add_c(&path, " -> ");
		buf_add(&path, text_of(g, edge->to));
		buf_printf(&places, "%s%.*s", places.length ? ", " : "",
			   STR_ARG(span_text(c->arena, c->spec->sources, edge->span)));
	}
	diag_error(c->d, g->edges.items[way.items[way.count - 1]].span,
		   "E0429 these resources wait for each other: %.*s", STR_ARG(buf_str(&path)));
	diag_help(c->d, "the references stand at %.*s", STR_ARG(buf_str(&places)));
}

/* Breadth first inside the component, until an edge leads back to the start. */
static void find_cycle(const struct graph *g, const struct search *s, uint32_t start,
		       uint32_t *via, uint32_t *came, uint32_t *queue)
{
	size_t head = 0, tail = 0;

	queue[tail++] = start;
	while (head < tail) {
		uint32_t node = queue[head++];

		for (uint32_t e = g->first[node]; e < g->first[node + 1]; e++) {
			uint32_t to = g->edges.items[e].to;

			if (to == start) {
				report(g, start, via, came, e, node);
				return;
			}
			if (s->component[to] != s->component[start] || via[to] != UINT32_MAX)
				continue;
			via[to] = e;
			came[to] = node;
			queue[tail++] = to;
		}
	}
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
	struct graph g = { .c = c };
	struct search s = search_new(&c->own, c->part_count);
	uint32_t *via = arena_array(&c->own, uint32_t, c->part_count);
	uint32_t *came = arena_array(&c->own, uint32_t, c->part_count);
	bool *reported = arena_array(&c->own, bool, c->part_count + 1);

	build(&g);
	for (uint32_t i = 0; i < c->part_count; i++) {
		via[i] = UINT32_MAX;
		if (!s.order[i])
			search_from(&s, &g, i);
	}
	for (uint32_t i = 0; i < c->part_count; i++) {
		if (reported[s.component[i]])
			continue;
		reported[s.component[i]] = true;
		find_cycle(&g, &s, i, via, came, s.stack);
	}
}
