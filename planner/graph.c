#include "work.h"

#define LATENCY_UNKNOWN_MS 2000
#define NO_NODE UINT32_MAX

struct building {
	struct work *work;
	struct plan *plan;
	struct digraph graph;
	uint32_t *make;			/* action -> its make node, or NO_NODE */
	uint32_t *remove;		/* action -> the first of its remove nodes, or NO_NODE */
	uint32_t *remove_count;
	struct map by_address;		/* address -> its action, as a pointer into plan->actions */
};

/* ---- nodes ---- */

static bool has_make(enum action_kind kind)
{
	return kind == ACTION_CREATE || kind == ACTION_UPDATE || kind == ACTION_REPLACE ||
	       kind == ACTION_METADATA || kind == ACTION_RENAME || kind == ACTION_ADOPT;
}

const struct row *first_removed(const struct action *act)
{
	if (act->kind == ACTION_DELETE || act->kind == ACTION_FORGET)
		return act->have;
	if (!act->have)
		return NULL;
	if (act->kind == ACTION_REPLACE && act->generation != act->have->generation)
		return act->have;
	return act->have->previous;
}

static void nodes_make(struct building *b)
{
	struct plan *plan = b->plan;
	VEC(struct node) nodes = { 0 };

	for (uint32_t i = 0; i < plan->action_count; i++) {
		struct action *act = &plan->actions[i];

		*map_put(&b->work->scratch, &b->by_address, act->address) = act;
		/* Rows of the state know it by that. */
		if (act->renamed_from.length)
			*map_put(&b->work->scratch, &b->by_address, act->renamed_from) = act;
		b->make[i] = b->remove[i] = NO_NODE;
		if (has_make(act->kind)) {
			b->make[i] = (uint32_t)nodes.count;
			*vec_push(b->work->arena, &nodes) =
				(struct node){ .kind = NODE_MAKE, .action = i, .row = act->have };
		}
		for (const struct row *row = first_removed(act); row; row = row->previous) {
			if (!b->remove_count[i]++)
				b->remove[i] = (uint32_t)nodes.count;
			*vec_push(b->work->arena, &nodes) =
				(struct node){ .kind = NODE_REMOVE, .action = i, .row = row };
		}
	}
	plan->nodes = nodes.items;
	plan->node_count = nodes.count;
	b->graph.node_count = nodes.count;
}

static void link_nodes(struct building *b, uint32_t from, uint32_t to, enum softness softness)
{
	if (from != NO_NODE && to != NO_NODE)
		digraph_link(&b->work->scratch, &b->graph, from, to, softness);
}

/* ---- links ---- */

static uint32_t action_index(const struct building *b, struct str address)
{
	const struct action *act = map_get(&b->by_address, address);

	return act ? (uint32_t)(act - b->plan->actions) : NO_NODE;
}

static void link_references(struct building *b)
{
	const struct digraph *links = &b->work->links;
	bool *loose = arena_array(&b->work->scratch, bool, links->links.count);

	if (b->graph.node_count)
		work_loosen(b->work, loose);
	for (size_t i = 0; i < links->links.count; i++) {
		const struct link *link = &links->links.items[i];
		uint32_t from = b->plan->resolved[link->from].action;
		uint32_t to = b->plan->resolved[link->to].action;

		/* Only what is new: what is in use already must not be ahead of what it uses. */
		if (loose[i] && from != NO_RESOURCE &&
		    b->plan->actions[from].kind == ACTION_CREATE)
			continue;
		if (!link->dropped && from != NO_RESOURCE && to != NO_RESOURCE)
			link_nodes(b, b->make[from], b->make[to], link->softness);
	}
}

/* Everything at that address which is removed waits for `first`. */
static void link_removals_after(struct building *b, uint32_t address_action, uint32_t first,
				enum softness softness)
{
	for (uint32_t k = 0; k < b->remove_count[address_action]; k++)
		link_nodes(b, b->remove[address_action] + k, first, softness);
}

/* It cannot be moved to what is made only after the old one went. */
static bool waits_for_new(const struct building *b, uint32_t user, uint32_t used)
{
	const struct node *node = &b->plan->nodes[user];
	const struct action *act = &b->plan->actions[used];

	return node->kind == NODE_MAKE && act->delete_first &&
	       str_list_has(&b->plan->resolved[b->plan->actions[node->action].want].edges,
			    act->address);
}

/* Users leave before what they used goes: moved, or removed themselves. */
static void link_users(struct building *b, const struct str_list *edges, uint32_t user,
		       enum softness softness)
{
	for (size_t k = 0; k < edges->count; k++) {
		uint32_t used = action_index(b, edges->items[k]);

		if (used == NO_NODE || b->plan->actions[used].kind == ACTION_FORGET)
			continue;
		if (waits_for_new(b, user, used))
			continue;
		link_removals_after(b, used, user, softness);
	}
}

