#include "planner_kit.h"

#include "review/why.h"
#include "schemas/schema.h"

static struct kit kit;
static struct schemas *all;

static void setup(void)
{
	struct error err = { 0 };

	kit_init(&kit);
	all = schemas_open(&kit.arena, schemas_embedded(), &err);
	ck_assert_msg(all != NULL, "%s", err.text);
}

static void teardown(void) { kit_release(&kit); }

static struct why why_of(const char *address)
{
	struct str near = { 0 };
	struct why why;

	ck_assert_msg(why_make(&kit.arena, all, &kit.review, str_from_c(address), &why, &near),
		      "no %s", address);
	return why;
}

static void says(const char *address, const char *want)
{
	struct why why = why_of(address);
	struct buf b;

	buf_init(&b, &kit.arena);
	why_print_text(&b, &why, false);
	unit_str_eq(buf_str(&b), want);
}

/* ---- the text ---- */

/* orders is replaced, child goes with it, user follows, and other stays. */
static void chain(const char *mode)
{
	kit_model(&kit);
	kit_add(&kit, "child", kit.child, "{\"Parent\":\"@orders.Id\"}")->kind = STR("table");
	kit_add(&kit, "orders", kit.thing,
		str_to_c(&kit.arena, str_format(&kit.arena, "{\"Mode\":\"%s\"}", mode)));
	kit.model.resources[1].guard = GUARD_HARD;
	kit_add(&kit, "other", kit.thing, "{\"Note\":\"@steady.Arn\"}");
	kit_add(&kit, "steady", kit.thing, "{}");
	kit_add(&kit, "user", kit.thing, "{\"Role\":\"@child.Id\",\"Size\":1}");
}

START_TEST(test_a_chain_of_causes)
{
	struct why why;

	chain("a");
	kit_settle(&kit);
	kit_row(&kit, "child")->source = STR("effortless.toml:9:1");
	kit_row(&kit, "orders")->source = STR("effortless.toml:4:1");
	chain("b");
	ck_assert(kit_plan(&kit));
	why = why_of("user");
	ck_assert_uint_eq(why.causes.count, 2);
	unit_str_eq(why.causes.items[0].address, "orders");
	unit_str_eq(why.causes.items[0].reason, "Mode cannot change after creation");
	unit_str_eq(why.causes.items[0].place, "effortless.toml:4:1");
	unit_str_eq(why.causes.items[1].label, "table.child");
	says("user",
	     "user  Test::Kit::Thing  update\n"
	     "  from       no line of the spec, [Test.Kit.Thing.user]\n"
	     "  why        changed in the spec: Role; set again since 'child' is replaced: Role\n"
	     "               Role \"id-child-0\" -> (known after apply)\n"
	     "  because    orders is replaced: Mode cannot change after creation  effortless.toml:4:1\n"
	     "             table.child is replaced: Parent cannot change after creation, and it names what is "
	     "replaced: 'orders'  effortless.toml:9:1\n"
	     "  name       shop-dev-user\n"
	     "  guard      none: things of its type hold no data\n"
	     "  needs      table.child (replace)\n"
	     "  waits for  all of these that change\n"
	     "  before     table.child (replace)\n");
}
END_TEST

START_TEST(test_the_root_of_a_chain)
{
	struct why why;

	chain("a");
	kit_settle(&kit);
	chain("b");
	ck_assert(kit_plan(&kit));
	why = why_of("orders");
	ck_assert_uint_eq(why.causes.count, 0);
	unit_str_eq(why.guard, "hard");
	unit_str_eq(why.guard_reason, "its stage or block protects it");
	ck_assert_uint_eq(why.act.blocked, GUARD_HARD);
	ck_assert_uint_eq(why.awaited_by.count, 1);
	unit_str_eq(why.awaited_by.items[0].address, "child");
}
END_TEST

