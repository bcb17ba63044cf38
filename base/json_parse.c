#include "json.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "stats.h"
#include "utf8.h"

struct reader {
	struct arena *arena;
	struct str text;
	size_t at;
	uint32_t file;
	unsigned depth;
	bool simple;			/* is_simple(text) */
	struct error *err;
};

static bool read_value(struct reader *r, struct value *out);

/* The place is worked out here alone, since parsing stops at the first mistake. */
static bool fail(struct reader *r, enum error_kind kind, size_t at, const char *what)
{
	unsigned line = 1, column = 1;

	for (size_t i = 0; i < at && i < r->text.length; i++) {
		if (r->text.data[i] == '\n') {
			line++;
			column = 1;
		} else if (((unsigned char)r->text.data[i] & 0xC0) != 0x80) {
			column++;
		}
	}
	return error_set(r->err, kind, "invalid JSON at line %u, column %u: %s", line, column,
			 what);
}

static bool fail_here(struct reader *r, const char *what)
{
	return fail(r, ERROR_PARSE, r->at, what);
}

static struct span span_from(const struct reader *r, size_t start)
{
	if (r->file == SPAN_NOWHERE)
		return SPAN_NONE;
	return (struct span){ r->file, (uint32_t)start, (uint32_t)r->at };
}

/* 0 at the end of the text; a NUL in it is never valid outside a string. */
static char peek(const struct reader *r)
{
	return r->at < r->text.length ? r->text.data[r->at] : '\0';
}

static bool take(struct reader *r, char c)
{
	if (r->at == r->text.length || r->text.data[r->at] != c)
		return false;
	r->at++;
	return true;
}

static void skip_all_blanks(struct reader *r)
{
	while (r->at < r->text.length) {
		char c = r->text.data[r->at];

		if (c != ' ' && c != '\t' && c != '\n' && c != '\r')
			break;
		r->at++;
	}
}

/* What programs write has none. */
static inline void skip_blanks(struct reader *r)
{
	if (r->at < r->text.length && r->text.data[r->at] <= ' ')
		skip_all_blanks(r);
}

static bool take_word(struct reader *r, struct str word)
{
	if (!str_starts(str_slice(r->text, r->at, r->text.length), word))
		return fail_here(r, "expected a value");
	r->at += word.length;
	return true;
}

static size_t skip_digits(struct reader *r)
{
	size_t start = r->at;

	while (peek(r) >= '0' && peek(r) <= '9')
		r->at++;
	return r->at - start;
}

