#include "planner_kit.h"

static struct kit kit;

static void setup(void) { kit_init(&kit); }
static void teardown(void) { kit_release(&kit); }

/* ---- what is live against what was live when it was applied ---- */

static const struct {
	const char *what, *wanted;
	const char *property, *live;	/* what AWS says now; NULL: as it was */
	const char *baseline;		/* what it said after the apply; NULL: as made */
	const char *path;		/* of the drift; NULL: there is none */
} drifts[] = {
	{ "nothing moved", "{\"Size\":1}", "Size", "1", NULL, NULL },
	{ "a value moved", "{\"Size\":1}", "Size", "2", NULL, "Size" },
	{ "a value vanished", "{\"Size\":1}", "Size", "null", NULL, "Size" },
	{ "what is not managed moved", "{\"Size\":1}", "Note", "\"x\"", NULL, NULL },
	{ "a default that is not managed moved", "{\"Size\":1}", "Wait", "60", NULL, NULL },
	{ "it moved to what is wanted", "{\"Size\":1}", "Size", "1", "2", NULL },
	{ "text for a number", "{\"Size\":1}", "Size", "\"1\"", NULL, NULL },
	{ "AWS always said it otherwise", "{\"Note\":\"a\"}", "Note", "\"A!\"", "\"A!\"", NULL },
	{ "a list moved", "{\"List\":[\"a\",\"b\"]}", "List", "[\"b\",\"a\"]", NULL, "List" },
	{ "a set was shuffled", "{\"Set\":[\"a\",\"b\"]}", "Set", "[\"b\",\"a\"]", NULL, NULL },
	{ "a set grew", "{\"Set\":[\"a\"]}", "Set", "[\"b\",\"a\"]", NULL, "Set" },
	{ "no set is an empty one", "{\"Set\":[]}", "Set", "null", NULL, NULL },
	{ "keyed items were shuffled", "{\"Rules\":[{\"Id\":\"a\",\"Value\":\"1\"},{\"Id\":\"b\"}]}",
	  "Rules", "[{\"Id\":\"b\"},{\"Id\":\"a\",\"Value\":\"1\"}]", NULL, NULL },
	{ "a keyed item moved", "{\"Rules\":[{\"Id\":\"a\",\"Value\":\"1\"},{\"Id\":\"b\"}]}",
	  "Rules", "[{\"Id\":\"b\"},{\"Id\":\"a\",\"Value\":\"2\"}]", NULL, "Rules[a].Value" },
	{ "a keyed item appeared", "{\"Rules\":[{\"Id\":\"a\"}]}",
	  "Rules", "[{\"Id\":\"a\"},{\"Id\":\"x\"}]", NULL, "Rules[x]" },
	{ "a keyed item vanished", "{\"Rules\":[{\"Id\":\"a\",\"Value\":\"1\"},{\"Id\":\"b\"}]}",
	  "Rules", "[{\"Id\":\"b\"}]", NULL, "Rules[a].Id" },
	{ "a keyed item has a default", "{\"Rules\":[{\"Id\":\"a\"}]}",
	  "Rules", "[{\"Id\":\"a\",\"Value\":\"x\"}]", NULL, NULL },
	{ "text in another case", "{\"Description\":\"Hello\"}", "Description", "\"HELLO\"", NULL, NULL },
	{ "other text", "{\"Description\":\"Hello\"}", "Description", "\"bye\"", NULL, "Description" },
	{ "what is ignored", "{\"Nested\":{\"Id\":\"i\",\"Value\":\"v\"}}", "Nested",
	  "{\"Id\":\"i\",\"Value\":\"w\"}", NULL, NULL },
	{ "nested", "{\"Nested\":{\"Id\":\"i\",\"Value\":\"v\"}}", "Nested",
	  "{\"Id\":\"j\",\"Value\":\"w\"}", NULL, "Nested.Id" },
	{ "a member that is not managed", "{\"Nested\":{\"Id\":\"i\"}}", "Nested",
	  "{\"Id\":\"i\",\"Fixed\":\"w\"}", NULL, NULL },
	{ "a policy said otherwise",
	  "{\"Policy\":{\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"sqs:SendMessage\","
	  "\"Resource\":[\"b\",\"a\"]}]}}", "Policy",
	  "\"{\\\"Statement\\\":{\\\"Action\\\":[\\\"SQS:sendmessage\\\"],\\\"Effect\\\":"
	  "\\\"Allow\\\",\\\"Resource\\\":[\\\"a\\\",\\\"b\\\"]}}\"", NULL, NULL },
	{ "a policy that says more",
	  "{\"Policy\":{\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"sqs:SendMessage\"}]}}", "Policy",
	  "{\"Statement\":[{\"Effect\":\"Allow\",\"Action\":[\"sqs:SendMessage\",\"sqs:*\"]}]}", NULL,
	  "Policy" },
	{ "what cannot change in place is never drift", "{\"Mode\":\"a\"}", "Mode", "\"b\"", NULL, NULL },
	{ "our tag vanished", "{\"Tags\":[{\"Key\":\"team\",\"Value\":\"x\"}]}", "Tags", "[]", NULL,
	  "Tags[team].Key" },
};

