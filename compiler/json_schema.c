#include "json_schema.h"

#include "base/json.h"
#include "compiler.h"
#include "function.h"
#include "kind/kind.h"
#include "section.h"

/* One definition is built as a value in an arena of its own, printed and released. */
struct writer {
	struct buf *out;
	struct schemas *schemas;
	struct arena *arena;		/* of the definition being made */
	struct str type;		/* whose definition that is */
	VEC(const struct shape *) pending;	/* named objects of it, to be made yet */
	struct map named;		/* definition -> struct shape, of the type */
};

static struct value object(void)
{
	return value_map();
}

static void set(struct writer *w, struct value *map, const char *key, struct value item)
{
	value_set(w->arena, map, str_from_c(key), item);
}

static struct value of_type(struct writer *w, const char *type)
{
	struct value out = object();

	set(w, &out, "type", value_string(str_from_c(type)));
	return out;
}

static struct value reference(struct writer *w, struct str definition)
{
	struct value out = object();

	set(w, &out, "$ref", value_string(str_format(w->arena, "#/definitions/%.*s",
						     STR_ARG(definition))));
	return out;
}

/* What stands there, or an expression for it. */
static struct value or_expression(struct writer *w, struct value v)
{
	struct value out = object(), choices = value_list(NULL, 0);

	value_append(w->arena, &choices, v);
	value_append(w->arena, &choices, reference(w, STR("expression")));
	set(w, &out, "anyOf", choices);
	return out;
}

/* Fixed fields: no other key may stand there. */
static struct value closed_object(struct writer *w, struct value properties)
{
	struct value out = of_type(w, "object");

	set(w, &out, "properties", properties);
	set(w, &out, "additionalProperties", value_bool(false));
	return out;
}

static struct value table_of(struct writer *w, struct value item)
{
	struct value out = of_type(w, "object");

	set(w, &out, "additionalProperties", item);
	return out;
}

static struct value list_of(struct writer *w, struct value item)
{
	struct value out = of_type(w, "array");

	set(w, &out, "items", item);
	return out;
}

static struct value enum_of(struct writer *w, const struct str *words, size_t count)
{
	struct value out = of_type(w, "string"), list = value_list(NULL, 0);

	for (size_t i = 0; i < count; i++)
		value_append(w->arena, &list, value_string(words[i]));
	set(w, &out, "enum", list);
	return out;
}

/* ---- keys of our own blocks ---- */

static struct value keys_of(struct writer *w, const struct key_set *const *sets);

static struct value words_of(struct writer *w, const char *words)
{
	struct str rest = str_from_c(words), word;
	VEC(struct str) list = { 0 };

	while (str_split(&rest, ' ', &word))
		*vec_push(w->arena, &list) = word;
	return enum_of(w, list.items, list.count);
}

static struct value integer_between(struct writer *w, const struct key *key)
{
	struct value out = of_type(w, "integer");

	if (key->max) {
		set(w, &out, "minimum", value_int(key->min));
		set(w, &out, "maximum", value_int(key->max));
	}
	return out;
}

static struct value text_matching(struct writer *w, const char *pattern)
{
	struct value out = of_type(w, "string");

	set(w, &out, "pattern", value_string(str_from_c(pattern)));
	return out;
}

static struct value key_value(struct writer *w, const struct key *key)
{
	const struct key_set *const sets[] = { key->set, NULL };

	switch (key->kind) {
	case KEY_TEXT:
	case KEY_VALUE:
		return of_type(w, "string");
	case KEY_INTEGER:
		return or_expression(w, integer_between(w, key));
	case KEY_BOOLEAN:
		return or_expression(w, of_type(w, "boolean"));
	case KEY_DURATION:
		return or_expression(w, text_matching(w, "^[0-9]+ *[a-z]+$"));
	case KEY_MEGABYTES:
		return object();
	case KEY_CHOICE:
		return or_expression(w, words_of(w, key->detail));
	case KEY_TEXTS:
	case KEY_VALUES:
		return or_expression(w, list_of(w, of_type(w, "string")));
	case KEY_TEXT_TABLE:
	case KEY_VALUE_TABLE:
		return or_expression(w, of_type(w, "object"));
	case KEY_TABLE:
		return keys_of(w, sets);
	case KEY_TABLES:
		return table_of(w, keys_of(w, sets));
	case KEY_LIST:
		return or_expression(w, of_type(w, "array"));
	case KEY_ANY:
		return object();
	case KEY_REFUSED:
		break;
	}
	BUG("key of kind %d", (int)key->kind);
}

static void add_keys(struct writer *w, struct value *properties, const struct key_set *keys)
{
	for (size_t i = 0; keys && i < keys->count; i++)
		if (keys->items[i].kind != KEY_REFUSED)
			set(w, properties, keys->items[i].name, key_value(w, &keys->items[i]));
}

