#include "unit.h"

#include <string.h>

#include "base/json.h"
#include "base/yaml.h"

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

static bool parse(const char *text, struct value *out)
{
	uint32_t file = sources_add(&arena, &sources, STR("d.yaml"), str_from_c(text));

	return yaml_parse(&arena, sources.items[file].text, file, out, &diags);
}

static const struct {
	const char *text, *json;
} good[] = {
	{ "", "null" },
	{ "# only a comment\n", "null" },
	{ "a: 1\nb: [x, 2.5]\n", "{\"a\":1,\"b\":[\"x\",2.5]}" },
	{ "- on\n- yes\n- no\n- off\n- y\n", "[\"on\",\"yes\",\"no\",\"off\",\"y\"]" },
	{ "[true, True, FALSE, null, ~, Null, '']", "[true,true,false,null,null,null,\"\"]" },
	{ "- \"true\"\n- '1'\n- |-\n  2\n", "[\"true\",\"1\",\"2\"]" },
	{ "[0o17, 0xfF, 017, +3, -0, 1_000, 1:30]", "[15,255,17,3,0,\"1_000\",\"1:30\"]" },
	{ "[1., .5, 1e3, -2.5E-1, 1e, .]", "[1.0,0.5,1000.0,-0.25,\"1e\",\".\"]" },
	{ "[.inf, -.Inf, .NaN, +.inf]", "[\"Infinity\",\"-Infinity\",\"NaN\",\"Infinity\"]" },
	{ "[9223372036854775807, 9223372036854775808, 0xffffffffffffffffff]",
	  "[9223372036854775807,9.223372036854776e+18,\"0xffffffffffffffffff\"]" },
	{ "[2001-01-01, 12:30:45]", "[\"2001-01-01\",\"12:30:45\"]" },
	{ "a: |\n  x\n  y\nb: >\n  x\n  y\n", "{\"a\":\"x\\ny\\n\",\"b\":\"x y\\n\"}" },
	{ "1: one\ntrue: yes\n", "{\"1\":\"one\",\"true\":\"yes\"}" },
	{ "<<: {a: 1}", "{\"<<\":{\"a\":1}}" },
	{ "\xEF\xBB\xBF"
	  "a: b",
	  "{\"a\":\"b\"}" },
	{ "[!!str 1, !!int '2', !!float 3, !!bool \"true\", !!null '', ! 4, !!seq [], !!map {}]",
	  "[\"1\",2,3.0,true,null,\"4\",[],{}]" },
	{ "a: |\n  x", "{\"a\":\"x\\n\"}" },
	{ "a: b\r\nc: |\r\n  d\r\n  e\r\n", "{\"a\":\"b\",\"c\":\"d\\ne\\n\"}" },
	{ "a: \"\\u00e9\\n\"", "{\"a\":\"\xC3\xA9\\n\"}" },
};

START_TEST(reads)
{
	struct value v;
	struct buf b;

	buf_init(&b, &arena);
	if (!parse(good[_i].text, &v))
		diags_print(&b, &diags, &sources, false);
	ck_assert_msg(!diags.count, "%s", b.data);
	unit_str_eq(json_text(&arena, &v), good[_i].json);
}
END_TEST

static const struct {
	const char *text, *place, *message;
} bad[] = {
	{ "a: 1\na: 2\n", "d.yaml:2:1", "the key 'a' is given twice" },
	{ "a: !Ref b\n", "d.yaml:1:4", "the tag '!Ref' has no meaning here" },
	{ "a: !!set {b}\n", "d.yaml:1:4", "the tag '!!set' has no meaning here" },
	{ "a: !!int x\n", "d.yaml:1:4", "'x' is not what its tag says" },
	{ "a: 1\n---\nb: 2\n", "d.yaml:2:1", "only one document is allowed" },
	{ "[a]: 1\n", "d.yaml:1:1", "a key must be a word or a string" },
	{ "a: [1, 2\n", "d.yaml:1:4", "list is never closed" },
	{ "a: {b: 1\n", "d.yaml:1:4", "table is never closed" },
	{ "a: \"b\n", "d.yaml:1:4", "string is never closed" },
	{ "a: [1 }\n", "d.yaml:1:7",
	  "invalid YAML: while parsing a flow sequence, "
	  "did not find expected ',' or ']'" },
	{ "a:\n\tb: 1\n", "d.yaml:2:1", "a tab cannot indent in YAML" },
	{ "a:\n  b:c\n  d: 1\n", "d.yaml:2:3", "a blank is missing after 'b:'" },
	{ "a: b\nc:d\n", "d.yaml:2:1", "a blank is missing after 'c:'" },
	{ "a: b: c\n", "d.yaml:1:5", "text with ': ' in it needs quotes" },
	{ "a: @b\n", "d.yaml:1:4", "text that begins with '@' needs quotes" },
	{ "a: %{ if }\n", "d.yaml:1:4", "text that begins with '%' needs quotes" },
	{ "a: * * *\n", "d.yaml:1:4", "text that begins with '*' needs quotes" },
	{ "a: [${b}]\n", "d.yaml:1:5", "an expression needs quotes" },
	{ "a: [?b]\n", "d.yaml:1:5", "text that begins with '?' needs quotes" },
	{ "a: \x01\n", "d.yaml:1:4", "invalid YAML: control characters are not allowed" },
	{ "\xC3\xA9: '1'\n\xC3\xA9\xC3\xA9: *x\n", "d.yaml:2:5",
	  "no '&x' stands above this alias" },
	{ "a: \xFF", "d.yaml:1:4", "byte 0xFF is not UTF-8" },
};

