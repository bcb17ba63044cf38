#include "unit.h"

#include "random_value.h"

#include "base/json.h"

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
	const char *text, *want;	/* NULL: printed as it was */
} good[] = {
	{ "null", NULL },
	{ "true", NULL },
	{ "false", NULL },
	{ "0", NULL },
	{ "-1", NULL },
	{ "9223372036854775807", NULL },
	{ "-9223372036854775808", NULL },
	{ "9223372036854775808", "9.223372036854776e+18" },
	{ "1.0", NULL },
	{ "0.1", NULL },
	{ "1e2", "100.0" },
	{ "1E+300", "1e+300" },
	{ "5e-324", "4.94065645841247e-324" },
	{ "\"\"", NULL },
	{ "\"a\\u0000b\"", NULL },
	{ "\"\\ud83d\\ude00\"", "\"\xF0\x9F\x98\x80\"" },
	{ "\"\\/\\b\\f\\n\\r\\t\\\"\\\\\"", "\"/\\b\\f\\n\\r\\t\\\"\\\\\"" },
	{ "[]", NULL },
	{ "{}", NULL },
	{ " [ 1 , [ ] ] ", "[1,[]]" },
	{ "{\"b\":1,\"a\":{\"c\":[true]}}", NULL },
	{ "{\"a\":1,\"b\":2,\"a\":3}", "{\"a\":3,\"b\":2}" },
};

START_TEST(reads_and_prints)
{
	struct error err = { 0 };
	struct value v;

	ck_assert_msg(json_parse(&arena, str_from_c(good[_i].text), SPAN_NOWHERE, &v, &err),
		      "%s: %s", good[_i].text, err.text);
	unit_str_eq(json_text(&arena, &v), good[_i].want ? good[_i].want : good[_i].text);
}
END_TEST

static const struct {
	const char *text, *error;
} bad[] = {
	{ "", "line 1, column 1: expected a value" },
	{ "[1,]", "line 1, column 4: expected a value" },
	{ "[1 2]", "line 1, column 4: expected ',' or ']'" },
	{ "{\"a\" 1}", "line 1, column 6: expected ':'" },
	{ "{a:1}", "line 1, column 2: expected a string" },
	{ "{\"a\":1,}", "line 1, column 8: expected a string" },
	{ "\n\n  nul", "line 3, column 3: expected a value" },
	{ "1 1", "line 1, column 3: something stands after the value" },
	{ "01", "line 1, column 2: something stands after the value" },
	{ "-", "line 1, column 2: expected a digit" },
	{ "1.", "line 1, column 3: expected a digit after the point" },
	{ "1e", "line 1, column 3: expected a digit in the exponent" },
	{ "+1", "line 1, column 1: expected a value" },
	{ ".5", "line 1, column 1: expected a value" },
	{ "NaN", "line 1, column 1: expected a value" },
	{ "1e400", "line 1, column 1: the number is too large" },
	{ "\"a", "line 1, column 3: the string does not end" },
	{ "\"\n\"", "line 1, column 2: a control character must be escaped" },
	{ "\"\\x\"", "line 1, column 3: unknown escape" },
	{ "\"\\u12g4\"", "line 1, column 6: expected four hexadecimal digits" },
	{ "\"\\ud800\"", "line 1, column 2: half of a surrogate pair" },
	{ "\"\\udc00\"", "line 1, column 2: half of a surrogate pair" },
	{ "\"\xFF\"", "line 1, column 2: not UTF-8" },
	{ "\xEF\xBB\xBF{}", "line 1, column 1: expected a value" },
};

START_TEST(refuses_with_the_place)
{
	struct error err = { 0 };
	struct value v;

	ck_assert(!json_parse(&arena, str_from_c(bad[_i].text), SPAN_NOWHERE, &v, &err));
	unit_str_eq(str_from_c(err.text),
		    str_format(&arena, "invalid JSON at %s", bad[_i].error).data);
}
END_TEST

START_TEST(depth_has_a_limit)
{
	struct error err = { 0 };
	struct value v;
	struct buf b;

	for (size_t depth = JSON_DEPTH_LIMIT - 1; depth <= JSON_DEPTH_LIMIT + 1; depth++) {
		buf_init(&b, &arena);
		buf_add_repeat(&b, '[', depth);
		buf_add_repeat(&b, ']', depth);
		ck_assert_int_eq(json_parse(&arena, buf_str(&b), SPAN_NOWHERE, &v, &err),
				 depth <= JSON_DEPTH_LIMIT);
	}
	ck_assert_int_eq(err.kind, ERROR_LIMIT);
}
END_TEST

