#include "store_fixture.h"

#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fault_vfs.h"

/*
 * The n-th write of a commit fails, for every n and every way of failing: it
 * is said, nothing more is committed, and after reopening the state is the one
 * before or the one after.
 */
static struct store *fresh(struct store_place *p)
{
	struct error err = { 0 };
	struct store *s;

	fault_vfs_install();
	fault_set(FAULT_NONE, 0, false);
	place_init(p);
	s = store_make(p, "fault");
	for (int i = 0; i < 20; i++) {
		struct store_write w = { 0 };

		w.put = row_new(&p->arena, str_format(&p->arena, "queue%d", i).data, 1);
		s->submit(s->context, &w, 1);
	}
	ck_assert(store_put(s, row_new(&p->arena, "queue0", 1), &err));
	return s;
}

static void submit_changes(struct store_place *p, struct store *s)
{
	for (int i = 0; i < 20; i += 2) {
		struct store_write w = { 0 };

		w.put = row_new(&p->arena, str_format(&p->arena, "queue%d", i).data, 2);
		s->submit(s->context, &w, 1);
	}
}

/* Before and after differ in the rows' numbers and in the serial; anything else is in between. */
static const char *which(struct str text)
{
	bool before = !str_contains(text, STR("\"DelaySeconds\":2"));
	bool after = str_contains(text, STR(" 3 pin"));
	size_t changed = 0;
	struct str rest = text, line;

	while (str_split(&rest, '\n', &line))
		changed += str_contains(line, STR("\"DelaySeconds\":2"));
	if (before && str_contains(text, STR(" 2 pin")))
		return "before";
	return after && changed == 10 ? "after" : "in between";
}

static bool run_fault(enum fault fault, unsigned n, bool sticks, bool *reached)
{
	struct store_place p;
	struct error err = { 0 }, again = { 0 };
	struct store *s = fresh(&p);
	uint64_t durable = 0;
	enum error_kind kind;
	struct str text;
	bool committed;

	submit_changes(&p, s);
	fault_set(fault, n, sticks);
	committed = s->poll(s->context, &durable, &err);
	*reached = fault_seen() >= n;
	if (!committed) {
		ck_assert_msg(err.kind == ERROR_IO && strstr(err.text, "cannot write the state"),
			      "fault %d at %u: %s", fault, n, err.text);
		ck_assert_msg(!s->poll(s->context, &durable, &again), "went on after %s", err.text);
		ck_assert_str_eq(err.text, again.text);
	}
	s->close(s->context);
	fault_set(FAULT_NONE, 0, false);
	text = load_text(&p.arena, p.path, &kind);
	ck_assert_msg(kind == ERROR_NONE, "fault %d at %u: %s", fault, n, text.data);
	ck_assert_msg(strcmp(which(text), "in between") != 0, "fault %d at %u: %s", fault, n,
		      text.data);
	if (committed)
		ck_assert_str_eq(which(text), "after");
	place_release(&p);
	return committed;
}

START_TEST(failing_writes)
{
	enum fault fault = (enum fault)(FAULT_FULL + _i / 2);
	bool reached = true;
	unsigned failures = 0;

	for (unsigned n = 1; reached; n++) {
		failures += !run_fault(fault, n, _i % 2, &reached);
		ck_assert_uint_lt(n, 500);
	}
	ck_assert_uint_ge(failures, 2);
}
END_TEST

static void die_while_writing(struct store_place *p, struct store *s, unsigned n)
{
	uint64_t durable = 0;
	struct error err = { 0 };

	submit_changes(p, s);
	fault_set(FAULT_KILL, n, false);
	_exit(s->poll(s->context, &durable, &err) ? 0 : 1);
}

START_TEST(killed_at_every_write)
{
	bool done = false;

	for (unsigned n = 1; !done; n++) {
		struct store_place p;
		struct store *s = fresh(&p);
		enum error_kind kind;
		struct str read_only, text;
		struct error err = { 0 };
		struct state state;
		pid_t child = fork();
		int status;

		if (child == 0)
			die_while_writing(&p, s, n);
		ck_assert_int_eq(waitpid(child, &status, 0), child);
		done = WIFEXITED(status);
		s->close(s->context);
		/* First as a plan would read it, which may not mend anything, then as an apply. */
		read_only = load_text(&p.arena, p.path, &kind);
		ck_assert_msg(kind == ERROR_NONE, "killed at %u: %s", n, read_only.data);
		s = store_sqlite(&p.arena, p.path, false, NULL, &err);
		ck_assert_msg(s && s->load(s->context, &p.arena, &state, &err), "%s", err.text);
		text = state_text(&p.arena, &state);
		s->close(s->context);
		ck_assert_msg(str_equal(text, read_only), "killed at %u", n);
		ck_assert_str_ne(which(text), "in between");
		place_release(&p);
		ck_assert_uint_lt(n, 500);
	}
}
END_TEST

START_TEST(failing_while_it_is_made)
{
	bool made = false;

	for (unsigned n = 1; !made; n++) {
		struct store_place p;
		struct error err = { 0 };
		struct store *s;
		enum error_kind kind;
		struct str text;

		fault_vfs_install();
		place_init(&p);
		s = store_sqlite(&p.arena, p.path, false, "fault", &err);
		ck_assert(s->lock(s->context, &test_owner, test_clock(), &err));
		fault_set(FAULT_FULL, n, true);
		made = s->create(s->context, STR("shop"), STR("dev"), STR(LINEAGE), &err);
		s->close(s->context);
		fault_set(FAULT_NONE, 0, false);
		text = load_text(&p.arena, p.path, &kind);
		ck_assert_msg(kind == ERROR_NONE, "%s", text.data);
		ck_assert(str_starts(text, made ? STR("shop dev") : STR("   0 pin")));
		place_release(&p);
		ck_assert_uint_lt(n, 200);
	}
}
END_TEST

static void fill(TCase *tc)
{
	tcase_add_loop_test(tc, failing_writes, 0, (FAULT_SYNC - FAULT_FULL + 1) * 2);
	tcase_add_test(tc, killed_at_every_write);
	tcase_add_test(tc, failing_while_it_is_made);
}

int main(void)
{
	return unit_run("store faults", fill);
}
