#include "planner_kit.h"

static struct kit kit;

static void setup(void) { kit_init(&kit); }
static void teardown(void) { kit_release(&kit); }

/* Applies `first` for "orders", then plans `second`. */
static const struct action *edit(const struct schema *schema, const char *first, const char *second)
{
	kit_add(&kit, "orders", schema, first);
	kit_settle(&kit);
	kit_model(&kit);
	kit_add(&kit, "orders", schema, second);
	ck_assert(kit_plan(&kit));
	return kit_action(&kit, "orders");
}

/* ---- which changes replace ---- */

static const struct {
	const char *first, *second, *kind, *path, *rule;
	bool delete_first;
} edits[] = {
	{ "{\"Mode\":\"a\"}", "{\"Mode\":\"b\"}", "replace", "Mode", "cannot change", false },
	{ "{}", "{\"Mode\":\"b\"}", "replace", "Mode", "cannot change", false },
	{ "{\"Mode\":\"b\"}", "{}", "replace", "Mode", "cannot change", false },
	{ "{\"InPlace\":\"a\"}", "{\"InPlace\":\"b\"}", "update", "InPlace", "", false },
	{ "{\"Swap\":\"a\"}", "{\"Swap\":\"b\"}", "replace", "Swap", "only by replacement", false },
	{ "{\"Size\":1}", "{\"Size\":2}", "update", "Size", "", false },
	{ "{\"Size\":1}", "{}", "update", "Size", "", false },
	{ "{\"Name\":\"x\"}", "{\"Name\":\"y\"}", "replace", "Name", "cannot change", false },
	{ "{\"Name\":\"x\",\"Mode\":\"a\"}", "{\"Name\":\"x\",\"Mode\":\"b\"}", "replace", "Mode",
	  "cannot change", true },
	{ "{\"Rules\":[{\"Id\":\"r\",\"Fixed\":\"a\"}]}", "{\"Rules\":[{\"Id\":\"r\",\"Fixed\":\"b\"}]}",
	  "replace", "Rules[r].Fixed", "cannot change", false },
	{ "{\"Nested\":{\"Fixed\":\"a\"}}", "{\"Nested\":{\"Fixed\":\"b\"}}", "replace",
	  "Nested.Fixed", "cannot change", false },
	{ "{\"Nested\":{\"Id\":\"a\"}}", "{\"Nested\":{\"Id\":\"b\"}}", "update", "Nested.Id", "", false },
	{ "{\"Environment\":{\"Variables\":{\"A\":\"1\"}}}",
	  "{\"Environment\":{\"Variables\":{\"A\":\"1\",\"B\":\"2\"}}}", "update",
	  "Environment.Variables.B", "", false },
};

START_TEST(test_edits)
{
	const struct action *act = edit(kit.thing, edits[_i].first, edits[_i].second);

	ck_assert_str_eq(kit_kind(&kit, "orders"), edits[_i].kind);
	ck_assert_uint_eq(act->changes.count, 1);
	unit_str_eq(act->changes.items[0].path, edits[_i].path);
	ck_assert(str_contains(act->changes.items[0].rule, str_from_c(edits[_i].rule)));
	ck_assert_int_eq(act->changes.items[0].replaces, act->kind == ACTION_REPLACE);
	ck_assert_int_eq(act->delete_first, edits[_i].delete_first);
	if (act->kind == ACTION_REPLACE) {
		ck_assert(str_contains(act->reason, str_from_c(edits[_i].path)));
		ck_assert_uint_eq(act->generation, 1);
		ck_assert(!str_equal(act->instance, act->have->instance));
	}
	if (edits[_i].delete_first)
		ck_assert(str_contains(act->reason, STR("name is fixed")));
	kit_settle(&kit);
}
END_TEST

