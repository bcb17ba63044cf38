#include "planner_kit.h"

/* import: what exists becomes ours, and nothing of it needs another one. */

static struct kit kit;

/* The kit's thing is addressed by its name. */
static void setup(void)
{
	struct driver *driver;

	kit_init(&kit);
	driver = (struct driver *)(uintptr_t)(const void *)kit.thing->driver;
	driver->key = (struct str_list){ arena_array(&kit.arena, struct str, 1), 1 };
	driver->key.items[0] = STR("Name");
	driver->key_is_chosen = true;
}

static void teardown(void) { kit_release(&kit); }

static void there(enum seen seen, const char *properties)
{
	struct observed *live = kit_live(&kit, "queue");

	live->seen = seen;
	live->properties = kit_json(&kit, properties);
	live->attributes = kit_json(&kit, "{\"Id\":\"id-9\"}");
	live->owner = STR("the CloudFormation stack 'x'");
}

static const struct action *plan_import(const char *wanted)
{
	kit_model(&kit);
	kit_import(&kit, kit_add(&kit, "queue", kit.thing, wanted), "legacy");
	ck_assert(kit_plan(&kit));
	return kit_action(&kit, "queue");
}

static const struct {
	const char *wanted, *live;
	size_t changes;
	const char *conflict;		/* part of it; NULL: none */
} table[] = {
	{ "{\"Size\":1}", "{\"Name\":\"legacy\",\"Size\":1,\"Note\":\"more\"}", 0, NULL },
	{ "{\"Size\":2}", "{\"Name\":\"legacy\",\"Size\":1}", 1, NULL },
	{ "{\"Size\":2,\"Note\":\"a\"}", "{\"Name\":\"legacy\"}", 2, NULL },
	/* The marks that it gets are no difference, tags of the spec are. */
	{ "{\"Tags\":[{\"Key\":\"effortless:handler\",\"Value\":\"queue\"}]}", "{\"Name\":\"legacy\"}",
	  0, NULL },
	{ "{\"Tags\":[{\"Key\":\"team\",\"Value\":\"a\"}]}", "{\"Name\":\"legacy\"}", 1, NULL },
	{ "{\"Tags\":[{\"Key\":\"team\",\"Value\":\"a\"}]}",
	  "{\"Name\":\"legacy\",\"Tags\":[{\"Key\":\"team\",\"Value\":\"a\"},{\"Key\":\"x\",\"Value\":\"y\"}]}",
	  0, NULL },
	{ "{\"Mode\":\"b\"}", "{\"Name\":\"legacy\",\"Mode\":\"a\"}", 1, "cannot be changed: Mode" },
	{ "{\"Swap\":\"b\"}", "{\"Name\":\"legacy\",\"Swap\":\"a\"}", 1, "cannot be changed: Swap" },
	{ "{\"Name\":\"other\"}", "{\"Name\":\"legacy\"}", 1, "cannot be changed: Name" },
};

START_TEST(test_table)
{
	const struct action *act;

	there(SEEN_FOUND, table[_i].live);
	act = plan_import(table[_i].wanted);
	ck_assert_str_eq(kit_kind(&kit, "queue"), "adopt");
	ck_assert_msg(act->changes.count == table[_i].changes, "%.*s", STR_ARG(kit_text(&kit, true)));
	ck_assert_int_eq(act->conflict.length > 0, table[_i].conflict != NULL);
	if (table[_i].conflict) {
		ck_assert_msg(str_contains(act->conflict, str_from_c(table[_i].conflict)), "%.*s",
			      STR_ARG(act->conflict));
		return;
	}
	unit_str_eq(act->name, "legacy");
	ck_assert_uint_eq(kit.plan.counts.adopt, 1);
	kit_apply(&kit);
	unit_str_eq(kit_row(&kit, "queue")->name, "legacy");
	ck_assert_ptr_null(plan_import(table[_i].wanted));
}
END_TEST

START_TEST(test_absent_and_foreign)
{
	there(SEEN_ABSENT, "{}");
	ck_assert(str_contains(plan_import("{}")->conflict, STR("there is no")));
	there(SEEN_FOREIGN, "{}");
	ck_assert(str_contains(plan_import("{}")->conflict, STR("CloudFormation")));
	ck_assert(str_contains(kit_action(&kit, "queue")->conflict, STR("--take-over queue")));
	ck_assert_uint_eq(kit.plan.resolved[0].adoption, ADOPT_FREE);
	kit.options.take_over = (struct str_list){ arena_array(&kit.arena, struct str, 1), 1 };
	kit.options.take_over.items[0] = STR("queue");
	plan_import("{}");
	ck_assert_uint_eq(kit.plan.resolved[0].adoption, ADOPT_ANY);
}
END_TEST

