#include "planner_kit.h"

/* renamed_from: what the state has under one address is another's. */

static struct kit kit;

static void setup(void) { kit_init(&kit); }
static void teardown(void) { kit_release(&kit); }

#define OLD "{\"Size\":1,\"Mode\":\"a\"}"

static void old_one(void)
{
	kit_add(&kit, "old", kit.thing, OLD);
	kit_settle(&kit);
}

static struct resource *add_renamed(const char *address, const char *properties)
{
	struct resource *r = kit_add(&kit, address, kit.thing, properties);

	kit_renamed(&kit, r, "old");
	return r;
}

static void plan_of(const char *properties)
{
	kit_model(&kit);
	add_renamed("new", properties);
	ck_assert(kit_plan(&kit));
}

START_TEST(test_row_moves)
{
	struct str instance, name;

	old_one();
	instance = kit_row(&kit, "old")->instance;
	name = kit_row(&kit, "old")->name;
	plan_of(OLD);
	ck_assert_uint_eq(kit.plan.action_count, 1);
	ck_assert_str_eq(kit_kind(&kit, "new"), "rename");
	unit_str_eq(kit_action(&kit, "new")->renamed_from, "old");
	ck_assert_uint_eq(kit.plan.counts.rename, 1);
	kit_apply(&kit);
	ck_assert_ptr_null(state_find(&kit.state, STR("old")));
	ck_assert(str_equal(kit_row(&kit, "new")->instance, instance));
	ck_assert(str_equal(kit_row(&kit, "new")->name, name));
	/* Once it is done, the key says nothing. */
	plan_of(OLD);
	ck_assert_uint_eq(kit.plan.action_count, 0);
}
END_TEST

START_TEST(test_edit_on_the_way)
{
	old_one();
	plan_of("{\"Size\":2,\"Mode\":\"a\"}");
	ck_assert_str_eq(kit_kind(&kit, "new"), "update");
	ck_assert(str_starts(kit_action(&kit, "new")->reason, STR("it was 'old'; ")));
	kit_apply(&kit);
	plan_of("{\"Size\":2,\"Mode\":\"a\"}");
	ck_assert_uint_eq(kit.plan.action_count, 0);
}
END_TEST

/* The tag that names the block follows it. */
START_TEST(test_labels_follow)
{
	static const char *const tagged[] = {
		"{\"Tags\":[{\"Key\":\"effortless:handler\",\"Value\":\"old\"}]}",
		"{\"Tags\":[{\"Key\":\"effortless:handler\",\"Value\":\"new\"}]}",
	};

	kit_add(&kit, "old", kit.thing, tagged[0]);
	kit_settle(&kit);
	plan_of(tagged[1]);
	ck_assert_str_eq(kit_kind(&kit, "new"), "rename");
	ck_assert_uint_eq(kit_action(&kit, "new")->changes.count, 1);
	ck_assert(action_updates(kit_action(&kit, "new")));
	kit_apply(&kit);
	plan_of(tagged[1]);
	ck_assert_uint_eq(kit.plan.action_count, 0);
}
END_TEST

START_TEST(test_replacement_under_the_new_address)
{
	old_one();
	plan_of("{\"Size\":1,\"Mode\":\"b\"}");
	ck_assert_str_eq(kit_kind(&kit, "new"), "replace");
	ck_assert_uint_eq(kit_action(&kit, "new")->generation, 1);
	kit_apply(&kit);
	plan_of("{\"Size\":1,\"Mode\":\"b\"}");
	ck_assert_uint_eq(kit.plan.action_count, 0);
}
END_TEST

START_TEST(test_guard_goes_along)
{
	old_one();
	kit_row(&kit, "old")->guard = GUARD_HARD;
	plan_of("{\"Size\":1,\"Mode\":\"b\"}");
	ck_assert_int_eq(kit_action(&kit, "new")->blocked, GUARD_HARD);
}
END_TEST

/* Something new at the old address is another instance, with another name. */
START_TEST(test_old_address_is_used_again)
{
	const struct action *act;

	old_one();
	plan_of(OLD);
	kit_apply(&kit);
	kit_model(&kit);
	add_renamed("new", OLD);
	kit_add(&kit, "old", kit.thing, OLD);
	ck_assert(kit_plan(&kit));
	act = kit_action(&kit, "old");
	ck_assert_str_eq(kit_kind(&kit, "old"), "create");
	ck_assert_uint_eq(act->generation, 1);
	ck_assert(!str_equal(act->name, kit_row(&kit, "new")->name));
	ck_assert(!str_equal(act->instance, kit_row(&kit, "new")->instance));
	kit_settle(&kit);
}
END_TEST

