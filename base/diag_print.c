#include "diag.h"

#include "json.h"
#include "utf8.h"

/* Columns of a source line that are shown, and how many of them before the span. */
#define WINDOW_COLUMNS 100
#define WINDOW_BEFORE 40
#define WINDOW_BYTES (WINDOW_COLUMNS * 16)

/* Of one file, as text; errors before warnings. */
#define SHOWN_MOST 50

#define REPLACEMENT "\xEF\xBF\xBD"

struct look {
	const char *place, *error, *warning, *caret, *help, *end;
};
static const struct look plain = { "", "", "", "", "", "" };
static const struct look coloured = {
	"\033[1m", "\033[1;31m", "\033[1;35m", "\033[1;32m", "\033[1;36m", "\033[0m",
};

/* Characters that a terminal obeys, or that reorder what is read. */
static bool is_unsafe(uint32_t c)
{
	return c < 0x20 || (c >= 0x7F && c < 0xA0) || (c >= 0x200E && c <= 0x200F) ||
	       (c >= 0x2028 && c <= 0x202E) || (c >= 0x2060 && c <= 0x2069) || c == 0xFEFF;
}

static bool is_wide(uint32_t c)
{
	return (c >= 0x1100 && c <= 0x115F) || (c >= 0x2E80 && c <= 0xA4CF) ||
	       (c >= 0xAC00 && c <= 0xD7A3) || (c >= 0xF900 && c <= 0xFAFF) ||
	       (c >= 0xFE30 && c <= 0xFE6F) || (c >= 0xFF00 && c <= 0xFF60) ||
	       (c >= 0xFFE0 && c <= 0xFFE6) || (c >= 0x1F300 && c <= 0x1FAFF) ||
	       (c >= 0x20000 && c <= 0x3FFFD);
}

static bool is_combining(uint32_t c)
{
	return (c >= 0x300 && c <= 0x36F) || (c >= 0x200B && c <= 0x200D) ||
	       (c >= 0xFE00 && c <= 0xFE0F);
}

/* A character of the source as it is shown. */
struct glyph {
	size_t size_bytes;		/* in the source */
	unsigned width;			/* columns of a terminal */
	bool safe;			/* shown as it is */
};

static struct glyph glyph_at(struct str line, size_t at)
{
	struct glyph g = { .size_bytes = 1, .width = 1 };
	uint32_t c;
	size_t size = utf8_decode(line.data + at, line.length - at, &c);

	if (!size)
		return g;
	g.size_bytes = size;
	g.safe = c == '\t' || !is_unsafe(c);
	if (g.safe)
		g.width = is_combining(c) ? 0 : is_wide(c) ? 2 : 1;
	return g;
}

/* Text of one line in a message: what is unsafe is written out. */
static void print_safe(struct buf *out, struct str text)
{
	for (size_t i = 0; i < text.length;) {
		uint32_t c = (unsigned char)text.data[i];
		size_t size = utf8_decode(text.data + i, text.length - i, &c);

		if (size && !is_unsafe(c))
			buf_add(out, str_of(text.data + i, size));
		else if (c == '\n')
			buf_add_c(out, "\\n");
		else if (c == '\t')
			buf_add_c(out, "\\t");
		else
			buf_printf(out, c > 0xFF ? "\\u%04x" : "\\x%02x", (unsigned)c);
		i += size ? size : 1;
	}
}

/* First byte of the line that is shown, so that at stands well inside the window. */
static size_t window_start(struct str line, size_t at)
{
	unsigned width = 0;
	size_t start = at;

	if (line.length <= WINDOW_COLUMNS)
		return 0;
	while (start > 0 && width < WINDOW_BEFORE) {
		do
			start--;
		while (start > 0 && ((unsigned char)line.data[start] & 0xC0) == 0x80 &&
		       at - start < WINDOW_COLUMNS * 4);
		width++;
	}
	return start;
}

/* The line and what stands under it, from first on. */
static void print_window(struct buf *out, struct buf *under, struct str line, size_t first,
			 size_t start, size_t end)
{
	unsigned width = 0, carets = 0;
	size_t i = first;

	if (first) {
		buf_add_c(out, "...");
		buf_add_repeat(under, ' ', 3);
	}
	while (i < line.length && width < WINDOW_COLUMNS && i - first < WINDOW_BYTES) {
		struct glyph g = glyph_at(line, i);
		bool marked = i + g.size_bytes > start && i < end;

		if (g.safe)
			buf_add(out, str_slice(line, i, i + g.size_bytes));
		else
			buf_add_c(out, REPLACEMENT);
		if (marked) {
			buf_add_repeat(under, '^', g.width);
			carets += g.width;
		} else if (i < start) {
			buf_add_repeat(under, line.data[i] == '\t' ? '\t' : ' ', g.width);
		}
		width += g.width;
		i += g.size_bytes;
	}
	if (i < line.length)
		buf_add_c(out, "...");
	if (!carets)
		buf_add_char(under, '^');
}

