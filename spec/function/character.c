#include "base/regex.h"
#include "base/utf8.h"

#include "family.h"

/*
 * Functions that count characters as people do: a letter with its accents, a
 * family of faces and "\r\n" are one each.
 */

static size_t count_characters(struct str s)
{
	struct regex *characters = regex_new_characters();
	size_t count = 0;

	for (size_t at = 0; at < s.length; count++)
		at += regex_character(characters, str_slice(s, at, s.length));
	regex_free(characters);
	return count;
}

static struct value strlen_of(struct function_call *c)
{
	const struct value *v = &c->args[0];

	if (v->kind == VALUE_LIST)
		return value_int((int64_t)v->list.count);
	if (v->kind == VALUE_MAP)
		return value_int(v->map.count);
	if (v->kind == VALUE_STRING)
		return value_int((int64_t)count_characters(v->string));
	return function_fail(c, 0, "E0262 'length' takes text, a list or a table, not a %s",
			     value_kind_name(v->kind));
}

static struct value reverse_text(struct function_call *c)
{
	struct str s = c->args[0].string;
	struct regex *characters = regex_new_characters();
	char *out = arena_array(c->arena, char, s.length + 1);
	size_t size;

	for (size_t at = 0; at < s.length; at += size) {
		size = regex_character(characters, str_slice(s, at, s.length));
		for (size_t i = 0; i < size; i++)
			out[s.length - at - size + i] = s.data[at + i];
	}
	regex_free(characters);
	return value_string(str_of(out, s.length));
}

/* Behind so many characters. */
static size_t skip(const struct regex *characters, struct str s, size_t at, int64_t count)
{
	for (; count > 0 && at < s.length; count--)
		at += regex_character(characters, str_slice(s, at, s.length));
	return at;
}

static struct value part_of(struct function_call *c)
{
	struct str s = c->args[0].string;
	struct regex *characters;
	int64_t offset, length;
	size_t start, end;

	if (!argument_whole(c, 1, &offset) || !argument_whole(c, 2, &length))
		return value_null();
	if (offset < 0) {
		int64_t count = (int64_t)count_characters(s);

		offset = offset < -count ? 0 : offset + count;
	}
	characters = regex_new_characters();
	start = skip(characters, s, 0, offset);
	end = length < 0 ? s.length : skip(characters, s, start, length);
	regex_free(characters);
	return value_string(str_slice(s, start, end));
}

static const struct function functions[] = {
	{ "length", { P("value", NULL) }, &number_type, .deep = true, .call = strlen_of,
	  .summary = "how many characters, items or keys it has" },
	{ "strrev", { P("string", &string_type) }, &string_type, .call = reverse_text,
	  .summary = "the characters in reverse" },
	{ "substr", { P("string", &string_type), P("offset", &number_type),
		      P("length", &number_type) }, &string_type, .call = part_of,
	  .summary = "part of a text: from a character on, so many; -1: all" },
};

const struct family character_family = FAMILY(functions);
