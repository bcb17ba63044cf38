#include "unit.h"

#include "cli/mistake.h"

static struct arena arena;

static void setup(void)
{
	arena_init(&arena);
}

static void teardown(void)
{
	arena_release(&arena);
}

/* What is typed, and the code of the page; NULL: no page.  word: it is taken for a code. */
static const struct {
	const char *typed, *code;
	bool word;
} cases[] = {
	{ "E0412", "E0412", true }, { "e0412", "E0412", true }, { "412", "E0412", true },
	{ "0412", "E0412", true }, { "e412", "E0412", true }, { "W0417", "W0417", true },
	{ "417", "W0417", true }, { "w417", "W0417", true }, { "E0417", NULL, true },
	{ "E0000", NULL, true }, { "E041", NULL, true }, { "E", NULL, true },
	{ "E04", NULL, true }, { "", NULL, false }, { "E04123", NULL, false },
	{ "AWS::SQS::Queue", NULL, false }, { "E04x", NULL, false }, { "E-412", NULL, false },
	{ "Events", NULL, false },
};

START_TEST(codes_as_typed)
{
	struct str page = mistake_page(str_from_c(cases[_i].typed));

	ck_assert_int_eq(mistake_is_code(str_from_c(cases[_i].typed)), cases[_i].word);
	ck_assert_msg((page.length > 0) == (cases[_i].code != NULL), "'%s'", cases[_i].typed);
	if (cases[_i].code)
		unit_str_eq(str_slice(page, 2, 7), cases[_i].code);
}
END_TEST

START_TEST(a_page_for_a_terminal)
{
	struct buf out;

	buf_init(&out, &arena);
	mistake_print(&out, STR("# E0001: a title\n\nWhat it is.\n\n```toml\n[a]\n\nb = 1\n```\n\n"
				"```toml more.toml\nc = 2\n```\n"));
	unit_str_eq(buf_str(&out), "E0001: a title\n\nWhat it is.\n\n    [a]\n\n    b = 1\n\n"
				   "more.toml:\n    c = 2\n");
	buf_truncate(&out, 0);
	mistake_print(&out, STR(""));
	unit_str_eq(buf_str(&out), "");
}
END_TEST

START_TEST(codes_are_listed)
{
	struct buf out;

	buf_init(&out, &arena);
	ck_assert(mistake_list(&out, STR("e04")));
	ck_assert(str_starts(buf_str(&out), STR("E0401: ")));
	ck_assert(!mistake_list(&out, STR("E9")));
}
END_TEST

static void fill(TCase *tc)
{
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, codes_as_typed, 0, sizeof(cases) / sizeof(*cases));
	tcase_add_test(tc, a_page_for_a_terminal);
	tcase_add_test(tc, codes_are_listed);
}

int main(void) { return unit_run("cli_mistake", fill); }
