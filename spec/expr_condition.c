#include "expr_evaluator.h"

#include "convert.h"

/* Whether something holds, as `?` and `if` ask it; false after a report. */
bool expr_test(struct evaluation *ev, const struct expr *e, struct value *v)
{
	struct value given;
	struct str why;

	*v = given = expr_value(ev, e);
	if (expr_is_damaged(v))
		return false;
	if (v->kind == VALUE_NULL) {
		expr_fail(ev, e->span, "E0229 a condition cannot be null");
		return false;
	}
	if (value_convert(ev->arena, &given, &bool_type, v, &why))
		return true;
	expr_fail(ev, e->span, "E0229 the condition: %.*s", STR_ARG(why));
	return false;
}

static bool unified(struct evaluation *ev, const struct expr *e, const struct value *yes,
		    const struct value *no, const struct type **type)
{
	const struct type *a = type_of(ev->arena, yes), *b = type_of(ev->arena, no);

	if (type_unify(ev->arena, a, b, type))
		return true;
	expr_fail(ev, e->yes->span, "E0230 both sides of ':' must be of one type, "
		  "and these are %s and %s", expr_kind_text(yes), expr_kind_text(no));
	return false;
}

static struct value open_condition(struct evaluation *ev, const struct expr *e,
				   const struct value *condition)
{
	struct expr *open = expr_like(ev, e);
	struct value yes = expr_value(ev, e->yes), no = expr_value(ev, e->no);

	if (expr_is_damaged(&yes) || expr_is_damaged(&no))
		return expr_damaged(e->span);
	open->condition = condition->expr;
	open->yes = expr_of_value(ev, &yes, e->yes->span);
	open->no = expr_of_value(ev, &no, e->no->span);
	return expr_open(ev, open, (condition->marks | yes.marks | no.marks) & VALUE_SECRET);
}

/* What two texts have in common, for what may be either. */
static struct str common_prefix(const struct value *a, const struct value *b)
{
	struct str x = a->kind == VALUE_STRING ? a->string : a->unknown->prefix;
	struct str y = b->kind == VALUE_STRING ? b->string : b->unknown->prefix;
	size_t length = 0;

	while (length < x.length && length < y.length && x.data[length] == y.data[length])
		length++;
	return str_slice(x, 0, length);
}

static bool is_text(const struct value *v)
{
	return v->kind == VALUE_STRING ||
	       (v->kind == VALUE_UNKNOWN && expr_type_kind(v) == TYPE_STRING);
}

/* It could be either: no mistake of a branch counts, and what they share is known. */
static struct value unknown_condition(struct evaluation *ev, const struct expr *e,
				      const struct value *condition)
{
	struct evaluation quiet = { ev->arena, ev->scope, NULL };
	struct value yes = expr_value(&quiet, e->yes), no = expr_value(&quiet, e->no);
	const struct type *type = NULL;
	struct unknown *unknown;
	struct value out;

	if (expr_has_open(ev, &yes) || expr_has_open(ev, &no)) {
		struct value open = *condition;

		open.expr = expr_of_value(ev, condition, e->condition->span);
		return open_condition(&quiet, e, &open);
	}
	if (!expr_is_damaged(&yes) && !expr_is_damaged(&no)) {
		if (!unified(ev, e, &yes, &no, &type))
			return expr_damaged(e->span);
		if (!value_has_unknown(&yes) && value_equal(&yes, &no)) {
			yes.marks |= (no.marks | condition->marks) & VALUE_SECRET;
			return yes;
		}
	}
	out = expr_unknown(ev, condition, type, e->span);
	out.marks |= (yes.marks | no.marks) & VALUE_SECRET;
	if (is_text(&yes) && is_text(&no)) {
		unknown = arena_new(ev->arena, struct unknown);
		*unknown = *out.unknown;
		unknown->prefix = common_prefix(&yes, &no);
		out.unknown = unknown;
	}
	return out;
}

struct value expr_condition(struct evaluation *ev, const struct expr *e)
{
	struct evaluation quiet = { ev->arena, ev->scope, NULL };
	struct value condition, chosen, other, out;
	const struct type *type;
	struct str why;

	if (!expr_test(ev, e->condition, &condition))
		return expr_damaged(e->span);
	if (condition.kind == VALUE_EXPR)
		return open_condition(ev, e, &condition);
	if (condition.kind == VALUE_UNKNOWN)
		return unknown_condition(ev, e, &condition);
	chosen = expr_value(ev, condition.boolean ? e->yes : e->no);
	if (expr_is_damaged(&chosen))
		return chosen;
	other = expr_value(&quiet, condition.boolean ? e->no : e->yes);
	out = chosen;
	if (!expr_is_damaged(&other)) {
		if (!unified(ev, e, condition.boolean ? &chosen : &other,
			     condition.boolean ? &other : &chosen, &type))
			return expr_damaged(e->span);
		if (!value_convert(ev->arena, &chosen, type, &out, &why))
			out = chosen;
	}
	out.marks |= condition.marks & VALUE_SECRET;
	out.span = e->span;
	return out;
}
