#include "unit.h"

#include <math.h>

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

static struct value parsed(const char *text)
{
	struct error err = { 0 };
	struct value v;

	ck_assert_msg(json_parse(&arena, str_from_c(text), SPAN_NOWHERE, &v, &err), "%s", err.text);
	return v;
}

static const struct {
	const char *a, *b;
	int order;
} pairs[] = {
	{ "1", "1.0", 0 }, { "1", "2", -1 }, { "1.5", "1", 1 }, { "-1", "-1.5", 1 },
	{ "9007199254740993", "9007199254740992.0", 1 },
	{ "9223372036854775807", "9223372036854775808", -1 },
	{ "-9223372036854775808", "-9223372036854775808.0", 0 },
	{ "null", "false", -1 }, { "false", "true", -1 }, { "\"a\"", "\"b\"", -1 },
	{ "\"1\"", "1", 1 }, { "[]", "[1]", -1 }, { "[2]", "[1,1]", 1 }, { "[1,2]", "[1,2]", 0 },
	{ "{\"a\":1,\"b\":2}", "{\"b\":2,\"a\":1}", 0 }, { "{\"a\":1}", "{\"a\":2}", -1 },
	{ "{\"a\":1}", "{\"b\":1}", -1 }, { "{}", "{\"a\":null}", -1 },
	{ "{\"a\":[{\"b\":1.0}]}", "{\"a\":[{\"b\":1}]}", 0 },
};

static int sign(int order)
{
	return (order > 0) - (order < 0);
}

START_TEST(order_and_equality_agree)
{
	struct value a = parsed(pairs[_i].a), b = parsed(pairs[_i].b);

	ck_assert_int_eq(sign(value_compare(&a, &b)), pairs[_i].order);
	ck_assert_int_eq(sign(value_compare(&b, &a)), -pairs[_i].order);
	ck_assert_int_eq(value_equal(&a, &b), pairs[_i].order == 0);
	/* The canonical text is what digests are taken of: equal values, equal bytes. */
	ck_assert_int_eq(
		str_equal(json_text_canonical(&arena, &a), json_text_canonical(&arena, &b)),
		pairs[_i].order == 0);
}
END_TEST

START_TEST(not_a_number_equals_itself)
{
	struct value nan = value_float(NAN), one = value_int(1);

	ck_assert(value_equal(&nan, &nan));
	ck_assert(value_compare(&one, &nan) < 0 && value_compare(&nan, &one) > 0);
}
END_TEST

START_TEST(the_order_is_total)
{
	uint64_t seed = random_seed();
	const struct random *r = random_seeded(seed);
	struct value v[3];

	for (int i = 0; i < 2000; i++) {
		int ab, bc, ac;

		for (int k = 0; k < 3; k++)
			v[k] = random_value(&arena, r, 2);
		ab = value_compare(&v[0], &v[1]);
		bc = value_compare(&v[1], &v[2]);
		ac = value_compare(&v[0], &v[2]);
		ck_assert_msg(sign(ab) == -sign(value_compare(&v[1], &v[0])), "EFFC_SEED=%llu",
			      (unsigned long long)seed);
		if (ab <= 0 && bc <= 0)
			ck_assert_msg(ac <= 0, "EFFC_SEED=%llu", (unsigned long long)seed);
		ck_assert_int_eq(value_equal(&v[0], &v[1]), ab == 0);
	}
}
END_TEST

START_TEST(paths)
{
	struct value v = parsed("{\"a\":{\"b\":[10,{\"c\":\"x\"}]},\"s\":\"t\"}");

	ck_assert_int_eq(value_path(&v, STR("a.b.0"))->integer, 10);
	unit_str_eq(value_path(&v, STR("a.b.1.c"))->string, "x");
	ck_assert_ptr_eq(value_path(&v, STR("")), &v);
	ck_assert_ptr_null(value_path(&v, STR("a.b.2")));
	ck_assert_ptr_null(value_path(&v, STR("a.b.-1")));
	ck_assert_ptr_null(value_path(&v, STR("a.x.y")));
	ck_assert_ptr_null(value_path(&v, STR("s.t")));
	unit_str_eq(value_get_str(&v, "s"), "t");
	unit_str_eq(value_get_str(&v, "a"), "");
	ck_assert_ptr_null(value_get_c(NULL, "a"));
}
END_TEST

START_TEST(copies_stand_alone)
{
	const char *text = "{\"a\":[1,\"b\\n\",null,{\"c\":true}],\"d\":2.5}";
	struct arena other;
	struct value v = parsed(text), copy, *list;

	arena_init(&other);
	copy = value_copy(&other, &v);
	arena_release(&arena);
	arena_init(&arena);
	unit_str_eq(json_text(&other, &copy), text);
	list = &((struct member *)map_get(&copy.map, STR("a")))->value;
	value_append(&other, list, value_int(7));
	ck_assert_uint_eq(value_get_c(&copy, "a")->list.count, 5);
	arena_release(&other);
}
END_TEST

START_TEST(appending_to_a_list_of_fixed_size_moves_it)
{
	struct value items[3] = { value_int(1), value_int(2), value_int(3) };
	struct value list = value_list(items, 3);

	for (int i = 4; i < 50; i++)
		value_append(&arena, &list, value_int(i));
	ck_assert_uint_eq(list.list.count, 49);
	for (int i = 0; i < 49; i++)
		ck_assert_int_eq(list.list.items[i].integer, i + 1);
}
END_TEST

START_TEST(unknowns_are_found)
{
	struct value v = parsed("{\"a\":[1,{}]}");
	struct value *list = &((struct member *)map_get(&v.map, STR("a")))->value;

	ck_assert(!value_has_unknown(&v));
	value_set(&arena, &list->list.items[1], STR("x"), value_unknown(&arena, STR("later"), STR("")));
	ck_assert(value_has_unknown(&v));
}
END_TEST

static void fill(TCase *tc)
{
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, order_and_equality_agree, 0,
			    (int)(sizeof(pairs) / sizeof(*pairs)));
	tcase_add_test(tc, not_a_number_equals_itself);
	tcase_add_test(tc, the_order_is_total);
	tcase_add_test(tc, paths);
	tcase_add_test(tc, copies_stand_alone);
	tcase_add_test(tc, appending_to_a_list_of_fixed_size_moves_it);
	tcase_add_test(tc, unknowns_are_found);
}

int main(void)
{
	return unit_run("base_value", fill);
}
