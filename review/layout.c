#include "layout.h"

#include <stdlib.h>

#include "base/vec.h"

#define COLUMN (BOX_WIDTH + 72)
#define GAP 14				/* between boxes of a layer */
#define BEND 10				/* height of a line that passes a layer */
#define SWEEPS 8
#define RELAXATIONS 12
#define BENDS_MOST 6000			/* of all lines: past this they go straight */

/* A box, or the place where a long line passes a layer. */
struct spot {
	bool bend;
	uint32_t layer;
	uint32_t rank;			/* in its layer, from the top */
	int32_t y;			/* its middle */
	int64_t wish;			/* where its neighbours would have it, times their number */
	uint32_t wishes;
};

struct link {
	uint32_t from, to;		/* spots of neighbouring layers, or not */
};
struct link_vec VEC_OF(struct link);

/* The spots that a line passes, its box excluded. */
struct passage {
	uint32_t from, to, first, count;	/* bends first, first + 1, ... */
};

struct laying {
	struct arena *arena;
	size_t node_count;
	struct graph_edge *edges;	/* without those that follow from others */
	size_t edge_count;
	uint32_t *order;		/* users first */
	struct spot *spots;
	size_t spot_count;
	struct link_vec links;
	struct passage *passages;	/* one per edge */
	uint32_t layer_count;
	uint32_t **layers;		/* spots of each, from the top */
	uint32_t *layer_sizes;
	bool *lonely;			/* nodes without an edge */
};

/* ---- which edges ---- */

static int compare_edges(const void *x, const void *y)
{
	const struct graph_edge *a = x, *b = y;

	if (a->from != b->from)
		return a->from < b->from ? -1 : 1;
	return a->to == b->to ? 0 : a->to < b->to ? -1 : 1;
}

/* Sorted, once each, none to itself. */
static void take_edges(struct laying *l, const struct graph_edge *edges, size_t count)
{
	size_t kept = 0;

	l->edges = arena_array(l->arena, struct graph_edge, count);
	for (size_t i = 0; i < count; i++) {
		if (edges[i].from != edges[i].to)
			l->edges[kept++] = edges[i];
	}
	if (kept)
		qsort(l->edges, kept, sizeof(*l->edges), compare_edges);
	for (size_t i = 0; i < kept; i++) {
		if (!l->edge_count || compare_edges(&l->edges[l->edge_count - 1], &l->edges[i]))
			l->edges[l->edge_count++] = l->edges[i];
	}
}

/* Users first; what stands in a circle comes last, as it is. */
static void order_nodes(struct laying *l)
{
	uint32_t *users = arena_array(l->arena, uint32_t, l->node_count);
	size_t done = 0, known = 0;
	bool *taken = arena_array(l->arena, bool, l->node_count);

	l->order = arena_array(l->arena, uint32_t, l->node_count);
	for (size_t i = 0; i < l->edge_count; i++)
		users[l->edges[i].to]++;
	for (uint32_t i = 0; i < l->node_count; i++) {
		if (!users[i])
			l->order[known++] = i;
	}
	for (; done < known; done++) {
		taken[l->order[done]] = true;
		for (size_t i = 0; i < l->edge_count; i++) {
			if (l->edges[i].from == l->order[done] && !--users[l->edges[i].to])
				l->order[known++] = l->edges[i].to;
		}
	}
	for (uint32_t i = 0; i < l->node_count; i++) {
		if (!taken[i])
			l->order[known++] = i;
	}
}

static bool *reach_row(const struct laying *l, bool *reach, uint32_t node)
{
	return reach + (size_t)node * l->node_count;
}

/* Everything that a node needs, directly or not. */
static bool *find_reach(struct laying *l)
{
	bool *reach = arena_array(l->arena, bool, l->node_count * l->node_count);

	for (size_t k = l->node_count; k-- > 0;) {
		bool *row = reach_row(l, reach, l->order[k]);

		for (size_t i = 0; i < l->edge_count; i++) {
			const bool *below = reach_row(l, reach, l->edges[i].to);

			if (l->edges[i].from != l->order[k])
				continue;
			row[l->edges[i].to] = true;
			for (size_t n = 0; n < l->node_count; n++)
				row[n] |= below[n];
		}
	}
	return reach;
}

