#include "shown.h"

#include "base/utf8.h"

static bool is_harmless(uint32_t c)
{
	return c >= 0x20 && (c < 0x7F || c >= 0xA0) && c != 0x061C &&
	       !(c >= 0x200B && c <= 0x200F) && !(c >= 0x2028 && c <= 0x202E) &&
	       !(c >= 0x2060 && c <= 0x206F) && c != 0xFEFF;
}

void add_shown(struct buf *out, struct str text, size_t limit_bytes)
{
	for (size_t i = 0; i < text.length;) {
		uint32_t c = 0;
		size_t size = utf8_decode(text.data + i, text.length - i, &c);

		if (limit_bytes && i + size > limit_bytes) {
			buf_add_c(out, "...");
			return;
		}
		if (size && is_harmless(c))
			buf_add(out, str_slice(text, i, i + size));
		else
			buf_add_char(out, ' ');
		i += size ? size : 1;
	}
}
