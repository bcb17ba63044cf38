#include "spec_case.h"

#include "base/stats.h"

/* Texts and their values as JSON. */
static const struct {
	const char *text, *json;
} values[] = {
	{ "", "{}" },
	{ "# only a comment", "{}" },
	{ "\xEF\xBB\xBF" "a = 1", "{\"a\":1}" },
	{ "a = 1\r\nb = 2\r\n", "{\"a\":1,\"b\":2}" },
	{ "\t a\t=\t1\t# c", "{\"a\":1}" },
	{ "a-b_C1 = 1\n1234 = 2\n\"\" = 3\n'a b' = 4",
	  "{\"a-b_C1\":1,\"1234\":2,\"\":3,\"a b\":4}" },
	{ "a . b .\"c.d\" = 1\na.e = 2", "{\"a\":{\"b\":{\"c.d\":1},\"e\":2}}" },
	{ "3.14 = 1", "{\"3\":{\"14\":1}}" },
	{ "a = +99\nb = -0\nc = 1_000\nd = 0", "{\"a\":99,\"b\":0,\"c\":1000,\"d\":0}" },
	{ "a = 0xDEAD_beef\nb = 0o755\nc = 0b1101", "{\"a\":3735928559,\"b\":493,\"c\":13}" },
	{ "a = 9223372036854775807\nb = -9223372036854775808",
	  "{\"a\":9223372036854775807,\"b\":-9223372036854775808}" },
	{ "a = 0x7fffffffffffffff", "{\"a\":9223372036854775807}" },
	{ "a = 1.5\nb = -0.5\nc = 1e3\nd = 6.5E-1\ne = 1_0.2_5",
	  "{\"a\":1.5,\"b\":-0.5,\"c\":1000.0,\"d\":0.65,\"e\":10.25}" },
	{ "a = true\nb = false", "{\"a\":true,\"b\":false}" },
	{ "a = \"\\b\\t\\n\\f\\r\\e\\\"\\\\\"", "{\"a\":\"\\b\\t\\n\\f\\r\\u001b\\\"\\\\\"}" },
	{ "a = \"\\x41\\xe9\\u00e9\\U0001F600\"",
	  "{\"a\":\"A\xC3\xA9\xC3\xA9\xF0\x9F\x98\x80\"}" },
	{ "a = 'C:\\new\\x'", "{\"a\":\"C:\\\\new\\\\x\"}" },
	{ "a = \"\"\"\none\r\ntwo\"\"\"", "{\"a\":\"one\\ntwo\"}" },
	{ "a = \"\"\"one \\\n\n   two \\  \n three\"\"\"", "{\"a\":\"one two three\"}" },
	{ "a = \"\"\"\"\"one\"\"\"\"\"", "{\"a\":\"\\\"\\\"one\\\"\\\"\"}" },
	{ "a = '''''one'''''", "{\"a\":\"''one''\"}" },
	{ "a = \"\"\"\\\"\"\"\"", "{\"a\":\"\\\"\"}" },
	{ "a = ''''''", "{\"a\":\"\"}" },
	{ "a = [ ]\nb = [1, \"x\", [true,],]", "{\"a\":[],\"b\":[1,\"x\",[true]]}" },
	{ "a = [ # c\n  1 # d\n  , 2\n]", "{\"a\":[1,2]}" },
	{ "a = [\n[\"b\"]\n,\n[1]\n,[true]\n]", "{\"a\":[[\"b\"],[1],[true]]}" },
	{ "a = {}\nb = { c = 1, d.e = 2, d.f = 3 }",
	  "{\"a\":{},\"b\":{\"c\":1,\"d\":{\"e\":2,\"f\":3}}}" },
	{ "a = { # c\n  b = 1, # d\n\n  c = 2,\n}", "{\"a\":{\"b\":1,\"c\":2}}" },
	{ "a = {\nb = 1,\nc = [\n2\n]\n}\nd = 3", "{\"a\":{\"b\":1,\"c\":[2]},\"d\":3}" },
	{ "[a]\nb = 1\n[a.c]\nd = 2\n[e]", "{\"a\":{\"b\":1,\"c\":{\"d\":2}},\"e\":{}}" },
	{ "[a.b]\n[a]\nc = 1", "{\"a\":{\"b\":{},\"c\":1}}" },
	{ "[ a . 'b' ] # c\nd = 1", "{\"a\":{\"b\":{\"d\":1}}}" },
	{ "a.b = 1\n[a.c]\nd = 2", "{\"a\":{\"b\":1,\"c\":{\"d\":2}}}" },
	{ "[a.b.c]\n[a]\nb.d = 1", "{\"a\":{\"b\":{\"c\":{},\"d\":1}}}" },
	{ "[[a]]\nb = 1\n[[a]]\n[a.c]\nd = 2\n[[a.e]]",
	  "{\"a\":[{\"b\":1},{\"c\":{\"d\":2},\"e\":[{}]}]}" },
};

