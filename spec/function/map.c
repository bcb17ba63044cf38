#include "family.h"

/* Tables, which keep the order of their keys' bytes where lists are made of them. */

static struct value keys(struct function_call *c)
{
	const struct map *map = &c->args[0].map;
	const struct map_entry **sorted = map_sorted(c->arena, map);
	struct value out = value_list(NULL, 0);

	for (uint32_t i = 0; i < map->count; i++)
		value_append(c->arena, &out, value_string(sorted[i]->key));
	return out;
}

static struct value values(struct function_call *c)
{
	const struct map *map = &c->args[0].map;
	const struct map_entry **sorted = map_sorted(c->arena, map);
	struct value out = value_list(NULL, 0);

	for (uint32_t i = 0; i < map->count; i++)
		value_append(c->arena, &out, ((const struct member *)sorted[i]->value)->value);
	return out;
}

static struct value lookup(struct function_call *c)
{
	const struct value *found;

	if (value_waits(&c->args[1]))
		return result_waits(c, &c->args[1]);
	found = value_get(&c->args[0], c->args[1].string);
	if (found)
		return *found;
	if (c->count == 3)
		return c->args[2];
	return function_fail(c, 1, "E0264 there is no key '%.*s'", STR_ARG(argument_shown(c, 1)));
}

/* Members are shared, not copied: values do not change. */
static struct value merge(struct function_call *c)
{
	struct value out = value_map();

	for (size_t i = 0; i < c->count; i++) {
		const struct value *v = &c->args[i];

		for (uint32_t k = 0; v->kind == VALUE_MAP && k < v->map.count; k++)
			*map_put(c->arena, &out.map, v->map.entries[k].key) =
				v->map.entries[k].value;
		if (out.map.count > FUNCTION_ITEMS_MOST)
			return fail_too_many(c);
	}
	return out;
}

static struct value transpose(struct function_call *c)
{
	const struct map *map = &c->args[0].map;
	const struct map_entry **sorted = map_sorted(c->arena, map);
	struct value out = value_map();

	for (uint32_t i = 0; i < map->count; i++) {
		const struct list *list = &((const struct member *)sorted[i]->value)->value.list;

		for (size_t k = 0; k < list->count; k++) {
			struct value *place;

			if (list->items[k].kind == VALUE_NULL)
				return function_fail(c, 0, "E0261 item %zu of '%.*s' is null", k,
						     STR_ARG(sorted[i]->key));
			place = (struct value *)(uintptr_t)value_get(&out, list->items[k].string);
			if (!place)
				place = value_set(c->arena, &out, list->items[k].string,
						  value_list(NULL, 0));
			value_append(c->arena, place, value_string(sorted[i]->key));
		}
	}
	return out;
}

static struct value zipmap(struct function_call *c)
{
	const struct list *names = &c->args[0].list, *list = &c->args[1].list;
	struct value out = value_map();

	if (names->count != list->count)
		return function_fail(c, SIZE_MAX, "E0263 'zipmap' takes as many keys as values, "
				     "not %zu and %zu", names->count, list->count);
	for (size_t i = 0; i < names->count; i++) {
		const struct value *name = &names->items[i];

		if (value_waits(name))
			return result_waits(c, name);
		if (name->kind == VALUE_NULL)
			return function_fail(c, 0, "E0261 item %zu of the list is null", i);
		c->marks |= name->marks;
		value_replace(c->arena, &out, name->string, list->items[i]);
	}
	return out;
}

static const struct type lists_of_strings = { .kind = TYPE_MAP, .element = &strings_type };

static const struct function functions[] = {
	{ "keys", { P("map", &map_type) }, &strings_type, .deep = true, .call = keys,
	  .summary = "the keys of a table, sorted" },
	{ "lookup", { P("map", &map_type), P("key", &string_type),
		      { .name = "default", .optional = true, .null = true } }, NULL,
	  .deep = true, .call = lookup, .summary = "the value of a key, or the default" },
	{ "merge", { NULLABLE_REST("maps", &map_type) }, &map_type, .deep = true, .call = merge,
	  .summary = "all keys of the tables; of equal ones the last counts" },
	{ "transpose", { P("map", &lists_of_strings) }, &lists_of_strings, .call = transpose,
	  .summary = "a table of lists the other way round" },
	{ "values", { P("map", &map_type) }, &list_type, .deep = true, .call = values,
	  .summary = "the values of a table, in the order of its keys" },
	{ "zipmap", { P("keys", &strings_type), P("values", &list_type) }, &map_type,
	  .deep = true, .call = zipmap, .summary = "a table of keys and their values" },
};

const struct family map_family = FAMILY(functions);
