#include "planner_kit.h"

#include <string.h>

#include "base/clock.h"
#include "planner/inverse.h"

/*
 * The way back: after any change, a plan against what an earlier state stands for leads to the
 * properties that were applied then, with references to what was made anew.
 */
static struct kit kit;
static struct state then;
static struct inverse inverse;
static bool code_kept;

static const struct schema *schema_of(void *context, struct str type)
{
	const struct schema *all[] = { kit.thing, kit.fixed, kit.child, kit.keyed, kit.described };

	(void)context;
	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++) {
		if (str_equal(all[i]->type, type))
			return all[i];
	}
	return NULL;
}

static bool has_code(void *context, struct str digest)
{
	(void)context;
	(void)digest;
	return code_kept;
}

static void setup(void)
{
	kit.resources_most = 64;
	kit_init(&kit);
	code_kept = true;
}

static void teardown(void) { kit_release(&kit); }

/* Rows are replaced by an apply and never changed, so they can be shared. */
static void remember(void)
{
	struct arena *a = &kit.arena;

	then = kit.state;
	then.rows = arena_array(a, struct row *, kit.state.row_count);
	memcpy(then.rows, kit.state.rows, kit.state.row_count * sizeof(*then.rows));
	for (size_t i = 0; i < then.row_count; i++) {
		then.rows[i] = arena_new(a, struct row);
		*then.rows[i] = *kit.state.rows[i];
	}
	then.by_address = (struct map){ 0 };
	for (size_t i = 0; i < then.row_count; i++)
		*map_put(a, &then.by_address, address_text(a, &then.rows[i]->address)) =
			then.rows[i];
}

static void apply(void)
{
	ck_assert(kit_plan(&kit));
	kit_apply(&kit);
}

/* Plans the way back; the model of the kit is what then stands for. */
static void plan_back(void)
{
	static struct model spec;
	struct model back;

	spec = kit.model;
	inverse = (struct inverse){ .then = &then, .now = &kit.state, .spec = &spec,
				    .schema = schema_of, .has_code = has_code };
	inverse_model(&kit.arena, &inverse, &back);
	ck_assert_uint_le(back.resource_count, kit.resources_most);
	kit.model = back;
	kit.options.back = true;
	ck_assert(kit_plan(&kit));
}

/* What was applied, without what names a thing of its own: instance, name, ids. */
static struct str applied(const struct row *row)
{
	struct value v = value_map();

	row_open(row);
	for (uint32_t i = 0; i < row->properties.map.count; i++) {
		const struct map_entry *entry = &row->properties.map.entries[i];
		const struct member *m = entry->value;

		if (!str_equal_c(entry->key, "Tags") && !str_equal_c(entry->key, "Name") &&
		    !str_equal_c(entry->key, "Sid") && !str_equal_c(entry->key, "Note"))
			value_set(&kit.arena, &v, entry->key, m->value);
	}
	return json_text_canonical(&kit.arena, &v);
}

static void all_as_then(void)
{
	ck_assert_uint_eq(kit.state.row_count, then.row_count);
	for (size_t i = 0; i < then.row_count; i++) {
		struct str address = address_text(&kit.arena, &then.rows[i]->address);
		const struct row *row = state_find(&kit.state, address);

		ck_assert_msg(row != NULL, "%.*s is missing", STR_ARG(address));
		unit_str_eq(applied(row), applied(then.rows[i]).data);
	}
}

START_TEST(nothing_to_undo)
{
	kit_add(&kit, "a", kit.thing, "{\"Size\":1}");
	kit_add(&kit, "b", kit.thing, "{\"Size\":2,\"Role\":\"@a.Arn\",\"List\":[\"@a.Id\"]}");
	kit_add(&kit, "c", kit.described, "{\"Size\":2,\"Note\":\"of mine\"}");
	kit_add(&kit, "d", kit.keyed, "{\"Size\":2}");
	apply();
	remember();
	plan_back();
	ck_assert_msg(kit.plan.action_count == 0, "%s", kit_text(&kit, true).data);
	ck_assert_uint_eq(inverse.notes.count, 0);
}
END_TEST

START_TEST(an_update_and_what_came_and_went)
{
	kit_add(&kit, "a", kit.thing, "{\"Size\":1}");
	kit_add(&kit, "b", kit.thing, "{\"Size\":2,\"Role\":\"@a.Arn\"}");
	apply();
	remember();
	kit_model(&kit);
	kit_add(&kit, "a", kit.thing, "{\"Size\":9,\"Code\":\"x\"}");
	kit_add(&kit, "c", kit.thing, "{\"Size\":3}");
	apply();
	plan_back();
	ck_assert_str_eq(kit_kind(&kit, "a"), "update");
	ck_assert_str_eq(kit_kind(&kit, "b"), "create");
	ck_assert_str_eq(kit_kind(&kit, "c"), "delete");
	unit_str_eq(kit_action(&kit, "c")->reason, "it was made since then");
	kit_apply(&kit);
	all_as_then();
}
END_TEST

