#include "spec_function_case.h"

static const struct function_case cases[] = {
	{ "chomp", "[\"a\\r\\n\\n\"]", "\"a\"" },
	{ "chomp", "[\"a\\nb\"]", "\"a\\nb\"" },
	{ "chomp", "[]", "!E0260 'chomp' has too few arguments" },
	{ "chomp", "[1,2]", "!E0260 'chomp' has too many arguments" },
	{ "chomp", "[null]", "!E0261 'string' of 'chomp' is null" },
	{ "chomp", "[[1]]", "!E0262 'string' of 'chomp': a string is needed, not a list" },
	{ "chomp", "[12]", "\"12\"" },
	{ "chomp", "[\"UNKNOWN\"]", "?3" },
	{ "chomp", "[\"SECRET:x\"]", "\"(secret)\"" },
	{ "endswith", "[\"abc\",\"bc\"]", "true" },
	{ "endswith", "[\"abc\",\"b\"]", "false" },
	{ "indent", "[2,\"a\\nb\\n\"]", "\"a\\n  b\\n  \"" },
	{ "indent", "[-1,\"a\"]", "!E0263 'indent' takes 0 to 1000 blanks" },
	{ "indent", "[1.5,\"a\"]", "!E0263 'indent' takes a whole number here" },
	{ "join", "[\",\",[\"a\",1,true]]", "\"a,1,true\"" },
	{ "join", "[\",\",[]]", "\"\"" },
	{ "join", "[\"-\",[\"a\"],[\"b\",\"c\"]]", "\"a-b-c\"" },
	{ "join", "[\",\"]", "!E0260 'join' has too few arguments" },
	{ "join", "[\",\",[\"a\",null]]", "!E0261 item 1 of the list is null" },
	{ "join", "[\",\",[[\"a\"]]]",
	  "!E0262 'list' of 'join': item 0: a string is needed, not a list" },
	{ "join", "[\",\",[\"a\",\"UNKNOWN\"]]", "?3" },
	{ "join", "[\",\",[\"a\",\"SECRET:b\"]]", "\"(secret)\"" },
	{ "lower", "[\"ÀÉΣŽẞI\"]", "\"àéσžßi\"" },
	{ "upper", "[\"ßàéÿžςµſ𐐨\"]", "\"ßÀÉŸŽΣΜS𐐀\"" },
	{ "split", "[\",\",\"a,b,\"]", "[\"a\",\"b\",\"\"]" },
	{ "split", "[\",\",\"\"]", "[\"\"]" },
	{ "split", "[\"\",\"aé\"]", "[\"a\",\"é\"]" },
	{ "split", "[\"ab\",\"xabyaba\"]", "[\"x\",\"y\",\"a\"]" },
	{ "startswith", "[\"abc\",\"\"]", "true" },
	{ "startswith", "[\"abc\",\"abcd\"]", "false" },
	{ "startswith", "[\"UNKNOWN:arn:aws\",\"arn\"]", "true" },
	{ "startswith", "[\"UNKNOWN:arn:aws\",\"arm\"]", "false" },
	{ "startswith", "[\"UNKNOWN:arn\",\"arn:aws\"]", "?1" },
	{ "startswith", "[\"UNKNOWN\",\"arn:aws\"]", "?1" },
	{ "strcontains", "[\"abc\",\"bc\"]", "true" },
	{ "strcontains", "[\"abc\",\"\"]", "true" },
	{ "strcontains", "[\"abc\",\"cb\"]", "false" },
	{ "title", "[\"hello wORLD foo-bar a1b it's ǆx _x\"]",
	  "\"Hello WORLD Foo-Bar A1b It'S ǅx _x\"" },
	{ "title", "[\"ñandú\u00a0éa\"]", "\"Ñandú\u00a0Éa\"" },
	{ "trim", "[\"xxhixx\",\"x\"]", "\"hi\"" },
	{ "trim", "[\"éaé\",\"é\"]", "\"a\"" },
	{ "trim", "[\" hi \",\"\"]", "\" hi \"" },
	{ "trimprefix", "[\"aab\",\"a\"]", "\"ab\"" },
	{ "trimsuffix", "[\"baa\",\"a\"]", "\"ba\"" },
	{ "trimsuffix", "[\"a\",\"ba\"]", "\"a\"" },
	{ "trimspace", "[\"\u00a0 a\\t\\n\u2003\"]", "\"a\"" },
};

CASES_TEST(cases, NULL)

/* The tables are sorted: every function is found by its name. */
START_TEST(finds_all)
{
	const struct function *f, *before = NULL;
	size_t count = 0;

	for (; (f = function_at(count)); count++) {
		ck_assert_ptr_eq(function_find(str_from_c(f->name)), f);
		ck_assert(!function_refusal(str_from_c(f->name)));
		ck_assert(f->summary && *f->summary);
		if (before)
			ck_assert_int_lt(str_compare(str_from_c(before->name),
						     str_from_c(f->name)), 0);
		before = f;
	}
	ck_assert_uint_gt(count, 10);
	ck_assert_ptr_null(function_find(STR("no_such")));
	ck_assert_ptr_nonnull(function_refusal(STR("timestamp")));
	unit_str_eq(function_nearest(STR("uper")), "upper");
}
END_TEST

static void fill(TCase *tc)
{
	CASES_ADD(tc, cases);
	tcase_add_test(tc, finds_all);
}

int main(void)
{
	return unit_run("spec_function_string", fill);
}