static void link_generations(struct building *b, uint32_t i)
{
	const struct action *act = &b->plan->actions[i];

	for (uint32_t k = 0; k < b->remove_count[i]; k++) {
		uint32_t node = b->remove[i] + k;

		link_users(b, &b->plan->nodes[node].row->edges, node, LINK_FIRM);
		/* Oldest first: the row that knows the others is the last to go. */
		if (k + 1 < b->remove_count[i])
			link_nodes(b, node, node + 1, LINK_HARD);
		if (act->delete_first)
			link_nodes(b, b->make[i], node, LINK_HARD);
		else
			link_nodes(b, node, b->make[i], LINK_HARD);
	}
	if (b->make[i] == NO_NODE)
		return;
	if (act->have)
		link_users(b, &act->have->edges, b->make[i], LINK_SOFT);
	link_users(b, &b->plan->resolved[act->want].edges, b->make[i], LINK_SOFT);
}

/* ---- what may exist once, under another address ---- */

struct str unique_key(struct arena *a, const struct driver *driver,
		      const struct scope *scope, const struct value *properties)
{
	struct buf b;

	if (!driver || !driver->unique.count)
		return (struct str){ 0 };
	buf_init(&b, a);
	buf_printf(&b, "%.*s\n%.*s", STR_ARG(driver->type), STR_ARG(scope->region));
	for (size_t i = 0; i < driver->unique.count; i++) {
		const struct value *v = value_path(properties, driver->unique.items[i]);

		if (v && v->kind != VALUE_STRING)
			return (struct str){ 0 };
		buf_printf(&b, "\n%.*s", STR_ARG(v ? v->string : (struct str){ 0 }));
	}
	return buf_str(&b);
}

struct str name_key(struct arena *a, struct str type, const struct scope *scope,
		    struct str name)
{
	if (!name.length)
		return name;
	return str_format(a, "%.*s\n%.*s\nname\n%.*s", STR_ARG(type), STR_ARG(scope->region),
			  STR_ARG(name));
}

/* The steps after which what an action had is free. */
static void link_after_leaving(struct building *b, uint32_t node, uint32_t at)
{
	if (b->plan->actions[at].kind == ACTION_UPDATE)
		link_nodes(b, node, b->make[at], LINK_HARD);
	for (uint32_t k = 0; k < b->remove_count[at]; k++)
		link_nodes(b, node, b->remove[at] + k, LINK_HARD);
}

static void link_successor(struct building *b, const struct map *going, struct str key, uint32_t i)
{
	const struct action *old = key.length ? map_get(going, key) : NULL;
	uint32_t at = old ? (uint32_t)(old - b->plan->actions) : i;
	struct action *act = &b->plan->actions[i];

	if (at == i)
		return;
	/* What was seen under its name is the old one, which is gone by then. */
	act->repair = false;
	b->plan->counts.conflicts -= act->conflict.length > 0;
	act->conflict = (struct str){ 0 };
	act->reason = str_format(b->work->arena, "%.*s%sit takes the place of '%.*s'",
				 STR_ARG(act->kind == ACTION_CREATE ? STR("") : act->reason),
				 act->kind == ACTION_CREATE ? "" : "; ", STR_ARG(old->address));
	link_after_leaving(b, b->make[i], at);
}

static void put_going(struct building *b, struct map *going, struct str key, struct action *act)
{
	if (key.length)
		*map_put(&b->work->scratch, going, key) = act;
}

/* What an action leaves: all of the generations that it removes, a key that changes in place. */
static void add_going(struct building *b, struct map *going, const struct map *drivers,
		      struct action *act)
{
	struct arena *scratch = &b->work->scratch;
	const struct row *row = act->kind == ACTION_UPDATE ? act->have : NULL;
	const struct schema *schema = row ? map_get(drivers, row->type) : NULL;

	if (schema && schema->driver && schema->driver->unique.count) {
		const struct value *wanted = &b->plan->resolved[act->want].properties;
		struct str key;

		row_open(row);
		key = unique_key(scratch, schema->driver, &row->scope, &row->properties);
		if (!str_equal(key, unique_key(scratch, schema->driver, &row->scope, wanted)))
			put_going(b, going, key, act);
	}
	for (row = first_removed(act); row; row = row->previous) {
		schema = map_get(drivers, row->type);
		if (!schema)
			continue;
		row_open(row);
		put_going(b, going, unique_key(scratch, schema->driver, &row->scope,
					       &row->properties), act);
		put_going(b, going, name_key(scratch, schema->type, &row->scope, row->name), act);
	}
}

