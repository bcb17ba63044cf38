#include "driver_check.h"

struct term_type type_rough(enum rough rough)
{
	return (struct term_type){ .rough = rough };
}

static enum rough rough_of_shape(const struct shape *shape)
{
	switch (shape->kind) {
	case PROPERTY_STRING:
		return ROUGH_TEXT;
	case PROPERTY_INTEGER:
	case PROPERTY_NUMBER:
		return ROUGH_NUMBER;
	case PROPERTY_BOOLEAN:
		return ROUGH_BOOL;
	case PROPERTY_LIST:
		return ROUGH_LIST;
	case PROPERTY_MAP:
	case PROPERTY_OBJECT:
		return ROUGH_RECORD;
	case PROPERTY_JSON:
		return ROUGH_ANY;
	}
	BUG("property kind %d", (int)shape->kind);
}

static enum rough rough_of_wire(const struct wire_shape *wire)
{
	if (wire->document)
		return ROUGH_ANY;
	switch (wire->kind) {
	case WIRE_STRUCTURE:
	case WIRE_MAP:
		return ROUGH_RECORD;
	case WIRE_LIST:
		return ROUGH_LIST;
	case WIRE_STRING:
	case WIRE_CHARACTER:
		return ROUGH_TEXT;
	case WIRE_BLOB:
		return ROUGH_BLOB;
	case WIRE_BOOLEAN:
		return ROUGH_BOOL;
	case WIRE_TIMESTAMP:
		return ROUGH_TIME;
	case WIRE_INTEGER:
	case WIRE_LONG:
	case WIRE_FLOAT:
	case WIRE_DOUBLE:
		return ROUGH_NUMBER;
	}
	BUG("wire kind %d", (int)wire->kind);
}

struct term_type type_of_shape(const struct shape *shape, struct str path)
{
	return (struct term_type){ .rough = rough_of_shape(shape), .shape = shape, .path = path };
}

struct term_type type_of_wire(const struct wire_shape *wire)
{
	return (struct term_type){ .rough = rough_of_wire(wire), .wire = wire };
}

const char *type_name(const struct term_type *type)
{
	static const char *const names[] = {
		[ROUGH_ANY] = "anything", [ROUGH_TEXT] = "a text", [ROUGH_NUMBER] = "a number",
		[ROUGH_BOOL] = "a boolean", [ROUGH_TIME] = "a time", [ROUGH_BLOB] = "bytes",
		[ROUGH_LIST] = "a list", [ROUGH_RECORD] = "a map",
	};

	return names[type->rough];
}

static struct term_type no_such(struct checker *c, const char *what, struct str field,
				struct span span)
{
	diag_error(c->d, span, "%s has no '%.*s'", what, STR_ARG(field));
	return type_rough(ROUGH_ANY);
}

static struct term_type field_of_all(struct checker *c, struct str field, struct span span)
{
	const struct property *p = schema_property(c->schema, field);

	if (!p)
		return no_such(c, "the type", field, span);
	return type_of_shape(p->shape, field);
}

static struct term_type field_of_shape(struct checker *c, const struct term_type *from,
				       struct str field, struct span span)
{
	struct str path = str_format(c->arena, "%.*s.%.*s", STR_ARG(from->path), STR_ARG(field));
	const struct property *p;

	if (from->shape->kind == PROPERTY_MAP)
		return from->shape->element ? type_of_shape(from->shape->element, path) :
					      type_rough(ROUGH_ANY);
	if (from->shape->kind != PROPERTY_OBJECT || !from->shape->fields.count)
		return from->shape->kind == PROPERTY_OBJECT ? type_rough(ROUGH_ANY) :
		       no_such(c, "the property", field, span);
	p = map_get(&from->shape->fields, field);
	if (!p)
		return no_such(c, "the property", field, span);
	return type_of_shape(p->shape, path);
}

static struct term_type field_of_wire(struct checker *c, const struct term_type *from,
				      struct str field, struct span span)
{
	const struct wire_member *m;

	if (from->wire->document)
		return type_rough(ROUGH_ANY);
	if (from->wire->kind == WIRE_MAP)
		return type_of_wire(from->wire->item->shape);
	m = from->wire->kind == WIRE_STRUCTURE ? map_get(&from->wire->members, field) : NULL;
	if (!m)
		return no_such(c, str_to_c(c->arena, from->wire->name), field, span);
	return type_of_wire(m->shape);
}

