#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "base/hash.h"
#include "base/json.h"
#include "base/utf8.h"
#include "base/yaml.h"

#include "family.h"

static void add_json(struct buf *b, const struct value *v);

/* Escaped so that the text may stand in HTML, as Terraform does. */
static void add_json_string(struct buf *b, struct str s)
{
	struct buf plain;
	struct str text;

	buf_init(&plain, b->arena);
	json_print_string(&plain, s);
	text = buf_str(&plain);
	for (size_t i = 0; i < text.length; i++) {
		struct str rest = str_slice(text, i, text.length);

		if (text.data[i] == '<' || text.data[i] == '>' || text.data[i] == '&') {
			buf_printf(b, "\\u%04x", (unsigned)text.data[i]);
		} else if (str_starts(rest, STR("\\u007f"))) {
			buf_add_char(b, 0x7F);
			i += strlen("\\u007f") - 1;
		} else if (text.data[i] == '\\') {
			buf_add(b, str_slice(rest, 0, 2));
			i++;
		} else if (str_starts(rest, STR("\xE2\x80\xA8")) ||
			   str_starts(rest, STR("\xE2\x80\xA9"))) {
			buf_printf(b, "\\u202%d", rest.data[2] & 15);
			i += 2;
		} else {
			buf_add_char(b, text.data[i]);
		}
	}
}

static void add_json_map(struct buf *b, const struct map *map)
{
	const struct map_entry **sorted = map_sorted(b->arena, map);

	buf_add_char(b, '{');
	for (uint32_t i = 0; i < map->count; i++) {
		if (i)
			buf_add_char(b, ',');
		add_json_string(b, sorted[i]->key);
		buf_add_char(b, ':');
		add_json(b, &((const struct member *)sorted[i]->value)->value);
	}
	buf_add_char(b, '}');
}

static void add_json_list(struct buf *b, const struct list *list)
{
	buf_add_char(b, '[');
	for (size_t i = 0; i < list->count; i++) {
		if (i)
			buf_add_char(b, ',');
		add_json(b, &list->items[i]);
	}
	buf_add_char(b, ']');
}

static void add_json(struct buf *b, const struct value *v)
{
	switch (v->kind) {
	case VALUE_NULL:
		buf_add_c(b, "null");
		return;
	case VALUE_BOOL:
		buf_add_c(b, v->boolean ? "true" : "false");
		return;
	case VALUE_INT:
		buf_printf(b, "%" PRId64, v->integer);
		return;
	case VALUE_FLOAT:
		number_print(b, v->number);
		return;
	case VALUE_STRING:
		add_json_string(b, v->string);
		return;
	case VALUE_DATETIME:
		add_json_string(b, v->datetime.text);
		return;
	case VALUE_LIST:
		add_json_list(b, &v->list);
		return;
	case VALUE_MAP:
		add_json_map(b, &v->map);
		return;
	case VALUE_EXPR:
	case VALUE_UNKNOWN:
		break;
	}
	BUG("JSON of what is not known");
}

struct str function_json(struct arena *a, const struct value *v)
{
	struct buf b;

	buf_init_limit(&b, a, EXPR_TEXT_LIMIT + 1);
	add_json(&b, v);
	return buf_str(&b);
}

static struct value jsonencode(struct function_call *c)
{
	struct str text = function_json(c->arena, &c->args[0]);

	return text.length > EXPR_TEXT_LIMIT ? fail_too_long(c) : value_string(text);
}

/*
 * Numbers as expressions have them; nobody else has seen the value yet.  False:
 * infinities, which expressions have not.
 */
static bool settle_numbers(struct value *v)
{
	bool good = v->kind != VALUE_FLOAT || isfinite(v->number);

	if (v->kind == VALUE_FLOAT)
		*v = value_number(v->number);
	for (size_t i = 0; v->kind == VALUE_LIST && i < v->list.count; i++)
		good = settle_numbers(&v->list.items[i]) && good;
	for (uint32_t i = 0; v->kind == VALUE_MAP && i < v->map.count; i++)
		good = settle_numbers(&((struct member *)v->map.entries[i].value)->value) && good;
	return good;
}

static struct value settled(struct function_call *c, struct value *v)
{
	return settle_numbers(v) ? *v : function_fail(c, 0, "E0265 a number in it is too large");
}