START_TEST(test_what_stays)
{
	chain("a");
	kit_settle(&kit);
	chain("b");
	ck_assert(kit_plan(&kit));
	says("steady",
	     "steady  Test::Kit::Thing  unchanged\n"
	     "  from       no line of the spec, [Test.Kit.Thing.steady]\n"
	     "  why        the spec says what was applied, and so does what is live\n"
	     "  name       shop-dev-steady\n"
	     "  guard      none: things of its type hold no data\n"
	     "  needed by  other\n");
}
END_TEST

START_TEST(test_what_is_only_in_the_state)
{
	chain("a");
	kit_settle(&kit);
	kit_row(&kit, "user")->source = STR("effortless.toml:30:1");
	kit_row(&kit, "user")->guard = GUARD_HARD;
	kit_model(&kit);
	ck_assert(kit_plan(&kit));
	says("user",
	     "user  Test::Kit::Thing  delete\n"
	     "  from       the state alone; it stood at effortless.toml:30:1\n"
	     "  why        it is no longer in the spec\n"
	     "  loses      all data in it (not counted)\n"
	     "  instead    put its block back, or apply it with retain = true before it goes\n"
	     "  name       shop-dev-user\n"
	     "  guard      hard: as the state keeps it from the last apply\n"
	     "             it blocks the apply: --allow-data-loss user allows it once\n"
	     "  needs      child (delete)\n"
	     "  before     child (delete)\n");
}
END_TEST

START_TEST(test_what_was_meant)
{
	struct str near = { 0 };
	struct why why;

	chain("a");
	ck_assert(kit_plan(&kit));
	unit_str_eq(why_of("table.child").act.address, "child");
	ck_assert(!why_make(&kit.arena, all, &kit.review, STR("oders"), &why, &near));
	unit_str_eq(near, "orders");
	ck_assert(!why_make(&kit.arena, all, &kit.review, STR("tabel.child"), &why, &near));
	unit_str_eq(near, "table.child");
	ck_assert(!why_make(&kit.arena, all, &kit.review, STR(""), &why, &near));
}
END_TEST

START_TEST(test_nothing_withheld_is_said)
{
	struct buf b;
	struct why why;

	kit_add(&kit, "api", kit.thing, "{\"Environment\":{\"Variables\":{\"KEY\":\"hunter2\"}}}");
	kit_settle(&kit);
	kit_model(&kit);
	kit_add(&kit, "api", kit.thing, "{\"Environment\":{\"Variables\":{\"KEY\":\"hunter3\"}}}");
	ck_assert(kit_plan(&kit));
	why = why_of("api");
	buf_init(&b, &kit.arena);
	why_print_text(&b, &why, false);
	why_print_json(&b, &why);
	ck_assert(str_contains(buf_str(&b), STR("Environment.Variables.KEY (changed)")));
	ck_assert(!str_contains(buf_str(&b), STR("hunter")));
}
END_TEST

START_TEST(test_json_is_json)
{
	struct error err = { 0 };
	struct value v;
	struct why why;
	struct buf b;

	chain("a");
	kit_settle(&kit);
	chain("b");
	ck_assert(kit_plan(&kit));
	for (uint32_t i = 0; i < kit.model.resource_count; i++) {
		why = why_of(str_to_c(&kit.arena, kit.model.by_address.entries[i].key));
		buf_init(&b, &kit.arena);
		why_print_json(&b, &why);
		ck_assert_msg(json_parse(&kit.arena, buf_str(&b), SPAN_NOWHERE, &v, &err), "%s",
			      err.text);
		unit_str_eq(value_get_str(value_get_c(&v, "resource"), "address"),
			    str_to_c(&kit.arena, kit.model.by_address.entries[i].key));
	}
}
END_TEST

/* ---- calls, by the drivers of the program ---- */

static struct str calls_text(const struct told_call_vec *calls)
{
	struct buf b;

	buf_init(&b, &kit.arena);
	for (size_t i = 0; i < calls->count; i++) {
		const struct told_call *call = &calls->items[i];

		buf_printf(&b, "%s%s%.*s%s", i ? " " : "", call->removes ? "-" : "",
			   STR_ARG(call->operation), call->why == CALL_WAITS ? "..." :
			   call->why == CALL_LOOKS ? "?" : "");
		if (call->times != 1)
			buf_printf(&b, "*%zu", call->times);
		if (call->maybe)
			buf_add_c(&b, "(maybe)");
	}
	return buf_str(&b);
}