/* Passing over a text finds the mistakes that reading it finds. */
static void both_agree(struct str text)
{
	struct json_items items = { .scratch = &arena, .text = text };
	struct str name = { 0 }, item;
	bool fine, same = true;
	size_t count = 0;
	struct value v;

	fine = json_parse(&arena, text, SPAN_NOWHERE, &v, NULL);
	for (; json_next(&items, &name, &item); count++) {
		struct value part;

		same = same && json_parse(&arena, item, SPAN_NOWHERE, &part, NULL) &&
		       (!fine || v.kind != VALUE_LIST ||
			value_equal(&part, &v.list.items[count]));
	}
	ck_assert_msg(items.failed == !fine && same, "%.*s", STR_ARG(text));
	ck_assert(!fine || v.kind != VALUE_LIST || v.list.count == count);
}

START_TEST(items_are_as_strict)
{
	static const char *const forms[] = {
		"[%s]", "[[%s]]", "{\"a\":%s}", "[{\"a\":%s}]", " [ 1 , %s ] ", "[%s]x", "[%s",
		"{\"a\":%s,}", "[%s,]", "{%s:1}", "{%s}", "[1%s]", "[1,%s]", "[1,[%s]]",
		"{\"b\":[],\"a\":%s}", "[1,{\"a\":%s,\"b\":{}}]", "[1,{%s}]", "[1,{\"a\" :%s}]",
	};
	struct buf b;

	buf_init(&b, &arena);
	for (size_t form = 0; form < sizeof(forms) / sizeof(*forms); form++) {
		struct str begin = str_from_c(forms[form]), end;
		size_t at = str_index(begin, '%');

		end = str_slice(begin, at + 2, begin.length);
		for (int i = 0; i < (int)(sizeof(good) / sizeof(*good)); i++) {
			buf_truncate(&b, 0);
			buf_add(&b, str_slice(begin, 0, at));
			buf_add_c(&b, good[i].text);
			buf_add(&b, end);
			both_agree(str_copy(&arena, buf_str(&b)));
		}
		for (int i = 0; i < (int)(sizeof(bad) / sizeof(*bad)); i++) {
			buf_truncate(&b, 0);
			buf_add(&b, str_slice(begin, 0, at));
			buf_add_c(&b, bad[i].text);
			buf_add(&b, end);
			both_agree(str_copy(&arena, buf_str(&b)));
		}
	}
	for (size_t depth = JSON_DEPTH_LIMIT - 1; depth <= JSON_DEPTH_LIMIT + 1; depth++) {
		buf_truncate(&b, 0);
		buf_add_repeat(&b, '[', depth);
		buf_add_repeat(&b, ']', depth);
		both_agree(buf_str(&b));
	}
}
END_TEST

START_TEST(texts_say_values)
{
	struct value plain = value_string(STR("a")), one = value_string(STR("a\",\"b"));
	struct value quoted = value_list(&one, 1);

	ck_assert(json_says(STR("\"a\""), &plain, NULL));
	ck_assert(!json_says(STR("\"a\" "), &plain, NULL));
	ck_assert(!json_says(STR("\"ab\""), &plain, NULL));
	/* Two strings in a list are not the one that is written like them. */
	ck_assert(!json_says(STR("[\"a\",\"b\"]"), &quoted, NULL));
	plain = value_string(STR("\\n"));
	ck_assert(!json_says(STR("\"\\n\""), &plain, NULL));
	plain = value_int(1);
	ck_assert(json_says(STR("1"), &plain, NULL));
	ck_assert(!json_says(STR("12"), &plain, NULL));
	ck_assert(!json_says(STR("1.5"), &plain, NULL));
}
END_TEST

START_TEST(a_table_says_the_same_again)
{
	struct json_said said = { 0 };
	struct value items[2] = { value_map(), value_map() }, list = value_list(items, 2);

	value_set(&arena, &items[0], STR("Key"), value_string(STR("a")));
	value_set(&arena, &items[1], STR("Key"), value_string(STR("b")));
	for (int turn = 0; turn < 2; turn++) {
		ck_assert(json_says(STR("[{\"Key\":\"a\"},{\"Key\":\"b\"}]"), &list, &said));
		ck_assert(!json_says(STR("[{\"Key\":\"a\"},{\"Key\":\"c\"}]"), &list, &said));
		ck_assert(!json_says(STR("[{\"Key\":\"b\"},{\"Key\":\"b\"}]"), &list, &said));
		ck_assert(!json_says(STR("[{\"Key\":\"a\"},{\"Key\":\"b\"},1]"), &list, &said));
	}
}
END_TEST