static struct term_type item_of(struct checker *c, const struct term_type *from, struct span span)
{
	if (from->rough == ROUGH_LIST && from->shape && from->shape->element)
		return type_of_shape(from->shape->element, from->path);
	if (from->rough == ROUGH_LIST && from->wire)
		return type_of_wire(from->wire->item->shape);
	if (from->rough != ROUGH_LIST && from->rough != ROUGH_ANY)
		diag_error(c->d, span, "'[]' on %s", type_name(from));
	return type_rough(ROUGH_ANY);
}

static struct term_type list_of(struct term_type item)
{
	(void)item;
	return type_rough(ROUGH_LIST);
}

struct term_type type_at(struct checker *c, struct term_type from, const struct term_path *path,
			 size_t start, struct span span)
{
	bool each = false;

	for (size_t i = start; i < path->count; i++) {
		const struct path_part *part = &path->parts[i];

		if (part->kind != PATH_FIELD) {
			from = item_of(c, &from, span);
			each |= part->kind == PATH_EACH;
		} else if (from.whole) {
			from = field_of_all(c, part->field, span);
		} else if (from.shape) {
			from = field_of_shape(c, &from, part->field, span);
		} else if (from.wire) {
			from = field_of_wire(c, &from, part->field, span);
		} else if (from.rough != ROUGH_ANY && from.rough != ROUGH_RECORD) {
			diag_error(c->d, span, "'.%.*s' of %s", STR_ARG(part->field),
				   type_name(&from));
			return type_rough(ROUGH_ANY);
		}
	}
	return each ? list_of(from) : from;
}

static bool rough_fits(enum rough given, enum rough wanted)
{
	if (given == ROUGH_ANY || wanted == ROUGH_ANY || given == wanted)
		return true;
	if (wanted == ROUGH_TIME || given == ROUGH_TIME)
		return given == ROUGH_TEXT || given == ROUGH_NUMBER || wanted == ROUGH_TEXT ||
		       wanted == ROUGH_NUMBER;
	return false;
}

/* Which type a field is of, in either world; false: no such field, or not looked into. */
static bool field_quietly(const struct term_type *of, struct str field, struct term_type *out)
{
	if (of->shape && of->shape->kind == PROPERTY_OBJECT) {
		const struct property *p = map_get(&of->shape->fields, field);

		if (p)
			*out = type_of_shape(p->shape, (struct str){ 0 });
		return p != NULL;
	}
	if (of->wire && of->wire->kind == WIRE_STRUCTURE) {
		const struct wire_member *m = map_get(&of->wire->members, field);

		if (m)
			*out = type_of_wire(m->shape);
		return m != NULL;
	}
	return false;
}

static void fits(struct checker *c, const struct term_type *given, const struct term_type *wanted,
		 const char *what, struct str name, struct span span, unsigned depth);

/* Every field of a property's object must be a member of the structure that it goes to. */
static void object_fits(struct checker *c, const struct term_type *given,
			const struct term_type *wanted, const char *what, struct str name,
			struct span span, unsigned depth)
{
	for (uint32_t i = 0; i < given->shape->fields.count; i++) {
		struct str field = given->shape->fields.entries[i].key;
		const struct property *p = given->shape->fields.entries[i].value;
		struct str path = str_format(c->arena, "%.*s.%.*s", STR_ARG(given->path),
					     STR_ARG(field));
		struct term_type inner = type_of_shape(p->shape, path), target;

		if (driver_unsupported(c->driver, path))
			continue;
		if (!field_quietly(wanted, field, &target)) {
			diag_error(c->d, span, "%s '%.*s': property '%.*s' has no member there",
				   what, STR_ARG(name), STR_ARG(path));
			continue;
		}
		fits(c, &inner, &target, what, name, span, depth);
	}
}

static void wire_fits(struct checker *c, const struct term_type *given,
		      const struct term_type *wanted, const char *what, struct str name,
		      struct span span, unsigned depth)
{
	for (uint32_t i = 0; i < given->wire->members.count; i++) {
		const struct wire_member *m = given->wire->members.entries[i].value;
		struct term_type inner = type_of_wire(m->shape), target;

		if (field_quietly(wanted, given->wire->members.entries[i].key, &target))
			fits(c, &inner, &target, what, name, span, depth);
	}
}

