#include "unit.h"

#include <string.h>

#include "base/buf.h"
#include "base/error.h"

static struct arena arena;

static void setup(void)
{
	arena_init(&arena);
}

static void teardown(void)
{
	arena_release(&arena);
}

static const struct {
	const char *text;
	bool good;
	int64_t number;
} integers[] = {
	{ "0", true, 0 }, { "-0", true, 0 }, { "42", true, 42 }, { "-7", true, -7 },
	{ "007", true, 7 },
	{ "9223372036854775807", true, INT64_MAX }, { "-9223372036854775808", true, INT64_MIN },
	{ "9223372036854775808", false, 0 }, { "-9223372036854775809", false, 0 },
	{ "99999999999999999999", false, 0 }, { "", false, 0 }, { "-", false, 0 },
	{ "+1", false, 0 }, { "1 ", false, 0 }, { " 1", false, 0 }, { "1x", false, 0 },
	{ "0x1", false, 0 },
};

/* Long parts take another way than short ones, and find the same. */
START_TEST(finds_parts_of_any_length)
{
	struct buf text;

	buf_init(&text, &arena);
	for (int i = 0; i < 3000; i++)
		buf_add_c(&text, i % 7 ? "a" : i % 3 ? "b" : "ab");
	for (size_t start = 0; start < 300; start += 37) {
		for (size_t length = 1; length < 200; length++) {
			struct str s = buf_str(&text), part = str_slice(s, start, start + length);
			size_t at = str_find(s, part), naive = 0;

			while (memcmp(s.data + naive, part.data, length) != 0)
				naive++;
			ck_assert_uint_eq(at, naive);
		}
	}
	buf_truncate(&text, 0);
	buf_add_repeat(&text, 'a', 1 << 20);
	ck_assert(!str_contains(buf_str(&text), str_format(&arena, "%.*sb",
			  STR_ARG(str_slice(buf_str(&text), 0, 1 << 19)))));
}
END_TEST

START_TEST(integers_fit_or_are_refused)
{
	int64_t number = 99;
	bool good = str_to_int(str_from_c(integers[_i].text), &number);

	ck_assert_msg(good == integers[_i].good, "'%s'", integers[_i].text);
	ck_assert_int_eq(number, good ? integers[_i].number : 99);
}
END_TEST

static const struct {
	const char *text;
	size_t length;
	bool good;
} utf8[] = {
	{ "", 0, true }, { "abc", 3, true }, { "a\0b", 3, true }, { "\xC3\xA9", 2, true },
	{ "\xE2\x82\xAC", 3, true }, { "\xF0\x9F\x98\x80", 4, true },
	{ "\xF4\x8F\xBF\xBF", 4, true }, { "\xEF\xBF\xBF", 3, true },
	{ "\xF4\x90\x80\x80", 4, false }, { "\xC0\x80", 2, false }, { "\xC1\xBF", 2, false },
	{ "\xE0\x9F\xBF", 3, false }, { "\xF0\x8F\xBF\xBF", 4, false },
	{ "\xED\xA0\x80", 3, false }, { "\xED\xBF\xBF", 3, false }, { "\x80", 1, false },
	{ "\xC3", 1, false }, { "\xE2\x82", 2, false }, { "\xF0\x9F\x98", 3, false },
	{ "\xC3(", 2, false }, { "\xFF", 1, false }, { "\xF5\x80\x80\x80", 4, false },
};

START_TEST(utf8_is_told_from_other_bytes)
{
	ck_assert_int_eq(str_is_utf8(str_of(utf8[_i].text, utf8[_i].length)), utf8[_i].good);
}
END_TEST

START_TEST(every_code_point_is_written_well)
{
	struct buf b;

	for (uint32_t c = 1; c <= 0x10FFFF; c += c < 0x1000 ? 1 : 251) {
		if (c >= 0xD800 && c <= 0xDFFF)
			continue;
		arena_release(&arena);
		buf_init(&b, &arena);
		buf_add_utf8(&b, c);
		ck_assert_msg(str_is_utf8(buf_str(&b)), "U+%04x", (unsigned)c);
		ck_assert_uint_eq(b.length, c < 0x80 ? 1u : c < 0x800 ? 2u : c < 0x10000 ? 3u : 4u);
	}
}
END_TEST

START_TEST(searches)
{
	struct str s = STR("one.two.three");

	ck_assert_uint_eq(str_index(s, '.'), 3);
	ck_assert_uint_eq(str_last_index(s, '.'), 7);
	ck_assert_uint_eq(str_index(s, '!'), s.length);
	ck_assert_uint_eq(str_last_index(s, '!'), s.length);
	ck_assert(str_starts(s, STR("one")) && !str_starts(s, STR("two")));
	ck_assert(str_ends(s, STR("three")) && !str_ends(STR("ee"), STR("three")));
	ck_assert(str_contains(s, STR("two")) && !str_contains(s, STR("twos")));
	ck_assert(str_contains(s, STR("")) && !str_contains(STR(""), STR("a")));
	ck_assert(str_contains(STR("aab"), STR("ab")));
	ck_assert(str_compare(STR("a"), STR("ab")) < 0 && str_compare(STR("b"), STR("ab")) > 0);
	ck_assert_int_eq(str_compare(STR(""), (struct str){ 0 }), 0);
	ck_assert(str_equal_fold(STR("AbC"), STR("aBc")) && !str_equal_fold(STR("a"), STR("b")));
}
END_TEST

START_TEST(slices_never_reach_outside)
{
	struct str s = STR("abcdef");

	unit_str_eq(str_slice(s, 2, 4), "cd");
	unit_str_eq(str_slice(s, 4, 99), "ef");
	unit_str_eq(str_slice(s, 99, 100), "");
	unit_str_eq(str_slice(s, 4, 2), "");
	unit_str_eq(str_slice((struct str){ 0 }, 0, 9), "");
	unit_str_eq(str_trim(STR(" \t a b\r\n")), "a b");
	unit_str_eq(str_trim(STR(" \n")), "");
}
END_TEST

