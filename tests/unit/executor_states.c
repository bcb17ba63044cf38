#include "executor_kit.h"

#include <string.h>

/*
 * The table of docs/state.md against the planner and the executor: whatever an
 * earlier run left of a resource, and whatever is wanted of it now, one run ends it.
 * Rows come to be as they do in life: runs are killed, interrupted and undone.
 *
 * A cell says what the plan calls it, and which generation stands afterwards.  After
 * each, nothing else stands, no row is unfinished or waits for collection, and the
 * next plan is empty.
 */
#define HEAD "[project]\nname = \"toy\"\nregion = \"eu-west-1\"\n"
#define BOX(size, color) HEAD "[AWS.Toy.Box.box]\nSize = " size "\nColor = \"" color "\"\n"
#define RED BOX("1", "red")
#define BLUE BOX("1", "blue")
#define GREEN BOX("1", "green")
#define LABEL HEAD "[AWS.Toy.Label.box]\nText = \"theirs\"\n"

/* What is wanted now. */
static const struct wish {
	const char *name, *spec;
	bool destroy;
} wishes[] = {
	{ "the same", RED, false },
	{ "updated", BOX("2", "red"), false },
	{ "replaced", BLUE, false },
	{ "replaced by a third", GREEN, false },
	{ "another type", LABEL, false },
	{ "not in the spec", HEAD, false },
	{ "destroyed", RED, true },
};
#define WISHES ((int)(sizeof(wishes) / sizeof(wishes[0])))

/* How a run is ended. */
enum blow {
	WHOLE,
	INTENT,				/* killed with its intents written */
	BEFORE,				/* killed at a call that changes something: not done ... */
	AFTER,				/* ... or done */
	ANSWERED,			/* interrupted by a signal, and the call answered */
};

struct run {
	const char *spec;
	bool destroy;
	enum blow blow;
	unsigned call;
};

/* Left by its runs, one after another; gone: then the newest generation is deleted outside. */
static const struct line {
	const char *status;
	struct run runs[3];
	bool gone;
	const char *cells[WISHES];
} lines[] = {
#include "executor_states_table.h"
};
#define LINES ((int)(sizeof(lines) / sizeof(lines[0])))

static struct arena arena;
static struct fake *fake;
static struct str path;

static void setup(void)
{
	arena_init(&arena);
	fake = fake_new();
	path = folder_new(&arena);
	/* What a label names; of nobody that is asked about here. */
	fake_add(fake, 'C', "theirs", "{\"CrateId\":\"theirs\"}");
}

static void teardown(void)
{
	folder_remove(&arena, path);
	fake_free(fake);
	arena_release(&arena);
}

static void interrupt(void *context)
{
	((struct world *)context)->interrupted = 1;
}

static void live_through(const struct run *run)
{
	struct world w;

	fake_clear(fake);
	world_open(&w, fake, path, run->spec);
	fake->fault = run->blow == BEFORE ? FAKE_KILL_BEFORE :
		      run->blow >= AFTER ? FAKE_KILL_AFTER : FAKE_NONE;
	fake->fault_at = run->call;
	fake->fault_count = 1;
	if (run->blow == ANSWERED)
		fake->on_kill = interrupt;
	/* The first commit of an apply is that of its intents; recovery may have one before. */
	ck_assert_msg(world_plan(&w, run->destroy), "%s", w.err.text);
	if (run->blow == INTENT) {
		w.kill_commit = w.commits + 1;
		w.kill_after_commit = true;
	}
	apply_plan(&w.session, &w.plan, &w.state, &w.report, &w.err);
	ck_assert_msg(w.dead == (run->blow != WHOLE && run->blow != ANSWERED), "%s", w.err.text);
	world_close(&w);
	fake_clear(fake);
	fake->clock->sleep_ms(fake->clock->context, 60000);
}

static void delete_newest(void)
{
	/* The newest stands first. */
	for (struct fake_thing *t = fake->things; t; t = t->next) {
		if (t->gone || t->kind == 'C')
			continue;
		t->gone = true;
		return;
	}
}

/* "0" for a box of the first generation, "L1" for a label of the second, "-" for none. */
static struct str standing(const struct state *state)
{
	struct buf b;

	buf_init(&b, &arena);
	for (const struct fake_thing *t = fake->things; t; t = t->next) {
		const struct row *row = state_find(state, STR("box"));

		if (t->gone || t->kind == 'C')
			continue;
		buf_add_c(&b, t->kind == 'L' ? "L" : "");
		if (row && str_equal(row->name, t->key))
			buf_printf(&b, "%u", row->generation);
		else
			buf_printf(&b, "+ %.*s of nobody", STR_ARG(t->key));
	}
	return b.length ? buf_str(&b) : STR("-");
}

static struct str carry_out(const struct wish *wish, const char *what)
{
	const char *kind = "none";
	struct str text;
	struct world w;

	world_open(&w, fake, path, wish->spec);
	ck_assert_msg(world_plan(&w, wish->destroy), "%s: %s", what, w.err.text);
	if (w.plan.action_count)
		kind = action_kind_name(w.plan.actions[0].kind);
	ck_assert_uint_le(w.plan.action_count, 1);
	ck_assert_msg(apply_plan(&w.session, &w.plan, &w.state, &w.report, &w.err) == APPLY_DONE,
		      "%s: %s\n%s", what, w.err.text, w.events.data ? w.events.data : "");
	for (size_t i = 0; i < w.state.row_count; i++)
		ck_assert_msg(!row_is_left(w.state.rows[i]), "%s: the row is %s", what,
			      row_status_name(w.state.rows[i]->status));
	text = str_format(&arena, "%s %.*s", kind, STR_ARG(standing(&w.state)));
	world_close(&w);
	return text;
}

/* What stands is what is wanted: its size, its colour, its type. */
static void check_standing(const struct wish *wish, const char *what)
{
	struct str text = fake_snapshot(&arena, fake);
	bool none = wish->destroy || !strstr(wish->spec, "box");

	for (const char *const *word = (const char *const[]){ "\"Size\":2", "red", "blue", "green",
							       "Text", NULL }; *word; word++) {
		struct str said = str_replace(&arena, str_from_c(wish->spec), STR("Size = "),
					      STR("\"Size\":"));
		bool wanted = !none && str_contains(said, str_from_c(*word));

		ck_assert_msg(str_contains(text, str_from_c(*word)) == wanted, "%s: %s in %.*s",
			      what, *word, STR_ARG(text));
	}
}

START_TEST(one_run_ends_it)
{
	const struct line *line = &lines[_i / WISHES];
	const struct wish *wish = &wishes[_i % WISHES];
	const char *what = str_format(&arena, "%s%s, %s", line->status,
				      line->gone ? " and gone" : "", wish->name).data;
	struct str did;

	for (size_t i = 0; i < 3 && line->runs[i].spec; i++)
		live_through(&line->runs[i]);
	if (line->gone)
		delete_newest();
	did = carry_out(wish, what);
	ck_assert_msg(line->cells[_i % WISHES] && str_equal_c(did, line->cells[_i % WISHES]),
		      "CELL %d %d %.*s: %s", _i / WISHES, _i % WISHES, STR_ARG(did), what);
	check_standing(wish, what);
	if (!wish->destroy)
		ck_assert_msg(world_actions(fake, path, wish->spec) == 0, "%s: planned again",
			      what);
}
END_TEST

static void fill(TCase *tc)
{
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, one_run_ends_it, 0, LINES * WISHES);
}

int main(void)
{
	return unit_run("executor states", fill);
}
