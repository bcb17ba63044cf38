#include "family.h"

/* What apply() has converted already. */
static struct value converted(struct function_call *c)
{
	return c->args[0].kind == VALUE_EXPR ? result_waits(c, &c->args[0]) : c->args[0];
}

static struct value wrong_kind(struct function_call *c, const char *needed)
{
	return function_fail(c, 0, "E0262 'v' of '%s': a %s is needed, not a %s",
			     c->function->name, needed, value_kind_name(c->args[0].kind));
}

/* The type of all items is known only once that of each is. */
static struct value unified(struct function_call *c)
{
	const struct value *part = waiting_part(&c->args[0]);
	struct value out;

	if (part && part->kind == VALUE_EXPR)
		return result_waits(c, part);
	return argument_unify(c, 0, &out) ? out : value_null();
}

static struct value tolist(struct function_call *c)
{
	const struct value *v = &c->args[0];

	if (value_waits(v) || v->kind == VALUE_NULL)
		return converted(c);
	if (v->kind != VALUE_LIST)
		return wrong_kind(c, "list");
	return unified(c);
}

static struct value tomap(struct function_call *c)
{
	const struct value *v = &c->args[0];

	if (value_waits(v) || v->kind == VALUE_NULL)
		return converted(c);
	if (v->kind != VALUE_MAP)
		return wrong_kind(c, "table");
	return unified(c);
}

static struct value toset(struct function_call *c)
{
	const struct value *v = &c->args[0], *part;
	struct value out;

	if (value_waits(v) || v->kind == VALUE_NULL)
		return converted(c);
	if (v->kind != VALUE_LIST)
		return wrong_kind(c, "list");
	part = waiting_part(v);
	if (part)
		return result_waits(c, part);
	return argument_unify(c, 0, &out) ? function_set(c->arena, &out) : value_null();
}

static struct value sensitive(struct function_call *c)
{
	struct value out = converted(c);

	c->marks |= VALUE_SECRET;
	return out;
}

static struct value nonsensitive(struct function_call *c)
{
	struct value out = converted(c);

	c->marks &= ~(uint32_t)VALUE_SECRET;
	out.marks &= ~(uint32_t)VALUE_SECRET;
	return out;
}

static struct value issensitive(struct function_call *c)
{
	bool secret = c->args[0].marks & VALUE_SECRET;

	if (c->args[0].kind == VALUE_EXPR && !secret)
		return result_waits(c, &c->args[0]);
	c->marks &= ~(uint32_t)VALUE_SECRET;
	return value_bool(secret);
}

/*
 * A mistake of working something out (E02..) or of what a value has in it (E0333,
 * E0334) is what is tried; one in a name, such as that of a block, would be a mistake
 * for ever and is not hidden.
 */
static bool is_for_good(const struct diag *d)
{
	struct str code = str_from_c(d->code);

	return !str_starts(code, STR("E02")) && !str_equal_c(code, "E0333") &&
	       !str_equal_c(code, "E0334");
}

/* False: it fails, and the reason is in reasons. */
static bool attempt(struct function_call *c, size_t index, struct value *out,
		    struct diags *reasons)
{
	diags_init(reasons, c->arena);
	*out = expr_evaluate(c->arena, c->exprs[index], c->scope, reasons);
	for (size_t i = 0; i < reasons->count; i++) {
		const struct diag *d = &reasons->items[i];

		if (!is_for_good(d))
			continue;
		if (c->d)
			*vec_push(c->d->arena, c->d) = *d;
		if (c->d && d->severity == SEVERITY_ERROR)
			c->d->error_count++;
	}
	return !reasons->error_count && !(out->marks & VALUE_DAMAGED && out->kind == VALUE_NULL);
}

static struct value can(struct function_call *c)
{
	const struct value *part;
	struct diags reasons;
	struct value v;

	if (!attempt(c, 0, &v, &reasons))
		return value_bool(false);
	part = waiting_part(&v);
	c->marks |= v.marks & VALUE_SECRET;
	return part ? result_waits(c, part) : value_bool(true);
}

static struct value try(struct function_call *c)
{
	struct diags reasons = { 0 };

	for (size_t i = 0; i < c->count; i++) {
		const struct value *part;
		struct value v;

		if (!attempt(c, i, &v, &reasons))
			continue;
		part = waiting_part(&v);
		return part ? result_waits(c, part) : v;
	}
	if (!reasons.count)
		return function_fail(c, SIZE_MAX,
				     "E0272 nothing that 'try' tried can be worked out");
	return function_fail(c, SIZE_MAX,
			     "E0272 nothing that 'try' tried can be worked out; the last: %.*s",
			     STR_ARG(reasons.items[0].text));
}

#define TO(name, type, function, what) \
	{ name, { NULLABLE("v", type) }, type, .partial = true, .call = function, .summary = what }

static const struct function functions[] = {
	{ "can", { P("expression", NULL) }, &bool_type, .lazy = true, .call = can,
	  .summary = "whether an expression can be worked out" },
	{ "issensitive", { NULLABLE("value", NULL) }, &bool_type, .partial = true,
	  .call = issensitive, .summary = "whether a value is secret" },
	{ "nonsensitive", { NULLABLE("value", NULL) }, NULL, .partial = true,
	  .call = nonsensitive, .summary = "the value, shown though it is secret" },
	{ "sensitive", { NULLABLE("value", NULL) }, NULL, .partial = true, .call = sensitive,
	  .summary = "the value as a secret: never shown" },
	TO("tobool", &bool_type, converted, "the value as a boolean"),
	{ "tolist", { NULLABLE("v", NULL) }, &list_type, .partial = true, .call = tolist,
	  .summary = "a list whose items are of one type" },
	{ "tomap", { NULLABLE("v", NULL) }, &map_type, .partial = true, .call = tomap,
	  .summary = "a table whose values are of one type" },
	TO("tonumber", &number_type, converted, "the value as a number"),
	{ "toset", { NULLABLE("v", NULL) }, &list_type, .partial = true, .call = toset,
	  .summary = "the items of a list sorted, each once" },
	TO("tostring", &string_type, converted, "the value as text"),
	{ "try", { P("expression", NULL), REST("expressions", NULL) }, NULL, .lazy = true,
	  .call = try, .summary = "the first expression that can be worked out" },
};

const struct family conversion_family = FAMILY(functions);
