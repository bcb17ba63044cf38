#include "planner_kit.h"

static struct kit kit;

static void setup(void) { kit_init(&kit); }
static void teardown(void) { kit_release(&kit); }

/* ---- status, observation and spec against the action ---- */

enum wish { SAME, EDIT, SWAP, GONE };	/* unchanged, an update, a replacement, not wanted */

static const struct {
	enum row_status status;
	enum seen seen;
	enum wish wish;
	const char *kind;
	bool repair;
	uint32_t generation;
} table[] = {
	{ ROW_CREATING, SEEN_FOUND, SAME, "update", true, 1 },
	{ ROW_CREATING, SEEN_FOUND, EDIT, "update", true, 1 },
	{ ROW_CREATING, SEEN_FOUND, SWAP, "replace", false, 2 },
	{ ROW_CREATING, SEEN_FOUND, GONE, "delete", false, 1 },
	{ ROW_CREATING, SEEN_ABSENT, SAME, "create", true, 1 },
	{ ROW_CREATING, SEEN_ABSENT, EDIT, "create", true, 1 },
	{ ROW_CREATING, SEEN_ABSENT, SWAP, "create", true, 1 },
	{ ROW_CREATING, SEEN_ABSENT, GONE, "delete", false, 1 },
	{ ROW_CREATING, SEEN_NOT_READ, SAME, "create", true, 1 },
	{ ROW_CREATED, SEEN_FOUND, SAME, "none", false, 1 },
	{ ROW_CREATED, SEEN_FOUND, EDIT, "update", false, 1 },
	{ ROW_CREATED, SEEN_FOUND, SWAP, "replace", false, 2 },
	{ ROW_CREATED, SEEN_FOUND, GONE, "delete", false, 1 },
	{ ROW_CREATED, SEEN_ABSENT, SAME, "create", false, 1 },
	{ ROW_CREATED, SEEN_ABSENT, SWAP, "create", false, 1 },
	{ ROW_CREATED, SEEN_ABSENT, GONE, "delete", false, 1 },
	{ ROW_CREATED, SEEN_FOREIGN, SAME, "create", false, 1 },
	{ ROW_CREATED, SEEN_FOREIGN, GONE, "forget", false, 1 },
	{ ROW_CREATED, SEEN_NOT_READ, SAME, "none", false, 1 },
	{ ROW_CREATED, SEEN_NOT_READ, EDIT, "update", false, 1 },
	{ ROW_CREATED, SEEN_NOT_READ, SWAP, "replace", false, 2 },
	{ ROW_UPDATED, SEEN_FOUND, SAME, "none", false, 1 },
	{ ROW_UPDATED, SEEN_FOUND, EDIT, "update", false, 1 },
	{ ROW_UPDATED, SEEN_FOUND, SWAP, "replace", false, 2 },
	{ ROW_UPDATING, SEEN_FOUND, SAME, "update", true, 1 },
	{ ROW_UPDATING, SEEN_FOUND, EDIT, "update", true, 1 },
	{ ROW_UPDATING, SEEN_FOUND, SWAP, "replace", false, 2 },
	{ ROW_UPDATING, SEEN_FOUND, GONE, "delete", false, 1 },
	{ ROW_UPDATING, SEEN_ABSENT, SAME, "create", false, 1 },
	{ ROW_UPDATING, SEEN_NOT_READ, SAME, "update", true, 1 },
	{ ROW_REPLACING, SEEN_FOUND, SAME, "replace", true, 1 },
	{ ROW_REPLACING, SEEN_FOUND, EDIT, "replace", true, 1 },
	{ ROW_REPLACING, SEEN_FOUND, SWAP, "replace", false, 2 },
	{ ROW_REPLACING, SEEN_FOUND, GONE, "delete", false, 1 },
	{ ROW_REPLACING, SEEN_ABSENT, SAME, "replace", true, 1 },
	{ ROW_REPLACING, SEEN_ABSENT, SWAP, "replace", true, 1 },
	{ ROW_REPLACING, SEEN_NOT_READ, SAME, "replace", true, 1 },
	{ ROW_REPLACED, SEEN_FOUND, SAME, "collect", false, 1 },
	{ ROW_REPLACED, SEEN_FOUND, EDIT, "update", false, 1 },
	{ ROW_REPLACED, SEEN_FOUND, SWAP, "replace", false, 2 },
	{ ROW_REPLACED, SEEN_FOUND, GONE, "delete", false, 1 },
	{ ROW_REPLACED, SEEN_ABSENT, SAME, "create", false, 1 },
	{ ROW_DELETING, SEEN_FOUND, SAME, "update", true, 1 },
	{ ROW_DELETING, SEEN_FOUND, EDIT, "update", true, 1 },
	{ ROW_DELETING, SEEN_FOUND, SWAP, "replace", false, 2 },
	{ ROW_DELETING, SEEN_FOUND, GONE, "delete", true, 1 },
	{ ROW_DELETING, SEEN_ABSENT, SAME, "create", true, 1 },
	{ ROW_DELETING, SEEN_ABSENT, GONE, "delete", false, 1 },
	{ ROW_DELETING, SEEN_NOT_READ, SAME, "create", true, 1 },
};

