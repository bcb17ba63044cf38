#include "executor_kit.h"

#include <string.h>

/*
 * Compare and set, against a service that has revisions: what somebody changes between
 * the plan and the call is not overwritten, and what moves a revision and is nobody
 * else's change is no obstacle.
 */
#define HEAD "[project]\nname = \"toy\"\nregion = \"eu-west-1\"\n"
#define BOX "[AWS.Toy.Box.box]\nSize = 1\n"
#define CRATE(note) "[AWS.Toy.Crate.crate]\nBoxName = \"${box.Name}\"\nNote = \"" note "\"\n"

static struct arena arena;
static struct fake *fake;
static struct str path;
static struct world w;

/* A crate stands, and an update of it is planned. */
static void setup(void)
{
	arena_init(&arena);
	fake = fake_new();
	path = folder_new(&arena);
	ck_assert_int_eq(world_run(fake, path, HEAD BOX CRATE("n"), false), APPLY_DONE);
	world_open(&w, fake, path, HEAD BOX CRATE("m"));
	ck_assert_msg(world_plan(&w, false), "%s", w.err.text);
	fake_clear(fake);
}

static void teardown(void)
{
	folder_remove(&arena, path);
	fake_free(fake);
	arena_release(&arena);
}

static struct fake_thing *crate(void)
{
	for (struct fake_thing *t = fake->things; t; t = t->next) {
		if (t->kind == 'C' && !t->gone)
			return t;
	}
	ck_abort_msg("no crate");
}

static void note(const char *text)
{
	map_remove(&crate()->fields.map, STR("Note"));
	value_set(&fake->arena, &crate()->fields, STR("Note"), value_string(str_from_c(text)));
	crate()->revision++;
}

static struct str events;

static enum apply_result carry_out(void)
{
	enum apply_result result = apply_plan(&w.session, &w.plan, &w.state, &w.report, &w.err);

	events = str_copy(&arena, buf_str(&w.events));
	world_close(&w);
	return result;
}

static void must_be(const char *text)
{
	unit_str_eq(value_get_str(&crate()->fields, "Note"), text);
}

START_TEST(what_somebody_changed_is_not_overwritten)
{
	note("theirs");
	ck_assert_int_eq(carry_out(), APPLY_PARTIAL);
	must_be("theirs");
	ck_assert_msg(str_contains(events, STR("Note was changed by somebody else meanwhile")),
		      "%.*s", STR_ARG(events));
	/* The next run shows it, and is meant for what it is now. */
	fake_clear(fake);
	ck_assert_int_eq(world_run(fake, path, HEAD BOX CRATE("m"), false), APPLY_DONE);
	must_be("m");
	ck_assert_uint_eq(world_actions(fake, path, HEAD BOX CRATE("m")), 0);
}
END_TEST

START_TEST(what_is_not_managed_is_no_obstacle)
{
	crate()->revision += 3;
	ck_assert_int_eq(carry_out(), APPLY_DONE);
	must_be("m");
	ck_assert_uint_eq(world_actions(fake, path, HEAD BOX CRATE("m")), 0);
}
END_TEST

START_TEST(what_is_as_it_is_to_be_is_no_obstacle)
{
	note("m");
	ck_assert_int_eq(carry_out(), APPLY_DONE);
	must_be("m");
	ck_assert_uint_eq(world_actions(fake, path, HEAD BOX CRATE("m")), 0);
}
END_TEST

/* Ours acted, and moved it: the same call again is refused for its revision. */
START_TEST(a_lost_reply_is_no_stranger)
{
	fake->fault = _i ? FAKE_FAIL_AFTER : FAKE_LOSE_AFTER;
	fake->fault_at = fake->fault_count = 1;
	ck_assert_int_eq(carry_out(), APPLY_DONE);
	must_be("m");
	ck_assert(strstr(fake->log.data, "UpdateCrate"));
	ck_assert_uint_eq(world_actions(fake, path, HEAD BOX CRATE("m")), 0);
}
END_TEST

START_TEST(what_was_deleted_is_told)
{
	crate()->gone = true;
	ck_assert_int_eq(carry_out(), APPLY_PARTIAL);
	fake_clear(fake);
	ck_assert_int_eq(world_run(fake, path, HEAD BOX CRATE("m"), false), APPLY_DONE);
	must_be("m");
}
END_TEST

static void fill(TCase *tc)
{
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, what_somebody_changed_is_not_overwritten);
	tcase_add_test(tc, what_is_not_managed_is_no_obstacle);
	tcase_add_test(tc, what_is_as_it_is_to_be_is_no_obstacle);
	tcase_add_loop_test(tc, a_lost_reply_is_no_stranger, 0, 2);
	tcase_add_test(tc, what_was_deleted_is_told);
}

int main(void)
{
	return unit_run("executor revision", fill);
}