/* A need of something that is needed already says nothing new. */
static void drop_implied(struct laying *l)
{
	bool *reach = find_reach(l);
	size_t kept = 0, start = 0;
	struct graph_edge *out = arena_array(l->arena, struct graph_edge, l->edge_count);

	for (size_t i = 0; i < l->edge_count; i++) {
		bool implied = false;

		if (l->edges[start].from != l->edges[i].from)
			start = i;
		for (size_t k = start; k < l->edge_count &&
		     l->edges[k].from == l->edges[i].from; k++)
			implied |= k != i && reach_row(l, reach, l->edges[k].to)[l->edges[i].to] &&
				   !reach_row(l, reach, l->edges[i].to)[l->edges[k].to];
		if (!implied)
			out[kept++] = l->edges[i];
	}
	l->edges = out;
	l->edge_count = kept;
}

/* ---- layers ---- */

static void find_layers(struct laying *l)
{
	uint32_t *place = arena_array(l->arena, uint32_t, l->node_count);

	for (uint32_t k = 0; k < l->node_count; k++)
		place[l->order[k]] = k;
	/* As far left as users allow, ... */
	for (size_t k = 0; k < l->node_count; k++) {
		for (size_t i = 0; i < l->edge_count; i++) {
			const struct graph_edge *e = &l->edges[i];

			if (e->from == l->order[k] && place[e->to] > k &&
			    l->spots[e->to].layer <= l->spots[e->from].layer)
				l->spots[e->to].layer = l->spots[e->from].layer + 1;
		}
	}
	/* ... then each as near to what it needs as that allows. */
	for (size_t k = l->node_count; k-- > 0;) {
		struct spot *spot = &l->spots[l->order[k]];
		uint32_t nearest = UINT32_MAX;

		for (size_t i = 0; i < l->edge_count; i++) {
			const struct graph_edge *e = &l->edges[i];

			if (e->from == l->order[k] && place[e->to] > k &&
			    l->spots[e->to].layer < nearest)
				nearest = l->spots[e->to].layer;
		}
		if (nearest != UINT32_MAX && nearest > spot->layer + 1)
			spot->layer = nearest - 1;
	}
}

/* Edges of a circle go back, and straight. */
static size_t bends_of(const struct laying *l, const struct graph_edge *e)
{
	uint32_t from = l->spots[e->from].layer, to = l->spots[e->to].layer;

	return to > from + 1 ? to - from - 1 : 0;
}

static void add_link(struct laying *l, uint32_t from, uint32_t to)
{
	*vec_push(l->arena, &l->links) = (struct link){ from, to };
}

static void add_bends(struct laying *l)
{
	size_t total = 0;

	for (size_t i = 0; i < l->edge_count; i++)
		total += bends_of(l, &l->edges[i]);
	l->passages = arena_array(l->arena, struct passage, l->edge_count);
	l->spots = arena_grow(l->arena, l->spots, l->node_count * sizeof(*l->spots),
			      (l->node_count + (total <= BENDS_MOST ? total : 0)) *
			      sizeof(*l->spots), _Alignof(struct spot));
	l->spot_count = l->node_count;
	for (size_t i = 0; i < l->edge_count; i++) {
		const struct graph_edge *e = &l->edges[i];
		size_t count = total <= BENDS_MOST ? bends_of(l, e) : 0;
		uint32_t last = e->from;

		l->passages[i] = (struct passage){
			e->from, e->to, (uint32_t)l->spot_count, (uint32_t)count,
		};
		for (size_t k = 0; k < count; k++) {
			l->spots[l->spot_count] = (struct spot){
				.bend = true, .layer = l->spots[last].layer + 1,
			};
			add_link(l, last, (uint32_t)l->spot_count);
			last = (uint32_t)l->spot_count++;
		}
		add_link(l, last, e->to);
	}
}

static void fill_layers(struct laying *l)
{
	for (size_t i = 0; i < l->spot_count; i++) {
		if (l->spots[i].layer >= l->layer_count)
			l->layer_count = l->spots[i].layer + 1;
	}
	l->layers = arena_array(l->arena, uint32_t *, l->layer_count);
	l->layer_sizes = arena_array(l->arena, uint32_t, l->layer_count);
	for (size_t i = 0; i < l->spot_count; i++)
		l->layer_sizes[l->spots[i].layer] += i >= l->node_count || !l->lonely[i];
	for (uint32_t n = 0; n < l->layer_count; n++) {
		l->layers[n] = arena_array(l->arena, uint32_t, l->layer_sizes[n]);
		l->layer_sizes[n] = 0;
	}
	for (uint32_t i = 0; i < l->spot_count; i++) {
		struct spot *spot = &l->spots[i];

		if (i < l->node_count && l->lonely[i])
			continue;
		spot->rank = l->layer_sizes[spot->layer]++;
		l->layers[spot->layer][spot->rank] = i;
	}
}

/* ---- order within a layer ---- */

/* By where the neighbours on one side are; without any it stays where it is. */
struct wished {
	int64_t key;
	uint32_t rank, spot;
};