START_TEST(test_drift)
{
	const struct action *act;
	struct row *row;

	kit_add(&kit, "orders", kit.thing, drifts[_i].wanted);
	kit_settle(&kit);
	row = kit_row(&kit, "orders");
	kit_touch(&kit, "orders", drifts[_i].property, drifts[_i].live);
	if (drifts[_i].baseline)
		value_set(&kit.arena, &row->baseline, str_from_c(drifts[_i].property),
			  kit_json(&kit, drifts[_i].baseline));
	ck_assert(kit_plan(&kit));
	act = kit_action(&kit, "orders");
	if (!drifts[_i].path) {
		ck_assert_msg(!act, "%s: %.*s", drifts[_i].what, STR_ARG(kit_text(&kit, true)));
		return;
	}
	ck_assert_msg(act && act->kind == ACTION_UPDATE, "%s", drifts[_i].what);
	unit_str_eq(act->changes.items[0].path, drifts[_i].path);
	ck_assert(act->changes.items[0].drift);
	ck_assert_uint_eq(act->rebind.count, 1);
	unit_str_eq(act->rebind.items[0], drifts[_i].property);
	ck_assert(str_contains(act->reason, STR("changed outside")));
	kit_settle(&kit);
}
END_TEST

START_TEST(test_foreign_tags_are_left_alone)
{
	kit_add(&kit, "orders", kit.thing, "{\"Tags\":[{\"Key\":\"team\",\"Value\":\"x\"}]}");
	kit_settle(&kit);
	kit_touch(&kit, "orders", "Tags",
		  str_to_c(&kit.arena, str_format(&kit.arena,
			"[{\"Key\":\"org\",\"Value\":\"new\"},{\"Key\":\"effortless:instance\","
			"\"Value\":\"%.*s\"},{\"Key\":\"team\",\"Value\":\"x\"}]",
			STR_ARG(kit_row(&kit, "orders")->instance))));
	ck_assert(kit_plan(&kit));
	ck_assert_uint_eq(kit.plan.action_count, 0);
	kit_touch(&kit, "orders", "Tags",
		  str_to_c(&kit.arena, str_format(&kit.arena,
			"[{\"Key\":\"effortless:instance\",\"Value\":\"%.*s\"},"
			"{\"Key\":\"team\",\"Value\":\"y\"}]",
			STR_ARG(kit_row(&kit, "orders")->instance))));
	ck_assert(kit_plan(&kit));
	unit_str_eq(kit_action(&kit, "orders")->changes.items[0].path, "Tags[team].Value");
}
END_TEST

