#include "convert.h"

#define TYPE_DEPTH_LIMIT 16

/* Types as values have them; what is to be converted into what is in convert.c. */

static bool is_any(const struct type *type)
{
	return !type || type->kind == TYPE_ANY;
}

static const struct type *simple_type(struct str name)
{
	static const struct type any = { .kind = TYPE_ANY };
	static const struct {
		const char *name;
		const struct type *type;
	} types[] = {
		{ "any", &any }, { "bool", &bool_type }, { "list", &list_type },
		{ "map", &map_type }, { "number", &number_type }, { "string", &string_type },
	};

	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++) {
		if (str_equal_c(name, types[i].name))
			return types[i].type;
	}
	return NULL;
}

static bool parse_name(struct arena *a, struct str name, const struct type **out, unsigned depth)
{
	bool list = str_starts(name, STR("list of "));
	const struct type *element;
	struct type *type;

	if (!list && !str_starts(name, STR("map of "))) {
		*out = simple_type(name);
		return *out != NULL;
	}
	if (depth == TYPE_DEPTH_LIMIT)
		return false;
	name = str_slice(name, list ? sizeof("list of ") - 1 : sizeof("map of ") - 1, name.length);
	if (!parse_name(a, name, &element, depth + 1))
		return false;
	type = arena_new(a, struct type);
	type->kind = list ? TYPE_LIST : TYPE_MAP;
	type->element = element;
	*out = type;
	return true;
}

bool type_parse_name(struct arena *a, struct str name, const struct type **out)
{
	return parse_name(a, name, out, 0);
}

static void print_fields(struct buf *out, const struct map *fields)
{
	buf_add_char(out, '{');
	for (uint32_t i = 0; i < fields->count; i++) {
		buf_printf(out, "%s%.*s = ", i ? ", " : " ", STR_ARG(fields->entries[i].key));
		type_print(out, fields->entries[i].value);
	}
	buf_add_c(out, fields->count ? " }" : "}");
}

void type_print(struct buf *out, const struct type *type)
{
	static const char *const names[] = {
		[TYPE_ANY] = "any", [TYPE_BOOL] = "bool", [TYPE_NUMBER] = "number",
		[TYPE_STRING] = "string", [TYPE_LIST] = "list", [TYPE_MAP] = "map",
	};

	if (type && type->fields) {
		print_fields(out, type->fields);
		return;
	}
	buf_add_c(out, names[type ? type->kind : TYPE_ANY]);
	if (type && type->element) {
		buf_add_c(out, " of ");
		type_print(out, type->element);
	}
}

static const struct type *new_type(struct arena *a, enum type_kind kind,
				   const struct type *element)
{
	struct type *type = arena_new(a, struct type);

	type->kind = kind;
	type->element = element;
	return type;
}

static const struct type *type_of_list(struct arena *a, const struct value *v)
{
	const struct type *element = NULL;

	for (size_t i = 0; i < v->list.count; i++) {
		const struct type *item = type_of(a, &v->list.items[i]);

		if (!type_unify(a, element, item, &element))
			return &list_type;
	}
	return new_type(a, TYPE_LIST, element);
}

static const struct type *type_of_map(struct arena *a, const struct value *v)
{
	struct type *type = arena_new(a, struct type);
	struct map *fields = arena_new(a, struct map);

	for (uint32_t i = 0; i < v->map.count; i++) {
		const struct member *member = v->map.entries[i].value;

		*map_put(a, fields, v->map.entries[i].key) =
			(void *)(uintptr_t)type_of(a, &member->value);
	}
	type->kind = TYPE_MAP;
	type->fields = fields;
	return type;
}

const struct type *type_of(struct arena *a, const struct value *v)
{
	switch (v->kind) {
	case VALUE_BOOL:
		return &bool_type;
	case VALUE_INT:
	case VALUE_FLOAT:
		return &number_type;
	case VALUE_STRING:
	case VALUE_DATETIME:
		return &string_type;
	case VALUE_LIST:
		return type_of_list(a, v);
	case VALUE_MAP:
		return type_of_map(a, v);
	case VALUE_UNKNOWN:
		return v->unknown->type;
	case VALUE_NULL:
	case VALUE_EXPR:
		return NULL;
	}
	BUG("value of kind %d", (int)v->kind);
}

static bool same_keys(const struct map *x, const struct map *y)
{
	if (x->count != y->count)
		return false;
	for (uint32_t i = 0; i < x->count; i++) {
		if (!map_has(y, x->entries[i].key))
			return false;
	}
	return true;
}

static bool unify_fields(struct arena *a, const struct map *x, const struct map *y,
			 const struct type **out)
{
	struct type *type = arena_new(a, struct type);
	struct map *fields = arena_new(a, struct map);

	for (uint32_t i = 0; i < x->count; i++) {
		struct str key = x->entries[i].key;
		const struct type *field;

		if (!type_unify(a, x->entries[i].value, map_get(y, key), &field))
			return false;
		*map_put(a, fields, key) = (void *)(uintptr_t)field;
	}
	type->kind = TYPE_MAP;
	type->fields = fields;
	*out = type;
	return true;
}

/* The type of all values of a map, joined to what is known so far. */
static bool join_values(struct arena *a, const struct type *map, const struct type **element)
{
	if (!map->fields)
		return type_unify(a, *element, map->element, element);
	for (uint32_t i = 0; i < map->fields->count; i++) {
		if (!type_unify(a, *element, map->fields->entries[i].value, element))
			return false;
	}
	return true;
}

static bool unify_maps(struct arena *a, const struct type *x, const struct type *y,
		       const struct type **out)
{
	const struct type *element = NULL;

	if (x->fields && y->fields && same_keys(x->fields, y->fields))
		return unify_fields(a, x->fields, y->fields, out);
	if (!join_values(a, x, &element) || !join_values(a, y, &element))
		return false;
	*out = new_type(a, TYPE_MAP, element);
	return true;
}

bool type_unify(struct arena *a, const struct type *x, const struct type *y,
		const struct type **out)
{
	const struct type *element;

	if (is_any(x) || is_any(y) || x == y) {
		*out = is_any(x) ? y : x;
		return true;
	}
	if (x->kind == TYPE_MAP && y->kind == TYPE_MAP)
		return unify_maps(a, x, y, out);
	if (x->kind == TYPE_LIST && y->kind == TYPE_LIST) {
		if (!type_unify(a, x->element, y->element, &element))
			return false;
		*out = new_type(a, TYPE_LIST, element);
		return true;
	}
	if (x->kind == TYPE_LIST || x->kind == TYPE_MAP || y->kind == TYPE_LIST ||
	    y->kind == TYPE_MAP)
		return false;
	if (x->kind != y->kind && x->kind != TYPE_STRING && y->kind != TYPE_STRING)
		return false;
	*out = x->kind == y->kind ? x : &string_type;
	return true;
}

bool value_unify(struct arena *a, const struct value *container, struct value *out)
{
	const struct type *element = NULL, *type = NULL;
	struct str why;

	*out = *container;
	if (container->kind == VALUE_LIST) {
		for (size_t i = 0; i < container->list.count; i++) {
			type = type_of(a, &container->list.items[i]);
			if (!type_unify(a, element, type, &element))
				return false;
		}
		type = new_type(a, TYPE_LIST, element);
	} else if (container->kind == VALUE_MAP) {
		type = type_of_map(a, container);
		if (!join_values(a, type, &element))
			return false;
		type = new_type(a, TYPE_MAP, element);
	}
	return value_convert(a, container, type, out, &why);
}
