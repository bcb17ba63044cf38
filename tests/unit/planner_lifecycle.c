#include "planner_kit.h"

/* ignore_changes and replace_when against the state and what is live. */

static struct kit kit;

static void setup(void) { kit_init(&kit); }
static void teardown(void) { kit_release(&kit); }

/* ---- ignore_changes ---- */

static const struct {
	const char *name, *ignored, *before, *after;	/* of the spec */
	const char *touched, *live;	/* a property changed outside; NULL: none */
	const char *kind;
} table[] = {
	{ "an edit", "Size", "{\"Size\":1}", "{\"Size\":2}", NULL, NULL, "none" },
	{ "another property", "Size", "{\"Size\":1,\"Note\":\"a\"}", "{\"Size\":2,\"Note\":\"b\"}",
	  NULL, NULL, "update" },
	{ "drift", "Size", "{\"Size\":1}", "{\"Size\":1}", "Size", "7", "none" },
	{ "edit and drift", "Size", "{\"Size\":1}", "{\"Size\":2}", "Size", "7", "none" },
	{ "drift beside it", "Size", "{\"Size\":1,\"Note\":\"a\"}", "{\"Size\":1,\"Note\":\"a\"}",
	  "Note", "\"x\"", "update" },
	{ "added", "Size", "{\"Note\":\"a\"}", "{\"Note\":\"a\",\"Size\":2}", NULL, NULL, "none" },
	{ "removed", "Size", "{\"Size\":1}", "{}", NULL, NULL, "none" },
	{ "one that replaces", "Mode", "{\"Mode\":\"a\"}", "{\"Mode\":\"b\"}", NULL, NULL, "none" },
	{ "a variable", "Environment.Variables.A",
	  "{\"Environment\":{\"Variables\":{\"A\":\"1\",\"B\":\"1\"}}}",
	  "{\"Environment\":{\"Variables\":{\"A\":\"2\",\"B\":\"1\"}}}", NULL, NULL, "none" },
	{ "its neighbour", "Environment.Variables.A",
	  "{\"Environment\":{\"Variables\":{\"A\":\"1\",\"B\":\"1\"}}}",
	  "{\"Environment\":{\"Variables\":{\"A\":\"2\",\"B\":\"2\"}}}", NULL, NULL, "update" },
	{ "a glob", "Environment.Variables.FEATURE_*",
	  "{\"Environment\":{\"Variables\":{\"FEATURE_X\":\"1\"}}}",
	  "{\"Environment\":{\"Variables\":{\"FEATURE_Y\":\"1\"}}}", NULL, NULL, "none" },
	{ "a whole one with all in it", "Environment",
	  "{\"Environment\":{\"Variables\":{\"A\":\"1\"}}}", "{}", NULL, NULL, "none" },
	{ "a tag", "Tags[team]", "{\"Tags\":[{\"Key\":\"team\",\"Value\":\"a\"}]}",
	  "{\"Tags\":[{\"Key\":\"team\",\"Value\":\"b\"}]}", NULL, NULL, "none" },
	{ "another tag", "Tags[team]", "{\"Tags\":[{\"Key\":\"team\",\"Value\":\"a\"}]}",
	  "{\"Tags\":[{\"Key\":\"owner\",\"Value\":\"b\"}]}", NULL, NULL, "update" },
	{ "an item of a list", "Rules[a]", "{\"Rules\":[{\"Id\":\"a\",\"Value\":\"1\"}]}",
	  "{\"Rules\":[{\"Id\":\"a\",\"Value\":\"2\"}]}", NULL, NULL, "none" },
	{ "a part of an item", "Rules[a].Value", "{\"Rules\":[{\"Id\":\"a\",\"Value\":\"1\"}]}",
	  "{\"Rules\":[{\"Id\":\"a\",\"Value\":\"2\"}]}", NULL, NULL, "none" },
	{ "an item's drift", "Rules[a]", "{\"Rules\":[{\"Id\":\"a\",\"Value\":\"1\"}]}",
	  "{\"Rules\":[{\"Id\":\"a\",\"Value\":\"1\"}]}", "Rules",
	  "[{\"Id\":\"a\",\"Value\":\"9\"}]", "none" },
	{ "code by its digest", "Code", "{\"Code\":\"a\"}", "{\"Code\":\"b\"}", NULL, NULL, "none" },
};

