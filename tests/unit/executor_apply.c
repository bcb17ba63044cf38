#include "executor_kit.h"

#include <string.h>

/*
 * The whole way against the fake service: what is made, changed, replaced and
 * removed, and that a plan afterwards is empty.
 */
#define HEAD "[project]\nname = \"toy\"\nregion = \"eu-west-1\"\n"
#define BOX "[AWS.Toy.Box.box]\nSize = 1\nColor = \"red\"\nPassword = \"hunter2\"\n"
#define CRATE "[AWS.Toy.Crate.crate]\nBoxName = \"${box.Name}\"\nNote = \"n\"\n"
#define LABEL "[AWS.Toy.Label.label]\nText = \"${crate.CrateId}\"\n"
#define OUTPUT "[output.id]\nvalue = \"${crate.CrateId}\"\n"

static struct fake *fake;
static struct arena arena;
static struct str path;

static void setup(void)
{
	arena_init(&arena);
	fake = fake_new();
	path = folder_new(&arena);
}

static void teardown(void)
{
	folder_remove(&arena, path);
	fake_free(fake);
	arena_release(&arena);
}

static void apply(const char *spec)
{
	ck_assert_int_eq(world_run(fake, path, spec, false), APPLY_DONE);
	ck_assert_uint_eq(world_actions(fake, path, spec), 0);
}

START_TEST(makes_all_and_plans_nothing_after)
{
	apply(HEAD BOX CRATE LABEL OUTPUT);
	ck_assert_uint_eq(fake_count(fake, 'B'), 1);
	ck_assert_uint_eq(fake_count(fake, 'C'), 1);
	ck_assert_uint_eq(fake_count(fake, 'L'), 1);
	ck_assert(str_contains(world_state(&arena, path), STR("{\"id\":\"c-1\"}")));
}
END_TEST

START_TEST(an_edit_is_one_update)
{
	apply(HEAD BOX CRATE LABEL);
	fake_clear(fake);
	apply(HEAD BOX "[AWS.Toy.Crate.crate]\nBoxName = \"${box.Name}\"\nNote = \"m\"\n" LABEL);
	ck_assert_uint_eq(fake->mutations, 1);
	ck_assert(str_contains(fake_snapshot(&arena, fake), STR("\"Note\":\"m\"")));
}
END_TEST

START_TEST(a_replacement_moves_what_depends_on_it)
{
	apply(HEAD BOX CRATE LABEL);
	apply(HEAD "[AWS.Toy.Box.box]\nSize = 1\nColor = \"blue\"\n" CRATE LABEL);
	ck_assert_uint_eq(fake_count(fake, 'B'), 1);
	ck_assert_uint_eq(fake_count(fake, 'C'), 1);
	ck_assert(str_contains(fake_snapshot(&arena, fake), STR("blue")));
}
END_TEST

START_TEST(a_removed_block_goes_in_order)
{
	apply(HEAD BOX CRATE LABEL);
	apply(HEAD BOX);
	ck_assert_uint_eq(fake_count(fake, 'C') + fake_count(fake, 'L'), 0);
	ck_assert_int_eq(world_run(fake, path, HEAD BOX, true), APPLY_DONE);
	unit_str_eq(fake_snapshot(&arena, fake), "");
	/* A second life is another generation under another name. */
	apply(HEAD BOX CRATE LABEL);
	ck_assert_int_eq(world_run(fake, path, HEAD BOX CRATE LABEL, true), APPLY_DONE);
	unit_str_eq(fake_snapshot(&arena, fake), "");
}
END_TEST

START_TEST(a_secret_is_kept_as_a_hash)
{
	struct str state;

	apply(HEAD BOX);
	state = world_state(&arena, path);
	ck_assert(!str_contains(state, STR("hunter2")));
	ck_assert(str_contains(state, STR("\"Password\":\"hmac:")));
	fake_clear(fake);
	apply(HEAD "[AWS.Toy.Box.box]\nSize = 2\nColor = \"red\"\nPassword = \"hunter2\"\n");
	ck_assert_uint_eq(fake->mutations, 1);
	apply(HEAD "[AWS.Toy.Box.box]\nSize = 2\nColor = \"red\"\nPassword = \"other\"\n");
	ck_assert(str_contains(fake_snapshot(&arena, fake), STR("\"Password\":\"other\"")));
}
END_TEST

START_TEST(drift_is_put_right)
{
	struct fake_thing *t;

	apply(HEAD BOX CRATE);
	t = fake_find(fake, 'B', STR("toy-dev-box"));
	ck_assert_ptr_nonnull(t);
	value_set(&fake->arena, &t->fields, STR("Size"), value_int(9));
	apply(HEAD BOX CRATE);
	ck_assert(value_get_c(&t->fields, "Size")->integer == 1);
}
END_TEST

