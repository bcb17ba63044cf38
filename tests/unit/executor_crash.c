#include "executor_kit.h"

#include <string.h>

/*
 * A run is killed at every call that changes something, before the service
 * acted and after, and at every commit of the store, before it and after.  The
 * next run, by itself, must end where an undisturbed one ends: nothing lost,
 * nothing twice, and a plan after it is empty.
 */
#define HEAD "[project]\nname = \"toy\"\nregion = \"eu-west-1\"\n"
#define BOX(size, color) "[AWS.Toy.Box.box]\nSize = " size "\nColor = \"" color "\"\n"
#define CRATE(note) "[AWS.Toy.Crate.crate]\nBoxName = \"${box.Name}\"\nNote = \"" note "\"\n"
#define LABEL "[AWS.Toy.Label.label]\nText = \"${crate.CrateId}\"\n"
#define SECRET(text) "[AWS.Toy.Box.box]\nSize = 1\nPassword = \"" text "\"\n"
#define OTHER "[AWS.Toy.Crate.other]\nBoxName = \"${box.Name}\"\nNote = \"o\"\n"
#define MOVED "[AWS.Toy.Label.label]\nText = \"${other.CrateId}\"\n"
#define ALL HEAD BOX("1", "red") CRATE("n") LABEL

static const struct scenario {
	const char *name, *before, *spec;
	bool destroy;
} scenarios[] = {
	{ "create", NULL, ALL, false },
	{ "update", ALL, HEAD BOX("2", "red") CRATE("m") LABEL, false },
	{ "replace", ALL, HEAD BOX("1", "blue") CRATE("n") LABEL, false },
	{ "remove", ALL, HEAD BOX("1", "red"), false },
	/* The crate may go only when the label was moved, also where its move was begun. */
	{ "let go", HEAD BOX("1", "red") CRATE("n") OTHER LABEL,
	  HEAD BOX("1", "red") OTHER MOVED, false },
	{ "destroy", ALL, ALL, true },
};
#define LETTING_GO 4
#define SCENARIOS ((int)(sizeof(scenarios) / sizeof(scenarios[0])))

/* How one run is disturbed. */
struct blow {
	enum fake_fault fault;
	unsigned call, commit;
	bool after_commit;
};

struct stage {
	struct arena arena;
	struct fake *fake;
	struct str path;
};

static void stage_open(struct stage *s, const struct scenario *scenario, int64_t invisible_ms)
{
	arena_init(&s->arena);
	s->fake = fake_new();
	s->path = folder_new(&s->arena);
	if (scenario->before)
		ck_assert_int_eq(world_run(s->fake, s->path, scenario->before, false), APPLY_DONE);
	s->fake->clock->sleep_ms(s->fake->clock->context, 60000);
	s->fake->invisible_ms = invisible_ms;
	fake_clear(s->fake);
}

static void stage_close(struct stage *s)
{
	folder_remove(&s->arena, s->path);
	fake_free(s->fake);
	arena_release(&s->arena);
}

/* True if the blow fell. */
static bool strike(struct stage *s, const struct scenario *scenario, const struct blow *blow)
{
	struct world w;
	bool killed;

	fake_clear(s->fake);
	world_open(&w, s->fake, s->path, scenario->spec);
	s->fake->fault = blow->fault;
	s->fake->fault_at = blow->call;
	s->fake->fault_count = 1;
	w.kill_commit = blow->commit;
	w.kill_after_commit = blow->after_commit;
	world_apply(&w, scenario->destroy);
	killed = w.dead;
	world_close(&w);
	fake_clear(s->fake);
	return killed;
}

static struct str undisturbed(struct arena *a, const struct scenario *scenario)
{
	struct stage s;
	struct str text;

	stage_open(&s, scenario, 0);
	ck_assert_int_eq(world_run(s.fake, s.path, scenario->spec, scenario->destroy), APPLY_DONE);
	text = fake_snapshot(a, s.fake);
	stage_close(&s);
	return text;
}

static void must_converge(struct stage *s, const struct scenario *scenario, struct str want,
			  const char *what)
{
	struct str got;

	ck_assert_msg(world_run(s->fake, s->path, scenario->spec, scenario->destroy) == APPLY_DONE,
		      "%s, %s: the next run fails", scenario->name, what);
	got = fake_snapshot(&s->arena, s->fake);
	ck_assert_msg(str_equal(got, want), "%s, %s: left\n%.*s\nwant\n%.*s", scenario->name, what,
		      STR_ARG(got), STR_ARG(want));
	if (!scenario->destroy)
		ck_assert_msg(world_actions(s->fake, s->path, scenario->spec) == 0,
			      "%s, %s: the plan after is not empty", scenario->name, what);
}