/* An index that is added brings its attribute's type along: no type changes. */
START_TEST(test_rule_of_an_item_that_comes_or_goes)
{
	struct driver *driver = (struct driver *)(uintptr_t)kit.thing->driver;
	struct str path = STR("Rules.Value");

	driver->replace = (struct str_list){ &path, 1 };
	kit_add(&kit, "a", kit.thing, "{\"Rules\":[{\"Id\":\"x\",\"Value\":\"S\"}]}");
	kit_settle(&kit);
	kit_model(&kit);
	kit_add(&kit, "a", kit.thing, "{\"Rules\":[{\"Id\":\"x\",\"Value\":\"S\"},"
		"{\"Id\":\"y\",\"Value\":\"N\"}]}");
	ck_assert(kit_plan(&kit));
	ck_assert_str_eq(kit_kind(&kit, "a"), "update");
	kit_apply(&kit);
	kit_model(&kit);
	kit_add(&kit, "a", kit.thing, "{\"Rules\":[{\"Id\":\"y\",\"Value\":\"N\"}]}");
	ck_assert(kit_plan(&kit));
	ck_assert_str_eq(kit_kind(&kit, "a"), "update");
	kit_apply(&kit);
	kit_model(&kit);
	kit_add(&kit, "a", kit.thing, "{\"Rules\":[{\"Id\":\"y\",\"Value\":\"S\"}]}");
	ck_assert(kit_plan(&kit));
	ck_assert_str_eq(kit_kind(&kit, "a"), "replace");
}
END_TEST

START_TEST(test_generated_name_gets_a_suffix)
{
	const struct action *act = edit(kit.thing, "{\"Mode\":\"a\"}", "{\"Mode\":\"b\"}");

	ck_assert(!act->delete_first);
	ck_assert(str_starts(act->name, STR("shop-dev-orders-")));
	ck_assert_uint_eq(act->name.length, strlen("shop-dev-orders-") + 6);
}
END_TEST

START_TEST(test_removed_property_with_a_default_is_set_to_it)
{
	const struct action *act = edit(kit.thing, "{\"Wait\":60}", "{}");
	const struct value *wait = value_get_c(&kit.plan.resolved[0].properties, "Wait");

	ck_assert_int_eq(act->kind, ACTION_UPDATE);
	ck_assert(wait && wait->kind == VALUE_INT && wait->integer == 30);
	ck_assert_int_eq(act->changes.items[0].after.integer, 30);
	kit_settle(&kit);
	/* And stays quiet when the default is written out, or not. */
	kit_model(&kit);
	kit_add(&kit, "orders", kit.thing, "{\"Wait\":30}");
	ck_assert(kit_plan(&kit));
	ck_assert_uint_eq(kit.plan.action_count, 0);
}
END_TEST

START_TEST(test_unique_key_forces_delete_first)
{
	const struct action *act = edit(kit.fixed, "{\"Key\":\"GET /\",\"Mode\":\"a\"}",
					"{\"Key\":\"GET /\",\"Mode\":\"b\"}");

	ck_assert_int_eq(act->kind, ACTION_REPLACE);
	ck_assert(act->delete_first);
	ck_assert(str_contains(act->reason, STR("Key may exist once")));
	ck_assert_uint_eq(kit.plan.node_count, 2);
	ck_assert_int_eq(kit.plan.nodes[0].kind, NODE_MAKE);
	ck_assert_uint_eq(kit.plan.nodes[0].after_count, 1);
	ck_assert_uint_eq(kit.plan.nodes[0].after[0], 1);
	kit_settle(&kit);
}
END_TEST

/* Interrupted before its older generation went, which was to go first. */
static struct row *interrupt_delete_first(void)
{
	struct row *old, *row;

	kit_add(&kit, "a", kit.fixed, "{\"Key\":\"k\"}");
	kit_settle(&kit);
	old = arena_new(&kit.arena, struct row);
	row = kit_row(&kit, "a");
	*old = *row;
	row->status = ROW_REPLACING;
	row->generation = 1;
	row->sent = false;
	row->delete_first = true;
	row->previous = old;
	kit_live(&kit, "a")->seen = SEEN_FOREIGN;
	kit_live(&kit, "a")->owner = STR("an instance");
	return row;
}