START_TEST(splitting)
{
	struct str rest = STR("a,,b"), part;

	ck_assert(str_split(&rest, ',', &part));
	unit_str_eq(part, "a");
	ck_assert(str_split(&rest, ',', &part));
	unit_str_eq(part, "");
	ck_assert(str_split(&rest, ',', &part));
	unit_str_eq(part, "b");
	ck_assert(!str_split(&rest, ',', &part));
}
END_TEST

START_TEST(making)
{
	struct str parts[] = { STR_INIT("a"), STR_INIT(""), STR_INIT("c") };

	unit_str_eq(str_join(&arena, STR(", "), parts, 3), "a, , c");
	unit_str_eq(str_join(&arena, STR(", "), NULL, 0), "");
	unit_str_eq(str_lower(&arena, STR("A-z9")), "a-z9");
	unit_str_eq(str_upper(&arena, STR("A-z9")), "A-Z9");
	unit_str_eq(str_replace(&arena, STR("aXXbXXX"), STR("XX"), STR("-")), "a-b-X");
	unit_str_eq(str_replace(&arena, STR("abc"), STR(""), STR("-")), "abc");
	unit_str_eq(str_format(&arena, "%d %s", 7, "x"), "7 x");
	ck_assert_str_eq(str_to_c(&arena, STR("abc")), "abc");
	ck_assert_str_eq(str_to_c(&arena, (struct str){ 0 }), "");
}
END_TEST

static const struct {
	const char *word, *want;
} nearest[] = {
	{ "visibilty", "visibility_timeout" }, { "memroy", "memory" }, { "handlr", "handler" },
	{ "Handler", "handler" }, { "time-out", "timeout" }, { "xyz", "" }, { "", "" },
	{ "visibility_timeot", "visibility_timeout" }, { "q", "" },
};

START_TEST(did_you_mean)
{
	static const struct str known[] = {
		STR_INIT("handler"), STR_INIT("memory"), STR_INIT("timeout"),
		STR_INIT("visibility_timeout"), STR_INIT(""), STR_INIT("fifo"),
	};

	unit_str_eq(str_nearest(str_from_c(nearest[_i].word), known, 6), nearest[_i].want);
}
END_TEST

START_TEST(a_limited_buffer_stops_whole)
{
	struct buf b;

	buf_init_limit(&b, &arena, 5);
	buf_add_c(&b, "abc");
	ck_assert(!b.overflow);
	buf_add_c(&b, "def");
	ck_assert(b.overflow);
	buf_add_char(&b, 'x');
	buf_printf(&b, "%d", 1);
	buf_add_repeat(&b, '-', 1);
	unit_str_eq(buf_str(&b), "abc");
}
END_TEST

START_TEST(buffers_grow)
{
	struct buf b;

	buf_init(&b, &arena);
	for (int i = 0; i < 1000; i++) {
		buf_printf(&b, "%d,", i % 10);
		ck_assert_uint_eq(strlen(b.data), b.length);
	}
	ck_assert_uint_eq(b.length, 2000);
	ck_assert(str_starts(buf_str(&b), STR("0,1,2,3,4,5,6,7,8,9,0,")));
	buf_truncate(&b, 3);
	buf_truncate(&b, 100);
	unit_str_eq(buf_str(&b), "0,1");
}
END_TEST

START_TEST(errors_hold_their_text)
{
	struct error err = { 0 };
	char longest[5000];

	ck_assert(!error_set(&err, ERROR_IO, "cannot open '%s'", "x"));
	ck_assert(!error_context(&err, "while reading %d", 7));
	ck_assert_str_eq(err.text, "while reading 7: cannot open 'x'");
	ck_assert_int_eq(err.kind, ERROR_IO);
	/* The old text may be an argument of the new one. */
	error_set(&err, ERROR_AWS, "again: %s", err.text);
	ck_assert_str_eq(err.text, "again: while reading 7: cannot open 'x'");
	memset(longest, 'a', sizeof(longest));
	longest[4999] = '\0';
	memcpy(longest + sizeof(err.text) - 2, "\xE2\x82\xAC", 3);
	error_set(&err, ERROR_IO, "%s", longest);
	ck_assert(str_is_utf8(str_from_c(err.text)));
	ck_assert_uint_eq(strlen(err.text), sizeof(err.text) - 2);
	error_context(&err, "more");
	ck_assert_uint_eq(strlen(err.text), sizeof(err.text) - 1);
	ck_assert(!error_set(NULL, ERROR_IO, "nobody asks"));
}
END_TEST

#define COUNT(table) ((int)(sizeof(table) / sizeof(*(table))))

static void fill(TCase *tc)
{
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, integers_fit_or_are_refused, 0, COUNT(integers));
	tcase_add_test(tc, finds_parts_of_any_length);
	tcase_add_loop_test(tc, utf8_is_told_from_other_bytes, 0, COUNT(utf8));
	tcase_add_test(tc, every_code_point_is_written_well);
	tcase_add_test(tc, searches);
	tcase_add_test(tc, slices_never_reach_outside);
	tcase_add_test(tc, splitting);
	tcase_add_test(tc, making);
	tcase_add_loop_test(tc, did_you_mean, 0, COUNT(nearest));
	tcase_add_test(tc, a_limited_buffer_stops_whole);
	tcase_add_test(tc, buffers_grow);
	tcase_add_test(tc, errors_hold_their_text);
}

int main(void)
{
	return unit_run("base_str", fill);
}
