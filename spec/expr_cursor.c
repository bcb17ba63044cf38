#include "expr_parser.h"

#include <string.h>

#include "base/utf8.h"

void expr_blanks(struct expr_parser *p)
{
	int c;

	while ((c = expr_peek(p, 0)) == ' ' || c == '\t' || c == '\n' || c == '\r')
		p->at++;
}

size_t expr_character(const struct expr_parser *p)
{
	uint32_t codepoint;
	size_t length = utf8_decode(p->text.data + p->at, p->text.length - p->at, &codepoint);

	return length || p->at == p->text.length ? length : 1;
}

struct str expr_found(const struct expr_parser *p)
{
	size_t length = expr_character(p);

	if (!length)
		return STR("the end of the text");
	return str_format(p->arena, "'%.*s'",
			  STR_ARG(str_slice(p->text, p->at, p->at + length)));
}

struct str expr_word(struct expr_parser *p)
{
	size_t start = p->at;

	while (expr_is_word(expr_peek(p, 0)))
		p->at++;
	return str_slice(p->text, start, p->at);
}

bool expr_at_word(const struct expr_parser *p, const char *word)
{
	struct str rest = str_slice(p->text, p->at, p->text.length);

	return str_starts(rest, str_from_c(word)) && !expr_is_word(expr_peek(p, strlen(word)));
}

bool expr_accept(struct expr_parser *p, const char *text)
{
	expr_blanks(p);
	if (!str_starts(str_slice(p->text, p->at, p->text.length), str_from_c(text)))
		return false;
	p->at += strlen(text);
	return true;
}

bool expr_expect(struct expr_parser *p, const char *text)
{
	if (expr_accept(p, text))
		return true;
	expr_error(p, p->at, p->at + expr_character(p), "E0212 expected '%s', found %.*s", text,
		   STR_ARG(expr_found(p)));
	return false;
}

#define END_DEPTH (4 * EXPR_NEST_LIMIT)

/* At a character of a string: false if it ends it. */
static bool skip_in_string(const struct expr_parser *p, size_t *at, char quote, bool *opens)
{
	struct str rest = str_slice(p->text, *at, p->text.length);

	*opens = false;
	if (rest.data[0] == quote) {
		++*at;
		return false;
	}
	if (rest.data[0] == '\\') {
		*at += rest.length > 1 ? 2 : 1;
	} else if (str_starts(rest, STR("$${")) || str_starts(rest, STR("%%{"))) {
		*at += 3;
	} else if (str_starts(rest, STR("${")) || str_starts(rest, STR("%{"))) {
		*at += 2;
		*opens = true;
	} else {
		++*at;
	}
	return true;
}

size_t expr_end(const struct expr_parser *p, size_t open)
{
	char ends[END_DEPTH] = { '}' };
	size_t depth = 1, at = open + 2;

	while (at < p->text.length && depth < END_DEPTH) {
		char c = p->text.data[at], end = ends[depth - 1];
		bool opens = false;

		if (end != '}') {
			if (!skip_in_string(p, &at, end, &opens))
				depth--;
			else if (opens)
				ends[depth++] = '}';
			continue;
		}
		at++;
		if (c == '}' && --depth == 0)
			return at;
		if (c == '{' || c == '"' || c == '\'')
			ends[depth++] = c == '{' ? '}' : c;
	}
	return p->text.length;
}

bool expr_enter(struct expr_parser *p)
{
	if (p->depth++ < EXPR_NEST_LIMIT)
		return true;
	expr_error(p, p->at, p->at + expr_character(p),
		   "E0214 an expression nests deeper than %d", EXPR_NEST_LIMIT);
	return false;
}

void expr_leave(struct expr_parser *p)
{
	p->depth--;
}

struct expr *expr_node(struct expr_parser *p, enum expr_kind kind, size_t start)
{
	struct expr *e = arena_new(p->arena, struct expr);

	e->kind = kind;
	e->span = value_text_span(p->v, start, p->at);
	return e;
}

const struct expr *expr_finish(struct expr_parser *p, struct expr *e, size_t start)
{
	e->span = value_text_span(p->v, start, p->at);
	expr_measure(e);
	if (++p->count > EXPR_COUNT_LIMIT) {
		if (p->count == EXPR_COUNT_LIMIT + 1)
			expr_error(p, start, p->at, "E0214 more than %d expressions in one string",
				   EXPR_COUNT_LIMIT);
		return NULL;
	}
	if (e->depth <= EXPR_DEPTH_LIMIT)
		return e;
	expr_error(p, start, p->at, "E0214 an expression nests deeper than %d", EXPR_DEPTH_LIMIT);
	return NULL;
}

const struct expr *expr_literal(struct expr_parser *p, struct value literal, size_t start)
{
	struct expr *e = expr_node(p, EXPR_LITERAL, start);

	e->literal = literal;
	e->literal.span = e->span;
	return expr_finish(p, e, start);
}
