#include "types.h"

#include <stdlib.h>

#include "permissions.h"

struct reading {
	struct arena *a;
	struct str type;
	const struct value *definitions;	/* NULL: none */
	const struct value *constraints;		/* NULL: none */
	struct map shapes;			/* of definitions: name -> struct shape */
	struct diags *d;
	bool ok;
};

struct kind_name {
	struct str name;
	enum property_kind kind;
};

static const struct kind_name kind_names[] = {
	{ STR_INIT("string"), PROPERTY_STRING },
	{ STR_INIT("integer"), PROPERTY_INTEGER },
	{ STR_INIT("number"), PROPERTY_NUMBER },
	{ STR_INIT("boolean"), PROPERTY_BOOLEAN },
	{ STR_INIT("list"), PROPERTY_LIST },
	{ STR_INIT("map"), PROPERTY_MAP },
	{ STR_INIT("object"), PROPERTY_OBJECT },
	{ STR_INIT("json"), PROPERTY_JSON },
};

static const struct str type_keys[] = {
	STR_INIT("id"), STR_INIT("ref"), STR_INIT("tags"), STR_INIT("arn"), STR_INIT("stateful"),
	STR_INIT("unsupported"), STR_INIT("ends"), STR_INIT("closed"), STR_INIT("properties"),
	STR_INIT("definitions"), STR_INIT("constraints"), STR_INIT("permissions"),
};

static const struct str property_keys[] = {
	STR_INIT("type"),
	STR_INIT("of"),
	STR_INIT("ref"),
	STR_INIT("properties"),
	STR_INIT("enum"),
	STR_INIT("any_case"),
	STR_INIT("format"),
	STR_INIT("pattern"),
	STR_INIT("keys"),
	STR_INIT("min"),
	STR_INIT("max"),
	STR_INIT("unordered"),
	STR_INIT("unique"),
	STR_INIT("unique_by"),
	STR_INIT("required"),
	STR_INIT("create_only"),
	STR_INIT("maybe_create_only"),
	STR_INIT("read_only"),
	STR_INIT("write_only"),
	STR_INIT("deprecated"),
	STR_INIT("refers"),
};

static const struct str constraint_keys[] = {
	STR_INIT("one"), STR_INIT("any"), STR_INIT("with"), STR_INIT("is"), STR_INIT("needs"),
	STR_INIT("excludes"),
};

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

static void mistake(struct reading *r, struct span span, const char *what, struct str name)
{
	diag_error(r->d, span, "type '%.*s': %s '%.*s'", STR_ARG(r->type), what, STR_ARG(name));
	r->ok = false;
}

static void check_keys(struct reading *r, const struct value *map, const struct str *known,
		       size_t count)
{
	for (uint32_t i = 0; i < map->map.count; i++) {
		const struct member *m = map->map.entries[i].value;
		struct str key = map->map.entries[i].key;
		size_t k = 0;

		while (k < count && !str_equal(known[k], key))
			k++;
		if (k == count)
			mistake(r, m->key_span, "unknown key", key);
	}
}

static bool get_bool(struct reading *r, const struct value *v, const char *key)
{
	const struct value *item = value_get_c(v, key);

	if (!item)
		return false;
	if (item->kind != VALUE_BOOL)
		mistake(r, item->span, "expected true or false for", str_from_c(key));
	return item->kind == VALUE_BOOL && item->boolean;
}

static struct str get_text(struct reading *r, const struct value *v, const char *key)
{
	const struct value *item = value_get_c(v, key);

	if (item && item->kind != VALUE_STRING)
		mistake(r, item->span, "expected a string for", str_from_c(key));
	return item && item->kind == VALUE_STRING ? item->string : (struct str){ 0 };
}

