#include "render.h"

#include "base/json.h"
#include "base/utf8.h"

static bool is_unsafe(uint32_t c)
{
	return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x061C || (c >= 0x200B && c <= 0x200F) ||
	       (c >= 0x2028 && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF ||
	       (c >= 0xFFF9 && c <= 0xFFFB) || (c >= 0xE0000 && c <= 0xE007F);
}

void render_shown(struct buf *out, struct str text)
{
	for (size_t i = 0; i < text.length;) {
		size_t plain = utf8_plain(text.data + i, text.length - i), size;
		uint32_t c = 0;

		if (plain) {
			buf_add(out, str_slice(text, i, i + plain));
			i += plain;
			continue;
		}
		size = utf8_decode(text.data + i, text.length - i, &c);
		if (!size)
			buf_printf(out, "\\x%02x", (unsigned)(unsigned char)text.data[i]);
		else if (is_unsafe(c))
			buf_printf(out, c < 0x100 ? "\\x%02x" : "\\u{%x}", (unsigned)c);
		else
			buf_add(out, str_slice(text, i, i + size));
		i += size ? size : 1;
	}
}

/* Backs off to where a character starts, so that no half of one is shown. */
static size_t character_start(struct str text, size_t at)
{
	while (at > 0 && at < text.length && ((unsigned char)text.data[at] & 0xC0) == 0x80)
		at--;
	return at;
}

void render_short(struct buf *out, struct str text, size_t limit_bytes)
{
	size_t head = limit_bytes * 2 / 3, tail = limit_bytes - head;

	if (text.length <= limit_bytes) {
		render_shown(out, text);
		return;
	}
	render_shown(out, str_slice(text, 0, character_start(text, head)));
	buf_add_c(out, "..");
	render_shown(out, str_slice(text, character_start(text, text.length - tail), text.length));
}

void render_value(struct buf *out, const struct value *v, size_t limit_bytes)
{
	struct arena scratch;

	if (v->kind == VALUE_NULL) {
		buf_add_c(out, "none");
		return;
	}
	arena_init(&scratch);
	if (v->kind == VALUE_UNKNOWN) {
		struct value prefix = value_string(v->unknown->prefix);

		if (prefix.string.length && !(v->marks & VALUE_SECRET)) {
			render_short(out, json_text(&scratch, &prefix), limit_bytes);
			buf_add_c(out, " and more ");
		}
		buf_add_c(out, "(known after apply)");
		arena_release(&scratch);
		return;
	}
	render_short(out, json_text(&scratch, v), limit_bytes);
	arena_release(&scratch);
}

static void add_withheld(struct buf *out, const struct review_change *change)
{
	buf_add_c(out, !change->had ? " (set)" : !change->has ? " (removed)" : " (changed)");
}

void render_change(struct buf *out, const struct review_change *change, size_t limit_bytes)
{
	render_shown(out, change->path);
	if (change->withheld)
		add_withheld(out, change);
	else
		render_difference(out, &change->before, &change->after, limit_bytes);
	if (change->drift)
		buf_add_c(out, " (changed outside)");
}

static bool is_plain_argument(struct str text)
{
	for (size_t i = 0; i < text.length; i++) {
		char c = text.data[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
		      (c && strchr("._/-", c))))
			return false;
	}
	return text.length > 0;
}

void render_argument(struct buf *out, struct str address)
{
	struct arena scratch;
	struct buf shown;

	if (is_plain_argument(address)) {
		buf_add(out, address);
		return;
	}
	arena_init(&scratch);
	buf_init(&shown, &scratch);
	render_shown(&shown, address);
	buf_add_char(out, '"');
	for (size_t i = 0; i < shown.length; i++) {
		if (strchr("\"$`\\", shown.data[i]))
			buf_add_char(out, '\\');
		buf_add_char(out, shown.data[i]);
	}
	buf_add_char(out, '"');
	arena_release(&scratch);
}