static int compare_wished(const void *x, const void *y)
{
	const struct wished *a = x, *b = y;

	if (a->key != b->key)
		return a->key < b->key ? -1 : 1;
	return a->rank < b->rank ? -1 : 1;
}

static void clear_wishes(struct laying *l)
{
	for (size_t i = 0; i < l->spot_count; i++)
		l->spots[i].wish = l->spots[i].wishes = 0;
}

static void sort_layer(struct laying *l, uint32_t n, struct wished *wished)
{
	uint32_t size = l->layer_sizes[n];

	for (uint32_t k = 0; k < size; k++) {
		const struct spot *spot = &l->spots[l->layers[n][k]];

		wished[k] = (struct wished){
			spot->wishes ? spot->wish * 1024 / spot->wishes :
				       (int64_t)spot->rank * 1024, k, l->layers[n][k],
		};
	}
	if (size)
		qsort(wished, size, sizeof(*wished), compare_wished);
	for (uint32_t k = 0; k < size; k++) {
		l->layers[n][k] = wished[k].spot;
		l->spots[wished[k].spot].rank = k;
	}
}

/* to_right: layers from the left, each by its users; else from the right, by what it needs. */
static void sweep(struct laying *l, bool to_right, struct wished *wished)
{
	for (uint32_t step = 1; step < l->layer_count; step++) {
		uint32_t n = to_right ? step : l->layer_count - 1 - step;

		clear_wishes(l);
		for (size_t i = 0; i < l->links.count; i++) {
			const struct link *link = &l->links.items[i];
			struct spot *spot = &l->spots[to_right ? link->to : link->from];

			if (spot->layer != n)
				continue;
			spot->wish += l->spots[to_right ? link->from : link->to].rank;
			spot->wishes++;
		}
		sort_layer(l, n, wished);
	}
}

static void order_layers(struct laying *l)
{
	struct wished *wished = arena_array(l->arena, struct wished, l->spot_count);

	for (int i = 0; i < SWEEPS; i++)
		sweep(l, i % 2 == 0, wished);
}

/* ---- heights ---- */

static int32_t height_of(const struct spot *spot)
{
	return spot->bend ? BEND : BOX_HEIGHT;
}

/* How far the middles of two that follow each other are apart at least. */
static int32_t distance(const struct laying *l, uint32_t upper, uint32_t lower)
{
	return (height_of(&l->spots[upper]) + height_of(&l->spots[lower])) / 2 + GAP;
}

/*
 * Each where its neighbours would have it, as far as the order and the gaps allow: pushed down
 * from the top and pushed up from the bottom, and the middle of both, which keeps the gaps too.
 */
static void relax_layer(struct laying *l, uint32_t n, int32_t *down)
{
	uint32_t *layer = l->layers[n], size = l->layer_sizes[n];
	int32_t up = 0;

	for (uint32_t k = 0; k < size; k++) {
		struct spot *spot = &l->spots[layer[k]];

		if (spot->wishes)
			spot->y = (int32_t)(spot->wish / spot->wishes);
		down[k] = spot->y;
		if (k && down[k] < down[k - 1] + distance(l, layer[k - 1], layer[k]))
			down[k] = down[k - 1] + distance(l, layer[k - 1], layer[k]);
	}
	for (uint32_t k = size; k-- > 0;) {
		struct spot *spot = &l->spots[layer[k]];
		int32_t least = k + 1 < size ? up - distance(l, layer[k], layer[k + 1]) : spot->y;

		up = spot->y < least ? spot->y : least;
		/* Rounded the same way for all, or a gap would lose its half. */
		spot->y = (down[k] + up) >= 0 ? (down[k] + up) / 2 : -((1 - down[k] - up) / 2);
	}
}

static void first_heights(struct laying *l)
{
	for (uint32_t n = 0; n < l->layer_count; n++) {
		int32_t y = 0;

		for (uint32_t k = 0; k < l->layer_sizes[n]; k++) {
			if (k)
				y += distance(l, l->layers[n][k - 1], l->layers[n][k]);
			l->spots[l->layers[n][k]].y = y;
		}
		for (uint32_t k = 0; k < l->layer_sizes[n]; k++)
			l->spots[l->layers[n][k]].y -= y / 2;
	}
}

static void find_heights(struct laying *l)
{
	int32_t *down = arena_array(l->arena, int32_t, l->spot_count);

	first_heights(l);
	for (int pass = 0; pass < RELAXATIONS; pass++) {
		for (uint32_t step = 0; step < l->layer_count; step++) {
			uint32_t n = pass % 2 ? l->layer_count - 1 - step : step;

			clear_wishes(l);
			for (size_t i = 0; i < l->links.count; i++) {
				struct spot *from = &l->spots[l->links.items[i].from];
				struct spot *to = &l->spots[l->links.items[i].to];

				from->wish += to->y;
				from->wishes++;
				to->wish += from->y;
				to->wishes++;
			}
			relax_layer(l, n, down);
		}
	}
}