static struct value jsondecode(struct function_call *c)
{
	struct error err = { 0 };
	struct value out;

	if (!json_parse(c->arena, c->args[0].string, SPAN_NOWHERE, &out, &err))
		return function_fail(c, 0, "E0265 this is no JSON: %s", err.text);
	return settled(c, &out);
}

static struct value yamldecode(struct function_call *c)
{
	struct diags d;
	struct value out;

	diags_init(&d, c->arena);
	if (!yaml_parse(c->arena, c->args[0].string, SPAN_NOWHERE, &out, &d))
		return function_fail(c, 0, "E0265 %.*s", STR_ARG(d.items[0].text));
	/* Nothing but comments: no null was written. */
	if (out.kind == VALUE_NULL && !out.span.end)
		return function_fail(c, 0, "E0265 there is no document in the YAML text");
	return settled(c, &out);
}

static struct value base64encode(struct function_call *c)
{
	struct str text = base64_encode(c->arena, c->args[0].string);

	return text.length > EXPR_TEXT_LIMIT ? fail_too_long(c) : value_string(text);
}

/* Line ends may stand in it. */
static bool decode(struct function_call *c, struct str *out)
{
	struct str text = str_replace(c->arena, c->args[0].string, STR("\n"), STR(""));

	if (base64_decode(c->arena, str_replace(c->arena, text, STR("\r"), STR("")), out))
		return true;
	function_fail(c, 0, "E0265 this is no base64");
	return false;
}

static struct value decoded_text(struct function_call *c, struct str bytes)
{
	return str_is_utf8(bytes) ? value_string(bytes) :
	       function_fail(c, 0, "E0265 the bytes are no text (UTF-8)");
}

static struct value base64decode(struct function_call *c)
{
	struct str bytes;

	return decode(c, &bytes) ? decoded_text(c, bytes) : value_null();
}

static struct value urlencode(struct function_call *c)
{
	struct str s = c->args[0].string;
	struct buf b;

	buf_init_limit(&b, c->arena, EXPR_TEXT_LIMIT);
	for (size_t i = 0; i < s.length; i++) {
		unsigned char byte = (unsigned char)s.data[i];
		bool plain = (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') ||
			     (byte >= 'a' && byte <= 'z') || (byte && strchr("-_.~", byte));

		if (plain)
			buf_add_char(&b, (char)byte);
		else if (byte == ' ')
			buf_add_char(&b, '+');
		else
			buf_printf(&b, "%%%02X", byte);
	}
	return finish_text(c, &b);
}

/* A character set: one byte each up to most, or UTF-16, or UTF-8 (both 0). */
static const struct charset {
	const char *name;
	uint32_t most;
	bool wide, little, mark;
} charsets[] = {
	{ .name = "ISO-8859-1", .most = 0xFF }, { .name = "latin1", .most = 0xFF },
	{ .name = "US-ASCII", .most = 0x7F }, { .name = "UTF-8" },
	{ .name = "UTF-16", .wide = true, .mark = true }, { .name = "UTF-16BE", .wide = true },
	{ .name = "UTF-16LE", .wide = true, .little = true },
};

static const struct charset *find_charset(struct function_call *c)
{
	for (size_t i = 0; i < sizeof(charsets) / sizeof(*charsets); i++) {
		if (str_equal_fold(c->args[1].string, str_from_c(charsets[i].name)))
			return &charsets[i];
	}
	function_fail(c, 1, "E0263 the encodings are ISO-8859-1, US-ASCII, UTF-8, UTF-16, "
		      "UTF-16BE and UTF-16LE");
	return NULL;
}

static void add_unit(struct buf *b, uint32_t unit, bool little)
{
	buf_add_char(b, (char)(little ? unit & 0xFF : unit >> 8));
	buf_add_char(b, (char)(little ? unit >> 8 : unit & 0xFF));
}

static bool add_encoded(struct buf *b, const struct charset *set, uint32_t codepoint)
{
	if (!set->wide && !set->most) {
		buf_add_utf8(b, codepoint);
	} else if (!set->wide) {
		buf_add_char(b, (char)codepoint);
		return codepoint <= set->most;
	} else if (codepoint < 0x10000) {
		add_unit(b, codepoint, set->little);
	} else {
		add_unit(b, 0xD7C0 + (codepoint >> 10), set->little);
		add_unit(b, 0xDC00 | (codepoint & 0x3FF), set->little);
	}
	return true;
}

static struct value textencodebase64(struct function_call *c)
{
	const struct charset *set = find_charset(c);
	struct str s = c->args[0].string;
	struct buf b;

