#include "why.h"

#include "base/json.h"
#include "graph.h"
#include "make.h"
#include "render.h"

#define CAUSES_MOST 64			/* a chain of cascades is as long as the graph is deep */

struct finding {
	struct arena *arena;
	const struct plan *plan;
	const struct graph *graph;
	const struct graph_node *node;
	struct why *why;
};

static const char *action_word(const struct action *act)
{
	return act->kind == ACTION_NONE ? "none" : action_kind_name(act->kind);
}

static struct why_link link_to(const struct graph_node *node)
{
	return (struct why_link){
		node->act.address, node->label, str_from_c(action_word(&node->act)),
	};
}

/* ---- where it stands ---- */

static struct str place_of(struct arena *a, const struct plan *plan, const struct action *act)
{
	struct str place = { 0 };

	if (plan->model->sources)
		place = span_text(a, plan->model->sources, act->span);
	return place.length || !act->have ? place : act->have->source;
}

/* "[queue.jobs]" makes queue.jobs, queue.jobs/dlq and more; a raw block only itself. */
static void find_block(struct finding *f)
{
	struct why *why = f->why;
	const struct resource *r;

	if (why->act.want == NO_RESOURCE)
		return;
	r = &f->plan->model->resources[why->act.want];
	why->part = r->address.part;
	why->module = r->address.module;
	why->key = r->address.key;
	if (r->kind.length)
		why->block = STR_JOIN(f->arena, r->kind, STR("."), r->address.id);
	else if (!why->part.length)
		why->block = STR_JOIN(f->arena, str_replace(f->arena, why->type, STR("::"),
							    STR(".")),
				      STR("."), r->address.id);
}

/* ---- guard ---- */

static const char *guard_word(enum guard guard)
{
	return guard == GUARD_HARD ? "hard" : guard == GUARD_SOFT ? "soft" : "none";
}

static enum guard guard_of_type(const struct schema *schema)
{
	if (schema->driver)
		return schema->driver->guard;
	return schema->stateful ? GUARD_HARD : GUARD_NONE;
}

static const char *guard_cause(const struct resource *r)
{
	enum guard usual = guard_of_type(r->schema);

	if (r->guard == usual)
		return usual == GUARD_HARD ? "things of its type hold data" :
		       usual == GUARD_SOFT ? "it counts while it holds messages" :
		       "things of its type hold no data";
	if (r->guard != GUARD_NONE)
		return "its stage or block protects it";
	return r->address.part.length ? "it goes with the block that it is a part of" :
	       "its stage or block lifts it";
}

static void find_guard(struct finding *f)
{
	const struct action *act = &f->why->act;
	enum guard kept = act->have ? act->have->guard : GUARD_NONE;
	const struct resource *r;

	if (act->want == NO_RESOURCE) {
		f->why->guard = str_from_c(guard_word(kept));
		f->why->guard_reason = STR("as the state keeps it from the last apply");
		return;
	}
	r = &f->plan->model->resources[act->want];
	f->why->guard = str_from_c(guard_word(kept > r->guard ? kept : r->guard));
	f->why->guard_reason = kept > r->guard ?
		STR("the state keeps it until an apply that lifts it") :
		str_from_c(guard_cause(r));
}

/* ---- causes ---- */

static const struct action *action_at(const struct plan *plan, struct str address)
{
	for (size_t i = 0; i < plan->action_count; i++) {
		if (str_equal(plan->actions[i].address, address))
			return &plan->actions[i];
	}
	return NULL;
}

/* Where the value stands that forces a replacement, else the block. */
static struct str cause_place(struct arena *a, const struct plan *plan, const struct action *act)
{
	for (size_t i = 0; i < act->changes.count && plan->model->sources; i++) {
		struct str place = span_text(a, plan->model->sources, act->changes.items[i].span);

		if (act->changes.items[i].replaces && place.length)
			return place;
	}
	return place_of(a, plan, act);
}

