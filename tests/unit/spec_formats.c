#include "spec_case.h"

#include <string.h>

#include "base/trace.h"
#include "spec/expr.h"

/* YAML and JSON as specs, and what holds of all three formats. */
static struct arena arena;
static struct sources sources;
static struct diags diags;
static struct files *files;

static void setup(void)
{
	arena_init(&arena);
	diags_init(&diags, &arena);
	sources = (struct sources){ 0 };
	files = files_memory(&arena);
}

static void teardown(void)
{
	arena_release(&arena);
}

static bool read_text(const char *path, struct str text, struct value *root)
{
	struct str name = str_from_c(path);
	struct spec spec;
	bool good;

	files_memory_add(&arena, files, name, text);
	good = spec_read(&arena, files, &sources, &name, 1, &spec, &diags);
	ck_assert_int_eq(good, diags.error_count == 0);
	ck_assert_int_eq(good, !spec.documents[0].damaged);
	diags_sort(&diags);
	*root = spec.root;
	return good;
}

static const struct {
	const char *path, *text, *json, *messages;
} cases[] = {
	/* YAML */
	{ "t.yaml", "", "{}", "" },
	{ "t.yaml", "# nothing\n---\n", "{}", "" },
	{ "t.yaml", "a: on\nb: 0x1f\nc: 0o17\nd: 2012-10-17\ne: [1.5, .inf, TRUE, '1']\n",
	  "{\"a\":\"on\",\"b\":31,\"c\":15,\"d\":\"2012-10-17\","
	  "\"e\":[1.5,\"Infinity\",true,\"1\"]}", "" },
	{ "t.yaml", "a: &x {b: 1}\nc: [*x, *x]\n",
	  "{\"a\":{\"b\":1},\"c\":[{\"b\":1},{\"b\":1}]}", "" },
	{ "t.yaml", "a: &x {b: 1}\nc:\n  <<: *x\n  d: 2\n", "{\"a\":{\"b\":1},\"c\":{\"d\":2}}",
	  "3:3+2 a spec has no merge keys | write the keys out, or put what blocks share into "
	  "'defaults'" },
	{ "t.yaml", "a: {'<<': 1}\n", "{\"a\":{\"<<\":1}}", "" },
	{ "t.yaml", "a: {b: null, c: ~}\nd:\ne:\n- 1\n-\n", NULL,
	  "1:8+4 a spec has no null | leave the key out\n"
	  "1:17+1 a spec has no null | leave the key out\n"
	  "2:1+1 a value is missing after 'd:' | write {} for a table without keys, \"\" for empty "
	  "text\n5:2+0 a value is missing after '-'" },
	{ "t.yaml", "a: 1\n---\nb: 2\n", NULL,
	  "2:1+3 only one document is allowed | remove the '---' and what follows, or use two "
	  "files" },
	{ "t.yaml", "- a\n", NULL, "1:1+3 a spec is a table of sections, not a list | it begins with "
	  "'project', a table with a name and a region" },
	{ "t.yaml", "project:\n  name:shop\n", NULL,
	  "2:3+5 a blank is missing after 'name:' | write 'name: ...'" },
	{ "t.yaml", "a: {b: 1, b: 2}\na: 3\nc: !GetAtt d.e\n", NULL,
	  "1:11+1 the key 'b' is given twice\n2:1+1 the key 'a' is given twice\n"
	  "3:4+11 the tag '!GetAtt' has no meaning here | write \"${id.attribute}\" for what belongs "
	  "to another block" },
	{ "t.yaml", "a:\n\tb: 1\n", NULL, "2:1+1 a tab cannot indent in YAML | indent with blanks" },
	/* JSON */
	{ "t.json", "{}", "{}", "" },
	{ "t.json", " { \"a\" : [ 1 , -2.5e1 , true , { } , [ ] , \"\\u00e9\\ud83d\\ude00\\n\" ] }\r\n",
	  "{\"a\":[1,-25.0,true,{},[],\"\xC3\xA9\xF0\x9F\x98\x80\\n\"]}", "" },
	{ "t.json", "", NULL, "1:1+0 expected a value, found the end of the file" },
	{ "t.json", "[]", NULL, "1:1+2 a spec is a table of sections, not a list | it begins with "
	  "'project', a table with a name and a region" },
	{ "t.json", "{\"a\": 1, \"a\": 2}", "{\"a\":1}", "1:10+3 the key 'a' is given twice" },
	{ "t.json", "{\"a\": [1,], \"b\": {\"c\": 1,},}", "{\"a\":[1],\"b\":{\"c\":1}}",
	  "1:9+1 a comma after the last item | remove it\n"
	  "1:25+1 a comma after the last key | remove it\n"
	  "1:27+1 a comma after the last key | remove it" },
	{ "t.json", "{\"a\": 1 \"b\": [2 3]}", "{\"a\":1,\"b\":[2,3]}",
	  "1:9+1 expected ',' or '}', found '\"'\n1:17+1 expected ',' or ']', found '3'" },
	{ "t.json", "{\"a\": 1, // one\n/* two\n*/ # three\n\"b\": 2}", "{\"a\":1,\"b\":2}",
	  "1:10+2 JSON has no comments | a spec with comments is better in TOML or YAML\n"
	  "2:1+2 JSON has no comments | a spec with comments is better in TOML or YAML\n"
	  "3:4+1 JSON has no comments | a spec with comments is better in TOML or YAML" },
	{ "t.json", "{a: 'b', \"c\" = 1}", "{\"c\":1}",
	  "1:2+1 JSON puts keys into double quotes | write \"a\"\n"
	  "1:5+3 JSON puts text into double quotes\n"
	  "1:14+1 expected ':' after key 'c', found '='" },
	{ "t.json", "{\"a\": null, \"b\": shop, \"c\": 012, \"d\": +1, \"e\": ${x.y}}", NULL,
	  "1:7+4 a spec has no null | leave it out\n"
	  "1:18+4 text needs quotes | write \"shop\"\n"
	  "1:29+3 '012' is no number of JSON | write \"012\" if it is text\n"
	  "1:39+2 '+1' is no number of JSON | write \"+1\" if it is text\n"
	  "1:48+6 an expression needs quotes" },
	{ "t.json", "{\"a\": 9223372036854775808, \"b\": 1e999}", NULL,
	  "1:7+19 the number '9223372036854775808' does not fit 64 bits | write it in quotes if it "
	  "is text\n1:33+5 the number '1e999' does not fit 64 bits | write it in quotes if it is "
	  "text" },
	{ "t.json", "{\"a\": \"b\\q\\u12\", \"c\": \"\\ud800\", \"d\": \"x\ty\"}", NULL,
	  "1:9+2 unknown escape '\\q' | for a backslash write \\\\\n"
	  "1:11+2 '\\u' needs 4 hexadecimal digits\n"
	  "1:24+6 '\\ud800' is half of a surrogate pair, no character | write the character "
	  "itself\n1:40+1 control character U+0009 in a string | write \\t" },
	{ "t.json", "{\"a\": \"b\n}", "{\"a\":null}",
	  "1:7+2 string is never closed | end it with \" on the same line; a newline in it is "
	  "\\n" },
	{ "t.json", "{\"a\": [1, {\"b\": 2}", "{\"a\":[1,{\"b\":2}]}",
	  "1:7+1 list is never closed | add ']'" },
	{ "t.json", "{\"a\": [1}", "{\"a\":[1]}", "1:9+1 expected ']', found '}'" },
	{ "t.json", "{\"a\": , \"b\": [,1]}", NULL,
	  "1:7+1 a value is missing before ','\n1:15+1 a value is missing before ','" },
	{ "t.json", "{} {}", NULL, "1:4+1 something stands after the end of the spec" },
	{ "t.json", "{\"a\": \"\xFF\"}", "{}",
	  "1:8+1 byte 0xFF is not UTF-8 | save the file as UTF-8" },
};