START_TEST(test_older_generation_that_stands_is_not_foreign)
{
	const struct action *act;

	interrupt_delete_first();
	ck_assert(kit_plan(&kit));
	act = kit_action(&kit, "a");
	ck_assert_int_eq(act->kind, ACTION_REPLACE);
	ck_assert(act->delete_first);
	ck_assert_uint_eq(act->conflict.length, 0);
	ck_assert_uint_eq(kit.plan.node_count, 2);
	kit.options.destroy = true;
	ck_assert(kit_plan(&kit));
	act = kit_action(&kit, "a");
	ck_assert_int_eq(act->kind, ACTION_DELETE);
	ck_assert_uint_eq(kit.plan.node_count, 2);
}
END_TEST

START_TEST(test_who_came_after_the_older_generation_is_foreign)
{
	interrupt_delete_first()->previous = NULL;
	ck_assert(kit_plan(&kit));
	ck_assert_uint_gt(kit_action(&kit, "a")->conflict.length, 0);
}
END_TEST

/* An edit whose replacement did not come to be, taken back: the old one stands in the way. */
START_TEST(test_unique_key_of_an_older_generation)
{
	const struct action *act;
	struct row *old, *row;

	kit_add(&kit, "a", kit.fixed, "{\"Key\":\"k1\"}");
	kit_settle(&kit);
	old = arena_new(&kit.arena, struct row);
	row = kit_row(&kit, "a");
	*old = *row;
	row->status = ROW_REPLACING;
	row->generation = 1;
	row->sent = false;
	row->previous = old;
	row->properties = kit_json(&kit, "{\"Key\":\"k2\"}");
	kit_live(&kit, "a")->seen = SEEN_ABSENT;
	ck_assert(kit_plan(&kit));
	act = kit_action(&kit, "a");
	ck_assert_int_eq(act->kind, ACTION_REPLACE);
	ck_assert(act->delete_first);
	unit_str_eq(act->reason, "an earlier run began to replace it and did not finish; deleted "
		    "first since Key may exist once");
}
END_TEST

START_TEST(test_other_unique_key_is_created_first)
{
	const struct action *act = edit(kit.fixed, "{\"Key\":\"GET /\"}", "{\"Key\":\"GET /a\"}");

	ck_assert_int_eq(act->kind, ACTION_REPLACE);
	ck_assert(!act->delete_first);
	ck_assert_uint_eq(kit.plan.nodes[1].after_count, 1);
}
END_TEST

START_TEST(test_other_type_at_the_address)
{
	const struct action *act;

	kit_add(&kit, "orders", kit.thing, "{}");
	kit_settle(&kit);
	kit_model(&kit);
	kit_add(&kit, "orders", kit.fixed, "{\"Key\":\"k\"}");
	ck_assert(kit_plan(&kit));
	act = kit_action(&kit, "orders");
	ck_assert_int_eq(act->kind, ACTION_REPLACE);
	ck_assert(str_contains(act->reason, STR("Test::Kit::Fixed")));
	ck_assert(!act->delete_first);
	kit_settle(&kit);
}
END_TEST

START_TEST(test_other_region_replaces)
{
	kit_add(&kit, "orders", kit.thing, "{}");
	kit_settle(&kit);
	kit_model(&kit);
	kit_add(&kit, "orders", kit.thing, "{}")->scope.region = STR("eu-central-1");
	ck_assert(kit_plan(&kit));
	ck_assert_str_eq(kit_kind(&kit, "orders"), "replace");
	ck_assert(str_contains(kit_action(&kit, "orders")->reason, STR("eu-central-1")));
}
END_TEST

/* ---- cascades ---- */