static struct str *get_texts(struct reading *r, const struct value *v, const char *key,
			     size_t *count)
{
	const struct value *list = value_get_c(v, key);
	struct str *out;

	*count = 0;
	if (!list)
		return NULL;
	if (list->kind != VALUE_LIST) {
		mistake(r, list->span, "expected a list for", str_from_c(key));
		return NULL;
	}
	out = arena_array(r->a, struct str, list->list.count);
	for (size_t i = 0; i < list->list.count; i++) {
		const struct value *item = &list->list.items[i];

		if (item->kind == VALUE_STRING)
			out[(*count)++] = item->string;
		else if (item->kind == VALUE_INT)
			out[(*count)++] =
				str_format(r->a, "%lld", (long long)item->integer);
		else
			mistake(r, item->span, "expected strings in", str_from_c(key));
	}
	return out;
}

static struct str_list get_list(struct reading *r, const struct value *v, const char *key)
{
	struct str_list out = { 0 };

	out.items = get_texts(r, v, key, &out.count);
	return out;
}

static bool get_number(struct reading *r, const struct value *v, const char *key, double *out)
{
	const struct value *item = value_get_c(v, key);

	if (!item)
		return false;
	if (item->kind == VALUE_INT)
		*out = (double)item->integer;
	else if (item->kind == VALUE_FLOAT)
		*out = item->number;
	else
		mistake(r, item->span, "expected a number for", str_from_c(key));
	return item->kind == VALUE_INT || item->kind == VALUE_FLOAT;
}

static struct shape *read_shape(struct reading *r, const struct value *v);

/* "AWS::KMS::Key.Arn"; an attribute may have dots of its own. */
static void read_references(struct reading *r, const struct value *v, struct property *p)
{
	struct str *texts = get_texts(r, v, "refers", &p->reference_count);

	p->references = arena_array(r->a, struct property_reference, p->reference_count);
	for (size_t i = 0; i < p->reference_count; i++) {
		size_t dot = str_index(texts[i], '.');

		if (!dot || dot + 1 == texts[i].length)
			mistake(r, value_get_c(v, "refers")->span,
				"no reference to a type:", texts[i]);
		p->references[i].type = str_slice(texts[i], 0, dot);
		p->references[i].attribute = str_slice(texts[i], dot + 1, texts[i].length);
	}
}

static int by_key(const void *a, const void *b)
{
	return str_compare(((const struct map_entry *)a)->key, ((const struct map_entry *)b)->key);
}

/* Overrides add at the end; here all are in order of their names. */
static struct map_entry *sorted_entries(struct arena *a, const struct map *map)
{
	struct map_entry *out = arena_array(a, struct map_entry, map->count);

	for (uint32_t i = 0; i < map->count; i++)
		out[i] = map->entries[i];
	qsort(out, map->count, sizeof(*out), by_key);
	return out;
}

static void read_fields(struct reading *r, const struct value *v, struct map *out)
{
	struct map_entry *entries;

	if (v->kind != VALUE_MAP) {
		mistake(r, v->span, "expected an object of", STR("properties"));
		return;
	}
	entries = sorted_entries(r->a, &v->map);
	for (uint32_t i = 0; i < v->map.count; i++) {
		const struct member *m = entries[i].value;
		struct property *p = arena_new(r->a, struct property);

		*map_put(r->a, out, entries[i].key) = p;
		p->name = entries[i].key;
		p->shape = read_shape(r, &m->value);
		p->required = get_bool(r, &m->value, "required");
		p->create_only = get_bool(r, &m->value, "create_only");
		p->maybe_create_only = get_bool(r, &m->value, "maybe_create_only");
		p->read_only = get_bool(r, &m->value, "read_only");
		p->write_only = get_bool(r, &m->value, "write_only");
		p->deprecated = get_bool(r, &m->value, "deprecated");
		read_references(r, &m->value, p);
	}
}

/* What stands where facts are wrong. */
static struct shape *free_shape(struct reading *r)
{
	struct shape *shape = arena_new(r->a, struct shape);

	shape->kind = PROPERTY_JSON;
	return shape;
}

