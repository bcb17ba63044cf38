#include "toml_write.h"

#include <inttypes.h>
#include <math.h>

#include "base/utf8.h"

/* What a list may take on one line. */
#define LINE_MOST 80

struct writer {
	struct buf *out;
	const struct toml_form *form;
	unsigned indent;		/* of the lists around that take several lines */
	bool begun;			/* something stands above the next header */
};

/* The keys that lead to a table, the last one first. */
struct path {
	const struct path *above;	/* NULL: of the root */
	struct str key;
};

static void write_value(struct writer *w, const struct value *v);

static bool is_bare(struct str key)
{
	for (size_t i = 0; i < key.length; i++) {
		char c = key.data[i];

		if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9') &&
		    c != '_' && c != '-')
			return false;
	}
	return key.length > 0;
}

static void write_escape(struct buf *out, unsigned char c)
{
	static const char bytes[] = "\"\\\b\f\n\r\t", names[] = "\"\\bfnrt";

	for (size_t i = 0; i < sizeof(bytes) - 1; i++) {
		if (c == (unsigned char)bytes[i]) {
			buf_add_char(out, '\\');
			buf_add_char(out, names[i]);
			return;
		}
	}
	buf_printf(out, "\\u%04X", (unsigned)c);
}

/* Bytes that are no UTF-8 become U+FFFD, as in JSON. */
static void write_quoted(struct buf *out, struct str s)
{
	buf_add_char(out, '"');
	for (size_t i = 0; i < s.length;) {
		size_t plain = utf8_plain(s.data + i, s.length - i), size;
		uint32_t codepoint = 0;

		buf_add(out, str_slice(s, i, i + plain));
		i += plain;
		if (i == s.length)
			break;
		size = utf8_decode(s.data + i, s.length - i, &codepoint);
		if (!size)
			buf_add_c(out, "\xEF\xBF\xBD");
		else if (size > 1)
			buf_add(out, str_slice(s, i, i + size));
		else
			write_escape(out, (unsigned char)s.data[i]);
		i += size ? size : 1;
	}
	buf_add_char(out, '"');
}

static void write_key(struct buf *out, struct str key)
{
	if (is_bare(key))
		buf_add(out, key);
	else
		write_quoted(out, key);
}

/* In a spec "${" and "%{" begin an expression unless their sign is doubled. */
static void write_string(struct writer *w, struct str s)
{
	struct buf text;

	if (!w->form || (!str_contains(s, STR("${")) && !str_contains(s, STR("%{")))) {
		write_quoted(w->out, s);
		return;
	}
	buf_init(&text, w->out->arena);
	for (size_t i = 0; i < s.length; i++) {
		if ((s.data[i] == '$' || s.data[i] == '%') && i + 1 < s.length &&
		    s.data[i + 1] == '{')
			buf_add_char(&text, s.data[i]);
		buf_add_char(&text, s.data[i]);
	}
	write_quoted(w->out, buf_str(&text));
}

static void write_expression(struct writer *w, const struct expr *e)
{
	struct buf text;

	CHECK(w->form);
	buf_init(&text, w->out->arena);
	w->form->expression(w->form->context, &text, e);
	write_quoted(w->out, buf_str(&text));
}

static void write_float(struct buf *out, double number)
{
	if (isnan(number))
		buf_add_c(out, "nan");
	else if (isinf(number))
		buf_add_c(out, number < 0 ? "-inf" : "inf");
	else
		buf_add_float(out, number);
}

static bool is_absent(const struct value *v)
{
	return v->kind == VALUE_NULL && !(v->marks & VALUE_SECRET);
}

static void new_line(struct writer *w)
{
	buf_add_char(w->out, '\n');
	buf_add_repeat(w->out, ' ', (size_t)w->indent * 2);
}

/* False if it has become too long for one line. */
static bool write_on_line(struct writer *w, const struct list *list)
{
	size_t start = w->out->length;
	bool first = true;

	buf_add_char(w->out, '[');
	for (size_t i = 0; i < list->count; i++) {
		if (is_absent(&list->items[i]))
			continue;
		buf_add_c(w->out, first ? "" : ", ");
		write_value(w, &list->items[i]);
		first = false;
		if (list->count > 1 && w->out->length - start > LINE_MOST)
			return false;
	}
	buf_add_char(w->out, ']');
	return true;
}

/* On one line, or an item a line where that is too long. */
static void write_list(struct writer *w, const struct list *list)
{
	size_t start = w->out->length;

	if (write_on_line(w, list))
		return;
	buf_truncate(w->out, start + 1);
	w->indent++;
	for (size_t i = 0; i < list->count; i++) {
		if (is_absent(&list->items[i]))
			continue;
		new_line(w);
		write_value(w, &list->items[i]);
		buf_add_char(w->out, ',');
	}
	w->indent--;
	new_line(w);
	buf_add_char(w->out, ']');
}

