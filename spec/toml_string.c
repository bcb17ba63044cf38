#include "toml.h"

#include <string.h>

#include "base/utf8.h"

/* A string on its way from the source to its decoded form. */
struct reader {
	struct toml *p;
	uint32_t at, end;		/* of the text between the quotes */
	uint32_t start;
	bool several_lines, escapes;
	char *out;			/* NULL while the text stands in the source as it is */
	uint32_t *offsets;
	uint32_t length;
};

/* The first difference to the source: from here on bytes are copied. */
static void begin_copy(struct reader *r)
{
	size_t most = r->end - r->start;

	if (r->out)
		return;
	r->out = arena_array(r->p->arena, char, most + 1);
	r->offsets = arena_array(r->p->arena, uint32_t, most + 1);
	r->length = r->at - r->start;
	memcpy(r->out, r->p->text.data + r->start, r->length);
	for (uint32_t i = 0; i < r->length; i++)
		r->offsets[i] = r->start + i;
}

static void put(struct reader *r, const char *bytes, uint32_t count, uint32_t offset)
{
	for (uint32_t i = 0; i < count; i++) {
		r->out[r->length] = bytes[i];
		r->offsets[r->length++] = offset;
	}
}

static void copy(struct reader *r, uint32_t count)
{
	for (uint32_t i = 0; r->out && i < count; i++)
		put(r, r->p->text.data + r->at + i, 1, r->at + i);
	r->at += count;
}

static void put_codepoint(struct reader *r, uint32_t c, uint32_t offset)
{
	char bytes[4];
	uint32_t count = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
	static const unsigned char first[5] = { 0, 0, 0xC0, 0xE0, 0xF0 };

	for (uint32_t i = count; i-- > 1; c >>= 6)
		bytes[i] = (char)(0x80 | (c & 0x3F));
	bytes[0] = (char)(first[count] | c);
	put(r, bytes, count, offset);
}

static int hex_digit(int byte)
{
	if (byte >= '0' && byte <= '9')
		return byte - '0';
	if (byte >= 'a' && byte <= 'f')
		return byte - 'a' + 10;
	return byte >= 'A' && byte <= 'F' ? byte - 'A' + 10 : -1;
}

/* At the backslash of \x, \u or \U with so many digits. */
static void read_codepoint(struct reader *r, uint32_t digits)
{
	uint32_t start = r->at, code = 0, read = 0;

	while (read < digits && start + 2 + read < r->end) {
		int digit = hex_digit(toml_byte(r->p, start + 2 + read));

		if (digit < 0)
			break;
		code = code << 4 | (uint32_t)digit;
		read++;
	}
	r->at = start + 2 + read;
	if (read < digits) {
		toml_error(r->p, start, r->at, "E0122 '\\%c' needs %u hexadecimal digits",
			   toml_byte(r->p, start + 1), (unsigned)digits);
		toml_help(r->p, "for a backslash write \\\\, or put the text in single quotes");
	} else if (code >= 0xD800 && code <= 0xDFFF) {
		toml_error(r->p, start, r->at,
			   "E0122 '%.*s' is half of a surrogate pair, no character",
			   STR_ARG(toml_text(r->p, start, r->at)));
		toml_help(r->p, "write the character itself, or \\U and its eight digits");
	} else if (code > 0x10FFFF) {
		toml_error(r->p, start, r->at,
			   "E0122 '%.*s' is beyond the last character, \\U0010FFFF",
			   STR_ARG(toml_text(r->p, start, r->at)));
	} else {
		put_codepoint(r, code, start);
	}
}

/* A backslash at the end of a line takes all white space up to the next text. */
static bool read_continuation(struct reader *r)
{
	uint32_t at = r->at + 1;
	bool newline = false;

	while (at < r->end) {
		int byte = toml_byte(r->p, at);
		bool pair = byte == '\r' && toml_byte(r->p, at + 1) == '\n';

		if (byte != ' ' && byte != '\t' && byte != '\n' && !pair)
			break;
		newline |= byte == '\n' || pair;
		if (!newline && (byte == '\n' || pair))
			break;
		at += pair ? 2 : 1;
	}
	if (!newline)
		return false;
	r->at = at;
	return true;
}

static void bad_escape(struct reader *r)
{
	uint32_t start = r->at, length = toml_character(r->p, start + 1);

	if (start + 1 >= r->end || !length) {
		toml_error(r->p, start, start + 1, "E0121 '\\' with nothing to escape");
		r->at++;
		return;
	}
	r->at += 1 + length;
	toml_error(r->p, start, r->at, "E0121 unknown escape '%.*s'",
		   STR_ARG(toml_text(r->p, start, r->at)));
	toml_help(r->p, "for a backslash write \\\\, or put the text in single quotes");
}

static void read_escape(struct reader *r)
{
	static const char names[] = "btnfre\"\\";
	static const char bytes[] = "\b\t\n\f\r\x1B\"\\";
	int next = r->at + 1 < r->end ? toml_byte(r->p, r->at + 1) : -1;
	const char *name = next > 0 ? strchr(names, next) : NULL;

	begin_copy(r);
	if (name) {
		put(r, &bytes[name - names], 1, r->at);
		r->at += 2;
	} else if (next == 'x') {
		read_codepoint(r, 2);
	} else if (next == 'u') {
		read_codepoint(r, 4);
	} else if (next == 'U') {
		read_codepoint(r, 8);
	} else if (!r->several_lines || !read_continuation(r)) {
		bad_escape(r);
	}
}