/* Another block gets what one had: its route or fixed name is free only when the old one went. */
static void link_successors(struct building *b)
{
	struct arena *scratch = &b->work->scratch;
	const struct model *model = b->work->model;
	struct map going = { 0 }, drivers = { 0 };

	/* The drivers of what goes: a type that no wanted resource has cannot collide. */
	for (uint32_t i = 0; i < model->resource_count; i++) {
		const struct schema *schema = model->resources[i].schema;

		*map_put(scratch, &drivers, schema->type) =
			(void *)(uintptr_t)(const void *)schema;
	}
	for (uint32_t i = 0; i < b->plan->action_count; i++) {
		struct action *act = &b->plan->actions[i];

		if (act->have && act->kind != ACTION_FORGET)
			add_going(b, &going, &drivers, act);
	}
	for (uint32_t i = 0; going.count && i < b->plan->action_count; i++) {
		const struct action *act = &b->plan->actions[i];
		const struct schema *schema;
		const struct scope *scope;

		if (act->kind != ACTION_CREATE && act->kind != ACTION_REPLACE)
			continue;
		schema = model->resources[act->want].schema;
		scope = &model->resources[act->want].scope;
		link_successor(b, &going,
			       unique_key(scratch, schema->driver, scope,
					  &b->plan->resolved[act->want].properties), i);
		link_successor(b, &going, name_key(scratch, schema->type, scope, act->name), i);
	}
}

/* ---- order ---- */

static int64_t node_latency(const struct building *b, const struct node *node)
{
	const struct action *act = &b->plan->actions[node->action];
	const struct driver *driver = act->want == NO_RESOURCE ? NULL :
		b->work->model->resources[act->want].schema->driver;

	if (action_is_of_state(act))
		return 0;
	return driver && driver->latency_ms > 0 ? driver->latency_ms : LATENCY_UNKNOWN_MS;
}

static void order_nodes(struct building *b, const uint32_t *order)
{
	struct plan *plan = b->plan;
	uint32_t *starts, *targets;

	digraph_targets(b->work->arena, &b->graph, &starts, &targets);
	for (size_t n = 0; n < plan->node_count; n++) {
		plan->nodes[n].after = targets + starts[n];
		plan->nodes[n].after_count = starts[n + 1] - starts[n];
		plan->nodes[n].weight_ms = node_latency(b, &plan->nodes[n]);
	}
	/* From the last to the first: what waits has its whole path by then. */
	for (size_t k = plan->node_count; k-- > 0;) {
		const struct node *node = &plan->nodes[order[k]];

		for (size_t t = 0; t < node->after_count; t++) {
			struct node *before = &plan->nodes[node->after[t]];
			int64_t through = node_latency(b, before) + node->weight_ms;

			if (before->weight_ms < through)
				before->weight_ms = through;
		}
	}
}

static void report_cycle(struct building *b, const struct cycle *cycle)
{
	const struct action *first = &b->plan->actions[b->plan->nodes[cycle->nodes[0]].action];
	struct buf path;

	buf_init(&path, &b->work->scratch);
	for (size_t i = 0; i <= cycle->count; i++) {
		const struct node *node = &b->plan->nodes[cycle->nodes[i % cycle->count]];

		buf_printf(&path, "%s%s '%.*s'", i ? " -> " : "",
			   node->kind == NODE_MAKE ? "make" : "remove",
			   STR_ARG(b->plan->actions[node->action].address));
	}
	diag_error(b->work->diags, first->span, "these steps wait for each other: %.*s",
		   STR_ARG(buf_str(&path)));
	diag_help(b->work->diags, "apply the changes in two parts");
}

bool work_graph(struct work *w)
{
	struct building b = { .work = w, .plan = w->plan };
	struct cycle cycle = { 0 };
	uint32_t *order;

	b.make = arena_array(&w->scratch, uint32_t, w->plan->action_count);
	b.remove = arena_array(&w->scratch, uint32_t, w->plan->action_count);
	b.remove_count = arena_array(&w->scratch, uint32_t, w->plan->action_count);
	nodes_make(&b);
	link_references(&b);
	for (uint32_t i = 0; i < w->plan->action_count; i++)
		link_generations(&b, i);
	link_successors(&b);
	order = arena_array(&w->scratch, uint32_t, w->plan->node_count);
	if (!digraph_order(&w->scratch, &b.graph, order, &cycle)) {
		report_cycle(&b, &cycle);
		return false;
	}
	order_nodes(&b, order);
	return true;
}