/* Two addresses of one thing would fight over it. */
START_TEST(test_ours_already)
{
	kit_add(&kit, "mine", kit.thing, "{\"Name\":\"legacy\"}");
	kit_settle(&kit);
	there(SEEN_FOUND, "{\"Name\":\"legacy\"}");
	kit_model(&kit);
	kit_add(&kit, "mine", kit.thing, "{\"Name\":\"legacy\"}");
	kit_import(&kit, kit_add(&kit, "queue", kit.thing, "{}"), "legacy");
	ck_assert(kit_plan(&kit));
	ck_assert(str_contains(kit_action(&kit, "queue")->conflict, STR("'mine' of this stack")));
}
END_TEST

/* What names it knows what it is at once. */
START_TEST(test_attributes_are_known)
{
	there(SEEN_FOUND, "{\"Name\":\"legacy\"}");
	kit_import(&kit, kit_add(&kit, "queue", kit.thing, "{}"), "legacy");
	kit_add(&kit, "user", kit.thing, "{\"Note\":\"@queue.Id\"}");
	ck_assert(kit_plan(&kit));
	unit_str_eq(value_get_c(&kit.plan.resolved[1].properties, "Note")->string, "id-9");
}
END_TEST

/* Killed before it was marked: nobody knows whether it is ours, so it is asked for again. */
START_TEST(test_begun_is_begun_again)
{
	struct row *row;

	there(SEEN_FOUND, "{\"Name\":\"legacy\"}");
	plan_import("{}");
	kit_apply(&kit);
	row = kit_row(&kit, "queue");
	row->status = ROW_UPDATING;
	row->adopting = true;
	plan_import("{}");
	ck_assert_str_eq(kit_kind(&kit, "queue"), "adopt");
	kit_model(&kit);
	ck_assert(kit_plan(&kit));
	ck_assert_str_eq(kit_kind(&kit, "queue"), "forget");
}
END_TEST

START_TEST(test_offline_says_so)
{
	kit.options.offline = true;
	plan_import("{}");
	ck_assert_str_eq(kit_kind(&kit, "queue"), "adopt");
	ck_assert_uint_eq(kit_action(&kit, "queue")->conflict.length, 0);
}
END_TEST

/* ---- identifiers ---- */

static const struct {
	const char *key[2], *template, *identifier, *want;
	bool chosen;
} keys[] = {
	{ { "Name" }, "arn:{partition}:sqs:{region}:{account}:{Name}", "orders", "{\"Name\":\"orders\"}",
	  true },
	{ { "Name" }, "arn:{partition}:sqs:{region}:{account}:{Name}",
	  "arn:aws:sqs:eu-west-1:1:orders", "{\"Name\":\"orders\"}", true },
	{ { "Name" }, "arn:{partition}:sqs:{region}:{account}:{Name}",
	  "https://sqs.eu-west-1.amazonaws.com/1/orders", "{\"Name\":\"orders\"}", true },
	{ { "Name" }, "arn:{partition}:logs:{region}:{account}:log-group:{Name}:*",
	  "arn:aws:logs:eu-west-1:1:log-group:/aws/lambda/x:*", "{\"Name\":\"/aws/lambda/x\"}", true },
	{ { "Name" }, "arn:{partition}:iam::{account}:role{Path|/}{Name}",
	  "arn:aws:iam::1:role/service/x", "{\"Name\":\"x\"}", true },
	{ { "Name" }, "arn:{partition}:x:{Name}", "/shop/db/url", "{\"Name\":\"/shop/db/url\"}", true },
	{ { "ApiId", "RouteId" }, "", "a|b", "{\"ApiId\":\"a\",\"RouteId\":\"b\"}", false },
	{ { "ApiId", "RouteId" }, "", "a|b|c", "{\"ApiId\":\"a\",\"RouteId\":\"b|c\"}", false },
	{ { "ApiId", "RouteId" }, "", "a", "{\"ApiId\":\"a\"}", false },
};

START_TEST(test_key_of_an_identifier)
{
	struct known_attribute known = { STR("Arn"), str_from_c(keys[_i].template) };
	struct str names[2] = { str_from_c(keys[_i].key[0]),
				str_from_c(keys[_i].key[1] ? keys[_i].key[1] : "") };
	struct driver driver = {
		.known = &known, .known_count = 1, .key_is_chosen = keys[_i].chosen,
		.key = { names, keys[_i].key[1] ? 2 : 1 },
	};
	struct schema schema = { .driver = &driver };
	struct value key = plan_adopted_key(&kit.arena, &schema, str_from_c(keys[_i].identifier));

	unit_str_eq(json_text(&kit.arena, &key), keys[_i].want);
}
END_TEST

static void fill(TCase *tc)
{
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, test_table, 0, sizeof(table) / sizeof(table[0]));
	tcase_add_test(tc, test_absent_and_foreign);
	tcase_add_test(tc, test_ours_already);
	tcase_add_test(tc, test_attributes_are_known);
	tcase_add_test(tc, test_begun_is_begun_again);
	tcase_add_test(tc, test_offline_says_so);
	tcase_add_loop_test(tc, test_key_of_an_identifier, 0, sizeof(keys) / sizeof(keys[0]));
}

int main(void)
{
	return unit_run("adopt", fill);
}
