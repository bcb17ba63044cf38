#include "spec_case.h"

#include <inttypes.h>

#include "random_value.h"
#include "spec/expr.h"
#include "spec/toml_write.h"

/* Null has no form: what a tree reads back as. */
static struct value without_null(struct arena *a, const struct value *v)
{
	struct value out = v->kind == VALUE_LIST ? value_list(NULL, 0) : value_map();

	if (v->kind != VALUE_LIST && v->kind != VALUE_MAP)
		return *v;
	for (size_t i = 0; v->kind == VALUE_LIST && i < v->list.count; i++)
		if (v->list.items[i].kind != VALUE_NULL)
			value_append(a, &out, without_null(a, &v->list.items[i]));
	for (uint32_t i = 0; v->kind == VALUE_MAP && i < v->map.count; i++) {
		const struct member *member = v->map.entries[i].value;

		if (member->value.kind != VALUE_NULL)
			value_set(a, &out, v->map.entries[i].key,
				  without_null(a, &member->value));
	}
	return out;
}

START_TEST(reads_back_equal)
{
	uint64_t seed = random_seed();
	const struct random *random = random_seeded(seed);

	for (int i = 0; i < 300; i++) {
		struct value v, want;
		struct spec_case c;
		struct arena a;
		struct buf b;

		arena_init(&a);
		buf_init(&b, &a);
		do
			v = random_value(&a, random, 5);
		while (v.kind != VALUE_MAP);
		want = without_null(&a, &v);
		toml_write(&b, &v, NULL);
		case_parse(&c, buf_str(&b));
		ck_assert_msg(!c.diags.count && value_equal(&c.document.root, &want),
			      "EFFC_SEED=%" PRIu64 "\n%s", seed, b.data);
		case_release(&c);
		arena_release(&a);
	}
}
END_TEST

static const struct {
	const char *text, *written;
} cases[] = {
	{ "", "" },
	{ "a = {}", "[a]\n" },
	{ "a.b.c = 1\nx = 'y'", "x = \"y\"\n\n[a.b]\nc = 1\n" },
	{ "a = [{b = 1}, {}]", "[[a]]\nb = 1\n\n[[a]]\n" },
	{ "a = [{b = [{c = 1}]}]", "[[a]]\n\n[[a.b]]\nc = 1\n" },
	{ "a = [[{b = {}}], []]", "a = [[{ b = {} }], []]\n" },
	{ "'a b'.'' = 1\n'\xC3\xA9' = 2", "\"\xC3\xA9\" = 2\n\n[\"a b\"]\n\"\" = 1\n" },
	{ "a = 1e100\nb = 0.1\nc = 3.0\nd = -0.0\ne = inf\nf = -inf\ng = 1e5",
	  "a = 1e+100\nb = 0.1\nc = 3.0\nd = -0.0\ne = inf\nf = -inf\ng = 100000.0\n" },
	{ "a = 2026-01-02T03:04:05Z\nb = 2026-01-02\nc = 03:04:05\nd = 2026-01-02 03:04:05.5",
	  "a = 2026-01-02T03:04:05Z\nb = 2026-01-02\nc = 03:04:05\nd = 2026-01-02T03:04:05.5\n" },
	{ "a = \"\\u0001\\t\\\"\\\\\\u007F\"", "a = \"\\u0001\\t\\\"\\\\\\u007F\"\n" },
	{ "a = ['aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'b']",
	  "a = [\n  \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\",\n"
	  "  \"b\",\n]\n" },
};

START_TEST(writes)
{
	struct spec_case c;
	struct buf b;

	case_parse(&c, str_from_c(cases[_i].text));
	ck_assert_uint_eq(c.diags.count, 0);
	buf_init(&b, &c.arena);
	toml_write(&b, &c.document.root, NULL);
	unit_str_eq(buf_str(&b), cases[_i].written);
	case_release(&c);
}
END_TEST

static void print_plain(const void *context, struct buf *out, const struct expr *e)
{
	(void)context;
	expr_print(out, e);
}

/* A spec reads back as it was: expressions open, text that only looks like one is text. */
START_TEST(writes_specs)
{
	static const struct toml_form form = { .expression = print_plain };
	static const char text[] = "a = \"$${x} ${y.z} \\\"%%{q\"\nb = \"$${x}\"\n";
	struct spec_case c;
	struct value v;
	struct buf b;

	case_parse(&c, str_from_c(text));
	ck_assert(expr_parse_all(&c.arena, &c.document.root, &v, &c.diags));
	buf_init(&b, &c.arena);
	toml_write(&b, &v, &form);
	unit_str_eq(buf_str(&b), text);
	case_release(&c);
}
END_TEST

/* What must not or cannot be said. */
START_TEST(withholds)
{
	struct value root = value_map(), secret = value_string(STR("hidden"));
	struct arena a;
	struct buf b;

	arena_init(&a);
	secret.marks = VALUE_SECRET;
	value_set(&a, &root, STR("a"), secret);
	value_set(&a, &root, STR("b"), value_null());
	value_set(&a, &root, STR("c"), value_unknown(&a, STR("the id is not known"), STR("")));
	buf_init(&b, &a);
	toml_write(&b, &root, NULL);
	unit_str_eq(buf_str(&b),
		    "a = \"(secret)\"\nc = { unknown = \"the id is not known\" }\n");
	arena_release(&a);
}
END_TEST

#define COUNT(table) ((int)(sizeof(table) / sizeof(*(table))))

static void fill(TCase *tc)
{
	tcase_add_test(tc, reads_back_equal);
	tcase_add_loop_test(tc, writes, 0, COUNT(cases));
	tcase_add_test(tc, writes_specs);
	tcase_add_test(tc, withholds);
}

int main(void)
{
	return unit_run("spec_toml_write", fill);
}
