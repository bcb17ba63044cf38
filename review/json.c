#include "render.h"

#include "base/json.h"

/* Documented in docs/plan-json.md; a change there raises PLAN_FORMAT_VERSION. */

static const char *const guard_names[] = {
	[GUARD_NONE] = "none", [GUARD_SOFT] = "soft", [GUARD_HARD] = "hard",
};

static void set_str(struct arena *a, struct value *map, const char *key, struct str s)
{
	if (s.length)
		value_set(a, map, str_from_c(key), value_string(s));
}

static void set_flag(struct arena *a, struct value *map, const char *key, bool flag)
{
	if (flag)
		value_set(a, map, str_from_c(key), value_bool(true));
}

static struct value change_value(struct arena *a, const struct change *change)
{
	struct value v = value_map();

	value_set(a, &v, STR("path"), value_string(change->path));
	if (!change->sensitive) {
		value_set(a, &v, STR("before"), change->before);
		value_set(a, &v, STR("after"), change->after);
	}
	set_flag(a, &v, "sensitive", change->sensitive);
	set_flag(a, &v, "drift", change->drift);
	set_flag(a, &v, "replaces", change->replaces);
	set_str(a, &v, "rule", change->rule);
	return v;
}

static struct value names_value(struct arena *a, const struct str_list *names)
{
	struct value v = { .kind = VALUE_LIST, .span = SPAN_NONE };

	for (size_t i = 0; i < names->count; i++)
		value_append(a, &v, value_string(names->items[i]));
	return v;
}

static struct value action_value(struct arena *a, const struct plan *plan, const struct action *act)
{
	struct value v = value_map(), changes = { .kind = VALUE_LIST, .span = SPAN_NONE };

	value_set(a, &v, STR("address"), value_string(act->address));
	value_set(a, &v, STR("label"), value_string(render_label(a, plan, act)));
	value_set(a, &v, STR("type"), value_string(render_type(plan, act)));
	value_set(a, &v, STR("action"), value_string(str_from_c(action_kind_name(act->kind))));
	set_str(a, &v, "place", render_place(a, plan, act));
	set_str(a, &v, "region", render_region(plan, act));
	set_str(a, &v, "reason", act->reason);
	set_str(a, &v, "cascade", act->cascade);
	set_str(a, &v, "name", act->name);
	set_str(a, &v, "conflict", act->conflict);
	value_set(a, &v, STR("generation"), value_int(act->generation));
	if (act->have)
		set_str(a, &v, "identifier", act->have->identifier);
	if (render_risk(plan, act) != GUARD_NONE)
		set_str(a, &v, "data_at_risk", str_from_c(guard_names[render_risk(plan, act)]));
	if (act->blocked != GUARD_NONE)
		set_str(a, &v, "blocked", str_from_c(guard_names[act->blocked]));
	set_flag(a, &v, "delete_first", act->delete_first);
	set_flag(a, &v, "repair", act->repair);
	if (act->rebind.count)
		value_set(a, &v, STR("set_again"), names_value(a, &act->rebind));
	for (size_t i = 0; i < act->changes.count; i++)
		value_append(a, &changes, change_value(a, &act->changes.items[i]));
	if (changes.list.count)
		value_set(a, &v, STR("changes"), changes);
	if (act->kind == ACTION_CREATE)
		value_set(a, &v, STR("properties"), plan_shown_properties(a, plan, act->want));
	return v;
}

static struct value counts_value(struct arena *a, const struct plan_counts *counts)
{
	struct value v = value_map();