static bool read_number(struct reader *r, struct value *out)
{
	size_t start = r->at;
	bool integer = true;
	struct str digits;

	take(r, '-');
	if (!take(r, '0') && !skip_digits(r))
		return fail_here(r, "expected a digit");
	if (take(r, '.')) {
		integer = false;
		if (!skip_digits(r))
			return fail_here(r, "expected a digit after the point");
	}
	if (take(r, 'e') || take(r, 'E')) {
		integer = false;
		if (!take(r, '+'))
			take(r, '-');
		if (!skip_digits(r))
			return fail_here(r, "expected a digit in the exponent");
	}
	digits = str_slice(r->text, start, r->at);
	*out = value_int(0);
	if (!integer || !str_to_int(digits, &out->integer))
		*out = value_float(strtod(str_to_c(r->arena, digits), NULL));
	if (out->kind == VALUE_FLOAT && isinf(out->number))
		return fail(r, ERROR_LIMIT, start, "the number is too large");
	return true;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

static bool read_hex4(struct reader *r, uint32_t *out)
{
	*out = 0;
	for (int i = 0; i < 4; i++) {
		int digit = hex_digit(peek(r));

		if (digit < 0)
			return fail_here(r, "expected four hexadecimal digits");
		*out = *out << 4 | (uint32_t)digit;
		r->at++;
	}
	return true;
}

/* What stands after \u, with the second half of a surrogate pair. */
static bool read_codepoint(struct reader *r, uint32_t *out)
{
	size_t start = r->at - 2;
	uint32_t low;

	if (!read_hex4(r, out))
		return false;
	if (*out < 0xD800 || *out > 0xDFFF)
		return true;
	if (*out > 0xDBFF || !take(r, '\\') || !take(r, 'u'))
		return fail(r, ERROR_PARSE, start, "half of a surrogate pair");
	if (!read_hex4(r, &low))
		return false;
	if (low < 0xDC00 || low > 0xDFFF)
		return fail(r, ERROR_PARSE, start, "half of a surrogate pair");
	*out = 0x10000 + ((*out - 0xD800) << 10) + (low - 0xDC00);
	return true;
}

/* text: NULL where it is only checked. */
static bool read_escape(struct reader *r, struct buf *text)
{
	static const char names[] = "\"\\/bfnrt", bytes[] = "\"\\/\b\f\n\r\t";
	uint32_t codepoint;

	for (size_t i = 0; i < sizeof(names) - 1; i++) {
		if (take(r, names[i])) {
			if (text)
				buf_add_char(text, bytes[i]);
			return true;
		}
	}
	if (!take(r, 'u'))
		return fail_here(r, "unknown escape");
	if (!read_codepoint(r, &codepoint))
		return false;
	if (text)
		buf_add_utf8(text, codepoint);
	return true;
}

/* Moves over one character that stands for itself. */
static bool skip_character(struct reader *r)
{
	uint32_t codepoint;
	size_t size;

	if (r->at == r->text.length)
		return fail_here(r, "the string does not end");
	size = utf8_decode(r->text.data + r->at, r->text.length - r->at, &codepoint);
	if (!size)
		return fail_here(r, "not UTF-8");
	if (codepoint < 0x20)
		return fail_here(r, "a control character must be escaped");
	r->at += size;
	return true;
}

#define EACH_BYTE(b) (UINT64_C(0x0101010101010101) * (b))

/*
 * ASCII with neither control character nor escape, as nearly all text that programs
 * write: there a string is what stands up to the next quote.
 */
static bool is_simple(struct str text)
{
	uint64_t high = 0, bytes;
	size_t i = 0;

	for (; i + sizeof(bytes) <= text.length; i += sizeof(bytes)) {
		memcpy(&bytes, text.data + i, sizeof(bytes));
		/* Below a blank the subtraction borrows, which sets the high bit. */
		high |= bytes | (bytes - EACH_BYTE(0x20));
	}
	if (high & EACH_BYTE(0x80))
		return false;
	for (; i < text.length; i++) {
		if (text.data[i] < 0x20 || (unsigned char)text.data[i] >= 0x80)
			return false;
	}
	return str_index(text, '\\') == text.length;
}

/* Moves to what ends a string or needs a closer look: most text is plain ASCII. */
static void skip_plain(struct reader *r)
{
	const char *rest = r->text.data + r->at, *quote;
	size_t length = r->text.length - r->at;

	if (!r->simple) {
		r->at += utf8_plain(rest, length);
		return;
	}
	quote = length ? memchr(rest, '"', length) : NULL;
	r->at += quote ? (size_t)(quote - rest) : length;
}

struct offsets VEC_OF(uint32_t);

static void note_offsets(struct reader *r, struct offsets *offsets, size_t from, size_t until,
			 size_t source, size_t step)
{
	if (r->file == SPAN_NOWHERE)
		return;
	for (size_t i = from; i < until; i++)
		*vec_push(r->arena, offsets) = (uint32_t)(source + (i - from) * step);
}

/* The rest of a string whose first escape is next; start is where its text began. */
static bool read_escaped(struct reader *r, size_t start, struct value *out)
{
	struct offsets offsets = { 0 };
	struct buf text;

	buf_init(&text, r->arena);
	buf_add(&text, str_slice(r->text, start, r->at));
	note_offsets(r, &offsets, 0, text.length, start, 1);
	while (!take(r, '"')) {
		size_t from = r->at, length = text.length;
		bool escape = take(r, '\\');

		if (escape ? !read_escape(r, &text) : !skip_character(r))
			return false;
		if (!escape)
			buf_add(&text, str_slice(r->text, from, r->at));
		note_offsets(r, &offsets, length, text.length, from, escape ? 0 : 1);
	}
	note_offsets(r, &offsets, 0, 1, r->at - 1, 1);
	out->string = buf_str(&text);
	out->offsets = offsets.items;
	return true;
}

static bool read_string(struct reader *r, struct value *out)
{
	size_t start;

	if (!take(r, '"'))
		return fail_here(r, "expected a string");
	start = r->at;
	*out = value_string((struct str){ 0 });
	for (skip_plain(r); peek(r) != '"' && peek(r) != '\\'; skip_plain(r)) {
		if (!skip_character(r))
			return false;
	}
	if (peek(r) == '\\') {
		if (!read_escaped(r, start, out))
			return false;
	} else {
		out->string = str_slice(r->text, start, r->at);
		r->at++;
	}
	out->text_start = (uint32_t)start;
	return true;
}

static bool read_list(struct reader *r, struct value *out)
{
	r->at++;
	*out = value_list(NULL, 0);
	skip_blanks(r);
	if (take(r, ']'))
		return true;
	do {
		struct value item;

		if (!read_value(r, &item))
			return false;
		value_append(r->arena, out, item);
		skip_blanks(r);
	} while (take(r, ','));
	return take(r, ']') || fail_here(r, "expected ',' or ']'");
}

static bool read_member(struct reader *r, struct value *map)
{
	struct value key, item, *place;
	struct span key_span;
	size_t start;

	skip_blanks(r);
	start = r->at;
	if (!read_string(r, &key))
		return false;
	key_span = span_from(r, start);
	skip_blanks(r);
	if (!take(r, ':'))
		return fail_here(r, "expected ':'");
	if (!read_value(r, &item))
		return false;
	place = value_set(r->arena, map, key.string, item);
	((struct member *)((char *)place - offsetof(struct member, value)))->key_span = key_span;
	return true;
}

static bool read_map(struct reader *r, struct value *out)
{
	r->at++;
	*out = value_map();
	skip_blanks(r);
	if (take(r, '}'))
		return true;
	do {
		if (!read_member(r, out))
			return false;
		skip_blanks(r);
	} while (take(r, ','));
	return take(r, '}') || fail_here(r, "expected ',' or '}'");
}

static bool read_nested(struct reader *r, struct value *out, bool (*read)(struct reader *,
									  struct value *))
{
	bool good;

	if (r->depth == JSON_DEPTH_LIMIT)
		return fail(r, ERROR_LIMIT, r->at, "nested too deeply");
	r->depth++;
	good = read(r, out);
	r->depth--;
	return good;
}

static bool read_kind(struct reader *r, struct value *out)
{
	switch (peek(r)) {
	case '{':
		return read_nested(r, out, read_map);
	case '[':
		return read_nested(r, out, read_list);
	case '"':
		return read_string(r, out);
	case 't':
		*out = value_bool(true);
		return take_word(r, STR("true"));
	case 'f':
		*out = value_bool(false);
		return take_word(r, STR("false"));
	case 'n':
		*out = value_null();
		return take_word(r, STR("null"));
	}
	if (peek(r) != '-' && (peek(r) < '0' || peek(r) > '9'))
		return fail_here(r, "expected a value");
	return read_number(r, out);
}

static bool read_value(struct reader *r, struct value *out)
{
	size_t start;

	skip_blanks(r);
	start = r->at;
	if (!read_kind(r, out))
		return false;
	out->span = span_from(r, start);
	return true;
}

bool json_parse(struct arena *a, struct str text, uint32_t file, struct value *out,
		struct error *err)
{
	struct reader r = { .arena = a, .text = text, .file = file, .simple = is_simple(text),
			    .err = err };

	if (text.length >= UINT32_MAX)
		return error_set(err, ERROR_LIMIT, "JSON of %zu bytes is too large", text.length);
	stats.bytes_read += text.length;
	if (!read_value(&r, out))
		return false;
	skip_blanks(&r);
	return r.at == text.length || fail_here(&r, "something stands after the value");
}

/* ---- reading a little of a text ---- */

static bool skip_value(struct reader *r);

static bool skip_string(struct reader *r)
{
	if (!take(r, '"'))
		return fail_here(r, "expected a string");
	for (skip_plain(r); !take(r, '"'); skip_plain(r)) {
		if (take(r, '\\') ? !read_escape(r, NULL) : !skip_character(r))
			return false;
	}
	return true;
}

static bool skip_name(struct reader *r)
{
	skip_blanks(r);
	if (!skip_string(r))
		return false;
	skip_blanks(r);
	return take(r, ':') || fail_here(r, "expected ':'");
}

static bool skip_items(struct reader *r, bool map)
{
	char close = map ? '}' : ']';

	r->at++;
	skip_blanks(r);
	if (take(r, close))
		return true;
	do {
		if ((map && !skip_name(r)) || !skip_value(r))
			return false;
		skip_blanks(r);
	} while (take(r, ','));
	return take(r, close) ||
	       fail_here(r, map ? "expected ',' or '}'" : "expected ',' or ']'");
}

static bool skip_value(struct reader *r)
{
	struct value small;
	bool good, map;

	skip_blanks(r);
	map = peek(r) == '{';
	if (peek(r) == '"')
		return skip_string(r);
	if (!map && peek(r) != '[')
		return read_kind(r, &small);
	if (r->depth == JSON_DEPTH_LIMIT)
		return fail(r, ERROR_LIMIT, r->at, "nested too deeply");
	r->depth++;
	good = skip_items(r, map);
	r->depth--;
	return good;
}

/* ---- the same, quickly ---- */

/* At a scalar of a simple text; NULL where it is nothing plain. */
static const char *scalar_end(const char *at, const char *end)
{
	static const struct str words[] = { STR_INIT("true"), STR_INIT("false"), STR_INIT("null") };
	struct str rest = str_of(at, (size_t)(end - at));
	const char *digits;

	if (*at == '"') {
		at = memchr(at + 1, '"', rest.length - 1);
		return at ? at + 1 : NULL;
	}
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		if (str_starts(rest, words[i]))
			return at + words[i].length;
	}
	digits = at += *at == '-';
	while (at < end && *at >= '0' && *at <= '9')
		at++;
	/* What goes on behind the digits, or begins with a zero, is looked at closely. */
	return at > digits && (*digits != '0' || at == digits + 1) &&
	       (at == end || *at == ',' || *at == ']' || *at == '}') ? at : NULL;
}