/* Who uses it is not moved, and its order still counts. */
START_TEST(test_users_keep_their_edges)
{
	kit_add(&kit, "old", kit.thing, OLD);
	kit_add(&kit, "user", kit.thing, "{\"Note\":\"@old.Id\"}");
	kit_settle(&kit);
	kit_model(&kit);
	add_renamed("new", OLD);
	kit_add(&kit, "user", kit.thing, "{\"Note\":\"@new.Id\"}");
	ck_assert(kit_plan(&kit));
	ck_assert_str_eq(kit_kind(&kit, "user"), "metadata");
	/* The old one of a replacement goes after its user was moved. */
	kit_model(&kit);
	add_renamed("new", "{\"Mode\":\"b\"}");
	kit_add(&kit, "user", kit.thing, "{\"Note\":\"@new.Id\"}");
	ck_assert(kit_plan(&kit));
	ck_assert_str_eq(kit_kind(&kit, "user"), "update");
	for (size_t i = 0; i < kit.plan.node_count; i++) {
		const struct node *node = &kit.plan.nodes[i];

		if (node->kind == NODE_REMOVE)
			ck_assert_uint_eq(node->after_count, 2);
	}
	kit_settle(&kit);
}
END_TEST

static const struct {
	const char *rows[3], *addresses[3];	/* in the state, in the spec */
	const char *renamed[3];			/* those of the spec from "old" */
	const char *says;
} conflicts[] = {
	{ { "new", "old" }, { "new" }, { "new" }, "the state has both" },
	{ { "old" }, { "new", "old" }, { "new" }, "still in the spec" },
	{ { "old" }, { "a", "b" }, { "a", "b" }, "so is another block" },
	/* Done long ago, and the old address is in use again. */
	{ { "new", "old" }, { "new", "old" }, { "new" }, NULL },
	{ { NULL }, { "new" }, { "new" }, NULL },
};

START_TEST(test_conflicts)
{
	for (int i = 0; i < 3 && conflicts[_i].rows[i]; i++)
		kit_add(&kit, conflicts[_i].rows[i], kit.thing, OLD);
	kit_settle(&kit);
	kit_model(&kit);
	for (int i = 0; i < 3 && conflicts[_i].addresses[i]; i++) {
		const char *address = conflicts[_i].addresses[i];
		bool renamed = false;

		for (int n = 0; n < 3 && conflicts[_i].renamed[n]; n++)
			renamed = renamed || !strcmp(conflicts[_i].renamed[n], address);
		if (renamed)
			add_renamed(address, OLD);
		else
			kit_add(&kit, address, kit.thing, OLD);
	}
	ck_assert_int_eq(kit_plan(&kit), !conflicts[_i].says);
	if (conflicts[_i].says)
		ck_assert(str_contains(kit.diags.items[0].text, str_from_c(conflicts[_i].says)));
}
END_TEST

START_TEST(test_first_address_that_is_there_counts)
{
	struct resource *r;

	old_one();
	kit_model(&kit);
	r = kit_add(&kit, "new", kit.thing, OLD);
	kit_renamed(&kit, r, "older");
	kit_renamed(&kit, r, "old");
	ck_assert(kit_plan(&kit));
	ck_assert_str_eq(kit_kind(&kit, "new"), "rename");
}
END_TEST

/* What an earlier run left to be collected is still collected. */
START_TEST(test_older_generations_go_along)
{
	struct row *older;

	old_one();
	older = arena_new(&kit.arena, struct row);
	*older = *kit_row(&kit, "old");
	kit_row(&kit, "old")->previous = older;
	kit_row(&kit, "old")->generation = 1;
	kit_row(&kit, "old")->status = ROW_REPLACED;
	plan_of(OLD);
	ck_assert_str_eq(kit_kind(&kit, "new"), "rename");
	ck_assert_uint_eq(kit.plan.node_count, 2);
	kit_apply(&kit);
	plan_of(OLD);
	ck_assert_uint_eq(kit.plan.action_count, 0);
}
END_TEST

START_TEST(test_destroy_takes_it_where_it_is)
{
	old_one();
	kit.options.destroy = true;
	plan_of(OLD);
	ck_assert_str_eq(kit_kind(&kit, "old"), "delete");
}
END_TEST

/* ---- what looks renamed ---- */

