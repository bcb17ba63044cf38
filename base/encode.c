#include "hash.h"

#include "attr.h"

struct str hex_encode(struct arena *a, const uint8_t *bytes, size_t count)
{
	static const char digits[] = "0123456789abcdef";
	char *text = arena_array(a, char, count * 2 + 1);

	CHECK(count < SIZE_MAX / 2);
	for (size_t i = 0; i < count; i++) {
		text[i * 2] = digits[bytes[i] >> 4];
		text[i * 2 + 1] = digits[bytes[i] & 15];
	}
	return str_of(text, count * 2);
}

static const char base64_digits[] =
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

struct str base64_encode(struct arena *a, struct str data)
{
	const unsigned char *in = (const unsigned char *)data.data;
	size_t length = (data.length + 2) / 3 * 4;
	char *text;

	CHECK(data.length < SIZE_MAX / 2);
	text = arena_array(a, char, length + 1);
	for (size_t i = 0, o = 0; i < data.length; i += 3, o += 4) {
		size_t left = data.length - i;
		uint32_t word = (uint32_t)in[i] << 16 | (left > 1 ? (uint32_t)in[i + 1] << 8 : 0) |
				(left > 2 ? in[i + 2] : 0);

		text[o] = base64_digits[word >> 18];
		text[o + 1] = base64_digits[word >> 12 & 63];
		text[o + 2] = left > 1 ? base64_digits[word >> 6 & 63] : '=';
		text[o + 3] = left > 2 ? base64_digits[word & 63] : '=';
	}
	return str_of(text, length);
}

static int base64_digit(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : -1;
}

bool base64_decode(struct arena *a, struct str text, struct str *out)
{
	size_t padding = str_ends(text, STR("==")) ? 2 : str_ends(text, STR("=")) ? 1 : 0;
	size_t digits = text.length - padding, length = 0;
	uint32_t word = 0;
	char *bytes;

	if (text.length % 4 != 0)
		return false;
	bytes = arena_array(a, char, text.length / 4 * 3 + 1);
	for (size_t i = 0; i < digits; i++) {
		int digit = base64_digit(text.data[i]);

		if (digit < 0)
			return false;
		word = word << 6 | (uint32_t)digit;
		if (i % 4 != 0)
			bytes[length++] = (char)(word >> (6 - i % 4 * 2) & 0xFF);
	}
	/* What the padding leaves over must be zero: one text for the same bytes. */
	if ((padding == 1 && word & 3) || (padding == 2 && word & 15))
		return false;
	*out = str_of(bytes, length);
	return true;
}