static const char *const wishes[] = {
	[SAME] = "{\"Size\":1,\"Mode\":\"a\"}",
	[EDIT] = "{\"Size\":2,\"Mode\":\"a\"}",
	[SWAP] = "{\"Size\":1,\"Mode\":\"b\"}",
};

/* A row of generation 1 that was applied once, put into a status. */
static struct row *row_in(enum row_status status)
{
	struct row *row, *older;

	kit_add(&kit, "orders", kit.thing, wishes[SAME]);
	kit_settle(&kit);
	row = kit_row(&kit, "orders");
	older = arena_new(&kit.arena, struct row);
	*older = *row;
	row->generation = 1;
	row->instance = STR("11111111111111111111111111111111");
	row->status = status;
	row->sent = true;
	if (status == ROW_REPLACING || status == ROW_REPLACED)
		row->previous = older;
	/* Its tag is what the instance says. */
	kit_model(&kit);
	kit_add(&kit, "orders", kit.thing, wishes[SAME]);
	ck_assert(kit_plan(&kit));
	row->properties = kit.plan.resolved[0].properties;
	row->baseline = row->properties;
	kit_live(&kit, "orders")->properties = row->properties;
	if (status == ROW_UPDATING)
		row->before = row->properties;
	return row;
}

START_TEST(test_table)
{
	const struct action *act;

	row_in(table[_i].status);
	kit_live(&kit, "orders")->seen = table[_i].seen;
	kit_model(&kit);
	if (table[_i].wish != GONE)
		kit_add(&kit, "orders", kit.thing, wishes[table[_i].wish]);
	ck_assert(kit_plan(&kit));
	ck_assert_msg(!strcmp(kit_kind(&kit, "orders"), table[_i].kind), "%s, seen %d, wish %d: %s",
		      row_status_name(table[_i].status), table[_i].seen, table[_i].wish,
		      kit_kind(&kit, "orders"));
	act = kit_action(&kit, "orders");
	if (!act)
		return;
	ck_assert_int_eq(act->repair, table[_i].repair);
	ck_assert_uint_eq(act->generation, table[_i].generation);
	if (act->generation == 1)
		unit_str_eq(act->instance, "11111111111111111111111111111111");
	ck_assert(act->reason.length > 0);
	/* Carried out, whatever it was, nothing is left to do. */
	if (table[_i].seen == SEEN_FOREIGN)
		return;
	kit_apply(&kit);
	ck_assert(kit_plan(&kit));
	ck_assert_msg(!kit.plan.action_count, "%.*s", STR_ARG(kit_text(&kit, true)));
}
END_TEST

START_TEST(test_nested_generations_are_all_collected)
{
	size_t removed = 0;

	row_in(ROW_REPLACING);
	kit_model(&kit);
	kit_add(&kit, "orders", kit.thing, wishes[SWAP]);
	ck_assert(kit_plan(&kit));
	for (size_t i = 0; i < kit.plan.node_count; i++)
		removed += kit.plan.nodes[i].kind == NODE_REMOVE;
	ck_assert_uint_eq(removed, 2);
}
END_TEST

/* What it names was not known when the intent was written, and its row lacks it. */
START_TEST(test_unsent_replacement_is_not_replaced)
{
	struct row *row = row_in(ROW_REPLACING);

	row->sent = false;
	row->properties = kit_json(&kit, "{\"Size\":1}");
	kit_live(&kit, "orders")->seen = SEEN_NOT_READ;
	kit_model(&kit);
	kit_add(&kit, "base", kit.thing, "{}");
	kit_add(&kit, "orders", kit.thing, "{\"Size\":1,\"Mode\":\"@base.Id\"}");
	ck_assert(kit_plan(&kit));
	ck_assert_uint_eq(kit_action(&kit, "orders")->generation, 1);
	ck_assert(kit_action(&kit, "orders")->repair);
}
END_TEST

