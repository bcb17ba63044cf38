#include "refers.h"

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

/* What the attribute is; NULL where the facts do not say. */
static const struct shape *shape_of(const struct part *target, struct str attribute)
{
	const struct property *p = schema_property(target->resource.schema, attribute);

	return p ? p->shape : NULL;
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

void reference_check(struct compiler *c, const struct value *v, const struct property *property,
		     const struct shape *shape, struct str name)
{
	const struct expr *e = v->expr;
	const struct part *target;
	const struct shape *given;

	if (e->kind != EXPR_ATTRIBUTE) {
		if (e->kind == EXPR_TEMPLATE && !is_scalar(shape->kind) &&
		    shape->kind != PROPERTY_JSON)
			diag_error(c->d, v->span, "E0427 '%.*s' must be a %s, not a text",
				   STR_ARG(name),
				   shape->kind == PROPERTY_LIST ? "list" : "table");
		return;
	}
	target = c->part_list[e->resource];
	given = shape_of(target, e->attribute);
	if ((given && !check_shape(c, v, shape, given, name)) || !property ||
	    !property->reference_count)
		return;
	if (!has_type(property, target->resource.schema->type)) {
		if (all_one_type(property) || (all_arns(property) && !is_arn(e->attribute)))
			report(c, v, property, target, name);
		return;
	}
	if (all_arns(property) && !is_arn(e->attribute))
		report(c, v, property, target, name);
}