START_TEST(what_was_deleted_outside_is_made_again)
{
	apply(HEAD BOX CRATE LABEL);
	fake_find(fake, 'L', STR("toy-dev-label"))->gone = true;
	apply(HEAD BOX CRATE LABEL);
	ck_assert_uint_eq(fake_count(fake, 'L'), 1);
}
END_TEST

START_TEST(a_foreign_name_is_refused_and_untouched)
{
	struct world w;
	struct str before;

	fake_add(fake, _i ? 'L' : 'B', _i ? "toy-dev-label" : "toy-dev-box",
		 "{\"Name\":\"toy-dev-x\",\"Text\":\"theirs\",\"Arn\":\"arn:theirs\"}");
	before = fake_snapshot(&arena, fake);
	world_open(&w, fake, path, HEAD BOX CRATE LABEL);
	ck_assert_int_eq(world_apply(&w, false), APPLY_STOPPED);
	ck_assert_int_eq(w.err.kind, ERROR_REFUSED);
	ck_assert_msg(strstr(w.err.text, "not ours"), "%s", w.err.text);
	world_close(&w);
	ck_assert_uint_eq(fake->mutations, 0);
	ck_assert(str_equal(before, fake_snapshot(&arena, fake)));
}
END_TEST

START_TEST(what_became_foreign_is_not_deleted)
{
	struct world w;
	struct fake_thing *t;

	apply(HEAD BOX);
	world_open(&w, fake, path, HEAD BOX);
	ck_assert(world_plan(&w, true));
	t = fake_find(fake, 'B', STR("toy-dev-box"));
	value_set(&fake->arena, &t->fields, STR("Tags"), value_list(NULL, 0));
	ck_assert_int_eq(apply_plan(&w.session, &w.plan, &w.state, &w.report, &w.err), APPLY_PARTIAL);
	ck_assert_msg(strstr(w.events.data, "it is not deleted: it belongs to"), "%s", w.events.data);
	world_close(&w);
	ck_assert_uint_eq(fake_count(fake, 'B'), 1);
}
END_TEST

START_TEST(a_failure_stops_only_what_needs_it)
{
	struct world w;
	const char *spec = HEAD BOX CRATE LABEL "[AWS.Toy.Box.other]\nSize = 1\n";

	world_open(&w, fake, path, spec);
	/* Boxes first, then the crate. */
	fake->fault = FAKE_REFUSE;
	fake->fault_at = 3;
	fake->fault_count = 1;
	ck_assert_int_eq(world_apply(&w, false), APPLY_PARTIAL);
	ck_assert_uint_eq(w.report.done, 2);
	ck_assert_uint_eq(w.report.failed, 1);
	ck_assert_uint_eq(w.report.skipped, 1);
	ck_assert_msg(strstr(w.events.data, "failed create crate: crate (effortless.toml:"), "%s",
		      w.events.data);
	ck_assert_msg(strstr(w.events.data, "toy CreateCrate in eu-west-1: 400 ValidationException"),
		      "%s", w.events.data);
	ck_assert_msg(strstr(w.events.data, "nothing was made"), "%s", w.events.data);
	ck_assert_msg(strstr(w.events.data, "skipped create label: something it needs failed"), "%s",
		      w.events.data);
	world_close(&w);
	ck_assert(!str_contains(world_state(&arena, path), STR("\"label\"")));
	fake_clear(fake);
	apply(spec);
	ck_assert_uint_eq(fake_count(fake, 'C'), 1);
}
END_TEST

#define OTHER "[AWS.Toy.Crate.other]\nBoxName = \"${box.Name}\"\nNote = \"o\"\n"

#define CHANGED "[AWS.Toy.Crate.other]\nBoxName = \"${box.Name}\"\nNote = \"p\"\n"
#define RENAMED "[AWS.Toy.Crate.case]\nrenamed_from = \"crate\"\n" \
		"BoxName = \"${box.Name}\"\nNote = \"n\"\n" \
		"[AWS.Toy.Label.label]\nText = \"${other.CrateId}\"\n"

/*
 * It is written with the intent: what was not begun names it by its new address as
 * well, where an interruption leaves it to be resumed and where a failure takes it back.
 */
START_TEST(a_rename_is_followed_by_all_rows)
{
	const char *spec = _i ? HEAD BOX CHANGED RENAMED : HEAD BOX OTHER RENAMED;
	struct str edges = _i ? STR("\"edges\":[\"case\"]") : STR("\"edges\":[\"case\",\"other\"]");
	struct world w;

	apply(HEAD BOX CRATE OTHER LABEL);
	world_open(&w, fake, path, spec);
	ck_assert_msg(world_plan(&w, false), "%s", w.err.text);
	fake_clear(fake);
	w.interrupted = _i ? 0 : 1;
	fake->fault = _i ? FAKE_REFUSE : FAKE_NONE;
	fake->fault_at = fake->fault_count = 1;
	apply_plan(&w.session, &w.plan, &w.state, &w.report, &w.err);
	world_close(&w);
	fake_clear(fake);
	ck_assert_msg(str_contains(world_state(&arena, path), edges), "%s",
		      world_state(&arena, path).data);
	apply(spec);
	ck_assert_uint_eq(fake_count(fake, 'C'), 2);
}
END_TEST

