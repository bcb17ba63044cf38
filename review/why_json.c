#include "why.h"

#include "base/json.h"
#include "make.h"

/* Documented in docs/why-json.md; a change there raises WHY_FORMAT_VERSION. */

static void set_text(struct arena *a, struct value *map, const char *key, struct str text)
{
	if (text.length)
		value_set(a, map, str_from_c(key), value_string(text));
}

static struct value links_value(struct arena *a, const struct why_links *links)
{
	struct value list = value_list(NULL, 0);

	for (size_t i = 0; i < links->count; i++) {
		struct value v = value_map();

		set_text(a, &v, "address", links->items[i].address);
		set_text(a, &v, "label", links->items[i].label);
		set_text(a, &v, "action", links->items[i].action);
		value_append(a, &list, v);
	}
	return list;
}

static struct value causes_value(struct arena *a, const struct why_causes *causes)
{
	struct value list = value_list(NULL, 0);

	for (size_t i = 0; i < causes->count; i++) {
		struct value v = value_map();

		set_text(a, &v, "address", causes->items[i].address);
		set_text(a, &v, "label", causes->items[i].label);
		set_text(a, &v, "reason", causes->items[i].reason);
		set_text(a, &v, "place", causes->items[i].place);
		value_append(a, &list, v);
	}
	return list;
}

static struct value calls_value(struct arena *a, const struct told_call_vec *calls)
{
	static const char *const whys[] = {
		[CALL_DOES] = "changes", [CALL_LOOKS] = "looks", [CALL_WAITS] = "waits",
	};
	struct value list = value_list(NULL, 0);

	for (size_t i = 0; i < calls->count; i++) {
		const struct told_call *call = &calls->items[i];
		struct value v = value_map();

		set_text(a, &v, "service", call->service);
		set_text(a, &v, "operation", call->operation);
		set_text(a, &v, "what", str_from_c(whys[call->why]));
		set_text(a, &v, "property", call->property);
		if (call->times)
			value_set(a, &v, STR("times"), value_int((int64_t)call->times));
		if (call->removes)
			value_set(a, &v, STR("removes"), value_bool(true));
		if (call->maybe)
			value_set(a, &v, STR("maybe"), value_bool(true));
		value_append(a, &list, v);
	}
	return list;
}

static struct value list_value(struct arena *a, const struct str_list *list)
{
	struct value v = value_list(NULL, 0);

	for (size_t i = 0; i < list->count; i++)
		value_append(a, &v, value_string(list->items[i]));
	return v;
}

static struct value grants_value(struct arena *a, const struct why_grants *grants)
{
	struct value list = value_list(NULL, 0);

	for (size_t i = 0; i < grants->count; i++) {
		struct value v = value_map();

		set_text(a, &v, "by", grants->items[i].by);
		set_text(a, &v, "effect", grants->items[i].effect);
		value_set(a, &v, STR("actions"), list_value(a, &grants->items[i].actions));
		value_set(a, &v, STR("resources"), list_value(a, &grants->items[i].resources));
		set_text(a, &v, "principal", grants->items[i].principal);
		value_append(a, &list, v);
	}
	return list;
}

static struct value guard_value(struct arena *a, const struct why *why)
{
	struct value v = value_map();

	set_text(a, &v, "kind", why->guard);
	set_text(a, &v, "reason", why->guard_reason);
	if (why->act.blocked != GUARD_NONE)
		value_set(a, &v, STR("blocks"), value_bool(true));
	return v;
}

static void add_member(struct buf *out, const char *key, const struct value *v)
{
	buf_printf(out, ",\n \"%s\":", key);
	json_print(out, v);
}

static void add_action(struct buf *out, const struct why *why)
{
	const struct action *act = &why->act;

	if (!why->item) {
		struct arena scratch;
		struct value v = value_map();

		arena_init(&scratch);
		set_text(&scratch, &v, "address", act->address);
		set_text(&scratch, &v, "label", why->label);
		set_text(&scratch, &v, "type", why->type);
		set_text(&scratch, &v, "action", STR("none"));
		set_text(&scratch, &v, "name", act->name);
		set_text(&scratch, &v, "identifier", why->identifier);
		json_print(out, &v);
		arena_release(&scratch);
		return;
	}
	render_json_item(out, why->item, true);
}

void why_print_json(struct buf *out, const struct why *why)
{
	struct arena a;
	struct value v, origin = value_map();

	arena_init(&a);
	buf_printf(out, "{\"format_version\":\"%s\",\n \"resource\":", WHY_FORMAT_VERSION);
	add_action(out, why);
	set_text(&a, &origin, "place", why->place);
	set_text(&a, &origin, "block", why->block);
	set_text(&a, &origin, "part", why->part);
	set_text(&a, &origin, "module", why->module);
	set_text(&a, &origin, "key", why->key);
	add_member(out, "origin", &origin);
	v = causes_value(&a, &why->causes);
	add_member(out, "because", &v);
	v = guard_value(&a, why);
	add_member(out, "guard", &v);
	v = links_value(&a, &why->needs);
	add_member(out, "needs", &v);
	v = links_value(&a, &why->needed_by);
	add_member(out, "needed_by", &v);
	v = links_value(&a, &why->waits_for);
	add_member(out, "waits_for", &v);
	v = links_value(&a, &why->awaited_by);
	add_member(out, "awaited_by", &v);
	v = calls_value(&a, &why->calls);
	add_member(out, "calls", &v);
	v = grants_value(&a, &why->grants);
	add_member(out, "grants", &v);
	buf_add_c(out, "}\n");
	arena_release(&a);
}
