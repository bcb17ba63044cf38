#include "unit.h"

#include "base/diag.h"
#include "base/json.h"

static struct arena arena;
static struct sources sources;
static struct diags diags;

static void setup(void)
{
	arena_init(&arena);
	sources = (struct sources){ 0 };
	diags_init(&diags, &arena);
}

static void teardown(void)
{
	arena_release(&arena);
}

static struct str printed(bool colour)
{
	struct buf b;

	buf_init(&b, &arena);
	diags_print(&b, &diags, &sources, colour);
	return buf_str(&b);
}

static uint32_t source(const char *path, const char *text)
{
	return sources_add(&arena, &sources, str_from_c(path), str_from_c(text));
}

/* One line of source, a span of it, and what is printed below the message. */
static const struct {
	const char *text;
	uint32_t start, end;
	const char *want;
} excerpts[] = {
	{ "visibilty = \"30s\"\n", 0, 9,
	  "a.toml:1:1: error: x\n    visibilty = \"30s\"\n    ^^^^^^^^^\n" },
	{ "a\nbc\nd", 2, 3, "a.toml:2:1: error: x\n    bc\n    ^\n" },
	{ "a\r\nbc\r\nd", 4, 5, "a.toml:2:2: error: x\n    bc\n     ^\n" },
	/* Tabs stay, so that the carets stand where the eye looks. */
	{ "\tx = 1", 1, 2, "a.toml:1:2: error: x\n    \tx = 1\n    \t^\n" },
	/* Characters, not bytes; wide ones take two columns. */
	{ "\xC3\xA9\xC3\xA9 = 1", 5, 6,
	  "a.toml:1:4: error: x\n    \xC3\xA9\xC3\xA9 = 1\n       ^\n" },
	{ "\xE6\x97\xA5 x", 4, 5, "a.toml:1:3: error: x\n    \xE6\x97\xA5 x\n       ^\n" },
	{ "\xE6\x97\xA5 x", 0, 3, "a.toml:1:1: error: x\n    \xE6\x97\xA5 x\n    ^^\n" },
	/* Empty spans, the end of a line, the end of the file. */
	{ "ab", 1, 1, "a.toml:1:2: error: x\n    ab\n     ^\n" },
	{ "ab\ncd", 2, 2, "a.toml:1:3: error: x\n    ab\n      ^\n" },
	{ "ab", 2, 2, "a.toml:1:3: error: x\n    ab\n      ^\n" },
	{ "", 0, 0, "a.toml:1:1: error: x\n    \n    ^\n" },
	/* Over several lines: cut at the first. */
	{ "ab = '''\nc'''", 5, 13, "a.toml:1:6: error: x\n    ab = '''\n         ^^^\n" },
	/* What a terminal would obey is not shown as it is. */
	{ "a\033[31mb", 1, 2, "a.toml:1:2: error: x\n    a\xEF\xBF\xBD[31mb\n     ^\n" },
	{ "a\xFF"
	  "b",
	  2, 3,
	  "a.toml:1:3: error: x\n    a\xEF\xBF\xBD"
	  "b\n      ^\n" },
	{ "a\xE2\x80\xAE"
	  "b",
	  4, 5,
	  "a.toml:1:3: error: x\n    a\xEF\xBF\xBD"
	  "b\n      ^\n" },
};

START_TEST(the_excerpt_marks_the_span)
{
	uint32_t file = source("a.toml", excerpts[_i].text);

	diag_error(&diags, (struct span){ file, excerpts[_i].start, excerpts[_i].end }, "x");
	unit_str_eq(printed(false), excerpts[_i].want);
}
END_TEST

START_TEST(a_long_line_is_a_window)
{
	struct buf text;
	struct str out;
	uint32_t file;

	buf_init(&text, &arena);
	buf_add_repeat(&text, 'a', 100000);
	buf_add_c(&text, "HERE");
	buf_add_repeat(&text, 'b', 100000);
	file = source("a.toml", text.data);
	diag_error(&diags, (struct span){ file, 100000, 100004 }, "x");
	out = printed(false);
	ck_assert_uint_lt(out.length, 400);
	ck_assert(str_starts(out, STR("a.toml:1:100001: error: x\n    ...aaa")));
	ck_assert(str_contains(out, STR("aaaHEREbbb")));
	ck_assert(str_contains(out, STR("b...\n    ")));
	ck_assert(str_ends(out, STR(" ^^^^\n")));
}
END_TEST

START_TEST(sorted_once_with_help)
{
	uint32_t first = source("a.toml", "a = 1\nb = 2\n");
	uint32_t second = source("b.toml", "c = 3\n");

	diag_error(&diags, (struct span){ second, 0, 1 }, "unknown field '%s'", "c");
	diag_warning(&diags, (struct span){ first, 6, 7 }, "later");
	diag_error(&diags, (struct span){ first, 0, 1 }, "unknown field '%s'", "a");
	diag_help(&diags, "did you mean '%s'?", "b");
	diag_error(&diags, (struct span){ first, 0, 1 }, "unknown field 'a'");
	diag_error(&diags, SPAN_NONE, "no place");
	ck_assert_uint_eq(diags.error_count, 4);
	unit_str_eq(printed(false),
		    "a.toml:1:1: error: unknown field 'a'\n    a = 1\n    ^\n"
		    "help: did you mean 'b'?\n"
		    "a.toml:2:1: warning: later\n    b = 2\n    ^\n"
		    "b.toml:1:1: error: unknown field 'c'\n    c = 3\n    ^\n"
		    "error: no place\n");
	ck_assert_uint_eq(diags.error_count, 3);
}
END_TEST