START_TEST(test_removed_tag_is_a_change)
{
	const struct change *change;

	kit_add(&kit, "orders", kit.thing, "{\"Tags\":[{\"Key\":\"team\",\"Value\":\"x\"}]}");
	kit_settle(&kit);
	kit_model(&kit);
	kit_add(&kit, "orders", kit.thing, "{}");
	ck_assert(kit_plan(&kit));
	ck_assert_uint_eq(kit_action(&kit, "orders")->changes.count, 2);
	change = &kit_action(&kit, "orders")->changes.items[0];
	unit_str_eq(change->path, "Tags[team].Key");
	ck_assert_int_eq(change->after.kind, VALUE_NULL);
	ck_assert(!change->drift);
}
END_TEST

START_TEST(test_watched_attribute)
{
	const struct action *act;

	kit_add(&kit, "orders", kit.thing, "{\"Code\":\"zip\"}");
	kit_settle(&kit);
	value_set(&kit.arena, &kit_live(&kit, "orders")->attributes, STR("CodeDigest"),
		  value_string(STR("other")));
	ck_assert(kit_plan(&kit));
	act = kit_action(&kit, "orders");
	ck_assert_int_eq(act->kind, ACTION_UPDATE);
	unit_str_eq(act->changes.items[0].path, "CodeDigest");
	unit_str_eq(act->rebind.items[0], "Code");
}
END_TEST

START_TEST(test_no_baseline_no_drift)
{
	kit_add(&kit, "orders", kit.thing, "{\"Size\":1}");
	kit_settle(&kit);
	kit_row(&kit, "orders")->baseline = value_null();
	kit_touch(&kit, "orders", "Size", "5");
	ck_assert(kit_plan(&kit));
	ck_assert_uint_eq(kit.plan.action_count, 0);
}
END_TEST

START_TEST(test_offline_sees_no_drift)
{
	kit_add(&kit, "orders", kit.thing, "{\"Size\":1}");
	kit_settle(&kit);
	kit_touch(&kit, "orders", "Size", "5");
	kit.options.offline = true;
	ck_assert(kit_plan(&kit));
	ck_assert_uint_eq(kit.plan.action_count, 0);
	ck_assert(str_contains(kit_text(&kit, false), STR("not compared with what is live")));
}
END_TEST

START_TEST(test_repair_starts_from_what_is_live)
{
	const struct action *act;

	kit_add(&kit, "orders", kit.thing, "{\"Size\":1,\"Note\":\"n\",\"List\":[\"a\"]}");
	kit_settle(&kit);
	kit_row(&kit, "orders")->status = ROW_UPDATING;
	kit_row(&kit, "orders")->before = value_copy(&kit.arena, &kit_row(&kit, "orders")->properties);
	value_set(&kit.arena, &kit_row(&kit, "orders")->before, STR("Size"), value_int(7));
	value_set(&kit.arena, &kit_row(&kit, "orders")->before, STR("Set"),
		  kit_json(&kit, "[\"gone\"]"));
	kit_touch(&kit, "orders", "Size", "7");
	kit_touch(&kit, "orders", "Set", "[\"gone\"]");
	ck_assert(kit_plan(&kit));
	act = kit_action(&kit, "orders");
	ck_assert_msg(act->repair, "%.*s", STR_ARG(kit_text(&kit, true)));
	ck_assert_uint_eq(act->changes.count, 2);
	unit_str_eq(act->changes.items[0].path, "Size");
	ck_assert_int_eq(act->changes.items[0].before.integer, 7);
	unit_str_eq(act->changes.items[1].path, "Set");
	ck_assert_int_eq(act->changes.items[1].after.kind, VALUE_NULL);
	ck_assert_ptr_eq(act->live, kit_live(&kit, "orders"));
}
END_TEST

/* ---- properties_match: what the executor asks ---- */

