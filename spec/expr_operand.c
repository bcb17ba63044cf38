#include "expr_parser.h"

#include <math.h>
#include <stdlib.h>

#include "convert.h"
#include "function.h"

struct step_vec VEC_OF(struct expr_step);

/* ---- numbers ---- */

static void digits(struct expr_parser *p)
{
	while (expr_is_digit(expr_peek(p, 0)))
		p->at++;
}

static bool read_fraction(struct expr_parser *p)
{
	size_t start = p->at;

	if (expr_peek(p, 0) == '.' && expr_is_digit(expr_peek(p, 1))) {
		p->at++;
		digits(p);
	}
	if (expr_peek(p, 0) == 'e' || expr_peek(p, 0) == 'E') {
		size_t sign = expr_peek(p, 1) == '+' || expr_peek(p, 1) == '-' ? 2 : 1;

		if (expr_is_digit(expr_peek(p, sign))) {
			p->at += sign;
			digits(p);
		}
	}
	return p->at > start;
}

static const struct expr *read_number(struct expr_parser *p)
{
	size_t start = p->at;
	bool fraction;
	struct str text;
	int64_t number;
	double inexact;

	if (expr_peek(p, 0) == '-')
		p->at++;
	digits(p);
	fraction = read_fraction(p);
	text = str_slice(p->text, start, p->at);
	inexact = fraction ? strtod(str_to_c(p->arena, text), NULL) : 0;
	if (fraction && isfinite(inexact))
		return expr_literal(p, value_number(inexact), start);
	if (!fraction && str_to_int(text, &number))
		return expr_literal(p, value_int(number), start);
	expr_error(p, start, p->at, "E0205 the number does not fit 64 bits");
	return NULL;
}

/* ---- what stands behind a value ---- */

/* Steps that are known make one reference; from the first other one on they are nodes. */
struct chain {
	struct expr_parser *p;
	size_t start;
	const struct expr *e;
	struct step_vec steps;		/* while it is a reference; e is its beginning */
};

/* The value so far as a node. */
static bool chain_close(struct chain *c)
{
	struct expr *e;

	if (!c->steps.count)
		return true;
	e = expr_node(c->p, EXPR_REFERENCE, c->start);
	e->steps = c->steps.items;
	e->step_count = c->steps.count;
	c->steps = (struct step_vec){ 0 };
	c->e = expr_finish(c->p, e, c->start);
	return c->e;
}

static bool chain_step(struct chain *c, struct expr_step step, size_t start)
{
	struct expr_parser *p = c->p;

	step.span = value_text_span(p->v, start, p->at);
	if (c->steps.count == EXPR_STEP_LIMIT) {
		expr_error(p, start, p->at, "E0208 a reference has at most %d steps",
			   EXPR_STEP_LIMIT);
		return false;
	}
	*vec_push(p->arena, &c->steps) = step;
	return true;
}

static bool chain_node(struct chain *c, const struct expr *key, bool dot)
{
	struct expr *e = expr_node(c->p, EXPR_INDEX, c->start);

	if (!chain_close(c))
		return false;
	e->left = c->e;
	e->right = key;
	e->dot = dot;
	c->e = expr_finish(c->p, e, c->start);
	return c->e;
}

static bool chain_add(struct chain *c, const struct expr *key, bool dot, size_t start)
{
	const struct value *v = &key->literal;

	if (!c->steps.count || key->kind != EXPR_LITERAL ||
	    !(v->kind == VALUE_STRING || (v->kind == VALUE_INT && v->integer >= 0)))
		return chain_node(c, key, dot);
	if (v->kind == VALUE_INT)
		return chain_step(c, (struct expr_step){ .index = true, .number = v->integer },
				  start);
	return chain_step(c, (struct expr_step){ .index = !dot, .name = v->string }, start);
}