static bool one_blow(const struct scenario *scenario, struct str want, const struct blow *blow,
		     int64_t invisible_ms)
{
	struct stage s;
	bool fell;
	char what[100];

	snprintf(what, sizeof(what), "fault %d, call %u, commit %u%s, invisible %d ms", blow->fault,
		 blow->call, blow->commit, blow->after_commit ? " after" : "", (int)invisible_ms);
	stage_open(&s, scenario, invisible_ms);
	fell = strike(&s, scenario, blow);
	must_converge(&s, scenario, want, what);
	stage_close(&s);
	return fell;
}

START_TEST(killed_at_every_call)
{
	const struct scenario *scenario = &scenarios[_i % SCENARIOS];
	int64_t invisible_ms = _i < SCENARIOS ? 0 : 8000;
	struct blow blow = { 0 };
	struct blow *b = &blow;
	unsigned fallen;

	for (int after = 0; after < 2; after++) {
		struct arena a;
		struct str want;
		bool fell = true;

		arena_init(&a);
		want = undisturbed(&a, scenario);
		fallen = 0;
		b->fault = after ? FAKE_KILL_AFTER : FAKE_KILL_BEFORE;
		for (b->call = 1; fell && b->call < 100; b->call++) {
			fell = one_blow(scenario, want, b, invisible_ms);
			fallen += fell;
		}
		ck_assert_uint_ge(fallen, 2);
		arena_release(&a);
	}
}
END_TEST

static const struct node *node_of(const struct plan *plan, const char *address)
{
	for (size_t i = 0; i < plan->node_count; i++)
		if (str_equal_c(plan->actions[plan->nodes[i].action].address, address))
			return &plan->nodes[i];
	ck_abort_msg("no step for %s", address);
}

/* A row that is being changed still stands on what it stood on. */
START_TEST(what_was_used_goes_after_its_user_moved)
{
	const struct scenario *letting_go = &scenarios[LETTING_GO];
	const struct blow blow = { .fault = FAKE_KILL_BEFORE, .call = 1 };
	const struct node *crate, *label;
	struct stage s;
	struct world w;
	bool waits = false;

	stage_open(&s, letting_go, 0);
	ck_assert(strike(&s, letting_go, &blow));
	world_open(&w, s.fake, s.path, letting_go->spec);
	ck_assert_msg(world_plan(&w, false), "%s", w.err.text);
	crate = node_of(&w.plan, "crate");
	label = node_of(&w.plan, "label");
	ck_assert_int_eq(crate->kind, NODE_REMOVE);
	ck_assert_int_eq(label->kind, NODE_MAKE);
	for (size_t i = 0; i < crate->after_count; i++)
		waits = waits || &w.plan.nodes[crate->after[i]] == label;
	ck_assert(waits);
	world_close(&w);
	stage_close(&s);
}
END_TEST

START_TEST(killed_at_every_commit)
{
	const struct scenario *scenario = &scenarios[_i];

	for (int after = 0; after < 2; after++) {
		struct blow blow = { .after_commit = after };
		struct arena a;
		struct str want;
		bool fell = true;
		unsigned fallen = 0;

		arena_init(&a);
		want = undisturbed(&a, scenario);
		for (blow.commit = 1; fell && blow.commit < 100; blow.commit++) {
			fell = one_blow(scenario, want, &blow, 0);
			fallen += fell;
		}
		ck_assert_uint_ge(fallen, 3);
		arena_release(&a);
	}
}
END_TEST

/* The run that repairs is killed too, at every call of its own. */
START_TEST(killed_twice)
{
	const struct scenario *scenario = &scenarios[_i];
	struct arena a;
	struct str want;
	unsigned pairs = 0;

	arena_init(&a);
	want = undisturbed(&a, scenario);
	for (unsigned first = 1; first < 100; first++) {
		struct blow one = { .fault = FAKE_KILL_AFTER, .call = first };
		bool fell_first = true, fell = true;

		for (unsigned second = 1; fell && fell_first && second < 100; second++) {
			struct blow two = { .fault = FAKE_KILL_BEFORE, .call = second };
			struct stage s;

			stage_open(&s, scenario, 0);
			fell_first = strike(&s, scenario, &one);
			fell = strike(&s, scenario, &two);
			must_converge(&s, scenario, want, "killed twice");
			stage_close(&s);
			pairs += fell && fell_first;
		}
		if (!fell_first)
			break;
	}
	ck_assert_uint_ge(pairs, 1);
	arena_release(&a);
}
END_TEST

