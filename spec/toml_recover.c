#include "toml.h"

static uint32_t skip_blanks(const struct toml *p, uint32_t at)
{
	return toml_skip(p, at, &toml_blank, true);
}

/* The end of a quoted text that is closed on its line, else 0. */
static uint32_t quoted_end(const struct toml *p, uint32_t at)
{
	int quote = toml_byte(p, at);

	for (at++; toml_byte(p, at) >= 0 && toml_byte(p, at) != '\n'; at++) {
		if (toml_byte(p, at) == quote)
			return at + 1;
		if (quote == '"' && toml_byte(p, at) == '\\' && toml_byte(p, at + 1) != '\n')
			at++;
	}
	return 0;
}

/* The end of a dotted key, else 0.  plain: its first part is a word that is no value. */
static uint32_t key_end(const struct toml *p, uint32_t at, bool *plain)
{
	uint32_t first = at;

	for (*plain = false;; at = skip_blanks(p, at + 1)) {
		uint32_t start = at;

		if (toml_byte(p, at) == '"' || toml_byte(p, at) == '\'')
			at = quoted_end(p, at);
		else
			at = toml_skip(p, at, &toml_bare, true);
		if (!at || at == start)
			return 0;
		if (start == first) {
			struct str word = toml_text(p, start, at);
			char c = word.data[0];

			*plain = ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_') &&
				 !str_equal_c(word, "true") && !str_equal_c(word, "false") &&
				 !str_equal_c(word, "inf") && !str_equal_c(word, "nan");
		}
		at = skip_blanks(p, at);
		if (toml_byte(p, at) != '.')
			return at;
	}
}

/* "[name]" alone on its line, which no array can hold. */
static bool is_header(const struct toml *p, uint32_t at)
{
	unsigned brackets = toml_byte(p, at + 1) == '[' ? 2 : 1;
	bool plain;
	uint32_t end = key_end(p, skip_blanks(p, at + brackets), &plain);
	int next;

	if (!end || !plain)
		return false;
	for (unsigned i = 0; i < brackets; i++) {
		if (toml_byte(p, end++) != ']')
			return false;
	}
	next = toml_byte(p, skip_blanks(p, end));
	return next < 0 || next == '\n' || next == '\r' || next == '#';
}

bool toml_is_statement(const struct toml *p, uint32_t line_start)
{
	uint32_t at = skip_blanks(p, line_start);
	uint32_t end;
	bool plain;

	if (toml_byte(p, at) == '[')
		return is_header(p, at);
	if (at - line_start > p->margin)
		return false;
	end = key_end(p, at, &plain);
	return end && toml_byte(p, end) == '=';
}

uint32_t toml_next_statement(const struct toml *p, uint32_t at)
{
	for (;;) {
		at = toml_eol(p, at);
		if (toml_byte(p, at) == '\r')
			at++;
		if (at >= p->text.length)
			return (uint32_t)p->text.length;
		at++;
		if (toml_is_statement(p, at))
			return at;
	}
}

static uint32_t skip_multiline(struct toml *p, uint32_t at)
{
	int quote = toml_byte(p, at);
	bool *unclosed = &p->unclosed[quote == '\''];
	uint32_t start = at;

	if (*unclosed)
		return toml_eol(p, start);
	for (at += 3; toml_byte(p, at) >= 0; at++) {
		if (toml_byte(p, at) == quote && toml_byte(p, at + 1) == quote &&
		    toml_byte(p, at + 2) == quote)
			return at + 3;
		if (quote == '"' && toml_byte(p, at) == '\\')
			at++;
	}
	*unclosed = true;
	return toml_eol(p, start);
}

/* At a quote: past the string, or to the end of the line where it is not closed. */
static uint32_t skip_string(struct toml *p, uint32_t at)
{
	int quote = toml_byte(p, at);
	uint32_t end;

	if (toml_byte(p, at + 1) == quote && toml_byte(p, at + 2) == quote)
		return skip_multiline(p, at);
	end = quoted_end(p, at);
	return end ? end : toml_eol(p, at);
}

/* What is not looked into when text is skipped: strings and comments. */
static uint32_t skip_one(struct toml *p, uint32_t at)
{
	int byte = toml_byte(p, at);

	if (byte == '"' || byte == '\'')
		return skip_string(p, at);
	return byte == '#' ? toml_eol(p, at) : at + 1;
}

void toml_recover(struct toml *p)
{
	uint32_t depth = p->open, at = p->at;

	for (; toml_byte(p, at) >= 0; at = skip_one(p, at)) {
		int byte = toml_byte(p, at);

		if (byte == '[' || byte == '{')
			depth++;
		else if ((byte == ']' || byte == '}') && depth)
			depth--;
		else if (byte == '\n' && (!depth || toml_is_statement(p, at + 1)))
			break;
	}
	if (at > p->at && toml_byte(p, at) == '\n' && toml_byte(p, at - 1) == '\r')
		at--;
	toml_take(p, TOKEN_DAMAGED, at);
}

void toml_skip_item(struct toml *p)
{
	uint32_t depth = 0, at = p->at;

	for (; toml_byte(p, at) >= 0; at = skip_one(p, at)) {
		int byte = toml_byte(p, at);

		if (byte == '\n' || (!depth && (byte == ',' || byte == '#')))
			break;
		if (byte == '[' || byte == '{') {
			depth++;
		} else if (byte == ']' || byte == '}') {
			if (!depth)
				break;
			depth--;
		}
	}
	if (at > p->at && toml_byte(p, at) == '\n' && toml_byte(p, at - 1) == '\r')
		at--;
	toml_take(p, TOKEN_DAMAGED, at);
}
