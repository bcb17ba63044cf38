#include "base/hash.h"

#include "family.h"

/*
 * Functions that read files of the project and nothing else: a path starts at the
 * scope's folder and never leaves the project's, by ".." or by a link.
 */
#define TEXT_BYTES_MOST EXPR_TEXT_LIMIT
#define DIGEST_BYTES_MOST (16u << 20)

/* The path for the door; false after a report. */
static bool find_path(struct function_call *c, size_t index, struct str *out)
{
	struct str path = c->args[index].string, inside;
	const struct expr_scope *scope = c->scope;

	if (!scope || !scope->files) {
		function_fail(c, index, "E0270 there are no files here");
		return false;
	}
	if (str_starts(path, STR("/")) || str_index(path, '\0') < path.length) {
		function_fail(c, index, "E0270 a path is written from the folder of the spec, "
			      "without '/' at its start");
		return false;
	}
	if (!path_normalize(c->arena, path_join(c->arena, scope->folder, path), &inside)) {
		function_fail(c, index, "E0270 '%.*s' is outside the project", STR_ARG(path));
		return false;
	}
	*out = path_join(c->arena, scope->root, inside);
	return true;
}

static bool is_plain(struct function_call *c, size_t index, struct str path)
{
	const struct files *files = c->scope->files;

	if (!files->linked(files->context, c->scope->root, path))
		return true;
	function_fail(c, index, "E0270 '%.*s' leads over a link, maybe out of the project",
		      STR_ARG(argument_shown(c, index)));
	return false;
}

static bool read_bytes(struct function_call *c, size_t index, size_t limit, struct str *out)
{
	struct error err = { 0 };
	const struct files *files;
	struct str path;

	if (!find_path(c, index, &path))
		return false;
	files = c->scope->files;
	if (files->kind(files->context, path) != FILE_REGULAR) {
		function_fail(c, index, "E0270 there is no file '%.*s'",
			      STR_ARG(argument_shown(c, index)));
		return false;
	}
	if (!is_plain(c, index, path))
		return false;
	if (files->read(files->context, c->arena, path, limit, out, &err))
		return true;
	function_fail(c, index, "E0270 %s", err.text);
	return false;
}

bool function_read(struct function_call *c, size_t index, struct str *out)
{
	return read_bytes(c, index, DIGEST_BYTES_MOST, out);
}

static bool read_text(struct function_call *c, struct str *out)
{
	if (!read_bytes(c, 0, TEXT_BYTES_MOST, out))
		return false;
	if (str_is_utf8(*out))
		return true;
	function_fail(c, 0, "E0270 '%.*s' is no text (UTF-8); use filebase64()",
		      STR_ARG(argument_shown(c, 0)));
	return false;
}

static struct value file(struct function_call *c)
{
	struct str text;

	return read_text(c, &text) ? value_string(text) : value_null();
}

static struct value filebase64(struct function_call *c)
{
	struct str bytes, text;

	if (!read_bytes(c, 0, TEXT_BYTES_MOST, &bytes))
		return value_null();
	text = base64_encode(c->arena, bytes);
	return text.length > TEXT_BYTES_MOST ? fail_too_long(c) : value_string(text);
}

static struct value fileexists(struct function_call *c)
{
	const struct files *files;
	struct str path;

	if (!find_path(c, 0, &path))
		return value_null();
	files = c->scope->files;
	switch (files->kind(files->context, path)) {
	case FILE_NONE:
		return value_bool(false);
	case FILE_REGULAR:
		return is_plain(c, 0, path) ? value_bool(true) : value_null();
	default:
		return function_fail(c, 0, "E0270 '%.*s' is no file but a folder or the like",
				     STR_ARG(argument_shown(c, 0)));
	}
}

/*
 * Patterns of fileset(): '*' and '?' within a name, "**" for any folders, [a-z],
 * {a,b}.  The budget keeps hostile ones short.
 */
struct glob {
	size_t steps;			/* left */
	bool bad;			/* malformed */
};

static bool glob_match(struct glob *g, struct str p, struct str s);

static bool match_rest(struct glob *g, struct str p, size_t used, struct str s, size_t eaten)
{
	return glob_match(g, str_slice(p, used, p.length), str_slice(s, eaten, s.length));
}