static void add_ignoring(const char *ignored, const char *properties)
{
	kit_model(&kit);
	kit_ignore(&kit, kit_add(&kit, "orders", kit.thing, properties), ignored);
}

START_TEST(test_ignored)
{
	add_ignoring(table[_i].ignored, table[_i].before);
	kit_settle(&kit);
	if (table[_i].touched)
		kit_touch(&kit, "orders", table[_i].touched, table[_i].live);
	add_ignoring(table[_i].ignored, table[_i].after);
	ck_assert(kit_plan(&kit));
	ck_assert_msg(!strcmp(kit_kind(&kit, "orders"), table[_i].kind), "%s: %s\n%.*s",
		      table[_i].name, kit_kind(&kit, "orders"), STR_ARG(kit_text(&kit, true)));
	kit_apply(&kit);
	add_ignoring(table[_i].ignored, table[_i].after);
	ck_assert(kit_plan(&kit));
	ck_assert_msg(!kit.plan.action_count, "%s: %.*s", table[_i].name,
		      STR_ARG(kit_text(&kit, true)));
}
END_TEST

/* What an update sends of it is what is there, not what the spec or the state says. */
START_TEST(test_update_sends_what_is_live)
{
	add_ignoring("Size", "{\"Size\":1,\"Note\":\"a\"}");
	kit_settle(&kit);
	kit_touch(&kit, "orders", "Size", "7");
	add_ignoring("Size", "{\"Size\":2,\"Note\":\"b\"}");
	ck_assert(kit_plan(&kit));
	ck_assert_uint_eq(kit_action(&kit, "orders")->changes.count, 1);
	kit_apply(&kit);
	ck_assert_int_eq(value_get_c(&kit_row(&kit, "orders")->properties, "Size")->integer, 7);
}
END_TEST

START_TEST(test_new_one_is_as_written)
{
	add_ignoring("Size", "{\"Size\":1,\"Mode\":\"a\"}");
	kit_settle(&kit);
	add_ignoring("Size", "{\"Size\":2,\"Mode\":\"b\"}");
	ck_assert(kit_plan(&kit));
	ck_assert_str_eq(kit_kind(&kit, "orders"), "replace");
	kit_apply(&kit);
	ck_assert_int_eq(value_get_c(&kit_row(&kit, "orders")->properties, "Size")->integer, 2);
	/* And one that was deleted outside. */
	kit_live(&kit, "orders")->seen = SEEN_ABSENT;
	add_ignoring("Size", "{\"Size\":3,\"Mode\":\"b\"}");
	ck_assert(kit_plan(&kit));
	ck_assert_str_eq(kit_kind(&kit, "orders"), "create");
	kit_apply(&kit);
	ck_assert_int_eq(value_get_c(&kit_row(&kit, "orders")->properties, "Size")->integer, 3);
}
END_TEST

/* Code that another tool deploys: neither the spec's nor its digest counts. */
START_TEST(test_watched_digest_is_ignored)
{
	add_ignoring("Code", "{\"Code\":\"a\"}");
	kit_settle(&kit);
	value_set(&kit.arena, &kit_live(&kit, "orders")->attributes, STR("CodeDigest"),
		  value_string(STR("other")));
	add_ignoring("Code", "{\"Code\":\"a\"}");
	ck_assert(kit_plan(&kit));
	ck_assert_str_eq(kit_kind(&kit, "orders"), "none");
}
END_TEST

/* ---- replace_when ---- */

static void add_watching(const char *base, const char *when)
{
	struct resource *r;

	kit_model(&kit);
	kit_add(&kit, "base", kit.thing, base);
	r = kit_add(&kit, "orders", kit.thing, "{\"Size\":1}");
	if (when)
		kit_life(&kit, r)->replace_when = kit_json(&kit, when);
}

static void settled(const char *base, const char *when)
{
	add_watching(base, when);
	ck_assert(kit_plan(&kit));
	kit_apply(&kit);
	add_watching(base, when);
	ck_assert(kit_plan(&kit));
	ck_assert_msg(!kit.plan.action_count, "%.*s", STR_ARG(kit_text(&kit, true)));
}