static void find_causes(struct finding *f)
{
	const struct action *act = &f->why->act;
	struct why_causes *causes = &f->why->causes;

	while (act->cascade.length && causes->count < CAUSES_MOST) {
		act = action_at(f->plan, act->cascade);
		if (!act)
			break;
		*vec_push(f->arena, causes) = (struct why_cause){
			.address = act->address, .label = render_label(f->arena, f->plan, act),
			.reason = act->reason, .place = cause_place(f->arena, f->plan, act),
		};
	}
	/* The root first. */
	for (size_t i = 0; i < causes->count / 2; i++) {
		struct why_cause other = causes->items[i];

		causes->items[i] = causes->items[causes->count - 1 - i];
		causes->items[causes->count - 1 - i] = other;
	}
}

/* ---- who needs whom, who waits for whom ---- */

static void find_needs(struct finding *f)
{
	uint32_t self = (uint32_t)(f->node - f->graph->nodes);

	for (size_t i = 0; i < f->graph->edge_count; i++) {
		const struct graph_edge *edge = &f->graph->edges[i];

		if (edge->from == self)
			*vec_push(f->arena, &f->why->needs) = link_to(&f->graph->nodes[edge->to]);
		if (edge->to == self)
			*vec_push(f->arena, &f->why->needed_by) =
				link_to(&f->graph->nodes[edge->from]);
	}
}

/* Those that are marked, by address. */
static void take_marked(struct finding *f, const bool *marked, struct why_links *out)
{
	for (size_t i = 0; i < f->plan->action_count; i++) {
		const struct action *act = &f->plan->actions[i];

		/* Its own two nodes wait for each other, which is no news. */
		if (!marked[i] || str_equal(act->address, f->why->act.address))
			continue;
		*vec_push(f->arena, out) = (struct why_link){
			act->address, render_label(f->arena, f->plan, act),
			str_from_c(action_word(act)),
		};
	}
}

static void find_waits(struct finding *f)
{
	const struct plan *plan = f->plan;
	bool *before = arena_array(f->arena, bool, plan->action_count);
	bool *after = arena_array(f->arena, bool, plan->action_count);

	for (size_t i = 0; i < plan->node_count; i++) {
		const struct node *node = &plan->nodes[i];
		bool own = str_equal(plan->actions[node->action].address, f->why->act.address);

		for (size_t k = 0; k < node->after_count; k++) {
			uint32_t other = plan->nodes[node->after[k]].action;

			if (own)
				before[other] = true;
			else if (str_equal(plan->actions[other].address, f->why->act.address))
				after[node->action] = true;
		}
	}
	take_marked(f, before, &f->why->waits_for);
	take_marked(f, after, &f->why->awaited_by);
}

/* ---- what policies grant ---- */

static struct str text_of(struct finding *f, const struct value *v)
{
	if (!v)
		return (struct str){ 0 };
	if (v->kind == VALUE_STRING && !(v->marks & VALUE_SECRET))
		return v->string;
	return json_text(f->arena, v);
}

/* One text is the same as a list of one. */
static struct str_list list_of(struct finding *f, const struct value *statement, const char *key)
{
	const struct value *v = value_get_c(statement, key);
	size_t count = !v ? 0 : v->kind == VALUE_LIST ? v->list.count : 1;
	struct str_list out = { arena_array(f->arena, struct str, count), count };

	for (size_t i = 0; i < count; i++)
		out.items[i] = text_of(f, v->kind == VALUE_LIST ? &v->list.items[i] : v);
	return out;
}

static void add_statement(struct finding *f, struct str by, const struct value *statement)
{
	struct str_list actions = list_of(f, statement, "Action");
	bool own = str_equal(by, f->why->label);

	/* Who may take the role of its block is no grant of its own. */
	if (statement->kind != VALUE_MAP || (!own && value_get_c(statement, "Principal")))
		return;
	if (!actions.count) {
		actions = list_of(f, statement, "NotAction");
		for (size_t i = 0; i < actions.count; i++)
			actions.items[i] = STR_JOIN(f->arena, STR("not "), actions.items[i]);
	}
	*vec_push(f->arena, &f->why->grants) = (struct why_grant){
		.by = by, .effect = text_of(f, value_get_c(statement, "Effect")),
		.actions = actions, .resources = list_of(f, statement, "Resource"),
		.principal = text_of(f, value_get_c(statement, "Principal")),
	};
}