/* All of them were made, empty, before the first was filled in, since they refer to each other. */
static struct shape *definition(struct reading *r, const struct value *v, struct str name)
{
	struct shape *shape = map_get(&r->shapes, name);

	if (!shape) {
		mistake(r, v->span, "no definition", name);
		shape = free_shape(r);
	}
	return shape;
}

static bool read_kind(struct reading *r, const struct value *v, enum property_kind *out)
{
	struct str name = get_text(r, v, "type");

	for (size_t i = 0; i < COUNT_OF(kind_names); i++) {
		if (str_equal(kind_names[i].name, name)) {
			*out = kind_names[i].kind;
			return true;
		}
	}
	mistake(r, v->span, "unknown kind", name);
	return false;
}

static void read_limits(struct reading *r, const struct value *v, struct shape *shape)
{
	shape->has_min = get_number(r, v, "min", &shape->min);
	shape->has_max = get_number(r, v, "max", &shape->max);
	if (shape->has_min && shape->has_max && shape->min > shape->max)
		mistake(r, v->span, "min is more than max in kind", get_text(r, v, "type"));
}

static void read_format(struct reading *r, const struct value *v, struct shape *shape)
{
	struct str name = get_text(r, v, "format");

	if (str_equal(name, STR("ipv4-network")))
		shape->format = FORMAT_IPV4_NETWORK;
	else if (str_equal(name, STR("ipv6-network")))
		shape->format = FORMAT_IPV6_NETWORK;
	else if (name.length)
		mistake(r, v->span, "unknown format", name);
}

static void read_parts(struct reading *r, const struct value *v, struct shape *shape)
{
	const struct value *fields = value_get_c(v, "properties"), *of = value_get_c(v, "of");

	if (shape->kind == PROPERTY_OBJECT) {
		if (fields)
			read_fields(r, fields, &shape->fields);
		else
			mistake(r, v->span, "an object needs", STR("properties"));
	}
	if (shape->kind == PROPERTY_LIST || shape->kind == PROPERTY_MAP) {
		shape->element = of ? read_shape(r, of) : free_shape(r);
		if (!of)
			mistake(r, v->span, "a list or map needs", STR("of"));
	}
}

/* Depth is bounded by that of the document. */
static struct shape *read_shape(struct reading *r, const struct value *v)
{
	struct shape *shape = free_shape(r);

	if (v->kind != VALUE_MAP) {
		mistake(r, v->span, "expected an object, not a",
			str_from_c(value_kind_name(v->kind)));
		return shape;
	}
	check_keys(r, v, property_keys, COUNT_OF(property_keys));
	if (!read_kind(r, v, &shape->kind))
		return shape;
	if (shape->kind == PROPERTY_OBJECT && value_get_c(v, "ref"))
		return definition(r, v, get_text(r, v, "ref"));
	shape->enums = get_texts(r, v, "enum", &shape->enum_count);
	shape->any_case = get_bool(r, v, "any_case");
	read_format(r, v, shape);
	shape->pattern = get_text(r, v, "pattern");
	shape->key_pattern = get_text(r, v, "keys");
	shape->unique_by = get_list(r, v, "unique_by");
	read_limits(r, v, shape);
	shape->unordered = get_bool(r, v, "unordered");
	shape->unique = get_bool(r, v, "unique");
	read_parts(r, v, shape);
	return shape;
}

static void expect_fields(struct reading *r, const struct str_list *names, struct span span,
			  const struct map *fields)
{
	for (size_t i = 0; i < names->count; i++) {
		if (!map_has(fields, names->items[i]))
			mistake(r, span, "a constraint of the unknown property", names->items[i]);
	}
	if (!names->count)
		mistake(r, span, "an empty group in a constraint of", r->type);
}

static void read_groups(struct reading *r, const struct value *list, const struct map *fields,
			struct constraint *out)
{
	size_t count = list->kind == VALUE_LIST ? list->list.count : 0;