/* ---- what comes out ---- */

static int32_t column_x(const struct spot *spot)
{
	return (int32_t)spot->layer * COLUMN;
}

static void make_routes(struct laying *l, struct layout *out)
{
	out->routes = arena_array(l->arena, struct route, l->edge_count);
	out->route_count = l->edge_count;
	for (size_t i = 0; i < l->edge_count; i++) {
		const struct passage *p = &l->passages[i];
		struct route *route = &out->routes[i];

		*route = (struct route){ .from = p->from, .to = p->to };
		route->points = arena_array(l->arena, struct point, 2 * (size_t)p->count + 2);
		route->points[route->point_count++] = (struct point){
			column_x(&l->spots[p->from]) + BOX_WIDTH, l->spots[p->from].y,
		};
		for (uint32_t k = p->first; k < p->first + p->count; k++) {
			struct point at = { column_x(&l->spots[k]), l->spots[k].y };

			route->points[route->point_count++] = at;
			at.x += BOX_WIDTH;
			route->points[route->point_count++] = at;
		}
		route->points[route->point_count++] = (struct point){
			column_x(&l->spots[p->to]), l->spots[p->to].y,
		};
	}
}

/* Moves all of it into sight: the highest box touches the top. */
static int32_t settle(struct laying *l)
{
	int32_t top = INT32_MAX, bottom = 0;

	for (size_t i = 0; i < l->spot_count; i++) {
		int32_t y = l->spots[i].y - height_of(&l->spots[i]) / 2;

		if ((i >= l->node_count || !l->lonely[i]) && y < top)
			top = y;
	}
	if (top == INT32_MAX)
		return 0;
	for (size_t i = 0; i < l->spot_count; i++) {
		struct spot *spot = &l->spots[i];

		spot->y -= top;
		if ((i >= l->node_count || !l->lonely[i]) &&
		    bottom < spot->y + height_of(spot) / 2)
			bottom = spot->y + height_of(spot) / 2;
	}
	return bottom;
}

/* What has no line stands below, in rows. */
static void place_lonely(struct laying *l, struct layout *out, int32_t below)
{
	uint32_t columns = l->layer_count > 3 ? l->layer_count : 3, count = 0;

	for (size_t i = 0; i < l->node_count; i++) {
		if (!l->lonely[i])
			continue;
		out->boxes[i] = (struct box){
			(int32_t)(count % columns) * COLUMN,
			below + (int32_t)(count / columns) * (BOX_HEIGHT + GAP),
		};
		count++;
	}
}

static void measure(struct laying *l, struct layout *out)
{
	for (size_t i = 0; i < l->node_count; i++) {
		if (out->width < out->boxes[i].x + BOX_WIDTH)
			out->width = out->boxes[i].x + BOX_WIDTH;
		if (out->height < out->boxes[i].y + BOX_HEIGHT)
			out->height = out->boxes[i].y + BOX_HEIGHT;
	}
	for (size_t i = l->node_count; i < l->spot_count; i++) {
		if (out->height < l->spots[i].y + BEND)
			out->height = l->spots[i].y + BEND;
	}
}

void layout_make(struct arena *a, size_t node_count, const struct graph_edge *edges,
		 size_t edge_count, struct layout *out)
{
	struct laying l = { .arena = a, .node_count = node_count };
	int32_t below;

	*out = (struct layout){ .boxes = arena_array(a, struct box, node_count) };
	l.spots = arena_array(a, struct spot, node_count);
	l.lonely = arena_array(a, bool, node_count);
	take_edges(&l, edges, edge_count);
	order_nodes(&l);
	drop_implied(&l);
	for (size_t i = 0; i < node_count; i++)
		l.lonely[i] = true;
	for (size_t i = 0; i < l.edge_count; i++)
		l.lonely[l.edges[i].from] = l.lonely[l.edges[i].to] = false;
	find_layers(&l);
	add_bends(&l);
	fill_layers(&l);
	order_layers(&l);
	find_heights(&l);
	below = settle(&l);
	for (size_t i = 0; i < node_count; i++)
		out->boxes[i] = (struct box){ column_x(&l.spots[i]),
					      l.spots[i].y - BOX_HEIGHT / 2 };
	place_lonely(&l, out, l.edge_count ? below + 2 * GAP : 0);
	make_routes(&l, out);
	measure(&l, out);
}