static bool read_attribute(struct chain *c)
{
	struct expr_parser *p = c->p;
	const struct expr *key;
	struct str word;
	int64_t number;
	size_t start;

	expr_blanks(p);
	start = p->at;
	if (expr_is_digit(expr_peek(p, 0))) {
		digits(p);
		if (str_to_int(str_slice(p->text, start, p->at), &number)) {
			key = expr_literal(p, value_int(number), start);
			return key && chain_add(c, key, true, start);
		}
		expr_error(p, start, p->at, "E0205 the number does not fit 64 bits");
		return false;
	}
	if (!expr_is_word_start(expr_peek(p, 0))) {
		expr_error(p, start, start + expr_character(p),
			   "E0210 expected a name after '.', found %.*s", STR_ARG(expr_found(p)));
		return false;
	}
	word = expr_word(p);
	key = expr_literal(p, value_string(word), start);
	return key && chain_add(c, key, true, start);
}

static bool read_index(struct chain *c, size_t start)
{
	struct expr_parser *p = c->p;
	const struct expr *key = expr_read(p);

	if (!key || !expr_expect(p, "]"))
		return false;
	return chain_add(c, key, false, start);
}

static const struct expr *read_chain(struct expr_parser *p, const struct expr *e, size_t start,
				     bool dots);

/* What stands behind ".*" or "[*]" is done with every item. */
static bool read_splat(struct chain *c, bool dots)
{
	struct expr_parser *p = c->p;
	struct expr *e = expr_node(p, EXPR_FOR, c->start);
	struct expr *item = expr_node(p, EXPR_REFERENCE, p->at);

	item->steps = arena_new(p->arena, struct expr_step);
	item->steps[0] = (struct expr_step){ .name = STR("*"), .span = item->span };
	item->step_count = 1;
	e->loop = arena_new(p->arena, struct expr_for);
	e->loop->form = FOR_SPLAT;
	e->loop->value_name = STR("*");
	if (!chain_close(c) || !expr_enter(p))
		return false;
	e->loop->collection = c->e;
	e->loop->value = read_chain(p, item, p->at, dots);
	expr_leave(p);
	c->e = e->loop->value ? expr_finish(p, e, c->start) : NULL;
	return c->e;
}

/* One step behind the value; false if there is none, or after a mistake, which leaves c->e NULL. */
static bool read_step(struct chain *c, bool dots)
{
	struct expr_parser *p = c->p;
	size_t end = p->at, start;
	bool good;

	expr_blanks(p);
	start = p->at;
	if (expr_peek(p, 0) == '.' && expr_peek(p, 1) != '.') {
		p->at++;
		expr_blanks(p);
		if (expr_peek(p, 0) == '*' && !dots) {
			p->at++;
			good = read_splat(c, true);
		} else if (expr_peek(p, 0) == '*') {
			p->at = end;
			return false;
		} else {
			good = read_attribute(c);
		}
	} else if (expr_peek(p, 0) == '[' && !dots) {
		p->at++;
		expr_blanks(p);
		if (expr_peek(p, 0) == '*') {
			p->at++;
			good = expr_expect(p, "]") && read_splat(c, false);
		} else {
			good = read_index(c, start);
		}
	} else {
		p->at = end;
		return false;
	}
	if (!good)
		c->e = NULL;
	return good;
}

/* dots: only attributes are meant, as behind ".*". */
static const struct expr *read_chain(struct expr_parser *p, const struct expr *e, size_t start,
				     bool dots)
{
	struct chain c = { .p = p, .start = start, .e = e };

	if (e->kind == EXPR_REFERENCE)
		c.steps = (struct step_vec){ e->steps, e->step_count, e->step_count };
	while (read_step(&c, dots))
		continue;
	return c.e && chain_close(&c) ? c.e : NULL;
}

/* ---- words ---- */

static bool is_name(const struct expr_parser *p, struct str word)
{
	const struct expr_name *name = p->names;

	while (name && !str_equal(name->name, word))
		name = name->next;
	return name;
}

