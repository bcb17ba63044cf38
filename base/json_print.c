#include "json.h"

#include <math.h>

#include "utf8.h"

#define FEW 16
#define REPLACEMENT "\xEF\xBF\xBD"

enum form { FORM_SHOWN, FORM_WIRE, FORM_CANONICAL };

struct printer {
	struct buf *out;
	enum form form;
	bool pretty;
};

static void print_value(struct printer *p, const struct value *v, unsigned indent);

static bool print_escape(struct buf *out, unsigned char c)
{
	static const char bytes[] = "\"\\\b\f\n\r\t", names[] = "\"\\bfnrt";

	for (size_t i = 0; i < sizeof(bytes) - 1; i++) {
		if (c == (unsigned char)bytes[i]) {
			buf_add_char(out, '\\');
			buf_add_char(out, names[i]);
			return true;
		}
	}
	if (c >= 0x20 && c != 0x7F)
		return false;
	buf_printf(out, "\\u%04x", (unsigned)c);
	return true;
}

/* Bytes that are no UTF-8 become U+FFFD, so that what is printed can always be read. */
void json_print_string(struct buf *out, struct str s)
{
	size_t start = 0;

	buf_add_char(out, '"');
	for (size_t i = 0; i < s.length;) {
		uint32_t codepoint = 0;
		size_t size;
		bool plain;

		i += utf8_plain(s.data + i, s.length - i);
		if (i == s.length)
			break;
		size = utf8_decode(s.data + i, s.length - i, &codepoint);
		plain = size > 1 || (size == 1 && codepoint >= 0x20 && codepoint != '"' &&
					  codepoint != '\\' && codepoint != 0x7F);

		if (!plain) {
			buf_add(out, str_slice(s, start, i));
			if (!size)
				buf_add_c(out, REPLACEMENT);
			else
				print_escape(out, (unsigned char)s.data[i]);
			start = i + 1;
		}
		i += size ? size : 1;
	}
	buf_add(out, str_slice(s, start, s.length));
	buf_add_char(out, '"');
}

static void print_float(struct printer *p, double number)
{
	if (isnan(number) || isinf(number)) {
		buf_add_c(p->out, isnan(number) ? "\"NaN\"" :
				  number > 0 ? "\"Infinity\"" : "\"-Infinity\"");
		return;
	}
	if (p->form == FORM_CANONICAL && number == floor(number) &&
	    number >= -9223372036854775808.0 && number < 9223372036854775808.0) {
		buf_printf(p->out, "%lld", (long long)number);
		return;
	}
	buf_add_float(p->out, number);
}

static void new_line(struct printer *p, unsigned indent)
{
	if (!p->pretty)
		return;
	buf_add_char(p->out, '\n');
	buf_add_repeat(p->out, ' ', (size_t)indent * 2);
}

static void print_list(struct printer *p, const struct list *list, unsigned indent)
{
	buf_add_char(p->out, '[');
	for (size_t i = 0; i < list->count; i++) {
		if (i)
			buf_add_char(p->out, ',');
		new_line(p, indent + 1);
		print_value(p, &list->items[i], indent + 1);
	}
	if (list->count)
		new_line(p, indent);
	buf_add_char(p->out, ']');
}

static void print_map(struct printer *p, const struct map *map, unsigned indent)
{
	const struct map_entry *few[FEW], **sorted = NULL;

	if (p->form == FORM_CANONICAL && map->count <= FEW)
		map_sort(map, sorted = few);
	else if (p->form == FORM_CANONICAL)
		sorted = map_sorted(p->out->arena, map);
	buf_add_char(p->out, '{');
	for (uint32_t i = 0; i < map->count; i++) {
		const struct map_entry *entry = sorted ? sorted[i] : &map->entries[i];

		if (i)
			buf_add_char(p->out, ',');
		new_line(p, indent + 1);
		json_print_string(p->out, entry->key);
		buf_add_c(p->out, p->pretty ? ": " : ":");
		print_value(p, &((const struct member *)entry->value)->value, indent + 1);
	}
	if (map->count)
		new_line(p, indent);
	buf_add_char(p->out, '}');
}

static void print_unknown(struct printer *p, struct str reason)
{
	CHECK(p->form != FORM_WIRE);
	buf_add_c(p->out, "{\"unknown\":");
	json_print_string(p->out, reason);
	buf_add_char(p->out, '}');
}

static void print_value(struct printer *p, const struct value *v, unsigned indent)
{
	if (v->marks & VALUE_SECRET && p->form != FORM_WIRE) {
		buf_add_c(p->out, "\"(secret)\"");
		return;
	}
	switch (v->kind) {
	case VALUE_NULL:
		buf_add_c(p->out, "null");
		return;
	case VALUE_BOOL:
		buf_add_c(p->out, v->boolean ? "true" : "false");
		return;
	case VALUE_INT:
		buf_add_int(p->out, v->integer);
		return;
	case VALUE_FLOAT:
		print_float(p, v->number);
		return;
	case VALUE_STRING:
		json_print_string(p->out, v->string);
		return;
	case VALUE_DATETIME:
		json_print_string(p->out, v->datetime.text);
		return;
	case VALUE_LIST:
		print_list(p, &v->list, indent);
		return;
	case VALUE_MAP:
		print_map(p, &v->map, indent);
		return;
	case VALUE_EXPR:
		print_unknown(p, STR("not evaluated yet"));
		return;
	case VALUE_UNKNOWN:
		print_unknown(p, v->unknown->reason);
		return;
	}
	BUG("value of kind %d", (int)v->kind);
}

void json_print(struct buf *out, const struct value *v)
{
	print_value(&(struct printer){ .out = out, .form = FORM_SHOWN }, v, 0);
}

void json_print_wire(struct buf *out, const struct value *v)
{
	print_value(&(struct printer){ .out = out, .form = FORM_WIRE }, v, 0);
}

void json_print_canonical(struct buf *out, const struct value *v)
{
	print_value(&(struct printer){ .out = out, .form = FORM_CANONICAL }, v, 0);
}

void json_print_pretty(struct buf *out, const struct value *v, unsigned indent)
{
	print_value(&(struct printer){ .out = out, .form = FORM_SHOWN, .pretty = true }, v, indent);
}

struct str json_text(struct arena *a, const struct value *v)
{
	struct buf b;

	buf_init(&b, a);
	json_print(&b, v);
	return buf_str(&b);
}

struct str json_text_canonical(struct arena *a, const struct value *v)
{
	struct buf b;

	buf_init(&b, a);
	json_print_canonical(&b, v);
	return buf_str(&b);
}
