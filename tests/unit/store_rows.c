#include "store_fixture.h"

#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/json.h"

START_TEST(missing_file_is_an_empty_state_and_stays_missing)
{
	struct store_place p;
	enum error_kind kind;
	struct stat st;

	place_init(&p);
	unit_str_eq(load_text(&p.arena, p.path, &kind), "   0 pin /\n{}");
	ck_assert_int_ne(stat(p.path.data, &st), 0);
	place_release(&p);
}
END_TEST

START_TEST(what_is_committed_is_loaded)
{
	struct store_place p;
	struct error err = { 0 };
	struct store *s;
	enum error_kind kind;
	struct value outputs = value_map();
	struct scope pin = { .account = STR("123456789012"), .region = STR("eu-west-1") };
	struct store_write last[2] = { { .remove = STR("b") }, { .outputs = &outputs, .pin = &pin } };
	uint64_t durable = 0;

	place_init(&p);
	s = store_make(&p, NULL);
	ck_assert(store_put(s, row_new(&p.arena, "b", 1), &err));
	ck_assert(store_put(s, row_new(&p.arena, "a/dlq", 2), &err));
	ck_assert(store_put(s, row_new(&p.arena, "a", 3), &err));
	ck_assert(store_put(s, row_new(&p.arena, "a", 4), &err));
	last[0].tombstone = (struct tombstone){ STR("b"), 7 };
	value_set(&p.arena, &outputs, STR("url"), value_string(STR("https://x")));
	ck_assert_uint_eq(s->submit(s->context, last, 2), 5);
	ck_assert(s->poll(s->context, &durable, &err));
	ck_assert_uint_eq(durable, 5);
	s->close(s->context);
	unit_str_eq(load_text(&p.arena, p.path, &kind), str_format(&p.arena,
		"shop dev " LINEAGE " 6 pin 123456789012/eu-west-1\n%s\n%s\ngone b 7\n"
		"{\"url\":\"https://x\"}",
		row_encode(&p.arena, row_new(&p.arena, "a", 4)).data,
		row_encode(&p.arena, row_new(&p.arena, "a/dlq", 2)).data).data);
	place_release(&p);
}
END_TEST

START_TEST(everything_submitted_is_one_commit)
{
	struct store_place p;
	struct error err = { 0 };
	struct store *s;
	struct state state;
	uint64_t durable = 0;

	place_init(&p);
	s = store_make(&p, NULL);
	for (int i = 0; i < 100; i++) {
		struct store_write w = { 0 };

		w.put = row_new(&p.arena, str_format(&p.arena, "q%d", i % 50).data, i);
		ck_assert_uint_eq(s->submit(s->context, &w, 1), (unsigned)i + 1);
	}
	ck_assert(s->poll(s->context, &durable, &err));
	ck_assert_uint_eq(durable, 100);
	ck_assert(s->poll(s->context, &durable, &err));
	ck_assert(s->load(s->context, &p.arena, &state, &err));
	ck_assert_uint_eq(state.serial, 2);
	ck_assert_uint_eq(state.row_count, 50);
	s->close(s->context);
	place_release(&p);
}
END_TEST

START_TEST(files_are_private)
{
	struct store_place p;
	struct store *s;
	struct stat st;

	place_init(&p);
	s = store_make(&p, NULL);
	ck_assert_int_eq(stat(p.path.data, &st), 0);
	ck_assert_uint_eq(st.st_mode & 0777, 0600);
	ck_assert_int_eq(stat(str_format(&p.arena, "%s/state", p.folder).data, &st), 0);
	ck_assert_uint_eq(st.st_mode & 0777, 0700);
	s->close(s->context);
	place_release(&p);
}
END_TEST

START_TEST(one_writer_at_a_time)
{
	struct store_place p;
	struct error err = { 0 };
	struct store *first, *second;

	place_init(&p);
	first = store_make(&p, NULL);
	second = store_sqlite(&p.arena, p.path, false, NULL, &err);
	ck_assert(!second->lock(second->context, &test_owner, test_clock(), &err));
	ck_assert_int_eq(err.kind, ERROR_REFUSED);
	ck_assert_msg(strstr(err.text, "effc apply of a test on box (process 7), since "
				       "1970-01-01 00:00:00 UTC"), "%s", err.text);
	first->close(first->context);
	ck_assert(second->lock(second->context, &test_owner, test_clock(), &err));
	second->close(second->context);
	place_release(&p);
}
END_TEST