static const struct expr *read_reference(struct expr_parser *p, struct str word, size_t start)
{
	struct expr *e;

	if (expr_peek(p, 0) == '/' && expr_is_word_start(expr_peek(p, 1)) && !is_name(p, word)) {
		p->at++;
		expr_word(p);
	}
	e = expr_node(p, EXPR_REFERENCE, start);
	e->steps = arena_new(p->arena, struct expr_step);
	e->steps[0].name = str_slice(p->text, start, p->at);
	e->steps[0].span = e->span;
	e->step_count = 1;
	return e;
}

static const struct function *find_function(struct expr_parser *p, struct str name, size_t start)
{
	const struct function *f = function_find(name);
	const char *refusal = function_refusal(name);
	struct str near;

	if (f)
		return f;
	if (refusal) {
		expr_error(p, start, start + name.length, "E0235 function '%.*s' is left out: %s",
			   STR_ARG(name), refusal);
		return NULL;
	}
	expr_error(p, start, start + name.length, "E0236 there is no function '%.*s'",
		   STR_ARG(name));
	near = function_nearest(name);
	if (near.length)
		diag_help(p->diags, "did you mean '%.*s'?", STR_ARG(near));
	return NULL;
}

static const struct expr *read_call(struct expr_parser *p, struct str name, size_t start)
{
	const struct function *function = find_function(p, name, start);
	VEC(const struct expr *) args = { 0 };
	bool expand = false;
	struct expr *e;

	if (!function || !expr_expect(p, "("))
		return NULL;
	while (!expr_accept(p, ")")) {
		const struct expr *arg = expr_read(p);

		if (!arg)
			return NULL;
		*vec_push(p->arena, &args) = arg;
		/* No comma behind "...". */
		expand = expr_accept(p, "...");
		if (!expand && expr_accept(p, ","))
			continue;
		if (!expr_expect(p, ")"))
			return NULL;
		break;
	}
	e = expr_node(p, EXPR_CALL, start);
	e->function = function;
	e->parts = args.items;
	e->part_count = args.count;
	e->expand = expand;
	return expr_finish(p, e, start);
}

static const struct expr *read_word(struct expr_parser *p)
{
	size_t start = p->at, end;
	struct str word = expr_word(p);
	bool called;

	end = p->at;
	expr_blanks(p);
	called = expr_peek(p, 0) == '(';
	p->at = end;
	if (called)
		return read_call(p, word, start);
	if (str_equal_c(word, "null"))
		return expr_literal(p, value_null(), start);
	if (str_equal_c(word, "true") || str_equal_c(word, "false"))
		return expr_literal(p, value_bool(word.data[0] == 't'), start);
	return read_reference(p, word, start);
}

/* ---- operands ---- */

static const struct expr *read_parentheses(struct expr_parser *p)
{
	const struct expr *e;

	p->at++;
	e = expr_read(p);
	return e && expr_expect(p, ")") ? e : NULL;
}

static const struct expr *refuse_operand(struct expr_parser *p)
{
	expr_error(p, p->at, p->at + expr_character(p),
		   "E0213 expected a name or a value, found %.*s", STR_ARG(expr_found(p)));
	return NULL;
}

static const struct expr *read_value(struct expr_parser *p)
{
	int c = expr_peek(p, 0);

	if (expr_is_word_start(c))
		return read_word(p);
	if (expr_is_digit(c) || (c == '-' && expr_is_digit(expr_peek(p, 1))))
		return read_number(p);
	if (c == '\'' || c == '"')
		return expr_read_string(p);
	if (c == '(')
		return read_parentheses(p);
	if (c == '[')
		return expr_read_brackets(p);
	if (c == '{')
		return expr_read_braces(p);
	return refuse_operand(p);
}

const struct expr *expr_read_operand(struct expr_parser *p)
{
	const struct expr *e;
	size_t start;

	expr_blanks(p);
	start = p->at;
	e = read_value(p);
	return e ? read_chain(p, e, start, false) : NULL;
}