/* ---- new ones ---- */

START_TEST(test_new_is_created)
{
	const struct action *act;

	kit_add(&kit, "orders", kit.thing, "{}");
	ck_assert(kit_plan(&kit));
	act = kit_action(&kit, "orders");
	ck_assert_int_eq(act->kind, ACTION_CREATE);
	unit_str_eq(act->name, "shop-dev-orders");
	ck_assert_uint_eq(act->instance.length, 32);
	ck_assert_uint_eq(kit.plan.counts.create, 1);
}
END_TEST

START_TEST(test_tombstone_gives_the_next_generation)
{
	struct tombstone grave = { STR("orders"), 4 };
	const struct action *act;

	kit.state.tombstones = &grave;
	kit.state.tombstone_count = 1;
	kit_add(&kit, "orders", kit.thing, "{}");
	ck_assert(kit_plan(&kit));
	act = kit_action(&kit, "orders");
	ck_assert_uint_eq(act->generation, 5);
	/* What was deleted left its name free. */
	unit_str_eq(act->name, "shop-dev-orders");
}
END_TEST

START_TEST(test_foreign_name_is_a_conflict)
{
	const struct action *act;

	kit_live(&kit, "orders")->seen = SEEN_FOREIGN;
	kit_live(&kit, "orders")->owner = STR("instance 77 of project 'other'");
	kit_add(&kit, "orders", kit.thing, "{}");
	ck_assert(kit_plan(&kit));
	act = kit_action(&kit, "orders");
	ck_assert_int_eq(act->kind, ACTION_CREATE);
	ck_assert(str_contains(act->conflict, STR("project 'other'")));
	ck_assert(str_contains(act->conflict, STR("bring its state")));
	ck_assert_uint_eq(kit.plan.counts.conflicts, 1);
}
END_TEST

START_TEST(test_ours_without_a_row_is_taken_over)
{
	kit_live(&kit, "orders")->seen = SEEN_FOUND;
	kit_add(&kit, "orders", kit.thing, "{}");
	ck_assert(kit_plan(&kit));
	ck_assert_str_eq(kit_kind(&kit, "orders"), "create");
	ck_assert(kit_action(&kit, "orders")->repair);
	ck_assert_uint_eq(kit_action(&kit, "orders")->conflict.length, 0);
}
END_TEST

START_TEST(test_chosen_name_is_kept)
{
	kit_add(&kit, "orders", kit.thing, "{\"Size\":1}");
	kit_settle(&kit);
	kit_model(&kit);
	kit_add(&kit, "orders", kit.thing, "{\"Size\":2}")->name.base = STR("other-prod-orders");
	ck_assert(kit_plan(&kit));
	ck_assert_str_eq(kit_kind(&kit, "orders"), "update");
	unit_str_eq(kit_action(&kit, "orders")->name, "shop-dev-orders");
}
END_TEST

START_TEST(test_other_account_is_refused)
{
	kit_add(&kit, "orders", kit.thing, "{}");
	kit.model.scope.account = STR("999999999999");
	ck_assert(!kit_plan(&kit));
	ck_assert(str_contains(kit.diags.items[0].text, STR("111122223333")));
}
END_TEST

START_TEST(test_without_lineage_the_instance_is_unknown)
{
	const struct value *tags;

	kit.state.lineage = (struct str){ 0 };
	kit_add(&kit, "orders", kit.thing, "{}");
	ck_assert(kit_plan(&kit));
	tags = value_get_c(&kit.plan.resolved[0].properties, "Tags");
	ck_assert(tags && value_has_unknown(tags));
	ck_assert(str_contains(kit_text(&kit, false), STR("new stage 'dev'")));
}
END_TEST

/* ---- metadata, retain, guards ---- */

START_TEST(test_guard_change_is_metadata)
{
	kit_add(&kit, "orders", kit.thing, "{}");
	kit_settle(&kit);
	kit_model(&kit);
	kit_add(&kit, "orders", kit.thing, "{}")->guard = GUARD_HARD;
	ck_assert(kit_plan(&kit));
	ck_assert_str_eq(kit_kind(&kit, "orders"), "metadata");
	kit_apply(&kit);
	ck_assert_int_eq(kit_row(&kit, "orders")->guard, GUARD_HARD);
	kit_model(&kit);
	kit_add(&kit, "orders", kit.thing, "{}")->guard = GUARD_HARD;
	ck_assert(kit_plan(&kit));
	ck_assert_uint_eq(kit.plan.action_count, 0);
}
END_TEST

