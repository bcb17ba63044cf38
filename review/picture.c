#include "picture.h"

#define RESOURCES_MOST 60
#define GROUPS_MOST 120
#define KINDS_MOST 32

/* By which text resources are put together; NULL: each by itself. */
struct grouping {
	struct str (*name)(const struct plan *plan, const struct graph_node *node);
};

struct group {
	struct str label;
	size_t count, by_kind[KINDS_MOST];
	enum harm harm;
	uint32_t index;
};

struct choosing {
	struct arena *arena;
	const struct review *review;
	const struct graph *graph;
	const struct review_item **items;	/* of each node; NULL: nothing changes */
	bool *shown;
	size_t shown_count, changed_count;
	struct picture *out;
};

/* ---- which resources ---- */

static void find_items(struct choosing *c)
{
	const struct graph *g = c->graph;
	struct map by_address = { 0 };

	for (size_t i = 0; i < c->review->item_count; i++)
		*map_put(c->arena, &by_address, c->review->items[i].address) =
			&c->review->items[i];
	c->items = arena_array(c->arena, const struct review_item *, g->node_count);
	for (size_t i = 0; i < g->node_count; i++) {
		c->items[i] = map_get(&by_address, g->nodes[i].act.address);
		c->changed_count += c->items[i] != NULL;
	}
}

/* neighbours: what stays as it is beside what changes, too. */
static void choose(struct choosing *c, bool neighbours)
{
	const struct graph *g = c->graph;

	c->shown_count = 0;
	for (size_t i = 0; i < g->node_count; i++)
		c->shown[i] = c->items[i] != NULL;
	for (size_t i = 0; neighbours && i < g->edge_count; i++) {
		const struct graph_edge *e = &g->edges[i];

		if (c->items[e->from] || c->items[e->to])
			c->shown[e->from] = c->shown[e->to] = true;
	}
	for (size_t i = 0; i < g->node_count; i++)
		c->shown_count += c->shown[i];
}

/* ---- what a box says ---- */

static struct str short_type(struct str type)
{
	return str_starts(type, STR("AWS::")) ? str_slice(type, 5, type.length) : type;
}

static struct str detail_of(struct arena *a, const struct group *g)
{
	struct buf b;
	bool any = false;

	buf_init(&b, a);
	buf_printf(&b, "%zu resources", g->count);
	for (size_t kind = 0; kind < KINDS_MOST; kind++) {
		if (!g->by_kind[kind] || kind == ACTION_NONE)
			continue;
		buf_printf(&b, "%s%zu %s", any ? ", " : ": ", g->by_kind[kind],
			   action_kind_name((enum action_kind)kind));
		any = true;
	}
	return buf_str(&b);
}

static struct picture_node single(struct choosing *c, uint32_t node)
{
	const struct graph_node *n = &c->graph->nodes[node];
	const struct review_item *item = c->items[node];
	struct str type = n->act.want == NO_RESOURCE ? n->act.have->type :
		c->review->plan->model->resources[n->act.want].schema->type;

	return (struct picture_node){
		.label = n->label,
		.detail = STR_JOIN(c->arena, short_type(type), STR(", "),
				   item ? str_from_c(action_kind_name(item->kind)) :
					  STR("unchanged")),
		.harm = item ? item->harm : HARMS,
		.item = item ? (uint32_t)(item - c->review->items) : NO_ITEM,
	};
}

/* ---- groups ---- */

/* Its label up to its part. */
static struct str block_of(const struct plan *plan, const struct graph_node *node)
{
	const struct address *address = node->act.want == NO_RESOURCE ?
		&node->act.have->address : &plan->model->resources[node->act.want].address;
	size_t part = address->part.length;

	/* What blocks share stands for itself. */
	if (!part || str_equal(node->label, node->act.address))
		return node->label;
	return str_slice(node->label, 0, node->label.length - part - 1);
}

static struct str type_of(const struct plan *plan, const struct graph_node *node)
{
	struct str type = node->act.want == NO_RESOURCE ? node->act.have->type :
		plan->model->resources[node->act.want].schema->type;

	return short_type(type);
}

static struct group *group_at(struct choosing *c, struct map *groups, struct str label)
{
	void **place = map_put(c->arena, groups, label);
	struct group *g = *place;