static const char *planned(const char *base, const char *when)
{
	add_watching(base, when);
	ck_assert(kit_plan(&kit));
	return kit_kind(&kit, "orders");
}

START_TEST(test_another_value_replaces)
{
	settled("{}", "[\"v1\"]");
	ck_assert_str_eq(planned("{}", "[\"v2\"]"), "replace");
	unit_str_eq(kit_action(&kit, "orders")->reason, "'replace_when' names v2, which changed");
	settled("{}", "[\"v2\"]");
	ck_assert_str_eq(planned("{}", "[\"v2\"]"), "none");
}
END_TEST

START_TEST(test_guard_holds_against_it)
{
	settled("{}", "[\"v1\"]");
	add_watching("{}", "[\"v2\"]");
	kit.model.resources[1].guard = GUARD_HARD;
	ck_assert(kit_plan(&kit));
	ck_assert_int_eq(kit_action(&kit, "orders")->blocked, GUARD_HARD);
}
END_TEST

/* Beginning or ending to watch is a change of the state alone. */
START_TEST(test_list_of_another_length_is_metadata)
{
	settled("{}", NULL);
	ck_assert_str_eq(planned("{}", "[\"v1\"]"), "metadata");
	settled("{}", "[\"v1\"]");
	ck_assert_str_eq(planned("{}", "[\"v1\",\"w\"]"), "metadata");
	settled("{}", "[\"v1\",\"w\"]");
	ck_assert_str_eq(planned("{}", NULL), "metadata");
	settled("{}", NULL);
}
END_TEST

/* What is replaced has another id: told before it is known. */
START_TEST(test_replaced_source_replaces)
{
	settled("{\"Mode\":\"a\"}", "[\"@base.Id\"]");
	ck_assert_str_eq(planned("{\"Mode\":\"b\"}", "[\"@base.Id\"]"), "replace");
	ck_assert(str_contains(kit_action(&kit, "orders")->reason, STR("changes with this apply")));
	settled("{\"Mode\":\"b\"}", "[\"@base.Id\"]");
}
END_TEST

/* An update cannot change a stable attribute, and nobody has to wait to know. */
START_TEST(test_updated_source_with_stable_attribute)
{
	settled("{\"Size\":1}", "[\"@base.Id\"]");
	ck_assert_str_eq(planned("{\"Size\":2}", "[\"@base.Id\"]"), "none");
	settled("{\"Size\":2}", "[\"@base.Id\"]");
	/* A volatile one may change, and does. */
	settled("{\"Size\":2}", "[\"@base.Stream\"]");
	ck_assert_str_eq(planned("{\"Size\":3}", "[\"@base.Stream\"]"), "replace");
	settled("{\"Size\":3}", "[\"@base.Stream\"]");
}
END_TEST

/* Known only after the other is made: written down then. */
START_TEST(test_watching_what_is_new)
{
	struct resource *r;

	kit_add(&kit, "orders", kit.thing, "{\"Size\":1}");
	kit_settle(&kit);
	kit_model(&kit);
	kit_add(&kit, "base", kit.thing, "{}");
	r = kit_add(&kit, "orders", kit.thing, "{\"Size\":1}");
	kit_life(&kit, r)->replace_when = kit_json(&kit, "[\"@base.Id\"]");
	kit_settle(&kit);
	ck_assert_uint_eq(kit_row(&kit, "orders")->triggers.count, 1);
}
END_TEST

static void fill(TCase *tc)
{
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, test_ignored, 0, sizeof(table) / sizeof(table[0]));
	tcase_add_test(tc, test_update_sends_what_is_live);
	tcase_add_test(tc, test_new_one_is_as_written);
	tcase_add_test(tc, test_watched_digest_is_ignored);
	tcase_add_test(tc, test_another_value_replaces);
	tcase_add_test(tc, test_guard_holds_against_it);
	tcase_add_test(tc, test_list_of_another_length_is_metadata);
	tcase_add_test(tc, test_replaced_source_replaces);
	tcase_add_test(tc, test_updated_source_with_stable_attribute);
	tcase_add_test(tc, test_watching_what_is_new);
}

int main(void)
{
	return unit_run("lifecycle", fill);
}
