#include "store_fixture.h"

#include <string.h>

#include "base/hash.h"
#include "executor/store/document.h"

/*
 * A whole state as one text: it reads back as it was, the same state gives the same bytes,
 * and whatever is done to the bytes is refused in words.
 */
static struct state sample(struct arena *a)
{
	struct state s = {
		.project = STR("shop"), .stage = STR("dev"), .lineage = STR(LINEAGE), .serial = 7,
		.pin = { .partition = STR("aws"), .account = STR("123456789012"),
			 .region = STR("eu-west-1") },
		.outputs = value_map(),
	};
	static const char *const names[] = { "orders", "jobs['a-b']", "module.cdn.site/part" };
	struct tombstone *gone = arena_array(a, struct tombstone, 2);

	value_set(a, &s.outputs, STR("url"), value_string(STR("https://x.test/\"quoted\"\n")));
	for (int i = 0; i < 3; i++)
		state_put(a, &s, row_new(a, names[i], i));
	s.rows[0]->previous = arena_new(a, struct row);
	*s.rows[0]->previous = *row_new(a, names[0], 9);
	s.rows[0]->generation = 2;
	gone[0] = (struct tombstone){ STR("z"), 3 };
	gone[1] = (struct tombstone){ STR("b/role"), 1 };
	s.tombstones = gone;
	s.tombstone_count = 2;
	return s;
}

static const struct document_note note = {
	.wall_ms = 1700000000123, .who = STR_INIT("effc apply of ann"),
	.command = STR_INIT("apply"), .added = 2, .removed = 1,
};

static bool read_it(struct arena *a, struct str text, struct state_document *out, struct error *err)
{
	*err = (struct error){ 0 };
	return document_read(a, text, STR("x.json"), out, err);
}

START_TEST(reads_back)
{
	struct arena a;
	struct state s;
	struct state_document back;
	struct error err;
	struct str text;

	arena_init(&a);
	s = sample(&a);
	text = document_write(&a, &s, &note);
	ck_assert_msg(read_it(&a, text, &back, &err), "%s", err.text);
	ck_assert(str_equal(document_write(&a, &back.state, &back.note), text));
	state_sort(&s);
	ck_assert_uint_eq(back.state.row_count, 3);
	ck_assert_uint_eq(back.state.tombstone_count, 2);
	unit_str_eq(back.state.tombstones[0].address, "b/role");
	for (size_t i = 0; i < s.row_count; i++)
		ck_assert(str_equal(row_encode(&a, s.rows[i]),
				    row_encode(&a, back.state.rows[i])));
	unit_str_eq(back.note.who, "effc apply of ann");
	ck_assert_int_eq(back.note.wall_ms, 1700000000123);
	ck_assert_uint_eq(back.note.added, 2);
	ck_assert(document_read_head(&a, text, STR("x"), &back, &err));
	ck_assert_uint_eq(back.state.serial, 7);
	ck_assert_uint_eq(back.state.row_count, 0);
	arena_release(&a);
}
END_TEST

START_TEST(without_rows_or_note)
{
	struct arena a;
	struct state_document back;
	struct error err;
	struct str text;
	struct state s = { .project = STR("p"), .stage = STR("s"), .lineage = STR(LINEAGE),
			   .outputs = value_map() };

	arena_init(&a);
	text = document_write(&a, &s, NULL);
	ck_assert_msg(read_it(&a, text, &back, &err), "%s", err.text);
	ck_assert_uint_eq(back.state.row_count, 0);
	ck_assert_int_eq(back.note.wall_ms, 0);
	ck_assert(str_equal(document_write(&a, &back.state, NULL), text));
	arena_release(&a);
}
END_TEST

START_TEST(every_truncation_and_flip)
{
	struct arena a;
	struct state s;
	struct str text;

	arena_init(&a);
	s = sample(&a);
	text = document_write(&a, &s, &note);
	for (size_t i = 0; i < text.length; i++) {
		struct arena scratch;
		struct state_document out;
		struct error err;
		char *bytes;

		arena_init(&scratch);
		ck_assert(!read_it(&scratch, str_slice(text, 0, i), &out, &err));
		ck_assert_int_eq(err.kind, ERROR_CORRUPT);
		ck_assert_msg(strstr(err.text, "x.json"), "%s", err.text);
		for (unsigned bit = 0; bit < 8; bit++) {
			bytes = str_to_c(&scratch, text);
			bytes[i] = (char)(bytes[i] ^ (1u << bit));
			ck_assert(!read_it(&scratch, str_of(bytes, text.length), &out, &err));
			ck_assert_int_eq(err.kind, ERROR_CORRUPT);
			ck_assert_msg(strstr(err.text, "x.json"), "%s", err.text);
		}
		arena_release(&scratch);
	}
	arena_release(&a);
}
END_TEST

/* With a digest that holds, as another program could write it. */
static struct str sealed(struct arena *a, struct str body)
{
	return str_format(a, "%.*s\"sha256\":\"%.*s\"}\n", STR_ARG(body),
			  STR_ARG(sha256_hex(a, body)));
}

#define BODY "{\"effc_state\":1,\"lineage\":\"" LINEAGE "\",\"outputs\":{},\"pin\":{}," \
	     "\"project\":\"p\",\"serial\":1,\"stage\":\"s\",\"rows\":[],\"tombstones\":{},"