	out->groups = arena_array(r->a, struct str_list, count);
	for (; out->count < count; out->count++) {
		struct value holder = value_map();

		value_set(r->a, &holder, STR("group"), list->list.items[out->count]);
		out->groups[out->count] = get_list(r, &holder, "group");
		expect_fields(r, &out->groups[out->count], list->span, fields);
	}
	if (!count)
		mistake(r, list->span, "expected a list of groups in a constraint of", r->type);
}

/* {with: A, is: [texts], needs: [B]} and the like; the only group is what is needed or excluded. */
static void read_dependency(struct reading *r, const struct value *v, const struct map *fields,
			    struct constraint *out)
{
	bool needs = value_get_c(v, "needs") != NULL;
	struct str_list with = { &out->with, 1 };

	out->kind = needs ? CONSTRAINT_NEEDS : CONSTRAINT_EXCLUDES;
	out->with = get_text(r, v, "with");
	out->is = get_list(r, v, "is");
	out->groups = arena_new(r->a, struct str_list);
	*out->groups = get_list(r, v, needs ? "needs" : "excludes");
	out->count = 1;
	expect_fields(r, &with, v->span, fields);
	expect_fields(r, out->groups, v->span, fields);
}

static void read_constraint(struct reading *r, const struct value *v, const struct map *fields,
			   struct constraint *out)
{
	const struct value *one = value_get_c(v, "one"), *any = value_get_c(v, "any");

	if (v->kind != VALUE_MAP) {
		mistake(r, v->span, "expected an object in the constraints of", r->type);
		return;
	}
	check_keys(r, v, constraint_keys, COUNT_OF(constraint_keys));
	if (!one && !any) {
		read_dependency(r, v, fields, out);
		return;
	}
	out->kind = one ? CONSTRAINT_ONE : CONSTRAINT_ANY;
	read_groups(r, one ? one : any, fields, out);
}

/* Those of the definition, or (under the empty name) of the type. */
static void read_constraints(struct reading *r, struct str name, const struct map *fields,
			    struct constraints *out)
{
	const struct value *list = r->constraints ? value_get(r->constraints, name) : NULL;

	if (!list)
		return;
	if (list->kind != VALUE_LIST) {
		mistake(r, list->span, "expected a list of constraints of", name);
		return;
	}
	out->items = arena_array(r->a, struct constraint, list->list.count);
	for (; out->count < list->list.count; out->count++)
		read_constraint(r, &list->list.items[out->count], fields, &out->items[out->count]);
}

static void read_definitions(struct reading *r)
{
	const struct value *all = r->definitions;

	if (!all)
		return;
	if (all->kind != VALUE_MAP) {
		mistake(r, all->span, "expected an object of", STR("definitions"));
		return;
	}
	for (uint32_t i = 0; i < all->map.count; i++) {
		struct shape *shape = arena_new(r->a, struct shape);

		shape->kind = PROPERTY_OBJECT;
		shape->name = all->map.entries[i].key;
		*map_put(r->a, &r->shapes, shape->name) = shape;
	}
	for (uint32_t i = 0; i < all->map.count; i++) {
		const struct member *m = all->map.entries[i].value;
		struct shape *shape = map_get(&r->shapes, all->map.entries[i].key);

		read_fields(r, &m->value, &shape->fields);
		read_constraints(r, shape->name, &shape->fields, &shape->constraints);
	}
}

/* A key stands once in a list of tags, which no upstream says. */
static void tell_tags_apart(struct reading *r, struct shape *tags)
{
	struct str *key;

	if (tags->kind != PROPERTY_LIST || !map_has(&tags->element->fields, STR("Key")) ||
	    tags->unique_by.count)
		return;
	key = arena_new(r->a, struct str);
	*key = STR("Key");
	tags->unique_by = (struct str_list){ key, 1 };
}