/* "a" is of kit.thing with the given properties; "b" refers to it. */
static void cascade(const char *a_first, const char *a_second, const struct schema *schema,
		    const char *b)
{
	kit_add(&kit, "a", kit.thing, a_first);
	kit_add(&kit, "b", schema, b);
	kit_settle(&kit);
	kit_model(&kit);
	kit_add(&kit, "a", kit.thing, a_second);
	kit_add(&kit, "b", schema, b);
	ck_assert(kit_plan(&kit));
}

static const struct {
	const char *what, *first, *second, *b, *a_kind, *b_kind;
} cascades[] = {
	{ "an update keeps a stable attribute", "{\"Size\":1}", "{\"Size\":2}",
	  "{\"Note\":\"@a.Id\"}", "update", "none" },
	{ "an update keeps what a template says", "{\"Size\":1}", "{\"Size\":2}",
	  "{\"Note\":\"@a.Arn\"}", "update", "none" },
	{ "an update keeps a volatile attribute if another property changed", "{\"List\":[\"x\"]}",
	  "{\"List\":[\"y\"]}", "{\"Note\":\"@a.Stream\"}", "update", "none" },
	{ "an update moves a volatile attribute", "{\"Size\":1}", "{\"Size\":2}",
	  "{\"Note\":\"@a.Stream\"}", "update", "update" },
	{ "an unlisted attribute may move", "{\"Size\":1}", "{\"Size\":2}",
	  "{\"Note\":\"@a.CodeDigest\"}", "update", "update" },
	{ "a property moves with its value", "{\"Size\":1}", "{\"Size\":2}",
	  "{\"Size\":\"@a.Size\"}", "update", "update" },
	{ "a moved attribute in a fixed property replaces", "{\"Size\":1}", "{\"Size\":2}",
	  "{\"Mode\":\"@a.Stream\"}", "update", "replace" },
	{ "a replacement reaches a dependent", "{\"Mode\":\"a\"}", "{\"Mode\":\"b\"}",
	  "{\"Note\":\"@a.Id\"}", "replace", "update" },
	{ "a replacement reaches an ARN", "{\"Mode\":\"a\"}", "{\"Mode\":\"b\"}",
	  "{\"Note\":\"@a.Arn\"}", "replace", "update" },
	{ "a replacement replaces", "{\"Mode\":\"a\"}", "{\"Mode\":\"b\"}",
	  "{\"Mode\":\"@a.Id\"}", "replace", "replace" },
	{ "an equal text does not change", "{\"Name\":\"n\",\"Mode\":\"a\"}",
	  "{\"Name\":\"n\",\"Mode\":\"b\"}", "{\"Note\":\"@a.Arn\"}", "replace", "none" },
	{ "a principal of equal text is set again", "{\"Name\":\"n\",\"Mode\":\"a\"}",
	  "{\"Name\":\"n\",\"Mode\":\"b\"}", "{\"Role\":\"@a.Arn\"}", "replace", "update" },
};

START_TEST(test_cascades)
{
	cascade(cascades[_i].first, cascades[_i].second, kit.thing, cascades[_i].b);
	ck_assert_msg(!strcmp(kit_kind(&kit, "a"), cascades[_i].a_kind), "%s: a %s",
		      cascades[_i].what, kit_kind(&kit, "a"));
	ck_assert_msg(!strcmp(kit_kind(&kit, "b"), cascades[_i].b_kind), "%s: b %s",
		      cascades[_i].what, kit_kind(&kit, "b"));
	kit_settle(&kit);
}
END_TEST

START_TEST(test_rebind_names_its_property)
{
	const struct action *act;

	cascade("{\"Name\":\"n\",\"Mode\":\"a\"}", "{\"Name\":\"n\",\"Mode\":\"b\"}", kit.thing,
		"{\"Role\":\"@a.Arn\"}");
	act = kit_action(&kit, "b");
	ck_assert_uint_eq(act->changes.count, 0);
	ck_assert_uint_eq(act->rebind.count, 1);
	unit_str_eq(act->rebind.items[0], "Role");
	unit_str_eq(act->cascade, "a");
	ck_assert(str_contains(act->reason, STR("'a' is replaced")));
}
END_TEST

