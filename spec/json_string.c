#include "json_text.h"

#include <string.h>

/* A string on its way to its decoded form; nothing is copied before the first escape. */
struct decoder {
	struct json *j;
	uint32_t at, end;		/* of the text between the quotes */
	uint32_t start;
	char *out;
	uint32_t *offsets;
	uint32_t length;
	bool damaged;
};

static void begin_copy(struct decoder *s)
{
	size_t most = s->end - s->start;

	if (s->out)
		return;
	s->out = arena_array(s->j->arena, char, most + 1);
	s->offsets = arena_array(s->j->arena, uint32_t, most + 1);
	s->length = s->at - s->start;
	memcpy(s->out, s->j->text.data + s->start, s->length);
	for (uint32_t i = 0; i < s->length; i++)
		s->offsets[i] = s->start + i;
}

static void put(struct decoder *s, char byte, uint32_t offset)
{
	s->out[s->length] = byte;
	s->offsets[s->length++] = offset;
}

static void put_codepoint(struct decoder *s, uint32_t code, uint32_t offset)
{
	static const unsigned char first[5] = { 0, 0, 0xC0, 0xE0, 0xF0 };
	uint32_t count = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;

	put(s, (char)(first[count] | code >> 6 * (count - 1)), offset);
	while (--count > 0)
		put(s, (char)(0x80 | (code >> 6 * (count - 1) & 0x3F)), offset);
}

static int hex_digit(int byte)
{
	if (byte >= '0' && byte <= '9')
		return byte - '0';
	if (byte >= 'a' && byte <= 'f')
		return byte - 'a' + 10;
	return byte >= 'A' && byte <= 'F' ? byte - 'A' + 10 : -1;
}

/* The four digits after \u at `at`; false if they are not there. */
static bool read_hex4(const struct decoder *s, uint32_t at, uint32_t *code)
{
	*code = 0;
	if (at + 6 > s->end || json_byte(s->j, at) != '\\' || json_byte(s->j, at + 1) != 'u')
		return false;
	for (uint32_t i = 2; i < 6; i++) {
		int digit = hex_digit(json_byte(s->j, at + i));

		if (digit < 0)
			return false;
		*code = *code << 4 | (uint32_t)digit;
	}
	return true;
}

static void read_codepoint(struct decoder *s)
{
	uint32_t start = s->at, code, low;

	if (!read_hex4(s, start, &code)) {
		s->at += 2;
		s->damaged = true;
		JSON_MISTAKE(s->j, start, s->at, "E0122 '\\u' needs 4 hexadecimal digits");
		return;
	}
	s->at += 6;
	if (code >= 0xD800 && code <= 0xDBFF && read_hex4(s, s->at, &low) && low >= 0xDC00 &&
	    low <= 0xDFFF) {
		s->at += 6;
		code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
	}
	if (code >= 0xD800 && code <= 0xDFFF) {
		s->damaged = true;
		JSON_MISTAKE(s->j, start, s->at,
			     "E0122 '%.*s' is half of a surrogate pair, no character",
			     STR_ARG(json_slice(s->j, start, s->at)));
		JSON_HELP(s->j, "write the character itself");
		return;
	}
	put_codepoint(s, code, start);
}

static void read_escape(struct decoder *s)
{
	static const char names[] = "\"\\/bfnrt", bytes[] = "\"\\/\b\f\n\r\t";
	int next = json_byte(s->j, s->at + 1);
	const char *name = next > 0 ? strchr(names, next) : NULL;
	uint32_t start = s->at;

	begin_copy(s);
	if (next == 'u') {
		read_codepoint(s);
		return;
	}
	s->at += 2;
	if (name) {
		put(s, bytes[name - names], start);
		return;
	}
	/* Whole characters: the second byte may begin one of several. */
	while (s->at < s->end && (json_byte(s->j, s->at) & 0xC0) == 0x80)
		s->at++;
	s->damaged = true;
	JSON_MISTAKE(s->j, start, s->at, "E0121 unknown escape '%.*s'",
		     STR_ARG(json_slice(s->j, start, s->at)));
	JSON_HELP(s->j, "for a backslash write \\\\");
}

static struct value decode(struct decoder *s)
{
	struct value v;

	for (s->at = s->start; s->at < s->end;) {
		int byte = json_byte(s->j, s->at);

		if (byte == '\\') {
			read_escape(s);
			continue;
		}
		if (byte < 0x20) {
			s->damaged = true;
			JSON_MISTAKE(s->j, s->at, s->at + 1,
				     "E0102 control character U+%04X in a string",
				     (unsigned)byte);
			if (byte == '\t')
				JSON_HELP(s->j, "write \\t");
		}
		if (s->out)
			put(s, (char)byte, s->at);
		s->at++;
	}
	if (s->out)
		s->offsets[s->length] = s->end;
	v = value_string(s->out ? str_of(s->out, s->length) :
			 json_slice(s->j, s->start, s->end));
	v.text_start = s->start;
	v.offsets = s->offsets;
	v.marks = s->damaged ? VALUE_DAMAGED : 0;
	return v;
}

/* Where the string that begins at `start` ends: its quote, or the end of its line. */
static uint32_t find_end(const struct json *j, uint32_t start)
{
	int quote = json_byte(j, start), byte;
	uint32_t at = start + 1;

	for (; (byte = json_byte(j, at)) >= 0 && byte != quote && byte != '\n'; at++) {
		if (byte == '\\' && json_byte(j, at + 1) >= ' ')
			at++;
	}
	return at;
}

struct value json_read_string(struct json *j)
{
	uint32_t start = j->at, end = find_end(j, start);
	struct decoder s = { .j = j, .start = start + 1, .end = end };
	int quote = json_byte(j, start);
	struct value v;

	if (json_byte(j, end) != quote) {
		if (json_byte(j, end - 1) == '\r')
			end--;
		j->at = end;
		JSON_MISTAKE(j, start, end, "E0123 string is never closed");
		JSON_HELP(j, "end it with \" on the same line; a newline in it is \\n");
		return json_damaged(j, start, end);
	}
	j->at = end + 1;
	if (quote == '\'') {
		JSON_MISTAKE(j, start, j->at, "E0142 JSON puts text into double quotes");
		return json_damaged(j, start, j->at);
	}
	v = decode(&s);
	v.span = json_span(j, start, j->at);
	return v;
}
