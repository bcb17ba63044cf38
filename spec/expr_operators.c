#include "expr_parser.h"

/* Tighter ones have a higher level; longer ones stand before what they begin with. */
static const struct {
	struct str text;
	unsigned level;
	enum expr_operator operator;
} operators[] = {
	{ STR_INIT("||"), 1, OPERATOR_OR }, { STR_INIT("&&"), 2, OPERATOR_AND },
	{ STR_INIT("=="), 3, OPERATOR_EQUAL }, { STR_INIT("!="), 3, OPERATOR_DIFFERENT },
	{ STR_INIT("<="), 4, OPERATOR_AT_MOST }, { STR_INIT(">="), 4, OPERATOR_AT_LEAST },
	{ STR_INIT("<"), 4, OPERATOR_LESS }, { STR_INIT(">"), 4, OPERATOR_MORE },
	{ STR_INIT("+"), 5, OPERATOR_ADD }, { STR_INIT("-"), 5, OPERATOR_SUBTRACT },
	{ STR_INIT("*"), 6, OPERATOR_MULTIPLY }, { STR_INIT("/"), 6, OPERATOR_DIVIDE },
	{ STR_INIT("%"), 6, OPERATOR_MODULO },
};
#define OPERATOR_COUNT (sizeof(operators) / sizeof(*operators))

/* Index of the operator at the cursor; OPERATOR_COUNT: none. */
static size_t find_operator(const struct expr_parser *p)
{
	struct str rest = str_slice(p->text, p->at, p->text.length);
	size_t i = 0;

	/* Behind most operands the braces end. */
	if (expr_peek(p, 0) == '}')
		return OPERATOR_COUNT;
	while (i < OPERATOR_COUNT && !str_starts(rest, operators[i].text))
		i++;
	return i;
}

static const struct expr *negated(struct expr_parser *p, const struct expr *e, size_t start)
{
	struct value v = e->literal;

	if (v.kind == VALUE_INT)
		v.integer = -v.integer;
	else
		v.number = -v.number;
	return expr_literal(p, v, start);
}

static const struct expr *read_unary(struct expr_parser *p)
{
	size_t start = p->at;
	int c = expr_peek(p, 0);
	const struct expr *operand;
	struct expr *e;
	bool number;

	/* The least integer has no positive one. */
	if ((c != '!' && c != '-') || (c == '-' && expr_is_digit(expr_peek(p, 1))))
		return expr_read_operand(p);
	p->at++;
	expr_blanks(p);
	if (!expr_enter(p))
		return NULL;
	operand = read_unary(p);
	expr_leave(p);
	if (!operand)
		return NULL;
	number = operand->kind == EXPR_LITERAL && (operand->literal.kind == VALUE_FLOAT ||
		(operand->literal.kind == VALUE_INT && operand->literal.integer != INT64_MIN));
	if (c == '-' && number)
		return negated(p, operand, start);
	e = expr_node(p, EXPR_UNARY, start);
	e->operator = c == '!' ? OPERATOR_NOT : OPERATOR_NEGATE;
	e->left = operand;
	return expr_finish(p, e, start);
}

/* Operators of this level and tighter ones. */
static const struct expr *read_binary(struct expr_parser *p, unsigned level)
{
	size_t start = p->at;
	const struct expr *left = read_unary(p);

	while (left) {
		size_t end = p->at, i;
		const struct expr *right;
		struct expr *e;

		expr_blanks(p);
		i = find_operator(p);
		if (i == OPERATOR_COUNT || operators[i].level < level) {
			p->at = end;
			break;
		}
		p->at += operators[i].text.length;
		expr_blanks(p);
		right = read_binary(p, operators[i].level + 1);
		if (!right)
			return NULL;
		e = expr_node(p, EXPR_BINARY, start);
		e->operator = operators[i].operator;
		e->left = left;
		e->right = right;
		left = expr_finish(p, e, start);
	}
	return left;
}

static const struct expr *read_choice(struct expr_parser *p, const struct expr *condition,
				      size_t start)
{
	struct expr *e = expr_node(p, EXPR_CONDITION, start);

	e->condition = condition;
	e->yes = expr_read(p);
	if (!e->yes || !expr_expect(p, ":"))
		return NULL;
	e->no = expr_read(p);
	return e->no ? expr_finish(p, e, start) : NULL;
}

const struct expr *expr_read(struct expr_parser *p)
{
	const struct expr *e;
	size_t start, end;

	if (!expr_enter(p))
		return NULL;
	expr_blanks(p);
	start = p->at;
	e = read_binary(p, 1);
	end = p->at;
	if (e && expr_accept(p, "?"))
		e = read_choice(p, e, start);
	else
		p->at = end;
	expr_leave(p);
	return e;
}
