#include "json_text.h"

#include <math.h>
#include <stdlib.h>

static struct value read_value(struct json *j, unsigned depth);

bool json_counts(struct json *j)
{
	if (j->mistakes++ < TOML_ERROR_LIMIT)
		return true;
	if (j->mistakes == TOML_ERROR_LIMIT + 1)
		diag_error(j->diags, json_span(j, j->at, j->at),
			   "E0104 more than %d mistakes in this file: the rest is not read",
			   TOML_ERROR_LIMIT);
	j->lost = true;
	return false;
}

struct span json_span(const struct json *j, uint32_t start, uint32_t end)
{
	return (struct span){ j->file, start, end };
}

int json_byte(const struct json *j, uint32_t at)
{
	return at < j->text.length ? (unsigned char)j->text.data[at] : -1;
}

struct str json_slice(const struct json *j, uint32_t start, uint32_t end)
{
	return str_slice(j->text, start, end);
}

struct value json_damaged(const struct json *j, uint32_t start, uint32_t end)
{
	struct value v = value_null();

	v.span = json_span(j, start, end);
	v.marks = VALUE_DAMAGED;
	return v;
}

static int peek(const struct json *j)
{
	return json_byte(j, j->at);
}

static uint32_t character_end(const struct json *j, uint32_t at)
{
	at += at < j->text.length;
	while ((json_byte(j, at) & 0xC0) == 0x80 && json_byte(j, at) >= 0)
		at++;
	return at;
}

static struct str found(const struct json *j)
{
	if (peek(j) < 0)
		return STR("the end of the file");
	if (peek(j) < ' ' || peek(j) == 0x7F)
		return str_format(j->arena, "control character U+%04X", (unsigned)peek(j));
	return str_format(j->arena, "'%.*s'",
			  STR_ARG(json_slice(j, j->at, character_end(j, j->at))));
}

/* "//" and '#' to the end of the line, or what stands between the stars. */
static void skip_comment(struct json *j)
{
	uint32_t start = j->at, end;
	bool lines = json_byte(j, start + 1) == '*';

	for (end = start + 1; json_byte(j, end) >= 0; end++) {
		if (!lines && json_byte(j, end) == '\n')
			break;
		if (lines && end > start + 2 && json_byte(j, end - 1) == '*' &&
		    json_byte(j, end) == '/') {
			end++;
			break;
		}
	}
	JSON_MISTAKE(j, start, peek(j) == '#' ? start + 1 : start + 2,
		     "E0141 JSON has no comments");
	JSON_HELP(j, "a spec with comments is better in TOML or YAML");
	j->at = end;
}

