#include "expr_parser.h"

#include <math.h>
#include <stdlib.h>

struct step_vec VEC_OF(struct expr_step);

static struct expr *new_literal(struct expr_parser *p, struct value literal, size_t start)
{
	struct expr *e = arena_new(p->arena, struct expr);

	e->kind = EXPR_LITERAL;
	e->span = value_text_span(p->v, start, p->at);
	literal.span = e->span;
	e->literal = literal;
	return e;
}

static bool is_digit(int c)
{
	return c >= '0' && c <= '9';
}

static void digits(struct expr_parser *p)
{
	while (is_digit(expr_peek(p, 0)))
		p->at++;
}

static bool read_fraction(struct expr_parser *p)
{
	size_t start = p->at;

	if (expr_peek(p, 0) == '.' && is_digit(expr_peek(p, 1))) {
		p->at++;
		digits(p);
	}
	if (expr_peek(p, 0) == 'e' || expr_peek(p, 0) == 'E') {
		size_t sign = expr_peek(p, 1) == '+' || expr_peek(p, 1) == '-' ? 2 : 1;

		if (is_digit(expr_peek(p, sign))) {
			p->at += sign;
			digits(p);
		}
	}
	return p->at > start;
}

static struct expr *read_number(struct expr_parser *p)
{
	size_t start = p->at;
	struct value v;
	bool fraction;
	struct str text;
	int64_t number;

	if (expr_peek(p, 0) == '-')
		p->at++;
	digits(p);
	fraction = read_fraction(p);
	text = str_slice(p->text, start, p->at);
	v = value_float(fraction ? strtod(str_to_c(p->arena, text), NULL) : 0);
	if (fraction && isfinite(v.number))
		return new_literal(p, v, start);
	if (!fraction && str_to_int(text, &number))
		return new_literal(p, value_int(number), start);
	expr_error(p, start, p->at, "E0205 the number does not fit 64 bits");
	return NULL;
}

/* After a backslash in a string of an expression. */
static bool read_escape(struct expr_parser *p, struct buf *out)
{
	int c = expr_peek(p, 1);
	char byte = c == 'n' ? '\n' : c == 'r' ? '\r' : c == 't' ? '\t' : (char)c;

	if (c < 0 || (byte == (char)c && c != '\\' && c != '"' && c != '\'')) {
		expr_error(p, p->at, p->at + 1,
			   "E0206 unknown escape in a string of an expression");
		diag_help(p->diags, "known are \\n \\r \\t \\\\ \\' and \\\"");
		return false;
	}
	buf_add_char(out, byte);
	p->at += 2;
	return true;
}

/* After a mistake in a string: behind it, so that what follows is looked at again. */
static bool skip_string(struct expr_parser *p, int quote)
{
	p->at += str_index(str_slice(p->text, p->at, p->text.length), (char)quote);
	if (p->at < p->text.length)
		p->at++;
	return false;
}

static bool refuse_unclosed(struct expr_parser *p, size_t start)
{
	expr_error(p, start, start + 1, "E0207 string in an expression is never closed");
	diag_help(p->diags, "end it with %c", p->text.data[start]);
	return false;
}

static bool refuse_nested(struct expr_parser *p)
{
	expr_error(p, p->at, p->at + 2, "E0219 an expression in a string of an expression "
		   "is not supported yet");
	diag_help(p->diags, "write the parts beside each other: \"${first}-${second}\"");
	return false;
}

/* The next byte or escape of a string. */
static bool read_piece(struct expr_parser *p, struct buf *out)
{
	int c = expr_peek(p, 0);
	bool special = c == '$' || c == '%';

	if (special && expr_peek(p, 1) == '{')
		return refuse_nested(p);
	if (c == '\\')
		return read_escape(p, out);
	/* "$${" and "%%{" are the text "${" and "%{" here too. */
	if (special && expr_peek(p, 1) == c && expr_peek(p, 2) == '{') {
		buf_add(out, str_slice(p->text, p->at + 1, p->at + 3));
		p->at += 3;
		return true;
	}
	buf_add_char(out, p->text.data[p->at++]);
	return true;
}

static bool read_string(struct expr_parser *p, struct str *out)
{
	size_t start = p->at++;
	int quote = p->text.data[start];
	struct str rest = str_slice(p->text, p->at, p->text.length);
	struct buf b;

	if (str_index(rest, (char)quote) == rest.length)
		return refuse_unclosed(p, start);
	buf_init(&b, p->arena);
	while (expr_peek(p, 0) != quote) {
		if (expr_peek(p, 0) < 0)
			return refuse_unclosed(p, start);
		if (!read_piece(p, &b))
			return skip_string(p, quote);
	}
	p->at++;
	*out = buf_str(&b);
	return true;
}

static struct str read_word(struct expr_parser *p)
{
	size_t start = p->at;

	while (expr_is_word(expr_peek(p, 0)))
		p->at++;
	return str_slice(p->text, start, p->at);
}

static struct expr_step *add_step(struct expr_parser *p, struct step_vec *steps, size_t start,
				  struct str name)
{
	struct expr_step *step;

	if (steps->count == EXPR_STEP_LIMIT) {
		expr_error(p, start, p->at, "E0208 a reference has at most %d steps",
			   EXPR_STEP_LIMIT);
		return NULL;
	}
	step = vec_push(p->arena, steps);
	step->name = name;
	step->span = value_text_span(p->v, start, p->at);
	return step;
}

