#include "unit.h"

#include <math.h>

#include "base/json.h"
#include "spec/convert.h"

static struct arena arena;

static void setup(void)
{
	arena_init(&arena);
}

static void teardown(void)
{
	arena_release(&arena);
}

static struct value parse(const char *json)
{
	struct error err = { 0 };
	struct value v;

	ck_assert_msg(json_parse(&arena, str_from_c(json), SPAN_NOWHERE, &v, &err), "%s: %s",
		      json, err.text);
	return v;
}

static const struct {
	const char *from, *type, *result;
} conversions[] = {
	{ "1", "string", "\"1\"" },
	{ "1.50", "string", "\"1.5\"" },
	{ "1e21", "string", "\"1000000000000000000000\"" },
	{ "true", "string", "\"true\"" },
	{ "\"12\"", "number", "12" },
	{ "\"-1.5e2\"", "number", "-150" },
	{ "\"+1\"", "number", "1" },
	{ "\".5\"", "number", "0.5" },
	{ "\"5.\"", "number", "5" },
	{ "\" 1\"", "number", "!a number is needed, and ' 1' is none" },
	{ "\"0x1\"", "number", "!a number is needed, and '0x1' is none" },
	{ "\"1e\"", "number", "!a number is needed, and '1e' is none" },
	{ "\"\"", "number", "!a number is needed, and '' is none" },
	{ "\"inf\"", "number", "!a number is needed, and 'inf' is none" },
	{ "\"1e999\"", "number", "!a number is needed, and '1e999' is none" },
	{ "\"9223372036854775807\"", "number", "9223372036854775807" },
	{ "\"9223372036854775808\"", "number",
	  "!a number is needed, and '9223372036854775808' is none" },
	{ "true", "number", "!a number is needed, not a boolean" },
	{ "\"true\"", "bool", "true" },
	{ "\"0\"", "bool", "false" },
	{ "\"yes\"", "bool", "!a boolean is needed, and 'yes' is none" },
	{ "1", "bool", "!a boolean is needed, not an integer" },
	{ "null", "string", "null" },
	{ "[1,true,\"x\"]", "list of string", "[\"1\",\"true\",\"x\"]" },
	{ "[1,[2]]", "list of string", "!item 1: a string is needed, not a list" },
	{ "{\"a\":1}", "list", "!a list is needed, not a table" },
	{ "{\"a\":\"1\"}", "map of number", "{\"a\":1}" },
	{ "{\"a\":[\"x\"]}", "map of number", "!'a': a number is needed, not a list" },
	{ "{\"a\":[1]}", "map of list of string", "{\"a\":[\"1\"]}" },
	{ "[1,\"a\"]", "list of any", "[1,\"a\"]" },
	{ "[1,\"a\"]", "any", "[1,\"a\"]" },
};

START_TEST(converts)
{
	struct value from = parse(conversions[_i].from), out;
	const struct type *type;
	struct str why;
	struct buf b;

	buf_init(&b, &arena);
	ck_assert(type_parse_name(&arena, str_from_c(conversions[_i].type), &type));
	type_print(&b, type);
	unit_str_eq(buf_str(&b), conversions[_i].type);
	if (value_convert(&arena, &from, type, &out, &why))
		unit_str_eq(json_text(&arena, &out), conversions[_i].result);
	else
		unit_str_eq(str_format(&arena, "!%.*s", STR_ARG(why)), conversions[_i].result);
}
END_TEST

static const struct {
	const char *items, *result;
} unions[] = {
	{ "[1,\"a\",true]", "[\"1\",\"a\",\"true\"]" },
	{ "[1,2.5]", "[1,2.5]" },
	{ "[1,null,\"x\"]", "[\"1\",null,\"x\"]" },
	{ "[true,1]", "!" },
	{ "[[1],[\"a\"]]", "[[\"1\"],[\"a\"]]" },
	{ "[[],[\"a\"]]", "[[],[\"a\"]]" },
	{ "[[1],2]", "!" },
	{ "[{\"a\":1},{\"a\":\"x\"}]", "[{\"a\":\"1\"},{\"a\":\"x\"}]" },
	{ "[{\"a\":1,\"b\":[1]},{\"b\":[\"x\"],\"a\":2}]",
	  "[{\"a\":1,\"b\":[\"1\"]},{\"b\":[\"x\"],\"a\":2}]" },
	{ "[{\"a\":1},{\"b\":\"x\"}]", "[{\"a\":\"1\"},{\"b\":\"x\"}]" },
	{ "[{\"a\":1},{\"b\":[1]}]", "!" },
	{ "{\"a\":1,\"b\":\"x\"}", "{\"a\":\"1\",\"b\":\"x\"}" },
	{ "{\"a\":1,\"b\":true}", "!" },
	{ "[]", "[]" },
};