/* What names a thing that is made anew names the new one. */
START_TEST(references_follow_a_replacement)
{
	const struct row *row;
	const struct value *role, *list;

	kit_add(&kit, "a", kit.thing, "{\"Mode\":\"x\"}");
	kit_add(&kit, "b", kit.thing, "{\"Role\":\"@a.Id\",\"List\":[\"@a.Arn\"]}");
	apply();
	remember();
	kit_model(&kit);
	kit_add(&kit, "a", kit.thing, "{\"Mode\":\"y\"}");
	kit_add(&kit, "b", kit.thing, "{\"Role\":\"@a.Id\",\"List\":[\"@a.Arn\"]}");
	apply();
	plan_back();
	ck_assert_str_eq(kit_kind(&kit, "a"), "replace");
	ck_assert_str_eq(kit_kind(&kit, "b"), "update");
	kit_apply(&kit);
	row = kit_row(&kit, "a");
	role = value_get_c(&kit_row(&kit, "b")->properties, "Role");
	list = value_get_c(&kit_row(&kit, "b")->properties, "List");
	ck_assert(value_equal(role, value_get_c(&row->attributes, "Id")));
	ck_assert(str_contains(list->list.items[0].string, row->name));
	unit_str_eq(value_get_c(&row->properties, "Mode")->string, "x");
}
END_TEST

START_TEST(a_rename_goes_back)
{
	kit_add(&kit, "a", kit.thing, "{\"Size\":1}");
	apply();
	remember();
	kit_model(&kit);
	kit_renamed(&kit, kit_add(&kit, "b", kit.thing, "{\"Size\":1}"), "a");
	apply();
	plan_back();
	ck_assert_str_eq(kit_kind(&kit, "a"), "rename");
	ck_assert_uint_eq(kit.plan.action_count, 1);
}
END_TEST

#define HASH "hmac:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static bool is_told(const char *address, const char *part, bool refused)
{
	for (size_t i = 0; i < inverse.notes.count; i++) {
		const struct inverse_note *note = &inverse.notes.items[i];

		if (str_equal_c(note->address, address) && note->refused == refused &&
		    str_contains(note->text, str_from_c(part)))
			return true;
	}
	return false;
}

static void replan(void)
{
	struct model back;

	inverse_model(&kit.arena, &inverse, &back);
	kit.model = back;
	ck_assert(kit_plan(&kit));
}

/* A secret of then is not known any more: it stays as it is, and a hash is never sent. */
START_TEST(secrets_are_left)
{
	struct row *row;

	kit_add(&kit, "a", kit.thing, "{\"Size\":1,\"Swap\":\"s\"}");
	kit_add(&kit, "b", kit.thing, "{\"Note\":\"" HASH "\"}");
	apply();
	row = kit_row(&kit, "a");
	value_replace(&kit.arena, &row->properties, STR("Code"), value_string(STR(HASH)));
	remember();
	kit_model(&kit);
	kit_add(&kit, "a", kit.thing, "{\"Size\":2,\"Swap\":\"s\",\"Code\":\"" HASH "\"}");
	apply();
	plan_back();
	/* The update would send the hash with it. */
	ck_assert(inverse_refuses(&kit.arena, &inverse, &kit.plan));
	ck_assert(is_told("a", "stays as it is", false));
	ck_assert(is_told("b", "cannot be", true));
	replan();
	ck_assert(!inverse_refuses(&kit.arena, &inverse, &kit.plan));
	ck_assert_str_eq(kit_kind(&kit, "a"), "none");
}
END_TEST

START_TEST(code_that_is_not_kept)
{
	kit_add(&kit, "a", kit.thing, "{\"Policy\":{\"Bundle\":\"1\"},\"Size\":1}");
	apply();
	remember();
	kit_model(&kit);
	kit_add(&kit, "a", kit.thing, "{\"Policy\":{\"Bundle\":\"2\"},\"Size\":2}");
	apply();
	code_kept = false;
	plan_back();
	ck_assert(is_told("a", "the code of then is not kept", false));
	ck_assert_uint_eq(kit_action(&kit, "a")->changes.count, 1);
	code_kept = true;
	plan_back();
	kit_apply(&kit);
	all_as_then();
}
END_TEST

START_TEST(unfinished_rows)
{
	struct row *row;

	kit_add(&kit, "a", kit.thing, "{\"Size\":1}");
	kit_add(&kit, "b", kit.thing, "{\"Size\":1}");
	kit_add(&kit, "c", kit.thing, "{\"Size\":1}");
	apply();
	row = kit_row(&kit, "a");
	row->status = ROW_CREATING;
	row = kit_row(&kit, "b");
	row->status = ROW_UPDATING;
	row->before = kit_json(&kit, "{\"Size\":7}");
	remember();
	kit_row(&kit, "a")->status = ROW_CREATED;
	kit_row(&kit, "b")->status = ROW_CREATED;
	plan_back();
	ck_assert(is_told("a", "unfinished then", false));
	ck_assert_str_eq(kit_kind(&kit, "a"), "none");
	ck_assert_str_eq(kit_kind(&kit, "b"), "update");
	ck_assert_str_eq(kit_kind(&kit, "c"), "none");
}
END_TEST

