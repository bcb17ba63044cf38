#include "yaml_scalar.h"

#include <string.h>

/* Walks a scalar as it is written beside what libyaml made of it. */
struct aligner {
	struct str source;
	uint32_t at, end;		/* of the source */
	struct str text;
	uint32_t done;			/* of the text */
	uint32_t *offsets;
};

static char byte_at(const struct aligner *al, uint32_t at)
{
	return at < al->end ? al->source.data[at] : '\0';
}

static void note(struct aligner *al, uint32_t count, uint32_t offset)
{
	while (count-- && al->done < al->text.length)
		al->offsets[al->done++] = offset;
}

static uint32_t newline_length(const struct aligner *al, uint32_t at)
{
	if (byte_at(al, at) == '\r')
		return byte_at(al, at + 1) == '\n' ? 2 : 1;
	return byte_at(al, at) == '\n';
}

/* False where the two part ways: libyaml knows more line ends than we do. */
static bool copy_byte(struct aligner *al)
{
	if (byte_at(al, al->at) != al->text.data[al->done])
		return false;
	note(al, 1, al->at++);
	return true;
}

/* Moves over blanks and newlines; returns how many newlines there were. */
static uint32_t skip_white(struct aligner *al)
{
	uint32_t newlines = 0;

	while (al->at < al->end) {
		uint32_t length = newline_length(al, al->at);

		if (!length && byte_at(al, al->at) != ' ' && byte_at(al, al->at) != '\t')
			break;
		newlines += length > 0;
		al->at += length ? length : 1;
	}
	return newlines;
}

/* One newline reads as a blank, n as n - 1. */
static void read_white(struct aligner *al)
{
	uint32_t start = al->at, newlines = skip_white(al), after = al->at;

	if (newlines) {
		note(al, newlines > 1 ? newlines - 1 : 1, start);
		return;
	}
	for (uint32_t at = start; at < after; at++)
		note(al, 1, at);
}

static uint32_t character_length(char first)
{
	unsigned char c = (unsigned char)first;

	return c < 0x80 ? 1 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4;
}

static void read_escape(struct aligner *al)
{
	uint32_t start = al->at, newline = newline_length(al, start + 1);
	char name = byte_at(al, start + 1);

	if (newline) {
		al->at += 1 + newline;
		note(al, skip_white(al), start);
		return;
	}
	al->at += name == 'x' ? 4 : name == 'u' ? 6 : name == 'U' ? 10 : 2;
	note(al, character_length(al->text.data[al->done]), start);
}

static void align_flow(struct aligner *al, char quote)
{
	while (al->at < al->end && al->done < al->text.length) {
		char c = byte_at(al, al->at);

		if (quote == '"' && c == '\\') {
			read_escape(al);
		} else if (quote == '\'' && c == '\'') {
			note(al, 1, al->at);
			al->at += 2;
		} else if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
			read_white(al);
		} else if (!copy_byte(al)) {
			return;
		}
	}
}

static uint32_t count_blanks(struct str s, size_t at)
{
	size_t start = at;

	while (at < s.length && s.data[at] == ' ')
		at++;
	return (uint32_t)(at - start);
}

static uint32_t end_of_line(const struct aligner *al, uint32_t at)
{
	while (at < al->end && !newline_length(al, at))
		at++;
	return at;
}

/* What the first line with text is indented by, less the blanks that are its own. */
static uint32_t find_indent(const struct aligner *al)
{
	uint32_t at = al->at, blanks;
	size_t line = 0;

	while (line < al->text.length && al->text.data[line] == '\n')
		line++;
	while (at < al->end && newline_length(al, at + count_blanks(al->source, at)))
		at += count_blanks(al->source, at) + 1;
	blanks = count_blanks(al->source, at);
	line = count_blanks(al->text, line);
	return blanks > line ? blanks - (uint32_t)line : 0;
}

static void align_block(struct aligner *al)
{
	bool folded = byte_at(al, al->at) == '>';
	uint32_t indent;

	al->at = end_of_line(al, al->at);
	al->at += newline_length(al, al->at);
	indent = find_indent(al);
	while (al->at < al->end && al->done < al->text.length) {
		uint32_t blanks = count_blanks(al->source, al->at);
		uint32_t line_end;

		al->at += blanks < indent ? blanks : indent;
		line_end = end_of_line(al, al->at);
		while (al->at < line_end && al->done < al->text.length)
			if (!copy_byte(al))
				return;
		if (al->done < al->text.length && (al->text.data[al->done] == '\n' ||
						   (folded && al->text.data[al->done] == ' ')))
			note(al, 1, al->at);
		al->at += newline_length(al, al->at);
	}
}

void yaml_place_text(struct arena *a, struct str source, uint32_t start, uint32_t end,
		     struct value *v)
{
	char first = start < end ? source.data[start] : '\0';
	bool quoted = first == '"' || first == '\'', block = first == '|' || first == '>';
	struct aligner al = { .source = source, .at = start + quoted, .end = end - quoted,
			      .text = v->string };

	v->text_start = al.at;
	if (!block && str_equal(str_slice(source, al.at, al.end), v->string))
		return;
	al.offsets = arena_array(a, uint32_t, v->string.length + 1);
	if (block)
		align_block(&al);
	else
		align_flow(&al, quoted ? first : '\0');
	note(&al, (uint32_t)v->string.length, al.at < end ? al.at : end);
	al.offsets[v->string.length] = al.end;
	v->text_start = al.offsets[0];
	v->offsets = al.offsets;
}