	if (!g) {
		g = arena_new(c->arena, struct group);
		*g = (struct group){ .label = label, .harm = HARMS, .index = groups->count - 1 };
		*place = g;
	}
	return g;
}

/* Which group each shown node is in. */
static void find_groups(struct choosing *c, const struct grouping *by, struct map *groups,
			uint32_t *group_of)
{
	for (uint32_t i = 0; i < c->graph->node_count; i++) {
		const struct graph_node *node = &c->graph->nodes[i];
		struct group *group;

		if (!c->shown[i])
			continue;
		group = group_at(c, groups, by ? by->name(c->review->plan, node) :
						 node->act.address);
		group_of[i] = group->index;
		group->count++;
		group->by_kind[(unsigned)node->act.kind % KINDS_MOST]++;
		if (c->items[i] && c->items[i]->harm < group->harm)
			group->harm = c->items[i]->harm;
	}
}

static void add_nodes(struct choosing *c, const struct map *groups, const uint32_t *group_of)
{
	struct picture *out = c->out;

	out->nodes = arena_array(c->arena, struct picture_node, groups->count);
	out->node_count = groups->count;
	for (uint32_t i = 0; i < c->graph->node_count; i++) {
		const struct group *group;

		if (!c->shown[i])
			continue;
		group = groups->entries[group_of[i]].value;
		out->nodes[group->index] = group->count == 1 ? single(c, i) :
			(struct picture_node){
				.label = group->label, .detail = detail_of(c->arena, group),
				.harm = group->harm, .item = NO_ITEM,
			};
	}
}

static void add_edges(struct choosing *c, const uint32_t *group_of)
{
	const struct graph *g = c->graph;
	struct picture *out = c->out;

	out->edges = arena_array(c->arena, struct graph_edge, g->edge_count);
	for (size_t i = 0; i < g->edge_count; i++) {
		const struct graph_edge *e = &g->edges[i];

		if (c->shown[e->from] && c->shown[e->to])
			out->edges[out->edge_count++] = (struct graph_edge){
				group_of[e->from], group_of[e->to],
			};
	}
}

/* False if there are too many. */
static bool draw_groups(struct choosing *c, const struct grouping *by)
{
	uint32_t *group_of = arena_array(c->arena, uint32_t, c->graph->node_count);
	struct map groups = { 0 };

	find_groups(c, by, &groups, group_of);
	if (groups.count > (by ? GROUPS_MOST : RESOURCES_MOST))
		return false;
	add_nodes(c, &groups, group_of);
	add_edges(c, group_of);
	return true;
}

/* ---- which drawing ---- */

static void note(struct choosing *c, const char *how)
{
	struct buf b;

	buf_init(&b, c->arena);
	if (c->shown_count == c->graph->node_count)
		buf_printf(&b, "All %zu resources", c->graph->node_count);
	else
		buf_printf(&b, "%zu of %zu resources: what changes%s", c->shown_count,
			   c->graph->node_count, c->shown_count > c->changed_count ?
			   ", and what stands next to it" : "");
	buf_add_c(&b, how);
	c->out->note = buf_str(&b);
}

void picture_make(struct arena *a, const struct review *review, struct picture *out)
{
	static const struct grouping blocks = { block_of }, types = { type_of };
	static const struct {
		const struct grouping *by;
		bool neighbours;
		const char *how;
	} ways[] = {
		{ NULL, true, "." },
		{ NULL, false, "." },
		{ &blocks, true, ". Those of a block are one box." },
		{ &blocks, false, ". Those of a block are one box." },
		{ &types, false, ". Those of a type are one box: there are too many blocks." },
	};
	struct graph graph;
	struct choosing c = { .arena = a, .review = review, .graph = &graph, .out = out };

	*out = (struct picture){ 0 };
	graph_make(a, review->plan, &graph);
	c.shown = arena_array(a, bool, graph.node_count);
	find_items(&c);
	for (size_t i = 0; i < sizeof(ways) / sizeof(*ways); i++) {
		choose(&c, ways[i].neighbours);
		if (!draw_groups(&c, ways[i].by))
			continue;
		note(&c, ways[i].how);
		return;
	}
	out->note = str_format(a, "%zu resources of too many blocks and types to draw here: "
			       "'effc graph' draws all of them.", graph.node_count);
}
