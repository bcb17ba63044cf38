#include "unit.h"

#include "schemas/blob.h"
#include "schemas/schema.h"

static const struct blob_item items[] = {
	{ STR_INIT("a"), STR_INIT("first") },
	{ STR_INIT("b/long name"), STR_INIT("") },
	{ STR_INIT("c"), STR_INIT("{\"x\":[1,2,3]}") },
};
#define ITEMS (sizeof(items) / sizeof(items[0]))

START_TEST(gives_back_what_was_written)
{
	struct error err = { 0 };
	struct str document;
	struct arena arena;
	struct blob b;

	arena_init(&arena);
	ck_assert_msg(blob_open(blob_write(&arena, items, ITEMS), &b, &err), "%s", err.text);
	ck_assert_uint_eq(b.count, ITEMS);
	for (uint32_t i = 0; i < ITEMS; i++) {
		ck_assert_uint_eq(blob_find(&b, items[i].name), i);
		ck_assert(str_equal(blob_name(&b, i), items[i].name));
		ck_assert(blob_take(&b, i, &document));
		ck_assert(str_equal(document, items[i].document));
	}
	ck_assert_uint_eq(blob_find(&b, STR("")), UINT32_MAX);
	ck_assert_uint_eq(blob_find(&b, STR("bb")), UINT32_MAX);
	ck_assert_uint_eq(blob_find(&b, STR("z")), UINT32_MAX);
	arena_release(&arena);
}
END_TEST

START_TEST(is_the_same_each_time)
{
	struct arena arena;

	arena_init(&arena);
	ck_assert(str_equal(blob_write(&arena, items, ITEMS), blob_write(&arena, items, ITEMS)));
	ck_assert(
		!str_equal(blob_write(&arena, items, ITEMS), blob_write(&arena, items, ITEMS - 1)));
	arena_release(&arena);
}
END_TEST

START_TEST(may_be_empty)
{
	struct error err = { 0 };
	struct schemas *s;
	struct arena arena;
	size_t count;

	arena_init(&arena);
	s = schemas_open(&arena, blob_write(&arena, NULL, 0), &err);
	ck_assert_msg(s != NULL, "%s", err.text);
	ck_assert(!schema_find(s, STR("AWS::SQS::Queue")));
	ck_assert(!schemas_wire(s, STR("sqs")));
	ck_assert(!schemas_runtime(s, STR("nodejs24.x")));
	ck_assert_uint_eq(schemas_service(s, STR("sqs"))->quota_count, 0);
	(void)schemas_types(s, &count);
	ck_assert_uint_eq(count, 0);
	arena_release(&arena);
}
END_TEST

/* A copy in memory of its own, so that a read past its end is seen. */
static char *copy_of(struct str blob, size_t length)
{
	char *copy = malloc(length ? length : 1);

	ck_assert(copy != NULL);
	memcpy(copy, blob.data, length);
	return copy;
}

START_TEST(refuses_every_flipped_bit)
{
	struct error err = { 0 };
	struct arena arena;
	struct str blob;
	char *copy;

	arena_init(&arena);
	blob = blob_write(&arena, items, ITEMS);
	copy = copy_of(blob, blob.length);
	ck_assert(schemas_verify(str_of(copy, blob.length), &err));
	for (size_t bit = 0; bit < blob.length * 8; bit++) {
		copy[bit / 8] = (char)(copy[bit / 8] ^ 1 << bit % 8);
		ck_assert_msg(!schemas_verify(str_of(copy, blob.length), &err), "bit %zu", bit);
		copy[bit / 8] = (char)(copy[bit / 8] ^ 1 << bit % 8);
	}
	free(copy);
	arena_release(&arena);
}
END_TEST

START_TEST(refuses_what_was_cut_short)
{
	struct error err = { 0 };
	struct arena arena;
	struct str blob;

	arena_init(&arena);
	blob = blob_write(&arena, items, ITEMS);
	for (size_t length = 0; length < blob.length; length++) {
		char *copy = copy_of(blob, length);

		ck_assert_msg(!schemas_verify(str_of(copy, length), &err), "%zu bytes", length);
		free(copy);
	}
	arena_release(&arena);
}
END_TEST

static void put_u32(char *at, uint32_t number)
{
	for (unsigned i = 0; i < 4; i++)
		at[i] = (char)(number >> 8 * i & 0xff);
}

/* Indexes that lie, with a check sum that is right: every bound is looked at all the same. */
START_TEST(refuses_a_lying_index)
{
	static const uint32_t lies[] = { 0, 1, 59, 60, 61, 0x7fffffff, 0x80000000, 0xffffffff };
	struct error err = { 0 };
	struct arena arena;
	struct str blob;
	size_t names_end = 60 + ITEMS * 20 + 1 + 11 + 1;

	arena_init(&arena);
	blob = blob_write(&arena, items, ITEMS);
	for (size_t field = 0; field < ITEMS * 5; field++) {
		for (size_t i = 0; i < sizeof(lies) / sizeof(lies[0]); i++) {
			char *copy = copy_of(blob, blob.length);

			if (field % 5 != 4 && memcmp(copy + 60 + field * 4, "\0\0\0\0", 4) != 0) {
				put_u32(copy + 60 + field * 4, lies[i]);
				put_u32(copy + 24, crc32_of(str_of(copy + 28, names_end - 28)));
				if (memcmp(copy, blob.data, blob.length) != 0)
					ck_assert_msg(
						!schemas_verify(str_of(copy, blob.length), &err),
						"field %zu, lie %u", field, lies[i]);
			}
			free(copy);
		}
	}
	arena_release(&arena);
}
END_TEST

static void fill(TCase *tc)
{
	tcase_add_test(tc, gives_back_what_was_written);
	tcase_add_test(tc, is_the_same_each_time);
	tcase_add_test(tc, may_be_empty);
	tcase_add_test(tc, refuses_every_flipped_bit);
	tcase_add_test(tc, refuses_what_was_cut_short);
	tcase_add_test(tc, refuses_a_lying_index);
}

int main(void)
{
	return unit_run("schemas_blob", fill);
}
