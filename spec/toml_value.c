#include "toml.h"

struct value toml_damaged_value(struct toml *p, uint32_t start, uint32_t end)
{
	struct value v = value_null();

	v.span = toml_span(p, start, end);
	v.marks = VALUE_DAMAGED;
	return v;
}

void toml_help_quotes(struct toml *p, const struct value *before)
{
	if (before->kind != VALUE_STRING)
		return;
	if (str_contains(before->string, STR("${")))
		toml_help(p, "inside \"${...}\" write strings in single quotes");
	else
		toml_help(p, "inside a string in double quotes write \\\" for '\"'");
}

/* What was opened at start ends without its closing bracket. */
static void refuse_unclosed(struct toml *p, uint32_t start, const char *what, const char *closer)
{
	if (!p->lost && !p->quiet) {
		toml_error(p, start, start + 1, "E0124 %s is never closed", what);
		toml_help(p, "add '%s'", closer);
	}
	p->statement_damaged = true;
	p->quiet = true;
	p->closer_expected = true;
}

/*
 * True if the container opened at start ends here because the text does or the
 * next statement begins.  new_line: the last thing read was a newline.
 */
static bool ends_open(struct toml *p, uint32_t start, bool new_line, bool missing_comma)
{
	bool array = toml_byte(p, start) == '[';
	int byte = toml_peek(p, 0);
	bool next = new_line && (array || missing_comma || byte == '[') &&
		    toml_is_statement(p, p->line_start);

	if (p->lost || p->at_next)
		return true;
	if (byte >= 0 && !next)
		return false;
	refuse_unclosed(p, start, array ? "array" : "inline table", array ? "]" : "}");
	p->at_next = true;
	return true;
}

/* The other kind of bracket: it closes what is around, or was a slip. */
static void wrong_closer(struct toml *p, uint32_t start)
{
	const char *closer = toml_byte(p, start) == '[' ? "]" : "}";

	if (!p->quiet)
		toml_error(p, p->at, p->at + 1, "E0125 expected '%s', found %.*s", closer,
			   STR_ARG(toml_found(p)));
	p->statement_damaged = true;
	if (p->open == 1)
		toml_take(p, TOKEN_DAMAGED, p->at + 1);
	p->quiet = true;
}

