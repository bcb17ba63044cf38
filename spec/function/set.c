#include <stdlib.h>

#include "family.h"

/* Sets are lists that are sorted and have each item once. */

/* The arguments as sets whose items have one type of all; false after a report. */
static bool read_sets(struct function_call *c, struct value *sets)
{
	struct value all = value_list(arena_array(c->arena, struct value, c->count), c->count);
	struct value unified;

	for (size_t i = 0; i < c->count; i++)
		all.list.items[i] = c->args[i];
	if (!value_unify(c->arena, &all, &unified)) {
		function_fail(c, SIZE_MAX, "E0262 the items for '%s' are of different types",
			      c->function->name);
		return false;
	}
	for (size_t i = 0; i < c->count; i++)
		sets[i] = function_set(c->arena, &unified.list.items[i]);
	return true;
}

static struct map keys_of(struct arena *a, const struct value *set)
{
	struct map out = { 0 };

	for (size_t i = 0; i < set->list.count; i++)
		*map_put(a, &out, function_key(a, &set->list.items[i])) = &set->list.items[i];
	return out;
}

/* The items of the first that the second has, or has not. */
static struct value filter(struct arena *a, const struct value *set, const struct value *by,
			   bool has)
{
	struct value out = value_list(NULL, 0);
	struct map known = keys_of(a, by);

	for (size_t i = 0; i < set->list.count; i++) {
		if (map_has(&known, function_key(a, &set->list.items[i])) == has)
			value_append(a, &out, set->list.items[i]);
	}
	return out;
}

static struct value setintersection(struct function_call *c)
{
	struct value *sets = arena_array(c->arena, struct value, c->count);
	struct value out;

	if (!read_sets(c, sets))
		return value_null();
	out = sets[0];
	for (size_t i = 1; i < c->count; i++)
		out = filter(c->arena, &out, &sets[i], true);
	return out;
}

static struct value setsubtract(struct function_call *c)
{
	struct value sets[2];

	if (!read_sets(c, sets))
		return value_null();
	return filter(c->arena, &sets[0], &sets[1], false);
}

static struct value setunion(struct function_call *c)
{
	struct value *sets = arena_array(c->arena, struct value, c->count);
	struct value all = value_list(NULL, 0);

	if (!read_sets(c, sets))
		return value_null();
	for (size_t i = 0; i < c->count; i++) {
		for (size_t k = 0; k < sets[i].list.count; k++)
			value_append(c->arena, &all, sets[i].list.items[k]);
	}
	return function_set(c->arena, &all);
}

/* One more list on the right; as a counter counts, the last runs fastest. */
static struct value setproduct(struct function_call *c)
{
	size_t total = 1, repeat = 1;
	struct value out, *rows;

	for (size_t i = 0; i < c->count; i++) {
		if (c->args[i].list.count > FUNCTION_ITEMS_MOST)
			return fail_too_many(c);
		total *= c->args[i].list.count;
		if (total * c->count > FUNCTION_ITEMS_MOST)
			return fail_too_many(c);
	}
	rows = arena_array(c->arena, struct value, total * c->count);
	out = value_list(arena_array(c->arena, struct value, total), total);
	for (size_t column = c->count; total && column-- > 0;) {
		const struct list *list = &c->args[column].list;

		for (size_t row = 0; row < total; row++)
			rows[row * c->count + column] = list->items[row / repeat % list->count];
		repeat *= list->count;
	}
	for (size_t row = 0; row < total; row++)
		out.list.items[row] = value_list(rows + row * c->count, c->count);
	return out;
}

static struct value matchkeys(struct function_call *c)
{
	const struct list *items = &c->args[0].list;
	struct value pair = value_list(arena_array(c->arena, struct value, 2), 2);
	struct value out = value_list(NULL, 0), unified;
	struct map wanted;

	if (items->count != c->args[1].list.count)
		return function_fail(c, 1, "E0263 'matchkeys' takes as many keys as values, "
				     "not %zu and %zu", c->args[1].list.count, items->count);
	pair.list.items[0] = c->args[1];
	pair.list.items[1] = c->args[2];
	if (!value_unify(c->arena, &pair, &unified))
		return function_fail(c, 2, "E0262 the keys for 'matchkeys' are of different types");
	wanted = keys_of(c->arena, &unified.list.items[1]);
	for (size_t i = 0; i < items->count; i++) {
		const struct value *key = &unified.list.items[0].list.items[i];

		if (map_has(&wanted, function_key(c->arena, key)))
			value_append(c->arena, &out, items->items[i]);
	}
	return out;
}

static int compare_texts(const void *x, const void *y)
{
	return str_compare(((const struct value *)x)->string, ((const struct value *)y)->string);
}

static struct value sort(struct function_call *c)
{
	const struct list *list = &c->args[0].list;
	struct value *items = arena_array(c->arena, struct value, list->count);
	struct value out = value_list(items, list->count);

	for (size_t i = 0; i < list->count; i++) {
		if (list->items[i].kind == VALUE_NULL)
			return function_fail(c, 0, "E0261 item %zu of the list is null", i);
		out.list.items[i] = list->items[i];
	}
	if (list->count)
		qsort(out.list.items, list->count, sizeof(*out.list.items), compare_texts);
	return out;
}

#define LIST &list_type

static const struct function functions[] = {
	{ "matchkeys", { P("values", LIST), P("keys", LIST), P("search", LIST) }, LIST,
	  .call = matchkeys, .summary = "the values whose keys are searched for" },
	{ "setintersection", { P("list", LIST), REST("lists", LIST) }, LIST,
	  .call = setintersection, .summary = "the items that all lists have" },
	{ "setproduct", { P("list", LIST), P("list", LIST), REST("lists", LIST) }, &lists_type,
	  .call = setproduct, .summary = "every combination of the lists' items" },
	{ "setsubtract", { P("list", LIST), P("list", LIST) }, LIST, .call = setsubtract,
	  .summary = "the items of the first list that the second has not" },
	{ "setunion", { P("list", LIST), REST("lists", LIST) }, LIST, .call = setunion,
	  .summary = "the items of all lists, each once" },
	{ "sort", { P("list", &strings_type) }, &strings_type, .call = sort,
	  .summary = "the texts in the order of their bytes" },
};

const struct family set_family = FAMILY(functions);
