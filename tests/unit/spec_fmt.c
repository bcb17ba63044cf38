#include "spec_case.h"

#include <inttypes.h>

#include "random_value.h"
#include "spec/fmt.h"
#include "spec/toml_write.h"

static struct arena arena;

static void setup(void)
{
	arena_init(&arena);
}

static void teardown(void)
{
	arena_release(&arena);
}

static bool format(const char *path, struct str text, struct str *out)
{
	struct diags d;
	bool good;

	diags_init(&d, &arena);
	good = fmt_text(&arena, str_from_c(path), text, 0, out, &d);
	ck_assert_int_eq(good, d.error_count == 0);
	return good;
}

static const struct {
	const char *path, *text, *formatted;
} cases[] = {
	{ "t.toml", "", "" },
	{ "t.toml", "\n\n \n", "" },
	{ "t.toml", "a=1", "a = 1\n" },
	{ "t.toml", "\n\n  a   =1  \n\n\n\n\n\tb= 2 # two  \n#three\n\n",
	  "a = 1\n\n\nb = 2 # two\n#three\n" },
	{ "t.toml", "[ a . 'b' ]  # c\n[[ d . e ]]\n[f]#g\n",
	  "[a.'b']  # c\n[[d.e]]\n[f] #g\n" },
	{ "t.toml", "a . b.\"c d\"='x'\r\n1.2 = true\r\n", "a.b.\"c d\" = 'x'\n1.2 = true\n" },
	{ "t.toml", "a=[ 1,2 , 3, ]\nb={x=1,y . z={}}\nc=[ ]\nd={ }\ne=[[],[ {}] ]",
	  "a = [1, 2, 3]\nb = { x = 1, y.z = {} }\nc = []\nd = {}\ne = [[], [{}]]\n" },
	{ "t.toml", "a = [\n1, 2,\n\n\n\n\n  3 ]\nb = [ 1,\n 2]\n",
	  "a = [\n  1,\n  2,\n\n\n  3,\n]\nb = [\n  1,\n  2,\n]\n" },
	{ "t.toml", "a = [ # one\n# two\n\n1 # three\n# four\n, # five\n 2, # six\n# seven\n]\n",
	  "a = [ # one\n  # two\n\n  1, # three\n  # four\n  # five\n  2, # six\n  # seven\n]\n" },
	{ "t.toml", "a = [\n]\nb = [\n# c\n]\n", "a = []\nb = [\n  # c\n]\n" },
	{ "t.toml", "a = [{\nb = [\n1]}, {\nc = 2\n}]\n",
	  "a = [{\n  b = [\n    1,\n  ],\n}, {\n  c = 2,\n}]\n" },
	{ "t.toml", "a = { # x\n b = 1, c = 2 }\n", "a = { # x\n  b = 1,\n  c = 2,\n}\n" },
	{ "t.toml", "a='''\r\n x \r\n  y'''\nb = \"\"\"\\\n   z\"\"\"\nc = 1e+06\nd = 2026-01-01 10:00:00\n",
	  "a = '''\n x \n  y'''\nb = \"\"\"\\\n   z\"\"\"\nc = 1e+06\nd = 2026-01-01 10:00:00\n" },
	{ "t.toml", "\xEF\xBB\xBF# x\na=1\n", "# x\na = 1\n" },
	{ "t.json", "{\"a\":1,\"b\":[1,2],\"c\":{}}", "{ \"a\": 1, \"b\": [1, 2], \"c\": {} }\n" },
	{ "t.json", "{ \"a\" : {\n\"b\":\"x,: \\\"\",\"c\":-1.0e5}\r\n\n, \"d\":[ {} , true ]}",
	  "{\n  \"a\": {\n    \"b\": \"x,: \\\"\",\n    \"c\": -1.0e5\n  },\n\n  \"d\": [{}, true]\n}\n" },
	{ "t.json", "\xEF\xBB\xBF{\n\"a\":[\n]}", "{\n  \"a\": []\n}\n" },
};

START_TEST(formats)
{
	struct str once, twice;

	ck_assert(format(cases[_i].path, str_from_c(cases[_i].text), &once));
	unit_str_eq(once, cases[_i].formatted);
	ck_assert(format(cases[_i].path, once, &twice));
	unit_str_eq(twice, cases[_i].formatted);
}
END_TEST

START_TEST(refuses_mistakes)
{
	struct str out;

	ck_assert(!format("t.toml", STR("a = 1\nb = oops\n"), &out));
	ck_assert(!format("t.json", STR("{\"a\": 1,}"), &out));
	ck_assert(fmt_is_known(STR("a.toml")) && fmt_is_known(STR("a.json")));
	ck_assert(!fmt_is_known(STR("a.yaml")));
}
END_TEST

/* Blanks, newlines and comments wherever TOML takes them. */
struct scatter {
	const struct random *random;
	struct buf out;
};

static void blanks(struct scatter *s)
{
	static const char *const some[] = { "", "", " ", "  ", "\t" };

	buf_add_c(&s->out, some[random_below(s->random, 5)]);
}