START_TEST(test_rebind_when_it_was_gone)
{
	kit_add(&kit, "a", kit.thing, "{}");
	kit_add(&kit, "b", kit.thing, "{\"Role\":\"@a.Arn\"}");
	kit_settle(&kit);
	kit_live(&kit, "a")->seen = SEEN_ABSENT;
	ck_assert(kit_plan(&kit));
	ck_assert_str_eq(kit_kind(&kit, "a"), "create");
	ck_assert_str_eq(kit_kind(&kit, "b"), "update");
	unit_str_eq(kit_action(&kit, "b")->rebind.items[0], "Role");
}
END_TEST

START_TEST(test_child_goes_with_its_parent)
{
	const struct action *act;

	cascade("{\"Mode\":\"a\"}", "{\"Mode\":\"b\"}", kit.child, "{\"Parent\":\"@a.Id\"}");
	act = kit_action(&kit, "b");
	ck_assert_int_eq(act->kind, ACTION_REPLACE);
	unit_str_eq(act->cascade, "a");
	ck_assert(!act->delete_first);
	kit_settle(&kit);
}
END_TEST

START_TEST(test_child_goes_before_a_parent_that_goes_first)
{
	const struct action *act;

	cascade("{\"Name\":\"n\",\"Mode\":\"a\"}", "{\"Name\":\"n\",\"Mode\":\"b\"}", kit.child,
		"{\"Parent\":\"@a.Arn\"}");
	act = kit_action(&kit, "b");
	ck_assert_int_eq(act->kind, ACTION_REPLACE);
	ck_assert(kit_action(&kit, "a")->delete_first);
	ck_assert(act->delete_first);
	ck_assert(str_contains(act->reason, STR("'a' goes first")));
	kit_settle(&kit);
}
END_TEST

START_TEST(test_chain_is_told)
{
	kit_add(&kit, "a", kit.thing, "{\"Mode\":\"a\"}");
	kit_add(&kit, "b", kit.thing, "{\"Mode\":\"@a.Id\"}");
	kit_add(&kit, "c", kit.thing, "{\"Mode\":\"@b.Id\"}");
	kit_settle(&kit);
	kit_model(&kit);
	kit_add(&kit, "a", kit.thing, "{\"Mode\":\"b\"}");
	kit_add(&kit, "b", kit.thing, "{\"Mode\":\"@a.Id\"}");
	kit_add(&kit, "c", kit.thing, "{\"Mode\":\"@b.Id\"}");
	ck_assert(kit_plan(&kit));
	ck_assert(str_contains(kit_action(&kit, "c")->reason, STR("'b', because of 'a'")));
	unit_str_eq(kit_action(&kit, "c")->cascade, "b");
	kit_settle(&kit);
}
END_TEST

/* ---- identity of what cannot be tagged ---- */

START_TEST(test_key_owner)
{
	const struct value *sid;
	struct str first;

	kit_add(&kit, "orders", kit.keyed, "{\"Mode\":\"a\"}");
	kit_settle(&kit);
	sid = value_get_c(&kit.plan.resolved[0].properties, "Sid");
	ck_assert(sid && str_starts(sid->string, STR("effc-")));
	ck_assert_uint_eq(sid->string.length, 5 + 32);
	first = sid->string;
	kit_model(&kit);
	kit_add(&kit, "orders", kit.keyed, "{\"Mode\":\"b\"}");
	ck_assert(kit_plan(&kit));
	sid = value_get_c(&kit.plan.resolved[0].properties, "Sid");
	ck_assert(!str_equal(first, sid->string));
	kit_settle(&kit);
}
END_TEST

START_TEST(test_users_key_is_kept)
{
	kit_add(&kit, "orders", kit.keyed, "{\"Sid\":\"mine\"}");
	kit_settle(&kit);
	unit_str_eq(value_get_str(&kit.plan.resolved[0].properties, "Sid"), "mine");
}
END_TEST