START_TEST(reads)
{
	struct value root;
	bool good = read_text(cases[_i].path, str_from_c(cases[_i].text), &root);

	unit_str_eq(case_messages(&arena, &sources, &diags), cases[_i].messages);
	ck_assert_int_eq(good, !*cases[_i].messages);
	if (cases[_i].json)
		unit_str_eq(json_text(&arena, &root), cases[_i].json);
}
END_TEST

/* The same document in three formats, with an expression after characters that decode. */
static const struct {
	const char *path, *text;
} thrice[] = {
	{ "t.toml", "[a]\nb = \"\\u00e9\\t${x.}\"\nc = [1, true]\n" },
	{ "t.yaml", "a:\n  b: \"\\u00e9\\t${x.}\"\n  c: [1, true]\n" },
	{ "t.yaml", "a:\n  b: '\xC3\xA9\t${x.}'\n  c:\n  - 1\n  - true\n" },
	{ "t.json", "{\"a\": {\"b\": \"\\u00e9\\t${x.}\", \"c\": [1, true]}}" },
};

START_TEST(points_into_strings)
{
	const char *text = thrice[_i].text;
	const struct value *v;
	struct value root, out;
	struct span span;

	ck_assert(read_text(thrice[_i].path, str_from_c(text), &root));
	unit_str_eq(json_text(&arena, &root),
		    "{\"a\":{\"b\":\"\xC3\xA9\\t${x.}\",\"c\":[1,true]}}");
	v = value_path(&root, STR("a.b"));
	span = value_text_span(v, 3, 8);
	unit_str_eq(str_slice(str_from_c(text), span.start, span.end), "${x.}");
	ck_assert(!expr_parse(&arena, v, &out, &diags));
	ck_assert_uint_eq(diags.count, 1);
	span = diags.items[0].span;
	ck_assert_uint_eq(span.start, (uint32_t)(strstr(text, "x.") - text + 2));
}
END_TEST