static bool read_name(struct expr_parser *p, struct step_vec *steps)
{
	size_t start = ++p->at, length = expr_character(p);

	if (expr_peek(p, 0) == '*') {
		expr_error(p, start, start + 1, "E0219 '.*' is not supported yet");
		return false;
	}
	if (is_digit(expr_peek(p, 0))) {
		digits(p);
		expr_error(p, start, p->at, "E0209 a position stands in brackets");
		diag_help(p->diags, "write '[%.*s]'", STR_ARG(str_slice(p->text, start, p->at)));
		return false;
	}
	if (!expr_is_word_start(expr_peek(p, 0))) {
		expr_error(p, start, start + length, "E0210 expected a name after '.', found %.*s",
			   STR_ARG(expr_found(p)));
		return false;
	}
	return add_step(p, steps, start, read_word(p)) != NULL;
}

static bool refuse_index(struct expr_parser *p)
{
	size_t start = p->at;

	if (expr_peek(p, 0) == '*') {
		expr_error(p, start, start + 1, "E0219 '[*]' is not supported yet");
	} else if (expr_is_word_start(expr_peek(p, 0))) {
		struct str word = read_word(p);

		expr_error(p, start, p->at,
			   "E0211 expected a number or a key in quotes, found '%.*s'",
			   STR_ARG(word));
		diag_help(p->diags, "write ['%.*s']", STR_ARG(word));
	} else {
		expr_error(p, start, start + expr_character(p),
			   "E0211 expected a number or a key in quotes, found %.*s",
			   STR_ARG(expr_found(p)));
	}
	return false;
}

static bool read_index(struct expr_parser *p, struct step_vec *steps)
{
	size_t start = p->at++;
	struct str key = { 0 };
	int64_t number = 0;
	struct expr_step *step;

	expr_blanks(p);
	if (expr_peek(p, 0) == '\'' || expr_peek(p, 0) == '"') {
		if (!read_string(p, &key))
			return false;
		if (!key.length) {
			expr_error(p, start, p->at, "E0211 the key is empty");
			return false;
		}
	} else if (is_digit(expr_peek(p, 0))) {
		size_t first = p->at;

		digits(p);
		if (!str_to_int(str_slice(p->text, first, p->at), &number)) {
			expr_error(p, first, p->at, "E0205 the number does not fit 64 bits");
			return false;
		}
	} else {
		return refuse_index(p);
	}
	expr_blanks(p);
	if (expr_peek(p, 0) != ']') {
		expr_error(p, p->at, p->at + expr_character(p), "E0212 expected ']', found %.*s",
			   STR_ARG(expr_found(p)));
		return false;
	}
	p->at++;
	step = add_step(p, steps, start, key);
	if (!step)
		return false;
	step->index = true;
	step->number = number;
	return true;
}

static struct expr *read_reference(struct expr_parser *p, size_t start)
{
	struct step_vec steps = { 0 };
	struct expr *e;

	if (expr_peek(p, 0) == '/' && expr_is_word_start(expr_peek(p, 1))) {
		p->at++;
		read_word(p);
	}
	add_step(p, &steps, start, str_slice(p->text, start, p->at));
	while (expr_peek(p, 0) == '.' || expr_peek(p, 0) == '[') {
		if (!(expr_peek(p, 0) == '.' ? read_name(p, &steps) : read_index(p, &steps)))
			return NULL;
	}
	e = arena_new(p->arena, struct expr);
	e->kind = EXPR_REFERENCE;
	e->span = value_text_span(p->v, start, p->at);
	e->steps = steps.items;
	e->step_count = steps.count;
	return e;
}

static struct expr *read_word_operand(struct expr_parser *p)
{
	size_t start = p->at;
	struct str word = read_word(p);
	bool plain = expr_peek(p, 0) != '.' && expr_peek(p, 0) != '[' && expr_peek(p, 0) != '/';

	if (expr_peek(p, 0) == '(') {
		expr_error(p, start, p->at, "E0219 function '%.*s' is not supported yet",
			   STR_ARG(word));
		return NULL;
	}
	if (plain && str_equal_c(word, "null"))
		return new_literal(p, value_null(), start);
	if (plain && (str_equal_c(word, "true") || str_equal_c(word, "false")))
		return new_literal(p, value_bool(word.data[0] == 't'), start);
	return read_reference(p, start);
}

static struct expr *refuse_operand(struct expr_parser *p)
{
	static const struct {
		char c;
		const char *text;
	} later[] = {
		{ '(', "parentheses are" }, { '[', "lists in expressions are" },
		{ '{', "tables in expressions are" }, { '!', "operator '!' is" },
		{ '-', "operator '-' is" }, { '~', "the strip marker '~' is" },
	};

	for (size_t i = 0; i < sizeof(later) / sizeof(later[0]); i++) {
		if (expr_peek(p, 0) == later[i].c) {
			expr_error(p, p->at, p->at + 1, "E0219 %s not supported yet",
				   later[i].text);
			return NULL;
		}
	}
	expr_error(p, p->at, p->at + expr_character(p),
		   "E0213 expected a name or a value, found %.*s",
		   STR_ARG(expr_found(p)));
	return NULL;
}

struct expr *expr_read_operand(struct expr_parser *p)
{
	size_t start = p->at;
	int c = expr_peek(p, 0);
	struct str text;

	if (expr_is_word_start(c))
		return read_word_operand(p);
	if (is_digit(c) || (c == '-' && is_digit(expr_peek(p, 1))))
		return read_number(p);
	if (c != '\'' && c != '"')
		return refuse_operand(p);
	if (!read_string(p, &text))
		return NULL;
	return new_literal(p, value_string(text), start);
}