static void read_text(struct reader *r)
{
	while (r->at < r->end) {
		size_t plain = utf8_plain(r->p->text.data + r->at, r->end - r->at);
		int byte = toml_byte(r->p, r->at);
		uint32_t length;

		if (plain) {
			copy(r, (uint32_t)plain);
			continue;
		}
		if (byte == '\\' && r->escapes) {
			read_escape(r);
			continue;
		}
		if (byte == '\r' && r->several_lines && toml_byte(r->p, r->at + 1) == '\n') {
			/* A newline is one byte whatever the editor writes. */
			begin_copy(r);
			put(r, "\n", 1, r->at);
			r->at += 2;
			continue;
		}
		length = byte == '\n' && r->several_lines ? 1 : toml_character(r->p, r->at);
		if (length)
			copy(r, length);
		else
			copy(r, toml_bad_character(r->p, r->at, "a string"));
	}
	if (r->out)
		r->offsets[r->length] = r->end;
}

static struct value decode(struct toml *p, struct reader *r, uint32_t start, uint32_t after)
{
	unsigned errors = p->error_count;
	struct value v;

	r->p = p;
	r->at = r->start;
	read_text(r);
	v = value_string(r->out ? str_of(r->out, r->length) : toml_text(p, r->start, r->end));
	v.span = toml_span(p, start, after);
	v.text_start = r->start;
	v.offsets = r->offsets;
	if (p->error_count > errors)
		v.marks |= VALUE_DAMAGED;
	if (r->several_lines)
		toml_count_lines(p, after);
	toml_take(p, TOKEN_STRING, after);
	return v;
}

static struct value unclosed_line(struct toml *p)
{
	uint32_t start = p->at, end = toml_eol(p, start);
	int quote = toml_byte(p, start);

	toml_error(p, start, end, "E0123 string is never closed");
	toml_help(p, "end it with %c on the same line, or begin it with %c%c%c", quote, quote,
		  quote, quote);
	p->quiet = true;
	p->closer_expected = p->open > 0;
	toml_take(p, TOKEN_DAMAGED, end);
	return toml_damaged_value(p, start, end);
}

/* Text between start and end that stands for itself. */
static struct value as_written(struct toml *p, uint32_t start, uint32_t end)
{
	struct value v = value_string(toml_text(p, start, end));

	v.span = toml_span(p, start - 1, end + 1);
	v.text_start = start;
	toml_take(p, TOKEN_STRING, end + 1);
	return v;
}

static struct value read_one_line(struct toml *p)
{
	uint32_t start = p->at, at = start + 1;
	int quote = toml_byte(p, start);
	struct reader r = { .start = start + 1, .escapes = quote == '"' };

	at += (uint32_t)utf8_plain(p->text.data + at, p->text.length - at);
	if (r.escapes && toml_byte(p, at) == '"')
		return as_written(p, r.start, at);
	for (at = r.start; toml_byte(p, at) != quote; at++) {
		if (toml_byte(p, at) < 0 || toml_byte(p, at) == '\n')
			return unclosed_line(p);
		if (r.escapes && toml_byte(p, at) == '\\' && toml_byte(p, at + 1) >= ' ')
			at++;
	}
	r.end = at;
	return decode(p, &r, start, at + 1);
}

/* The closing quotes, of which up to two may belong to the text; 0 if there are none. */
static uint32_t find_closing(const struct toml *p, uint32_t at, int quote)
{
	for (; toml_byte(p, at) >= 0; at++) {
		uint32_t run = 0;

		if (quote == '"' && toml_byte(p, at) == '\\') {
			at++;
			continue;
		}
		while (run < 5 && toml_byte(p, at + run) == quote)
			run++;
		if (run >= 3)
			return at + run - 3;
		at += run ? run - 1 : 0;
	}
	return 0;
}

static struct value unclosed_lines(struct toml *p)
{
	uint32_t start = p->at, end = toml_next_statement(p, start);

	toml_error(p, start, start + 3, "E0123 string of several lines is never closed");
	toml_help(p, "end it with %.*s", STR_ARG(toml_text(p, start, start + 3)));
	p->quiet = true;
	toml_take(p, TOKEN_DAMAGED, end);
	p->at_next = true;
	p->closer_expected = p->open > 0;
	return toml_damaged_value(p, start, end);
}

static struct value read_lines(struct toml *p)
{
	uint32_t start = p->at, end;
	int quote = toml_byte(p, start);
	bool *unclosed = &p->unclosed[quote == '\''];
	struct reader r = { .start = start + 3, .escapes = quote == '"', .several_lines = true };

	end = *unclosed ? 0 : find_closing(p, r.start, quote);
	if (!end) {
		*unclosed = true;
		return unclosed_lines(p);
	}
	if (toml_byte(p, r.start) == '\n')
		r.start++;
	else if (toml_byte(p, r.start) == '\r' && toml_byte(p, r.start + 1) == '\n')
		r.start += 2;
	r.end = end;
	return decode(p, &r, start, end + 3);
}

struct value toml_read_string(struct toml *p)
{
	int quote = toml_peek(p, 0);

	if (toml_peek(p, 1) == quote && toml_peek(p, 2) == quote)
		return read_lines(p);
	return read_one_line(p);
}