static struct str recovered(struct stage *s, const struct scenario *scenario)
{
	struct world w;

	world_open(&w, s->fake, s->path, scenario->spec);
	ck_assert_msg(recover(&w.session, &w.state, &w.err), "%s", w.err.text);
	world_close(&w);
	return world_state(&s->arena, s->path);
}

/* The first look writes what is true; a second one finds nothing to write, not even a serial. */
START_TEST(recovered_twice)
{
	const struct scenario *scenario = &scenarios[_i % SCENARIOS];
	struct blow blow = { .fault = _i < SCENARIOS ? FAKE_KILL_BEFORE : FAKE_KILL_AFTER };
	bool fell = true;

	for (blow.call = 1; fell && blow.call < 100; blow.call++) {
		struct stage s;
		struct str once;

		stage_open(&s, scenario, 0);
		fell = strike(&s, scenario, &blow);
		once = recovered(&s, scenario);
		unit_str_eq(recovered(&s, scenario), once.data);
		ck_assert_uint_eq(s.fake->mutations, 0);
		stage_close(&s);
	}
}
END_TEST

/*
 * What cannot be read back: killed on the way from one password to another,
 * then back to the first.
 */
START_TEST(back_to_what_was)
{
	static const char *const specs[] = { HEAD SECRET("one"), HEAD SECRET("two") };
	bool fell = true;

	for (unsigned call = 1; fell; call++) {
		struct scenario there = { "there", _i ? specs[0] : NULL, specs[1], false };
		struct scenario back = { "back", NULL, specs[0], false };
		struct blow blow = { .fault = FAKE_KILL_AFTER, .call = call };
		struct stage s;
		struct str got;

		stage_open(&s, &there, 0);
		fell = strike(&s, &there, &blow);
		ck_assert_int_eq(world_run(s.fake, s.path, back.spec, false), APPLY_DONE);
		got = fake_snapshot(&s.arena, s.fake);
		ck_assert_msg(str_contains(got, STR("\"Password\":\"one\"")), "killed at %u: %.*s",
			      call, STR_ARG(got));
		ck_assert_uint_eq(world_actions(s.fake, s.path, back.spec), 0);
		stage_close(&s);
	}
}
END_TEST

/*
 * Killed while creating, and then nothing of it is wanted: also what was never
 * sent goes, and that run may be killed as well.
 */
START_TEST(abandoned)
{
	struct scenario there = { "there", NULL, ALL, false };
	struct scenario away = { "away", NULL, _i % 2 ? ALL : HEAD, _i % 2 };
	bool fell = true;

	for (unsigned call = 1; fell; call++) {
		struct blow blow = { .fault = FAKE_KILL_AFTER, .call = call };
		struct blow again = { .commit = (unsigned)_i / 2, .after_commit = true };
		struct stage s;

		stage_open(&s, &there, 0);
		fell = strike(&s, &there, &blow);
		strike(&s, &away, &again);
		ck_assert_int_eq(world_run(s.fake, s.path, away.spec, away.destroy), APPLY_DONE);
		unit_str_eq(fake_snapshot(&s.arena, s.fake), "");
		ck_assert(!str_contains(world_state(&s.arena, s.path), STR("\"address\"")));
		stage_close(&s);
	}
}
END_TEST

static void fill(TCase *tc)
{
	tcase_add_loop_test(tc, killed_at_every_call, 0, 2 * SCENARIOS);
	tcase_add_test(tc, what_was_used_goes_after_its_user_moved);
	tcase_add_loop_test(tc, killed_at_every_commit, 0, SCENARIOS);
	tcase_add_loop_test(tc, killed_twice, 0, SCENARIOS);
	tcase_add_loop_test(tc, recovered_twice, 0, 2 * SCENARIOS);
	tcase_add_loop_test(tc, back_to_what_was, 0, 2);
	tcase_add_loop_test(tc, abandoned, 0, 10);
}

int main(void)
{
	return unit_run("executor crash", fill);
}
