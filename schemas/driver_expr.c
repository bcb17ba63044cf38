#include "driver_parse.h"

/* A function's name and how many arguments it takes. */
struct function_rule {
	const char *name;
	size_t min, max;
};

static const struct function_rule functions[] = {
	[FUNCTION_LENS] = { "lens", 2, 2 },
	[FUNCTION_JSON] = { "json", 1, 1 },
	[FUNCTION_TEXT] = { "text", 1, 1 },
	[FUNCTION_TAG_LIST] = { "taglist", 1, 1 },
	[FUNCTION_TAG_MAP] = { "tagmap", 1, 1 },
	[FUNCTION_KEYS] = { "keys", 1, 1 },
	[FUNCTION_MERGE] = { "merge", 3, 3 },
	[FUNCTION_FIRST] = { "first", 1, 8 },
	[FUNCTION_IS] = { "is", 2, 16 },
	[FUNCTION_UNLESS] = { "unless", 3, 16 },
	[FUNCTION_NONEMPTY] = { "nonempty", 1, 1 },
	[FUNCTION_CONTAINS] = { "contains", 2, 2 },
	[FUNCTION_FIND] = { "find", 3, 3 },
	[FUNCTION_KEPT] = { "kept", 1, 1 },
	[FUNCTION_FILL] = { "fill", 1, 1 },
	[FUNCTION_TIME] = { "time", 1, 1 },
	[FUNCTION_ALL] = { "all", 1, 8 },
};

static const struct {
	const char *name;
	enum term_name kind;
} names[] = {
	{ "old", NAME_OLD }, { "changed", NAME_CHANGED }, { "item", NAME_ITEM },
	{ "added", NAME_ADDED }, { "removed", NAME_REMOVED }, { "instance", NAME_INSTANCE },
	{ "token", NAME_TOKEN }, { "account", NAME_ACCOUNT }, { "region", NAME_REGION },
	{ "partition", NAME_PARTITION },
};

/* The text of one expression and where the reader is in it. */
struct scan {
	struct driver_parser *p;
	const struct value *source;
	struct str text;
	size_t at;
	bool failed;
};

static struct term scan_term(struct scan *s);

static bool is_field_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_' || c == '-' || c == ':' || c == '/' || c == '@';
}

static char peek(const struct scan *s)
{
	return s->at < s->text.length ? s->text.data[s->at] : '\0';
}

static struct term scan_fail(struct scan *s, const char *text)
{
	struct span span = s->source->span;

	if (!s->failed)
		diag_error(s->p->d, span, "%s in expression '%.*s'", text, STR_ARG(s->text));
	s->failed = true;
	return (struct term){ .kind = TERM_LITERAL, .span = span };
}

static struct str scan_field(struct scan *s)
{
	size_t start = s->at;

	while (s->at < s->text.length && is_field_char(s->text.data[s->at]))
		s->at++;
	return str_slice(s->text, start, s->at);
}

static void path_push(struct scan *s, struct term_path *path, struct path_part part)
{
	/* Paths are short; a driver's are bounded by its text. */
	struct path_part *parts = arena_array(s->p->arena, struct path_part, path->count + 1);

	for (size_t i = 0; i < path->count; i++)
		parts[i] = path->parts[i];
	parts[path->count] = part;
	path->parts = parts;
	path->count++;
	if (path->count > DRIVER_PATH_LIMIT)
		scan_fail(s, "too deep a path");
}

static void scan_bracket(struct scan *s, struct term_path *path)
{
	struct path_part part = { .kind = PATH_EACH };
	size_t start = ++s->at;

	while (peek(s) >= '0' && peek(s) <= '9' && s->at - start < 4)
		s->at++;
	if (s->at > start) {
		int64_t index = 0;

		part.kind = PATH_INDEX;
		if (!str_to_int(str_slice(s->text, start, s->at), &index))
			scan_fail(s, "bad index");
		part.index = (size_t)index;
	}
	if (peek(s) != ']') {
		scan_fail(s, "'[' without ']'");
		return;
	}
	s->at++;
	path_push(s, path, part);
}

/* ".a.b[].c": as much as there is. */
static void scan_path(struct scan *s, struct term_path *path)
{
	while (!s->failed) {
		struct str field;

		if (peek(s) == '[') {
			scan_bracket(s, path);
			continue;
		}
		if (peek(s) != '.')
			return;
		s->at++;
		field = scan_field(s);
		if (!field.length) {
			scan_fail(s, "'.' without a name");
			return;
		}
		path_push(s, path, (struct path_part){ .kind = PATH_FIELD, .field = field });
	}
}

bool term_path_parse(struct driver_parser *p, struct str text, struct span span,
		     struct term_path *out)
{
	struct value source = value_string(text);
	struct scan s = { .p = p, .source = &source, .text = text };
	struct str field;