START_TEST(kept_ones_stay)
{
	kit_add(&kit, "a", kit.thing, "{\"Size\":1}");
	apply();
	remember();
	kit_model(&kit);
	kit_add(&kit, "a", kit.thing, "{\"Size\":2}");
	kit_add(&kit, "b", kit.thing, "{\"Size\":2}");
	apply();
	plan_back();
	ck_assert_uint_eq(kit.plan.action_count, 2);
	inverse_keep(&kit.arena, &inverse, STR("b"));
	inverse_keep(&kit.arena, &inverse, STR("a"));
	replan();
	ck_assert_uint_eq(kit.plan.action_count, 0);
}
END_TEST

/* ---- at random ---- */

static void add_random(const struct random *r, const char *name, const char *earlier)
{
	const struct schema *types[] = { kit.thing, kit.thing, kit.described, kit.keyed };
	char text[256];
	int length;

	if (random_below(r, 4) == 0)
		return;
	length = snprintf(text, sizeof(text), "{\"Size\":%d,\"Mode\":\"mode%d\"",
			  (int)random_below(r, 3), random_below(r, 6) == 0);
	if (earlier && random_below(r, 2) && model_find(&kit.model, str_from_c(earlier)) !=
	    NO_RESOURCE)
		length += snprintf(text + length, sizeof(text) - (size_t)length,
				   ",\"Role\":\"@%s.Id\",\"List\":[\"@%s.Id\"]", earlier, earlier);
	snprintf(text + length, sizeof(text) - (size_t)length, "}");
	/* The type belongs to the name: another one would be another thing. */
	kit_add(&kit, name, types[(unsigned char)name[0] % 4],
		str_to_c(&kit.arena, str_from_c(text)));
}

static void random_spec(const struct random *r)
{
	static const char *const all[] = { "a", "b", "c", "d", "e", "f", "g", "h" };

	kit_model(&kit);
	for (size_t i = 0; i < 8; i++)
		add_random(r, all[i], i ? all[random_below(r, i)] : NULL);
}

static bool same(const struct row *a, const struct row *b, const char *name)
{
	return value_equal(value_get_c(&a->properties, name), value_get_c(&b->properties, name));
}

/* Ids of what was made anew differ: what names one names one that is there. */
static bool is_as_then(const struct row *row, const struct row *was)
{
	const struct value *role = value_get_c(&row->properties, "Role");
	bool found = !role;

	for (size_t k = 0; k < row->edges.count; k++) {
		const struct row *other = state_find(&kit.state, row->edges.items[k]);
		const struct value *id = other ? value_get_c(&other->attributes, "Id") : NULL;

		found = found || (id && value_equal(id, role));
	}
	return found && same(row, was, "Size") && same(row, was, "Mode") &&
	       row->edges.count == was->edges.count;
}

START_TEST(at_random)
{
	const char *given = getenv("EFFC_SEED");
	uint64_t seed = given ? strtoull(given, NULL, 10) : 1 + (uint64_t)_i;
	const struct random *r = random_seeded(seed);

	random_spec(r);
	apply();
	remember();
	random_spec(r);
	apply();
	plan_back();
	ck_assert(!inverse_refuses(&kit.arena, &inverse, &kit.plan));
	kit_apply(&kit);
	ck_assert_uint_eq(kit.state.row_count, then.row_count);
	for (size_t i = 0; i < then.row_count; i++) {
		struct str address = address_text(&kit.arena, &then.rows[i]->address);
		const struct row *row = state_find(&kit.state, address);

		ck_assert_msg(row && is_as_then(row, then.rows[i]), "EFFC_SEED=%llu: %.*s",
			      (unsigned long long)seed, STR_ARG(address));
	}
	/* Once more there is nothing to do. */
	plan_back();
	ck_assert_msg(!kit.plan.counts.create && !kit.plan.counts.delete &&
		      !kit.plan.counts.replace, "EFFC_SEED=%llu", (unsigned long long)seed);
}
END_TEST

static void fill(TCase *tc)
{
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, nothing_to_undo);
	tcase_add_test(tc, an_update_and_what_came_and_went);
	tcase_add_test(tc, references_follow_a_replacement);
	tcase_add_test(tc, a_rename_goes_back);
	tcase_add_test(tc, secrets_are_left);
	tcase_add_test(tc, code_that_is_not_kept);
	tcase_add_test(tc, unfinished_rows);
	tcase_add_test(tc, kept_ones_stay);
	tcase_add_loop_test(tc, at_random, 0, 100);
}

int main(void)
{
	return unit_run("planner inverse", fill);
}