/* Every policy document below a value, whatever the property that holds it. */
static void add_policies(struct finding *f, struct str by, const struct value *v)
{
	const struct value *statement = value_get_c(v, "Statement");

	if (statement && statement->kind == VALUE_LIST) {
		for (size_t i = 0; i < statement->list.count; i++)
			add_statement(f, by, &statement->list.items[i]);
	} else if (statement) {
		add_statement(f, by, statement);
	} else if (v->kind == VALUE_LIST) {
		for (size_t i = 0; i < v->list.count; i++)
			add_policies(f, by, &v->list.items[i]);
	} else if (v->kind == VALUE_MAP) {
		for (uint32_t i = 0; i < v->map.count; i++)
			add_policies(f, by, &((struct member *)v->map.entries[i].value)->value);
	}
}

/* With references as they are written: "${orders.Arn}" says more than the ARN. */
static void add_grants(struct finding *f, const struct action *act)
{
	struct value written;

	if (act->want == NO_RESOURCE)
		return;
	written = model_value(f->arena, f->plan->model,
			      &f->plan->model->resources[act->want].properties);
	written = value_without_leaks(f->arena, &written);
	add_policies(f, render_label(f->arena, f->plan, act), &written);
}

/* Its own policies, and those of what its block made for it: its role. */
static void find_grants(struct finding *f)
{
	uint32_t self = (uint32_t)(f->node - f->graph->nodes);

	add_grants(f, &f->why->act);
	for (size_t i = 0; i < f->graph->edge_count; i++) {
		const struct action *needed = &f->graph->nodes[f->graph->edges[i].to].act;
		const struct address *mine, *its;

		if (f->graph->edges[i].from != self || needed->want == NO_RESOURCE ||
		    f->why->act.want == NO_RESOURCE)
			continue;
		mine = &f->plan->model->resources[f->why->act.want].address;
		its = &f->plan->model->resources[needed->want].address;
		if (str_equal(mine->module, its->module) && str_equal(mine->id, its->id) &&
		    str_equal(mine->key, its->key))
			add_grants(f, needed);
	}
}

/* ---- all of it ---- */

static const struct graph_node *find_node(struct arena *a, const struct graph *g, struct str text,
					  struct str *near)
{
	struct str *known = arena_array(a, struct str, g->node_count * 2);

	for (size_t i = 0; i < g->node_count; i++) {
		if (str_equal(g->nodes[i].act.address, text))
			return &g->nodes[i];
	}
	for (size_t i = 0; i < g->node_count; i++) {
		if (str_equal(g->nodes[i].label, text))
			return &g->nodes[i];
		known[i] = g->nodes[i].act.address;
		known[g->node_count + i] = g->nodes[i].label;
	}
	*near = str_nearest(text, known, g->node_count * 2);
	return NULL;
}

static const struct review_item *item_at(const struct review *review, struct str address)
{
	for (size_t i = 0; i < review->item_count; i++) {
		if (str_equal(review->items[i].address, address))
			return &review->items[i];
	}
	return NULL;
}

/* What had this address before; empty: nothing. */
static struct str renamed_to(const struct review *review, struct str address)
{
	for (size_t i = 0; i < review->item_count && address.length; i++) {
		if (str_equal(review->items[i].renamed_from, address))
			return review->items[i].address;
	}
	return (struct str){ 0 };
}

bool why_make(struct arena *a, struct schemas *all, const struct review *review, struct str text,
	      struct why *out, struct str *near)
{
	const struct plan *plan = review->plan;
	struct finding f = { .arena = a, .plan = plan, .why = out };
	struct graph *graph = arena_new(a, struct graph);

	graph_make(a, plan, graph);
	f.graph = graph;
	f.node = find_node(a, graph, text, near);
	if (!f.node && renamed_to(review, text).length)
		f.node = find_node(a, graph, renamed_to(review, text), near);
	if (!f.node)
		return false;
	*out = (struct why){
		.plan = plan, .act = f.node->act, .label = f.node->label,
		.type = render_type(plan, &f.node->act),
		.place = place_of(a, plan, &f.node->act),
		.item = item_at(review, f.node->act.address),
	};
	if (out->act.have)
		out->identifier = out->act.have->identifier;
	find_block(&f);
	find_guard(&f);
	find_causes(&f);
	find_needs(&f);
	find_waits(&f);
	find_grants(&f);
	calls_tell(a, all, plan, &out->act, &out->calls);
	return true;
}
