#include "buf.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef SMALL_LIMITS
#define CAPACITY_FIRST 2
#else
#define CAPACITY_FIRST 64
#endif

void buf_init(struct buf *b, struct arena *a)
{
	buf_init_limit(b, a, 0);
}

void buf_init_limit(struct buf *b, struct arena *a, size_t limit_bytes)
{
	*b = (struct buf){ .arena = a, .limit_bytes = limit_bytes };
	b->capacity = CAPACITY_FIRST;
	b->data = arena_alloc(a, b->capacity, 1);
}

/* capacity counts the terminator. */
void buf_reserve(struct buf *b, size_t extra)
{
	size_t need, more;

	CHECK(extra <= SIZE_MAX / 4);
	need = b->length + extra + 1;
	if (need <= b->capacity)
		return;
	more = b->capacity * 2 > need ? b->capacity * 2 : need;
	b->data = arena_grow(b->arena, b->data, b->capacity, more, 1);
	b->capacity = more;
}

/* False, and nothing more is ever added, where extra bytes do not fit the limit. */
static bool make_room(struct buf *b, size_t extra)
{
	if (b->overflow)
		return false;
	if (b->limit_bytes && extra > b->limit_bytes - b->length) {
		b->overflow = true;
		return false;
	}
	buf_reserve(b, extra);
	return true;
}

void buf_add(struct buf *b, struct str s)
{
	if (!s.length || !make_room(b, s.length))
		return;
	memcpy(b->data + b->length, s.data, s.length);
	b->length += s.length;
	b->data[b->length] = '\0';
}

void buf_add_c(struct buf *b, const char *text)
{
	buf_add(b, str_from_c(text));
}

void buf_add_char(struct buf *b, char c)
{
	if (b->limit_bytes || b->capacity - b->length < 2) {
		buf_add(b, str_of(&c, 1));
		return;
	}
	b->data[b->length++] = c;
	b->data[b->length] = '\0';
}

void buf_add_repeat(struct buf *b, char c, size_t count)
{
	if (!count || !make_room(b, count))
		return;
	memset(b->data + b->length, c, count);
	b->length += count;
	b->data[b->length] = '\0';
}

void buf_printf(struct buf *b, const char *format, ...)
{
	va_list args;
	int length;

	va_start(args, format);
	length = vsnprintf(NULL, 0, format, args);
	va_end(args);
	CHECK(length >= 0);
	if (!make_room(b, (size_t)length))
		return;
	va_start(args, format);
	vsnprintf(b->data + b->length, (size_t)length + 1, format, args);
	va_end(args);
	b->length += (size_t)length;
}

void buf_add_int(struct buf *b, int64_t number)
{
	char digits[INT_DIGITS];

	buf_add(b, int_digits(digits, number));
}

void buf_add_float(struct buf *b, double number)
{
	char text[40];
	int digits = 15;

	do
		snprintf(text, sizeof(text), "%.*g", digits, number);
	while (strtod(text, NULL) != number && digits++ < 17);
	buf_add_c(b, text);
	if (!strpbrk(text, ".e"))
		buf_add_c(b, ".0");
}

void buf_add_utf8(struct buf *b, uint32_t codepoint)
{
	char c[4];
	size_t count;

	CHECK(codepoint <= 0x10FFFF && (codepoint < 0xD800 || codepoint > 0xDFFF));
	if (codepoint < 0x80) {
		c[0] = (char)codepoint;
		count = 1;
	} else if (codepoint < 0x800) {
		c[0] = (char)(0xC0 | codepoint >> 6);
		count = 2;
	} else if (codepoint < 0x10000) {
		c[0] = (char)(0xE0 | codepoint >> 12);
		count = 3;
	} else {
		c[0] = (char)(0xF0 | codepoint >> 18);
		count = 4;
	}
	for (size_t i = 1; i < count; i++)
		c[i] = (char)(0x80 | (codepoint >> 6 * (count - 1 - i) & 0x3F));
	buf_add(b, str_of(c, count));
}

void buf_truncate(struct buf *b, size_t length)
{
	if (length >= b->length)
		return;
	b->length = length;
	b->data[length] = '\0';
}

struct str buf_str(const struct buf *b)
{
	return str_of(b->data, b->length);
}
