#include "planner_kit.h"

/* --target and --replace: a part of the plan, and what nothing else asks for. */

static struct kit kit;

static void setup(void) { kit_init(&kit); }
static void teardown(void) { kit_release(&kit); }

static struct str_list names(const char *a, const char *b)
{
	struct str *items = arena_array(&kit.arena, struct str, 2);

	items[0] = str_from_c(a);
	items[1] = str_from_c(b ? b : "");
	return (struct str_list){ items, b ? 2 : 1 };
}

/* "top" needs "middle" needs "base"; "side" stands alone. */
static void chain(const char *size, const char *base)
{
	kit_model(&kit);
	kit_add(&kit, "base", kit.thing, base);
	kit_add(&kit, "middle", kit.thing, "{\"Note\":\"@base.Id\"}");
	kit_add(&kit, "side", kit.thing, str_to_c(&kit.arena, str_format(&kit.arena,
		"{\"Size\":%s}", size)));
	kit_add(&kit, "top", kit.thing, str_to_c(&kit.arena, str_format(&kit.arena,
		"{\"Size\":%s,\"Note\":\"@middle.Id\"}", size)));
}

START_TEST(test_closure_over_what_it_needs)
{
	chain("1", "{}");
	kit.options.targets = names("middle", NULL);
	ck_assert(kit_plan(&kit));
	ck_assert_str_eq(kit_kind(&kit, "base"), "create");
	ck_assert_str_eq(kit_kind(&kit, "middle"), "create");
	ck_assert_uint_eq(kit.plan.action_count, 2);
	ck_assert_uint_eq(kit.plan.asked_for, 1);
	ck_assert_uint_eq(kit.plan.added, 1);
	ck_assert_uint_eq(kit.plan.left_out, 2);
	ck_assert(str_contains(kit_text(&kit, false), STR("only what --target names: 1, and 1")));
	kit_apply(&kit);
	/* What was left out is planned when it is asked for. */
	kit.options.targets = (struct str_list){ 0 };
	chain("1", "{}");
	ck_assert(kit_plan(&kit));
	ck_assert_uint_eq(kit.plan.counts.create, 2);
}
END_TEST

START_TEST(test_edits_elsewhere_are_left)
{
	chain("1", "{}");
	kit_settle(&kit);
	kit_touch(&kit, "side", "Size", "9");
	chain("2", "{}");
	kit.options.targets = names("top", NULL);
	ck_assert(kit_plan(&kit));
	ck_assert_uint_eq(kit.plan.action_count, 1);
	ck_assert_str_eq(kit_kind(&kit, "top"), "update");
	ck_assert_uint_eq(kit.plan.left_out, 1);
	kit_apply(&kit);
	ck_assert_int_eq(value_get_c(&kit_row(&kit, "side")->properties, "Size")->integer, 1);
}
END_TEST

/* Who uses what is replaced has to be moved before the old one goes. */
START_TEST(test_users_of_what_is_replaced_come_along)
{
	chain("1", "{\"Mode\":\"a\"}");
	kit_settle(&kit);
	chain("2", "{\"Mode\":\"b\"}");
	kit.options.targets = names("base", NULL);
	ck_assert(kit_plan(&kit));
	ck_assert_str_eq(kit_kind(&kit, "base"), "replace");
	ck_assert_str_eq(kit_kind(&kit, "middle"), "update");
	ck_assert_str_eq(kit_kind(&kit, "top"), "none");
	ck_assert_str_eq(kit_kind(&kit, "side"), "none");
	ck_assert_uint_eq(kit.plan.added, 1);
	kit_apply(&kit);
}
END_TEST

/* What goes takes along what stands on it; all else that nobody wants stays. */
START_TEST(test_removals)
{
	kit_add(&kit, "base", kit.thing, "{}");
	kit_add(&kit, "middle", kit.thing, "{\"Note\":\"@base.Id\"}");
	kit_add(&kit, "other", kit.thing, "{}");
	kit_add(&kit, "user", kit.thing, "{\"Note\":\"@base.Id\",\"Size\":1}");
	kit_settle(&kit);
	kit_model(&kit);
	kit_add(&kit, "user", kit.thing, "{\"Note\":\"free\",\"Size\":1}");
	kit.options.targets = names("base", NULL);
	ck_assert(kit_plan(&kit));
	ck_assert_str_eq(kit_kind(&kit, "base"), "delete");
	ck_assert_str_eq(kit_kind(&kit, "middle"), "delete");
	ck_assert_str_eq(kit_kind(&kit, "user"), "update");
	ck_assert_str_eq(kit_kind(&kit, "other"), "none");
	ck_assert_uint_eq(kit.plan.left_out, 1);
}
END_TEST

START_TEST(test_destroy_of_a_part)
{
	chain("1", "{}");
	kit_settle(&kit);
	chain("1", "{}");
	kit.options.destroy = true;
	kit.options.targets = names("middle", NULL);
	ck_assert(kit_plan(&kit));
	ck_assert_str_eq(kit_kind(&kit, "middle"), "delete");
	ck_assert_str_eq(kit_kind(&kit, "top"), "delete");
	ck_assert_str_eq(kit_kind(&kit, "base"), "none");
	ck_assert_uint_eq(kit.plan.counts.delete, 2);
	ck_assert_uint_eq(kit.plan.added, 1);
	ck_assert_uint_eq(kit.plan.left_out, 2);
}
END_TEST

