#include "driver_check.h"

void property_used(struct checker *c, struct str name)
{
	*map_put(c->arena, &c->handled, name) = c;
}

static struct term_type all_properties(void)
{
	struct term_type t = type_rough(ROUGH_RECORD);

	t.whole = true;
	return t;
}

static struct term_type attribute_type(struct checker *c, struct str name)
{
	const struct property *p = schema_property(c->schema, name);

	return p ? type_of_shape(p->shape, name) : type_rough(ROUGH_ANY);
}

static struct term_type property_type(struct checker *c, const struct term *t)
{
	struct str name = t->path.parts[0].field;
	const struct property *p = schema_property(c->schema, name);
	struct term_type from;

	if (!p && !str_list_has(&c->driver->attributes, name)) {
		diag_error(c->d, t->span, "'%.*s' is no property of %.*s and no attribute of "
			   "the driver", STR_ARG(name), STR_ARG(c->driver->type));
		return type_rough(ROUGH_ANY);
	}
	from = attribute_type(c, name);
	if (!c->reading)
		property_used(c, name);
	return type_at(c, from, &t->path, 1, t->span);
}

static struct term_type name_type(struct checker *c, const struct term *t)
{
	switch (t->name) {
	case NAME_PROPERTY:
		return property_type(c, t);
	case NAME_ALL:
	case NAME_OLD:
	case NAME_CHANGED:
		return type_at(c, all_properties(), &t->path, 0, t->span);
	case NAME_ITEM:
		return type_at(c, c->item, &t->path, 0, t->span);
	case NAME_ADDED:
	case NAME_REMOVED:
		return type_rough(ROUGH_ANY);
	case NAME_INSTANCE:
	case NAME_TOKEN:
	case NAME_ACCOUNT:
	case NAME_REGION:
	case NAME_PARTITION:
		return type_rough(ROUGH_TEXT);
	}
	BUG("name %d", (int)t->name);
}

static struct term_type reply_type(struct checker *c, const struct term *t)
{
	if (c->reply)
		return type_at(c, type_of_wire(c->reply), &t->path, 0, t->span);
	if (!c->reply_any)
		diag_error(c->d, t->span, "there is no reply here to look into");
	return type_rough(ROUGH_ANY);
}

static struct term_type literal_type(const struct value *v)
{
	switch (v->kind) {
	case VALUE_STRING:
		return type_rough(ROUGH_TEXT);
	case VALUE_INT:
	case VALUE_FLOAT:
		return type_rough(ROUGH_NUMBER);
	case VALUE_BOOL:
		return type_rough(ROUGH_BOOL);
	case VALUE_LIST:
		return type_rough(ROUGH_LIST);
	case VALUE_MAP:
		return type_rough(ROUGH_RECORD);
	default:
		return type_rough(ROUGH_ANY);
	}
}

void template_check(struct checker *c, struct str template, struct span span)
{
	static const char *const scope[] = {
		"partition", "dns", "region", "account", "instance", NULL,
	};

	while (template.length) {
		size_t open = str_index(template, '{'), close;
		struct str part;
		bool known = false;

		template = str_slice(template, open, template.length);
		close = str_index(template, '}');
		if (!template.length)
			return;
		if (close == template.length) {
			diag_error(c->d, span, "'{' without '}' in a template");
			return;
		}
		part = str_slice(template, 1, close);
		part = str_slice(part, 0, str_index(part, '|'));
		for (int i = 0; scope[i]; i++)
			known |= str_equal_c(part, scope[i]);
		if (!known && !schema_property_path(c->schema, part) &&
		    !str_list_has(&c->driver->attributes, part))
			diag_error(c->d, span, "unknown '{%.*s}' in a template", STR_ARG(part));
		template = str_slice(template, close + 1, template.length);
	}
}

static void arguments_typed(struct checker *c, const struct term *t, size_t first)
{
	for (size_t i = first; i < t->count; i++)
		(void)term_type(c, &t->items[i]);
}