START_TEST(a_killed_writer_leaves_no_lock)
{
	struct store_place p;
	struct error err = { 0 };
	struct store *s;
	int status;
	pid_t child;

	place_init(&p);
	child = fork();
	if (child == 0) {
		store_make(&p, NULL);
		kill(getpid(), SIGKILL);
	}
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert(WIFSIGNALED(status));
	s = store_sqlite(&p.arena, p.path, false, NULL, &err);
	ck_assert_msg(s->lock(s->context, &test_owner, test_clock(), &err), "%s", err.text);
	s->close(s->context);
	place_release(&p);
}
END_TEST

START_TEST(an_interrupted_making_is_done_again)
{
	struct store_place p;
	struct store *s;
	FILE *f;

	place_init(&p);
	ck_assert_int_eq(mkdir(str_format(&p.arena, "%s/state", p.folder).data, 0700), 0);
	f = fopen(str_format(&p.arena, "%s.new", p.path.data).data, "w");
	ck_assert(f && fputs("half", f) >= 0 && fclose(f) == 0);
	s = store_make(&p, NULL);
	s->close(s->context);
	place_release(&p);
}
END_TEST

static void sql(struct store_place *p, const char *text)
{
	const char *command = str_format(&p->arena, "sqlite3 '%s' \"%s\"", p->path.data, text).data;

	if (system("command -v sqlite3 >/dev/null") == 0)
		ck_assert_int_eq(system(command), 0);
}

static const struct tamper {
	const char *sql, *says;
	enum error_kind kind;
} tampers[] = {
	{ "PRAGMA user_version = 9", "newer effc", ERROR_CORRUPT },
	{ "PRAGMA user_version = 0", "no format 0", ERROR_CORRUPT },
	{ "PRAGMA application_id = 1", "no state of effc", ERROR_CORRUPT },
	{ "CREATE TABLE more (x)", "tables are not ours", ERROR_CORRUPT },
	{ "CREATE TRIGGER t AFTER INSERT ON rows BEGIN DELETE FROM rows; END", "not ours",
	  ERROR_CORRUPT },
	{ "DELETE FROM rows WHERE address = 'a'", "rows are missing", ERROR_CORRUPT },
	{ "DELETE FROM meta", "no head", ERROR_CORRUPT },
	{ "UPDATE meta SET serial = serial + 1", "digest does not hold", ERROR_CORRUPT },
	{ "UPDATE rows SET encoded = replace(encoded, 'shop', 'ship')", "digest of a row",
	  ERROR_CORRUPT },
	{ "INSERT INTO tombstones VALUES ('z', 3)", "rows are missing", ERROR_CORRUPT },
	{ "PRAGMA journal_mode = WAL", "does not begin as one", ERROR_CORRUPT },
};

START_TEST(what_others_changed_is_refused)
{
	const struct tamper *t = &tampers[_i];
	struct store_place p;
	struct error err = { 0 };
	struct store *s;
	struct str text;
	enum error_kind kind;

	if (t->kind == ERROR_NONE || system("command -v sqlite3 >/dev/null") != 0)
		return;
	place_init(&p);
	s = store_make(&p, NULL);
	ck_assert(store_put(s, row_new(&p.arena, "a", 1), &err));
	s->close(s->context);
	sql(&p, t->sql);
	text = load_text(&p.arena, p.path, &kind);
	ck_assert_msg(kind == t->kind && strstr(text.data, t->says), "%s: %s", t->sql, text.data);
	place_release(&p);
}
END_TEST

static void fill(TCase *tc)
{
	tcase_add_test(tc, missing_file_is_an_empty_state_and_stays_missing);
	tcase_add_test(tc, what_is_committed_is_loaded);
	tcase_add_test(tc, everything_submitted_is_one_commit);
	tcase_add_test(tc, files_are_private);
	tcase_add_test(tc, one_writer_at_a_time);
	tcase_add_test(tc, a_killed_writer_leaves_no_lock);
	tcase_add_test(tc, an_interrupted_making_is_done_again);
	tcase_add_loop_test(tc, what_others_changed_is_refused, 0,
			    (int)(sizeof(tampers) / sizeof(tampers[0])));
}

int main(void)
{
	return unit_run("store rows", fill);
}
