#include "store_fixture.h"

#include <string.h>

#include "base/fs.h"

/*
 * A bit of every byte of a database's head is flipped in turn, and of a sample
 * of the others (every fifth of the small one; EFFC_EVERY_BYTE=1 takes all):
 * either the state is read as it was, or it is refused in words.
 */
static void write_file(struct str path, struct str bytes)
{
	FILE *f = fopen(path.data, "w");

	ck_assert_ptr_nonnull(f);
	ck_assert_uint_eq(fwrite(bytes.data, 1, bytes.length, f), bytes.length);
	ck_assert_int_eq(fclose(f), 0);
}

static struct str make(struct store_place *p, int rows)
{
	struct error err = { 0 };
	struct store *s = store_make(p, NULL);
	struct store_write w = { .remove = STR("gone") };
	uint64_t durable = 0;
	struct str bytes;

	w.tombstone = (struct tombstone){ STR("gone"), 3 };
	for (int i = 0; i < rows; i++) {
		struct store_write put = { 0 };

		put.put = row_new(&p->arena, str_format(&p->arena, "queue%d", i).data, i);
		s->submit(s->context, &put, 1);
	}
	s->submit(s->context, &w, 1);
	ck_assert_msg(s->poll(s->context, &durable, &err), "%s", err.text);
	s->close(s->context);
	ck_assert(files_real()->read(NULL, &p->arena, p->path, 16 << 20, &bytes, &err));
	return bytes;
}

struct tally { unsigned same, refused; };

static void try_one(struct store_place *p, struct str bytes, size_t at, char flip, struct str good,
		    struct tally *tally)
{
	struct arena scratch;
	enum error_kind kind;
	struct str text;
	char *byte = (char *)(uintptr_t)bytes.data + at;

	arena_init(&scratch);
	*byte = (char)(*byte ^ flip);
	write_file(p->path, bytes);
	*byte = (char)(*byte ^ flip);
	text = load_text(&scratch, p->path, &kind);
	if (kind == ERROR_NONE) {
		ck_assert_msg(str_equal(text, good), "byte %zu: read as another state", at);
		tally->same++;
	} else {
		ck_assert_msg(kind == ERROR_CORRUPT || kind == ERROR_IO, "byte %zu: %s", at,
			      text.data);
		ck_assert_msg(strstr(text.data, p->path.data), "byte %zu: %s", at, text.data);
		tally->refused++;
	}
	arena_release(&scratch);
}

static void flip_all(int rows, size_t step)
{
	struct store_place p;
	struct tally tally = { 0 };
	enum error_kind kind;
	struct str bytes, good;

	if (getenv("EFFC_EVERY_BYTE"))
		step = 1;
	place_init(&p);
	bytes = make(&p, rows);
	good = load_text(&p.arena, p.path, &kind);
	ck_assert_int_eq(kind, ERROR_NONE);
	for (size_t at = 0; at < bytes.length; at += at < 200 ? 1 : step)
		try_one(&p, bytes, at, (char)(1u << (at % 8)), good, &tally);
	/* Much of a page is unused, but what is used must have been noticed. */
	ck_assert_msg(tally.refused * step > (size_t)rows * 300, "%u refused, %u the same",
		      tally.refused, tally.same);
	place_release(&p);
}

START_TEST(flips_of_a_small_state)
{
	flip_all(3, 5);
}
END_TEST

START_TEST(some_flips_of_a_large_state)
{
	flip_all(120, 101);
}
END_TEST

START_TEST(every_truncation)
{
	struct store_place p;
	struct str bytes;
	enum error_kind kind;

	place_init(&p);
	bytes = make(&p, 3);
	for (size_t length = 0; length < bytes.length; length += length < 200 ? 1 : 97) {
		struct arena scratch;

		arena_init(&scratch);
		write_file(p.path, str_slice(bytes, 0, length));
		load_text(&scratch, p.path, &kind);
		ck_assert_msg(kind == ERROR_CORRUPT || kind == ERROR_IO, "cut to %zu", length);
		arena_release(&scratch);
	}
	place_release(&p);
}
END_TEST

static void fill(TCase *tc)
{
	tcase_add_test(tc, flips_of_a_small_state);
	tcase_add_test(tc, some_flips_of_a_large_state);
	tcase_add_test(tc, every_truncation);
}

int main(void)
{
	return unit_run("store damage", fill);
}
