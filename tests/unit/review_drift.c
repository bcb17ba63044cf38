#include "planner_kit.h"

#include "planner/revision.h"
#include "review/drift.h"

static struct kit kit;
static struct drift drift;

static void setup(void) { kit_init(&kit); }
static void teardown(void) { kit_release(&kit); }

static struct str found(void)
{
	const struct observation none = { 0 };
	struct plan pending;
	struct buf out;

	ck_assert(kit_plan(&kit));
	ck_assert(plan_make(&kit.arena, &kit.model, &kit.state, &none, &kit.options, &pending,
			    &kit.diags));
	drift_make(&kit.arena, &kit.review, &kit.live, &pending, &drift);
	buf_init(&out, &kit.arena);
	drift_print_text(&out, &drift, false);
	return buf_str(&out);
}

static void start(void)
{
	kit_add(&kit, "a", kit.thing, "{\"Size\":1,\"Note\":\"n\"}");
	kit_add(&kit, "b", kit.thing, "{\"Environment\":{\"Variables\":{\"KEY\":\"x\"}}}");
	kit_add(&kit, "c", kit.thing, "{}");
	kit_settle(&kit);
	kit_model(&kit);
}

START_TEST(test_nothing_moved)
{
	start();
	kit_add(&kit, "a", kit.thing, "{\"Size\":2,\"Note\":\"n\"}");
	kit_add(&kit, "c", kit.thing, "{}");
	kit_add(&kit, "d", kit.thing, "{}");
	unit_str_eq(found(), "shop/dev  nothing moved outside, 3 as applied\n");
	ck_assert_uint_eq(drift.edited.count, 3);
}
END_TEST

START_TEST(test_what_moved)
{
	start();
	kit_add(&kit, "a", kit.thing, "{\"Size\":3,\"Note\":\"n\"}");
	kit_add(&kit, "b", kit.thing, "{\"Environment\":{\"Variables\":{\"KEY\":\"x\"}}}");
	kit_touch(&kit, "a", "Size", "2");
	kit_touch(&kit, "a", "Note", "null");
	kit_touch(&kit, "b", "Environment", "{\"Variables\":{\"KEY\":\"hunter2\"}}");
	kit_live(&kit, "c")->seen = SEEN_ABSENT;
	unit_str_eq(found(),
		    "shop/dev  3 moved outside, 0 as applied\n"
		    "\n"
		    "  ~   a  Test::Kit::Thing\n"
		    "        Size 3 -> 2\n"
		    "        Note \"n\" -> none\n"
		    "        the spec wants it changed as well: see effc plan\n"
		    "  ~   b  Test::Kit::Thing\n"
		    "        Environment.Variables.KEY (changed)\n"
		    "  -   c  Test::Kit::Thing\n"
		    "        it was deleted\n"
		    "        the spec wants it changed as well: see effc plan\n");
}
END_TEST

START_TEST(test_what_is_not_compared)
{
	start();
	kit_add(&kit, "a", kit.thing, "{\"Size\":1,\"Note\":\"n\"}");
	kit_add(&kit, "b", kit.thing, "{\"Environment\":{\"Variables\":{\"KEY\":\"x\"}}}");
	kit_add(&kit, "c", kit.thing, "{}");
	kit_row(&kit, "a")->status = ROW_UPDATING;
	kit_touch(&kit, "a", "Size", "2");
	kit_live(&kit, "b")->seen = SEEN_NOT_READ;
	kit_live(&kit, "c")->seen = SEEN_FOREIGN;
	unit_str_eq(found(),
		    "shop/dev  1 moved outside, 0 as applied\n"
		    "1 could not be looked at\n"
		    "1 left unfinished by an earlier run: effc apply goes on\n"
		    "\n"
		    "  !   c  Test::Kit::Thing\n"
		    "        it was deleted, and what has its name now is not ours\n");
}
END_TEST

START_TEST(test_json)
{
	struct buf out;

	start();
	kit_add(&kit, "a", kit.thing, "{\"Size\":1,\"Note\":\"n\"}");
	kit_add(&kit, "b", kit.thing, "{\"Environment\":{\"Variables\":{\"KEY\":\"x\"}}}");
	kit_add(&kit, "c", kit.thing, "{}");
	kit_row(&kit, "a")->identifier = kit_row(&kit, "b")->identifier = STR("");
	kit_touch(&kit, "a", "Size", "2");
	kit_touch(&kit, "b", "Environment", "{}");
	found();
	buf_init(&out, &kit.arena);
	drift_print_json(&out, &drift);
	unit_str_eq(buf_str(&out),
		    "{\"format_version\":\"1.0\",\"project\":\"shop\",\"stage\":\"dev\","
		    "\"region\":\"eu-west-1\",\"same\":1,\"unread\":0,\"unfinished\":0,\"drift\":[\n "
		    "{\"address\":\"a\",\"label\":\"a\",\"type\":\"Test::Kit::Thing\","
		    "\"kind\":\"changed\",\"changes\":[{\"path\":\"Size\",\"wanted\":1,\"live\":2}]},\n "
		    "{\"address\":\"b\",\"label\":\"b\",\"type\":\"Test::Kit::Thing\","
		    "\"kind\":\"changed\",\"changes\":[{\"path\":\"Environment.Variables.KEY\","
		    "\"sensitive\":true}]}]}\n");
}
END_TEST

