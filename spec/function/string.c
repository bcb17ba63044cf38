#include <string.h>

#include "base/utf8.h"

#include "family.h"

#define INDENT_MOST 1000

static struct value text(struct str s)
{
	return value_string(s);
}

static struct value chomp(struct function_call *c)
{
	struct str s = c->args[0].string;

	while (s.length && (s.data[s.length - 1] == '\n' || s.data[s.length - 1] == '\r'))
		s.length--;
	return text(s);
}

/* What is known of the beginning of an unknown text may be enough. */
static struct value starts_with(struct function_call *c)
{
	const struct value *v = &c->args[0];
	struct str prefix, known;

	if (value_waits(&c->args[1]))
		return result_waits(c, &c->args[1]);
	prefix = c->args[1].string;
	if (v->kind == VALUE_STRING)
		return value_bool(str_starts(v->string, prefix));
	known = v->kind == VALUE_UNKNOWN ? v->unknown->prefix : (struct str){ 0 };
	if (str_starts(known, prefix))
		return value_bool(true);
	if (!str_starts(prefix, known))
		return value_bool(false);
	return result_waits(c, v);
}

static struct value ends_with(struct function_call *c)
{
	return value_bool(str_ends(c->args[0].string, c->args[1].string));
}

static struct value contains_text(struct function_call *c)
{
	return value_bool(str_contains(c->args[0].string, c->args[1].string));
}

static struct value indent(struct function_call *c)
{
	struct str rest = c->args[1].string;
	int64_t spaces;
	struct buf b;

	if (!argument_whole(c, 0, &spaces))
		return value_null();
	if (spaces < 0 || spaces > INDENT_MOST)
		return function_fail(c, 0, "E0263 'indent' takes 0 to %d blanks", INDENT_MOST);
	buf_init_limit(&b, c->arena, EXPR_TEXT_LIMIT);
	while (rest.length) {
		size_t line = str_index(rest, '\n');

		buf_add(&b, str_slice(rest, 0, line + 1));
		if (line < rest.length)
			buf_add_repeat(&b, ' ', (size_t)spaces);
		rest = str_slice(rest, line + 1, rest.length);
	}
	return finish_text(c, &b);
}

static bool add_joined(struct function_call *c, size_t index, struct buf *b, bool *first)
{
	const struct list *list = &c->args[index].list;

	for (size_t i = 0; i < list->count; i++) {
		if (list->items[i].kind == VALUE_NULL) {
			function_fail(c, index, "E0261 item %zu of the list is null", i);
			return false;
		}
		if (!*first)
			buf_add(b, c->args[0].string);
		*first = false;
		buf_add(b, list->items[i].string);
	}
	return true;
}

static struct value join(struct function_call *c)
{
	bool first = true;
	struct buf b;

	buf_init_limit(&b, c->arena, EXPR_TEXT_LIMIT);
	for (size_t i = 1; i < c->count; i++) {
		if (!add_joined(c, i, &b, &first))
			return value_null();
	}
	return finish_text(c, &b);
}

static struct value map_letters(struct function_call *c, uint32_t (*change)(uint32_t codepoint))
{
	struct str s = c->args[0].string;
	struct buf b;

	buf_init(&b, c->arena);
	buf_reserve(&b, s.length);
	for (size_t i = 0; i < s.length;) {
		uint32_t codepoint;
		size_t size = utf8_decode(s.data + i, s.length - i, &codepoint);

		if (size)
			buf_add_utf8(&b, change(codepoint));
		else
			buf_add_char(&b, s.data[i]);
		i += size ? size : 1;
	}
	return text(buf_str(&b));
}

static struct value lower(struct function_call *c)
{
	return map_letters(c, utf8_lower);
}

static struct value upper(struct function_call *c)
{
	return map_letters(c, utf8_upper);
}

static bool is_separator(uint32_t codepoint)
{
	if (codepoint >= 0x80)
		return utf8_is_blank(codepoint);
	return !(codepoint >= 'a' && codepoint <= 'z') && !(codepoint >= 'A' && codepoint <= 'Z') &&
	       !(codepoint >= '0' && codepoint <= '9') && codepoint != '_';
}

static struct value title(struct function_call *c)
{
	struct str s = c->args[0].string;
	bool start = true;
	struct buf b;

	buf_init(&b, c->arena);
	buf_reserve(&b, s.length);
	for (size_t i = 0; i < s.length;) {
		uint32_t codepoint;
		size_t size = utf8_decode(s.data + i, s.length - i, &codepoint);

		if (!size)
			buf_add_char(&b, s.data[i]);
		else
			buf_add_utf8(&b, start ? utf8_title(codepoint) : codepoint);
		start = size && is_separator(codepoint);
		i += size ? size : 1;
	}
	return text(buf_str(&b));
}

static struct value split(struct function_call *c)
{
	struct str separator = c->args[0].string, s = c->args[1].string;
	struct value out = value_list(NULL, 0);
	size_t start = 0;

