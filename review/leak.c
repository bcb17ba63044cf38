#include "make.h"

#define KEY_LENGTH_LEAST 16
#define DEPTH_MOST 64

struct sign {
	struct str prefix;
	bool text;			/* the prefix alone is enough */
};
static const struct sign signs[] = {
	{ STR_INIT("AKIA"), false },
	{ STR_INIT("ASIA"), false },
	{ STR_INIT("ghp_"), false },
	{ STR_INIT("gho_"), false },
	{ STR_INIT("ghs_"), false },
	{ STR_INIT("github_pat_"), false },
	{ STR_INIT("glpat-"), false },
	{ STR_INIT("xoxb-"), false },
	{ STR_INIT("xoxp-"), false },
	{ STR_INIT("sk_live_"), false },
	{ STR_INIT("rk_live_"), false },
	{ STR_INIT("PRIVATE KEY-----"), true },
};

static bool is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_' || c == '-';
}

static size_t word_length(struct str text)
{
	size_t length = 0;

	while (length < text.length && is_word(text.data[length]))
		length++;
	return length;
}

static bool starts_with_sign(struct str rest, bool inside_word)
{
	for (size_t i = 0; i < sizeof(signs) / sizeof(*signs); i++) {
		struct str after;

		if (!str_starts(rest, signs[i].prefix))
			continue;
		after = str_slice(rest, signs[i].prefix.length, rest.length);
		if (signs[i].text || (!inside_word && word_length(after) >= KEY_LENGTH_LEAST))
			return true;
	}
	return false;
}

bool leaks(struct str text)
{
	bool inside_word = false;

	if (text.length < KEY_LENGTH_LEAST)
		return false;
	for (size_t i = 0; i < text.length; i++) {
		if (strchr("AagxrsP", text.data[i]) && text.data[i] &&
		    starts_with_sign(str_slice(text, i, text.length), inside_word))
			return true;
		inside_word = is_word(text.data[i]);
	}
	return false;
}

static bool any_leaks(const struct value *v, unsigned depth)
{
	if (depth > DEPTH_MOST)
		return true;
	if (v->kind == VALUE_STRING)
		return leaks(v->string);
	if (v->kind == VALUE_UNKNOWN)
		return v->unknown && leaks(v->unknown->prefix);
	for (size_t i = 0; v->kind == VALUE_LIST && i < v->list.count; i++) {
		if (any_leaks(&v->list.items[i], depth + 1))
			return true;
	}
	for (uint32_t i = 0; v->kind == VALUE_MAP && i < v->map.count; i++) {
		const struct member *member = v->map.entries[i].value;

		if (leaks(v->map.entries[i].key) || any_leaks(&member->value, depth + 1))
			return true;
	}
	return false;
}

static struct value without(struct arena *a, const struct value *v, unsigned depth)
{
	struct value out = *v;

	if (depth > DEPTH_MOST || v->kind == VALUE_STRING || v->kind == VALUE_UNKNOWN)
		return any_leaks(v, depth) ? value_string(STR("(sensitive)")) : *v;
	if (v->kind == VALUE_LIST) {
		out = value_list(arena_array(a, struct value, v->list.count), v->list.count);
		for (size_t i = 0; i < v->list.count; i++)
			out.list.items[i] = without(a, &v->list.items[i], depth + 1);
	} else if (v->kind == VALUE_MAP) {
		out = value_map();
		for (uint32_t i = 0; i < v->map.count; i++) {
			const struct member *member = v->map.entries[i].value;
			struct str key = v->map.entries[i].key;

			value_set(a, &out, leaks(key) ? STR("(sensitive)") : key,
				  without(a, &member->value, depth + 1));
		}
	}
	return out;
}

bool value_leaks(const struct value *v)
{
	return any_leaks(v, 0);
}

struct value value_without_leaks(struct arena *a, const struct value *v)
{
	return value_leaks(v) ? without(a, v, 0) : *v;
}
