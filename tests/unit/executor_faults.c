#include "executor_kit.h"

#include <string.h>

/*
 * The network and the service misbehave at every call in turn, and one run
 * copes: it ends as if nothing had happened, and nothing is made twice.
 */
#define HEAD "[project]\nname = \"toy\"\nregion = \"eu-west-1\"\n"
#define SPEC HEAD "[AWS.Toy.Box.box]\nSize = 1\nColor = \"red\"\n" \
	"[AWS.Toy.Crate.crate]\nBoxName = \"${box.Name}\"\nNote = \"n\"\n" \
	"[AWS.Toy.Label.label]\nText = \"${crate.CrateId}\"\n"
#define EDITED HEAD "[AWS.Toy.Box.box]\nSize = 2\nColor = \"blue\"\n" \
	"[AWS.Toy.Crate.crate]\nBoxName = \"${box.Name}\"\nNote = \"m\"\n" \
	"[AWS.Toy.Label.label]\nText = \"${crate.CrateId}\"\n"

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

static const struct trouble {
	enum fake_fault fault;
	const char *name;
	unsigned count;
	bool reads;
} troubles[] = {
	{ FAKE_LOSE_BEFORE, "lost request", 1, false },
	{ FAKE_LOSE_BEFORE, "lost request or reply of any call", 1, true },
	{ FAKE_LOSE_AFTER, "lost reply", 1, false },
	{ FAKE_LOSE_AFTER, "two lost replies", 2, false },
	{ FAKE_LOSE_LATE, "lost, and done late", 1, false },
	{ FAKE_FAIL_AFTER, "500 after it was done", 1, false },
	{ FAKE_THROTTLE, "throttled", 6, true },
	{ FAKE_UNAVAILABLE, "unavailable", 3, true },
	{ FAKE_EXPIRED, "credentials expired", 1, true },
	{ FAKE_SKEWED, "clock off", 1, true },
};

static void whole_life(const struct trouble *t, unsigned at, bool *reached)
{
	static const char *const specs[] = { SPEC, EDITED, EDITED };
	unsigned seen = 0;

	*reached = false;
	for (int i = 0; i < 3; i++) {
		fake_clear(fake);
		fake->fault = t->fault;
		fake->fault_at = at > seen ? at - seen : 0;
		fake->fault_count = t->count;
		fake->fault_reads = t->reads;
		ck_assert_msg(world_run(fake, path, specs[i], i == 2) == APPLY_DONE, "%s at %u",
			      t->name, at);
		*reached = *reached || (fake->fault_at && fake->counted >= fake->fault_at);
		seen += fake->counted;
		ck_assert_msg(fake_count(fake, 'B') == (i < 2) && fake_count(fake, 'C') == (i < 2) &&
			      fake_count(fake, 'L') == (i < 2), "%s at %u: after run %d\n%s", t->name,
			      at, i, fake_snapshot(&arena, fake).data);
		fake_clear(fake);
		if (i < 2)
			ck_assert_msg(world_actions(fake, path, specs[i]) == 0,
				      "%s at %u: the plan after is not empty", t->name, at);
	}
}

/* Two servers that never agree on the time are no reason to ask for ever. */
START_TEST(clock_that_jumps)
{
	fake_clear(fake);
	fake->fault = FAKE_SKEWED;
	fake->fault_at = 1;
	fake->fault_count = 100000;
	fake->fault_reads = true;
	ck_assert_int_ne(world_run(fake, path, SPEC, false), APPLY_DONE);
	ck_assert_uint_lt(fake->calls, 100);
	fake_clear(fake);
	ck_assert_int_eq(world_run(fake, path, SPEC, false), APPLY_DONE);
}
END_TEST

START_TEST(one_run_copes)
{
	bool reached = true;
	unsigned at;

	for (at = 1; reached; at++) {
		teardown();
		setup();
		whole_life(&troubles[_i], at, &reached);
		ck_assert_uint_lt(at, 200);
	}
	ck_assert_uint_gt(at, 5);
}
END_TEST

START_TEST(a_lost_create_is_looked_for_before_it_is_sent_again)
{
	/* Box, then crate. */
	fake->fault = FAKE_LOSE_AFTER;
	fake->fault_at = 2;
	fake->fault_count = 1;
	ck_assert_int_eq(world_run(fake, path, SPEC, false), APPLY_DONE);
	ck_assert_uint_eq(fake_count(fake, 'C'), 1);
	ck_assert_uint_eq(fake->mutations, 3);
}
END_TEST

START_TEST(retries_end)
{
	struct world w;
	int64_t before_ms, spent_ms;

	world_open(&w, fake, path, SPEC);
	fake->fault = _i ? FAKE_THROTTLE : FAKE_UNAVAILABLE;
	fake->fault_at = 1;
	fake->fault_count = 100000;
	fake->fault_reads = true;
	before_ms = fake->clock->now_ms(fake->clock->context);
	ck_assert_int_eq(world_apply(&w, false), APPLY_STOPPED);
	spent_ms = fake->clock->now_ms(fake->clock->context) - before_ms;
	ck_assert_msg(strstr(w.err.text, _i ? "ThrottlingException" : "ServiceUnavailable"), "%s",
		      w.err.text);
	ck_assert_msg(strstr(w.err.text, "(request request-"), "%s", w.err.text);
	/* One look at each of the three. */
	ck_assert_uint_le(fake->calls, 3 * (_i ? 20 : 8));
	ck_assert_uint_ge(fake->calls, 8);
	/* It said when to come back. */
	ck_assert_int_ge(spent_ms, _i ? 10000 : 7 * 3000);
	ck_assert_int_le(spent_ms, 200000);
	ck_assert_uint_eq(fake->mutations, 0);
	world_close(&w);
}
END_TEST