static const struct refused {
	const char *from, *to, *said;
} refused[] = {
	{ "", "", NULL },
	{ "state\":1", "state\":2", "has format 2, written by a newer effc; this" },
	{ "state\":1", "state\":0", "names no format" },
	{ "state\":1", "state\":\"1\"", "names no format" },
	{ "{\"effc", "{\"else", "is no state of effc" },
	{ LINEAGE, "00112233", "'lineage' is no lineage" },
	{ LINEAGE, "ZZ112233445566778899aabbccddeeff", "'lineage' is no lineage" },
	{ "\"" LINEAGE "\"", "7", "'lineage' has the wrong kind" },
	{ "\"outputs\":{}", "\"outputs\":[]", "'outputs' has the wrong kind" },
	{ "\"pin\":{}", "\"pin\":{\"x\":\"y\"}", "'pin' says what" },
	{ "\"pin\":{}", "\"pin\":{\"region\":5}", "'pin' says what" },
	{ "\"p\"", "\"\"", "'project' is empty" },
	{ "\"serial\":1", "\"serial\":-1", "'serial' is no number" },
	{ "\"serial\":1", "\"serial\":1.5", "'serial' is no number" },
	{ "\"serial\":1", "\"serial\":99999999999999999999", "'serial' is no number" },
	{ "\"serial\":1,", "", "members are not" },
	{ "\"rows\":[]", "\"rows\":{}", "'rows' have the wrong kind" },
	{ "\"rows\":[]", "\"rows\":[7]", "have something that is no row" },
	{ "\"rows\":[]", "\"rows\":[{}]", "row 1: the state row says no 'format'" },
	{ "\"rows\":[]", "\"rows\":[{]", "damaged" },
	{ "\"tombstones\":{}", "\"tombstones\":{\"a b\":1}", "'tombstones' have something" },
	{ "\"tombstones\":{}", "\"tombstones\":{\"b\":1,\"a\":1}", "not in their order" },
	{ "\"tombstones\":{}", "\"tombstones\":{\"a\":-1}", "'tombstones' have something" },
	{ "\"tombstones\":{}", "\"tombstones\":{\"a\":4294967296}", "have something" },
	{ "\"serial\"", "\"run\":{},\"serial\"", "'run' is not what" },
	{ "\"tombstones\":{},", "\"tombstones\":{},\"more\":1,", "members are not" },
};

START_TEST(what_another_program_wrote)
{
	const struct refused *r = &refused[_i];
	struct state_document out;
	struct error err;
	struct arena a;
	struct str text;
	bool good;

	arena_init(&a);
	text = sealed(&a, str_replace(&a, STR(BODY), str_from_c(r->from), str_from_c(r->to)));
	good = read_it(&a, text, &out, &err);
	ck_assert_msg(good == !r->said, "'%s': %s", r->to, err.text);
	if (r->said) {
		ck_assert_msg(strstr(err.text, r->said), "'%s': %s", r->to, err.text);
		ck_assert_int_eq(err.kind, ERROR_CORRUPT);
	}
	arena_release(&a);
}
END_TEST

START_TEST(copies_of_others)
{
	struct arena a;
	struct state_document d = { 0 };
	struct error err = { 0 };

	arena_init(&a);
	d.state = sample(&a);
	ck_assert(document_is_of(&d, STR("x"), STR("shop"), STR("dev"), STR(""), &err));
	ck_assert(document_is_of(&d, STR("x"), STR("shop"), STR("dev"), STR(LINEAGE), &err));
	ck_assert(!document_is_of(&d, STR("x"), STR("blog"), STR("dev"), STR(""), &err));
	ck_assert(strstr(err.text, "project 'shop', stage 'dev', not of 'blog'"));
	ck_assert(!document_is_of(&d, STR("x"), STR("shop"), STR("prod"), STR(""), &err));
	ck_assert(!document_is_of(&d, STR("x"), STR("shop"), STR("dev"), STR("ff"), &err));
	ck_assert_int_eq(err.kind, ERROR_CORRUPT);
	arena_release(&a);
}
END_TEST

START_TEST(changes_are_counted)
{
	struct arena a;
	struct state before, after;
	struct document_note counts = { 0 };

	arena_init(&a);
	before = sample(&a);
	after = sample(&a);
	document_count_changes(&before, &after, &counts);
	ck_assert_uint_eq(counts.added + counts.changed + counts.removed, 0);
	state_put(&a, &after, row_new(&a, "more", 1));
	state_put(&a, &after, row_new(&a, "orders", 5));
	state_remove(&after, STR("module.cdn.site/part"));
	document_count_changes(&before, &after, &counts);
	ck_assert_uint_eq(counts.added, 1);
	ck_assert_uint_eq(counts.changed, 1);
	ck_assert_uint_eq(counts.removed, 1);
	arena_release(&a);
}
END_TEST

static void fill(TCase *tc)
{
	tcase_add_test(tc, reads_back);
	tcase_add_test(tc, without_rows_or_note);
	tcase_add_test(tc, every_truncation_and_flip);
	tcase_add_loop_test(tc, what_another_program_wrote, 0,
			    sizeof(refused) / sizeof(refused[0]));
	tcase_add_test(tc, copies_of_others);
	tcase_add_test(tc, changes_are_counted);
}

int main(void)
{
	return unit_run("store document", fill);
}
