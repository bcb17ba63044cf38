#include "unit.h"

#include "base/map.h"
#include "base/stats.h"

static struct arena arena;

static void setup(void)
{
	arena_init(&arena);
}

static void teardown(void)
{
	arena_release(&arena);
}

static struct str key_of(uint32_t i)
{
	return str_format(&arena, "key-%u", (unsigned)i);
}

static const uint32_t counts[] = { 0, 1, 2, 3, 8, 9, 16, 17, 100, 5000 };

START_TEST(keys_are_found_and_keep_their_order)
{
	uint32_t count = counts[_i];
	struct map m = { 0 };

	for (uint32_t i = 0; i < count; i++) {
		void **place = map_put(&arena, &m, key_of(i));

		ck_assert_ptr_null(*place);
		*place = arena_new(&arena, uint32_t);
		*(uint32_t *)*place = i;
	}
	ck_assert_uint_eq(m.count, count);
	for (uint32_t i = 0; i < count; i++) {
		const uint32_t *value = map_get(&m, key_of(i));

		ck_assert_ptr_nonnull(value);
		ck_assert_uint_eq(*value, i);
		ck_assert(str_equal(m.entries[i].key, key_of(i)));
	}
	ck_assert(!map_has(&m, STR("key-")) && !map_has(&m, STR("")));
	ck_assert_ptr_null(map_get(&m, key_of(count)));
}
END_TEST

START_TEST(the_same_key_is_replaced)
{
	int one = 1, two = 2;
	struct map m = { 0 };

	*map_put(&arena, &m, STR("a")) = &one;
	*map_put(&arena, &m, STR("a")) = &two;
	ck_assert_uint_eq(m.count, 1);
	ck_assert_ptr_eq(map_get(&m, STR("a")), &two);
}
END_TEST

START_TEST(removal_keeps_the_order)
{
	struct map m = { 0 };

	for (uint32_t i = 0; i < 30; i++)
		*map_put(&arena, &m, key_of(i)) = &m;
	for (uint32_t i = 0; i < 30; i += 2)
		ck_assert(map_remove(&m, key_of(i)));
	ck_assert(!map_remove(&m, key_of(0)));
	ck_assert_uint_eq(m.count, 15);
	for (uint32_t i = 0; i < 15; i++)
		ck_assert(str_equal(m.entries[i].key, key_of(i * 2 + 1)));
	for (uint32_t i = 0; i < 30; i++)
		ck_assert_int_eq(map_has(&m, key_of(i)), i % 2 == 1);
}
END_TEST

START_TEST(a_key_added_after_many_went_is_found)
{
	struct map map = { 0 };
	char keys[12][16];

	for (int i = 0; i < 12; i++) {
		snprintf(keys[i], sizeof(keys[i]), "k%d", i);
		*map_put(&arena, &map, str_from_c(keys[i])) = keys[i];
	}
	for (int i = 0; i < 9; i++)
		ck_assert(map_remove(&map, str_from_c(keys[i])));
	*map_put(&arena, &map, str_from_c(keys[0])) = keys[0];
	ck_assert_ptr_eq(map_get(&map, str_from_c(keys[0])), keys[0]);
	*map_put(&arena, &map, str_from_c(keys[0])) = keys[1];
	ck_assert_uint_eq(map.count, 4);
}
END_TEST

START_TEST(sorted_by_bytes)
{
	static const char *const keys[] = { "b", "a", "ab", "B", "" };
	static const char *const want[] = { "", "B", "a", "ab", "b" };
	const struct map_entry **sorted;
	struct map m = { 0 };

	for (int i = 0; i < 5; i++)
		*map_put(&arena, &m, str_from_c(keys[i])) = &m;
	sorted = map_sorted(&arena, &m);
	for (int i = 0; i < 5; i++)
		unit_str_eq(sorted[i]->key, want[i]);
}
END_TEST

/* Keys made for one seed to fall into one place: the map must not become a list. */
START_TEST(collisions_do_not_make_it_slow)
{
	struct map m = { 0 };
	uint32_t found = 0;
	uint64_t before;

	for (uint32_t i = 0; found < 1500; i++) {
		char text[16];
		struct str key =
			str_of(text, (size_t)snprintf(text, sizeof(text), "%u", (unsigned)i));

		if ((str_hash(key) & 0xFFF) != 0)
			continue;
		*map_put(&arena, &m, str_copy(&arena, key)) = &m;
		found++;
	}
	before = stats.probes;
	for (uint32_t i = 0; i < m.count; i++)
		ck_assert_ptr_nonnull(map_get(&m, m.entries[i].key));
	ck_assert_uint_lt(stats.probes - before, 1500 * 8);
}
END_TEST

static void fill(TCase *tc)
{
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, keys_are_found_and_keep_their_order, 0,
			    (int)(sizeof(counts) / sizeof(*counts)));
	tcase_add_test(tc, the_same_key_is_replaced);
	tcase_add_test(tc, removal_keeps_the_order);
	tcase_add_test(tc, a_key_added_after_many_went_is_found);
	tcase_add_test(tc, sorted_by_bytes);
	tcase_add_test(tc, collisions_do_not_make_it_slow);
}

int main(void)
{
	return unit_run("base_map", fill);
}
