#include "unit.h"

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
	{ "a: &x 1\nb: *x\n", "d.yaml:1:4", "anchors are not supported in YAML here" },
	{ "b: *x\n", "d.yaml:1:4", "aliases are not supported in YAML here" },
	{ "a: !!str 1\n", "d.yaml:1:4", "tags are not supported in YAML here" },
	{ "a: 1\n---\nb: 2\n", "d.yaml:2:1", "only one document is allowed" },
	{ "[a]: 1\n", "d.yaml:1:1", "a key must be a plain word or a string" },
	{ "a: [1, 2\n", "d.yaml:2:1",
	  "invalid YAML: while parsing a flow sequence, "
	  "did not find expected ',' or ']'" },
	{ "\xC3\xA9: '1'\n\xC3\xA9\xC3\xA9: *x\n", "d.yaml:2:5",
	  "aliases are not supported in YAML here" },
	{ "a: \xFF", "d.yaml:1:1", "invalid YAML: the text is not UTF-8 or too large" },
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

START_TEST(depth_has_a_limit)
{
	struct value v;
	struct buf b;

	for (size_t depth = 127; depth <= 129; depth++) {
		setup();
		buf_init(&b, &arena);
		buf_add_repeat(&b, '[', depth);
		buf_add_repeat(&b, ']', depth);
		ck_assert_int_eq(parse(b.data, &v), depth <= 128);
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
	tcase_add_test(tc, depth_has_a_limit);
}

int main(void)
{
	return unit_run("base_yaml", fill);
}
