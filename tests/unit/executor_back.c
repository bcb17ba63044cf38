#include "executor_kit.h"

#include <string.h>

/*
 * There and back: an apply from one spec to another is ended anywhere, and the first
 * spec is applied again.  What stands is then what it says, and whatever was not
 * replaced before that is the thing that it was.
 */
#define HEAD "[project]\nname = \"toy\"\nregion = \"eu-west-1\"\n"
#define BOX(size, color) "[AWS.Toy.Box.box]\nSize = " size "\nColor = \"" color "\"\n"
#define CRATE(note) "[AWS.Toy.Crate.crate]\nBoxName = \"${box.Name}\"\nNote = \"" note "\"\n"
#define LABEL "[AWS.Toy.Label.label]\nText = \"${crate.CrateId}\"\n"
#define OTHER "[AWS.Toy.Box.other]\nSize = 5\n"
#define HERE HEAD BOX("1", "red") CRATE("n") LABEL

static const struct trip {
	const char *name, *there;
	bool destroy;
} trips[] = {
	{ "update", HEAD BOX("2", "red") CRATE("m") LABEL, false },
	{ "replace", HEAD BOX("1", "blue") CRATE("n") LABEL, false },
	{ "replace and add", HEAD BOX("3", "blue") CRATE("m") LABEL OTHER, false },
	{ "remove", HEAD BOX("1", "red"), false },
	{ "add", HERE OTHER, false },
	{ "destroy", HERE, true },
};
#define TRIPS ((int)(sizeof(trips) / sizeof(trips[0])))

/* Where the way there ends. */
struct end {
	enum fake_fault fault;
	unsigned call, commit;
	bool interrupted;
};

struct scene {
	struct arena arena;
	struct fake *fake;
	struct str path;
	struct str box, crate;		/* keys of what stood before */
};

static void interrupt(void *context)
{
	((struct world *)context)->interrupted = 1;
}

static struct str key_of(const struct scene *s, char kind, const char *member, const char *value)
{
	for (const struct fake_thing *t = s->fake->things; t; t = t->next) {
		if (!t->gone && t->kind == kind &&
		    str_equal_c(value_get_str(&t->fields, member), value))
			return t->key;
	}
	return (struct str){ 0 };
}

static void scene_open(struct scene *s)
{
	arena_init(&s->arena);
	s->fake = fake_new();
	s->path = folder_new(&s->arena);
	ck_assert_int_eq(world_run(s->fake, s->path, HERE, false), APPLY_DONE);
	s->fake->clock->sleep_ms(s->fake->clock->context, 60000);
	s->box = key_of(s, 'B', "Color", "red");
	s->crate = key_of(s, 'C', "Note", "n");
}

static void scene_close(struct scene *s)
{
	folder_remove(&s->arena, s->path);
	fake_free(s->fake);
	arena_release(&s->arena);
}

static bool is_made(const struct world *w, const char *address)
{
	const struct row *row = state_find(&w->state, str_from_c(address));

	return row && row->status != ROW_REPLACING && row->generation > 0;
}

/* True if it was ended on the way; box, crate: whether another one was made in its place. */
static bool go_there(struct scene *s, const struct trip *trip, const struct end *end, bool *box,
		     bool *crate)
{
	struct world w;
	bool ended;

	fake_clear(s->fake);
	world_open(&w, s->fake, s->path, trip->there);
	s->fake->fault = end->fault;
	s->fake->fault_at = end->call;
	s->fake->fault_count = 1;
	w.kill_commit = end->commit;
	w.kill_after_commit = true;
	if (end->interrupted)
		s->fake->on_kill = interrupt;
	world_apply(&w, trip->destroy);
	ended = w.dead || w.interrupted;
	*box = is_made(&w, "box");
	*crate = is_made(&w, "crate");
	world_close(&w);
	fake_clear(s->fake);
	return ended;
}

/* But for the ids and names that were made anew. */
static struct str what_stands(struct scene *s)
{
	struct str text = fake_snapshot(&s->arena, s->fake);
	struct str box = key_of(s, 'B', "Color", "red");

	return str_replace(&s->arena, text, box, STR("(box)"));
}

static bool there_and_back(const struct trip *trip, const struct end *end)
{
	bool box, crate, box_stood, crate_stood, ended;
	struct scene s;
	struct str before;
	char what[100];

	snprintf(what, sizeof(what), "%s, fault %d, call %u, commit %u%s", trip->name, end->fault,
		 end->call, end->commit, end->interrupted ? ", interrupted" : "");
	scene_open(&s);
	before = what_stands(&s);
	ended = go_there(&s, trip, end, &box, &crate);
	box_stood = !box && fake_find(s.fake, 'B', s.box);
	crate_stood = !crate && !box && fake_find(s.fake, 'C', s.crate);
	ck_assert_msg(world_run(s.fake, s.path, HERE, false) == APPLY_DONE, "%s", what);
	ck_assert_msg(str_equal(before, what_stands(&s)), "%s: left\n%.*s\nwant\n%.*s", what,
		      STR_ARG(what_stands(&s)), STR_ARG(before));
	ck_assert_msg(!box_stood || fake_find(s.fake, 'B', s.box), "%s: another box", what);
	ck_assert_msg(!crate_stood || fake_find(s.fake, 'C', s.crate), "%s: another crate", what);
	ck_assert_msg(world_actions(s.fake, s.path, HERE) == 0, "%s: planned again", what);
	scene_close(&s);
	return ended;
}

START_TEST(ended_at_every_call)
{
	static const struct end ends[] = {
		{ .fault = FAKE_KILL_BEFORE }, { .fault = FAKE_KILL_AFTER },
		{ .fault = FAKE_KILL_AFTER, .interrupted = true },
	};
	struct end end = ends[_i % 3];
	bool ended = true;

	for (end.call = 1; ended && end.call < 100; end.call++)
		ended = there_and_back(&trips[_i / 3], &end);
	ck_assert_uint_ge(end.call, 3);
}
END_TEST

START_TEST(ended_at_every_commit)
{
	struct end end = { 0 };
	bool ended = true;

	for (end.commit = 1; ended && end.commit < 100; end.commit++)
		ended = there_and_back(&trips[_i], &end);
	ck_assert_uint_ge(end.commit, 3);
}
END_TEST

static void fill(TCase *tc)
{
	tcase_add_loop_test(tc, ended_at_every_call, 0, 3 * TRIPS);
	tcase_add_loop_test(tc, ended_at_every_commit, 0, TRIPS);
}

int main(void)
{
	return unit_run("executor back", fill);
}
