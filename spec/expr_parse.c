#include "expr_parser.h"

#include "base/utf8.h"

struct expr_vec VEC_OF(const struct expr *);

int expr_peek(const struct expr_parser *p, size_t ahead)
{
	return ahead < p->text.length - p->at ? (unsigned char)p->text.data[p->at + ahead] : -1;
}

bool expr_is_word_start(int c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/* As in HCL, a hyphen is part of a name: subtraction needs a blank before it. */
bool expr_is_word(int c)
{
	return expr_is_word_start(c) || (c >= '0' && c <= '9') || c == '-';
}

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

/* After a mistake: past the '}' that belongs to it, strings and inner braces skipped. */
static void skip_expression(struct expr_parser *p)
{
	size_t depth = 1;

	for (; depth && p->at < p->text.length; p->at++) {
		char c = p->text.data[p->at];

		if (c == '{') {
			depth++;
		} else if (c == '}') {
			depth--;
		} else if (c == '"' || c == '\'') {
			struct str rest = str_slice(p->text, p->at + 1, p->text.length);
			size_t length = str_index(rest, c);

			if (length == rest.length) {
				p->at = p->text.length;
				return;
			}
			p->at += length + 1;
		}
	}
}

/* "${aws:username}", "${NAME:-x}": text of another language, which wants escaping. */
static bool refuse_colon(struct expr_parser *p, size_t open)
{
	size_t colon = p->at;

	if (expr_peek(p, 0) != ':')
		return false;
	skip_expression(p);
	if (p->text.data[p->at - 1] != '}') {
		p->at = colon;
		return false;
	}
	expr_error(p, open, p->at, "E0203 '%.*s' is no expression: ':' cannot stand in it",
		   STR_ARG(str_slice(p->text, open, p->at)));
	diag_help(p->diags, "write '$%.*s' if it is meant as text",
		  STR_ARG(str_slice(p->text, open, p->at)));
	return true;
}

/* What stands where the '}' should. */
static void refuse_rest(struct expr_parser *p, size_t open)
{
	static const char *const operators[] = {
		"==", "!=", "<=", ">=", "&&", "||", "+", "-", "*", "/", "%", "<", ">",
	};
	struct str rest = str_slice(p->text, p->at, p->text.length);

	if (refuse_colon(p, open))
		return;
	for (size_t i = 0; i < sizeof(operators) / sizeof(operators[0]); i++) {
		struct str operator = str_from_c(operators[i]);

		if (!str_starts(rest, operator))
			continue;
		expr_error(p, p->at, p->at + operator.length,
			   "E0219 operator '%s' is not supported yet",
			   operators[i]);
		skip_expression(p);
		return;
	}
	if (expr_peek(p, 0) == '?')
		expr_error(p, p->at, p->at + 1, "E0219 conditions ('?') are not supported yet");
	else if (expr_peek(p, 0) == '~')
		expr_error(p, p->at, p->at + 1, "E0219 the strip marker '~' is not supported yet");
	else
		expr_error(p, p->at, p->at + expr_character(p), "E0204 expected '}', found %.*s",
			   STR_ARG(expr_found(p)));
	skip_expression(p);
}

/* At "${".  NULL after a mistake; then the cursor stands behind the expression. */
static struct expr *read_expression(struct expr_parser *p)
{
	size_t open = p->at;
	struct expr *e;

	p->at += 2;
	expr_blanks(p);
	if (expr_peek(p, 0) == '}') {
		expr_error(p, open, p->at + 1, "E0202 nothing stands between '${' and '}'");
		diag_help(p->diags, "write '$${' if it is meant as text");
		p->at++;
		return NULL;
	}
	if (expr_peek(p, 0) >= 0) {
		e = expr_read_operand(p);
		if (!e) {
			skip_expression(p);
			return NULL;
		}
		expr_blanks(p);
		if (expr_peek(p, 0) == '}') {
			p->at++;
			return e;
		}
	}
	if (expr_peek(p, 0) >= 0) {
		refuse_rest(p, open);
		return NULL;
	}
	expr_error(p, open, open + 2, "E0201 '${' is never closed");
	diag_help(p->diags, "add '}', or write '$${' if it is meant as text");
	return NULL;
}

static void refuse_directive(struct expr_parser *p)
{
	size_t open = p->at;

	p->at += 2;
	skip_expression(p);
	expr_error(p, open, p->at, "E0219 directives '%%{...}' are not supported yet");
	diag_help(p->diags, "write '%%%%{' if it is meant as text");
}

static bool is_escape(const struct expr_parser *p)
{
	int c = expr_peek(p, 0);

	return (c == '$' || c == '%') && expr_peek(p, 1) == c && expr_peek(p, 2) == '{';
}

/* Text [start, end) without escapes, its bytes still known by their places. */
static struct value plain_text(const struct expr_parser *p, size_t start, size_t end)
{
	struct value v = value_string(str_slice(p->text, start, end));

	v.span = value_text_span(p->v, start, end);
	v.text_start = p->v->text_start + (uint32_t)start;
	v.offsets = p->v->offsets ? p->v->offsets + start : NULL;
	return v;
}

/* The same with "$${" and "%%{" undone. */
static struct value escaped_text(struct expr_parser *p, size_t start, size_t end)
{
	char *bytes = arena_array(p->arena, char, end - start + 1);
	uint32_t *offsets = arena_array(p->arena, uint32_t, end - start + 1);
	bool known = p->v->span.file != SPAN_NOWHERE;
	struct value v = plain_text(p, start, end);
	size_t count = 0;

	for (p->at = start; p->at < end; p->at++) {
		offsets[count] = known ? value_text_span(p->v, p->at, p->at).start : 0;
		if (is_escape(p))
			p->at++;
		bytes[count++] = p->text.data[p->at];
	}
	if (known)
		offsets[count] = value_text_span(p->v, end, end).start;
	v.string = str_of(bytes, count);
	v.offsets = known ? offsets : NULL;
	return v;
}

static void add_text(struct expr_parser *p, struct expr_vec *parts, size_t start, size_t end,
		     bool escapes)
{
	struct expr *e;

	if (start == end)
		return;
	e = arena_new(p->arena, struct expr);
	e->kind = EXPR_LITERAL;
	e->literal = escapes ? escaped_text(p, start, end) : plain_text(p, start, end);
	e->span = e->literal.span;
	p->at = end;
	*vec_push(p->arena, parts) = e;
}

/* Text and expressions in turn. */
static void read_parts(struct expr_parser *p, struct expr_vec *parts)
{
	size_t start = 0;
	bool escapes = false;

	while (p->at < p->text.length) {
		int c = expr_peek(p, 0);
		bool special = (c == '$' || c == '%') && expr_peek(p, 1) == '{';
		struct expr *e;

		if (!special) {
			escapes |= is_escape(p);
			p->at += is_escape(p) ? 3 : 1;
			continue;
		}
		add_text(p, parts, start, p->at, escapes);
		escapes = false;
		if (p->count++ == EXPR_COUNT_LIMIT) {
			expr_error(p, p->at, p->at + 2,
				   "E0214 more than %d expressions in one string",
				   EXPR_COUNT_LIMIT);
			return;
		}
		if (c == '%') {
			refuse_directive(p);
		} else {
			e = read_expression(p);
			if (e)
				*vec_push(p->arena, parts) = e;
		}
		start = p->at;
	}
	add_text(p, parts, start, p->at, escapes);
}

static bool has_special(struct str text)
{
	for (size_t at = str_index(text, '{'); at < text.length; at++) {
		if (text.data[at] == '{' && at &&
		    (text.data[at - 1] == '$' || text.data[at - 1] == '%'))
			return true;
	}
	return false;
}

static void finish(struct expr_parser *p, struct expr_vec *parts, struct value *out)
{
	const struct expr *only = parts->items[0];
	struct expr *e;

	if (!p->count) {
		*out = only->literal;
		out->span = p->v->span;
		out->marks = p->v->marks;
		return;
	}
	if (parts->count > 1) {
		e = arena_new(p->arena, struct expr);
		e->kind = EXPR_TEMPLATE;
		e->span = value_text_span(p->v, 0, p->text.length);
		e->parts = parts->items;
		e->part_count = parts->count;
		expr_measure(e);
		only = e;
	}
	*out = (struct value){
		.kind = VALUE_EXPR, .marks = p->v->marks, .span = p->v->span, .expr = only,
	};
}

bool expr_parse(struct arena *a, const struct value *v, struct value *out, struct diags *d)
{
	struct expr_parser p = { .arena = a, .v = v, .diags = d };
	struct expr_vec parts = { 0 };

	*out = *v;
	if (v->kind != VALUE_STRING || v->marks & VALUE_DAMAGED || !has_special(v->string))
		return true;
	p.text = v->string;
	read_parts(&p, &parts);
	if (p.damaged)
		out->marks |= VALUE_DAMAGED;
	else
		finish(&p, &parts, out);
	return !p.damaged;
}

/* Whether any string in it has to be looked into: most tables are taken over as they are. */
static bool needs_parse(const struct value *v)
{
	if (v->kind == VALUE_STRING)
		return has_special(v->string);
	for (size_t i = 0; v->kind == VALUE_LIST && i < v->list.count; i++) {
		if (needs_parse(&v->list.items[i]))
			return true;
	}
	for (uint32_t i = 0; v->kind == VALUE_MAP && i < v->map.count; i++) {
		if (needs_parse(&((struct member *)v->map.entries[i].value)->value))
			return true;
	}
	return false;
}

static bool parse_list(struct arena *a, const struct value *v, struct value *out, struct diags *d)
{
	bool good = true;

	*out = *v;
	out->list.items = arena_array(a, struct value, v->list.count);
	out->list.capacity = v->list.count;
	for (size_t i = 0; i < v->list.count; i++)
		good &= expr_parse_all(a, &v->list.items[i], &out->list.items[i], d);
	return good;
}

static bool parse_map(struct arena *a, const struct value *v, struct value *out, struct diags *d)
{
	bool good = true;

	*out = *v;
	out->map = map_copy(a, &v->map, 0);
	for (uint32_t i = 0; i < v->map.count; i++) {
		const struct member *from = v->map.entries[i].value;
		struct member *to;

		if (!needs_parse(&from->value))
			continue;
		to = arena_new(a, struct member);
		to->key_span = from->key_span;
		good &= expr_parse_all(a, &from->value, &to->value, d);
		out->map.entries[i].value = to;
	}
	return good;
}

bool expr_parse_all(struct arena *a, const struct value *v, struct value *out, struct diags *d)
{
	bool good;

	*out = *v;
	if (!needs_parse(v))
		return true;
	if (v->kind == VALUE_LIST)
		good = parse_list(a, v, out, d);
	else if (v->kind == VALUE_MAP)
		good = parse_map(a, v, out, d);
	else
		return expr_parse(a, v, out, d);
	if (!good)
		out->marks |= VALUE_DAMAGED;
	return good;
}
