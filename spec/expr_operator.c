#include "expr_evaluator.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "convert.h"

/* An operand as what the operator takes; false: it cannot be (reported), or was damaged. */
static bool operand(struct evaluation *ev, const struct expr *e, const struct expr *side,
		    const struct type *type, struct value *v)
{
	const char *operator = expr_operator_text(e->operator);
	struct value given = *v;
	struct str why;

	if (expr_is_damaged(v) || (v->kind == VALUE_LIST && v->marks & VALUE_DAMAGED))
		return false;
	if (v->kind == VALUE_NULL) {
		expr_fail(ev, side->span, "E0226 '%s' cannot be used with null", operator);
		return false;
	}
	if (value_convert(ev->arena, &given, type, v, &why))
		return true;
	expr_fail(ev, side->span, "E0226 '%s': %.*s", operator, STR_ARG(why));
	return false;
}

static struct value overflow(struct evaluation *ev, const struct expr *e)
{
	return expr_fail(ev, e->span, "E0227 the result does not fit 64 bits");
}

struct value expr_unary(struct evaluation *ev, const struct expr *e)
{
	bool not = e->operator == OPERATOR_NOT;
	const struct type *type = not ? &bool_type : &number_type;
	struct value v = expr_value(ev, e->left), out;
	struct expr *open;

	if (!operand(ev, e, e->left, type, &v))
		return expr_damaged(e->span);
	if (v.kind == VALUE_EXPR) {
		open = expr_like(ev, e);
		open->left = v.expr;
		return expr_open(ev, open, v.marks);
	}
	if (v.kind == VALUE_UNKNOWN)
		return expr_unknown(ev, &v, type, e->span);
	if (v.kind == VALUE_INT && v.integer == INT64_MIN)
		return overflow(ev, e);
	out = not ? value_bool(!v.boolean)
	    : v.kind == VALUE_INT ? value_int(-v.integer) : value_float(-v.number);
	out.marks = v.marks;
	out.span = e->span;
	return out;
}

/* ---- arithmetic ---- */

/* False: not exact, or does not fit. */
static bool divide(int64_t a, int64_t b, int64_t *out)
{
	if (a == INT64_MIN && b == -1)
		return false;
	*out = a / b;
	return a % b == 0;
}

static bool exact(enum expr_operator operator, int64_t a, int64_t b, int64_t *out)
{
	switch (operator) {
	case OPERATOR_ADD:
		return integer_add(a, b, out);
	case OPERATOR_SUBTRACT:
		return integer_subtract(a, b, out);
	case OPERATOR_MULTIPLY:
		return integer_multiply(a, b, out);
	case OPERATOR_DIVIDE:
		return divide(a, b, out);
	default:
		*out = b == -1 ? 0 : a % b;
		return true;
	}
}

static double inexact(enum expr_operator operator, double a, double b)
{
	switch (operator) {
	case OPERATOR_ADD:
		return a + b;
	case OPERATOR_SUBTRACT:
		return a - b;
	case OPERATOR_MULTIPLY:
		return a * b;
	case OPERATOR_DIVIDE:
		return a / b;
	default:
		return fmod(a, b);
	}
}

static struct value arithmetic(struct evaluation *ev, const struct expr *e, const struct value *a,
			       const struct value *b)
{
	bool divides = e->operator == OPERATOR_DIVIDE || e->operator == OPERATOR_MODULO;
	bool whole = a->kind == VALUE_INT && b->kind == VALUE_INT;
	struct value out;
	int64_t integer;
	double number;

	if (divides && number_of(b) == 0)
		return expr_fail(ev, e->right->span, "E0228 division by zero");
	if (whole && exact(e->operator, a->integer, b->integer, &integer))
		return value_int(integer);
	if (whole && (e->operator != OPERATOR_DIVIDE || b->integer == -1))
		return overflow(ev, e);
	number = inexact(e->operator, number_of(a), number_of(b));
	if (!isfinite(number))
		return overflow(ev, e);
	/* 100 * 1.1 is an integer; 1 / 3 * 3 shall be 1, so digits are kept until then. */
	out = value_number(number);
	return out.kind == VALUE_INT ? out : value_float(number);
}

/* ---- comparison ---- */