START_TEST(reads)
{
	struct str text = str_from_c(values[_i].text);
	struct spec_case c;

	case_parse(&c, text);
	case_check_cover(&c, text);
	unit_str_eq(case_messages(&c.arena, &c.sources, &c.diags), "");
	unit_str_eq(json_text(&c.arena, &c.document.root), values[_i].json);
	case_release(&c);
}
END_TEST

static const struct {
	const char *text;
	enum datetime_kind kind;
	const char *want;
} dates[] = {
	{ "1979-05-27T07:32:00Z", DATETIME_OFFSET, "1979-05-27T07:32:00Z" },
	{ "1979-05-27 07:32z", DATETIME_OFFSET, "1979-05-27T07:32:00Z" },
	{ "1979-05-27t00:32:00.999999-07:00", DATETIME_OFFSET, "1979-05-27T00:32:00.999999-07:00" },
	{ "2024-02-29T23:59:60+23:59", DATETIME_OFFSET, "2024-02-29T23:59:60+23:59" },
	{ "2000-02-29T07:32", DATETIME_LOCAL, "2000-02-29T07:32:00" },
	{ "1979-05-27 07:32:00.5", DATETIME_LOCAL, "1979-05-27T07:32:00.5" },
	{ "2012-10-17", DATE_LOCAL, "2012-10-17" },
	{ "07:32", TIME_LOCAL, "07:32:00" },
	{ "00:00:00.123", TIME_LOCAL, "00:00:00.123" },
	/* Refused. */
	{ "1900-02-29", DATE_LOCAL, NULL },
	{ "2023-04-31", DATE_LOCAL, NULL },
	{ "2023-00-01", DATE_LOCAL, NULL },
	{ "2023-01-00", DATE_LOCAL, NULL },
	{ "2023-01-01T25:00", DATE_LOCAL, NULL },
	{ "2023-01-01T00:00:61", DATE_LOCAL, NULL },
	{ "2023-01-01T00:00:00+24:00", DATE_LOCAL, NULL },
	{ "2023-01-01T00:00:00+00:60", DATE_LOCAL, NULL },
	{ "2023-01-01T00:00:00.", DATE_LOCAL, NULL },
	{ "2023-01-01T", DATE_LOCAL, NULL },
	{ "2023-01-01T00", DATE_LOCAL, NULL },
	{ "07:32Z", DATE_LOCAL, NULL },
	{ "7:32", DATE_LOCAL, NULL },
	{ "20230-01-01", DATE_LOCAL, NULL },
};

START_TEST(reads_dates)
{
	struct spec_case c;
	struct str text;
	struct arena arena;
	const struct value *v;

	arena_init(&arena);
	text = str_format(&arena, "a = %s # c\n", dates[_i].text);
	case_parse(&c, text);
	case_check_cover(&c, text);
	v = value_get_c(&c.document.root, "a");
	if (dates[_i].want) {
		unit_str_eq(case_messages(&c.arena, &c.sources, &c.diags), "");
		ck_assert_int_eq(v->kind, VALUE_DATETIME);
		ck_assert_int_eq(v->datetime.kind, dates[_i].kind);
		unit_str_eq(v->datetime.text, dates[_i].want);
		ck_assert_uint_eq(v->span.end - v->span.start, strlen(dates[_i].text));
	} else {
		ck_assert_uint_eq(c.diags.count, 1);
		ck_assert_uint_ne(v->marks & VALUE_DAMAGED, 0);
	}
	case_release(&c);
	arena_release(&arena);
}
END_TEST

START_TEST(reads_special_floats)
{
	struct spec_case c;
	const struct value *list;

	case_parse(&c, STR("a = [inf, +inf, -inf, nan, -nan]"));
	list = value_get_c(&c.document.root, "a");
	ck_assert_uint_eq(list->list.count, 5);
	ck_assert(list->list.items[1].number > 1e308);
	ck_assert(list->list.items[2].number < -1e308);
	ck_assert(list->list.items[3].number != list->list.items[3].number);
	case_release(&c);
}
END_TEST

#define SPANS "[ab.'c d']\nkey = \"x\"\nl = [ 10, { k = 'v' } ]\nd.e = 1\n"

/* path, and what its key and value look like in the source. */
static const struct {
	const char *path, *key, *value;
} spans[] = {
	{ "ab", "ab", "[ab.'c d']" },
	{ "ab.c d", "'c d'", "[ab.'c d']" },
	{ "ab.c d.key", "key", "\"x\"" },
	{ "ab.c d.l", "l", "[ 10, { k = 'v' } ]" },
	{ "ab.c d.l.0", NULL, "10" },
	{ "ab.c d.l.1", NULL, "{ k = 'v' }" },
	{ "ab.c d.l.1.k", "k", "'v'" },
	{ "ab.c d.d", "d", "d" },
	{ "ab.c d.d.e", "e", "1" },
};

static struct str source_of(const struct spec_case *c, struct span span)
{
	return str_slice(c->sources.items[0].text, span.start, span.end);
}

