#include "hints.h"
#include "make.h"
#include "render.h"

#include "base/json.h"

/* Documented in docs/plan-json.md; a change there raises PLAN_FORMAT_VERSION. */

static const char *const guard_names[] = {
	[GUARD_NONE] = "none", [GUARD_SOFT] = "soft", [GUARD_HARD] = "hard",
};

static const char *const harm_names[] = {
	[HARM_DATA] = "data", [HARM_REPLACE] = "replace", [HARM_DELETE] = "delete",
	[HARM_ACCESS] = "access", [HARM_UPDATE] = "update", [HARM_CREATE] = "create",
	[HARM_STATE] = "state",
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

static struct value change_value(struct arena *a, const struct review_change *change)
{
	struct value v = value_map();

	value_set(a, &v, STR("path"), value_string(change->path));
	if (!change->withheld) {
		value_set(a, &v, STR("before"), change->before);
		value_set(a, &v, STR("after"), change->after);
	}
	set_flag(a, &v, "sensitive", change->withheld);
	set_flag(a, &v, "drift", change->drift);
	set_flag(a, &v, "replaces", change->forces);
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

static struct value changes_value(struct arena *a, const struct review_item *item)
{
	struct value v = { .kind = VALUE_LIST, .span = SPAN_NONE };

	for (size_t i = 0; i < item->change_count; i++)
		value_append(a, &v, change_value(a, &item->changes[i]));
	return v;
}

/* What replacing or deleting it means. */
static void set_harm(struct arena *a, struct value *v, const struct review_item *item, bool words)
{
	if (item->at_risk != GUARD_NONE)
		set_str(a, v, "data_at_risk", str_from_c(guard_names[item->at_risk]));
	if (item->blocked != GUARD_NONE)
		set_str(a, v, "blocked", str_from_c(guard_names[item->blocked]));
	if (!words)
		return;
	set_str(a, v, "harm", str_from_c(harm_names[item->harm]));
	set_str(a, v, "order", item->order);
	set_str(a, v, "loss", item->loss);
	if (item->facts.kind == VALUE_MAP)
		value_set(a, v, STR("facts"), item->facts);
	set_str(a, v, "remedy", item->remedy);
}

static struct value item_value(struct arena *a, const struct review_item *item, bool words)
{
	struct value v = value_map();

	value_set(a, &v, STR("address"), value_string(item->address));
	value_set(a, &v, STR("label"), value_string(item->label));
	value_set(a, &v, STR("type"), value_string(item->type));
	value_set(a, &v, STR("action"), value_string(str_from_c(action_kind_name(item->kind))));
	/* A line more above it is no other plan. */
	if (words)
		set_str(a, &v, "place", item->place);
	set_str(a, &v, "region", item->region);
	set_str(a, &v, "reason", item->reason);
	set_str(a, &v, "cascade", item->cascade);
	set_str(a, &v, "renamed_from", item->renamed_from);
	set_str(a, &v, "name", item->name);
	set_str(a, &v, "name_before", item->name_before);
	set_str(a, &v, "conflict", item->conflict);
	value_set(a, &v, STR("generation"), value_int(item->generation));
	set_str(a, &v, "identifier", item->identifier);
	set_harm(a, &v, item, words);
	set_flag(a, &v, "delete_first", item->delete_first);
	set_flag(a, &v, "repair", item->repair);
	if (item->set_again.count)
		value_set(a, &v, STR("set_again"), names_value(a, &item->set_again));
	if (item->change_count)
		value_set(a, &v, STR("changes"), changes_value(a, item));
	if (item->kind == ACTION_CREATE)
		value_set(a, &v, STR("properties"), item->properties);
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
	if (counts->adopt)
		value_set(a, &v, STR("adopt"), value_int((int64_t)counts->adopt));
	if (counts->rename)
		value_set(a, &v, STR("rename"), value_int((int64_t)counts->rename));
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

static struct value existing_value(struct arena *a, const struct review_existing *x,
				   bool words)
{
	struct value v = value_map();

	value_set(a, &v, STR("name"), value_string(x->name));
	set_str(a, &v, "type", x->type);
	set_str(a, &v, "project", x->project);
	set_str(a, &v, "stage", x->stage);
	value_set(a, &v, STR("region"), value_string(x->region));
	if (words)
		set_str(a, &v, "place", x->place);
	set_str(a, &v, "conflict", x->conflict);
	if (x->type.length)
		value_set(a, &v, STR("key"), x->key);
	value_set(a, &v, STR("values"), x->values);
	return v;
}

static void add_existing(struct buf *out, const struct review *review, bool words)
{
	struct arena scratch;

	if (!review->existing_count)
		return;
	buf_add_c(out, ",\n \"existing\":[");
	for (size_t i = 0; i < review->existing_count; i++) {
		struct value v;

		arena_init(&scratch);
		v = existing_value(&scratch, &review->existing[i], words);
		buf_add_c(out, i ? ",\n  " : "\n  ");
		json_print(out, &v);
		arena_release(&scratch);
	}
	buf_add_c(out, "\n ]");
}

void render_json_head(struct buf *out, const struct review *review, bool words)
{
	struct arena scratch;
	struct value counts;

	arena_init(&scratch);
	counts = counts_value(&scratch, &review->counts);
	add_member(out, "project", review->project);
	add_member(out, "stage", review->stage);
	add_member(out, "region", review->region);
	buf_printf(out, "\"compared_with_live\":%s,\n ", review->offline ? "false" : "true");
	if (review->targeted)
		buf_printf(out, "\"target\":{\"asked_for\":%zu,\"added\":%zu,\"left_out\":%zu},\n ",
			   review->asked_for, review->added, review->left_out);
	if (review->new_stage)
		buf_add_c(out, "\"new_stage\":true,\n ");
	buf_add_c(out, "\"counts\":");
	json_print(out, &counts);
	add_existing(out, review, words);
	if (words)
		hints_print_json(out, review);
	arena_release(&scratch);
}

void render_json_item(struct buf *out, const struct review_item *item, bool words)
{
	struct arena scratch;
	struct value v;

	arena_init(&scratch);
	v = item_value(&scratch, item, words);
	json_print(out, &v);
	arena_release(&scratch);
}

static void add_coverage(struct buf *out, const struct review *review)
{
	struct arena scratch;
	struct value v;

	if (review->offline)
		return;
	arena_init(&scratch);
	v = render_coverage_value(&scratch, review);
	buf_add_c(out, ",\n \"live\":");
	json_print(out, &v);
	arena_release(&scratch);
}

static struct value policy_value(struct arena *a, const struct review_policy *policy)
{
	struct value v = value_map(), list = value_list(NULL, 0);

	value_set(a, &v, STR("policy"), value_string(policy->name));
	value_set(a, &v, STR("level"), value_string(policy->denies ? STR("deny") : STR("warn")));
	value_set(a, &v, STR("message"), value_string(policy->message));
	set_str(a, &v, "place", policy->place);
	for (size_t i = 0; i < policy->hit_count; i++) {
		const struct review_hit *hit = &policy->hits[i];
		struct value item = value_map();

		value_set(a, &item, STR("address"), value_string(hit->address));
		value_set(a, &item, STR("action"),
			  value_string(str_from_c(action_kind_name(hit->kind))));
		set_str(a, &item, "path", hit->path);
		value_append(a, &list, item);
	}
	value_set(a, &v, STR("matches"), list);
	return v;
}

static void add_policies(struct buf *out, const struct review *review)
{
	if (!review->policy_count)
		return;
	buf_add_c(out, ",\n \"policies\":[");
	for (size_t i = 0; i < review->policy_count; i++) {
		struct arena scratch;
		struct value v;

		arena_init(&scratch);
		v = policy_value(&scratch, &review->policies[i]);
		buf_add_c(out, i ? ",\n  " : "\n  ");
		json_print(out, &v);
		arena_release(&scratch);
	}
	buf_add_c(out, "\n ]");
}

void review_print_json(struct buf *out, const struct review *review)
{
	buf_add_c(out, "{");
	add_member(out, "format_version", STR(PLAN_FORMAT_VERSION));
	add_member(out, "digest", review->digest);
	render_json_head(out, review, true);
	add_coverage(out, review);
	add_policies(out, review);
	buf_add_c(out, ",\n \"actions\":[");
	for (size_t i = 0; i < review->item_count; i++) {
		buf_add_c(out, i ? ",\n  " : "\n  ");
		render_json_item(out, &review->items[review->by_address[i]], true);
	}
	buf_add_c(out, review->item_count ? "\n ],\n \"permissions\":" :
		  "],\n \"permissions\":");
	render_json_permissions(out, &review->permissions);
	buf_add_c(out, ",\n \"outputs\":");
	json_print(out, &review->outputs);
	buf_add_c(out, "}\n");
}