static struct value keys_of(struct writer *w, const struct key_set *const *sets)
{
	struct value properties = object();

	for (size_t i = 0; sets[i]; i++)
		add_keys(w, &properties, sets[i]);
	return closed_object(w, properties);
}

/* ---- properties of resource types ---- */

static struct str definition_of(struct writer *w, const struct shape *shape)
{
	struct str name = str_format(w->arena, "%.*s.%.*s", STR_ARG(w->type),
				     STR_ARG(shape->name));
	void **place = map_put(w->arena, &w->named, name);

	if (!*place) {
		*place = (void *)(uintptr_t)shape;
		*vec_push(w->arena, &w->pending) = shape;
	}
	return name;
}

static void set_limits(struct writer *w, struct value *out, const struct shape *shape,
		       const char *least, const char *most)
{
	if (shape->has_min)
		set(w, out, least, value_float(shape->min));
	if (shape->has_max)
		set(w, out, most, value_float(shape->max));
}

static bool is_letter(char ch)
{
	return (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z');
}

/* Editors differ in what they read beyond plain patterns; one that fails would lose the whole. */
static bool is_plain(struct str pattern)
{
	static const struct str classes = STR_INIT("dDwWsSnrt");

	for (size_t i = 0; i + 1 < pattern.length; i++) {
		char next = pattern.data[i + 1];

		if (pattern.data[i] == '(' && next == '?')
			return false;
		if (pattern.data[i] != '\\')
			continue;
		if (is_letter(next) && (str_index(classes, next) == classes.length ||
					str_starts(str_slice(pattern, i + 2, i + 3), STR("-"))))
			return false;
		i++;
	}
	return pattern.length > 0;
}

static struct value string_value(struct writer *w, const struct shape *shape)
{
	struct value out = shape->enum_count ? enum_of(w, shape->enums, shape->enum_count)
					     : of_type(w, "string");

	if (is_plain(shape->pattern))
		set(w, &out, "pattern", value_string(shape->pattern));
	set_limits(w, &out, shape, "minLength", "maxLength");
	return out;
}

static struct value number_value(struct writer *w, const struct shape *shape, const char *type)
{
	struct value out = of_type(w, type);

	set_limits(w, &out, shape, "minimum", "maximum");
	return out;
}

static struct value fields_of(struct writer *w, const struct map *fields, struct value *properties);

static struct value shape_value(struct writer *w, const struct shape *shape)
{
	struct value out, properties = object();

	switch (shape->kind) {
	case PROPERTY_STRING:
		out = string_value(w, shape);
		return out.map.count > 1 ? or_expression(w, out) : out;
	case PROPERTY_INTEGER:
		return or_expression(w, number_value(w, shape, "integer"));
	case PROPERTY_NUMBER:
		return or_expression(w, number_value(w, shape, "number"));
	case PROPERTY_BOOLEAN:
		return or_expression(w, of_type(w, "boolean"));
	case PROPERTY_LIST:
		out = shape->element ? list_of(w, shape_value(w, shape->element))
				     : of_type(w, "array");
		set_limits(w, &out, shape, "minItems", "maxItems");
		return or_expression(w, out);
	case PROPERTY_MAP:
		return or_expression(w, shape->element
				     ? table_of(w, shape_value(w, shape->element))
				     : of_type(w, "object"));
	case PROPERTY_OBJECT:
		if (shape->name.length)
			return or_expression(w, reference(w, definition_of(w, shape)));
		return or_expression(w, fields_of(w, &shape->fields, &properties));
	case PROPERTY_JSON:
		return object();
	}
	BUG("property of kind %d", (int)shape->kind);
}

static struct value fields_of(struct writer *w, const struct map *fields, struct value *properties)
{
	struct value out, required = value_list(NULL, 0);

	for (uint32_t i = 0; i < fields->count; i++) {
		const struct property *p = fields->entries[i].value;

		if (p->read_only)
			continue;
		value_set(w->arena, properties, p->name, shape_value(w, p->shape));
		if (p->required)
			value_append(w->arena, &required, value_string(p->name));
	}
	out = closed_object(w, *properties);
	if (required.list.count)
		set(w, &out, "required", required);
	return out;
}

static void print_definition(struct writer *w, struct str name, const struct value *v)
{
	buf_add_c(w->out, ",\n");
	json_print_string(w->out, name);
	buf_add_char(w->out, ':');
	json_print(w->out, v);
}

static void print_pending(struct writer *w)
{
	for (size_t i = 0; i < w->pending.count; i++) {
		const struct shape *shape = w->pending.items[i];
		struct value properties = object();
		struct value v = fields_of(w, &shape->fields, &properties);

		print_definition(w, definition_of(w, shape), &v);
	}
	w->pending.count = 0;
}

/* Names are given by AWS where the spec gives none; so a required one is not asked for here. */
static void print_type(struct writer *w, struct str type)
{
	const struct schema *schema = schema_find(w->schemas, type);
	struct value properties = object(), v;
	struct arena arena;

	arena_init(&arena);
	w->arena = &arena;
	w->type = type;
	w->named = (struct map){ 0 };
	w->pending.items = NULL;
	w->pending.count = w->pending.capacity = 0;
	add_keys(w, &properties, &meta_keys);
	v = fields_of(w, &schema->properties, &properties);
	map_remove(&v.map, STR("required"));
	print_definition(w, type, &v);
	print_pending(w);
	arena_release(&arena);
}

/* ---- the document ---- */

static bool is_wanted(struct str type, const struct str *services, size_t count)
{
	struct str rest = type, part = { 0 };

	str_split(&rest, ':', &part);
	str_split(&rest, ':', &part);
	str_split(&rest, ':', &part);
	for (size_t i = 0; i < count; i++)
		if (str_equal(services[i], part))
			return true;
	return count == 0;
}

/* AWS.Service.Type.id, each id a block of that type. */
static struct value raw_blocks(struct writer *w, const struct str *types, size_t type_count,
			       const struct str *services, size_t count)
{
	struct value out = object();
	struct map made = { 0 };	/* service -> struct value in out */
	void **service;

	for (size_t i = 0; i < type_count; i++) {
		struct str rest = types[i], part[3] = { { 0 }, { 0 }, { 0 } };
		size_t parts = 0;

		while (parts < 3 && str_split(&rest, ':', &part[parts]))
			parts += part[parts].length > 0;
		if (parts < 3 || !is_wanted(types[i], services, count))
			continue;
		service = map_put(w->arena, &made, part[1]);
		if (!*service)
			*service = value_set(w->arena, &out, part[1], object());
		value_set(w->arena, *service, part[2], table_of(w, reference(w, types[i])));
	}
	for (uint32_t i = 0; i < out.map.count; i++) {
		struct member *m = out.map.entries[i].value;

		m->value = closed_object(w, m->value);
	}
	return closed_object(w, out);
}

static struct value kind_value(struct writer *w, const struct kind *kind)
{
	const struct key_set *const sets[] = {
		&kind->keys, &meta_keys, &hatch_keys, kind->has_function ? &function_keys : NULL,
		NULL,
	};

	return keys_of(w, sets);
}

static struct value sections_value(struct writer *w)
{
	struct value out = object(), defaults = object();

	for (size_t i = 0; section_at(i); i++) {
		const struct section *section = section_at(i);
		const struct key_set *const sets[] = { section->keys, NULL };
		struct value keys = section->keys ? keys_of(w, sets) : object();

		set(w, &out, section->name, section->named ? table_of(w, keys) : keys);
	}
	for (size_t i = 0; kind_at(i); i++) {
		struct value kind = kind_value(w, kind_at(i));

		set(w, &defaults, kind_at(i)->name, kind);
		set(w, &out, kind_at(i)->name, table_of(w, kind));
	}
	set(w, &out, "defaults", closed_object(w, defaults));
	return out;
}

static void print_member(struct writer *w, const char *name, const struct value *v)
{
	json_print_string(w->out, str_from_c(name));
	buf_add_char(w->out, ':');
	json_print(w->out, v);
}

void json_schema_print(struct buf *out, struct schemas *schemas, const struct str *services,
		       size_t count)
{
	struct writer w = { .out = out, .schemas = schemas };
	struct arena arena;
	struct value root, expression;
	size_t type_count;
	const struct str *types = schemas_types(schemas, &type_count);

	arena_init(&arena);
	w.arena = &arena;
	root = sections_value(&w);
	set(&w, &root, "AWS", raw_blocks(&w, types, type_count, services, count));
	expression = text_matching(&w, "[$%]\\{");
	buf_add_c(out, "{\"$schema\":\"http://json-schema.org/draft-07/schema#\",\n"
		  "\"title\":\"effortless.toml\",\"type\":\"object\",\n"
		  "\"additionalProperties\":false,\n");
	print_member(&w, "properties", &root);
	buf_add_c(out, ",\n\"definitions\":{\n");
	print_member(&w, "expression", &expression);
	for (size_t i = 0; i < type_count; i++)
		if (is_wanted(types[i], services, count))
			print_type(&w, types[i]);
	buf_add_c(out, "\n}}\n");
	arena_release(&arena);
}
