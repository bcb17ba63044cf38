#include "address.h"

#define KEY_MOST 32

static const struct str module_word = STR_INIT("module");

/* First words of references and every block kind, there already or to come. */
static const struct str reserved[] = {
	STR_INIT("account"), STR_INIT("base"), STR_INIT("bucket"), STR_INIT("check"),
	STR_INIT("each"), STR_INIT("effc"), STR_INIT("existing"), STR_INIT("function"),
	STR_INIT("http"), STR_INIT("local"), STR_INIT("module"), STR_INIT("partition"),
	STR_INIT("policy"), STR_INIT("project"), STR_INIT("queue"), STR_INIT("region"),
	STR_INIT("schedule"), STR_INIT("secret"), STR_INIT("self"), STR_INIT("stage"),
	STR_INIT("table"), STR_INIT("target"), STR_INIT("topic"), STR_INIT("var"),
};

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_word_byte(char c)
{
	return is_letter(c) || (c >= '0' && c <= '9') || c == '_';
}

static bool is_word(struct str s)
{
	if (!s.length || !is_letter(s.data[0]))
		return false;
	for (size_t i = 1; i < s.length; i++) {
		if (!is_word_byte(s.data[i]))
			return false;
	}
	return true;
}

static bool is_key(struct str s)
{
	if (!s.length || s.length > KEY_MOST)
		return false;
	for (size_t i = 0; i < s.length; i++) {
		if (!is_word_byte(s.data[i]) && s.data[i] != '.' && s.data[i] != '-')
			return false;
	}
	return true;
}

bool id_is_reserved(struct str id)
{
	for (size_t i = 0; i < sizeof(reserved) / sizeof(*reserved); i++) {
		if (id.length == reserved[i].length && str_equal_fold(id, reserved[i]))
			return true;
	}
	return false;
}

bool id_is_valid(struct str id)
{
	return is_word(id) && !id_is_reserved(id);
}

static bool module_is_valid(struct str module)
{
	struct str word;

	if (!module.length || str_ends(module, STR(".")))
		return false;
	while (str_split(&module, '.', &word)) {
		if (!is_word(word))
			return false;
	}
	return true;
}

/* "module.cdn.inner.site": all words but the first and the last are the module's. */
static bool split_module(struct str text, struct address *out)
{
	size_t first = str_index(text, '.'), last = str_last_index(text, '.');

	if (first == text.length) {
		out->id = text;
		return is_word(text);
	}
	if (!str_equal(str_slice(text, 0, first), module_word) || first == last)
		return false;
	out->module = str_slice(text, first + 1, last);
	out->id = str_slice(text, last + 1, text.length);
	return module_is_valid(out->module) && is_word(out->id);
}

bool address_parse(struct arena *a, struct str text, struct address *out)
{
	struct str whole = str_copy(a, text), before;
	size_t key = str_index(whole, '['), slash;

	*out = (struct address){ 0 };
	before = str_slice(whole, 0, key);
	whole = str_slice(whole, key, whole.length);
	if (whole.length) {
		size_t end = str_index(whole, ']');

		if (end < 4 || end == whole.length || whole.data[1] != '\'' ||
		    whole.data[end - 1] != '\'')
			return false;
		out->key = str_slice(whole, 2, end - 1);
		out->has_key = true;
		whole = str_slice(whole, end + 1, whole.length);
		if (!is_key(out->key) || (whole.length && whole.data[0] != '/'))
			return false;
	} else {
		slash = str_index(before, '/');
		whole = str_slice(before, slash, before.length);
		before = str_slice(before, 0, slash);
	}
	if (whole.length) {
		out->part = str_slice(whole, 1, whole.length);
		if (!is_word(out->part))
			return false;
	}
	return split_module(before, out);
}

void address_print(struct buf *out, const struct address *address)
{
	if (address->module.length) {
		buf_add_c(out, "module.");
		buf_add(out, address->module);
		buf_add_char(out, '.');
	}
	buf_add(out, address->id);
	if (address->has_key) {
		buf_add_c(out, "['");
		buf_add(out, address->key);
		buf_add_c(out, "']");
	}
	if (address->part.length) {
		buf_add_char(out, '/');
		buf_add(out, address->part);
	}
}

struct str address_text(struct arena *a, const struct address *address)
{
	struct buf b;

	/* Most are no more than an id. */
	if (!address->module.length && !address->has_key && !address->part.length)
		return str_copy(a, address->id);
	buf_init(&b, a);
	address_print(&b, address);
	return buf_str(&b);
}

int address_compare(const struct address *a, const struct address *b)
{
	int order = str_compare(a->module, b->module);

	if (!order)
		order = str_compare(a->id, b->id);
	if (!order)
		order = (int)a->has_key - (int)b->has_key;
	if (!order)
		order = str_compare(a->key, b->key);
	return order ? order : str_compare(a->part, b->part);
}

bool address_equal(const struct address *a, const struct address *b)
{
	return address_compare(a, b) == 0;
}
