#include "markdown.h"

#define FENCE_LEAST 3
#define DIGEST_LEAST 7			/* digits that may be taken for a commit */

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* ---- code spans ---- */

/* In a span of backticks these would end it, or the cell around it. */
static bool needs_entities(struct str shown)
{
	return str_index(shown, '`') < shown.length || str_index(shown, '|') < shown.length ||
	       str_index(shown, '\\') < shown.length;
}

void md_code(struct buf *out, struct str text, size_t limit_bytes)
{
	struct arena scratch;
	struct buf shown;

	if (!text.length)
		return;
	arena_init(&scratch);
	buf_init(&shown, &scratch);
	render_short(&shown, text, limit_bytes);
	if (!needs_entities(buf_str(&shown))) {
		buf_add_char(out, '`');
		buf_add(out, buf_str(&shown));
		buf_add_char(out, '`');
	} else {
		buf_add_c(out, "<code>");
		for (size_t i = 0; i < shown.length; i++) {
			char c = shown.data[i];

			if (is_letter(c) || is_digit(c) || (unsigned char)c >= 0x80)
				buf_add_char(out, c);
			else
				buf_printf(out, "&#%u;", (unsigned)(unsigned char)c);
		}
		buf_add_c(out, "</code>");
	}
	arena_release(&scratch);
}

/* ---- plain words ---- */

/* Nothing a forge could take for a link, a mention, an emoji, an issue or a commit. */
static bool is_plain_at(struct str text, size_t i)
{
	char c = text.data[i], next = i + 1 < text.length ? text.data[i + 1] : ' ';

	if (is_letter(c) || is_digit(c) || (c && strchr(" ,;()'", c)))
		return true;
	if (c == '.' && i && is_digit(text.data[i - 1]) && is_digit(next))
		return true;
	if (c == '=')
		return i && text.data[i - 1] == ' ' && next == ' ';
	if (c == ':')
		return i + 1 < text.length && next == ' ';
	if (c == '.')
		return next == ' ';
	return c == '-' && next >= 'a' && next <= 'z';
}

static bool is_hex(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'f');
}

static bool is_plain(struct str text)
{
	size_t hex = 0;
	bool digit = false;

	for (size_t i = 0; i < text.length; i++) {
		if (!is_plain_at(text, i))
			return false;
		hex = is_hex(text.data[i]) ? hex + 1 : 0;
		digit = hex && (digit || is_digit(text.data[i]));
		if (digit && hex >= DIGEST_LEAST)
			return false;
	}
	return true;
}

void md_prose(struct buf *out, struct str text, size_t limit_bytes)
{
	if (is_plain(text) && text.length <= limit_bytes)
		buf_add(out, text);
	else
		md_code(out, text, limit_bytes);
}

void md_count(struct buf *out, size_t count, const char *what, bool *any)
{
	if (!count)
		return;
	buf_printf(out, "%s%zu %s", *any ? ", " : "", count, what);
	*any = true;
}

/* ---- fences ---- */

static size_t longest_run(struct str text, char c)
{
	size_t longest = 0, run = 0;

	for (size_t i = 0; i < text.length; i++) {
		run = text.data[i] == c ? run + 1 : 0;
		if (run > longest)
			longest = run;
	}
	return longest;
}

void md_fence(struct buf *out, const char *language, struct str lines)
{
	size_t ticks = longest_run(lines, '`') + 1;

	if (ticks < FENCE_LEAST)
		ticks = FENCE_LEAST;
	buf_add_repeat(out, '`', ticks);
	buf_printf(out, "%s\n", language);
	buf_add(out, lines);
	if (!str_ends(lines, STR("\n")))
		buf_add_char(out, '\n');
	buf_add_repeat(out, '`', ticks);
	buf_add_char(out, '\n');
}