/* A guard that changes while an old one waits: both are done. */
START_TEST(a_metadata_change_collects_as_well)
{
	struct world w;

	apply(HEAD BOX);
	world_open(&w, fake, path, HEAD "[AWS.Toy.Box.box]\nSize = 1\nColor = \"blue\"\n");
	ck_assert_msg(world_plan(&w, false), "%s", w.err.text);
	fake->fault = FAKE_KILL_BEFORE;
	fake->fault_at = fake->counted + 2;
	fake->fault_count = 1;
	apply_plan(&w.session, &w.plan, &w.state, &w.report, &w.err);
	ck_assert(w.dead);
	world_close(&w);
	fake_clear(fake);
	ck_assert_uint_eq(fake_count(fake, 'B'), 2);
	world_open(&w, fake, path, HEAD "[AWS.Toy.Box.box]\nSize = 1\nColor = \"blue\"\n");
	((struct resource *)(uintptr_t)w.model.resources)->retain = true;
	ck_assert_msg(world_plan(&w, false), "%s", w.err.text);
	ck_assert_int_eq(w.plan.actions[0].kind, ACTION_METADATA);
	ck_assert_int_eq(apply_plan(&w.session, &w.plan, &w.state, &w.report, &w.err), APPLY_DONE);
	ck_assert_ptr_null(state_find(&w.state, STR("box"))->previous);
	world_close(&w);
	ck_assert_uint_eq(fake_count(fake, 'B'), 1);
}
END_TEST

/* For --resume; whoever interrupts before data goes is asked again. */
START_TEST(an_interruption_leaves_what_was_meant)
{
	struct world w;

	apply(HEAD BOX CRATE LABEL);
	world_open(&w, fake, path, HEAD BOX CRATE);
	state_find(&w.state, STR("label"))->guard = _i ? GUARD_HARD : GUARD_NONE;
	ck_assert_msg(world_plan(&w, false), "%s", w.err.text);
	w.interrupted = 1;
	apply_plan(&w.session, &w.plan, &w.state, &w.report, &w.err);
	world_close(&w);
	ck_assert_int_eq(str_contains(world_state(&arena, path), STR("\"deleting\"")), !_i);
}
END_TEST

START_TEST(a_type_without_driver_is_refused)
{
	struct world w;

	world_open(&w, fake, path, HEAD BOX);
	ck_assert(world_plan(&w, false));
	((struct schema *)(uintptr_t)w.model.resources[0].schema)->driver = NULL;
	ck_assert_int_eq(apply_plan(&w.session, &w.plan, &w.state, &w.report, &w.err), APPLY_STOPPED);
	ck_assert_msg(strstr(w.err.text, "no driver for AWS::Toy::Box"), "%s", w.err.text);
	world_close(&w);
	ck_assert_uint_eq(fake->mutations, 0);
}
END_TEST

START_TEST(late_visibility_is_waited_out)
{
	fake->invisible_ms = 8000;
	apply(HEAD BOX CRATE LABEL);
	ck_assert_uint_eq(fake_count(fake, 'C'), 1);
}
END_TEST

static void fill(TCase *tc)
{
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, makes_all_and_plans_nothing_after);
	tcase_add_test(tc, an_edit_is_one_update);
	tcase_add_test(tc, a_replacement_moves_what_depends_on_it);
	tcase_add_test(tc, a_removed_block_goes_in_order);
	tcase_add_test(tc, a_secret_is_kept_as_a_hash);
	tcase_add_test(tc, drift_is_put_right);
	tcase_add_test(tc, what_was_deleted_outside_is_made_again);
	tcase_add_loop_test(tc, a_foreign_name_is_refused_and_untouched, 0, 2);
	tcase_add_test(tc, what_became_foreign_is_not_deleted);
	tcase_add_test(tc, a_failure_stops_only_what_needs_it);
	tcase_add_loop_test(tc, a_rename_is_followed_by_all_rows, 0, 2);
	tcase_add_test(tc, a_metadata_change_collects_as_well);
	tcase_add_loop_test(tc, an_interruption_leaves_what_was_meant, 0, 2);
	tcase_add_test(tc, a_type_without_driver_is_refused);
	tcase_add_test(tc, late_visibility_is_waited_out);
}

int main(void)
{
	return unit_run("executor apply", fill);
}