static void skip_blanks(struct json *j)
{
	for (;;) {
		int byte = peek(j), next = json_byte(j, j->at + 1);

		if (byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r')
			j->at++;
		else if (byte == '#' || (byte == '/' && (next == '/' || next == '*')))
			skip_comment(j);
		else
			return;
	}
}

static bool take(struct json *j, int byte)
{
	if (peek(j) != byte)
		return false;
	j->at++;
	return true;
}

static bool in_word(int byte)
{
	return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') ||
	       (byte >= 'A' && byte <= 'Z') || byte == '_' || byte == '-' || byte == '+' ||
	       byte == '.' || byte == '$' || byte >= 0x80;
}

static uint32_t word_end(const struct json *j)
{
	uint32_t end = j->at;

	/* An expression without quotes is one word, so that its message says what it is. */
	if (peek(j) == '$' && json_byte(j, end + 1) == '{')
		while (json_byte(j, end) >= ' ' && json_byte(j, end++) != '}')
			;
	while (in_word(json_byte(j, end)))
		end++;
	return end;
}

static size_t count_digits(struct str s, size_t at)
{
	size_t start = at;

	while (at < s.length && s.data[at] >= '0' && s.data[at] <= '9')
		at++;
	return at - start;
}

/* By the grammar; *integer: without point and exponent. */
static bool is_number(struct str s, bool *integer)
{
	size_t at = str_starts(s, STR("-")), count = count_digits(s, at);

	*integer = true;
	if (!count || (count > 1 && s.data[at] == '0'))
		return false;
	at += count;
	if (at < s.length && s.data[at] == '.') {
		*integer = false;
		count = count_digits(s, ++at);
		at += count;
		if (!count)
			return false;
	}
	if (at < s.length && (s.data[at] == 'e' || s.data[at] == 'E')) {
		*integer = false;
		at++;
		if (at < s.length && (s.data[at] == '+' || s.data[at] == '-'))
			at++;
		count = count_digits(s, at);
		at += count;
		if (!count)
			return false;
	}
	return at == s.length;
}

static struct value refuse_word(struct json *j, uint32_t start, uint32_t end)
{
	struct str word = toml_shown(json_slice(j, start, end));
	char first = word.data[0] == '-' || word.data[0] == '+' || word.data[0] == '.' ?
		(word.length > 1 ? word.data[1] : ' ') : word.data[0];

	if (first >= '0' && first <= '9') {
		JSON_MISTAKE(j, start, end, "E0144 '%.*s' is no number of JSON", STR_ARG(word));
		JSON_HELP(j, "write \"%.*s\" if it is text", STR_ARG(word));
	} else if (str_starts(word, STR("${"))) {
		JSON_MISTAKE(j, start, end, "E0117 an expression needs quotes");
	} else {
		JSON_MISTAKE(j, start, end, "E0118 text needs quotes");
		JSON_HELP(j, "write \"%.*s\"", STR_ARG(word));
	}
	return json_damaged(j, start, end);
}

static struct value read_number(struct json *j, uint32_t start, uint32_t end)
{
	struct str digits = json_slice(j, start, end);
	struct value v = value_int(0);
	bool integer;

	if (!is_number(digits, &integer))
		return refuse_word(j, start, end);
	if (!integer) {
		v = value_float(strtod(str_to_c(j->arena, digits), NULL));
		if (!isinf(v.number))
			return v;
	} else if (str_to_int(digits, &v.integer)) {
		return v;
	}
	JSON_MISTAKE(j, start, end, "E0144 the number '%.*s' does not fit 64 bits",
		     STR_ARG(toml_shown(digits)));
	JSON_HELP(j, "write it in quotes if it is text");
	return json_damaged(j, start, end);
}

static struct value read_word(struct json *j)
{
	uint32_t start = j->at, end = word_end(j);
	struct str word = json_slice(j, start, end);

	j->at = end;
	if (str_equal_c(word, "true") || str_equal_c(word, "false"))
		return value_bool(word.data[0] == 't');
	if (!str_equal_c(word, "null"))
		return read_number(j, start, end);
	JSON_MISTAKE(j, start, end, "E0137 a spec has no null");
	JSON_HELP(j, "leave it out");
	return json_damaged(j, start, end);
}

/* At what is neither the comma nor the end that must stand here. */
static void refuse_separator(struct json *j, int closer)
{
	if (peek(j) < 0 || peek(j) == ']' || peek(j) == '}')
		return;
	JSON_MISTAKE(j, j->at, character_end(j, j->at), "E0125 expected ',' or '%c', found %.*s",
		     closer, STR_ARG(found(j)));
}

static bool begins_value(int byte)
{
	return byte == '"' || byte == '\'' || byte == '[' || byte == '{' || in_word(byte);
}

/*
 * After an item or before the first: true if another one stands here.  A missing comma
 * is read as one.
 */
static bool goes_on(struct json *j, uint32_t opener, bool first)
{
	int closer = json_byte(j, opener) == '[' ? ']' : '}';
	uint32_t comma;

	skip_blanks(j);
	if (j->lost || take(j, closer))
		return false;
	comma = j->at;
	if (!first && !take(j, ',')) {
		refuse_separator(j, closer);
		j->lost |= peek(j) >= 0 && peek(j) != ']' && peek(j) != '}' &&
			   !begins_value(peek(j));
	} else if (first && peek(j) == ',') {
		JSON_MISTAKE(j, comma, comma + 1, "E0126 a value is missing before ','");
		j->at++;
	}
	skip_blanks(j);
	while (peek(j) == ',') {
		JSON_MISTAKE(j, j->at, j->at + 1, "E0126 a value is missing before ','");
		j->at++;
		skip_blanks(j);
	}
	if (peek(j) == closer && !j->lost) {
		JSON_MISTAKE(j, comma, comma + 1, "E0143 a comma after the last %s",
			     closer == ']' ? "item" : "key");
		JSON_HELP(j, "remove it");
		j->at++;
		return false;
	}
	if ((peek(j) == ']' || peek(j) == '}') && !j->lost) {
		JSON_MISTAKE(j, j->at, j->at + 1, "E0125 expected '%c', found '%c'", closer,
			     peek(j));
		j->lost = true;
	}
	if (peek(j) < 0) {
		JSON_MISTAKE(j, opener, opener + 1, "E0124 %s is never closed",
			     closer == ']' ? "list" : "table");
		JSON_HELP(j, "add '%c'", closer);
		j->lost = true;
	}
	return !j->lost;
}

static struct value read_list(struct json *j, unsigned depth)
{
	uint32_t opener = j->at++;
	struct value list = value_list(NULL, 0);

	for (bool first = true; goes_on(j, opener, first); first = false) {
		struct value item = read_value(j, depth + 1);

		list.marks |= item.marks & VALUE_DAMAGED;
		value_append(j->arena, &list, item);
	}
	return list;
}

/* False after a mistake that hides which key is meant. */
static bool read_key(struct json *j, struct str *key, struct span *span)
{
	struct value text;
	uint32_t start = j->at;

	if (peek(j) == '"') {
		text = json_read_string(j);
		*key = text.string;
		*span = text.span;
		return text.kind == VALUE_STRING && !(text.marks & VALUE_DAMAGED);
	}
	j->at = peek(j) == '\'' ? json_read_string(j).span.end : word_end(j);
	if (j->at == start) {
		JSON_MISTAKE(j, start, character_end(j, start), "E0111 expected a key, found %.*s",
			     STR_ARG(found(j)));
		j->lost = true;
	} else if (json_byte(j, start) != '\'') {
		JSON_MISTAKE(j, start, j->at, "E0142 JSON puts keys into double quotes");
		JSON_HELP(j, "write \"%.*s\"",
			  STR_ARG(toml_shown(json_slice(j, start, j->at))));
	}
	return false;
}

static void read_colon(struct json *j, struct str key)
{
	skip_blanks(j);
	if (j->lost || take(j, ':'))
		return;
	JSON_MISTAKE(j, j->at, character_end(j, j->at), "E0114 expected ':' after key '%.*s', "
		     "found %.*s", STR_ARG(toml_shown(key)), STR_ARG(found(j)));
	if (!take(j, '=') && !begins_value(peek(j)))
		j->lost = true;
}

static void read_member(struct json *j, struct value *map, unsigned depth)
{
	struct str key = { 0 };
	struct span span = json_span(j, j->at, j->at);
	bool known = read_key(j, &key, &span);
	const struct toml_member *have;
	struct value value;

	if (!j->lost)
		read_colon(j, known ? key : json_slice(j, span.start, j->at));
	value = j->lost ? json_damaged(j, j->at, j->at) : read_value(j, depth + 1);
	if (!known || value.kind != VALUE_MAP)
		map->marks |= known ? value.marks & VALUE_DAMAGED : VALUE_DAMAGED;
	if (!known)
		return;
	have = map_get(&map->map, key);
	if (!have) {
		document_set(j->arena, map, key, span, value);
		return;
	}
	JSON_MISTAKE(j, span.start, span.end, "E0128 the key '%.*s' is given twice",
		     STR_ARG(toml_shown(key)));
	map->marks |= VALUE_DAMAGED;
}

static struct value read_map(struct json *j, unsigned depth)
{
	uint32_t opener = j->at++;
	struct value map = value_map();

	for (bool first = true; goes_on(j, opener, first); first = false)
		read_member(j, &map, depth);
	return map;
}

static struct value refuse_value(struct json *j)
{
	uint32_t start = j->at, end = character_end(j, start);

	if (peek(j) == ',' || peek(j) == '}' || peek(j) == ']') {
		JSON_MISTAKE(j, start, end, "E0126 a value is missing before '%c'", peek(j));
		return json_damaged(j, start, start);
	}
	JSON_MISTAKE(j, start, end, "E0119 expected a value, found %.*s", STR_ARG(found(j)));
	j->lost = true;
	return json_damaged(j, start, end);
}

static struct value read_value(struct json *j, unsigned depth)
{
	uint32_t start;
	struct value v;
	int byte;

	skip_blanks(j);
	start = j->at;
	byte = peek(j);
	if (byte == '"' || byte == '\'')
		return json_read_string(j);
	if ((byte == '[' || byte == '{') && depth >= SPEC_DEPTH_LIMIT) {
		JSON_MISTAKE(j, start, start + 1, "E0105 values nested deeper than %d levels",
			     SPEC_DEPTH_LIMIT);
		j->lost = true;
		return json_damaged(j, start, start + 1);
	}
	if (byte == '[')
		v = read_list(j, depth);
	else if (byte == '{')
		v = read_map(j, depth);
	else if (in_word(byte))
		v = read_word(j);
	else
		return refuse_value(j);
	if (j->lost)
		v.marks |= VALUE_DAMAGED;
	v.span = json_span(j, start, j->at);
	return v;
}

static bool check_utf8(struct json *j)
{
	uint32_t good = (uint32_t)str_utf8_length(j->text);

	if (good == j->text.length)
		return true;
	JSON_MISTAKE(j, good, good + 1, "E0101 byte 0x%02X is not UTF-8",
		     (unsigned)json_byte(j, good));
	JSON_HELP(j, "save the file as UTF-8");
	return false;
}

#define BYTE_ORDER_MARK "\xEF\xBB\xBF"

bool json_spec_parse(struct arena *a, struct str text, uint32_t file, struct document *out,
		     struct diags *d)
{
	struct json j = { .arena = a, .text = text, .file = file, .diags = d };
	struct value root = json_damaged(&j, 0, 0);

	if (!document_begin(text, file, out, d))
		return false;
	if (check_utf8(&j)) {
		j.at = str_starts(text, STR(BYTE_ORDER_MARK)) ? sizeof(BYTE_ORDER_MARK) - 1 : 0;
		root = read_value(&j, 0);
		skip_blanks(&j);
		if (!j.lost && j.at < text.length) {
			JSON_MISTAKE(&j, j.at, character_end(&j, j.at),
				     "E0145 something stands after the end of the spec");
			root.marks |= VALUE_DAMAGED;
		}
	}
	return document_end(out, &root, j.mistakes == 0, d);
}