START_TEST(knows_places)
{
	struct str path = str_from_c(spans[_i].path);
	size_t dot = str_last_index(path, '.');
	const struct value *parent, *v;
	struct spec_case c;

	case_parse(&c, STR(SPANS));
	v = value_path(&c.document.root, path);
	ck_assert_ptr_nonnull(v);
	unit_str_eq(source_of(&c, v->span), spans[_i].value);
	parent = &c.document.root;
	if (dot < path.length)
		parent = value_path(parent, str_slice(path, 0, dot));
	else
		dot = (size_t)-1;
	if (spans[_i].key)
		unit_str_eq(source_of(&c, value_member(parent, str_slice(path, dot + 1,
									 path.length))->key_span),
			    spans[_i].key);
	case_release(&c);
}
END_TEST

/* A part of a decoded string, and the bytes of the source that it is from. */
static const struct {
	const char *text, *part, *source;
} inside[] = {
	{ "a = \"plain text\"", "text", "text" },
	{ "a = 'plain text'", "plain", "plain" },
	{ "a = \"tab\\there\"", "here", "here" },
	{ "a = \"tab\\there\"", "tab\there", "tab\\there" },
	{ "a = \"\\u00e9t\\u00e9\"", "t", "t" },
	{ "a = \"\\u00e9t\\u00e9\"", "\xC3\xA9t", "\\u00e9t" },
	{ "a = \"\"\"\nfirst\r\nsecond\"\"\"", "second", "second" },
	{ "a = \"\"\"\nfirst\r\nsecond\"\"\"", "t\ns", "t\r\ns" },
	{ "a = \"\"\"one \\\n   two\"\"\"", "two", "two" },
	{ "a = \"\"\"one \\\n   two\"\"\"", " two", " \\\n   two" },
	{ "a = '''\nraw\\n'''", "\\n", "\\n" },
	{ "a = \"\xE2\x82\xAC${x}\"", "${x}", "${x}" },
};

START_TEST(knows_places_in_strings)
{
	struct str part = str_from_c(inside[_i].part);
	const struct value *v;
	struct spec_case c;
	size_t at = 0;

	case_parse(&c, str_from_c(inside[_i].text));
	unit_str_eq(case_messages(&c.arena, &c.sources, &c.diags), "");
	v = value_get_c(&c.document.root, "a");
	while (!str_starts(str_slice(v->string, at, v->string.length), part))
		ck_assert_uint_lt(at++, v->string.length);
	unit_str_eq(source_of(&c, value_text_span(v, at, at + part.length)), inside[_i].source);
	case_release(&c);
}
END_TEST

/* Texts of count pieces, each of which could be slow in its own way. */
static void add_tables(struct buf *b, int i)
{
	buf_printf(b, "[table.t%d]\nk = %d\n", i, i);
}

static void add_keys(struct buf *b, int i)
{
	buf_printf(b, "k%d.a.b.c.d.e = \"\\u00e9\"\n", i);
}

static void add_list(struct buf *b, int i)
{
	buf_printf(b, "%s\n  { a = %d, b = [1, 2] },", i ? "" : "l = [", i);
}

static void add_tables_of_list(struct buf *b, int i)
{
	buf_printf(b, "[[l]]\nx.y = %d\n[l.z]\n", i);
}

static void add_quotes(struct buf *b, int i)
{
	buf_printf(b, "%s\\\"\"\" '\n", i ? "" : "x = \"\"\"");
}

static void add_brackets(struct buf *b, int i)
{
	(void)i;
	buf_add_c(b, "[a.");
}

static void (*const pieces[])(struct buf *b, int i) = {
	add_tables, add_keys, add_list, add_tables_of_list, add_quotes, add_brackets,
};

static uint64_t work_of(void (*piece)(struct buf *b, int i), int count)
{
	struct arena arena;
	struct spec_case c;
	struct buf b;
	uint64_t probes;

	arena_init(&arena);
	buf_init(&b, &arena);
	for (int i = 0; i < count; i++)
		piece(&b, i);
	if (piece == add_list)
		buf_add_c(&b, "\n]\n");
	probes = stats.probes;
	case_parse(&c, buf_str(&b));
	case_check_cover(&c, buf_str(&b));
	probes = stats.probes - probes + c.arena.used_bytes;
	case_release(&c);
	arena_release(&arena);
	return probes;
}

START_TEST(grows_in_line)
{
	uint64_t one = work_of(pieces[_i], 25000), four = work_of(pieces[_i], 100000);

	ck_assert_msg(four < one * 6, "%llu, then %llu for four times the text",
		      (unsigned long long)one, (unsigned long long)four);
}
END_TEST

#define COUNT(table) ((int)(sizeof(table) / sizeof(*(table))))

static void fill(TCase *tc)
{
	tcase_add_loop_test(tc, reads, 0, COUNT(values));
	tcase_add_loop_test(tc, reads_dates, 0, COUNT(dates));
	tcase_add_test(tc, reads_special_floats);
	tcase_add_loop_test(tc, knows_places, 0, COUNT(spans));
	tcase_add_loop_test(tc, knows_places_in_strings, 0, COUNT(inside));
	tcase_add_loop_test(tc, grows_in_line, 0, COUNT(pieces));
}

int main(void)
{
	return unit_run("spec_toml", fill);
}