static uint32_t zero;

START_TEST(test_new_edge_is_metadata)
{
	struct resource *r;

	kit_add(&kit, "a", kit.thing, "{}");
	kit_add(&kit, "b", kit.thing, "{}");
	kit_settle(&kit);
	kit_model(&kit);
	kit_add(&kit, "a", kit.thing, "{}");
	r = kit_add(&kit, "b", kit.thing, "{}");
	r->depends_on = &zero;
	r->depends_count = 1;
	ck_assert(kit_plan(&kit));
	ck_assert_str_eq(kit_kind(&kit, "a"), "none");
	ck_assert_str_eq(kit_kind(&kit, "b"), "metadata");
	kit_apply(&kit);
	ck_assert_uint_eq(kit_row(&kit, "b")->edges.count, 1);
	ck_assert(kit_plan(&kit));
	ck_assert_uint_eq(kit.plan.action_count, 0);
}
END_TEST

START_TEST(test_moved_source_and_better_driver_are_nothing)
{
	kit_add(&kit, "orders", kit.thing, "{\"Size\":1}");
	kit_settle(&kit);
	kit_row(&kit, "orders")->source = STR("effortless.toml:99:1");
	kit_row(&kit, "orders")->driver_version = 0;
	value_set(&kit.arena, &kit_live(&kit, "orders")->properties, STR("Note"),
		  value_string(STR("read by the new driver")));
	ck_assert(kit_plan(&kit));
	ck_assert_uint_eq(kit.plan.action_count, 0);
}
END_TEST

START_TEST(test_retained_is_forgotten)
{
	kit_add(&kit, "orders", kit.thing, "{}")->retain = true;
	kit_settle(&kit);
	kit_model(&kit);
	ck_assert(kit_plan(&kit));
	ck_assert_str_eq(kit_kind(&kit, "orders"), "forget");
	kit_apply(&kit);
	ck_assert_uint_eq(kit.state.row_count, 0);
}
END_TEST

static const struct {
	enum guard row, model;
	int64_t messages;		/* -1: not told */
	const char *allow;
	bool wanted;			/* replaced, else deleted */
	enum guard blocked;
} guards[] = {
	{ GUARD_NONE, GUARD_NONE, -1, NULL, true, GUARD_NONE },
	{ GUARD_HARD, GUARD_HARD, -1, NULL, true, GUARD_HARD },
	{ GUARD_HARD, GUARD_NONE, -1, NULL, true, GUARD_HARD },	/* lifted only when recorded */
	{ GUARD_NONE, GUARD_HARD, -1, NULL, true, GUARD_HARD },
	{ GUARD_HARD, GUARD_HARD, -1, "orders", true, GUARD_NONE },
	{ GUARD_HARD, GUARD_HARD, -1, "order", true, GUARD_HARD },
	{ GUARD_HARD, GUARD_HARD, -1, "all", true, GUARD_NONE },
	{ GUARD_HARD, GUARD_NONE, -1, NULL, false, GUARD_HARD },	/* outlives the block */
	{ GUARD_HARD, GUARD_NONE, -1, "orders", false, GUARD_NONE },
	{ GUARD_SOFT, GUARD_SOFT, -1, NULL, false, GUARD_NONE },
	{ GUARD_SOFT, GUARD_SOFT, 0, NULL, false, GUARD_NONE },
	{ GUARD_SOFT, GUARD_SOFT, 3, NULL, false, GUARD_SOFT },
	{ GUARD_SOFT, GUARD_SOFT, 3, "orders", false, GUARD_NONE },
	{ GUARD_SOFT, GUARD_SOFT, 3, NULL, true, GUARD_SOFT },
};

START_TEST(test_guards)
{
	struct str allow = guards[_i].allow ? str_from_c(guards[_i].allow) : (struct str){ 0 };
	const struct action *act;

	kit_add(&kit, "orders", kit.thing, wishes[SAME])->guard = guards[_i].row;
	kit_settle(&kit);
	if (guards[_i].messages >= 0)
		value_set(&kit.arena, &kit_live(&kit, "orders")->facts, STR("messages"),
			  value_int(guards[_i].messages));
	kit.options.allow_data_loss = (struct str_list){ &allow, guards[_i].allow ? 1 : 0 };
	kit_model(&kit);
	if (guards[_i].wanted)
		kit_add(&kit, "orders", kit.thing, wishes[SWAP])->guard = guards[_i].model;
	ck_assert(kit_plan(&kit));
	act = kit_action(&kit, "orders");
	ck_assert_int_eq(act->kind, guards[_i].wanted ? ACTION_REPLACE : ACTION_DELETE);
	ck_assert_int_eq(act->blocked, guards[_i].blocked);
	ck_assert_uint_eq(kit.plan.counts.blocked, guards[_i].blocked != GUARD_NONE);
}
END_TEST

