#include "value.h"

#include <math.h>

#include "stats.h"

/* Integers and floats are one kind here, so that 1 and 1.0 are equal. */
static enum value_kind rank(const struct value *v)
{
	return v->kind == VALUE_FLOAT ? VALUE_INT : v->kind;
}

static int compare_floats(double a, double b)
{
	if (isnan(a) || isnan(b))
		return !!isnan(a) - !!isnan(b);
	return (a > b) - (a < b);
}

/* Exact: not every integer is a double. */
static int compare_int_float(int64_t i, double d)
{
	int64_t whole;

	if (isnan(d) || d >= 9223372036854775808.0)
		return -1;
	if (d < -9223372036854775808.0)
		return 1;
	whole = (int64_t)d;
	if (i != whole)
		return i < whole ? -1 : 1;
	return compare_floats(0, d - (double)whole);
}

static int compare_numbers(const struct value *a, const struct value *b)
{
	if (a->kind == VALUE_INT && b->kind == VALUE_INT)
		return (a->integer > b->integer) - (a->integer < b->integer);
	if (a->kind == VALUE_INT)
		return compare_int_float(a->integer, b->number);
	if (b->kind == VALUE_INT)
		return -compare_int_float(b->integer, a->number);
	return compare_floats(a->number, b->number);
}

static int compare_lists(const struct list *a, const struct list *b)
{
	size_t shared = a->count < b->count ? a->count : b->count;

	for (size_t i = 0; i < shared; i++) {
		int order = value_compare(&a->items[i], &b->items[i]);

		if (order)
			return order;
	}
	return (a->count > b->count) - (a->count < b->count);
}

static int compare_members(const struct map_entry *a, const struct map_entry *b)
{
	const struct member *left = a->value, *right = b->value;
	int order = str_compare(a->key, b->key);

	return order ? order : value_compare(&left->value, &right->value);
}

static int compare_maps(const struct map *a, const struct map *b)
{
	uint32_t shared = a->count < b->count ? a->count : b->count;
	const struct map_entry **left, **right;
	struct arena scratch;
	int order = 0;

	arena_init(&scratch);
	left = map_sorted(&scratch, a);
	right = map_sorted(&scratch, b);
	for (uint32_t i = 0; i < shared && !order; i++)
		order = compare_members(left[i], right[i]);
	arena_release(&scratch);
	return order ? order : (a->count > b->count) - (a->count < b->count);
}

static int compare_unknowns(const struct unknown *a, const struct unknown *b)
{
	int order = str_compare(a->prefix, b->prefix);

	return order ? order : str_compare(a->reason, b->reason);
}

int value_compare(const struct value *a, const struct value *b)
{
	stats.comparisons++;
	if (rank(a) != rank(b))
		return rank(a) < rank(b) ? -1 : 1;
	switch (a->kind) {
	case VALUE_NULL:
		return 0;
	case VALUE_BOOL:
		return a->boolean - b->boolean;
	case VALUE_INT:
	case VALUE_FLOAT:
		return compare_numbers(a, b);
	case VALUE_STRING:
		return str_compare(a->string, b->string);
	case VALUE_DATETIME:
		return str_compare(a->datetime.text, b->datetime.text);
	case VALUE_LIST:
		return compare_lists(&a->list, &b->list);
	case VALUE_MAP:
		return compare_maps(&a->map, &b->map);
	case VALUE_EXPR:
		return ((uintptr_t)a->expr > (uintptr_t)b->expr) -
		       ((uintptr_t)a->expr < (uintptr_t)b->expr);
	case VALUE_UNKNOWN:
		return compare_unknowns(a->unknown, b->unknown);
	}
	BUG("value of kind %d", (int)a->kind);
}

static bool equal_maps(const struct map *a, const struct map *b)
{
	if (a->count != b->count)
		return false;
	for (uint32_t i = 0; i < a->count; i++) {
		const struct member *left = a->entries[i].value;
		const struct member *right = map_get(b, a->entries[i].key);

		if (!right || !value_equal(&left->value, &right->value))
			return false;
	}
	return true;
}

/* Maps are looked up instead of sorted: this runs for every attribute of every plan. */
bool value_equal(const struct value *a, const struct value *b)
{
	if (a->kind == VALUE_MAP && b->kind == VALUE_MAP) {
		stats.comparisons++;
		return equal_maps(&a->map, &b->map);
	}
	if (a->kind != VALUE_LIST || b->kind != VALUE_LIST)
		return value_compare(a, b) == 0;
	stats.comparisons++;
	if (a->list.count != b->list.count)
		return false;
	for (size_t i = 0; i < a->list.count; i++) {
		if (!value_equal(&a->list.items[i], &b->list.items[i]))
			return false;
	}
	return true;
}
