#include <inttypes.h>
#include <string.h>

#include "base/utf8.h"

#include "family.h"

/* yamlencode(): keys and texts in double quotes, texts of several lines as blocks. */

static void add_node(struct buf *b, const struct value *v, unsigned indent, bool in_list);

/* Stands for itself in a block and between quotes. */
static bool is_printable(uint32_t c)
{
	return (c >= 0x20 && c < 0x7F) || (c >= 0xA0 && c < 0x10000 && c != 0xFEFF &&
					   c != 0x2028 && c != 0x2029);
}

static void add_escape(struct buf *b, uint32_t c)
{
	static const struct {
		uint32_t c;
		char name;
	} names[] = {
		{ 0, '0' }, { 7, 'a' }, { 8, 'b' }, { 9, 't' }, { 10, 'n' }, { 11, 'v' },
		{ 12, 'f' }, { 13, 'r' }, { 0x1B, 'e' }, { '"', '"' }, { '\\', '\\' },
		{ 0x85, 'N' }, { 0x2028, 'L' }, { 0x2029, 'P' },
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (c == names[i].c) {
			buf_printf(b, "\\%c", names[i].name);
			return;
		}
	}
	if (c <= 0xFF)
		buf_printf(b, "\\x%02" PRIX32, c);
	else if (c <= 0xFFFF)
		buf_printf(b, "\\u%04" PRIX32, c);
	else
		buf_printf(b, "\\U%08" PRIX32, c);
}

static void add_quoted(struct buf *b, struct str s)
{
	buf_add_char(b, '"');
	for (size_t i = 0; i < s.length;) {
		uint32_t c = 0xFFFD;
		size_t size = utf8_decode(s.data + i, s.length - i, &c);

		if (is_printable(c) && c != '"' && c != '\\')
			buf_add_utf8(b, c);
		else
			add_escape(b, c);
		i += size ? size : 1;
	}
	buf_add_char(b, '"');
}

/* Several lines, all of which read back as they are. */
static bool is_block(struct str s)
{
	if (!str_contains(s, STR("\n")) || str_contains(s, STR(" \n")) || str_ends(s, STR(" ")))
		return false;
	for (size_t i = 0; i < s.length;) {
		uint32_t c = 0;
		size_t size = utf8_decode(s.data + i, s.length - i, &c);

		if (!size || (c != '\n' && !is_printable(c)))
			return false;
		i += size;
	}
	return true;
}

static void add_block(struct buf *b, struct str s, unsigned indent)
{
	const char *end = !str_ends(s, STR("\n")) ? "-" :
			  s.length == 1 || str_ends(s, STR("\n\n")) ? "+" : "";
	struct str line;

	buf_printf(b, "|%s%s", s.data[0] == ' ' || s.data[0] == '\n' ? "2" : "", end);
	while (str_split(&s, '\n', &line)) {
		buf_add_char(b, '\n');
		if (line.length)
			buf_add_repeat(b, ' ', (size_t)indent * 2);
		buf_add(b, line);
	}
}

static void add_string(struct buf *b, struct str s, unsigned indent)
{
	if (is_block(s))
		add_block(b, s, indent ? indent : 1);
	else
		add_quoted(b, s);
	buf_add_char(b, '\n');
}

/* The first item of what stands in a list begins on the list's line. */
static void begin_item(struct buf *b, size_t index, unsigned indent, bool in_list)
{
	if (index || !in_list)
		buf_add_repeat(b, ' ', (size_t)indent * 2);
}

static void add_list(struct buf *b, const struct list *list, unsigned indent, bool in_list)
{
	for (size_t i = 0; i < list->count; i++) {
		begin_item(b, i, indent, in_list);
		buf_add_c(b, "- ");
		add_node(b, &list->items[i], indent + 1, true);
	}
}

static bool is_nested(const struct value *v)
{
	return (v->kind == VALUE_LIST && v->list.count) || (v->kind == VALUE_MAP && v->map.count);
}

static void add_map(struct buf *b, const struct map *map, unsigned indent, bool in_list)
{
	const struct map_entry **sorted = map_sorted(b->arena, map);

	for (uint32_t i = 0; i < map->count; i++) {
		const struct value *v = &((const struct member *)sorted[i]->value)->value;

		begin_item(b, i, indent, in_list);
		add_quoted(b, sorted[i]->key);
		buf_add_c(b, is_nested(v) ? ":\n" : ": ");
		/* A list is not indented below its key. */
		add_node(b, v, indent + (v->kind != VALUE_LIST), false);
	}
}

static void add_node(struct buf *b, const struct value *v, unsigned indent, bool in_list)
{
	struct value text;
	struct str why;

	if (v->kind == VALUE_LIST && v->list.count)
		add_list(b, &v->list, indent, in_list);
	else if (v->kind == VALUE_MAP && v->map.count)
		add_map(b, &v->map, indent, in_list);
	else if (v->kind == VALUE_LIST || v->kind == VALUE_MAP || v->kind == VALUE_NULL)
		buf_add_c(b, v->kind == VALUE_LIST ? "[]\n" : v->kind == VALUE_MAP ? "{}\n" :
			     "null\n");
	else if (!value_convert(b->arena, v, &string_type, &text, &why))
		BUG("YAML of a %s", value_kind_name(v->kind));
	else if (v->kind == VALUE_STRING || v->kind == VALUE_DATETIME)
		add_string(b, text.string, indent);
	else
		buf_printf(b, "%.*s\n", STR_ARG(text.string));
}

struct value function_yamlencode(struct function_call *c)
{
	const struct value *v = &c->args[0];
	bool plain = v->kind == VALUE_NULL || v->kind == VALUE_BOOL || v->kind == VALUE_INT ||
		     v->kind == VALUE_FLOAT;
	struct buf b;

	buf_init_limit(&b, c->arena, EXPR_TEXT_LIMIT);
	add_node(&b, v, 0, false);
	if (plain)
		buf_add_c(&b, "...\n");
	return finish_text(c, &b);
}