START_TEST(help_survives_a_repeat)
{
	uint32_t file = source("a.toml", "a = 1\n");

	diag_error(&diags, (struct span){ file, 0, 1 }, "bad");
	diag_error(&diags, (struct span){ file, 0, 1 }, "bad");
	diag_help(&diags, "good");
	unit_str_eq(printed(false), "a.toml:1:1: error: bad\n    a = 1\n    ^\nhelp: good\n");
}
END_TEST

START_TEST(secrets_and_control_characters_are_kept_back)
{
	uint32_t file = source("a\033.toml", "password = 'hunter2'\n");

	diag_error(&diags, (struct span){ file, 11, 20 }, "bad\nname '\033[2J'");
	diag_sensitive(&diags);
	unit_str_eq(printed(false), "a\\x1b.toml:1:12: error: bad\\nname '\\x1b[2J'\n");
}
END_TEST

START_TEST(colours_only_where_asked)
{
	uint32_t file = source("a.toml", "a\n");

	diag_error(&diags, (struct span){ file, 0, 1 }, "x");
	ck_assert(str_contains(printed(true), STR("\033[1;31merror:\033[0m x")));
	ck_assert(!str_contains(printed(false), STR("\033")));
}
END_TEST

/* An error behind many warnings is shown; JSON keeps all of them. */
START_TEST(fifty_of_a_file)
{
	uint32_t file = source("a.toml", "a\n"), other = source("b.toml", "b\n");
	struct str text;
	struct buf b;

	for (unsigned i = 0; i < 60; i++)
		diag_warning(&diags, (struct span){ file, 0, 1 }, "w%u", i);
	diag_error(&diags, (struct span){ file, 1, 1 }, "the error");
	for (unsigned i = 0; i < 50; i++)
		diag_error(&diags, (struct span){ other, 0, 1 }, "e%u", i);
	text = printed(false);
	ck_assert(str_contains(text, STR("error: the error\n")));
	ck_assert(str_contains(text, STR("\nand 11 more mistakes in a.toml\nb.toml:1:1: ")));
	ck_assert(!str_contains(text, STR("more mistakes in b.toml")));
	buf_init(&b, &arena);
	diags_print_json(&b, &diags, &sources);
	ck_assert(str_contains(buf_str(&b), STR("\"w59\"")));
	ck_assert(!str_contains(buf_str(&b), STR("more mistakes")));
}
END_TEST

START_TEST(a_code_stands_in_brackets)
{
	struct span nowhere = SPAN_NONE;

	diag_error(&diags, nowhere, "E0412 unknown key '%s'", "x");
	diag_warning(&diags, nowhere, "W0417 old");
	diag_error(&diags, nowhere, "E041 short");
	diag_error(&diags, nowhere, "E04123 long");
	diag_error(&diags, nowhere, "%s", "E0412 given as text");
	unit_str_eq(printed(false), "error: E041 short\n"
				    "error: E0412 given as text\n"
				    "error: E04123 long\n"
				    "warning[W0417]: old\n"
				    "error[E0412]: unknown key 'x'\n");
	ck_assert_str_eq(diags.items[4].code, "E0412");
}
END_TEST

START_TEST(as_json)
{
	uint32_t file = source("a.toml", "a = '''\nb'''\n");
	struct value v;
	struct error err;
	struct buf b;

	diag_error(&diags, (struct span){ file, 4, 12 }, "say \"%s\"", "x");
	diag_help(&diags, "h");
	diag_warning(&diags, SPAN_NONE, "w");
	buf_init(&b, &arena);
	diags_print_json(&b, &diags, &sources);
	unit_str_eq(buf_str(&b),
		    "[{\"severity\":\"error\",\"path\":\"a.toml\",\"line\":1,\"column\":5,"
		    "\"end_line\":2,\"end_column\":5,\"message\":\"say \\\"x\\\"\",\"help\":\"h\"},"
		    "{\"severity\":\"warning\",\"message\":\"w\"}]");
	ck_assert(json_parse(&arena, buf_str(&b), SPAN_NOWHERE, &v, &err));
}
END_TEST

START_TEST(places_in_a_large_file)
{
	struct buf text;
	uint32_t file;

	buf_init(&text, &arena);
	for (unsigned i = 0; i < 5000; i++)
		buf_add_c(&text, "\xC3\xA9\xC3\xA9 = 1\n");
	file = source("a.toml", text.data);
	for (uint32_t i = 0; i < 5000; i += 7) {
		struct place place =
			span_place(&sources, (struct span){ file, i * 9 + 5, i * 9 + 6 });

		ck_assert_uint_eq(place.line, i + 1);
		ck_assert_uint_eq(place.column, 4);
	}
	unit_str_eq(span_text(&arena, &sources, (struct span){ file, 9, 9 }), "a.toml:2:1");
	unit_str_eq(span_text(&arena, &sources, SPAN_NONE), "");
}
END_TEST

static void fill(TCase *tc)
{
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, the_excerpt_marks_the_span, 0,
			    (int)(sizeof(excerpts) / sizeof(*excerpts)));
	tcase_add_test(tc, a_long_line_is_a_window);
	tcase_add_test(tc, sorted_once_with_help);
	tcase_add_test(tc, help_survives_a_repeat);
	tcase_add_test(tc, secrets_and_control_characters_are_kept_back);
	tcase_add_test(tc, colours_only_where_asked);
	tcase_add_test(tc, fifty_of_a_file);
	tcase_add_test(tc, a_code_stands_in_brackets);
	tcase_add_test(tc, as_json);
	tcase_add_test(tc, places_in_a_large_file);
}

int main(void)
{
	return unit_run("base_diag", fill);
}