START_TEST(test_description_owner)
{
	struct str note;

	kit_add(&kit, "a", kit.described, "{\"Note\":\"mine\"}");
	kit_add(&kit, "b", kit.described, "{}");
	kit_settle(&kit);
	note = value_get_str(&kit.plan.resolved[0].properties, "Note");
	ck_assert(str_starts(note, STR("mine effortless:instance=")));
	ck_assert_uint_eq(note.length, strlen("mine effortless:instance=") + 32);
	note = value_get_str(&kit.plan.resolved[1].properties, "Note");
	ck_assert(str_starts(note, STR("effortless:instance=")));
}
END_TEST

START_TEST(test_tag_owner_keeps_the_users_tags)
{
	const struct value *tags;

	kit_add(&kit, "a", kit.thing, "{\"Tags\":[{\"Key\":\"team\",\"Value\":\"x\"}]}");
	kit_settle(&kit);
	tags = value_get_c(&kit.plan.resolved[0].properties, "Tags");
	ck_assert_uint_eq(tags->list.count, 2);
	unit_str_eq(value_get_str(&tags->list.items[0], "Key"), "team");
	unit_str_eq(value_get_str(&tags->list.items[1], "Key"), "effortless:instance");
	/* The model's own list is as it was. */
	ck_assert_uint_eq(value_get_c(&kit.model.resources[0].properties, "Tags")->list.count, 1);
}
END_TEST

START_TEST(test_tags_of_a_map_type)
{
	const struct value *tags;

	kit.thing->tags_are_map = true;
	kit_add(&kit, "a", kit.thing, "{\"Tags\":{\"team\":\"x\"}}");
	kit_add(&kit, "b", kit.thing, "{}");
	ck_assert(kit_plan(&kit));
	for (int i = 0; i < 2; i++) {
		tags = value_get_c(&kit.plan.resolved[i].properties, "Tags");
		ck_assert_int_eq(tags->kind, VALUE_MAP);
		ck_assert_uint_eq(value_get_c(tags, "effortless:instance")->string.length, 32);
	}
}
END_TEST

static void fill(TCase *tc)
{
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, test_edits, 0, sizeof(edits) / sizeof(edits[0]));
	tcase_add_test(tc, test_rule_of_an_item_that_comes_or_goes);
	tcase_add_test(tc, test_generated_name_gets_a_suffix);
	tcase_add_test(tc, test_removed_property_with_a_default_is_set_to_it);
	tcase_add_test(tc, test_unique_key_forces_delete_first);
	tcase_add_test(tc, test_older_generation_that_stands_is_not_foreign);
	tcase_add_test(tc, test_who_came_after_the_older_generation_is_foreign);
	tcase_add_test(tc, test_unique_key_of_an_older_generation);
	tcase_add_test(tc, test_other_unique_key_is_created_first);
	tcase_add_test(tc, test_other_type_at_the_address);
	tcase_add_test(tc, test_other_region_replaces);
	tcase_add_loop_test(tc, test_cascades, 0, sizeof(cascades) / sizeof(cascades[0]));
	tcase_add_test(tc, test_rebind_names_its_property);
	tcase_add_test(tc, test_rebind_when_it_was_gone);
	tcase_add_test(tc, test_child_goes_with_its_parent);
	tcase_add_test(tc, test_child_goes_before_a_parent_that_goes_first);
	tcase_add_test(tc, test_chain_is_told);
	tcase_add_test(tc, test_key_owner);
	tcase_add_test(tc, test_users_key_is_kept);
	tcase_add_test(tc, test_description_owner);
	tcase_add_test(tc, test_tag_owner_keeps_the_users_tags);
	tcase_add_test(tc, test_tags_of_a_map_type);
}

int main(void)
{
	return unit_run("replace", fill);
}
