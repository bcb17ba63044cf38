#include "render.h"

void review_print_nodes(struct buf *out, const struct plan *plan)
{
	for (size_t i = 0; i < plan->node_count; i++) {
		const struct node *node = &plan->nodes[i];
		const struct action *act = &plan->actions[node->action];

		buf_printf(out, "%zu %s %s ", i, node->kind == NODE_MAKE ? "make" : "remove",
			   action_kind_name(act->kind));
		render_shown(out, act->address);
		buf_printf(out, " generation %u weight %lld ms after",
			   node->kind == NODE_MAKE ? act->generation : node->row->generation,
			   (long long)node->weight_ms);
		if (!node->after_count)
			buf_add_c(out, " nothing");
		for (size_t k = 0; k < node->after_count; k++)
			buf_printf(out, " %u", node->after[k]);
		buf_add_char(out, '\n');
	}
}
