#include "diag.h"

#include <string.h>

#include "stats.h"

#define STRIDE 1024

struct source_index {
	struct arena *arena;
	const uint32_t *lines;		/* where each line starts */
	uint32_t line_count;		/* 0: not made yet */
	const uint32_t *characters;	/* how many stand before each whole KiB */
};

static uint32_t count_lines(struct str text)
{
	uint32_t count = 1;
	size_t at = 0;

	while ((at += str_index(str_slice(text, at, text.length), '\n')) < text.length) {
		count++;
		at++;
	}
	return count;
}

/* Characters of UTF-8: bytes that do not continue one. */
static uint32_t count_characters(struct str text, size_t start, size_t end)
{
	const uint64_t high_bits = UINT64_C(0x8080808080808080);
	uint32_t count = 0;
	size_t i = start;
	uint64_t bytes;

	if (end > text.length)
		end = text.length;
	while (i < end) {
		/* Eight of ASCII at once, as nearly all are. */
		if (end - i >= sizeof(bytes)) {
			memcpy(&bytes, text.data + i, sizeof(bytes));
			if (!(bytes & high_bits)) {
				count += sizeof(bytes);
				i += sizeof(bytes);
				continue;
			}
		}
		count += ((unsigned char)text.data[i++] & 0xC0) != 0x80;
	}
	return count;
}

static const uint32_t *index_characters(struct arena *a, struct str text)
{
	size_t count = text.length / STRIDE + 1;
	uint32_t *before = arena_array(a, uint32_t, count);

	for (size_t i = 1; i < count; i++)
		before[i] = before[i - 1] + count_characters(text, (i - 1) * STRIDE, i * STRIDE);
	return before;
}

uint32_t sources_add(struct arena *a, struct sources *s, struct str path, struct str text)
{
	struct source_index *index = arena_new(a, struct source_index);

	CHECK(text.length < UINT32_MAX && s->count < SPAN_NOWHERE);
	index->arena = a;
	stats.bytes_read += text.length;
	*vec_push(a, s) = (struct source){ path, text, index };
	return (uint32_t)s->count - 1;
}

/* Most texts have no mistake, so nobody asks for a place in them. */
static const struct source_index *index_of(const struct source *source)
{
	struct source_index *index = source->index;
	uint32_t *lines;

	if (index->line_count)
		return index;
	index->line_count = count_lines(source->text);
	lines = arena_array(index->arena, uint32_t, index->line_count);
	for (uint32_t i = 1; i < index->line_count; i++) {
		struct str rest = str_slice(source->text, lines[i - 1], source->text.length);

		lines[i] = lines[i - 1] + (uint32_t)str_index(rest, '\n') + 1;
	}
	index->lines = lines;
	index->characters = index_characters(index->arena, source->text);
	return index;
}

static uint32_t characters_before(const struct source *source, uint32_t offset)
{
	size_t whole = offset / STRIDE;

	return index_of(source)->characters[whole] +
	       count_characters(source->text, whole * STRIDE, offset);
}

/* Index of the line that holds an offset. */
static uint32_t line_of(const struct source *source, uint32_t offset)
{
	const struct source_index *index = index_of(source);
	uint32_t low = 0, high = index->line_count;

	while (high - low > 1) {
		uint32_t middle = low + (high - low) / 2;

		if (index->lines[middle] <= offset)
			low = middle;
		else
			high = middle;
	}
	return low;
}

struct place span_place(const struct sources *s, struct span span)
{
	const struct source *source;
	uint32_t line;

	if (span.file == SPAN_NOWHERE || !s || span.file >= s->count)
		return (struct place){ 0 };
	source = &s->items[span.file];
	CHECK(span.start <= source->text.length);
	line = line_of(source, span.start);
	return (struct place){
		.path = source->path,
		.line = line + 1,
		.column = 1 + characters_before(source, span.start) -
			  characters_before(source, index_of(source)->lines[line]),
	};
}

struct str span_text(struct arena *a, const struct sources *s, struct span span)
{
	struct place place = span_place(s, span);

	if (!place.line)
		return (struct str){ 0 };
	return str_format(a, "%.*s:%u:%u", STR_ARG(place.path), (unsigned)place.line,
			  (unsigned)place.column);
}

struct str span_line(const struct sources *s, struct span span, uint32_t *start)
{
	const struct source *source = &s->items[span.file];
	uint32_t line = line_of(source, span.start);
	size_t end = source->text.length;
	struct str text;

	if (line + 1 < index_of(source)->line_count)
		end = index_of(source)->lines[line + 1] - 1;
	*start = index_of(source)->lines[line];
	text = str_slice(source->text, *start, end);
	if (str_ends(text, STR("\r")))
		text.length--;
	return text;
}