static const char *const formats[] = { "t.toml", "t.yaml", "t.json" };
static const struct {
	const char *before, *after;
} frames[] = { { "a = ", "\n" }, { "a: ", "\n" }, { "{\"a\": ", "}" } };

static struct str framed(int format, struct str text)
{
	return str_format(&arena, "%s%.*s%s", frames[format].before, STR_ARG(text),
			  frames[format].after);
}

static struct str repeated(char open, char close, size_t count)
{
	struct buf b;

	buf_init(&b, &arena);
	buf_add_repeat(&b, open, count);
	buf_add_repeat(&b, close, count);
	return buf_str(&b);
}

START_TEST(reads_long_strings)
{
	struct value root;
	struct buf b;

	buf_init(&b, &arena);
	buf_add_char(&b, '"');
	for (int i = 0; i < 1 << 17; i++)
		buf_add_c(&b, "text\\n  ");
	buf_add_char(&b, '"');
	ck_assert(read_text(formats[_i], framed(_i, buf_str(&b)), &root));
	ck_assert_uint_eq(value_get_str(&root, "a").length, (size_t)7 << 17);
}
END_TEST

/* 10,000 levels: one message, at a place where the limit is passed, and little memory. */
START_TEST(refuses_deep_nesting)
{
	struct value root;

	ck_assert(!read_text(formats[_i], framed(_i, repeated('[', ']', 10000)), &root));
	ck_assert_uint_eq(diags.count, 1);
	ck_assert_msg(str_contains(diags.items[0].text, STR("nested deeper than")), "%.*s",
		      STR_ARG(diags.items[0].text));
	ck_assert_uint_lt(arena.used_bytes, 2u << 20);
}
END_TEST

START_TEST(limits_depth_alike)
{
	struct value root;

	ck_assert(read_text(formats[_i], framed(_i, repeated('[', ']', 63)), &root));
	ck_assert(!read_text(formats[_i], framed(_i, repeated('[', ']', 64)), &root));
	unit_str_eq(diags.items[0].text, "values nested deeper than 64 levels");
}
END_TEST

