#include "compare.h"

static struct value masked(struct walk *w, const struct value *v)
{
	struct value out = *v;
	size_t length;

	if ((v->marks & VALUE_SECRET) || path_is_sensitive(w->schema->driver, buf_str(&w->path)))
		return value_string(STR("(sensitive)"));
	if (v->kind == VALUE_MAP) {
		out = value_map();
		for (uint32_t i = 0; i < v->map.count; i++) {
			const struct member *member = v->map.entries[i].value;

			length = walk_member(w, v->map.entries[i].key);
			value_set(w->arena, &out, v->map.entries[i].key,
				  masked(w, &member->value));
			walk_leave(w, length);
		}
	} else if (v->kind == VALUE_LIST) {
		out = value_list(arena_array(w->arena, struct value, v->list.count), v->list.count);
		length = walk_item(w, (struct str){ 0 });
		for (size_t i = 0; i < v->list.count; i++)
			out.list.items[i] = masked(w, &v->list.items[i]);
		walk_leave(w, length);
	}
	return out;
}

struct value plan_shown_properties(struct arena *a, const struct plan *plan, uint32_t resource)
{
	struct walk w;

	walk_init(&w, a, a, plan->model->resources[resource].schema, NULL);
	return masked(&w, &plan->resolved[resource].properties);
}