static void kept_check(struct checker *c, const struct term *t)
{
	struct str name = t->items[0].literal.string;
	const struct property *p = schema_property(c->schema, name);

	if (!p || p->shape->kind != PROPERTY_LIST)
		diag_error(c->d, t->span, "'%.*s' is no property that is a list", STR_ARG(name));
}

static struct term_type call_type(struct checker *c, const struct term *t)
{
	struct term_type first;

	switch (t->function) {
	case FUNCTION_LENS:
		/* Only where it is wanted are both sides known. */
		arguments_typed(c, t, 1);
		return type_rough(ROUGH_ANY);
	case FUNCTION_FILL:
		template_check(c, t->items[0].literal.string, t->span);
		return type_rough(ROUGH_TEXT);
	case FUNCTION_KEPT:
		kept_check(c, t);
		return attribute_type(c, t->items[0].literal.string);
	default:
		break;
	}
	first = term_type(c, &t->items[0]);
	arguments_typed(c, t, 1);
	switch (t->function) {
	case FUNCTION_JSON:
		return type_rough(c->reading ? ROUGH_ANY : ROUGH_TEXT);
	case FUNCTION_TEXT:
		return type_rough(ROUGH_TEXT);
	case FUNCTION_TAG_LIST:
	case FUNCTION_KEYS:
	case FUNCTION_MERGE:
		return type_rough(ROUGH_LIST);
	case FUNCTION_ALL:
		return first.rough == ROUGH_LIST ? first : type_rough(ROUGH_LIST);
	case FUNCTION_TAG_MAP:
		return type_rough(ROUGH_RECORD);
	case FUNCTION_IS:
	case FUNCTION_CONTAINS:
		return type_rough(ROUGH_BOOL);
	case FUNCTION_TIME:
		return type_rough(ROUGH_TIME);
	case FUNCTION_FIRST:
		return t->count == 1 ? first : type_rough(ROUGH_ANY);
	case FUNCTION_UNLESS:
	case FUNCTION_NONEMPTY:
		return first;
	case FUNCTION_FIND:
		if (first.rough == ROUGH_LIST && first.wire)
			return type_of_wire(first.wire->item->shape);
		return type_rough(ROUGH_ANY);
	default:
		BUG("function %d", (int)t->function);
	}
}

struct term_type term_type(struct checker *c, const struct term *t)
{
	struct term_type type;

	switch (t->kind) {
	case TERM_LITERAL:
		return literal_type(&t->literal);
	case TERM_NAME:
		return name_type(c, t);
	case TERM_REPLY:
		return reply_type(c, t);
	case TERM_CALL:
		type = call_type(c, t);
		return t->path.count ? type_at(c, type, &t->path, 0, t->span) : type;
	case TERM_RECORD:
		arguments_typed(c, t, 0);
		return type_rough(ROUGH_RECORD);
	case TERM_LIST:
		arguments_typed(c, t, 0);
		return type_rough(ROUGH_LIST);
	}
	BUG("term %d", (int)t->kind);
}

/* $changed spread: each of the step's properties is a member of that name. */
static void changed_check(struct checker *c, const struct term *t, const struct term_type *wanted)
{
	for (size_t i = 0; c->step && i < c->step->props.count; i++) {
		struct str name = c->step->props.items[i];
		const struct wire_member *m = map_get(&wanted->wire->members, name);
		const struct property *p = schema_property(c->schema, name);
		struct term_type given, member;

		property_used(c, name);
		if (!m) {
			diag_error(c->d, t->span, "$changed: there is no member '%.*s'",
				   STR_ARG(name));
			continue;
		}
		if (!p)
			continue;
		given = type_of_shape(p->shape, name);
		member = type_of_wire(m->shape);
		type_fits(c, &given, &member, "member", name, t->span);
	}
}

static void spread_check(struct checker *c, const struct term *t, const struct term_type *wanted)
{
	if (t->kind == TERM_NAME && t->name == NAME_CHANGED && !t->path.count)
		changed_check(c, t, wanted);
	else
		term_check(c, t, wanted, "spread into", wanted->wire->name);
}