START_TEST(refuses_with_the_place)
{
	struct value v;

	ck_assert(!parse(bad[_i].text, &v));
	ck_assert_uint_eq(diags.count, 1);
	unit_str_eq(diags.items[0].text, bad[_i].message);
	unit_str_eq(span_text(&arena, &sources, diags.items[0].span), bad[_i].place);
}
END_TEST

START_TEST(spans_count_bytes)
{
	const char *text = "\xC3\xA9: \"k\xC3\xBC\"\nb: [1, 'x']\n";
	const struct value *first, *list;
	struct span span;
	struct value v;

	ck_assert(parse(text, &v));
	first = value_get_c(&v, "\xC3\xA9");
	unit_str_eq(str_slice(str_from_c(text), first->span.start, first->span.end),
		    "\"k\xC3\xBC\"");
	span = value_text_span(first, 1, 3);
	unit_str_eq(str_slice(str_from_c(text), span.start, span.end), "\xC3\xBC");
	list = value_get_c(&v, "b");
	unit_str_eq(str_slice(str_from_c(text), list->span.start, list->span.end), "[1, 'x']");
	span = value_member(&v, STR("b"))->key_span;
	unit_str_eq(str_slice(str_from_c(text), span.start, span.end), "b");
}
END_TEST

/* Each text is a string; the offsets of its characters must lead to what they came from. */
static const struct {
	const char *text, *decoded;
	const char *sources;		/* what stands in the text for some of them: "at=source|..." */
} places[] = {
	{ "plain", "plain", "0=plain" },
	{ "'it''s'", "it's", "0=it|2=''s" },
	{ "\"a\\u00e9b\\tc\"", "a\xC3\xA9" "b\tc", "0=a|1=\\u00e9b|3=b|4=\\tc|5=c" },
	{ "\"a\n  b\n\n  c\"", "a b\nc", "0=a|2=b|4=c" },
	{ "\"a \\\n   b\"", "a b", "0=a|2=b" },
	{ "one\n  two\n\n  three", "one two\nthree", "0=one|4=two|8=three" },
	{ "|\n  one\n    two\n\n  three\n", "one\n  two\n\nthree\n", "0=one|6=two|11=three" },
	{ "|2-\n    one\n", "  one", "0=  one|2=one" },
	{ ">\n  one\n  two\n\n  three\n", "one two\nthree\n", "0=one|4=two|8=three" },
	{ ">-\n\n  one\n   two\n  three", "\none\n two\nthree", "1=one|6=two|10=three" },
	{ "|\r\n  one\r\n  two\r\n", "one\ntwo\n", "0=one|4=two" },
	{ "&x !!str 'a''b'", "a'b", "0=a|2=b" },
};

static void check_places(const struct value *v, const char *text, struct str wanted)
{
	while (wanted.length) {
		struct str one, at;
		struct span span;
		int64_t first = 0;

		str_split(&wanted, '|', &one);
		str_split(&one, '=', &at);
		ck_assert(str_to_int(at, &first));
		span = value_text_span(v, (size_t)first, (size_t)first + 1);
		ck_assert_msg(str_starts(str_slice(str_from_c(text), span.start, strlen(text)),
					 one), "byte %d of '%s' is at %u, not at '%.*s'",
			      (int)first, text, span.start, STR_ARG(one));
	}
}

START_TEST(strings_know_their_places)
{
	struct value v;

	ck_assert(yaml_parse(&arena, str_from_c(places[_i].text), 0, &v, &diags));
	ck_assert_int_eq(v.kind, VALUE_STRING);
	unit_str_eq(v.string, places[_i].decoded);
	check_places(&v, places[_i].text, str_from_c(places[_i].sources));
}
END_TEST

