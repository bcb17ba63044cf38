#include "graph.h"

#include "render.h"

/* What an unchanged resource would say if it were an action. */
static struct action unchanged(const struct plan *plan, uint32_t i)
{
	const struct resolved *resolved = &plan->resolved[i];

	return (struct action){
		.kind = ACTION_NONE, .address = resolved->address, .want = i,
		.have = resolved->row, .name = resolved->name, .instance = resolved->instance,
		.generation = resolved->generation, .span = plan->model->resources[i].span,
	};
}

static struct action of_resource(const struct plan *plan, uint32_t i)
{
	uint32_t action = plan->resolved[i].action;

	return action == NO_RESOURCE ? unchanged(plan, i) : plan->actions[action];
}

static const struct address *address_of(const struct plan *plan, const struct action *act)
{
	return act->want == NO_RESOURCE ? &act->have->address :
	       &plan->model->resources[act->want].address;
}

static void add_node(struct arena *a, const struct plan *plan, struct graph *out,
		     const struct action *act)
{
	out->nodes[out->node_count++] = (struct graph_node){
		.act = *act, .label = render_label(a, plan, act),
	};
}

/* Both lists are sorted by address: resources of the model, and actions on what nobody wants. */
static void add_nodes(struct arena *a, const struct plan *plan, struct graph *out)
{
	size_t wanted = plan->destroy ? 0 : plan->model->resource_count;
	size_t i = 0, k = 0;

	out->nodes = arena_array(a, struct graph_node, wanted + plan->action_count);
	for (;;) {
		struct action act;

		while (k < plan->action_count && plan->actions[k].want != NO_RESOURCE)
			k++;
		if (i == wanted && k == plan->action_count)
			return;
		if (k == plan->action_count ||
		    (i < wanted && address_compare(&plan->model->resources[i].address,
						   address_of(plan, &plan->actions[k])) < 0)) {
			act = of_resource(plan, (uint32_t)i++);
		} else {
			act = plan->actions[k++];
		}
		add_node(a, plan, out, &act);
	}
}

static const struct str_list *needs_of(const struct plan *plan, const struct action *act)
{
	return act->want == NO_RESOURCE ? &act->have->edges : &plan->resolved[act->want].edges;
}

void graph_make(struct arena *a, const struct plan *plan, struct graph *out)
{
	struct map by_address = { 0 };
	size_t most = 0;

	*out = (struct graph){ 0 };
	add_nodes(a, plan, out);
	for (size_t i = 0; i < out->node_count; i++) {
		*map_put(a, &by_address, out->nodes[i].act.address) = &out->nodes[i];
		most += needs_of(plan, &out->nodes[i].act)->count;
	}
	out->edges = arena_array(a, struct graph_edge, most);
	for (size_t i = 0; i < out->node_count; i++) {
		const struct str_list *needs = needs_of(plan, &out->nodes[i].act);

		for (size_t k = 0; k < needs->count; k++) {
			const struct graph_node *to = map_get(&by_address, needs->items[k]);

			if (to)
				out->edges[out->edge_count++] = (struct graph_edge){
					(uint32_t)i, (uint32_t)(to - out->nodes),
				};
		}
	}
}