/* A block that was renamed and is left out keeps its row. */
START_TEST(test_renamed_and_left_out)
{
	kit_add(&kit, "old", kit.thing, "{}");
	kit_add(&kit, "side", kit.thing, "{}");
	kit_settle(&kit);
	kit_model(&kit);
	kit_renamed(&kit, kit_add(&kit, "new", kit.thing, "{}"), "old");
	kit_add(&kit, "side", kit.thing, "{\"Size\":3}");
	kit.options.targets = names("side", NULL);
	ck_assert(kit_plan(&kit));
	ck_assert_uint_eq(kit.plan.action_count, 1);
	ck_assert_str_eq(kit_kind(&kit, "side"), "update");
}
END_TEST

static const struct {
	const char *target, *address;
	bool within;
} within[] = {
	{ "orders", "orders", true }, { "orders", "orders/role", true },
	{ "orders/role", "orders", false }, { "orders/role", "orders/role", true },
	{ "orders", "orders2", false }, { "private", "private['a']", true },
	{ "private['a']", "private['a']/role", true }, { "private['a']", "private['b']", false },
	{ "module.cdn", "module.cdn.site", true }, { "module.cdn", "module.cdn['eu'].site", true },
	{ "module.cdn['eu']", "module.cdn['eu'].inner.site/logs", true },
	{ "module.cdn['eu']", "module.cdn['us'].site", false },
	{ "module.cd", "module.cdn.site", false }, { "module.cdn.site", "module.cdn.site/x", true },
	{ "site", "module.cdn.site", false }, { "no address", "orders", false }, { "", "orders", false },
};

START_TEST(test_within)
{
	struct address address;

	ck_assert(address_parse(&kit.arena, str_from_c(within[_i].address), &address));
	ck_assert_msg(address_is_within(&kit.arena, str_from_c(within[_i].target), &address) ==
		      within[_i].within, "%s in %s", within[_i].address, within[_i].target);
}
END_TEST

/* ---- --replace ---- */

START_TEST(test_replace)
{
	chain("1", "{}");
	kit_settle(&kit);
	chain("1", "{}");
	kit.options.replace = names("base", NULL);
	ck_assert(kit_plan(&kit));
	ck_assert_str_eq(kit_kind(&kit, "base"), "replace");
	unit_str_eq(kit_action(&kit, "base")->reason, "asked for by --replace");
	ck_assert_str_eq(kit_kind(&kit, "middle"), "update");
	ck_assert_str_eq(kit_kind(&kit, "side"), "none");
	kit_apply(&kit);
	kit.options.replace = (struct str_list){ 0 };
	chain("1", "{}");
	ck_assert(kit_plan(&kit));
	ck_assert_uint_eq(kit.plan.action_count, 0);
}
END_TEST

START_TEST(test_replace_is_guarded)
{
	chain("1", "{}");
	kit_settle(&kit);
	chain("1", "{}");
	kit_row(&kit, "base")->guard = GUARD_HARD;
	kit.options.replace = names("base", NULL);
	ck_assert(kit_plan(&kit));
	ck_assert_int_eq(kit_action(&kit, "base")->blocked, GUARD_HARD);
	kit.options.allow_data_loss = names("base", NULL);
	chain("1", "{}");
	ck_assert(kit_plan(&kit));
	ck_assert_int_eq(kit_action(&kit, "base")->blocked, GUARD_NONE);
}
END_TEST

/* Asked again after it was interrupted: it goes on, and no third one is made. */
START_TEST(test_replace_goes_on)
{
	struct row *row, *older;

	chain("1", "{}");
	kit_settle(&kit);
	row = kit_row(&kit, "side");
	older = arena_new(&kit.arena, struct row);
	*older = *row;
	row->previous = older;
	row->generation = 1;
	row->status = ROW_REPLACING;
	row->sent = true;
	chain("1", "{}");
	kit.options.replace = names("side", NULL);
	ck_assert(kit_plan(&kit));
	ck_assert_str_eq(kit_kind(&kit, "side"), "replace");
	ck_assert_uint_eq(kit_action(&kit, "side")->generation, 1);
}
END_TEST

static void fill(TCase *tc)
{
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, test_closure_over_what_it_needs);
	tcase_add_test(tc, test_edits_elsewhere_are_left);
	tcase_add_test(tc, test_users_of_what_is_replaced_come_along);
	tcase_add_test(tc, test_removals);
	tcase_add_test(tc, test_destroy_of_a_part);
	tcase_add_test(tc, test_renamed_and_left_out);
	tcase_add_loop_test(tc, test_within, 0, sizeof(within) / sizeof(within[0]));
	tcase_add_test(tc, test_replace);
	tcase_add_test(tc, test_replace_is_guarded);
	tcase_add_test(tc, test_replace_goes_on);
}

int main(void)
{
	return unit_run("target", fill);
}
