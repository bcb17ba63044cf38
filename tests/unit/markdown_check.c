#include "markdown_check.h"

#include "base/utf8.h"

struct document {
	struct str rest;
	struct str line;
	size_t number;
	size_t columns;			/* of the table that we are in; 0: none */
};

static bool next_line(struct document *d)
{
	if (!str_split(&d->rest, '\n', &d->line))
		return false;
	d->number++;
	return true;
}

static bool is_alnum(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static bool only(struct str text, const char *besides)
{
	for (size_t i = 0; i < text.length; i++) {
		if (!is_alnum(text.data[i]) && (!text.data[i] || !strchr(besides, text.data[i])))
			return false;
	}
	return true;
}

/* Nothing that a terminal or a browser obeys or that turns text around. */
static const char *check_characters(struct str text)
{
	for (size_t i = 0; i < text.length;) {
		uint32_t c = 0;
		size_t size = utf8_decode(text.data + i, text.length - i, &c);

		if (!size)
			return "not UTF-8";
		if (c < 0x20 || (c >= 0x7F && c < 0xA0) || (c >= 0x200B && c <= 0x200F) ||
		    (c >= 0x2028 && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F))
			return "a character that is obeyed";
		i += size;
	}
	return NULL;
}

/* ---- inline ---- */

/* The signs that the program writes itself. */
static size_t own_sign(struct str rest)
{
	static const struct str signs[] = {
		STR_INIT("—"), STR_INIT("…"), STR_INIT("−"), STR_INIT("⚠️"), STR_INIT("🔴"),
		STR_INIT("🟠"), STR_INIT("🟢"), STR_INIT("⚪"), STR_INIT("**"),
	};

	for (size_t i = 0; i < sizeof(signs) / sizeof(*signs); i++) {
		if (str_starts(rest, signs[i]))
			return signs[i].length;
	}
	return 0;
}

/* A span of code at the start: its length; 0 and *wrong if it is none that is closed. */
static size_t code_span(struct str rest, const char **wrong)
{
	static const struct str open = STR_INIT("<code>"), end = STR_INIT("</code>");
	size_t close;

	if (rest.data[0] == '`') {
		close = str_index(str_slice(rest, 1, rest.length), '`');
		if (close + 1 < rest.length && close > 0)
			return close + 2;
		*wrong = "a code span that is not closed";
		return 0;
	}
	close = str_find(rest, end);
	if (!str_starts(rest, open) || close == rest.length) {
		*wrong = "a tag";
		return 0;
	}
	for (size_t i = open.length; i < close; i++) {
		size_t digits = i + 2;

		if (is_alnum(rest.data[i]) || (unsigned char)rest.data[i] >= 0x80)
			continue;
		while (digits < close && rest.data[digits] >= '0' && rest.data[digits] <= '9')
			digits++;
		if (rest.data[i] != '&' || rest.data[i + 1] != '#' || digits == i + 2 ||
		    rest.data[digits] != ';') {
			*wrong = "a character in <code> that is no number";
			return 0;
		}
		i = digits;
	}
	return close + end.length;
}

static bool is_own(struct str text, size_t i)
{
	char c = text.data[i], next = i + 1 < text.length ? text.data[i + 1] : ' ';
	char before = i ? text.data[i - 1] : ' ';

	if (is_alnum(c) || (c && strchr(" ,;()'+?", c)))
		return true;
	if (c == '.')
		return !is_alnum(next) || (next >= '0' && next <= '9');
	if (c == ':')
		return next == ' ';
	if (c == '/' || c == '=')
		return before == ' ' && next == ' ';
	return c == '-' && next >= 'a' && next <= 'z';
}

static const char *check_inline(struct str text)
{
	const char *wrong = check_characters(text);

	for (size_t i = 0; !wrong && i < text.length;) {
		struct str rest = str_slice(text, i, text.length);
		size_t own = own_sign(rest);

		if (!own && (rest.data[0] == '`' || rest.data[0] == '<'))
			own = code_span(rest, &wrong);
		else if (!own && is_own(text, i))
			own = 1;
		if (!own)
			return wrong ? wrong : "a character outside of code";
		i += own;
	}
	return wrong;
}

/* ---- blocks ---- */

static const char *check_row(struct document *d)
{
	struct str rest = d->line, cell;
	size_t columns = 0;
	const char *wrong;

	if (!str_starts(rest, STR("| ")) || !str_ends(rest, STR("|")))
		return "a row that does not begin and end with a bar";
	rest = str_slice(rest, 1, rest.length - 1);
	while (str_split(&rest, '|', &cell)) {
		wrong = check_inline(cell);
		if (wrong)
			return wrong;
		columns++;
	}
	if (d->columns && d->columns != columns)
		return "a row with another number of cells";
	if (!d->columns) {
		d->columns = columns;
		if (!next_line(d) || !str_starts(d->line, STR("|--")))
			return "a table without a second line";
		for (size_t i = 0; i < d->line.length; i++) {
			if (!strchr("|-:", d->line.data[i]))
				return "a second line of a table with text in it";
		}
	}
	return NULL;
}

static size_t ticks_of(struct str line)
{
	size_t count = 0;

	while (count < line.length && line.data[count] == '`')
		count++;
	return count;
}

static const char *check_fence(struct document *d)
{
	size_t ticks = ticks_of(d->line);
	struct str language = str_slice(d->line, ticks, d->line.length);
	const char *wrong;

	if (!str_equal_c(language, "") && !str_equal_c(language, "diff") &&
	    !str_equal_c(language, "sh"))
		return "a fence of another language";
	while (next_line(d)) {
		size_t run = ticks_of(str_trim(d->line));

		if (run >= ticks && run == str_trim(d->line).length)
			return run == ticks && run == d->line.length ? NULL : "another fence";
		wrong = check_characters(d->line);
		if (wrong)
			return wrong;
	}
	return "a fence that is not closed";
}

static const char *check_fold(struct document *d)
{
	static const struct str open = STR_INIT("<details><summary>");
	static const struct str close = STR_INIT("</summary>");
	const char *wrong;

	if (!str_ends(d->line, close) ||
	    !only(str_slice(d->line, open.length, d->line.length - close.length), " (),"))
		return "a fold whose title is no plain text";
	if (!next_line(d) || d->line.length || !next_line(d) || ticks_of(d->line) < 3)
		return "a fold without a fence";
	wrong = check_fence(d);
	if (wrong)
		return wrong;
	if (!next_line(d) || d->line.length || !next_line(d) ||
	    !str_equal_c(d->line, "</details>"))
		return "a fold that is not closed";
	return NULL;
}

static const char *check_block(struct document *d)
{
	bool row = str_starts(d->line, STR("|"));

	if (!row)
		d->columns = 0;
	if (row)
		return check_row(d);
	if (str_starts(d->line, STR("<details>")))
		return check_fold(d);
	if (ticks_of(d->line) >= 3)
		return check_fence(d);
	if (str_starts(d->line, STR("### ")) || str_starts(d->line, STR("#### ")))
		return check_inline(str_slice(d->line, 5, d->line.length));
	return check_inline(d->line);
}

static const char *check_marker(struct document *d, struct str start, const char *besides)
{
	static const struct str end = STR_INIT(" -->");

	if (!next_line(d) || !str_starts(d->line, start) || !str_ends(d->line, end))
		return "a marker that is none";
	if (!only(str_slice(d->line, start.length, d->line.length - end.length), besides))
		return "a character in a marker";
	return NULL;
}

const char *markdown_check(struct str text, size_t *line)
{
	struct document d = { .rest = text };
	const char *wrong = check_marker(&d, STR("<!-- effc:plan v1 "), " =,./_-");

	if (!wrong)
		wrong = check_marker(&d, STR("<!-- effc:actions v1"), " :~._");
	while (!wrong && next_line(&d))
		wrong = check_block(&d);
	*line = d.number;
	return wrong;
}
