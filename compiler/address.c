#include "address.h"

#define KEY_MOST 32

static const struct str module_word = STR_INIT("module.");

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

bool id_is_word(struct str id)
{
	return is_word(id);
}

bool id_is_reserved(struct str id)
{
	if (id.length > sizeof("partition") - 1)
		return false;
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

/* "private['a']" off the front of *rest. */
static bool read_component(struct str *rest, struct address *out)
{
	size_t end = 0, close;

	while (end < rest->length && is_word_byte(rest->data[end]))
		end++;
	out->id = str_slice(*rest, 0, end);
	*rest = str_slice(*rest, end, rest->length);
	out->key = (struct str){ 0 };
	out->has_key = str_starts(*rest, STR("['"));
	if (!is_word(out->id) || !out->has_key)
		return is_word(out->id);
	close = str_index(*rest, ']');
	if (close < 4 || close == rest->length || rest->data[close - 1] != '\'')
		return false;
	out->key = str_slice(*rest, 2, close - 1);
	*rest = str_slice(*rest, close + 1, rest->length);
	return is_key(out->key);
}

/* "module.cdn['eu'].inner.site": all but the last of the names are the module's. */
bool address_parse(struct arena *a, struct str text, struct address *out)
{
	struct str whole = str_copy(a, text), rest = whole;
	bool in_module = str_starts(whole, module_word);
	size_t start = in_module ? module_word.length : 0, at = start;

	*out = (struct address){ 0 };
	for (;;) {
		rest = str_slice(whole, at, whole.length);
		if (!read_component(&rest, out))
			return false;
		if (!in_module || !str_starts(rest, STR(".")))
			break;
		out->module = str_slice(whole, start, whole.length - rest.length);
		at = whole.length - rest.length + 1;
	}
	if (in_module && !out->module.length)
		return false;
	if (!rest.length)
		return true;
	out->part = str_slice(rest, 1, rest.length);
	return rest.data[0] == '/' && is_word(out->part);
}

/* The last dot of the path, before a key or a part. */
static size_t last_dot(struct str text, size_t end)
{
	while (end > 0 && text.data[end - 1] != '.')
		end--;
	return end;
}

struct str address_plain(struct arena *a, struct str given)
{
	size_t path = str_index(given, '['), slash = str_index(given, '/'), id, kind;
	struct str word;

	if (slash < path)
		path = slash;
	id = last_dot(given, path);
	if (!id || id == path || !is_letter(given.data[id]))
		return given;
	kind = last_dot(given, id - 1);
	word = str_slice(given, kind, id - 1);
	if (str_starts(given, STR("AWS.")))
		return str_slice(given, id, given.length);
	if (!id_is_reserved(word) || str_equal(word, STR("module")))
		return given;
	return STR_JOIN(a, str_slice(given, 0, kind), str_slice(given, id, given.length));
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
	int order = a->module.length || b->module.length ? str_compare(a->module, b->module) : 0;

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