/* Fractions are the same if their 15 digits are. */
static int compare_numbers(const struct value *a, const struct value *b)
{
	double left, right;
	char texts[2][32];

	if (a->kind == VALUE_INT && b->kind == VALUE_INT)
		return (a->integer > b->integer) - (a->integer < b->integer);
	left = number_of(a);
	right = number_of(b);
	if (fabs(left - right) <= fabs(left) * 1e-13) {
		snprintf(texts[0], sizeof(texts[0]), "%.15g", left);
		snprintf(texts[1], sizeof(texts[1]), "%.15g", right);
		if (strcmp(texts[0], texts[1]) == 0)
			return 0;
	}
	return (left > right) - (left < right);
}

static struct value compare(enum expr_operator operator, const struct value *a,
			    const struct value *b)
{
	int order = compare_numbers(a, b);

	switch (operator) {
	case OPERATOR_LESS:
		return value_bool(order < 0);
	case OPERATOR_AT_MOST:
		return value_bool(order <= 0);
	case OPERATOR_MORE:
		return value_bool(order > 0);
	default:
		return value_bool(order >= 0);
	}
}

/* What an equality came to, and what it hung on. */
enum equal { EQUAL_NO, EQUAL_YES, EQUAL_MAYBE };
struct equality {
	struct evaluation *ev;
	uint32_t marks;
	const struct value *unknown;	/* the first that it hangs on */
};

static enum equal equal(struct equality *q, const struct value *a, const struct value *b);

static struct str known_text(const struct value *v)
{
	return v->kind == VALUE_UNKNOWN ? v->unknown->prefix
	     : v->kind == VALUE_DATETIME ? v->datetime.text : v->string;
}

static enum equal equal_unknown(struct equality *q, const struct value *a, const struct value *b)
{
	enum type_kind left = expr_type_kind(a), right = expr_type_kind(b);

	if (left != TYPE_ANY && right != TYPE_ANY && left != right)
		return EQUAL_NO;
	if ((a->kind == VALUE_STRING || a->kind == VALUE_UNKNOWN) &&
	    (b->kind == VALUE_STRING || b->kind == VALUE_UNKNOWN)) {
		struct str x = known_text(a), y = known_text(b);
		size_t both = x.length < y.length ? x.length : y.length;

		if ((a->kind == VALUE_STRING && x.length < y.length) ||
		    (b->kind == VALUE_STRING && y.length < x.length) ||
		    !str_equal(str_slice(x, 0, both), str_slice(y, 0, both)))
			return EQUAL_NO;
	}
	if (!q->unknown)
		q->unknown = a->kind == VALUE_UNKNOWN ? a : b;
	return EQUAL_MAYBE;
}

static enum equal equal_lists(struct equality *q, const struct list *a, const struct list *b)
{
	enum equal result = EQUAL_YES;

	if (a->count != b->count)
		return EQUAL_NO;
	for (size_t i = 0; i < a->count; i++) {
		enum equal one = equal(q, &a->items[i], &b->items[i]);

		if (one == EQUAL_NO)
			return EQUAL_NO;
		result = one == EQUAL_MAYBE ? EQUAL_MAYBE : result;
	}
	return result;
}

static enum equal equal_maps(struct equality *q, const struct value *a, const struct value *b)
{
	enum equal result = EQUAL_YES;

	if (a->map.count != b->map.count)
		return EQUAL_NO;
	for (uint32_t i = 0; i < a->map.count; i++) {
		const struct member *member = a->map.entries[i].value;
		const struct value *other = value_get(b, a->map.entries[i].key);
		enum equal one = other ? equal(q, &member->value, other) : EQUAL_NO;

		if (one == EQUAL_NO)
			return EQUAL_NO;
		result = one == EQUAL_MAYBE ? EQUAL_MAYBE : result;
	}
	return result;
}

static enum equal equal(struct equality *q, const struct value *a, const struct value *b)
{
	enum type_kind kind = expr_type_kind(a);

