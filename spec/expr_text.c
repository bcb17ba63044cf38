#include "expr_parser.h"

#include <string.h>

/*
 * Templates: the text of a string with what stands in it, of the whole string
 * or of one in quotes inside an expression.
 */
struct template {
	struct expr_parser *p;
	int quote;			/* that ends it; 0: the end of the text */
	struct { const struct expr **items; size_t count, capacity; } parts;
	bool special;			/* more than plain text */
	bool text;			/* some text, though a '~' may have eaten it */
	bool trim;			/* blanks that come next do not count */
	size_t open;			/* of the directive that stopped it */
};

/* What ends a part of a template. */
enum stop { STOP_END, STOP_ELSE, STOP_ENDIF, STOP_ENDFOR, STOP_MISTAKE };

static const char *const stop_words[] = {
	[STOP_ELSE] = "else", [STOP_ENDIF] = "endif", [STOP_ENDFOR] = "endfor",
};

static enum stop read_parts(struct template *t);

/* ---- text ---- */

static bool is_special(const struct expr_parser *p)
{
	int c = expr_peek(p, 0);

	return (c == '$' || c == '%') && expr_peek(p, 1) == '{';
}

static bool is_escape(const struct expr_parser *p)
{
	int c = expr_peek(p, 0);

	return (c == '$' || c == '%') && expr_peek(p, 1) == c && expr_peek(p, 2) == '{';
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
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

static int hex_digit(int c)
{
	if (expr_is_digit(c))
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* "\u00e9", "\U0001F600": false if it is none. */
static bool read_codepoint(struct expr_parser *p, struct buf *out)
{
	size_t count = expr_peek(p, 1) == 'u' ? 4 : 8;
	uint32_t codepoint = 0;

	for (size_t i = 0; i < count; i++) {
		int digit = hex_digit(expr_peek(p, 2 + i));

		if (digit < 0 || codepoint > 0x10FFFF >> 4)
			return false;
		codepoint = codepoint << 4 | (uint32_t)digit;
	}
	if (codepoint > 0x10FFFF || (codepoint >= 0xD800 && codepoint <= 0xDFFF))
		return false;
	buf_add_utf8(out, codepoint);
	p->at += 2 + count;
	return true;
}

/* After a backslash in a string of an expression. */
static bool read_escape(struct expr_parser *p, struct buf *out)
{
	int c = expr_peek(p, 1);
	char byte = c == 'n' ? '\n' : c == 'r' ? '\r' : c == 't' ? '\t' : (char)c;

	if ((c == 'u' || c == 'U') && read_codepoint(p, out))
		return true;
	if (c < 0 || (byte == (char)c && c != '\\' && c != '"' && c != '\'')) {
		expr_error(p, p->at, p->at + 1,
			   "E0206 unknown escape in a string of an expression");
		diag_help(p->diags, "known are \\n \\r \\t \\\\ \\' \\\" \\u0000 and \\U00000000");
		return false;
	}
	buf_add_char(out, byte);
	p->at += 2;
	return true;
}

static void add_part(struct template *t, struct value text)
{
	struct expr *e = arena_new(t->p->arena, struct expr);

	e->kind = EXPR_LITERAL;
	e->literal = text;
	e->span = text.span;
	expr_measure(e);
	*vec_push(t->p->arena, &t->parts) = e;
}

/* At "${~" or "%{~": what stands before it loses its blanks. */
static bool trims(const struct expr_parser *p)
{
	return is_special(p) && expr_peek(p, 2) == '~';
}

static void read_plain(struct template *t)
{
	struct expr_parser *p = t->p;
	size_t start = p->at, end;
	bool escapes = false;

	while (p->at < p->text.length && !is_special(p)) {
		bool escape = is_escape(p);

		escapes |= escape;
		p->at += escape ? 3 : 1;
		while (p->at < p->text.length && p->text.data[p->at] != '$' &&
		       p->text.data[p->at] != '%')
			p->at++;
	}
	end = p->at;
	t->text |= end > start;
	while (t->trim && start < end && is_blank(p->text.data[start]))
		start++;
	while (trims(p) && start < end && is_blank(p->text.data[end - 1]))
		end--;
	if (start < end) {
		size_t at = p->at;

		add_part(t, escapes ? escaped_text(p, start, end) : plain_text(p, start, end));
		p->at = at;
	}
}

static bool read_quoted(struct template *t)
{
	struct expr_parser *p = t->p;
	size_t start = p->at, from = 0;
	struct value v;
	struct buf b;

	buf_init(&b, p->arena);
	while (p->at < p->text.length && !is_special(p) && expr_peek(p, 0) != t->quote) {
		if (expr_peek(p, 0) == '\\') {
			if (!read_escape(p, &b))
				return false;
		} else {
			size_t size = is_escape(p) ? 3 : 1;

			buf_add(&b, str_slice(p->text, p->at + (size == 3), p->at + size));
			p->at += size;
		}
	}
	t->text |= p->at > start;
	while (t->trim && from < b.length && is_blank(b.data[from]))
		from++;
	while (trims(p) && b.length > from && is_blank(b.data[b.length - 1]))
		buf_truncate(&b, b.length - 1);
	v = value_string(str_slice(buf_str(&b), from, b.length));
	v.span = value_text_span(p->v, start, p->at);
	if (v.string.length)
		add_part(t, v);
	return true;
}

/* ---- ${ } ---- */

/* "${aws:username}", "${NAME:-x}": text of another language, which wants escaping. */
static bool refuse_colon(struct expr_parser *p, size_t open)
{
	size_t end = expr_end(p, open);
	struct str whole = str_slice(p->text, open, end);

	if (expr_peek(p, 0) != ':' || !str_ends(whole, STR("}")))
		return false;
	expr_error(p, open, end, "E0203 '%.*s' is no expression: ':' cannot stand in it",
		   STR_ARG(whole));
	diag_help(p->diags, "write '$%.*s' if it is meant as text", STR_ARG(whole));
	return true;
}

/* What stands where the '}' should. */
static void refuse_rest(struct expr_parser *p, size_t open)
{
	int c = expr_peek(p, 0);

	if (c < 0) {
		expr_error(p, open, open + 2, "E0201 '%.*s' is never closed",
			   STR_ARG(str_slice(p->text, open, open + 2)));
		diag_help(p->diags, "add '}', or write '%c%c{' if it is meant as text",
			  p->text.data[open], p->text.data[open]);
		return;
	}
	if (refuse_colon(p, open))
		return;
	expr_error(p, p->at, p->at + expr_character(p), "E0204 expected '}', found %.*s",
		   STR_ARG(expr_found(p)));
	if (c == '=')
		diag_help(p->diags, "compare with '=='");
	else if (c == '&' || c == '|')
		diag_help(p->diags, "write '%c%c'", c, c);
}

/* Behind what stands in the braces; false after a mistake. */
static bool read_close(struct template *t, size_t open)
{
	struct expr_parser *p = t->p;

	expr_blanks(p);
	t->trim = expr_peek(p, 0) == '~' && expr_peek(p, 1) == '}';
	if (t->trim)
		p->at++;
	if (expr_peek(p, 0) == '}') {
		p->at++;
		return true;
	}
	refuse_rest(p, open);
	return false;
}

static void read_open(struct expr_parser *p)
{
	p->at += expr_peek(p, 2) == '~' ? 3 : 2;
	expr_blanks(p);
}

static bool is_literal(struct str word)
{
	return str_equal_c(word, "null") || str_equal_c(word, "true") ||
	       str_equal_c(word, "false");
}

size_t expr_count_names(const struct expr_parser *p)
{
	size_t count = 0, at = 2;

	do {
		size_t start = at;

		if (!expr_is_word_start(expr_peek(p, at)))
			return 0;
		while (expr_is_word(expr_peek(p, at)))
			at++;
		if (!count && is_literal(str_slice(p->text, p->at + start, p->at + at)))
			return 0;
		count++;
	} while (expr_peek(p, at++) == '.');
	return expr_peek(p, at - 1) == '}' ? count : 0;
}

void expr_read_steps(struct expr_parser *p, struct expr_step *steps, size_t count)
{
	p->at += 2;
	for (size_t i = 0; i < count; i++) {
		size_t from = p->at;

		steps[i] = (struct expr_step){ .name = expr_word(p) };
		steps[i].span = value_text_span(p->v, from, p->at);
		p->at++;
	}
}

/* "${orders.Arn}", as nearly all are: read at once, with what the long way makes of it. */
static const struct expr *read_names(struct template *t, size_t count)
{
	struct expr_parser *p = t->p;
	struct expr_step *steps = arena_array(p->arena, struct expr_step, count);
	size_t start = p->at + 2;
	const struct expr *whole;
	struct expr *e;

	expr_read_steps(p, steps, count);
	p->at--;
	e = expr_node(p, EXPR_REFERENCE, start);
	e->steps = steps;
	e->step_count = count;
	p->count += count - 1;
	whole = expr_finish(p, e, start);
	p->at++;
	t->trim = false;
	return whole;
}

static const struct expr *read_expression(struct template *t)
{
	struct expr_parser *p = t->p;
	size_t open = p->at, names = expr_count_names(p);
	const struct expr *e;

	if (names && names <= EXPR_STEP_LIMIT && p->depth < EXPR_NEST_LIMIT &&
	    p->count + names <= EXPR_COUNT_LIMIT)
		return read_names(t, names);
	read_open(p);
	if (expr_peek(p, 0) == '}') {
		expr_error(p, open, p->at + 1, "E0202 nothing stands between '${' and '}'");
		diag_help(p->diags, "write '$${' if it is meant as text");
		return NULL;
	}
	if (expr_peek(p, 0) < 0) {
		refuse_rest(p, open);
		return NULL;
	}
	e = expr_read(p);
	return e && read_close(t, open) ? e : NULL;
}

/* ---- %{ } ---- */

/* Up to the directive that ends it: a template of its own. */
static const struct expr *read_body(struct template *t, size_t start, enum stop *stop)
{
	struct template inner = { .p = t->p, .quote = t->quote, .trim = t->trim };
	struct expr *e;

	if (!expr_enter(t->p))
		return NULL;
	*stop = read_parts(&inner);
	expr_leave(t->p);
	t->trim = inner.trim;
	if (*stop == STOP_MISTAKE)
		return NULL;
	e = expr_node(t->p, EXPR_TEMPLATE, start);
	e->parts = inner.parts.items;
	e->part_count = inner.parts.count;
	return expr_finish(t->p, e, start);
}

/* What ended a body is not what belongs there. */
static bool ends_with(struct template *t, size_t open, enum stop stop, enum stop wanted)
{
	struct expr_parser *p = t->p;

	if (stop == wanted)
		return true;
	if (p->damaged)
		return false;
	if (stop == STOP_END)
		expr_error(p, open, open + 2, "E0216 '%%{ %s }' is missing", stop_words[wanted]);
	else
		expr_error(p, open, open + 2, "E0216 '%%{ %s }' is wanted before '%%{ %s }'",
			   stop_words[wanted], stop_words[stop]);
	return false;
}

static const struct expr *read_if(struct template *t, size_t open)
{
	struct expr_parser *p = t->p;
	struct expr *e = expr_node(p, EXPR_CONDITION, open);
	enum stop stop = STOP_END;

	p->at += strlen("if");
	e->directive = true;
	e->condition = expr_read(p);
	if (!e->condition || !read_close(t, open))
		return NULL;
	e->yes = read_body(t, p->at, &stop);
	if (!e->yes)
		return NULL;
	if (stop == STOP_ELSE) {
		e->no = read_body(t, p->at, &stop);
	} else {
		struct expr *none = expr_node(p, EXPR_TEMPLATE, p->at);

		e->no = expr_finish(p, none, p->at);
	}
	return e->no && ends_with(t, open, stop, STOP_ENDIF) ? expr_finish(p, e, open) : NULL;
}

static const struct expr *read_loop(struct template *t, size_t open)
{
	struct expr_parser *p = t->p;
	const struct expr_name *outside = p->names;
	struct expr *e = expr_node(p, EXPR_FOR, open);
	struct expr_names names;
	enum stop stop = STOP_END;

	e->loop = arena_new(p->arena, struct expr_for);
	e->loop->form = FOR_TEXT;
	if (expr_read_for(p, e->loop, &names) && read_close(t, open))
		e->loop->value = read_body(t, p->at, &stop);
	p->names = outside;
	return e->loop->value && ends_with(t, open, stop, STOP_ENDFOR)
		? expr_finish(p, e, open) : NULL;
}

static enum stop stop_word(const struct expr_parser *p)
{
	return expr_at_word(p, "else") ? STOP_ELSE : expr_at_word(p, "endif") ? STOP_ENDIF
	     : expr_at_word(p, "endfor") ? STOP_ENDFOR : STOP_END;
}

static const struct expr *read_directive(struct template *t, enum stop *stop)
{
	struct expr_parser *p = t->p;
	size_t open = p->at;

	read_open(p);
	*stop = stop_word(p);
	if (*stop != STOP_END) {
		expr_word(p);
		if (!read_close(t, open))
			*stop = STOP_MISTAKE;
		return NULL;
	}
	if (expr_at_word(p, "if"))
		return read_if(t, open);
	if (expr_at_word(p, "for"))
		return read_loop(t, open);
	if (expr_peek(p, 0) < 0) {
		refuse_rest(p, open);
		return NULL;
	}
	expr_error(p, open, expr_end(p, open), "E0217 no directive begins with %.*s",
		   STR_ARG(expr_found(p)));
	diag_help(p->diags, "'%%{ if }', '%%{ else }', '%%{ endif }', '%%{ for }' and "
		  "'%%{ endfor }' are directives; write '%%%%{' if it is meant as text");
	return NULL;
}

/* ---- the whole ---- */

/* A part; false where the template stops, *stop says why. */
static bool read_part(struct template *t, enum stop *stop)
{
	struct expr_parser *p = t->p;
	size_t open = p->at;
	const struct expr *e;

	t->special = true;
	t->open = open;
	*stop = STOP_END;
	e = expr_peek(p, 0) == '$' ? read_expression(t) : read_directive(t, stop);
	if (e) {
		*vec_push(p->arena, &t->parts) = e;
		return true;
	}
	if (*stop != STOP_END && *stop != STOP_MISTAKE)
		return false;
	*stop = STOP_MISTAKE;
	if (t->quote)
		return false;
	/* Of the whole text the rest is looked at, too. */
	if (p->at < expr_end(p, open))
		p->at = expr_end(p, open);
	return true;
}

static enum stop read_parts(struct template *t)
{
	struct expr_parser *p = t->p;
	enum stop stop;

	for (;;) {
		if (!t->quote)
			read_plain(t);
		else if (!read_quoted(t))
			return STOP_MISTAKE;
		t->trim = false;
		if (!is_special(p))
			return STOP_END;
		if (!read_part(t, &stop))
			return stop;
	}
}

static bool is_directive(const struct expr *e)
{
	return (e->kind == EXPR_CONDITION && e->directive) ||
	       (e->kind == EXPR_FOR && e->loop->form == FOR_TEXT);
}

/* Text of several texts, such as "a ${'b'}", is one text: it prints as it will be read again. */
static const struct expr *join_texts(struct template *t, size_t start)
{
	struct buf joined;

	for (size_t i = 0; i < t->parts.count; i++) {
		const struct expr *part = t->parts.items[i];

		if (part->kind != EXPR_LITERAL || part->literal.kind != VALUE_STRING)
			return NULL;
	}
	buf_init(&joined, t->p->arena);
	for (size_t i = 0; i < t->parts.count; i++)
		buf_add(&joined, t->parts.items[i]->literal.string);
	return expr_literal(t->p, value_string(buf_str(&joined)), start);
}

/* One expression alone keeps its type. */
static const struct expr *make_template(struct template *t, size_t start)
{
	struct expr_parser *p = t->p;
	const struct expr *joined;
	struct expr *e;

	if (t->parts.count == 1 && !t->text && !is_directive(t->parts.items[0]))
		return t->parts.items[0];
	joined = join_texts(t, start);
	if (joined)
		return joined;
	e = expr_node(p, EXPR_TEMPLATE, start);
	e->parts = t->parts.items;
	e->part_count = t->parts.count;
	return expr_finish(p, e, start);
}

static void refuse_stop(struct expr_parser *p, size_t open, enum stop stop)
{
	if (!p->damaged)
		expr_error(p, open, p->at, "E0216 '%%{ %s }' has no '%%{ %s }' before it",
			   stop_words[stop], stop == STOP_ENDFOR ? "for" : "if");
}

const struct expr *expr_read_string(struct expr_parser *p)
{
	size_t start = p->at++;
	struct template t = { .p = p, .quote = p->text.data[start] };
	enum stop stop = read_parts(&t);
	struct str text = STR("");

	if (stop == STOP_MISTAKE)
		return NULL;
	if (stop != STOP_END) {
		refuse_stop(p, t.open, stop);
		return NULL;
	}
	if (expr_peek(p, 0) != t.quote) {
		expr_error(p, start, start + 1,
			   "E0207 string in an expression is never closed");
		diag_help(p->diags, "end it with %c", t.quote);
		return NULL;
	}
	p->at++;
	if (t.special)
		return make_template(&t, start);
	if (t.parts.count)
		text = t.parts.items[0]->literal.string;
	return expr_literal(p, value_string(text), start);
}

const struct expr *expr_read_text(struct expr_parser *p, bool *plain)
{
	struct template t = { .p = p };
	enum stop stop;

	while ((stop = read_parts(&t)) != STOP_END)
		refuse_stop(p, t.open, stop);
	*plain = !t.special;
	return t.special ? make_template(&t, 0) : t.parts.items[0];
}