START_TEST(aliases_stand_for_their_anchors)
{
	struct value v;

	ck_assert(parse("a: &x {b: 1}\nc: *x\nd: [*x, &y z]\n*y : &x 2\ne: *x\n", &v));
	unit_str_eq(json_text(&arena, &v),
		    "{\"a\":{\"b\":1},\"c\":{\"b\":1},\"d\":[{\"b\":1},\"z\"],\"z\":2,\"e\":2}");
}
END_TEST

static const struct {
	const char *text, *place, *message;
} bad_aliases[] = {
	{ "a: *x\n", "d.yaml:1:4", "no '&x' stands above this alias" },
	{ "a: &x [*x]\n", "d.yaml:1:8", "'*x' stands in what it is an alias of" },
	{ "a: &x [1]\n*x : 1\n", "d.yaml:2:1", "a key must be a word or a string" },
	{ "a: &x:y z\n", "d.yaml:1:6", "the name of an anchor is of letters, digits, '-' and '_', "
	  "and ends with a blank" },
};

START_TEST(refuses_bad_aliases)
{
	struct value v;

	ck_assert(!parse(bad_aliases[_i].text, &v));
	ck_assert_uint_eq(diags.count, 1);
	unit_str_eq(diags.items[0].text, bad_aliases[_i].message);
	unit_str_eq(span_text(&arena, &sources, diags.items[0].span), bad_aliases[_i].place);
}
END_TEST

/* Ten aliases of ten aliases of ...: refused before it takes memory or time. */
START_TEST(refuses_alias_bombs)
{
	struct value v;
	struct buf b;

	buf_init(&b, &arena);
	buf_add_c(&b, "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n");
	for (int i = 1; i < 100; i++) {
		buf_printf(&b, "a%d: &a%d [", i, i);
		for (int k = 0; k < 10; k++)
			buf_printf(&b, "%s*a%d", k ? "," : "", i - 1);
		buf_add_c(&b, "]\n");
	}
	ck_assert(!parse(b.data, &v));
	ck_assert_uint_eq(diags.count, 1);
	unit_str_eq(diags.items[0].text, "the aliases make the file too large");
	ck_assert_uint_lt(arena.used_bytes, 1u << 20);
}
END_TEST

/* A depth that is only reached through aliases counts. */
START_TEST(aliases_count_their_depth)
{
	struct value v;
	struct buf b;

	buf_init(&b, &arena);
	buf_add_c(&b, "a0: &a0 []\n");
	for (int i = 1; i < 200; i++)
		buf_printf(&b, "a%d: &a%d [*a%d]\n", i, i, i - 1);
	ck_assert(!parse(b.data, &v));
	unit_str_eq(diags.items[0].text, "values nested deeper than 64 levels");
}
END_TEST

START_TEST(goes_on_after_mistakes)
{
	const struct value *table;
	struct value v;

	ck_assert(!parse("a: {b: 1, b: 2, c: !x 3}\nd: *e\nf: 4\n", &v));
	ck_assert_uint_eq(diags.count, 3);
	table = value_get_c(&v, "a");
	ck_assert_uint_ne(table->marks & VALUE_DAMAGED, 0);
	ck_assert_int_eq(value_get_c(&v, "f")->integer, 4);
	ck_assert(!parse("a: 1\nb:\n- 2\n- c: 3\n  d: @", &v));
	ck_assert_int_eq(value_get_c(&v, "a")->integer, 1);
	ck_assert_int_eq(value_path(&v, STR("b.1.c"))->integer, 3);
	ck_assert_uint_ne(v.marks & VALUE_DAMAGED, 0);
}
END_TEST

START_TEST(depth_has_a_limit)
{
	struct value v;
	struct buf b;

	for (size_t depth = 63; depth <= 65; depth++) {
		setup();
		buf_init(&b, &arena);
		buf_add_repeat(&b, '[', depth);
		buf_add_repeat(&b, ']', depth);
		ck_assert_int_eq(parse(b.data, &v), depth <= 64);
		teardown();
	}
	setup();
}
END_TEST

#define COUNT(table) ((int)(sizeof(table) / sizeof(*(table))))

static void fill(TCase *tc)
{
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, reads, 0, COUNT(good));
	tcase_add_loop_test(tc, refuses_with_the_place, 0, COUNT(bad));
	tcase_add_test(tc, spans_count_bytes);
	tcase_add_loop_test(tc, strings_know_their_places, 0, COUNT(places));
	tcase_add_test(tc, aliases_stand_for_their_anchors);
	tcase_add_loop_test(tc, refuses_bad_aliases, 0, COUNT(bad_aliases));
	tcase_add_test(tc, refuses_alias_bombs);
	tcase_add_test(tc, aliases_count_their_depth);
	tcase_add_test(tc, goes_on_after_mistakes);
	tcase_add_test(tc, depth_has_a_limit);
}

int main(void)
{
	return unit_run("base_yaml", fill);
}