static const struct told {
	const char *type, *first, *second;	/* NULL: it goes */
	const char *calls;
} tolds[] = {
	{ "AWS::SQS::Queue", NULL, "{}", "CreateQueue" },
	{ "AWS::SQS::Queue", "{}", "{\"VisibilityTimeout\":60,\"DelaySeconds\":1}",
	  "SetQueueAttributes" },
	{ "AWS::SQS::Queue", "{\"Tags\":[{\"Key\":\"a\",\"Value\":\"1\"}]}",
	  "{\"Tags\":[{\"Key\":\"a\",\"Value\":\"2\"},{\"Key\":\"b\",\"Value\":\"2\"}]}",
	  "TagQueue" },
	{ "AWS::SQS::Queue", "{\"Tags\":[{\"Key\":\"a\",\"Value\":\"1\"}]}",
	  "{\"Tags\":[{\"Key\":\"b\",\"Value\":\"1\"}]}", "UntagQueue TagQueue" },
	{ "AWS::SQS::Queue", "{}", NULL, "-DeleteQueue" },
	{ "AWS::SQS::Queue", "{}", "{\"FifoQueue\":true}",
	  "CreateQueue -DeleteQueue" },
	{ "AWS::Lambda::Function", "{\"MemorySize\":128,\"ReservedConcurrentExecutions\":1}",
	  "{\"MemorySize\":256}",
	  "UpdateFunctionConfiguration GetFunctionConfiguration... DeleteFunctionConcurrency" },
	{ "AWS::Lambda::Function", NULL, "{\"ReservedConcurrentExecutions\":1}",
	  "CreateFunction GetFunctionConfiguration... PutFunctionConcurrency" },
	{ "AWS::IAM::Role",
	  "{\"Policies\":[{\"PolicyName\":\"a\",\"PolicyDocument\":{}},"
	  "{\"PolicyName\":\"b\",\"PolicyDocument\":{}},{\"PolicyName\":\"c\",\"PolicyDocument\":{}}]}",
	  "{\"Policies\":[{\"PolicyName\":\"a\",\"PolicyDocument\":{}},"
	  "{\"PolicyName\":\"d\",\"PolicyDocument\":{}},{\"PolicyName\":\"e\",\"PolicyDocument\":{}}]}",
	  "PutRolePolicy*2 DeleteRolePolicy*2" },
	{ "AWS::IAM::Role", "{\"Policies\":[]}", NULL,
	  "-ListAttachedRolePolicies? -DetachRolePolicy*0 -ListRolePolicies? -DeleteRolePolicy*0 "
	  "-DeleteRole" },
};

START_TEST(test_calls)
{
	const struct told *told = &tolds[_i];
	const struct schema *schema = schema_find(all, str_from_c(told->type));
	struct why why;

	if (told->first) {
		kit_add(&kit, "it", schema, told->first);
		kit_settle(&kit);
		kit_model(&kit);
	}
	if (told->second)
		kit_add(&kit, "it", schema, told->second);
	ck_assert(kit_plan(&kit));
	why = why_of("it");
	unit_str_eq(calls_text(&why.calls), told->calls);
}
END_TEST

static void fill(TCase *tc)
{
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, test_a_chain_of_causes);
	tcase_add_test(tc, test_the_root_of_a_chain);
	tcase_add_test(tc, test_what_stays);
	tcase_add_test(tc, test_what_is_only_in_the_state);
	tcase_add_test(tc, test_what_was_meant);
	tcase_add_test(tc, test_nothing_withheld_is_said);
	tcase_add_test(tc, test_json_is_json);
	tcase_add_loop_test(tc, test_calls, 0, sizeof(tolds) / sizeof(tolds[0]));
}

int main(void)
{
	return unit_run("why", fill);
}
