#include "refers.h"

#include "spec/convert.h"
#include "spec/expr.h"

static bool is_arn(struct str attribute)
{
	return str_ends(attribute, STR("Arn")) || str_ends(attribute, STR("ARN"));
}

/* Names are texts that many things share; the facts' word for them is no proof. */
static bool all_one_type(const struct property *p)
{
	if (str_ends(p->references[0].attribute, STR("Name")))
		return false;
	for (size_t i = 1; i < p->reference_count; i++) {
		if (!str_equal(p->references[i].type, p->references[0].type))
			return false;
	}
	return true;
}

static bool all_arns(const struct property *p)
{
	for (size_t i = 0; i < p->reference_count; i++) {
		if (!is_arn(p->references[i].attribute))
			return false;
	}
	return true;
}

static bool has_type(const struct property *p, struct str type)
{
	for (size_t i = 0; i < p->reference_count; i++) {
		if (str_equal(p->references[i].type, type))
			return true;
	}
	return false;
}

static void report(struct compiler *c, const struct value *v, const struct property *p,
		   const struct part *target, struct str name)
{
	const struct property_reference *wanted = &p->references[0];
	struct str address = address_text(c->arena, &target->resource.address);
	struct str what = STR("an ARN");

	if (all_one_type(p))
		what = str_format(c->arena, "the %.*s of an %.*s",
				  STR_ARG(wanted->attribute.length ? wanted->attribute : STR("id")),
				  STR_ARG(wanted->type));
	diag_error(c->d, v->expr->span, "E0426 '%.*s' wants %.*s, and this is the %.*s of '%.*s', "
		   "an %.*s", STR_ARG(name), STR_ARG(what), STR_ARG(v->expr->attribute),
		   STR_ARG(address), STR_ARG(target->resource.schema->type));
	for (size_t i = 0; i < p->reference_count; i++) {
		wanted = &p->references[i];
		if (!str_equal(wanted->type, target->resource.schema->type) ||
		    !wanted->attribute.length)
			continue;
		diag_help(c->d, "write '%.*s.%.*s'", STR_ARG(address), STR_ARG(wanted->attribute));
		return;
	}
}

#define TYPE_DEPTH_LIMIT 8

/* What the attribute is; NULL where the facts do not say. */
static const struct shape *shape_of(const struct part *target, struct str attribute)
{
	const struct map *fields = &target->resource.schema->properties;
	const struct shape *shape = NULL;
	struct str part;

	while (str_split(&attribute, '.', &part)) {
		const struct property *p = fields ? map_get(fields, part) : NULL;

		if (!p)
			return NULL;
		shape = p->shape;
		fields = shape->kind == PROPERTY_OBJECT ? &shape->fields : NULL;
	}
	return shape;
}

static const struct type *type_of_shape(struct arena *a, const struct shape *shape, unsigned depth);

static const struct type *type_of_fields(struct arena *a, const struct shape *shape, unsigned depth)
{
	struct type *type = arena_new(a, struct type);
	struct map *fields = arena_new(a, struct map);

	type->kind = TYPE_MAP;
	for (uint32_t i = 0; i < shape->fields.count; i++) {
		const struct property *p = shape->fields.entries[i].value;
		union {
			const struct type *type;
			void *in_map;
		} field = { .type = type_of_shape(a, p->shape, depth + 1) };

		*map_put(a, fields, p->name) = field.in_map;
	}
	type->fields = fields;
	return type;
}

/* NULL: not known, or nested too deep to be told. */
static const struct type *type_of_shape(struct arena *a, const struct shape *shape, unsigned depth)
{
	struct type *type;

	if (!shape || depth > TYPE_DEPTH_LIMIT)
		return NULL;
	switch (shape->kind) {
	case PROPERTY_STRING:
		return &string_type;
	case PROPERTY_INTEGER:
	case PROPERTY_NUMBER:
		return &number_type;
	case PROPERTY_BOOLEAN:
		return &bool_type;
	case PROPERTY_OBJECT:
		return type_of_fields(a, shape, depth);
	case PROPERTY_JSON:
		return NULL;
	case PROPERTY_LIST:
	case PROPERTY_MAP:
		break;
	}
	type = arena_new(a, struct type);
	type->kind = shape->kind == PROPERTY_LIST ? TYPE_LIST : TYPE_MAP;
	type->element = type_of_shape(a, shape->element, depth + 1);
	return type;
}

static bool is_scalar(enum property_kind kind)
{
	return kind == PROPERTY_STRING || kind == PROPERTY_INTEGER || kind == PROPERTY_NUMBER ||
	       kind == PROPERTY_BOOLEAN;
}

/* False after a report. */
static bool check_shape(struct compiler *c, const struct value *v, const struct shape *wanted,
			const struct shape *given, struct str name)
{
	if (wanted->kind == PROPERTY_JSON || given->kind == PROPERTY_JSON ||
	    is_scalar(wanted->kind) == is_scalar(given->kind))
		return true;
	diag_error(c->d, v->expr->span, "E0427 '%.*s' must be a %s, and '%.*s' is a %s",
		   STR_ARG(name),
		   is_scalar(wanted->kind) ? "single value"
		   : wanted->kind == PROPERTY_LIST ? "list" : "table",
		   STR_ARG(v->expr->attribute),
		   is_scalar(given->kind) ? "single value"
		   : given->kind == PROPERTY_LIST ? "list" : "table");
	if (wanted->kind == PROPERTY_LIST && is_scalar(given->kind))
		diag_help(c->d, "put it in brackets");
	return false;
}