START_TEST(test_gone_data_blocks_nothing)
{
	kit_add(&kit, "orders", kit.thing, "{}")->guard = GUARD_HARD;
	kit_settle(&kit);
	kit_live(&kit, "orders")->seen = SEEN_ABSENT;
	kit_model(&kit);
	ck_assert(kit_plan(&kit));
	ck_assert_int_eq(kit_action(&kit, "orders")->blocked, GUARD_NONE);
}
END_TEST

START_TEST(test_destroy_wants_nothing)
{
	kit_add(&kit, "a", kit.thing, "{}");
	kit_add(&kit, "b", kit.thing, "{\"Note\":\"@a.Id\"}");
	kit_add(&kit, "c", kit.thing, "{}")->retain = true;
	kit_settle(&kit);
	kit.options.destroy = true;
	ck_assert(kit_plan(&kit));
	ck_assert_str_eq(kit_kind(&kit, "a"), "delete");
	ck_assert_str_eq(kit_kind(&kit, "b"), "delete");
	ck_assert_str_eq(kit_kind(&kit, "c"), "forget");
	kit_apply(&kit);
	ck_assert_uint_eq(kit.state.row_count, 0);
}
END_TEST

/* ---- purity ---- */

START_TEST(test_same_inputs_give_the_same_bytes)
{
	struct str first, digest;
	struct buf b;

	kit_add(&kit, "a", kit.thing, wishes[SAME]);
	kit_add(&kit, "b", kit.thing, "{\"Note\":\"@a.Arn\",\"Role\":\"@a.Id\"}");
	kit_settle(&kit);
	kit_model(&kit);
	kit_add(&kit, "a", kit.thing, wishes[SWAP]);
	kit_add(&kit, "b", kit.thing, "{\"Note\":\"@a.Arn\",\"Role\":\"@a.Id\"}");
	kit_add(&kit, "c", kit.thing, "{\"List\":[\"@a.Stream\",\"x\"]}");
	for (int i = 0; i < 3; i++) {
		ck_assert(kit_plan(&kit));
		buf_init(&b, &kit.arena);
		review_print_json(&b, &kit.review);
		review_print_text(&b, &kit.review, true, true);
		review_print_nodes(&b, &kit.plan);
		if (!i) {
			first = buf_str(&b);
			digest = kit.review.digest;
		}
		ck_assert(str_equal(first, buf_str(&b)));
		ck_assert(str_equal(digest, kit.review.digest));
	}
	kit_model(&kit);
	kit_add(&kit, "a", kit.thing, wishes[SAME]);
	ck_assert(kit_plan(&kit));
	ck_assert(!str_equal(digest, kit.review.digest));
}
END_TEST

static void fill(TCase *tc)
{
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, test_table, 0, sizeof(table) / sizeof(table[0]));
	tcase_add_test(tc, test_nested_generations_are_all_collected);
	tcase_add_test(tc, test_unsent_replacement_is_not_replaced);
	tcase_add_test(tc, test_new_is_created);
	tcase_add_test(tc, test_tombstone_gives_the_next_generation);
	tcase_add_test(tc, test_foreign_name_is_a_conflict);
	tcase_add_test(tc, test_ours_without_a_row_is_taken_over);
	tcase_add_test(tc, test_chosen_name_is_kept);
	tcase_add_test(tc, test_other_account_is_refused);
	tcase_add_test(tc, test_without_lineage_the_instance_is_unknown);
	tcase_add_test(tc, test_guard_change_is_metadata);
	tcase_add_test(tc, test_new_edge_is_metadata);
	tcase_add_test(tc, test_moved_source_and_better_driver_are_nothing);
	tcase_add_test(tc, test_retained_is_forgotten);
	tcase_add_loop_test(tc, test_guards, 0, sizeof(guards) / sizeof(guards[0]));
	tcase_add_test(tc, test_gone_data_blocks_nothing);
	tcase_add_test(tc, test_destroy_wants_nothing);
	tcase_add_test(tc, test_same_inputs_give_the_same_bytes);
}

int main(void)
{
	return unit_run("decide", fill);
}