static void line_end(struct scatter *s)
{
	static const char *const some[] = { "\n", "\r\n", " # c\n", "#  d \r\n", "\n\n\n\n\n" };

	buf_add_c(&s->out, some[random_below(s->random, 5)]);
}

/* Between the items of a list or table. */
static void gap(struct scatter *s)
{
	blanks(s);
	while (random_below(s->random, 4) == 0)
		line_end(s);
	blanks(s);
}

static void scatter_value(struct scatter *s, int depth);

static void scatter_group(struct scatter *s, bool table, int depth)
{
	uint64_t count = random_below(s->random, 4);

	buf_add_char(&s->out, table ? '{' : '[');
	gap(s);
	for (uint64_t i = 0; i < count; i++) {
		if (table) {
			buf_printf(&s->out, "k%d", (int)i);
			blanks(s);
			buf_add_c(&s->out, random_below(s->random, 2) ? ".'x'" : " . y");
			blanks(s);
			buf_add_char(&s->out, '=');
			blanks(s);
		}
		scatter_value(s, depth);
		gap(s);
		if (i + 1 < count || random_below(s->random, 2))
			buf_add_char(&s->out, ',');
		gap(s);
	}
	buf_add_char(&s->out, table ? '}' : ']');
}

static void scatter_value(struct scatter *s, int depth)
{
	static const char *const some[] = {
		"1", "0xFF", "-2.50", "'l'", "\"b\\n#\"", "'''\r\nm\n\n  n'''", "\"\"\"\\\n  o\"\"\"",
		"true", "1979-05-27T07:32:00Z", "1979-05-27 07:32:00", "inf",
	};
	uint64_t kind = random_below(s->random, depth > 0 ? 4 : 2);

	if (kind < 2)
		buf_add_c(&s->out, some[random_below(s->random, 11)]);
	else
		scatter_group(s, kind == 2, depth - 1);
}

static void scatter_document(struct scatter *s)
{
	uint64_t count = random_below(s->random, 12);

	for (uint64_t i = 0; i < count; i++) {
		while (random_below(s->random, 3) == 0)
			line_end(s);
		blanks(s);
		if (random_below(s->random, 4) == 0)
			buf_printf(&s->out, random_below(s->random, 2) ? "[ t%d . u ]" : "[[t%d]]",
				   (int)i);
		else {
			buf_printf(&s->out, "s%d", (int)i);
			blanks(s);
			buf_add_char(&s->out, '=');
			blanks(s);
			scatter_value(s, 4);
		}
		blanks(s);
		line_end(s);
	}
}

static void check_same(struct str text, struct str formatted, uint64_t seed)
{
	struct spec_case before, after;
	struct str again;

	case_parse(&before, text);
	case_parse(&after, formatted);
	ck_assert_msg(!before.diags.count && !after.diags.count &&
		      str_equal(json_text(&arena, &before.document.root),
				json_text(&arena, &after.document.root)),
		      "EFFC_SEED=%" PRIu64 "\n%.*s\n--\n%.*s", seed, STR_ARG(text),
		      STR_ARG(formatted));
	ck_assert(format("t.toml", formatted, &again));
	ck_assert_msg(str_equal(formatted, again), "EFFC_SEED=%" PRIu64 "\n%.*s\n--\n%.*s", seed,
		      STR_ARG(formatted), STR_ARG(again));
	case_release(&before);
	case_release(&after);
}

START_TEST(keeps_the_tree)
{
	uint64_t seed = random_seed();
	struct scatter s = { .random = random_seeded(seed) };

	for (int i = 0; i < 500; i++) {
		struct str formatted;

		buf_init(&s.out, &arena);
		scatter_document(&s);
		ck_assert_msg(format("t.toml", buf_str(&s.out), &formatted),
			      "EFFC_SEED=%" PRIu64 "\n%s", seed, s.out.data);
		check_same(buf_str(&s.out), formatted, seed);
	}
}
END_TEST

/* What toml_write makes is in this form. */
START_TEST(leaves_written_trees)
{
	uint64_t seed = random_seed();
	const struct random *random = random_seeded(seed);

	for (int i = 0; i < 100; i++) {
		struct str formatted;
		struct value v;
		struct buf b;

		do
			v = random_value(&arena, random, 5);
		while (v.kind != VALUE_MAP);
		buf_init(&b, &arena);
		toml_write(&b, &v, NULL);
		ck_assert(format("t.toml", buf_str(&b), &formatted));
		ck_assert_msg(str_equal(buf_str(&b), formatted),
			      "EFFC_SEED=%" PRIu64 "\n%s\n--\n%.*s", seed, b.data,
			      STR_ARG(formatted));
	}
}
END_TEST

#define COUNT(table) ((int)(sizeof(table) / sizeof(*(table))))

static void fill(TCase *tc)
{
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, formats, 0, COUNT(cases));
	tcase_add_test(tc, refuses_mistakes);
	tcase_add_test(tc, keeps_the_tree);
	tcase_add_test(tc, leaves_written_trees);
}

int main(void)
{
	return unit_run("spec_fmt", fill);
}