/* At a member's name in a simple text: where its value begins; NULL where it is nothing plain. */
static const char *name_end(const char *at, const char *end)
{
	const char *quote = at < end && *at == '"'
			    ? memchr(at + 1, '"', (size_t)(end - at) - 1) : NULL;

	return quote && quote + 1 < end && quote[1] == ':' ? quote + 2 : NULL;
}

#define QUICK_DEPTH 32

/*
 * A value of a simple text without blanks, as a row of the state has.  False, and
 * nothing is moved, where it is not just that: whoever is thorough then says why.
 */
static bool skip_quickly(struct reader *r)
{
	const char *at = r->text.data + r->at, *end = r->text.data + r->text.length;
	uint64_t maps = 0;		/* a bit for each open bracket, the innermost lowest */
	unsigned depth = 0;

	for (;;) {
		if (depth && maps & 1)
			at = name_end(at, end);
		if (!at || at == end || r->depth + depth >= QUICK_DEPTH)
			return false;
		if (*at == '{' || *at == '[') {
			maps = maps << 1 | (*at == '{');
			depth++;
			at++;
			if (at == end || *at != (maps & 1 ? '}' : ']'))
				continue;
		} else {
			at = scalar_end(at, end);
		}
		while (at && depth && at < end && *at == (maps & 1 ? '}' : ']')) {
			at++;
			maps >>= 1;
			depth--;
		}
		if (!at || !depth)
			break;
		if (at == end || *at++ != ',')
			return false;
	}
	if (at)
		r->at = (size_t)(at - r->text.data);
	return at;
}