static bool begins_value(int byte)
{
	return byte == '"' || byte == '\'' || byte == '[' || byte == '{' || byte == '+' ||
	       byte == '-' || (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') ||
	       (byte >= 'A' && byte <= 'Z');
}

/* A quotation mark inside a string may have ended it too early, so the item counts as damaged. */
static void refuse_separator(struct toml *p, uint32_t start, struct value *item)
{
	uint32_t length = toml_character(p, p->at);

	item->marks |= VALUE_DAMAGED;
	if (p->quiet)
		return;
	toml_error(p, p->at, p->at + (length ? length : 1),
		   "E0125 expected ',' or '%s', found %.*s",
		   toml_byte(p, start) == '[' ? "]" : "}", STR_ARG(toml_found(p)));
	if (p->at == item->span.end)
		toml_help_quotes(p, item);
}

/*
 * After an item: true if the container goes on (with its comma taken, or
 * taken as written), false if it ended.
 */
static bool read_separator(struct toml *p, uint32_t start, struct value *item)
{
	bool unreadable = item->kind == VALUE_NULL;

	for (;;) {
		bool new_line = toml_trivia(p);
		int byte = toml_peek(p, 0);

		if (ends_open(p, start, new_line, true))
			return false;
		if (byte == ',')
			toml_take(p, TOKEN_COMMA, p->at + 1);
		if (byte == ',' || byte == ']' || byte == '}')
			return true;
		if (!unreadable)
			refuse_separator(p, start, item);
		unreadable |= p->at == item->span.end;
		if (begins_value(byte) && (new_line || !unreadable))
			return true;
		toml_skip_item(p);
		unreadable = true;
	}
}

/* "a = 1" in an array: somebody left out the braces. */
static void skip_pair(struct toml *p, struct value *item)
{
	if (toml_peek(p, 0) != '=')
		return;
	if (item->kind != VALUE_NULL) {
		toml_error(p, item->span.start, item->span.end,
			   "E0115 an array has values, no keys");
		toml_help(p, "write '{ key = value }'");
	}
	toml_skip_item(p);
	*item = toml_damaged_value(p, item->span.start, item->span.end);
}

static struct value read_array(struct toml *p, unsigned depth)
{
	uint32_t start = p->at;
	struct value list = value_list(NULL, 0);

	toml_take(p, TOKEN_OPEN_BRACKET, start + 1);
	p->open++;
	for (;;) {
		bool new_line = toml_trivia(p);
		struct value item;
		bool more;

		if (ends_open(p, start, new_line, false))
			break;
		if (toml_peek(p, 0) == ']') {
			toml_take(p, TOKEN_CLOSE_BRACKET, p->at + 1);
			break;
		}
		if (toml_peek(p, 0) == '}') {
			wrong_closer(p, start);
			break;
		}
		if (toml_peek(p, 0) == ',') {
			toml_error(p, p->at, p->at + 1, "E0126 a value is missing before ','");
			toml_take(p, TOKEN_COMMA, p->at + 1);
			list.marks |= VALUE_DAMAGED;
			continue;
		}
		item = toml_read_value(p, depth + 1);
		toml_blanks(p);
		skip_pair(p, &item);
		more = read_separator(p, start, &item);
		list.marks |= item.marks & VALUE_DAMAGED;
		value_append(p->arena, &list, item);
		if (!more)
			break;
	}
	if (!p->lost)
		p->open--;
	if (p->at_next || p->lost)
		list.marks |= VALUE_DAMAGED;
	list.span = toml_span(p, start, p->at);
	return list;
}

/* One key = value and its separator: true if the table goes on. */
static bool read_member(struct toml *p, uint32_t start, struct value *table, unsigned depth)
{
	struct value value = toml_damaged_value(p, p->at, p->at);
	struct toml_member *place = NULL;
	bool more;

	if (toml_read_key(p) && toml_read_equals(p)) {
		if (depth + p->key_count > SPEC_DEPTH_LIMIT) {
			toml_error(p, p->keys[0].span.start, p->at,
				   "E0105 tables nested deeper than %d levels", SPEC_DEPTH_LIMIT);
			p->lost = true;
			return false;
		}
		place = toml_place(p, table);
		value = toml_read_value(p, depth + p->key_count);
	}
	more = read_separator(p, start, &value);
	if (place)
		place->member.value = value;
	if (!place || value.marks & VALUE_DAMAGED)
		table->marks |= VALUE_DAMAGED;
	return more;
}

static struct value read_inline(struct toml *p, unsigned depth)
{
	uint32_t start = p->at;
	struct value table = value_map();

	toml_take(p, TOKEN_OPEN_BRACE, start + 1);
	p->open++;
	for (;;) {
		bool new_line = toml_trivia(p);

		if (ends_open(p, start, new_line, false))
			break;
		if (toml_peek(p, 0) == '}') {
			toml_take(p, TOKEN_CLOSE_BRACE, p->at + 1);
			break;
		}
		if (toml_peek(p, 0) == ']') {
			wrong_closer(p, start);
			break;
		}
		if (toml_peek(p, 0) == ',') {
			toml_error(p, p->at, p->at + 1, "E0110 a key is missing before ','");
			toml_take(p, TOKEN_COMMA, p->at + 1);
			table.marks |= VALUE_DAMAGED;
			continue;
		}
		if (!read_member(p, start, &table, depth))
			break;
	}
	if (!p->lost)
		p->open--;
	if (p->at_next || p->lost)
		table.marks |= VALUE_DAMAGED;
	table.span = toml_span(p, start, p->at);
	return table;
}

/* Text in typographic quotation marks: up to the closing one, or the line's end. */
static struct value refuse_curly(struct toml *p)
{
	uint32_t start = p->at, eol = toml_eol(p, start), length = toml_curly_quote(p, start);
	uint32_t end = start + length;

	toml_error(p, start, end, "E0127 %.*s is no quotation mark of TOML",
		   STR_ARG(toml_found(p)));
	toml_help(p, "write \" on both sides");
	while (end < eol && !toml_curly_quote(p, end))
		end++;
	if (end < eol)
		end += toml_curly_quote(p, end);
	toml_take(p, TOKEN_DAMAGED, end);
	return toml_damaged_value(p, start, end);
}

static struct value refuse_missing(struct toml *p)
{
	uint32_t sign = p->at;

	while (sign > 0 && (toml_byte(p, sign - 1) == ' ' || toml_byte(p, sign - 1) == '\t'))
		sign--;
	toml_error(p, sign - 1, sign, "E0126 a value is missing after '%c'",
		   toml_byte(p, sign - 1));
	return toml_damaged_value(p, p->at, p->at);
}

struct value toml_read_value(struct toml *p, unsigned depth)
{
	int byte;

	toml_blanks(p);
	byte = toml_peek(p, 0);
	if (toml_at_line_end(p) || byte == ',' || byte == ']' || byte == '}')
		return refuse_missing(p);
	if ((byte == '[' || byte == '{') && depth >= SPEC_DEPTH_LIMIT) {
		toml_error(p, p->at, p->at + 1, "E0105 values nested deeper than %d levels",
			   SPEC_DEPTH_LIMIT);
		p->lost = true;
		return toml_damaged_value(p, p->at, p->at);
	}
	if (byte == '[')
		return read_array(p, depth);
	if (byte == '{')
		return read_inline(p, depth);
	if (byte == '"' || byte == '\'')
		return toml_read_string(p);
	if (toml_curly_quote(p, p->at))
		return refuse_curly(p);
	return toml_read_scalar(p);
}