static const char *type_word(enum type_kind kind)
{
	return kind == TYPE_LIST ? "list" : kind == TYPE_MAP ? "table" : "single value";
}

/* False after a report. */
static bool check_type(struct compiler *c, const struct value *v, const struct type *type,
		       const struct shape *shape, struct str name)
{
	bool list = shape->kind == PROPERTY_LIST;
	bool fits;

	if (!type || type->kind == TYPE_ANY || shape->kind == PROPERTY_JSON)
		return true;
	if (is_scalar(shape->kind))
		fits = type->kind != TYPE_LIST && type->kind != TYPE_MAP;
	else
		fits = type->kind == (list ? TYPE_LIST : TYPE_MAP);
	if (fits)
		return true;
	diag_error(c->d, v->span, "E0427 '%.*s' must be a %s, and this is a %s", STR_ARG(name),
		   is_scalar(shape->kind) ? "single value" : list ? "list" : "table",
		   type_word(type->kind));
	if (list && type->kind != TYPE_MAP)
		diag_help(c->d, "put it in brackets");
	return false;
}

/* What is known of its beginning, from the properties. */
static struct str known_prefix(struct compiler *c, const struct expr *e)
{
	const struct resource *r = &c->part_list[e->resource]->resource;
	struct value known;

	if (!r->schema->driver || !driver_known(c->arena, r->schema->driver, &r->scope,
						&r->properties, e->attribute, &known))
		return (struct str){ 0 };
	return known.kind == VALUE_UNKNOWN ? known.unknown->prefix : known.string;
}

static struct value typed_attribute(void *context, struct arena *a, const struct expr *e,
				    size_t *used, struct diags *d)
{
	struct compiler *c = context;
	struct unknown *unknown = arena_new(a, struct unknown);
	const struct property *property;

	(void)d;
	unknown->reason = STR("it is known when it is applied");
	if (is_existing_reference(e)) {
		property = existing_property(c, e);
		*used = 3;
		unknown->type = property ? type_of_shape(a, property->shape, 0) : NULL;
	} else if (e->kind == EXPR_ATTRIBUTE) {
		unknown->type = type_of_shape(a, shape_of(c->part_list[e->resource], e->attribute),
					      0);
		unknown->prefix = known_prefix(c, e);
	}
	return (struct value){ .kind = VALUE_UNKNOWN, .span = SPAN_NONE, .unknown = unknown };
}

struct value open_value(struct compiler *c, const struct value *v)
{
	struct expr_scope scope = compile_scope(c, c, typed_attribute);
	struct value out = value_evaluate(c->arena, v, &scope, c->d);

	out.span = v->span;
	return out;
}

void unknown_check(struct compiler *c, const struct value *v, const struct shape *shape,
		   struct str name)
{
	const struct type *wanted = shape->kind == PROPERTY_BOOLEAN ? &bool_type
				    : shape->kind == PROPERTY_INTEGER ||
				      shape->kind == PROPERTY_NUMBER ? &number_type : NULL;
	struct value converted;
	struct str why;

	if (check_type(c, v, v->unknown->type, shape, name) &&
	    !value_convert(c->arena, v, wanted, &converted, &why))
		diag_error(c->d, v->span, "E0403 '%.*s': %.*s", STR_ARG(name), STR_ARG(why));
}

/* False after a report. */
static bool check_target(struct compiler *c, const struct value *v, const struct property *property,
			 const struct shape *shape, struct str name)
{
	const struct part *target = c->part_list[v->expr->resource];
	const struct shape *given = shape_of(target, v->expr->attribute);
	bool arns;

	if (given && !check_shape(c, v, shape, given, name))
		return false;
	if (!property || !property->reference_count)
		return true;
	arns = all_arns(property) && !is_arn(v->expr->attribute);
	if (!arns && (has_type(property, target->resource.schema->type) || !all_one_type(property)))
		return true;
	report(c, v, property, target, name);
	return false;
}

bool reference_check(struct compiler *c, const struct value *v, const struct property *property,
		     const struct shape *shape, struct str name)
{
	const struct expr *e = v->expr;
	bool good = true;

	if (e->kind == EXPR_ATTRIBUTE)
		return check_target(c, v, property, shape, name);
	if (e->kind == EXPR_CONDITION && !e->directive) {
		struct value yes = { .kind = VALUE_EXPR, .span = v->span, .expr = e->yes };
		struct value no = { .kind = VALUE_EXPR, .span = v->span, .expr = e->no };

		if (e->yes->kind == EXPR_ATTRIBUTE)
			good = check_target(c, &yes, property, shape, name);
		if (e->no->kind == EXPR_ATTRIBUTE)
			good = check_target(c, &no, property, shape, name) && good;
	}
	return good;
}