START_TEST(unifies)
{
	struct value from = parse(unions[_i].items), out;

	if (value_unify(&arena, &from, &out))
		unit_str_eq(json_text(&arena, &out), unions[_i].result);
	else
		ck_assert_str_eq(unions[_i].result, "!");
}
END_TEST

START_TEST(unknowns_convert_in_their_type)
{
	static const char *const numbers[] = { "", "-", "1", "1.", ".", "1e", "-1.5e-" };
	struct value text = value_unknown(&arena, STR("later"), STR("arn:"));
	struct value list = value_unknown_of(&arena, &list_type, STR("later")), out;
	struct str why;

	ck_assert(value_convert(&arena, &text, &string_type, &out, &why));
	unit_str_eq(out.unknown->prefix, "arn:");
	ck_assert_int_eq(out.unknown->type->kind, TYPE_STRING);
	ck_assert(!value_convert(&arena, &text, &number_type, &out, &why));
	unit_str_eq(why, "a number is needed, and text that begins with 'arn:' is none");
	ck_assert(!value_convert(&arena, &text, &bool_type, &out, &why));
	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++) {
		text = value_unknown(&arena, STR("later"), str_from_c(numbers[i]));
		ck_assert(value_convert(&arena, &text, &number_type, &out, &why));
		ck_assert_int_eq(out.unknown->type->kind, TYPE_NUMBER);
	}
	text = value_unknown(&arena, STR("later"), STR("fa"));
	ck_assert(value_convert(&arena, &text, &bool_type, &out, &why));
	ck_assert(!value_convert(&arena, &list, &string_type, &out, &why));
	unit_str_eq(why, "a string is needed, not a list");
	list.marks = VALUE_SECRET;
	ck_assert(value_convert(&arena, &list, &strings_type, &out, &why));
	ck_assert_uint_eq(out.marks, VALUE_SECRET);
	ck_assert_ptr_eq(out.unknown->type->element, &string_type);
}
END_TEST

/* A text that is none is told only where it is no secret. */
START_TEST(secrets_are_not_told)
{
	struct value secret = value_string(STR("s3cret")), out;
	struct str why;

	secret.marks = VALUE_SECRET;
	ck_assert(!value_convert(&arena, &secret, &number_type, &out, &why));
	unit_str_eq(why, "a number is needed, not a string");
}
END_TEST

START_TEST(numbers_have_fifteen_digits)
{
	struct value v = value_number(0.1 + 0.2);

	ck_assert(v.number == 0.3);
	v = value_number(2.9999999999999996);
	ck_assert_int_eq(v.kind, VALUE_INT);
	ck_assert_int_eq(v.integer, 3);
	ck_assert_int_eq(value_number(-9223372036854775808.0).integer, INT64_MIN);
	ck_assert_int_eq(value_number(9223372036854775808.0).kind, VALUE_FLOAT);
	ck_assert(isinf(value_number(INFINITY).number));
}
END_TEST

START_TEST(refuses_names_of_types)
{
	static const char *const bad[] = { "", "text", "list of", "list of x", "of string" };
	const struct type *type;

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		ck_assert_msg(!type_parse_name(&arena, str_from_c(bad[i]), &type), "%s", bad[i]);
}
END_TEST

static void fill(TCase *tc)
{
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, converts, 0, sizeof(conversions) / sizeof(*conversions));
	tcase_add_loop_test(tc, unifies, 0, sizeof(unions) / sizeof(*unions));
	tcase_add_test(tc, unknowns_convert_in_their_type);
	tcase_add_test(tc, secrets_are_not_told);
	tcase_add_test(tc, numbers_have_fifteen_digits);
	tcase_add_test(tc, refuses_names_of_types);
}

int main(void)
{
	return unit_run("spec_convert", fill);
}