START_TEST(spans_point_into_the_source)
{
	const char *text = "{\"key\": [1, \"ab\", \"a\\u00e9\\nb\"]}";
	const struct value *list, *plain, *escaped;
	struct span span;
	struct error err;
	struct value v;

	ck_assert(json_parse(&arena, str_from_c(text), 3, &v, &err));
	ck_assert_uint_eq(v.span.file, 3);
	ck_assert_uint_eq(v.span.end, str_from_c(text).length);
	ck_assert_uint_eq(value_member(&v, STR("key"))->key_span.start, 1);
	ck_assert_uint_eq(value_member(&v, STR("key"))->key_span.end, 6);
	list = value_get_c(&v, "key");
	ck_assert_uint_eq(list->span.start, 8);
	plain = &list->list.items[1];
	span = value_text_span(plain, 1, 2);
	ck_assert_uint_eq(span.start, 14);
	ck_assert_uint_eq(span.end, 15);
	escaped = &list->list.items[2];
	unit_str_eq(escaped->string, "a\xC3\xA9\nb");
	span = value_text_span(escaped, 1, 3);		/* the accented letter */
	unit_str_eq(str_slice(str_from_c(text), span.start, span.end), "\\u00e9");
	span = value_text_span(escaped, 4, 5);
	unit_str_eq(str_slice(str_from_c(text), span.start, span.end), "b");
}
END_TEST

START_TEST(marks_and_unknowns)
{
	struct value v = value_map(), secret = value_string(STR("hunter2"));
	struct buf b;

	secret.marks = VALUE_SECRET;
	value_set(&arena, &v, STR("b"), secret);
	value_set(&arena, &v, STR("a"), value_unknown(&arena, STR("later"), STR("")));
	unit_str_eq(json_text(&arena, &v), "{\"b\":\"(secret)\",\"a\":{\"unknown\":\"later\"}}");
	unit_str_eq(json_text_canonical(&arena, &v),
		    "{\"a\":{\"unknown\":\"later\"},\"b\":\"(secret)\"}");
	value_set(&arena, &v, STR("a"), value_float(1.0));
	buf_init(&b, &arena);
	json_print_wire(&b, &v);
	unit_str_eq(buf_str(&b), "{\"b\":\"hunter2\",\"a\":1.0}");
	unit_str_eq(json_text_canonical(&arena, &v), "{\"a\":1,\"b\":\"(secret)\"}");
}
END_TEST

START_TEST(pretty)
{
	struct error err;
	struct value v;
	struct buf b;

	ck_assert(json_parse(&arena, STR("{\"a\":[1,{}],\"b\":[]}"), SPAN_NOWHERE, &v, &err));
	buf_init(&b, &arena);
	json_print_pretty(&b, &v, 0);
	unit_str_eq(buf_str(&b), "{\n  \"a\": [\n    1,\n    {}\n  ],\n  \"b\": []\n}");
}
END_TEST

START_TEST(bytes_that_are_no_text_print_as_text)
{
	struct value v = value_string(STR("a\xFF\xC3"));

	unit_str_eq(json_text(&arena, &v), "\"a\xEF\xBF\xBD\xEF\xBF\xBD\"");
}
END_TEST

START_TEST(what_is_printed_reads_back_equal)
{
	uint64_t seed = random_seed();
	const struct random *r = random_seeded(seed);

	for (int i = 0; i < 500; i++) {
		struct value v = random_value(&arena, r, 5), back;
		struct str text = json_text(&arena, &v);
		struct str canonical = json_text_canonical(&arena, &v);
		struct error err = { 0 };
		struct buf b;

		ck_assert_msg(json_parse(&arena, text, SPAN_NOWHERE, &back, &err),
			      "EFFC_SEED=%llu: %s", (unsigned long long)seed, err.text);
		ck_assert_msg(value_equal(&v, &back), "EFFC_SEED=%llu: %.*s",
			      (unsigned long long)seed, STR_ARG(text));
		ck_assert_int_eq(value_compare(&v, &back), 0);
		ck_assert(str_equal(json_text(&arena, &back), text));
		ck_assert(json_parse(&arena, canonical, SPAN_NOWHERE, &back, &err));
		ck_assert(!json_says(canonical, &v, NULL) || value_equal(&v, &back));
		ck_assert_msg(value_equal(&v, &back), "EFFC_SEED=%llu: %.*s",
			      (unsigned long long)seed, STR_ARG(canonical));
		buf_init(&b, &arena);
		json_print_pretty(&b, &v, 0);
		ck_assert(json_parse(&arena, buf_str(&b), SPAN_NOWHERE, &back, &err));
		ck_assert(value_equal(&v, &back));
		teardown();
		setup();
	}
}
END_TEST

#define COUNT(table) ((int)(sizeof(table) / sizeof(*(table))))

static void fill(TCase *tc)
{
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, reads_and_prints, 0, COUNT(good));
	tcase_add_loop_test(tc, refuses_with_the_place, 0, COUNT(bad));
	tcase_add_test(tc, depth_has_a_limit);
	tcase_add_test(tc, items_are_as_strict);
	tcase_add_test(tc, texts_say_values);
	tcase_add_test(tc, a_table_says_the_same_again);
	tcase_add_test(tc, spans_point_into_the_source);
	tcase_add_test(tc, marks_and_unknowns);
	tcase_add_test(tc, pretty);
	tcase_add_test(tc, bytes_that_are_no_text_print_as_text);
	tcase_add_test(tc, what_is_printed_reads_back_equal);
}

int main(void)
{
	return unit_run("base_json", fill);
}
