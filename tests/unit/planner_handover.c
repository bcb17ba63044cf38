#include "planner_kit.h"

/* What may exist once changes hands: always in an order that the graph can hold. */
static struct kit kit;

static void setup(void)
{
	kit_init(&kit);
	kit_model(&kit);
}

static void teardown(void)
{
	kit_release(&kit);
}

static void must_settle(void)
{
	ck_assert_msg(kit_plan(&kit), "%.*s", STR_ARG(kit.diags.count ? kit.diags.items[0].text :
						      STR("no plan")));
	kit_settle(&kit);
}

/* The holder needs the taker, so it cannot wait until that is made. */
START_TEST(test_taker_is_needed_by_the_holder)
{
	kit_add(&kit, "b", kit.fixed, "{\"Key\":\"k1\"}");
	kit_settle(&kit);
	kit_model(&kit);
	kit_add(&kit, "a", kit.fixed, "{\"Key\":\"k1\"}");
	kit_add(&kit, "b", kit.fixed, "{\"Key\":\"k2\",\"Role\":\"@a.Id\"}");
	ck_assert(kit_plan(&kit));
	ck_assert(kit_action(&kit, "b")->delete_first);
	ck_assert(str_contains(kit_action(&kit, "b")->reason, STR("'a' takes what it had")));
	must_settle();
}
END_TEST

START_TEST(test_keys_are_swapped)
{
	static const char *const keys[] = { "{\"Key\":\"k1\"}", "{\"Key\":\"k2\"}", "{\"Key\":\"k3\"}" };
	static const char *const names[] = { "a", "b", "c" };
	int count = _i + 2;
	size_t first = 0;

	for (int i = 0; i < count; i++)
		kit_add(&kit, names[i], kit.fixed, keys[i]);
	kit_settle(&kit);
	kit_model(&kit);
	for (int i = 0; i < count; i++)
		kit_add(&kit, names[i], kit.fixed, keys[(i + 1) % count]);
	ck_assert_msg(kit_plan(&kit), "%.*s", STR_ARG(kit.diags.count ? kit.diags.items[0].text :
						      STR("")));
	for (size_t i = 0; i < kit.plan.action_count; i++)
		first += kit.plan.actions[i].delete_first;
	/* No more than it takes is away for a moment. */
	ck_assert_uint_eq(first, 1);
	must_settle();
}
END_TEST

/* Handed on without a circle, nothing has to go first. */
START_TEST(test_a_key_is_handed_on)
{
	kit_add(&kit, "a", kit.fixed, "{\"Key\":\"k1\"}");
	kit_settle(&kit);
	kit_model(&kit);
	kit_add(&kit, "a", kit.fixed, "{\"Key\":\"k2\"}");
	kit_add(&kit, "b", kit.fixed, "{\"Key\":\"k1\",\"Role\":\"@a.Id\"}");
	ck_assert(kit_plan(&kit));
	ck_assert(!kit_action(&kit, "a")->delete_first);
	must_settle();
}
END_TEST

static void fill(TCase *tc)
{
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, test_taker_is_needed_by_the_holder);
	tcase_add_loop_test(tc, test_keys_are_swapped, 0, 2);
	tcase_add_test(tc, test_a_key_is_handed_on);
}

int main(void)
{
	return unit_run("handover", fill);
}
