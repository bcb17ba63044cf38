#include "store_fixture.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fs.h"
#include "executor/store/history.h"

/*
 * Versions are kept, listed and read back; what is damaged is told and harms no other; a
 * state is made again from a version, also where its database is destroyed.
 */
static struct store *open_it(struct store_place *p)
{
	struct error err = { 0 };
	struct store *s = store_sqlite(&p->arena, p->path, false, NULL, &err);

	ck_assert_msg(s && s->lock(s->context, &test_owner, test_clock(), &err), "%s", err.text);
	return s;
}

static struct str text_of(struct store_place *p)
{
	enum error_kind kind;
	struct str text = load_text(&p->arena, p->path, &kind);

	ck_assert_msg(kind == ERROR_NONE, "%s", text.data);
	return text;
}

/* As many runs, each with a row more and a version. */
static void run_times(struct store_place *p, struct store *s, int from, int count)
{
	for (int i = from; i < from + count; i++) {
		struct document_note note = { .wall_ms = i + 1, .who = STR("ann") };
		struct error err = { 0 };
		struct state state;
		struct row *row = row_new(&p->arena, str_format(&p->arena, "q%d", i).data, i);

		ck_assert_msg(store_put(s, row, &err), "%s", err.text);
		ck_assert_msg(s->load(s->context, &p->arena, &state, &err), "%s", err.text);
		ck_assert_uint_eq(s->serial(s->context), state.serial);
		ck_assert_msg(s->keep(s->context, &state, &note, &err), "%s", err.text);
	}
}

static struct version_vec list(struct store_place *p, struct store *s)
{
	struct version_vec all;
	struct error err = { 0 };

	ck_assert_msg(s->history(s->context, &p->arena, &all, &err), "%s", err.text);
	return all;
}

START_TEST(versions_are_kept)
{
	struct store_place p;
	struct state_document d;
	struct version_vec all;
	struct error err = { 0 };
	struct store *s;

	place_init(&p);
	s = store_make(&p, NULL);
	ck_assert_uint_eq(list(&p, s).count, 0);
	run_times(&p, s, 0, 3);
	all = list(&p, s);
	ck_assert_uint_eq(all.count, 3);
	unit_str_eq(all.items[0].id, "4-00112233");
	unit_str_eq(all.items[2].id, "2-00112233");
	ck_assert_msg(s->load_version(s->context, &p.arena, all.items[1].id, false, &d, &err), "%s",
		      err.text);
	ck_assert_uint_eq(d.state.row_count, 2);
	ck_assert_int_eq(d.note.wall_ms, 2);
	ck_assert(!s->load_version(s->context, &p.arena, STR("9-00112233"), false, &d, &err));
	ck_assert(!s->load_version(s->context, &p.arena, STR("../x"), false, &d, &err));
	s->close(s->context);
	place_release(&p);
}
END_TEST

START_TEST(the_oldest_go)
{
	struct version_vec all = { 0 };
	struct store_place p;
	struct store *s;
	struct arena a;

	arena_init(&a);
	place_init(&p);
	s = store_make(&p, NULL);
	run_times(&p, s, 0, HISTORY_MOST + 2);
	all = list(&p, s);
	ck_assert_uint_eq(all.count, HISTORY_MOST);
	ck_assert_uint_eq(all.items[HISTORY_MOST - 1].serial, 4);
	for (size_t i = 0; i < all.count; i++)
		all.items[i].bytes = HISTORY_BYTES / 2;
	ck_assert_uint_eq(versions_kept(&all), HISTORY_LEAST);
	for (size_t i = 0; i < all.count; i++)
		all.items[i].bytes = HISTORY_BYTES / 8;
	ck_assert_uint_eq(versions_kept(&all), 8);
	s->close(s->context);
	place_release(&p);
	arena_release(&a);
}
END_TEST

START_TEST(lineages_do_not_mix)
{
	struct version_vec all = { 0 };
	struct arena a;
	static const struct { const char *id; int64_t ms; } given[] = {
		{ "7-aaaaaaaa", 10 }, { "9-bbbbbbbb", 5 }, { "8-aaaaaaaa", 1 },
		{ "10-bbbbbbbb", 20 },
	};

	arena_init(&a);
	for (size_t i = 0; i < 4; i++) {
		struct version *v = vec_push(&a, &all);

		ck_assert(version_parse(str_from_c(given[i].id), v));
		v->wall_ms = given[i].ms;
	}
	versions_sort(&all);
	unit_str_eq(all.items[0].id, "10-bbbbbbbb");
	unit_str_eq(all.items[1].id, "9-bbbbbbbb");
	unit_str_eq(all.items[2].id, "8-aaaaaaaa");
	unit_str_eq(all.items[3].id, "7-aaaaaaaa");
	ck_assert(!version_parse(STR("07-aaaaaaaa"), &all.items[0]));
	ck_assert(!version_parse(STR("7-aaaaaaaZ"), &all.items[0]));
	ck_assert(!version_parse(STR("7"), &all.items[0]));
	ck_assert(!version_parse(STR(""), &all.items[0]));
	arena_release(&a);
}
END_TEST

static struct str version_path(struct store_place *p, const char *id)
{
	return str_format(&p->arena, "%s/state/dev.history/%s.json", p->folder, id);
}