/* Any folders, none too. */
static bool match_folders(struct glob *g, struct str p, struct str s)
{
	if (p.length == 2)
		return true;
	if (p.data[2] != '/')
		return false;
	for (size_t at = 0; at <= s.length && !g->bad; at++) {
		if ((!at || s.data[at - 1] == '/') && match_rest(g, p, 3, s, at))
			return true;
	}
	return false;
}

static bool match_star(struct glob *g, struct str p, struct str s)
{
	for (size_t at = 0; !g->bad; at++) {
		if (match_rest(g, p, 1, s, at))
			return true;
		if (at >= s.length || s.data[at] == '/')
			return false;
	}
	return false;
}

static bool match_class(struct glob *g, struct str p, struct str s)
{
	size_t end = str_index(p, ']');
	bool negated = end > 2 && (p.data[1] == '^' || p.data[1] == '!'), found = false;

	if (end == p.length) {
		g->bad = true;
		return false;
	}
	if (!s.length || s.data[0] == '/')
		return false;
	for (size_t i = 1 + negated; i < end; i++) {
		bool range = i + 2 < end && p.data[i + 1] == '-';
		char last = p.data[range ? i + 2 : i];

		found = found || (s.data[0] >= p.data[i] && s.data[0] <= last);
		i += range ? 2 : 0;
	}
	return found != negated && match_rest(g, p, end + 1, s, 1);
}

static bool match_choice(struct glob *g, struct str p, struct str s)
{
	size_t end = str_index(p, '}');
	struct str choices = str_slice(p, 1, end), choice;

	if (end == p.length) {
		g->bad = true;
		return false;
	}
	while (str_split(&choices, ',', &choice)) {
		if (str_starts(s, choice) && match_rest(g, p, end + 1, s, choice.length))
			return true;
	}
	return false;
}

static bool glob_match(struct glob *g, struct str p, struct str s)
{
	if (!g->steps) {
		g->bad = true;
		return false;
	}
	g->steps--;
	if (!p.length)
		return !s.length;
	if (str_starts(p, STR("**")))
		return match_folders(g, p, s);
	switch (p.data[0]) {
	case '*':
		return match_star(g, p, s);
	case '[':
		return match_class(g, p, s);
	case '{':
		return match_choice(g, p, s);
	case '?':
		return s.length && s.data[0] != '/' && match_rest(g, p, 1, s, 1);
	case '\\':
		p = p.length > 1 ? str_slice(p, 1, p.length) : p;
		break;
	default:
		break;
	}
	return s.length && s.data[0] == p.data[0] && match_rest(g, p, 1, s, 1);
}

#define GLOB_STEPS_MOST 1000000
#define GLOB_PATTERN_MOST 500

static bool is_pattern(struct function_call *c, struct str pattern)
{
	if (pattern.length <= GLOB_PATTERN_MOST && !str_starts(pattern, STR("/")) &&
	    !str_starts(pattern, STR("../")) && !str_contains(pattern, STR("/../")))
		return true;
	function_fail(c, 1, "E0270 a pattern is short and never leaves its folder");
	return false;
}

static struct value fileset(struct function_call *c)
{
	struct str pattern = c->args[1].string, path;
	struct glob g = { .steps = GLOB_STEPS_MOST };
	struct value out = value_list(NULL, 0);
	struct file_info_vec found = { 0 };
	struct error err = { 0 };
	const struct files *files;

	if (!is_pattern(c, pattern) || !find_path(c, 0, &path))
		return value_null();
	files = c->scope->files;
	if (files->kind(files->context, path) == FILE_NONE)
		return out;
	if (!is_plain(c, 0, path))
		return value_null();
	if (!files->list(files->context, c->arena, path, &found, &err))
		return function_fail(c, 0, "E0270 %s", err.text);
	for (size_t i = 0; i < found.count && !g.bad; i++) {
		if (glob_match(&g, pattern, found.items[i].path))
			value_append(c->arena, &out, value_string(found.items[i].path));
	}
	if (g.bad)
		return function_fail(c, 1,
				     "E0270 the pattern is malformed or takes too many steps");
	return out.list.count > FUNCTION_ITEMS_MOST ? fail_too_many(c) : out;
}

/* A name of the table becomes a variable of the template, which sees nothing else. */
static const struct expr_variable *variables_of(struct arena *a, const struct value *v)
{
	struct expr_variable *all = arena_array(a, struct expr_variable, v->map.count + 1);

	for (uint32_t i = 0; i < v->map.count; i++) {
		all[i].name = v->map.entries[i].key;
		all[i].value = ((const struct member *)v->map.entries[i].value)->value;
		all[i].next = i ? &all[i - 1] : NULL;
	}
	return v->map.count ? &all[v->map.count - 1] : NULL;
}

