#include "toml.h"

/* Where something ends that looks like a key, whatever is in it. */
static uint32_t word_end(const struct toml *p, uint32_t at)
{
	for (;; at++) {
		int byte = toml_byte(p, at);

		if (byte <= ' ' || byte == '=' || byte == '.' || byte == ']' || byte == '"' ||
		    byte == '\'' || byte == '#' || byte == '[' || byte == '{' || byte == '}' ||
		    byte == ',')
			return at;
	}
}

static bool add_key(struct toml *p, struct str name, uint32_t start, uint32_t end)
{
	if (p->key_count == SPEC_DEPTH_LIMIT) {
		toml_error(p, start, end, "E0105 tables nested deeper than %d levels",
			   SPEC_DEPTH_LIMIT);
		return false;
	}
	p->keys[p->key_count++] = (struct toml_key){ name, toml_span(p, start, end) };
	return true;
}

static bool read_quoted(struct toml *p)
{
	uint32_t start = p->at;
	int quote = toml_peek(p, 0);
	struct value name;

	if (toml_peek(p, 1) == quote && toml_peek(p, 2) == quote) {
		toml_error(p, start, start + 3, "E0109 a key cannot be a string of several lines");
		return false;
	}
	name = toml_read_string(p);
	if (name.marks & VALUE_DAMAGED)
		return false;
	return add_key(p, name.string, start, p->at);
}

/* A ':' that stands for '=': what follows it is no part of a key. */
static bool is_colon_equals(const struct toml *p, uint32_t at)
{
	int next = toml_byte(p, at + 1);

	return toml_byte(p, at) == ':' && (next <= ' ' || next == '"' || next == '\'' ||
					   next == '=' || next == '[' || next == '{');
}

static bool bad_bare(struct toml *p, uint32_t at)
{
	uint32_t end = word_end(p, at);
	uint32_t length = toml_character(p, at);

	if (!length) {
		toml_bad_character(p, at, "a key");
		return false;
	}
	toml_error(p, at, at + length,
		   "E0112 '%.*s' needs quotes in a key: bare keys are of "
		   "letters, digits, '_' and '-'",
		   STR_ARG(toml_text(p, at, at + length)));
	if (!toml_curly_quote(p, at) && toml_is_clean(p, p->at, end))
		toml_help(p, "write \"%.*s\"", STR_ARG(toml_shown(toml_text(p, p->at, end))));
	return false;
}

static bool read_bare(struct toml *p)
{
	uint32_t start = p->at, end = start;
	int next;

	while (end < p->text.length && p->bare[(unsigned char)p->text.data[end]])
		end++;
	next = toml_byte(p, end);

	if (next > ' ' && next != '=' && next != '.' && next != ']' && next != '#' &&
	    next != '"' && next != '\'' && next != '[' && next != '{' && next != '}' &&
	    next != ',' && next != '+' && !is_colon_equals(p, end))
		return bad_bare(p, end);
	toml_take(p, TOKEN_BARE_KEY, end);
	return add_key(p, toml_text(p, start, end), start, end);
}

static bool no_key(struct toml *p, bool after_dot)
{
	uint32_t length = toml_character(p, p->at);

	if (after_dot && (toml_at_line_end(p) || toml_peek(p, 0) == '=' || toml_peek(p, 0) == ']' ||
			  toml_peek(p, 0) == '.'))
		toml_error(p, p->at - 1, p->at, "E0110 a key is missing after '.'");
	else if (toml_at_line_end(p))
		toml_error(p, p->at, p->at, "E0110 a key is missing");
	else if (!length)
		toml_bad_character(p, p->at, "a key");
	else
		toml_error(p, p->at, p->at + length, "E0111 expected a key, found %.*s",
			   STR_ARG(toml_found(p)));
	return false;
}

static bool read_part(struct toml *p, bool after_dot)
{
	int byte = toml_peek(p, 0);

	if (byte == '"' || byte == '\'')
		return read_quoted(p);
	if (byte >= 0 && p->bare[byte])
		return read_bare(p);
	if (byte > ' ' && byte != '=' && byte != '.' && byte != ']' && byte != '[' && byte != '}' &&
	    byte != '{' && byte != ',' && byte != '#' && word_end(p, p->at) > p->at)
		return bad_bare(p, p->at);
	return no_key(p, after_dot);
}

bool toml_read_key(struct toml *p)
{
	p->key_count = 0;
	if (!read_part(p, false))
		return false;
	for (;;) {
		uint32_t dot = toml_skip(p, p->at, &toml_blank, true);

		if (toml_byte(p, dot) != '.')
			return true;
		toml_blanks(p);
		toml_take(p, TOKEN_DOT, p->at + 1);
		toml_blanks(p);
		if (!read_part(p, true))
			return false;
	}
}

static struct str key_text(const struct toml *p)
{
	return toml_shown(toml_text(p, p->keys[0].span.start, p->keys[p->key_count - 1].span.end));
}

/* ":", ":=", "+=", "=>", "==": the length of a wrong sign, and what follows is the value. */
static uint32_t wrong_equals(const struct toml *p)
{
	int byte = toml_peek(p, 0), next = toml_peek(p, 1);

	if ((byte == ':' || byte == '+') && next == '=')
		return 2;
	if (byte == '=' && (next == '=' || next == '>'))
		return 2;
	return byte == ':' ? 1 : 0;
}

static void missing_equals(struct toml *p)
{
	const struct toml_key *last = &p->keys[p->key_count - 1];
	struct str text = key_text(p);
	uint32_t end = toml_skip(p, p->at, &toml_bare, true), sign = end;
	uint32_t length = toml_character(p, p->at);

	if (toml_at_line_end(p) || toml_peek(p, 0) == ',' || toml_peek(p, 0) == '}') {
		toml_error(p, last->span.start, last->span.end, "E0126 key '%.*s' has no value",
			   STR_ARG(text));
		toml_help(p, "write '%.*s = ...'", STR_ARG(text));
		return;
	}
	while (toml_byte(p, sign) == ' ' || toml_byte(p, sign) == '\t')
		sign++;
	toml_error(p, p->at, p->at + (length ? length : 1),
		   "E0114 expected '=' after key '%.*s', found %.*s", STR_ARG(text),
		   STR_ARG(toml_found(p)));
	if (end > p->at && toml_byte(p, sign) == '=')
		toml_help(p, "a key with blanks needs quotes: \"%.*s\"",
			  STR_ARG(toml_text(p, p->keys[0].span.start, end)));
	else
		toml_help(p, "write '%.*s = ...'", STR_ARG(text));
}

bool toml_read_equals(struct toml *p)
{
	uint32_t length;

	toml_blanks(p);
	length = wrong_equals(p);
	if (length) {
		toml_error(p, p->at, p->at + length,
			   "E0114 expected '=' after key '%.*s', found '%.*s'",
			   STR_ARG(key_text(p)), STR_ARG(toml_text(p, p->at, p->at + length)));
		toml_help(p, "write '%.*s = ...'", STR_ARG(key_text(p)));
		toml_take(p, TOKEN_DAMAGED, p->at + length);
		return true;
	}
	if (toml_peek(p, 0) == '=') {
		toml_take(p, TOKEN_EQUALS, p->at + 1);
		return true;
	}
	missing_equals(p);
	return false;
}
