#include "base/regex.h"

#include "family.h"

/* NULL after a report. */
static struct regex *compile(struct function_call *c, size_t index, struct str pattern)
{
	struct error err = { 0 };
	struct regex *r = regex_new_re2(pattern, &err);

	if (!r)
		function_fail(c, index, "E0266 %s", err.text);
	return r;
}

static bool is_over(struct function_call *c, enum regex_result result)
{
	if (result == REGEX_LIMIT)
		function_fail(c, SIZE_MAX, "E0266 the pattern takes too many steps with this text");
	return result != REGEX_YES;
}

/* Groups are all named or none is. */
static bool check_names(struct function_call *c, const struct regex *r, bool *named)
{
	size_t count = regex_group_count(r), with_name = 0;

	for (size_t i = 1; i <= count; i++)
		with_name += regex_group_name(r, i).length > 0;
	*named = with_name > 0;
	if (!with_name || with_name == count)
		return true;
	function_fail(c, 0, "E0266 some groups of the pattern have a name and some have none");
	return false;
}

static struct value group_value(const struct regex_walk *w, size_t group)
{
	struct regex_span span = w->groups[group];

	return span.start == SIZE_MAX ? value_null() :
	       value_string(str_slice(w->text, span.start, span.end));
}

/* The match itself, a list of its groups, or a table of them by name. */
static struct value match_value(struct arena *a, const struct regex_walk *w, bool named)
{
	size_t count = regex_group_count(w->regex);
	struct value out = named ? value_map() : value_list(NULL, 0);

	if (!count)
		return group_value(w, 0);
	for (size_t i = 1; i <= count; i++) {
		if (named)
			value_set(a, &out, str_copy(a, regex_group_name(w->regex, i)),
				  group_value(w, i));
		else
			value_append(a, &out, group_value(w, i));
	}
	return out;
}

static struct value first_match(struct function_call *c, struct regex_walk *w, bool named)
{
	enum regex_result result = regex_next(c->arena, w);

	if (result == REGEX_NO)
		return function_fail(c, SIZE_MAX, "E0264 the pattern is nowhere in the text");
	return is_over(c, result) ? value_null() : match_value(c->arena, w, named);
}

static struct value all_matches(struct function_call *c, struct regex_walk *w, bool named)
{
	struct value out = value_list(NULL, 0);

	while (!is_over(c, regex_next(c->arena, w))) {
		if (out.list.count == FUNCTION_ITEMS_MOST)
			return fail_too_many(c);
		value_append(c->arena, &out, match_value(c->arena, w, named));
	}
	return out;
}

static struct value match(struct function_call *c,
			  struct value (*collect)(struct function_call *c, struct regex_walk *w,
						  bool named))
{
	struct regex *r = compile(c, 0, c->args[0].string);
	struct regex_walk walk = { .regex = r, .text = c->args[1].string };
	struct value out = value_null();
	bool named;

	if (r && check_names(c, r, &named))
		out = collect(c, &walk, named);
	regex_free(r);
	return out;
}

static struct value regex(struct function_call *c)
{
	return match(c, first_match);
}

static struct value regexall(struct function_call *c)
{
	return match(c, all_matches);
}

static bool is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_';
}

/* "$1x" is the group "1x", as "${1x}" is. */
static struct str group_name(struct str rest, size_t *used)
{
	bool braces = rest.length && rest.data[0] == '{';
	size_t end = braces;

	while (end < rest.length && is_word(rest.data[end]))
		end++;
	*used = 0;
	if (end == braces || (braces && (end == rest.length || rest.data[end] != '}')))
		return (struct str){ 0 };
	*used = end + braces;
	return str_slice(rest, braces, end);
}

static void add_group(struct buf *b, const struct regex_walk *w, struct str name)
{
	size_t count = regex_group_count(w->regex);
	int64_t number;

	if (!str_to_int(name, &number)) {
		for (number = 1; (size_t)number <= count; number++) {
			if (str_equal(regex_group_name(w->regex, (size_t)number), name))
				break;
		}
	}
	if (number >= 0 && (uint64_t)number <= count && w->groups[number].start != SIZE_MAX)
		buf_add(b, str_slice(w->text, w->groups[number].start, w->groups[number].end));
}

static void add_replacement(struct buf *b, const struct regex_walk *w, struct str with)
{
	for (size_t i = 0; i < with.length;) {
		size_t dollar = str_index(str_slice(with, i, with.length), '$'), used;
		struct str name;

		buf_add(b, str_slice(with, i, i + dollar));
		i += dollar;
		if (i == with.length)
			return;
		name = group_name(str_slice(with, i + 1, with.length), &used);
		if (used)
			add_group(b, w, name);
		else
			buf_add_char(b, '$');
		/* "$$" is one. */
		i += 1 + (used ? used : i + 1 < with.length && with.data[i + 1] == '$');
	}
}

static struct value replace_pattern(struct function_call *c, struct str pattern)
{
	struct regex *r = compile(c, 1, pattern);
	struct regex_walk walk = { .regex = r, .text = c->args[0].string };
	size_t done = 0;
	struct buf b;

	buf_init_limit(&b, c->arena, EXPR_TEXT_LIMIT);
	while (r && !b.overflow && !is_over(c, regex_next(c->arena, &walk))) {
		buf_add(&b, str_slice(walk.text, done, walk.groups[0].start));
		add_replacement(&b, &walk, c->args[2].string);
		done = walk.groups[0].end;
	}
	buf_add(&b, str_slice(walk.text, done, walk.text.length));
	regex_free(r);
	return finish_text(c, &b);
}

/* Between every two characters, and at both ends. */
static void add_between(struct buf *b, struct str s, struct str with)
{
	buf_add(b, with);
	for (size_t i = 0; i < s.length && !b->overflow; i++) {
		bool end = i + 1 == s.length || ((unsigned char)s.data[i + 1] & 0xC0) != 0x80;

		buf_add_char(b, s.data[i]);
		if (end)
			buf_add(b, with);
	}
}

static struct value replace(struct function_call *c)
{
	struct str s = c->args[0].string, from = c->args[1].string, with = c->args[2].string;
	struct buf b;

	if (from.length > 1 && from.data[0] == '/' && str_ends(from, STR("/")))
		return replace_pattern(c, str_slice(from, 1, from.length - 1));
	buf_init_limit(&b, c->arena, EXPR_TEXT_LIMIT);
	if (!from.length)
		add_between(&b, s, with);
	while (from.length && !b.overflow) {
		size_t at = str_find(s, from);

		buf_add(&b, str_slice(s, 0, at));
		if (at == s.length)
			break;
		buf_add(&b, with);
		s = str_slice(s, at + from.length, s.length);
	}
	return finish_text(c, &b);
}

static const struct function functions[] = {
	{ "regex", { P("pattern", &string_type), P("string", &string_type) }, NULL, .call = regex,
	  .summary = "what the pattern matches first, or its groups" },
	{ "regexall", { P("pattern", &string_type), P("string", &string_type) }, &list_type,
	  .call = regexall, .summary = "a list of all that the pattern matches" },
	{ "replace", { P("string", &string_type), P("substring", &string_type),
		       P("replacement", &string_type) }, &string_type, .call = replace,
	  .summary = "the text with each substring, or /pattern/, replaced" },
};

const struct family regex_family = FAMILY(functions);
