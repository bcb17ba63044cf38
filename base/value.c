#include "value.h"

#include <string.h>

struct value value_null(void)
{
	return (struct value){ .kind = VALUE_NULL, .span = SPAN_NONE };
}

struct value value_bool(bool b)
{
	return (struct value){ .kind = VALUE_BOOL, .span = SPAN_NONE, .boolean = b };
}

struct value value_int(int64_t i)
{
	return (struct value){ .kind = VALUE_INT, .span = SPAN_NONE, .integer = i };
}

struct value value_float(double d)
{
	return (struct value){ .kind = VALUE_FLOAT, .span = SPAN_NONE, .number = d };
}

struct value value_string(struct str s)
{
	return (struct value){ .kind = VALUE_STRING, .span = SPAN_NONE, .string = s };
}

static struct value unknown_value(struct arena *a, struct unknown content)
{
	struct unknown *unknown = arena_new(a, struct unknown);

	*unknown = content;
	return (struct value){ .kind = VALUE_UNKNOWN, .span = SPAN_NONE, .unknown = unknown };
}

struct value value_unknown(struct arena *a, struct str reason, struct str prefix)
{
	return unknown_value(a, (struct unknown){ .reason = reason, .prefix = prefix });
}

struct value value_unknown_of(struct arena *a, const struct type *type, struct str reason)
{
	return unknown_value(a, (struct unknown){ .reason = reason, .type = type });
}

struct value value_list(struct value *items, size_t count)
{
	return (struct value){
		.kind = VALUE_LIST, .span = SPAN_NONE, .list = { items, count, count },
	};
}

struct value value_map(void)
{
	return (struct value){ .kind = VALUE_MAP, .span = SPAN_NONE };
}

struct span value_text_span(const struct value *v, size_t start, size_t end)
{
	CHECK(v->kind == VALUE_STRING && start <= end && end <= v->string.length);
	if (v->span.file == SPAN_NOWHERE)
		return v->span;
	if (v->offsets)
		return (struct span){ v->span.file, v->offsets[start], v->offsets[end] };
	/* Made by the program in the place of what the user wrote. */
	if (v->text_start < v->span.start || v->text_start + v->string.length > v->span.end)
		return v->span;
	return (struct span){ v->span.file, v->text_start + (uint32_t)start,
			      v->text_start + (uint32_t)end };
}

const struct member *value_member(const struct value *v, struct str key)
{
	return v && v->kind == VALUE_MAP ? map_get(&v->map, key) : NULL;
}

const struct value *value_get(const struct value *v, struct str key)
{
	const struct member *member = value_member(v, key);

	return member ? &member->value : NULL;
}

const struct value *value_path(const struct value *v, struct str path)
{
	struct str part;

	while (v && str_split(&path, '.', &part)) {
		int64_t index;

		if (v->kind == VALUE_MAP)
			v = value_get(v, part);
		else if (v->kind == VALUE_LIST && str_to_int(part, &index) && index >= 0 &&
			 (uint64_t)index < v->list.count)
			v = &v->list.items[index];
		else
			v = NULL;
	}
	return v;
}

struct str value_get_str(const struct value *v, const char *key)
{
	const struct value *found = value_get_c(v, key);

	return found && found->kind == VALUE_STRING ? found->string : (struct str){ 0 };
}

struct value *value_set(struct arena *a, struct value *map, struct str key, struct value item)
{
	void **place;
	struct member *member;

	CHECK(map->kind == VALUE_MAP);
	place = map_put(a, &map->map, key);
	if (!*place) {
		*place = arena_new(a, struct member);
		((struct member *)*place)->key_span = SPAN_NONE;
	}
	member = *place;
	member->value = item;
	return &member->value;
}

void value_replace(struct arena *a, struct value *map, struct str key, struct value item)
{
	struct member *member = arena_new(a, struct member);
	void **place;

	CHECK(map->kind == VALUE_MAP);
	place = map_put(a, &map->map, key);
	member->key_span = *place ? ((const struct member *)*place)->key_span : SPAN_NONE;
	member->value = item;
	*place = member;
}

void value_append(struct arena *a, struct value *list, struct value item)
{
	struct list *l = &list->list;
	size_t capacity;

	CHECK(list->kind == VALUE_LIST);
	capacity = l->capacity < l->count ? l->count : l->capacity;
	if (l->count == capacity) {
		l->capacity = capacity ? capacity * 2 : 2;
		CHECK(l->capacity < SIZE_MAX / sizeof(item) / 2);
		l->items = arena_grow(a, l->items, capacity * sizeof(item),
				      l->capacity * sizeof(item), _Alignof(struct value));
	}
	l->items[l->count++] = item;
}