static const struct term_type *inner_item(const struct term_type *list, struct term_type *out)
{
	if (list->shape && list->shape->element)
		*out = type_of_shape(list->shape->element, list->path);
	else if (list->wire && list->wire->item)
		*out = type_of_wire(list->wire->item->shape);
	else
		return NULL;
	return out;
}

static void fits(struct checker *c, const struct term_type *given, const struct term_type *wanted,
		 const char *what, struct str name, struct span span, unsigned depth)
{
	struct term_type a, b;

	if (depth > CHECK_DEPTH_LIMIT)
		return;
	if (!rough_fits(given->rough, wanted->rough)) {
		diag_error(c->d, span, "%s '%.*s' is %s, and is given %s", what, STR_ARG(name),
			   type_name(wanted), type_name(given));
		return;
	}
	if (given->rough == ROUGH_LIST && wanted->rough == ROUGH_LIST) {
		if (inner_item(given, &a) && inner_item(wanted, &b))
			fits(c, &a, &b, what, name, span, depth + 1);
		return;
	}
	if (given->rough != ROUGH_RECORD || wanted->rough != ROUGH_RECORD)
		return;
	if (given->shape && given->shape->kind == PROPERTY_OBJECT && wanted->wire &&
	    wanted->wire->kind == WIRE_STRUCTURE)
		object_fits(c, given, wanted, what, name, span, depth + 1);
	else if (given->wire && given->wire->kind == WIRE_STRUCTURE && wanted->shape)
		wire_fits(c, given, wanted, what, name, span, depth + 1);
}

void type_fits(struct checker *c, const struct term_type *given, const struct term_type *wanted,
	       const char *what, struct str name, struct span span)
{
	fits(c, given, wanted, what, name, span, 0);
}

/* What a conversion makes of a property, towards the service. */
static struct term_type converted(const struct lens_entry *e, struct term_type property)
{
	switch (e->conversion) {
	case LENS_INT:
	case LENS_BOOL:
	case LENS_JSON:
		return type_rough(ROUGH_TEXT);
	case LENS_NUMBER:
		return type_rough(ROUGH_NUMBER);
	case LENS_TIME:
		return type_rough(ROUGH_TIME);
	case LENS_TAGS:
		return type_rough(ROUGH_LIST);
	case LENS_PRESENT:
		return type_rough(ROUGH_RECORD);
	case LENS_ZIP:
		return type_rough(ROUGH_BLOB);
	case LENS_SAME:
	case LENS_LENS:
		break;
	}
	return property;
}

static void entry_check(struct checker *c, const struct lens_entry *e,
			const struct term_type *property, const struct term_type *member,
			unsigned depth)
{
	struct term_type left = type_rough(ROUGH_ANY), right;
	struct str name = term_path_text(c->arena, &e->member);

	/* A bundle's digest is ours: no fact of AWS knows it. */
	if (e->conversion != LENS_ZIP)
		left = type_at(c, *property, &e->property, 0, e->span);
	right = type_at(c, *member, &e->member, 0, e->span);
	if (e->conversion == LENS_LENS) {
		lens_check(c, e->lens, &left, &right, e->span, depth + 1);
		return;
	}
	left = converted(e, left);
	if (c->reading)
		type_fits(c, &right, &left, "property of", name, e->span);
	else
		type_fits(c, &left, &right, "member", name, e->span);
}

void lens_check(struct checker *c, const struct lens *lens, const struct term_type *property,
		const struct term_type *member, struct span span, unsigned depth)
{
	struct term_type left = *property, right = *member;

	if (depth > CHECK_DEPTH_LIMIT || c->lens_entries > CHECK_LENS_LIMIT)
		return;
	c->lens_entries += lens->count;
	if (c->lens_entries > CHECK_LENS_LIMIT)
		diag_error(c->d, span, "lenses in lenses: more than %d parts in all",
			   CHECK_LENS_LIMIT);
	if (left.rough == ROUGH_LIST)
		left = item_of(c, &left, span);
	if (right.rough == ROUGH_LIST)
		right = item_of(c, &right, span);
	for (size_t i = 0; i < lens->count; i++) {
		if (left.whole && !c->reading)
			property_used(c, lens->entries[i].property.parts[0].field);
		entry_check(c, &lens->entries[i], &left, &right, depth);
	}
}
