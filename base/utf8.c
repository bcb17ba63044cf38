#include "utf8.h"

#include <string.h>

#include "str.h"

/* Least code point that needs so many bytes: anything below is overlong. */
static const uint32_t least_of_length[5] = { 0, 0, 0x80, 0x800, 0x10000 };

static size_t sequence_length(unsigned char first)
{
	if (first < 0x80)
		return 1;
	if (first >= 0xC2 && first < 0xE0)
		return 2;
	if (first >= 0xE0 && first < 0xF0)
		return 3;
	if (first >= 0xF0 && first < 0xF5)
		return 4;
	return 0;
}

size_t utf8_decode(const char *data, size_t length, uint32_t *codepoint)
{
	size_t count = length ? sequence_length((unsigned char)data[0]) : 0;
	uint32_t c;

	if (!count || count > length)
		return 0;
	c = (unsigned char)data[0];
	if (count > 1)
		c &= 0x7Fu >> count;
	for (size_t i = 1; i < count; i++) {
		if (((unsigned char)data[i] & 0xC0) != 0x80)
			return 0;
		c = c << 6 | ((unsigned char)data[i] & 0x3F);
	}
	if (c < least_of_length[count] || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF))
		return 0;
	*codepoint = c;
	return count;
}

size_t str_utf8_length(struct str s)
{
	uint32_t codepoint;
	size_t i = 0;

	while (i < s.length) {
		size_t count;

		if (!((unsigned char)s.data[i] & 0x80)) {
			i++;
			continue;
		}
		count = utf8_decode(s.data + i, s.length - i, &codepoint);
		if (!count)
			break;
		i += count;
	}
	return i;
}

bool str_is_utf8(struct str s)
{
	return str_utf8_length(s) == s.length;
}

#define EACH_BYTE(b) (UINT64_C(0x0101010101010101) * (b))
#define HIGH_BITS EACH_BYTE(0x80)

/* The high bit of each byte that is less than n, and perhaps of some after the first. */
static uint64_t less(uint64_t bytes, unsigned n)
{
	return (bytes - EACH_BYTE(n)) & ~bytes & HIGH_BITS;
}

static bool is_plain(unsigned char c)
{
	/* A bit for each byte: none below a blank, not '"', not '\\', nothing from 0x7F on. */
	static const uint32_t plain[8] = { 0, ~(1u << 2), ~(1u << 28), ~(1u << 31) };

	return plain[c >> 5] >> (c & 31) & 1;
}

size_t utf8_plain(const char *data, size_t length)
{
	size_t i = 0;

	for (uint64_t bytes; length - i >= sizeof(bytes); i += sizeof(bytes)) {
		memcpy(&bytes, data + i, sizeof(bytes));
		if ((bytes & HIGH_BITS) | less(bytes, 0x20) | less(bytes ^ EACH_BYTE('"'), 1) |
		    less(bytes ^ EACH_BYTE('\\'), 1) | less(bytes ^ EACH_BYTE(0x7F), 1))
			break;
	}
	while (i < length && is_plain((unsigned char)data[i]))
		i++;
	return i;
}