START_TEST(takes_marks_and_returns)
{
	static const char *const texts[] = {
		"\xEF\xBB\xBF" "a = \"x\"\r\nb = 1\r\n", "\xEF\xBB\xBF" "a: x\r\nb: 1\r\n",
		"\xEF\xBB\xBF" "{\r\n\"a\": \"x\",\r\n\"b\": 1\r\n}\r\n",
	};
	const struct member *b;
	struct value root;

	ck_assert(read_text(formats[_i], str_from_c(texts[_i]), &root));
	unit_str_eq(json_text(&arena, &root), "{\"a\":\"x\",\"b\":1}");
	b = value_member(&root, STR("b"));
	unit_str_eq(str_slice(str_from_c(texts[_i]), b->value.span.start, b->value.span.end), "1");
	ck_assert_int_eq(texts[_i][b->key_span.start + (_i == 2)], 'b');
}
END_TEST

START_TEST(refuses_bytes_that_are_no_text)
{
	struct value root;

	ck_assert(!read_text(formats[_i], framed(_i, STR("\"x\xC3(\"")), &root));
	ck_assert_uint_eq(diags.count, 1);
	ck_assert_uint_eq(diags.items[0].span.start, strlen(frames[_i].before) + 2);
	ck_assert(str_contains(diags.items[0].text, STR("UTF-8")));
}
END_TEST

/* Twice the text is twice the memory, whatever is in it. */
static size_t memory_for(int format, size_t count)
{
	struct value root;
	struct buf b;
	size_t before;

	buf_init(&b, &arena);
	buf_add_char(&b, '[');
	for (size_t i = 0; i < count; i++)
		buf_printf(&b, "%s\"a\\n%zu\"", i ? ", " : "", i);
	buf_add_char(&b, ']');
	before = arena.used_bytes;
	ck_assert(read_text(formats[format], framed(format, buf_str(&b)), &root));
	return arena.used_bytes - before;
}

START_TEST(takes_memory_in_proportion)
{
	size_t once = memory_for(_i, 2000), more = memory_for(_i, 16000);

	ck_assert_msg(more < 12 * once, "%zu bytes, then %zu", once, more);
}
END_TEST

/* Too many mistakes end with a word about it. */
START_TEST(stops_counting)
{
	static const char *const bad[] = { "oops", "!x 1", "oops" };
	struct value root;
	struct buf b;

	buf_init(&b, &arena);
	buf_add_char(&b, '[');
	for (int i = 0; i < 5000; i++)
		buf_printf(&b, "%s%s", i ? ", " : "", bad[_i]);
	buf_add_char(&b, ']');
	ck_assert(!read_text(formats[_i], framed(_i, buf_str(&b)), &root));
	ck_assert_uint_eq(diags.count, 41);
	unit_str_eq(diags.items[40].text,
		    "more than 40 mistakes in this file: the rest is not read");
}
END_TEST

#define COUNT(table) ((int)(sizeof(table) / sizeof(*(table))))

static void fill(TCase *tc)
{
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, reads, 0, COUNT(cases));
	tcase_add_loop_test(tc, points_into_strings, 0, COUNT(thrice));
	tcase_add_loop_test(tc, reads_long_strings, 0, COUNT(formats));
	tcase_add_loop_test(tc, refuses_deep_nesting, 0, COUNT(formats));
	tcase_add_loop_test(tc, limits_depth_alike, 0, COUNT(formats));
	tcase_add_loop_test(tc, takes_marks_and_returns, 0, COUNT(formats));
	tcase_add_loop_test(tc, refuses_bytes_that_are_no_text, 0, COUNT(formats));
	tcase_add_loop_test(tc, takes_memory_in_proportion, 0, COUNT(formats));
	tcase_add_loop_test(tc, stops_counting, 0, COUNT(formats));
}

int main(void)
{
	return unit_run("spec_formats", fill);
}