static void read_identity(struct reading *r, const struct value *facts, struct schema *out)
{
	const struct property *tags;

	out->identifiers = get_texts(r, facts, "id", &out->identifier_count);
	for (size_t i = 0; i < out->identifier_count; i++) {
		if (!schema_property_path(out, out->identifiers[i]))
			mistake(r, value_get_c(facts, "id")->span, "no property",
				out->identifiers[i]);
	}
	out->ref_property = get_text(r, facts, "ref");
	if (out->ref_property.length && !schema_property_path(out, out->ref_property))
		mistake(r, value_get_c(facts, "ref")->span, "no property", out->ref_property);
	out->tag_property = get_text(r, facts, "tags");
	if (!out->tag_property.length)
		return;
	tags = schema_property(out, out->tag_property);
	if (!tags || tags->shape->kind == PROPERTY_OBJECT) {
		mistake(r, value_get_c(facts, "tags")->span, "no list or map of tags",
			out->tag_property);
		return;
	}
	out->tags_are_map = tags->shape->kind != PROPERTY_LIST;
	tell_tags_apart(r, tags->shape);
}

bool type_parse(struct arena *a, struct str name, const struct value *facts, struct schema *out,
		struct diags *d)
{
	struct reading r = { .a = a, .type = name, .d = d, .ok = true };
	const struct value *properties = value_get_c(facts, "properties");

	*out = (struct schema){ .type = name };
	if (facts->kind != VALUE_MAP || !properties) {
		mistake(&r, facts->span, "its facts have no", STR("properties"));
		return false;
	}
	check_keys(&r, facts, type_keys, COUNT_OF(type_keys));
	r.definitions = value_get_c(facts, "definitions");
	r.constraints = value_get_c(facts, "constraints");
	read_definitions(&r);
	read_fields(&r, properties, &out->properties);
	read_constraints(&r, STR(""), &out->properties, &out->constraints);
	read_identity(&r, facts, out);
	out->arn_template = get_text(&r, facts, "arn");
	out->ends = get_text(&r, facts, "ends");
	out->closed = get_text(&r, facts, "closed");
	out->stateful = get_bool(&r, facts, "stateful");
	if (value_get_c(facts, "permissions") &&
	    !permissions_parse(a, value_get_c(facts, "permissions"), out, d))
		r.ok = false;
	out->refusal = get_text(&r, facts, "unsupported");
	out->tier = out->refusal.length ? TIER_NONE : TIER_CLOUD_CONTROL;
	return r.ok;
}

const struct property *schema_property(const struct schema *s, struct str name)
{
	return map_get(&s->properties, name);
}

/* The element of a list or map, as often as steps ("[][]") say; NULL if it is none. */
static const struct shape *enter_steps(const struct shape *shape, struct str steps)
{
	for (; shape && steps.length; steps = str_slice(steps, 2, steps.length)) {
		if (!str_starts(steps, STR("[]")))
			return NULL;
		if (shape->kind != PROPERTY_JSON)
			shape = shape->element;
	}
	return shape;
}

static bool enters_list(struct str part)
{
	int64_t index;

	return str_equal(part, STR("*")) || (str_to_int(part, &index) && index >= 0);
}

const struct property *schema_property_path(const struct schema *s, struct str path)
{
	const struct map *fields = &s->properties;
	const struct property *found = NULL;
	const struct shape *at = NULL;
	struct str part;

	while (str_split(&path, '.', &part)) {
		struct str name = str_slice(part, 0, str_index(part, '['));

		if (at && at->kind == PROPERTY_JSON)
			return found;
		if (at && (at->kind == PROPERTY_LIST || at->kind == PROPERTY_MAP)) {
			if (at->kind == PROPERTY_LIST && !enters_list(name))
				return NULL;
			at = at->element;
		} else {
			fields = at ? &at->fields : fields;
			found = at && at->kind != PROPERTY_OBJECT ? NULL : map_get(fields, name);
			if (!found)
				return NULL;
			at = found->shape;
		}
		at = enter_steps(at, str_slice(part, name.length, part.length));
		if (!at)
			return NULL;
	}
	return found;
}