	source.span = span;
	*out = (struct term_path){ 0 };
	field = scan_field(&s);
	if (!field.length) {
		scan_fail(&s, "no name");
		return false;
	}
	path_push(&s, out, (struct path_part){ .kind = PATH_FIELD, .field = field });
	scan_path(&s, out);
	if (!s.failed && s.at != text.length)
		scan_fail(&s, "unexpected text after the path");
	return !s.failed;
}

static struct term scan_name(struct scan *s)
{
	struct term t = { .kind = TERM_NAME, .span = s->source->span };
	struct str name;

	s->at++;
	name = scan_field(s);
	if (!name.length) {
		t.name = NAME_ALL;
		return t;
	}
	if (name.data[0] >= 'a' && name.data[0] <= 'z') {
		for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
			if (!str_equal_c(name, names[i].name))
				continue;
			t.name = names[i].kind;
			scan_path(s, &t.path);
			return t;
		}
		return scan_fail(s, "no such name");
	}
	path_push(s, &t.path, (struct path_part){ .kind = PATH_FIELD, .field = name });
	scan_path(s, &t.path);
	return t;
}

static struct term scan_reply(struct scan *s)
{
	struct term t = { .kind = TERM_REPLY, .span = s->source->span };

	if (s->at + 1 == s->text.length || s->text.data[s->at + 1] == ' ' ||
	    s->text.data[s->at + 1] == ')')
		s->at++;
	else
		scan_path(s, &t.path);
	return t;
}

static struct term scan_quoted(struct scan *s)
{
	struct term t = { .kind = TERM_LITERAL, .span = s->source->span };
	size_t start = ++s->at;

	while (s->at < s->text.length && peek(s) != '"')
		s->at++;
	if (peek(s) != '"')
		return scan_fail(s, "'\"' without an end");
	t.literal = value_string(str_slice(s->text, start, s->at));
	s->at++;
	return t;
}

static struct term word_literal(struct scan *s, struct str word)
{
	struct term t = { .kind = TERM_LITERAL, .span = s->source->span };
	int64_t number;

	if (str_equal(word, STR("true")) || str_equal(word, STR("false")))
		t.literal = value_bool(word.length == 4);
	else if (str_to_int(word, &number))
		t.literal = value_int(number);
	else
		t.literal = value_string(word);
	return t;
}

static void check_lens(struct scan *s, struct term *t)
{
	const struct term *first = &t->items[0];

	if (first->kind == TERM_LITERAL && first->literal.kind == VALUE_STRING)
		t->lens = lens_find(s->p->steps, first->literal.string);
	if (!t->lens)
		scan_fail(s, "no such lens");
}

static struct term scan_call(struct scan *s, enum term_function function)
{
	struct term t = { .kind = TERM_CALL, .function = function, .span = s->source->span };
	const struct function_rule *rule = &functions[function];

	t.items = arena_array(s->p->arena, struct term, rule->max);
	s->at++;
	while (!s->failed) {
		while (peek(s) == ' ')
			s->at++;
		if (peek(s) == ')')
			break;
		if (s->at == s->text.length)
			return scan_fail(s, "'(' without ')'");
		if (t.count == rule->max)
			return scan_fail(s, "too many arguments");
		t.items[t.count++] = scan_term(s);
	}
	if (s->failed)
		return t;
	s->at++;
	if (t.count < rule->min)
		return scan_fail(s, "too few arguments");
	if (function == FUNCTION_LENS)
		check_lens(s, &t);
	if ((function == FUNCTION_KEPT || function == FUNCTION_FILL) &&
	    (t.items[0].kind != TERM_LITERAL || t.items[0].literal.kind != VALUE_STRING))
		return scan_fail(s, "a plain text is needed");
	scan_path(s, &t.path);
	return t;
}

static struct term scan_word(struct scan *s)
{
	struct str word = scan_field(s);

	if (!word.length)
		return scan_fail(s, "unexpected character");
	if (peek(s) != '(')
		return word_literal(s, word);
	for (size_t i = 0; i < FUNCTIONS; i++) {
		if (str_equal_c(word, functions[i].name))
			return scan_call(s, (enum term_function)i);
	}
	return scan_fail(s, "no such function");
}

static struct term scan_term(struct scan *s)
{
	struct term t;

	if (++s->p->depth > DRIVER_DEPTH_LIMIT) {
		t = scan_fail(s, "too deep nesting");
	} else if (peek(s) == '$') {
		t = scan_name(s);
	} else if (peek(s) == '.') {
		t = scan_reply(s);
	} else if (peek(s) == '"') {
		t = scan_quoted(s);
	} else {
		t = scan_word(s);
	}
	s->p->depth--;
	return t;
}

/*
 * "name(" of a function, or "name(...)" whatever the name: else a typing mistake would be a
 * text.
 */