	while (start + separator.length <= s.length && out.list.count < FUNCTION_ITEMS_MOST) {
		struct str rest = str_slice(s, start, s.length);
		uint32_t unused;
		size_t length = separator.length ? str_find(rest, separator) :
						   utf8_decode(rest.data, rest.length, &unused);

		if (separator.length ? length == rest.length : length == 0)
			break;
		value_append(c->arena, &out, text(str_slice(rest, 0, length)));
		start += length + separator.length;
	}
	if (out.list.count == FUNCTION_ITEMS_MOST)
		return fail_too_many(c);
	if (separator.length)
		value_append(c->arena, &out, text(str_slice(s, start, s.length)));
	return out;
}

static size_t first_character(struct str s, uint32_t *codepoint)
{
	size_t size = utf8_decode(s.data, s.length, codepoint);

	return size ? size : s.length > 0;
}

static size_t last_character(struct str s, uint32_t *codepoint)
{
	size_t size = s.length > 0;

	while (size && size < 4 && size < s.length &&
	       ((unsigned char)s.data[s.length - size] & 0xC0) == 0x80)
		size++;
	return size && utf8_decode(s.data + s.length - size, size, codepoint) == size ? size :
		s.length > 0;
}

static bool is_in(struct str characters, uint32_t codepoint)
{
	for (size_t i = 0; i < characters.length;) {
		uint32_t one = 0;

		i += first_character(str_slice(characters, i, characters.length), &one);
		if (one == codepoint)
			return true;
	}
	return false;
}

static struct str trim_both(struct str s, bool (*drop)(struct str set, uint32_t codepoint),
			    struct str set)
{
	uint32_t codepoint = 0;

	while (s.length) {
		size_t size = first_character(s, &codepoint);

		if (!drop(set, codepoint))
			break;
		s = str_slice(s, size, s.length);
	}
	while (s.length) {
		size_t size = last_character(s, &codepoint);

		if (!drop(set, codepoint))
			break;
		s.length -= size;
	}
	return s;
}

static bool is_blank(struct str set ATTR_UNUSED, uint32_t codepoint)
{
	return utf8_is_blank(codepoint);
}

#define TRIM_CHARACTERS_MOST 1000

static struct value trim(struct function_call *c)
{
	if (c->args[1].string.length > TRIM_CHARACTERS_MOST)
		return function_fail(c, 1, "E0263 'trim' takes at most %d bytes of characters",
				     TRIM_CHARACTERS_MOST);
	return text(trim_both(c->args[0].string, is_in, c->args[1].string));
}

static struct value trimspace(struct function_call *c)
{
	return text(trim_both(c->args[0].string, is_blank, (struct str){ 0 }));
}

static struct value trimprefix(struct function_call *c)
{
	struct str s = c->args[0].string, prefix = c->args[1].string;

	return text(str_starts(s, prefix) ? str_slice(s, prefix.length, s.length) : s);
}

static struct value trimsuffix(struct function_call *c)
{
	struct str s = c->args[0].string, suffix = c->args[1].string;

	return text(str_ends(s, suffix) ? str_slice(s, 0, s.length - suffix.length) : s);
}

#define STRING &string_type

static const struct function functions[] = {
	{ "chomp", { P("string", STRING) }, STRING, .call = chomp,
	  .summary = "the text without the line ends at its end" },
	{ "endswith", { P("string", STRING), P("suffix", STRING) }, &bool_type, .call = ends_with,
	  .summary = "whether the text ends with the suffix" },
	{ "indent", { P("spaces", &number_type), P("string", STRING) }, STRING, .call = indent,
	  .summary = "blanks before every line but the first" },
	{ "join", { P("separator", STRING), P("list", &strings_type),
		    REST("lists", &strings_type) }, STRING, .call = join,
	  .summary = "the texts of lists as one, the separator between them" },
	{ "lower", { P("string", STRING) }, STRING, .call = lower,
	  .summary = "every letter as a small one" },
	{ "split", { P("separator", STRING), P("string", STRING) }, &strings_type, .call = split,
	  .summary = "a list of what stands between the separators" },
	{ "startswith", { P("string", STRING), P("prefix", STRING) }, &bool_type,
	  .partial = true, .call = starts_with,
	  .summary = "whether the text starts with the prefix" },
	{ "strcontains", { P("string", STRING), P("substr", STRING) }, &bool_type,
	  .call = contains_text, .summary = "whether one text stands in the other" },
	{ "title", { P("string", STRING) }, STRING, .call = title,
	  .summary = "the first letter of every word as a capital" },
	{ "trim", { P("string", STRING), P("characters", STRING) }, STRING, .call = trim,
	  .summary = "the text without these characters at both ends" },
	{ "trimprefix", { P("string", STRING), P("prefix", STRING) }, STRING, .call = trimprefix,
	  .summary = "the text without the prefix, where it has it" },
	{ "trimspace", { P("string", STRING) }, STRING, .call = trimspace,
	  .summary = "the text without blanks and line ends at both ends" },
	{ "trimsuffix", { P("string", STRING), P("suffix", STRING) }, STRING, .call = trimsuffix,
	  .summary = "the text without the suffix, where it has it" },
	{ "upper", { P("string", STRING) }, STRING, .call = upper,
	  .summary = "every letter as a capital" },
};

const struct family string_family = FAMILY(functions);