static bool skip_any(struct reader *r)
{
	return (r->simple && skip_quickly(r)) || skip_value(r);
}

/* The item behind the last one; false, and nothing is moved, where it is nothing plain. */
static bool next_quickly(struct json_items *items, struct str *name, struct str *item)
{
	const char *data = items->text.data, *end = data + items->text.length;
	struct reader r = { .text = items->text, .at = items->at + 1, .depth = 1, .simple = true };
	const char *value = data + r.at;

	if (r.at >= items->text.length || value[-1] != ',')
		return false;
	if (items->map) {
		value = name_end(value, end);
		if (!value)
			return false;
		*name = str_slice(items->text, r.at + 1, (size_t)(value - data) - 2);
		r.at = (size_t)(value - data);
	}
	if (!skip_quickly(&r))
		return false;
	*item = str_slice(items->text, (size_t)(value - data), r.at);
	stats.bytes_read += r.at - items->at;
	items->at = r.at;
	return true;
}

static struct str skipped(struct reader *r, bool (*skip)(struct reader *), bool *good)
{
	size_t start;

	skip_blanks(r);
	start = r->at;
	*good = *good && skip(r);
	return str_slice(r->text, start, r->at);
}

/* Moves to the next item; at the end *more is false.  Returns false after a mistake. */
static bool next_item(struct reader *r, struct json_items *items, bool *more)
{
	bool first = !items->begun;

	skip_blanks(r);
	if (first) {
		items->map = peek(r) == '{';
		if (!items->map && peek(r) != '[')
			return fail_here(r, "expected an object or a list");
		r->at++;
		r->depth++;
		items->begun = true;
		skip_blanks(r);
	}
	*more = !take(r, items->map ? '}' : ']');
	if (*more)
		return first || take(r, ',') || fail_here(r, "expected ',' or an end");
	skip_blanks(r);
	return r->at == r->text.length || fail_here(r, "something stands after the value");
}

bool json_next(struct json_items *items, struct str *name, struct str *item)
{
	struct reader r = { .arena = items->scratch, .text = items->text, .at = items->at,
			    .file = SPAN_NOWHERE, .depth = items->begun, .err = items->err };
	bool more = false, good;

	if (items->begun && items->simple && next_quickly(items, name, item))
		return true;
	if (!items->begun)
		items->simple = is_simple(items->text);
	r.simple = items->simple;
	good = next_item(&r, items, &more);

	if (good && more && items->map) {
		*name = skipped(&r, skip_string, &good);
		*name = str_slice(*name, 1, name->length - 1);
		skip_blanks(&r);
		good = good && (take(&r, ':') || fail_here(&r, "expected ':'"));
	}
	if (good && more)
		*item = skipped(&r, skip_any, &good);
	stats.bytes_read += r.at - items->at;
	items->at = r.at;
	items->failed = !good;
	return good && more;
}