	if (!set)
		return value_null();
	buf_init(&b, c->arena);
	if (set->mark)
		add_unit(&b, 0xFEFF, false);
	for (size_t i = 0; i < s.length;) {
		uint32_t codepoint = 0xFFFD;
		size_t size = utf8_decode(s.data + i, s.length - i, &codepoint);

		if (!add_encoded(&b, set, codepoint))
			return function_fail(c, 0, "E0263 a character of it is not in %s",
					     set->name);
		i += size ? size : 1;
	}
	return value_string(base64_encode(c->arena, buf_str(&b)));
}

static uint32_t unit_at(struct str s, size_t at, bool little)
{
	uint32_t first = (unsigned char)s.data[at], second = (unsigned char)s.data[at + 1];

	return little ? second << 8 | first : first << 8 | second;
}

static void decode_wide(struct buf *b, struct str s, bool little, bool mark)
{
	if (mark && s.length >= 2 && unit_at(s, 0, true) == 0xFEFF)
		little = true;
	for (size_t i = 0; i + 1 < s.length; i += 2) {
		uint32_t unit = unit_at(s, i, little), next = 0;

		if (mark && i == 0 && unit == 0xFEFF)
			continue;
		if (unit >= 0xD800 && unit < 0xDC00 && i + 3 < s.length)
			next = unit_at(s, i + 2, little);
		if (next >= 0xDC00 && next < 0xE000) {
			buf_add_utf8(b, 0x10000 + ((unit & 0x3FF) << 10) + (next & 0x3FF));
			i += 2;
		} else {
			buf_add_utf8(b, unit >= 0xD800 && unit < 0xE000 ? 0xFFFD : unit);
		}
	}
	if (s.length % 2)
		buf_add_utf8(b, 0xFFFD);
}

static struct value textdecodebase64(struct function_call *c)
{
	const struct charset *set = find_charset(c);
	struct str bytes;
	struct buf b;

	if (!set || !decode(c, &bytes))
		return value_null();
	if (!set->wide && !set->most)
		return decoded_text(c, bytes);
	buf_init(&b, c->arena);
	if (set->wide)
		decode_wide(&b, bytes, set->little, set->mark);
	for (size_t i = 0; !set->wide && i < bytes.length; i++) {
		uint32_t byte = (unsigned char)bytes.data[i];

		buf_add_utf8(&b, byte <= set->most ? byte : 0xFFFD);
	}
	return value_string(buf_str(&b));
}

#define STRING &string_type

static const struct function functions[] = {
	{ "base64decode", { P("string", STRING) }, STRING, .call = base64decode,
	  .summary = "the text that base64 stands for" },
	{ "base64encode", { P("string", STRING) }, STRING, .call = base64encode,
	  .summary = "the bytes of a text as base64" },
	{ "csvdecode", { P("string", STRING) }, &maps_type, .call = function_csvdecode,
	  .summary = "a table for each line, with the names of the first line as keys" },
	{ "jsondecode", { P("string", STRING) }, NULL, .call = jsondecode,
	  .summary = "the value that a JSON text says" },
	{ "jsonencode", { NULLABLE("value", NULL) }, STRING, .call = jsonencode,
	  .summary = "a value as JSON text" },
	{ "textdecodebase64", { P("string", STRING), P("encoding", STRING) }, STRING,
	  .call = textdecodebase64, .summary = "base64 of a text in another encoding, as text" },
	{ "textencodebase64", { P("string", STRING), P("encoding", STRING) }, STRING,
	  .call = textencodebase64, .summary = "a text in another encoding, as base64" },
	{ "urlencode", { P("string", STRING) }, STRING, .call = urlencode,
	  .summary = "a text as it may stand in a URL" },
	{ "yamldecode", { P("string", STRING) }, NULL, .call = yamldecode,
	  .summary = "the value that a YAML text says" },
	{ "yamlencode", { NULLABLE("value", NULL) }, STRING, .call = function_yamlencode,
	  .summary = "a value as YAML text" },
};

const struct family encoding_family = FAMILY(functions);