	q->marks |= a->marks | b->marks;
	if (!expr_charge(q->ev, 1, a->span))
		q->marks |= VALUE_DAMAGED;
	if (q->marks & VALUE_DAMAGED)
		return EQUAL_NO;
	if (a->kind == VALUE_UNKNOWN || b->kind == VALUE_UNKNOWN)
		return equal_unknown(q, a, b);
	if (a->kind == VALUE_NULL || b->kind == VALUE_NULL)
		return a->kind == b->kind ? EQUAL_YES : EQUAL_NO;
	if (kind != expr_type_kind(b))
		return EQUAL_NO;
	switch (kind) {
	case TYPE_BOOL:
		return a->boolean == b->boolean ? EQUAL_YES : EQUAL_NO;
	case TYPE_NUMBER:
		return compare_numbers(a, b) == 0 ? EQUAL_YES : EQUAL_NO;
	case TYPE_STRING:
		return str_equal(known_text(a), known_text(b)) ? EQUAL_YES : EQUAL_NO;
	case TYPE_LIST:
		return equal_lists(q, &a->list, &b->list);
	case TYPE_MAP:
		return equal_maps(q, a, b);
	case TYPE_ANY:
		break;
	}
	BUG("a %s was to be compared", value_kind_name(a->kind));
}

static struct value equality(struct evaluation *ev, const struct expr *e, const struct value *a,
			     const struct value *b)
{
	struct equality q = { .ev = ev };
	enum equal result = equal(&q, a, b);
	struct value out;

	if (q.marks & VALUE_DAMAGED)
		return expr_damaged(e->span);
	if (result == EQUAL_MAYBE)
		out = expr_unknown(ev, q.unknown, &bool_type, e->span);
	else
		out = value_bool((result == EQUAL_YES) == (e->operator == OPERATOR_EQUAL));
	out.marks |= q.marks & VALUE_SECRET;
	return out;
}

/* ---- all of them ---- */

static const struct type *operand_type(enum expr_operator operator)
{
	if (operator == OPERATOR_EQUAL || operator == OPERATOR_DIFFERENT)
		return NULL;
	return operator == OPERATOR_AND || operator == OPERATOR_OR ? &bool_type : &number_type;
}

/* One side of && or || may be enough. */
static bool decides(const struct expr *e, const struct value *v)
{
	return v->kind == VALUE_BOOL && ((e->operator == OPERATOR_AND && !v->boolean) ||
					 (e->operator == OPERATOR_OR && v->boolean));
}

static struct value open_binary(struct evaluation *ev, const struct expr *e, const struct value *a,
				const struct value *b)
{
	struct expr *open = expr_like(ev, e);

	open->left = expr_of_value(ev, a, e->left->span);
	open->right = expr_of_value(ev, b, e->right->span);
	return expr_open(ev, open, (a->marks | b->marks) & VALUE_SECRET);
}

static struct value known_binary(struct evaluation *ev, const struct expr *e,
				 const struct value *a, const struct value *b)
{
	bool logic = e->operator == OPERATOR_AND || e->operator == OPERATOR_OR;
	const struct type *type = e->operator >= OPERATOR_ADD ? &number_type : &bool_type;

	if (!operand_type(e->operator))
		return equality(ev, e, a, b);
	if (a->kind == VALUE_UNKNOWN || b->kind == VALUE_UNKNOWN)
		return expr_unknown(ev, a->kind == VALUE_UNKNOWN ? a : b, type, e->span);
	if (logic)
		return value_bool(e->operator == OPERATOR_AND ? a->boolean && b->boolean
				  : a->boolean || b->boolean);
	return e->operator >= OPERATOR_ADD ? arithmetic(ev, e, a, b)
	     : compare(e->operator, a, b);
}

struct value expr_binary(struct evaluation *ev, const struct expr *e)
{
	struct value a = expr_value(ev, e->left), b = expr_value(ev, e->right), out;
	const struct type *type = operand_type(e->operator);

	if (type) {
		bool good = operand(ev, e, e->left, type, &a);

		if (!operand(ev, e, e->right, type, &b) || !good)
			return expr_damaged(e->span);
	}
	if (decides(e, &a) || decides(e, &b))
		out = value_bool(e->operator == OPERATOR_OR);
	else if (expr_is_damaged(&a) || expr_is_damaged(&b))
		return expr_damaged(e->span);
	else if (expr_has_open(ev, &a) || expr_has_open(ev, &b))
		return open_binary(ev, e, &a, &b);
	else
		out = known_binary(ev, e, &a, &b);
	out.marks |= (a.marks | b.marks) & VALUE_SECRET;
	out.span = e->span;
	return out;
}