static void print_excerpt(struct buf *out, const struct diag *diag, const struct sources *s,
			  const struct look *look)
{
	struct buf under;
	uint32_t line_start;
	struct str line = span_line(s, diag->span, &line_start);
	size_t start = diag->span.start - line_start;
	size_t end = diag->span.end > diag->span.start ? diag->span.end - line_start : start + 1;

	if (start > line.length)
		start = line.length;
	buf_init(&under, out->arena);
	buf_add_c(out, "    ");
	print_window(out, &under, line, window_start(line, start), start, end);
	buf_printf(out, "\n    %s%s%s\n", look->caret, under.data, look->end);
}

static void print_one(struct buf *out, const struct diag *diag, const struct sources *s,
		      const struct look *look)
{
	struct place place = span_place(s, diag->span);
	bool error = diag->severity == SEVERITY_ERROR;

	if (place.line) {
		buf_add_c(out, look->place);
		print_safe(out, place.path);
		buf_printf(out, ":%u:%u:%s ", (unsigned)place.line, (unsigned)place.column,
			   look->end);
	}
	buf_printf(out, "%s%s", error ? look->error : look->warning, error ? "error" : "warning");
	if (diag->code[0])
		buf_printf(out, "[%s]", diag->code);
	buf_printf(out, ":%s ", look->end);
	print_safe(out, diag->text);
	buf_add_char(out, '\n');
	if (place.line && !diag->sensitive)
		print_excerpt(out, diag, s, look);
	if (diag->help.length) {
		buf_printf(out, "%shelp:%s ", look->help, look->end);
		print_safe(out, diag->help);
		buf_add_char(out, '\n');
	}
}

/* Where the diagnostics of the file end that begin at first. */
static size_t file_end(const struct diags *d, size_t first)
{
	size_t end = first;

	while (end < d->count && d->items[end].span.file == d->items[first].span.file)
		end++;
	return end;
}

/* Warnings get the room that errors leave. */
static void print_file(struct buf *out, const struct diags *d, size_t first, size_t end,
		       const struct sources *s, const struct look *look)
{
	size_t errors = 0, warnings, shown = 0;

	for (size_t i = first; i < end; i++)
		errors += d->items[i].severity == SEVERITY_ERROR;
	errors = errors < SHOWN_MOST ? errors : SHOWN_MOST;
	warnings = SHOWN_MOST - errors;
	for (size_t i = first; i < end; i++) {
		size_t *room = d->items[i].severity == SEVERITY_ERROR ? &errors : &warnings;

		if (!*room)
			continue;
		--*room;
		shown++;
		print_one(out, &d->items[i], s, look);
	}
	if (shown == end - first)
		return;
	buf_printf(out, "and %zu more mistake%s", end - first - shown,
		   end - first - shown == 1 ? "" : "s");
	if (span_place(s, d->items[first].span).line) {
		buf_add_c(out, " in ");
		print_safe(out, span_place(s, d->items[first].span).path);
	}
	buf_add_char(out, '\n');
}

void diags_print(struct buf *out, struct diags *d, const struct sources *s, bool colour)
{
	const struct look *look = colour ? &coloured : &plain;
	size_t end;

	diags_sort(d);
	for (size_t i = 0; i < d->count; i = end) {
		end = file_end(d, i);
		print_file(out, d, i, end, s, look);
	}
}

static void print_json_one(struct buf *out, const struct diag *diag, const struct sources *s)
{
	struct place place = span_place(s, diag->span);

	buf_printf(out, "{\"severity\":\"%s\"",
		   diag->severity == SEVERITY_ERROR ? "error" : "warning");
	if (diag->code[0])
		buf_printf(out, ",\"code\":\"%s\"", diag->code);
	if (place.line) {
		struct span last = { diag->span.file, diag->span.end, diag->span.end };
		struct place end = span_place(s, last);

		buf_add_c(out, ",\"path\":");
		json_print_string(out, place.path);
		buf_printf(out, ",\"line\":%u,\"column\":%u,\"end_line\":%u,\"end_column\":%u",
			   (unsigned)place.line, (unsigned)place.column, (unsigned)end.line,
			   (unsigned)end.column);
	}
	buf_add_c(out, ",\"message\":");
	json_print_string(out, diag->text);
	if (diag->help.length) {
		buf_add_c(out, ",\"help\":");
		json_print_string(out, diag->help);
	}
	buf_add_char(out, '}');
}

void diags_print_json(struct buf *out, struct diags *d, const struct sources *s)
{
	diags_sort(d);
	buf_add_char(out, '[');
	for (size_t i = 0; i < d->count; i++) {
		if (i)
			buf_add_char(out, ',');
		print_json_one(out, &d->items[i], s);
	}
	buf_add_char(out, ']');
}