/* ---- what a saved plan is held to ---- */

static const struct {
	const char *property, *before, *after;
	bool moves;
} revisions[] = {
	{ "Size", "1", "2", true },
	{ "Size", "1", "null", true },
	{ "Note", "null", "\"x\"", true },
	{ "Set", "[\"a\",\"b\"]", "[\"b\",\"a\"]", false },
	{ "Set", "[\"a\",\"b\"]", "[\"a\"]", true },
	{ "Set", "[]", "null", false },
	{ "List", "[\"a\",\"b\"]", "[\"b\",\"a\"]", true },
	{ "Rules", "[{\"Id\":\"a\"},{\"Id\":\"b\"}]", "[{\"Id\":\"b\"},{\"Id\":\"a\"}]", false },
	{ "Rules", "[{\"Id\":\"a\"}]", "[{\"Id\":\"a\",\"Value\":\"1\"}]", true },
	{ "Description", "\"Hello\"", "\"HELLO\"", false },
	{ "Nested", "{\"Id\":\"i\",\"Value\":\"v\"}", "{\"Id\":\"i\",\"Value\":\"w\"}", false },
	{ "Nested", "{\"Id\":\"i\"}", "{\"Id\":\"j\"}", true },
	{ "Policy", "{\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"sqs:SendMessage\"}]}",
	  "\"{\\\"Statement\\\":{\\\"Action\\\":[\\\"SQS:sendmessage\\\"],\\\"Effect\\\":"
	  "\\\"Allow\\\"}}\"", false },
	{ "Policy", "{\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"sqs:SendMessage\"}]}",
	  "{\"Statement\":[{\"Effect\":\"Deny\",\"Action\":\"sqs:SendMessage\"}]}", true },
	{ "Code", "\"x\"", "\"y\"", false },
};

static struct value revision(void)
{
	return revision_live(&kit.arena, &kit.plan, NULL, &kit.live, STR("key"));
}

START_TEST(test_revision)
{
	struct value before, after;

	kit_add(&kit, "a", kit.thing, "{}");
	kit_settle(&kit);
	kit_touch(&kit, "a", revisions[_i].property, revisions[_i].before);
	before = revision();
	kit_touch(&kit, "a", revisions[_i].property, revisions[_i].after);
	after = revision();
	ck_assert_msg(value_equal(&before, &after) != revisions[_i].moves, "%s to %s",
		      revisions[_i].property, revisions[_i].after);
}
END_TEST

/* Of attributes only those count that nothing but a change of it changes. */
START_TEST(test_revision_of_attributes)
{
	struct value before, after;

	kit_add(&kit, "a", kit.thing, "{}");
	kit_settle(&kit);
	before = revision();
	kit_live(&kit, "a")->attributes = kit_json(&kit, "{\"ItemCount\":7}");
	after = revision();
	ck_assert(!value_path(&after, STR("a.ItemCount")));
	kit_live(&kit, "a")->attributes = kit_json(&kit, "{\"CodeDigest\":\"1\",\"Id\":\"2\"}");
	after = revision();
	ck_assert(value_path(&after, STR("a.CodeDigest")) && value_path(&after, STR("a.Id")));
	ck_assert(!value_equal(&before, &after));
}
END_TEST

/* Also what is never shown: a plan of another secret is another plan. */
START_TEST(test_revision_of_what_is_wanted)
{
	static const char *const texts[] = { "x", "y" };
	struct value digests[2];

	for (size_t i = 0; i < 2; i++) {
		kit_model(&kit);
		kit_add(&kit, "b", kit.thing,
			str_format(&kit.arena, "{\"Environment\":{\"Variables\":{\"KEY\":\"%s\"}}}",
				   texts[i]).data);
		ck_assert(kit_plan(&kit));
		digests[i] = revision_wanted(&kit.arena, &kit.plan, STR("key"));
		ck_assert_uint_eq(digests[i].map.count, 1);
	}
	ck_assert(!value_equal(&digests[0], &digests[1]));
}
END_TEST

static void fill(TCase *tc)
{
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, test_nothing_moved);
	tcase_add_test(tc, test_what_moved);
	tcase_add_test(tc, test_what_is_not_compared);
	tcase_add_test(tc, test_json);
	tcase_add_loop_test(tc, test_revision, 0, sizeof(revisions) / sizeof(*revisions));
	tcase_add_test(tc, test_revision_of_attributes);
	tcase_add_test(tc, test_revision_of_what_is_wanted);
}

int main(void)
{
	return unit_run("drift", fill);
}