static const struct {
	const char *old, *made;		/* properties */
	const char *from, *to;		/* addresses */
	const char *edit;		/* NULL: it does not look so */
} likely[] = {
	{ OLD, OLD, "old", "new", "renamed_from = \"old\"" },
	{ "{\"Size\":1,\"Mode\":\"a\",\"Wait\":5,\"Swap\":\"x\",\"Key\":\"k\"}",
	  "{\"Size\":2,\"Mode\":\"a\",\"Wait\":5,\"Swap\":\"x\",\"Key\":\"k\"}", "old", "new",
	  "renamed_from = \"old\"" },
	{ OLD, "{\"Size\":2,\"Mode\":\"a\"}", "old", "new", NULL },
	{ "{\"Size\":1}", "{\"Size\":1,\"Mode\":\"a\"}", "old", "new", NULL },
	/* Names and tags say nothing. */
	{ "{\"Size\":1,\"Name\":\"a\"}", "{\"Size\":1,\"Name\":\"b\"}", "old", "new",
	  "renamed_from = \"old\"" },
	{ "{}", "{}", "old", "new", NULL },
	{ OLD, OLD, "old['a']", "new['a']", "renamed_from = \"old\"" },
	{ OLD, OLD, "old['a']", "new['b']", "renamed_from = { \"b\" = \"old['a']\" }" },
	{ OLD, OLD, "old", "new['b']", "renamed_from = { \"b\" = \"old\" }" },
	{ OLD, OLD, "old['a']", "new", "renamed_from = \"old['a']\"" },
	{ OLD, OLD, "module.m.old", "module.m.new", "renamed_from = \"old\"" },
	{ OLD, OLD, "module.m.old", "new", "renamed_from = \"module.m.old\"" },
	{ OLD, OLD, "old", "module.m.new", NULL },
	{ OLD, OLD, "old/part", "new/part", NULL },
};

START_TEST(test_likely)
{
	kit_add(&kit, likely[_i].from, kit.thing, likely[_i].old);
	kit_settle(&kit);
	kit_model(&kit);
	kit_add(&kit, likely[_i].to, kit.thing, likely[_i].made);
	ck_assert(kit_plan(&kit));
	ck_assert_uint_eq(kit.plan.likely_count, likely[_i].edit != NULL);
	if (!likely[_i].edit)
		return;
	unit_str_eq(kit.plan.likely[0].edit, likely[_i].edit);
	ck_assert(str_contains(kit_text(&kit, false), str_from_c(likely[_i].edit)));
}
END_TEST

/* One after the other: each renaming alone is clear. */
START_TEST(test_chain_in_two_applies)
{
	kit_add(&kit, "a", kit.thing, OLD);
	kit_add(&kit, "b", kit.thing, OLD);
	kit_settle(&kit);
	kit_model(&kit);
	kit_renamed(&kit, kit_add(&kit, "b", kit.thing, OLD), "a");
	kit_renamed(&kit, kit_add(&kit, "c", kit.thing, OLD), "b");
	ck_assert(!kit_plan(&kit));
	ck_assert(str_contains(kit.diags.items[0].text, STR("another block from this one")));
	kit.diags.count = kit.diags.error_count = 0;
	kit_model(&kit);
	kit_add(&kit, "a", kit.thing, OLD);
	kit_renamed(&kit, kit_add(&kit, "c", kit.thing, OLD), "b");
	kit_settle(&kit);
}
END_TEST

/* Each goes to the one that it is most like, and to one only. */
START_TEST(test_likely_pairs)
{
	kit_add(&kit, "a", kit.thing, "{\"Size\":1,\"Mode\":\"a\"}");
	kit_add(&kit, "b", kit.thing, "{\"Size\":2,\"Mode\":\"b\"}");
	kit_settle(&kit);
	kit_model(&kit);
	kit_add(&kit, "x", kit.thing, "{\"Size\":2,\"Mode\":\"b\"}");
	kit_add(&kit, "y", kit.thing, "{\"Size\":1,\"Mode\":\"a\"}");
	kit_add(&kit, "z", kit.thing, "{\"Size\":1,\"Mode\":\"a\"}");
	ck_assert(kit_plan(&kit));
	ck_assert_uint_eq(kit.plan.likely_count, 2);
	unit_str_eq(kit.plan.likely[0].from, "b");
	unit_str_eq(kit.plan.likely[0].to, "x");
	unit_str_eq(kit.plan.likely[1].from, "a");
	unit_str_eq(kit.plan.likely[1].to, "y");
}
END_TEST

static void fill(TCase *tc)
{
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, test_row_moves);
	tcase_add_test(tc, test_edit_on_the_way);
	tcase_add_test(tc, test_labels_follow);
	tcase_add_test(tc, test_replacement_under_the_new_address);
	tcase_add_test(tc, test_guard_goes_along);
	tcase_add_test(tc, test_old_address_is_used_again);
	tcase_add_test(tc, test_users_keep_their_edges);
	tcase_add_loop_test(tc, test_conflicts, 0, sizeof(conflicts) / sizeof(conflicts[0]));
	tcase_add_test(tc, test_chain_in_two_applies);
	tcase_add_test(tc, test_first_address_that_is_there_counts);
	tcase_add_test(tc, test_older_generations_go_along);
	tcase_add_test(tc, test_destroy_takes_it_where_it_is);
	tcase_add_loop_test(tc, test_likely, 0, sizeof(likely) / sizeof(likely[0]));
	tcase_add_test(tc, test_likely_pairs);
}

int main(void)
{
	return unit_run("rename", fill);
}