START_TEST(at_most_so_many_at_once)
{
	struct world w;
	struct buf spec;

	buf_init(&spec, &arena);
	buf_add_c(&spec, HEAD);
	for (int i = 0; i < 100; i++)
		buf_printf(&spec, "[AWS.Toy.Box.box%d]\nSize = 1\n", i);
	world_open(&w, fake, path, spec.data);
	w.session.loop = NULL;
	w.session.parallel = 7;
	ck_assert(session_start(&w.session, &w.err));
	ck_assert_int_eq(world_apply(&w, false), APPLY_DONE);
	ck_assert_uint_eq(fake->most_in_flight, 7);
	ck_assert_uint_eq(w.report.done, 100);
	world_close(&w);
}
END_TEST

/* One lock a box: crates of one box go one after another, those of two side by side. */
START_TEST(a_lock_lets_one_in)
{
	struct buf spec;
	bool two = _i;

	buf_init(&spec, &arena);
	buf_add_c(&spec, HEAD "[AWS.Toy.Box.b0]\nSize = 1\n[AWS.Toy.Box.b1]\nSize = 1\n");
	ck_assert_int_eq(world_run(fake, path, spec.data, false), APPLY_DONE);
	for (int i = 0; i < 10; i++)
		buf_printf(&spec, "[AWS.Toy.Crate.c%d]\nBoxName = \"${b%d.Name}\"\n", i, two ? i % 2 : 0);
	fake_clear(fake);
	{
		struct world w;

		world_open(&w, fake, path, spec.data);
		ck_assert(world_plan(&w, false));
		fake_clear(fake);
		ck_assert_int_eq(apply_plan(&w.session, &w.plan, &w.state, &w.report, &w.err),
				 APPLY_DONE);
		world_close(&w);
	}
	ck_assert_uint_eq(fake->most_changes, two ? 2 : 1);
	ck_assert_uint_eq(fake_count(fake, 'C'), 10);
}
END_TEST

/* ---- interrupts ---- */

static void interrupt(void *context)
{
	struct world *w = context;

	w->interrupted = 1;
}

START_TEST(interrupted_at_every_call)
{
	bool reached = true;

	for (unsigned at = 1; reached; at++) {
		struct world w;
		enum apply_result result;

		teardown();
		setup();
		world_open(&w, fake, path, SPEC);
		fake->on_kill = interrupt;
		/* The call itself is answered: with FAKE_KILL_AFTER it would be lost. */
		fake->fault = FAKE_KILL_AFTER;
		fake->fault_at = at;
		fake->fault_count = 1;
		result = world_apply(&w, false);
		reached = w.interrupted;
		ck_assert_int_eq(result, reached ? APPLY_INTERRUPTED : APPLY_DONE);
		ck_assert_uint_eq(w.report.done + w.report.failed + w.report.skipped + w.report.open, 3);
		if (reached)
			ck_assert_msg(w.report.open == 1 && fake->mutations == at, "%s", w.events.data);
		world_close(&w);
		fake_clear(fake);
		ck_assert_int_eq(world_run(fake, path, SPEC, false), APPLY_DONE);
		ck_assert_uint_eq(fake_count(fake, 'B') + fake_count(fake, 'C') + fake_count(fake, 'L'), 3);
	}
}
END_TEST

START_TEST(a_store_that_fails_stops_all)
{
	for (unsigned commit = 1; commit < 4; commit++) {
		struct world w;
		unsigned mutations;

		teardown();
		setup();
		world_open(&w, fake, path, SPEC);
		w.kill_commit = commit;
		ck_assert_int_eq(world_apply(&w, false), APPLY_STOPPED);
		ck_assert_str_eq(w.err.text, "killed");
		mutations = fake->mutations;
		ck_assert_uint_le(mutations, commit);
		world_close(&w);
	}
}
END_TEST

static void fill(TCase *tc)
{
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, clock_that_jumps);
	tcase_add_loop_test(tc, one_run_copes, 0, (int)(sizeof(troubles) / sizeof(troubles[0])));
	tcase_add_test(tc, a_lost_create_is_looked_for_before_it_is_sent_again);
	tcase_add_loop_test(tc, retries_end, 0, 2);
	tcase_add_test(tc, at_most_so_many_at_once);
	tcase_add_loop_test(tc, a_lock_lets_one_in, 0, 2);
	tcase_add_test(tc, interrupted_at_every_call);
	tcase_add_test(tc, a_store_that_fails_stops_all);
}

int main(void)
{
	return unit_run("executor faults", fill);
}