static void write_inline(struct writer *w, const struct map *map)
{
	bool first = true;

	buf_add_char(w->out, '{');
	for (uint32_t i = 0; i < map->count; i++) {
		const struct member *member = map->entries[i].value;

		if (is_absent(&member->value))
			continue;
		buf_add_c(w->out, first ? " " : ", ");
		write_key(w->out, map->entries[i].key);
		buf_add_c(w->out, " = ");
		write_value(w, &member->value);
		first = false;
	}
	buf_add_c(w->out, first ? "}" : " }");
}

static void write_unknown(struct writer *w, const struct unknown *unknown)
{
	buf_add_c(w->out, "{ unknown = ");
	write_string(w, unknown->reason);
	buf_add_c(w->out, " }");
}

static void write_value(struct writer *w, const struct value *v)
{
	if (v->marks & VALUE_SECRET) {
		buf_add_c(w->out, "\"(secret)\"");
		return;
	}
	switch (v->kind) {
	case VALUE_NULL:
		BUG("null is left out by whoever lists it");
	case VALUE_BOOL:
		buf_add_c(w->out, v->boolean ? "true" : "false");
		return;
	case VALUE_INT:
		buf_printf(w->out, "%" PRId64, v->integer);
		return;
	case VALUE_FLOAT:
		write_float(w->out, v->number);
		return;
	case VALUE_STRING:
		write_string(w, v->string);
		return;
	case VALUE_DATETIME:
		buf_add(w->out, v->datetime.text);
		return;
	case VALUE_LIST:
		write_list(w, &v->list);
		return;
	case VALUE_MAP:
		write_inline(w, &v->map);
		return;
	case VALUE_EXPR:
		write_expression(w, v->expr);
		return;
	case VALUE_UNKNOWN:
		write_unknown(w, v->unknown);
		return;
	}
	BUG("value of kind %d", (int)v->kind);
}

static bool is_table(const struct value *v)
{
	return v->kind == VALUE_MAP && !(v->marks & VALUE_SECRET);
}

static bool is_tables(const struct value *v)
{
	if (v->kind != VALUE_LIST || v->marks & VALUE_SECRET || !v->list.count)
		return false;
	for (size_t i = 0; i < v->list.count; i++) {
		if (!is_table(&v->list.items[i]))
			return false;
	}
	return true;
}

static bool has_own_header(const struct value *v)
{
	return is_table(v) || is_tables(v);
}

static void write_path(struct buf *out, const struct path *path)
{
	if (path->above) {
		write_path(out, path->above);
		buf_add_char(out, '.');
	}
	write_key(out, path->key);
}

static void write_header(struct writer *w, const struct path *path, bool of_tables)
{
	buf_add_c(w->out, w->begun ? "\n[" : "[");
	buf_add_c(w->out, of_tables ? "[" : "");
	write_path(w->out, path);
	buf_add_c(w->out, of_tables ? "]]\n" : "]\n");
	w->begun = true;
}

static void write_table(struct writer *w, const struct map *map, const struct path *path);

/* A table of tables needs no header: those of its tables name it. */
static bool needs_header(const struct map *map)
{
	for (uint32_t i = 0; i < map->count; i++) {
		const struct member *member = map->entries[i].value;

		if (!has_own_header(&member->value))
			return true;
	}
	return map->count == 0;
}

static void write_tables(struct writer *w, const struct value *v, const struct path *path)
{
	if (is_table(v)) {
		if (needs_header(&v->map))
			write_header(w, path, false);
		write_table(w, &v->map, path);
		return;
	}
	for (size_t i = 0; i < v->list.count; i++) {
		write_header(w, path, true);
		write_table(w, &v->list.items[i].map, path);
	}
}

static void write_table(struct writer *w, const struct map *map, const struct path *path)
{
	for (uint32_t i = 0; i < map->count; i++) {
		const struct member *member = map->entries[i].value;

		if (has_own_header(&member->value) || is_absent(&member->value))
			continue;
		write_key(w->out, map->entries[i].key);
		buf_add_c(w->out, " = ");
		write_value(w, &member->value);
		buf_add_char(w->out, '\n');
		w->begun = true;
	}
	for (uint32_t i = 0; i < map->count; i++) {
		const struct member *member = map->entries[i].value;
		struct path below = { .above = path, .key = map->entries[i].key };

		if (has_own_header(&member->value))
			write_tables(w, &member->value, &below);
	}
}

void toml_write(struct buf *out, const struct value *root, const struct toml_form *form)
{
	struct writer w = { .out = out, .form = form };

	CHECK(root->kind == VALUE_MAP);
	write_table(&w, &root->map, NULL);
}
