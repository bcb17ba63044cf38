#include "toml.h"

#include "base/utf8.h"

/* 0-9 and '-'; A-Z and '_'; a-z. */
const struct toml_set toml_bare = { { 0, 0x03FF2000, 0x87FFFFFE, 0x07FFFFFE } };
const struct toml_set toml_blank = { { 1u << '\t', 1 } };
/* All up to ' ', then '"' '#' '\'' ',' '=' '[' ']' '{' '}'. */
const struct toml_set toml_between = { { ~0u, 0x2000108D, 0x28000000, 0x28000000 } };

bool toml_damage(struct toml *p)
{
	p->damaged = true;
	p->statement_damaged = true;
	if (p->full)
		return false;
	if (p->error_count++ < TOML_ERROR_LIMIT)
		return true;
	diag_error(p->diags, toml_span(p, p->at, p->at),
		   "E0104 more than %d mistakes in this file: the rest is not read",
		   TOML_ERROR_LIMIT);
	p->full = true;
	p->lost = true;
	return false;
}

void toml_count_lines(struct toml *p, uint32_t end)
{
	for (uint32_t start = p->at;;) {
		struct str rest = toml_text(p, start, end);
		size_t length = str_index(rest, '\n');

		if (length == rest.length)
			return;
		start += (uint32_t)length + 1;
		p->line++;
		p->line_start = start;
	}
}

void toml_keep(struct toml *p, enum token_kind kind, uint32_t end)
{
	if (end > p->at)
		*vec_push(p->arena, p->tokens) =
			(struct token){ kind, toml_span(p, p->at, end) };
}

static uint32_t newline_length(const struct toml *p, uint32_t at)
{
	if (toml_byte(p, at) == '\n')
		return 1;
	return toml_byte(p, at) == '\r' && toml_byte(p, at + 1) == '\n' ? 2 : 0;
}

bool toml_at_line_end(const struct toml *p)
{
	return toml_peek(p, 0) < 0 || toml_peek(p, 0) == '#' || newline_length(p, p->at);
}

uint32_t toml_eol(const struct toml *p, uint32_t at)
{
	struct str rest = toml_text(p, at, (uint32_t)p->text.length);
	uint32_t end = at + (uint32_t)str_index(rest, '\n');

	return end > at && end < p->text.length && toml_byte(p, end - 1) == '\r' ? end - 1 : end;
}

static void read_comment(struct toml *p)
{
	uint32_t end = toml_eol(p, p->at);
	bool told = false;

	for (uint32_t at = p->at; at < end;) {
		uint32_t length = (uint32_t)utf8_plain(p->text.data + at, end - at);

		if (!length)
			length = toml_character(p, at);
		if (!length && !told) {
			length = toml_bad_character(p, at, "a comment");
			told = true;
		}
		at += length ? length : 1;
	}
	toml_take(p, TOKEN_COMMENT, end);
}

bool toml_line_end(struct toml *p)
{
	uint32_t length;

	toml_blanks(p);
	if (toml_peek(p, 0) == '#')
		read_comment(p);
	length = newline_length(p, p->at);
	toml_take(p, TOKEN_NEWLINE, p->at + length);
	return length > 0;
}

bool toml_trivia(struct toml *p)
{
	bool passed = false;

	while (toml_line_end(p))
		passed = true;
	return passed;
}

uint32_t toml_character(const struct toml *p, uint32_t at)
{
	int byte = toml_byte(p, at);
	uint32_t codepoint;

	if (byte < 0)
		return 0;
	if (byte < 0x80)
		return byte == '\t' || (byte >= 0x20 && byte != 0x7F) ? 1 : 0;
	return (uint32_t)utf8_decode(p->text.data + at, p->text.length - at, &codepoint);
}

uint32_t toml_bad_character(struct toml *p, uint32_t at, const char *where)
{
	int byte = toml_byte(p, at);

	if (byte >= 0x80) {
		toml_error(p, at, at + 1, "E0101 byte 0x%02X in %s is not UTF-8", (unsigned)byte,
			   where);
		toml_help(p, "save the file as UTF-8");
	} else if (byte == '\r') {
		toml_error(p, at, at + 1, "E0102 carriage return without a newline in %s", where);
	} else {
		toml_error(p, at, at + 1, "E0102 control character U+%04X in %s", (unsigned)byte,
			   where);
	}
	return 1;
}

bool toml_is_clean(const struct toml *p, uint32_t start, uint32_t end)
{
	while (start < end) {
		uint32_t length = toml_character(p, start);

		if (!length)
			return false;
		start += length;
	}
	return true;
}

struct str toml_found(const struct toml *p)
{
	uint32_t length = toml_character(p, p->at);

	if (toml_peek(p, 0) < 0)
		return STR("the end of the file");
	if (toml_at_line_end(p))
		return STR("the end of the line");
	if (!length)
		return str_format(p->arena, "byte 0x%02X", (unsigned)toml_peek(p, 0));
	return str_format(p->arena, "'%.*s'", STR_ARG(toml_text(p, p->at, p->at + length)));
}

#define SHOWN_MOST 80

struct str toml_shown(struct str s)
{
	size_t end = SHOWN_MOST;

	if (s.length <= SHOWN_MOST)
		return s;
	while (end > 0 && ((unsigned char)s.data[end] & 0xC0) == 0x80)
		end--;
	return str_slice(s, 0, end);
}

uint32_t toml_curly_quote(const struct toml *p, uint32_t at)
{
	uint32_t codepoint = 0;
	size_t length;

	if (toml_byte(p, at) < 0x80)
		return 0;
	length = utf8_decode(p->text.data + at, p->text.length - at, &codepoint);
	if (codepoint == 0xAB || codepoint == 0xBB || (codepoint >= 0x2018 && codepoint <= 0x201F))
		return (uint32_t)length;
	return 0;
}