static void record_check(struct checker *c, const struct term *t, const struct term_type *wanted,
			 const char *what, struct str name)
{
	for (size_t i = 0; i < t->count; i++) {
		struct term_type member;
		const struct property *p;
		const struct wire_member *m;

		if (str_equal(t->names[i], STR("*"))) {
			if (wanted->wire && wanted->wire->kind == WIRE_STRUCTURE)
				spread_check(c, &t->items[i], wanted);
			continue;
		}
		if (wanted->wire && wanted->wire->kind == WIRE_STRUCTURE) {
			m = map_get(&wanted->wire->members, t->names[i]);
			if (!m) {
				diag_error(c->d, t->items[i].span, "%.*s has no member '%.*s'",
					   STR_ARG(wanted->wire->name), STR_ARG(t->names[i]));
				continue;
			}
			member = type_of_wire(m->shape);
		} else if (wanted->wire && wanted->wire->kind == WIRE_MAP) {
			member = type_of_wire(wanted->wire->item->shape);
		} else if (wanted->shape && wanted->shape->kind == PROPERTY_OBJECT) {
			p = map_get(&wanted->shape->fields, t->names[i]);
			if (!p) {
				diag_error(c->d, t->items[i].span, "%s '%.*s' has no '%.*s'",
					   what, STR_ARG(name), STR_ARG(t->names[i]));
				continue;
			}
			member = type_of_shape(p->shape, str_format(c->arena, "%.*s.%.*s",
					       STR_ARG(wanted->path), STR_ARG(t->names[i])));
		} else {
			member = type_rough(ROUGH_ANY);
		}
		term_check(c, &t->items[i], &member, "member", t->names[i]);
	}
}

static void enum_check(struct checker *c, const struct term *t, const struct term_type *wanted,
		       struct str name)
{
	const struct wire_shape *w = wanted->wire;

	if (!w || !w->enums.count || t->literal.kind != VALUE_STRING)
		return;
	for (size_t i = 0; i < w->enums.count; i++) {
		if (str_equal(w->enums.items[i], t->literal.string))
			return;
	}
	diag_error(c->d, t->span, "'%.*s' is no value of '%.*s'", STR_ARG(t->literal.string),
		   STR_ARG(name));
}

static void lens_term_check(struct checker *c, const struct term *t, const struct term_type *wanted)
{
	struct term_type subject = term_type(c, &t->items[1]);

	if (t->path.count)
		return;
	if (c->reading)
		lens_check(c, t->lens, wanted, &subject, t->span, 0);
	else
		lens_check(c, t->lens, &subject, wanted, t->span, 0);
}

void term_check(struct checker *c, const struct term *t, const struct term_type *wanted,
		const char *what, struct str name)
{
	struct term_type given;

	if (t->kind == TERM_RECORD && (wanted->rough == ROUGH_RECORD)) {
		record_check(c, t, wanted, what, name);
		return;
	}
	if (t->kind == TERM_LIST && wanted->rough == ROUGH_LIST) {
		struct term_type item = type_rough(ROUGH_ANY);

		if (wanted->wire)
			item = type_of_wire(wanted->wire->item->shape);
		for (size_t i = 0; i < t->count; i++)
			term_check(c, &t->items[i], &item, what, name);
		return;
	}
	if (t->kind == TERM_CALL && t->function == FUNCTION_LENS) {
		lens_term_check(c, t, wanted);
		return;
	}
	if (t->kind == TERM_CALL && (t->function == FUNCTION_NONEMPTY ||
				     t->function == FUNCTION_UNLESS)) {
		arguments_typed(c, t, 1);
		term_check(c, &t->items[0], wanted, what, name);
		return;
	}
	if (t->kind == TERM_CALL && t->function == FUNCTION_FIRST) {
		for (size_t i = 0; i < t->count; i++)
			term_check(c, &t->items[i], wanted, what, name);
		return;
	}
	if (t->kind == TERM_LITERAL)
		enum_check(c, t, wanted, name);
	given = term_type(c, t);
	type_fits(c, &given, wanted, what, name, t->span);
}
