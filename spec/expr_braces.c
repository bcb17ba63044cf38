#include "expr_parser.h"

#include <string.h>

/* Lists, objects, and the `for` that may stand in either. */


/* ---- for ---- */

static bool read_name(struct expr_parser *p, struct str *out)
{
	expr_blanks(p);
	if (!expr_is_word_start(expr_peek(p, 0))) {
		expr_error(p, p->at, p->at + expr_character(p),
			   "E0215 expected a name behind 'for', found %.*s",
			   STR_ARG(expr_found(p)));
		return false;
	}
	*out = expr_word(p);
	return true;
}

static bool read_in(struct expr_parser *p)
{
	expr_blanks(p);
	if (expr_at_word(p, "in")) {
		p->at += 2;
		return true;
	}
	expr_error(p, p->at, p->at + expr_character(p), "E0215 expected 'in', found %.*s",
		   STR_ARG(expr_found(p)));
	diag_help(p->diags, "write 'for NAME in LIST' or 'for KEY, NAME in TABLE'");
	return false;
}

bool expr_read_for(struct expr_parser *p, struct expr_for *loop, struct expr_names *names)
{
	p->at += strlen("for");
	if (!read_name(p, &loop->value_name))
		return false;
	if (expr_accept(p, ",")) {
		loop->key_name = loop->value_name;
		if (!read_name(p, &loop->value_name))
			return false;
	}
	if (!read_in(p))
		return false;
	loop->collection = expr_read(p);
	if (!loop->collection)
		return false;
	names->key = (struct expr_name){ loop->key_name, p->names };
	names->value = (struct expr_name){ loop->value_name, &names->key };
	p->names = &names->value;
	return true;
}

static bool read_body(struct expr_parser *p, struct expr_for *loop)
{
	if (!expr_expect(p, ":"))
		return false;
	if (loop->form == FOR_OBJECT) {
		loop->key = expr_read(p);
		if (!loop->key || !expr_expect(p, "=>"))
			return false;
	}
	loop->value = expr_read(p);
	if (!loop->value)
		return false;
	if (loop->form == FOR_OBJECT)
		loop->group = expr_accept(p, "...");
	expr_blanks(p);
	if (expr_at_word(p, "if")) {
		p->at += strlen("if");
		loop->filter = expr_read(p);
		if (!loop->filter)
			return false;
	}
	return expr_expect(p, loop->form == FOR_OBJECT ? "}" : "]");
}

static const struct expr *read_for(struct expr_parser *p, enum for_form form, size_t start)
{
	const struct expr_name *outside = p->names;
	struct expr *e = expr_node(p, EXPR_FOR, start);
	struct expr_names names;
	bool good;

	e->loop = arena_new(p->arena, struct expr_for);
	e->loop->form = form;
	good = expr_read_for(p, e->loop, &names) && read_body(p, e->loop);
	p->names = outside;
	return good ? expr_finish(p, e, start) : NULL;
}

/* ---- lists ---- */

const struct expr *expr_read_brackets(struct expr_parser *p)
{
	VEC(const struct expr *) items = { 0 };
	size_t start = p->at++;
	struct expr *e;

	expr_blanks(p);
	if (expr_at_word(p, "for"))
		return read_for(p, FOR_LIST, start);
	while (!expr_accept(p, "]")) {
		const struct expr *item = expr_read(p);

		if (!item)
			return NULL;
		*vec_push(p->arena, &items) = item;
		if (!expr_accept(p, ",") && !(expr_peek(p, 0) == ']')) {
			expr_expect(p, "]");
			return NULL;
		}
	}
	e = expr_node(p, EXPR_LIST, start);
	e->parts = items.items;
	e->part_count = items.count;
	return expr_finish(p, e, start);
}

/* ---- objects ---- */

/* A word alone is text; anything else is an expression. */
static const struct expr *read_key(struct expr_parser *p)
{
	size_t start = p->at;

	if (expr_is_word_start(expr_peek(p, 0))) {
		struct str word = expr_word(p);
		size_t end = p->at;

		expr_blanks(p);
		if ((expr_peek(p, 0) == '=' && expr_peek(p, 1) != '=') || expr_peek(p, 0) == ':') {
			size_t at = p->at;
			const struct expr *key;

			p->at = end;
			key = expr_literal(p, value_string(word), start);
			p->at = at;
			return key;
		}
		p->at = start;
	}
	return expr_read_operand(p);
}

static bool read_item(struct expr_parser *p, struct expr_item *item)
{
	if (!expr_enter(p))
		return false;
	item->key = read_key(p);
	expr_leave(p);
	if (!item->key)
		return false;
	expr_blanks(p);
	if (expr_peek(p, 0) != '=' && expr_peek(p, 0) != ':') {
		expr_error(p, p->at, p->at + expr_character(p),
			   "E0212 expected '=' behind the key, found %.*s", STR_ARG(expr_found(p)));
		return false;
	}
	p->at++;
	item->value = expr_read(p);
	return item->value;
}

/* A comma, or as in HCL the end of the line. */
static bool read_separator(struct expr_parser *p)
{
	size_t start = p->at;

	if (expr_accept(p, ",") || expr_peek(p, 0) == '}')
		return true;
	if (str_index(str_slice(p->text, start, p->at), '\n') < p->at - start)
		return true;
	return expr_expect(p, "}");
}

const struct expr *expr_read_braces(struct expr_parser *p)
{
	VEC(struct expr_item) items = { 0 };
	size_t start = p->at++;
	struct expr *e;

	expr_blanks(p);
	if (expr_at_word(p, "for"))
		return read_for(p, FOR_OBJECT, start);
	while (!expr_accept(p, "}")) {
		struct expr_item item;

		if (!read_item(p, &item) || !read_separator(p))
			return NULL;
		*vec_push(p->arena, &items) = item;
	}
	e = expr_node(p, EXPR_OBJECT, start);
	e->items = items.items;
	e->item_count = items.count;
	return expr_finish(p, e, start);
}
