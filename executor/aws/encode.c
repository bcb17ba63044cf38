#include "encode.h"

static bool is_plain(unsigned char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
	       c == '-' || c == '.' || c == '_' || c == '~';
}

void percent_add(struct buf *out, struct str s, bool keep_slash)
{
	static const char digits[] = "0123456789ABCDEF";

	for (size_t i = 0; i < s.length; i++) {
		unsigned char c = (unsigned char)s.data[i];

		if (is_plain(c) || (keep_slash && c == '/')) {
			buf_add_char(out, (char)c);
			continue;
		}
		buf_add_char(out, '%');
		buf_add_char(out, digits[c >> 4]);
		buf_add_char(out, digits[c & 15]);
	}
}

struct str percent_encode(struct arena *a, struct str s, bool keep_slash)
{
	struct buf out;

	buf_init(&out, a);
	percent_add(&out, s, keep_slash);
	return buf_str(&out);
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

struct str percent_decode(struct arena *a, struct str s)
{
	struct buf out;

	buf_init(&out, a);
	for (size_t i = 0; i < s.length; i++) {
		int high = i + 2 < s.length ? hex_digit(s.data[i + 1]) : -1;
		int low = i + 2 < s.length ? hex_digit(s.data[i + 2]) : -1;

		if (s.data[i] != '%' || high < 0 || low < 0) {
			buf_add_char(&out, s.data[i]);
			continue;
		}
		buf_add_char(&out, (char)(high * 16 + low));
		i += 2;
	}
	return buf_str(&out);
}
