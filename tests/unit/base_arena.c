#include "unit.h"

#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "base/vec.h"

static const size_t sizes[] = { 0, 1, 7, 8, 15, 16, 63, 64, 65, 4095, 4096, 4097, 1000000 };
static const size_t aligns[] = { 1, 2, 4, 8, 16, 32, 64 };

/* Whether all bytes are the same (an assertion a byte would be slow). */
static bool is_filled(const void *data, size_t size, unsigned char byte)
{
	const unsigned char *bytes = data;

	for (size_t i = 0; i < size; i++) {
		if (bytes[i] != byte)
			return false;
	}
	return true;
}

/* Fills every allocation with its own byte and looks at all of them at the end. */
START_TEST(allocations_are_zero_aligned_and_apart)
{
	struct { unsigned char *data; size_t size; } made[200];
	struct arena a;

	arena_init(&a);
	for (size_t i = 0; i < 200; i++) {
		size_t size = sizes[i * 7 % (sizeof(sizes) / sizeof(*sizes))];
		size_t align = aligns[i % (sizeof(aligns) / sizeof(*aligns))];
		unsigned char *data = arena_alloc(&a, size, align);

		ck_assert_ptr_nonnull(data);
		ck_assert_uint_eq((uintptr_t)data % align, 0);
		ck_assert(is_filled(data, size, 0));
		memset(data, (int)i, size);
		made[i].data = data;
		made[i].size = size;
	}
	for (size_t i = 0; i < 200; i++)
		ck_assert(is_filled(made[i].data, made[i].size, (unsigned char)i));
	arena_release(&a);
	ck_assert_ptr_null(a.block);
}
END_TEST

START_TEST(growing_keeps_what_was_and_adds_zeros)
{
	struct arena a;
	char *data;
	size_t size = 3;

	arena_init(&a);
	data = arena_alloc(&a, size, 1);
	memset(data, 'x', size);
	for (int round = 0; round < 16; round++) {
		size_t more = size * 2 + 1;

		/* Every other round something else is the newest. */
		if (round % 2)
			memset(arena_alloc(&a, 5, 1), 'y', 5);
		data = arena_grow(&a, data, size, more, 1);
		ck_assert(is_filled(data, size, 'x'));
		ck_assert(is_filled(data + size, more - size, 0));
		memset(data, 'x', more);
		size = more;
	}
	ck_assert_ptr_eq(arena_grow(&a, data, size, size - 1, 1), data);
	arena_release(&a);
}
END_TEST

START_TEST(the_newest_grows_in_place)
{
	struct arena a;
	char *data, *grown;

	arena_init(&a);
	data = arena_alloc(&a, 8, 1);
	grown = arena_grow(&a, data, 8, 16, 1);
	ck_assert_ptr_eq(data, grown);
	arena_release(&a);
}
END_TEST

START_TEST(a_product_that_overflows_ends_the_program)
{
	struct arena a;

	ck_assert_ptr_nonnull(freopen("/dev/null", "w", stderr));
	arena_init(&a);
	arena_alloc_array(&a, SIZE_MAX / 2, 3, 1);
}
END_TEST

START_TEST(vectors_grow_and_zero)
{
	VEC(uint32_t) v = { 0 };
	struct arena a;

	arena_init(&a);
	for (uint32_t i = 0; i < 10000; i++)
		*vec_push(&a, &v) = i;
	ck_assert_uint_eq(v.count, 10000);
	for (uint32_t i = 0; i < 10000; i += 97)
		ck_assert_uint_eq(v.items[i], i);
	v.count = 5;
	ck_assert_uint_eq(*vec_push(&a, &v), 0);
	arena_release(&a);
}
END_TEST

#ifdef SANITIZED
START_TEST(an_overrun_is_caught)
{
	struct arena a;
	volatile char *data;

	ck_assert_ptr_nonnull(freopen("/dev/null", "w", stderr));
	arena_init(&a);
	data = arena_alloc(&a, 13, 1);
	arena_alloc(&a, 13, 1);
	/* The first byte past the end, just past it, or just before the start. */
	data[_i == 0 ? 13 : _i == 1 ? 20 : -1] = 1;
	_Exit(0);
}
END_TEST

START_TEST(use_after_release_is_caught)
{
	struct arena a;
	volatile char *data;

	ck_assert_ptr_nonnull(freopen("/dev/null", "w", stderr));
	arena_init(&a);
	data = arena_alloc(&a, 13, 1);
	arena_release(&a);
	data[0] = 1;
	_Exit(0);
}
END_TEST

static void fill_sanitized(TCase *tc)
{
	tcase_add_loop_exit_test(tc, an_overrun_is_caught, 1, 0, 3);
	tcase_add_exit_test(tc, use_after_release_is_caught, 1);
}
#else
static void fill_sanitized(TCase *tc)
{
	(void)tc;
}
#endif

static void fill(TCase *tc)
{
	tcase_add_test(tc, allocations_are_zero_aligned_and_apart);
	tcase_add_test(tc, growing_keeps_what_was_and_adds_zeros);
	tcase_add_test(tc, the_newest_grows_in_place);
	tcase_add_exit_test(tc, a_product_that_overflows_ends_the_program, EXIT_FAILURE);
	tcase_add_test(tc, vectors_grow_and_zero);
	fill_sanitized(tc);
}

int main(void)
{
	return unit_run("base_arena", fill);
}