static struct value copy_list(struct arena *a, const struct value *v)
{
	struct value copy = *v;

	copy.list.items = arena_array(a, struct value, v->list.count);
	copy.list.capacity = v->list.count;
	for (size_t i = 0; i < v->list.count; i++)
		copy.list.items[i] = value_copy(a, &v->list.items[i]);
	return copy;
}

static struct value copy_map(struct arena *a, const struct value *v)
{
	struct value copy = *v;

	copy.map = (struct map){ 0 };
	for (uint32_t i = 0; i < v->map.count; i++) {
		const struct member *member = v->map.entries[i].value;
		struct member *mine = arena_new(a, struct member);

		mine->key_span = member->key_span;
		mine->value = value_copy(a, &member->value);
		*map_put(a, &copy.map, str_copy(a, v->map.entries[i].key)) = mine;
	}
	return copy;
}

static struct value copy_string(struct arena *a, const struct value *v)
{
	struct value copy = *v;
	uint32_t *offsets;

	copy.string = str_copy(a, v->string);
	if (!v->offsets)
		return copy;
	offsets = arena_array(a, uint32_t, v->string.length + 1);
	memcpy(offsets, v->offsets, (v->string.length + 1) * sizeof(*offsets));
	copy.offsets = offsets;
	return copy;
}

static struct type *copy_type(struct arena *a, const struct type *type)
{
	struct type *copy;
	struct map *fields;

	if (!type)
		return NULL;
	copy = arena_new(a, struct type);
	copy->kind = type->kind;
	copy->element = copy_type(a, type->element);
	if (!type->fields)
		return copy;
	fields = arena_new(a, struct map);
	for (uint32_t i = 0; i < type->fields->count; i++)
		*map_put(a, fields, str_copy(a, type->fields->entries[i].key)) =
			copy_type(a, type->fields->entries[i].value);
	copy->fields = fields;
	return copy;
}

static const struct unknown *copy_unknown(struct arena *a, const struct unknown *unknown)
{
	struct unknown *copy = arena_new(a, struct unknown);

	copy->reason = str_copy(a, unknown->reason);
	copy->prefix = str_copy(a, unknown->prefix);
	copy->type = copy_type(a, unknown->type);
	return copy;
}

struct value value_copy(struct arena *a, const struct value *v)
{
	struct value copy = *v;

	switch (v->kind) {
	case VALUE_STRING:
		return copy_string(a, v);
	case VALUE_LIST:
		return copy_list(a, v);
	case VALUE_MAP:
		return copy_map(a, v);
	case VALUE_DATETIME:
		copy.datetime.text = str_copy(a, v->datetime.text);
		return copy;
	case VALUE_UNKNOWN:
		copy.unknown = copy_unknown(a, v->unknown);
		return copy;
	case VALUE_NULL:
	case VALUE_BOOL:
	case VALUE_INT:
	case VALUE_FLOAT:
	case VALUE_EXPR:
		return copy;
	}
	BUG("value of kind %d", (int)v->kind);
}

bool value_has_unknown(const struct value *v)
{
	if (v->kind == VALUE_UNKNOWN || v->kind == VALUE_EXPR)
		return true;
	for (size_t i = 0; v->kind == VALUE_LIST && i < v->list.count; i++) {
		const struct value *item = &v->list.items[i];

		if (!value_is_plain(item) && value_has_unknown(item))
			return true;
	}
	for (uint32_t i = 0; v->kind == VALUE_MAP && i < v->map.count; i++) {
		const struct member *member = v->map.entries[i].value;

		if (!value_is_plain(&member->value) && value_has_unknown(&member->value))
			return true;
	}
	return false;
}

const char *value_kind_name(enum value_kind kind)
{
	switch (kind) {
	case VALUE_NULL:
		return "null";
	case VALUE_BOOL:
		return "boolean";
	case VALUE_INT:
		return "integer";
	case VALUE_FLOAT:
		return "float";
	case VALUE_STRING:
		return "string";
	case VALUE_DATETIME:
		return "date-time";
	case VALUE_LIST:
		return "list";
	case VALUE_MAP:
		return "table";
	case VALUE_EXPR:
		return "expression";
	case VALUE_UNKNOWN:
		return "unknown value";
	}
	BUG("value of kind %d", (int)kind);
}