static const struct { const char *wanted, *live; bool same; } matches[] = {
	{ "{}", "{\"Size\":1}", true },
	{ "{\"Size\":1}", "{\"Size\":1,\"Note\":\"x\"}", true },
	{ "{\"Size\":1}", "{\"Size\":\"1\"}", true },
	{ "{\"Size\":1}", "{}", false },
	{ "{\"Wait\":30}", "{}", true },
	{ "{\"Wait\":31}", "{}", false },
	{ "{\"Code\":\"zip\"}", "{}", true },
	{ "{\"Set\":[\"a\",\"b\"]}", "{\"Set\":[\"b\",\"a\"]}", true },
	{ "{\"Set\":[\"a\",\"a\"]}", "{\"Set\":[\"b\",\"a\"]}", false },
	{ "{\"List\":[\"a\",\"b\"]}", "{\"List\":[\"b\",\"a\"]}", false },
	{ "{\"Rules\":[{\"Id\":\"a\"}]}", "{\"Rules\":[{\"Id\":\"a\",\"Value\":\"AWS\"}]}", true },
	{ "{\"Rules\":[{\"Id\":\"a\"}]}", "{\"Rules\":[{\"Id\":\"b\"}]}", false },
	{ "{\"Rules\":[{\"Id\":\"a\"}]}", "{\"Rules\":[{\"Id\":\"a\"},{\"Id\":\"b\"}]}", false },
	{ "{\"Tags\":[{\"Key\":\"a\",\"Value\":\"1\"}]}",
	  "{\"Tags\":[{\"Key\":\"x\",\"Value\":\"1\"},{\"Key\":\"a\",\"Value\":\"1\"}]}", true },
	{ "{\"Nested\":{\"Id\":\"a\",\"Value\":\"x\"}}", "{\"Nested\":{\"Id\":\"a\"}}", true },
	{ "{\"Nested\":{}}", "{}", true },
	{ "{\"Policy\":\"{\\\"a\\\": 1}\"}", "{\"Policy\":{\"a\":1}}", true },
	{ "{\"Policy\":{\"Statement\":[{\"Principal\":{\"AWS\":\"arn:aws:iam::111122223333:root\"}}]}}",
	  "{\"Policy\":{\"Statement\":[{\"Principal\":{\"AWS\":[\"111122223333\"]}}]}}", true },
	{ "{\"Policy\":{\"Statement\":[{\"Principal\":\"*\"}]}}",
	  "{\"Policy\":{\"Statement\":[{\"Principal\":{\"AWS\":\"*\"}}]}}", true },
	{ "{\"Policy\":{\"Statement\":[{\"Condition\":{\"Bool\":{\"aws:SecureTransport\":true}}}]}}",
	  "{\"Policy\":{\"Statement\":{\"Condition\":{\"Bool\":{\"aws:securetransport\":\"true\"}}}}}",
	  true },
	{ "{\"Policy\":{\"Statement\":[{\"Resource\":\"a\"}]}}",
	  "{\"Policy\":{\"Statement\":[{\"NotResource\":\"a\"}]}}", false },
};

START_TEST(test_matches)
{
	struct resource r = { .schema = kit.thing };
	struct value wanted = kit_json(&kit, matches[_i].wanted);
	struct value live = kit_json(&kit, matches[_i].live);

	ck_assert_msg(properties_match(&kit.arena, &r, &wanted, &live) == matches[_i].same,
		      "%s against %s", matches[_i].wanted, matches[_i].live);
}
END_TEST

static void fill(TCase *tc)
{
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, test_drift, 0, sizeof(drifts) / sizeof(drifts[0]));
	tcase_add_test(tc, test_foreign_tags_are_left_alone);
	tcase_add_test(tc, test_removed_tag_is_a_change);
	tcase_add_test(tc, test_watched_attribute);
	tcase_add_test(tc, test_no_baseline_no_drift);
	tcase_add_test(tc, test_offline_sees_no_drift);
	tcase_add_test(tc, test_repair_starts_from_what_is_live);
	tcase_add_loop_test(tc, test_matches, 0, sizeof(matches) / sizeof(matches[0]));
}

int main(void)
{
	return unit_run("drift", fill);
}