static bool looks_like_call(struct str text)
{
	size_t i = 0;

	while (i < text.length && text.data[i] >= 'a' && text.data[i] <= 'z')
		i++;
	if (!i || i == text.length || text.data[i] != '(')
		return false;
	for (size_t f = 0; f < FUNCTIONS; f++) {
		if (str_equal_c(str_slice(text, 0, i), functions[f].name))
			return true;
	}
	return str_index(text, ')') < text.length;
}

static struct term parse_text(struct driver_parser *p, const struct value *v)
{
	struct scan s = { .p = p, .source = v, .text = v->string };
	char first = peek(&s);
	struct term t;

	if (first != '$' && first != '.' && first != '"' && !looks_like_call(v->string))
		return (struct term){ .kind = TERM_LITERAL, .literal = *v, .span = v->span };
	t = scan_term(&s);
	if (!s.failed && s.at != s.text.length)
		scan_fail(&s, "unexpected text after the end");
	return t;
}

static void record_put(struct driver_parser *p, struct term *record, size_t *room, struct str name,
		       struct term item)
{
	for (size_t i = 0; i < record->count; i++) {
		if (str_equal(record->names[i], name)) {
			record->items[i] = item;
			return;
		}
	}
	if (record->count == *room)
		BUG("a record of %zu terms has no room", *room);
	record->names[record->count] = str_copy(p->arena, name);
	record->items[record->count++] = item;
}

/* `same: [A, B]`: A: $A, B: $B. */
static void record_same(struct driver_parser *p, const struct value *v, struct term *record,
			size_t *room)
{
	struct str_list list = value_str_list(p, v, "same");

	for (size_t i = 0; i < list.count; i++) {
		struct term t = { .kind = TERM_NAME, .span = v->span };

		if (term_path_parse(p, list.items[i], v->span, &t.path))
			record_put(p, record, room, list.items[i], t);
	}
}

void term_record_add(struct driver_parser *p, const struct value *map, struct term *out)
{
	const struct value *same = value_get_c(map, "same");
	size_t room = out->count + map->map.count;
	struct term *items;
	struct str *item_names;

	if (same && same->kind == VALUE_LIST)
		room += same->list.count;
	if (room > DRIVER_ITEMS_LIMIT) {
		diag_error(p->d, map->span, "more than %d members", DRIVER_ITEMS_LIMIT);
		return;
	}
	items = arena_array(p->arena, struct term, room);
	item_names = arena_array(p->arena, struct str, room);
	for (size_t i = 0; i < out->count; i++) {
		items[i] = out->items[i];
		item_names[i] = out->names[i];
	}
	out->kind = TERM_RECORD;
	out->items = items;
	out->names = item_names;
	for (uint32_t i = 0; i < map->map.count; i++) {
		const struct member *m = map->map.entries[i].value;

		if (&m->value == same)
			record_same(p, same, out, &room);
		else
			record_put(p, out, &room, map->map.entries[i].key,
				   term_parse(p, &m->value));
	}
}

static struct term parse_list(struct driver_parser *p, const struct value *v)
{
	struct term t = { .kind = TERM_LIST, .span = v->span };

	if (v->list.count > DRIVER_ITEMS_LIMIT) {
		diag_error(p->d, v->span, "more than %d items", DRIVER_ITEMS_LIMIT);
		return t;
	}
	t.items = arena_array(p->arena, struct term, v->list.count);
	for (size_t i = 0; i < v->list.count; i++)
		t.items[t.count++] = term_parse(p, &v->list.items[i]);
	return t;
}

struct term term_parse(struct driver_parser *p, const struct value *v)
{
	struct term t = { .kind = TERM_LITERAL, .literal = *v, .span = v->span };

	if (++p->depth > DRIVER_DEPTH_LIMIT) {
		diag_error(p->d, v->span, "too deep nesting");
	} else if (v->kind == VALUE_STRING) {
		t = parse_text(p, v);
	} else if (v->kind == VALUE_LIST && v->list.count) {
		t = parse_list(p, v);
	} else if (v->kind == VALUE_MAP && v->map.count) {
		t = (struct term){ .kind = TERM_RECORD, .span = v->span };
		term_record_add(p, v, &t);
	}
	p->depth--;
	return t;
}

struct str term_path_text(struct arena *a, const struct term_path *path)
{
	struct buf b;

	buf_init(&b, a);
	for (size_t i = 0; i < path->count; i++) {
		const struct path_part *part = &path->parts[i];

		if (part->kind == PATH_EACH)
			buf_add_c(&b, "[]");
		else if (part->kind == PATH_INDEX)
			buf_printf(&b, "[%zu]", part->index);
		else
			buf_printf(&b, "%s%.*s", i ? "." : "", STR_ARG(part->field));
	}
	return buf_str(&b);
}