static struct value no_lookup(void *context ATTR_UNUSED, struct arena *a ATTR_UNUSED,
			      const struct expr *reference, size_t *used ATTR_UNUSED,
			      struct diags *d)
{
	struct value out = value_null();

	if (d)
		diag_error(d, reference->span, "E0273 the template is given no '%.*s'",
			   STR_ARG(reference->steps[0].name));
	out.marks = VALUE_DAMAGED;
	return out;
}

/* Reports the first mistake of a template at the call, as the text has no place in the spec. */
static struct value fail_template(struct function_call *c, const struct diags *d)
{
	const struct diag *first = &d->items[0];

	return function_fail(c, 0, "E0273 in the template: %.*s", STR_ARG(first->text));
}

static struct value render(struct function_call *c, struct str text)
{
	struct expr_scope scope = *c->scope;
	struct value source = value_string(text), parsed, out;
	struct diags d;

	diags_init(&d, c->arena);
	scope.variables = variables_of(c->arena, &c->args[1]);
	scope.lookup = no_lookup;
	if (!expr_parse(c->arena, &source, &parsed, &d))
		return fail_template(c, &d);
	out = value_evaluate(c->arena, &parsed, &scope, &d);
	return d.count ? fail_template(c, &d) : out;
}

/* With open values in it the text stays an expression, which needs the file no more. */
static struct value templatefile(struct function_call *c)
{
	struct str text;

	if (c->scope && c->scope->lookup == no_lookup)
		return function_fail(c, SIZE_MAX, "E0273 a template cannot read another one");
	if (!read_text(c, &text))
		return value_null();
	return render(c, text);
}

static struct value last_name(struct function_call *c)
{
	struct str path = c->args[0].string;

	if (!path.length)
		return value_string(STR("."));
	while (path.length > 1 && path.data[path.length - 1] == '/')
		path.length--;
	if (path.length == 1)
		return value_string(path);
	return value_string(str_slice(path, str_last_index(path, '/') == path.length ? 0 :
				      str_last_index(path, '/') + 1, path.length));
}

static struct value folder_name(struct function_call *c)
{
	struct str path = c->args[0].string, folder;
	size_t slash = str_last_index(path, '/');
	VEC(struct str) parts = { 0 };
	struct str part;

	if (slash == path.length)
		return value_string(STR("."));
	folder = str_slice(path, 0, slash);
	/* As path_normalize(), but ".." at the start stays. */
	while (str_split(&folder, '/', &part)) {
		bool up = str_equal(part, STR(".."));

		if (!part.length || str_equal(part, STR(".")))
			continue;
		if (up && parts.count && !str_equal(parts.items[parts.count - 1], STR("..")))
			parts.count--;
		else if (!up || !str_starts(path, STR("/")))
			*vec_push(c->arena, &parts) = part;
	}
	folder = str_join(c->arena, STR("/"), parts.items, parts.count);
	if (str_starts(path, STR("/")))
		return value_string(str_format(c->arena, "/%.*s", STR_ARG(folder)));
	return value_string(folder.length ? folder : STR("."));
}

#define STRING &string_type

static const struct function functions[] = {
	{ "basename", { P("path", STRING) }, STRING, .call = last_name,
	  .summary = "the last name of a path" },
	{ "dirname", { P("path", STRING) }, STRING, .call = folder_name,
	  .summary = "a path without its last name" },
	{ "file", { P("path", STRING) }, STRING, .call = file,
	  .summary = "the text of a file of the project" },
	{ "filebase64", { P("path", STRING) }, STRING, .call = filebase64,
	  .summary = "the bytes of a file of the project as base64" },
	{ "fileexists", { P("path", STRING) }, &bool_type, .call = fileexists,
	  .summary = "whether there is a file in the project" },
	{ "fileset", { P("path", STRING), P("pattern", STRING) }, &strings_type, .call = fileset,
	  .summary = "the files of a folder whose paths match a pattern" },
	{ "templatefile", { P("path", STRING), P("vars", &map_type) }, NULL, .deep = true,
	  .call = templatefile,
	  .summary = "the text of a file with its ${...} worked out from the variables" },
};

const struct family file_family = FAMILY(functions);