static void write_bytes(struct str path, struct str bytes)
{
	FILE *f = fopen(path.data, "w");

	ck_assert_ptr_nonnull(f);
	ck_assert_uint_eq(fwrite(bytes.data, 1, bytes.length, f), bytes.length);
	ck_assert_int_eq(fclose(f), 0);
}

/* Cut short at every byte and with each byte changed: refused in words, the others stand. */
START_TEST(damaged_versions)
{
	struct store_place p;
	struct error err = { 0 };
	struct state_document d;
	struct str path, text;
	struct store *s;

	place_init(&p);
	s = store_make(&p, NULL);
	run_times(&p, s, 0, 2);
	path = version_path(&p, "3-00112233");
	ck_assert(files_real()->read(NULL, &p.arena, path, 1 << 20, &text, &err));
	for (size_t i = 0; i < 2 * text.length; i++) {
		struct arena scratch;
		char *bytes;

		arena_init(&scratch);
		bytes = str_to_c(&scratch, text);
		bytes[i / 2] = (char)(bytes[i / 2] ^ 4);
		write_bytes(path, i % 2 ? str_of(bytes, text.length) : str_slice(text, 0, i / 2));
		err = (struct error){ 0 };
		ck_assert(!s->load_version(s->context, &scratch, STR("3-00112233"), i % 3 == 0, &d,
					   &err));
		ck_assert_int_eq(err.kind, ERROR_CORRUPT);
		ck_assert_msg(strstr(err.text, "3-00112233.json"), "%s", err.text);
		arena_release(&scratch);
	}
	ck_assert(s->load_version(s->context, &p.arena, STR("2-00112233"), false, &d, &err));
	/* A good one under another's name. */
	write_bytes(version_path(&p, "7-00112233"), text);
	ck_assert(!s->load_version(s->context, &p.arena, STR("7-00112233"), false, &d, &err));
	ck_assert(strstr(err.text, "under another's name"));
	ck_assert_uint_eq(list(&p, s).count, 3);
	s->close(s->context);
	place_release(&p);
}
END_TEST

static const char *const harms[] = { "none", "empty", "cut", "flipped", "gone", "text", "locked" };

static void harm(struct store_place *p, const char *how)
{
	struct error err = { 0 };
	struct str bytes;

	ck_assert(files_real()->read(NULL, &p->arena, p->path, 16 << 20, &bytes, &err));
	if (strcmp(how, "empty") == 0)
		write_bytes(p->path, STR(""));
	if (strcmp(how, "cut") == 0)
		write_bytes(p->path, str_slice(bytes, 0, bytes.length / 2));
	if (strcmp(how, "text") == 0)
		write_bytes(p->path, STR("not a state at all"));
	if (strcmp(how, "gone") == 0)
		unlink(p->path.data);
	if (strcmp(how, "flipped") == 0) {
		char *changed = str_to_c(&p->arena, bytes);
		size_t at = str_find(bytes, STR("shop-q0"));

		ck_assert_uint_lt(at, bytes.length);
		changed[at] = 'X';
		write_bytes(p->path, str_of(changed, bytes.length));
	}
	/* The journal of a killed writer, which belongs to what is there and to nothing else. */
	if (strcmp(how, "locked") == 0) {
		write_bytes(p->path, str_slice(bytes, 0, bytes.length / 2));
		write_bytes(str_format(&p->arena, "%.*s-journal", STR_ARG(p->path)),
			    str_slice(bytes, 0, 900));
	}
}

START_TEST(restored_from_a_version)
{
	struct store_place p;
	struct error err = { 0 };
	struct state_document d;
	struct state state;
	struct str before, again;
	struct store *s;
	char damaged[128];

	place_init(&p);
	s = store_make(&p, NULL);
	run_times(&p, s, 0, 3);
	s->close(s->context);
	before = text_of(&p);
	harm(&p, harms[_i]);
	s = open_it(&p);
	if (_i > 0 && strcmp(harms[_i], "gone") != 0)
		ck_assert(!s->load(s->context, &p.arena, &state, &err) && err.kind);
	ck_assert(s->load_version(s->context, &p.arena, STR("4-00112233"), false, &d, &err));
	d.state.serial = 9;
	ck_assert_msg(s->restore(s->context, &d.state, &err), "%s: %s", harms[_i], err.text);
	ck_assert_uint_eq(s->serial(s->context), 9);
	run_times(&p, s, 3, 1);
	s->close(s->context);
	again = text_of(&p);
	ck_assert(str_contains(again, STR("q3")));
	ck_assert(str_starts(str_slice(again, str_index(again, '\n'), again.length),
			     str_slice(before, str_index(before, '\n'), before.length - 2)));
	snprintf(damaged, sizeof(damaged), "%s.damaged1", p.path.data);
	ck_assert_int_eq(access(damaged, F_OK) == 0, _i > 0 && strcmp(harms[_i], "gone") != 0);
	unlink(damaged);
	place_release(&p);
}
END_TEST

static void fill(TCase *tc)
{
	tcase_add_test(tc, versions_are_kept);
	tcase_add_test(tc, the_oldest_go);
	tcase_add_test(tc, lineages_do_not_mix);
	tcase_add_test(tc, damaged_versions);
	tcase_add_loop_test(tc, restored_from_a_version, 0, sizeof(harms) / sizeof(harms[0]));
}

int main(void)
{
	return unit_run("store history", fill);
}