	value_set(a, &v, STR("create"), value_int((int64_t)counts->create));
	value_set(a, &v, STR("update"), value_int((int64_t)counts->update));
	value_set(a, &v, STR("replace"), value_int((int64_t)counts->replace));
	value_set(a, &v, STR("delete"), value_int((int64_t)counts->delete));
	value_set(a, &v, STR("metadata"), value_int((int64_t)counts->metadata));
	value_set(a, &v, STR("collect"), value_int((int64_t)counts->collect));
	value_set(a, &v, STR("forget"), value_int((int64_t)counts->forget));
	value_set(a, &v, STR("unchanged"), value_int((int64_t)counts->unchanged));
	value_set(a, &v, STR("blocked"), value_int((int64_t)counts->blocked));
	value_set(a, &v, STR("conflicts"), value_int((int64_t)counts->conflicts));
	return v;
}

static void add_member(struct buf *out, const char *key, struct str text)
{
	buf_printf(out, "\"%s\":", key);
	json_print_string(out, text);
	buf_add_c(out, ",\n ");
}

static struct value existing_value(struct arena *a, const struct plan *plan, uint32_t i)
{
	const struct existing *x = &plan->model->existing[i];
	struct value v = value_map(), values = value_map();

	value_set(a, &v, STR("name"), value_string(x->name));
	set_str(a, &v, "type", x->schema ? x->schema->type : (struct str){ 0 });
	set_str(a, &v, "project", x->project);
	set_str(a, &v, "stage", x->stage);
	value_set(a, &v, STR("region"), value_string(x->scope.region));
	set_str(a, &v, "place", span_text(a, plan->model->sources, x->span));
	set_str(a, &v, "conflict", plan_existing_conflict(a, plan, i));
	if (x->schema)
		value_set(a, &v, STR("key"), plan_existing_key(a, plan, i));
	for (size_t k = 0; k < x->use_count; k++)
		value_set(a, &values, x->uses[k].name,
			  plan_existing_value(a, plan, i, x->uses[k].name));
	value_set(a, &v, STR("values"), values);
	return v;
}

static void add_existing(struct buf *out, const struct plan *plan)
{
	struct arena scratch;

	if (!plan->model->existing_count || plan->destroy)
		return;
	buf_add_c(out, ",\n \"existing\":[");
	for (uint32_t i = 0; i < plan->model->existing_count; i++) {
		struct value v;

		arena_init(&scratch);
		v = existing_value(&scratch, plan, i);
		buf_add_c(out, i ? ",\n  " : "\n  ");
		json_print(out, &v);
		arena_release(&scratch);
	}
	buf_add_c(out, "\n ]");
}

void render_json_head(struct buf *out, const struct plan *plan)
{
	struct arena scratch;
	struct value counts;

	arena_init(&scratch);
	counts = counts_value(&scratch, &plan->counts);
	add_member(out, "project", plan->model->project);
	add_member(out, "stage", plan->model->stage);
	add_member(out, "region", plan->model->scope.region);
	buf_printf(out, "\"compared_with_live\":%s,\n ", plan->offline ? "false" : "true");
	if (plan_is_of_new_stage(plan))
		buf_add_c(out, "\"new_stage\":true,\n ");
	buf_add_c(out, "\"counts\":");
	json_print(out, &counts);
	add_existing(out, plan);
	arena_release(&scratch);
}

void render_json_action(struct buf *out, const struct plan *plan, const struct action *act)
{
	struct arena scratch;
	struct value v;

	arena_init(&scratch);
	v = action_value(&scratch, plan, act);
	json_print(out, &v);
	arena_release(&scratch);
}

void review_print_json(struct buf *out, const struct review *review)
{
	const struct plan *plan = review->plan;

	buf_add_c(out, "{");
	add_member(out, "format_version", STR(PLAN_FORMAT_VERSION));
	add_member(out, "digest", review->digest);
	render_json_head(out, plan);
	buf_add_c(out, ",\n \"actions\":[");
	for (size_t i = 0; i < plan->action_count; i++) {
		buf_add_c(out, i ? ",\n  " : "\n  ");
		render_json_action(out, plan, &plan->actions[i]);
	}
	buf_add_c(out, plan->action_count ? "\n ],\n \"outputs\":" : "],\n \"outputs\":");
	json_print(out, &plan->outputs);
	buf_add_c(out, "}\n");
}
