#include "base/json.h"
#include "base/regex.h"
#include "spec/convert.h"

#include "build.h"
#include "compiler.h"

/*
 * [variable.X]: what a spec or a module is given from outside.  Of the spec
 * itself --var goes before EFF_VAR_X, and both before `default`, which overlays
 * may change; a module gets what its call writes under `with`.
 */
struct variable {
	const struct type *type;	/* NULL: any */
	const struct member *written;
	struct value body;		/* MAP: its keys, words bound */
	struct str source;		/* "--var x", where no span tells; else empty */
	bool sensitive;
};

static bool check_type(struct compiler *c, const struct value *v, struct str where)
{
	const struct type *type;

	(void)where;
	if (type_parse_name(c->arena, v->string, &type))
		return true;
	diag_error(c->d, v->span, "E0351 '%.*s' is no type", STR_ARG(v->string));
	diag_help(c->d, "string, number, bool, any, 'list of string', 'map of number', ...");
	return false;
}

static bool check_pattern(struct compiler *c, const struct value *v, struct str where)
{
	struct error err = { 0 };
	struct regex *regex = regex_new(v->string, &err);

	(void)where;
	regex_free(regex);
	if (regex)
		return true;
	diag_error(c->d, v->span, "E0351 'pattern' cannot be read: %s", err.text);
	return false;
}

static bool check_bound(struct compiler *c, const struct value *v, struct str where)
{
	(void)where;
	if (v->kind == VALUE_INT || v->kind == VALUE_FLOAT)
		return true;
	diag_error(c->d, v->span, "E0351 'min' and 'max' are numbers");
	return false;
}

static const struct key items[] = {
	{ .name = "type", .kind = KEY_TEXT, .check = check_type },
	{ .name = "default", .kind = KEY_ANY },
	{ .name = "description", .kind = KEY_TEXT },
	{ .name = "pattern", .kind = KEY_TEXT, .check = check_pattern },
	{ .name = "enum", .kind = KEY_LIST },
	{ .name = "min", .kind = KEY_ANY, .check = check_bound },
	{ .name = "max", .kind = KEY_ANY, .check = check_bound },
	{ .name = "sensitive", .kind = KEY_BOOLEAN },
};
const struct key_set variable_keys = KEY_SET(items);

static bool fits(const struct variable *variable, const struct value *v)
{
	const struct value *list = config_get(&variable->body, "enum");
	const struct value *min = config_get(&variable->body, "min");
	const struct value *max = config_get(&variable->body, "max");
	bool number = v->kind == VALUE_INT || v->kind == VALUE_FLOAT;
	bool found = !list;

	for (size_t i = 0; list && i < list->list.count; i++)
		found = found || value_equal(&list->list.items[i], v);
	return found && !(number && min && number_of(v) < number_of(min)) &&
	       !(number && max && number_of(v) > number_of(max));
}

static bool matches(const struct variable *variable, const struct value *v)
{
	struct str pattern = config_text(&variable->body, "pattern", "");
	struct regex *regex;
	bool good;

	if (!pattern.length || v->kind != VALUE_STRING)
		return true;
	regex = regex_new(pattern, NULL);
	good = !regex || regex_match(regex, v->string) == REGEX_YES;
	regex_free(regex);
	return good;
}

/* What may stand there, for the help: "one of: a b", "from 1 to 5", "it must match ...". */
static void help_allowed(struct compiler *c, const struct variable *variable)
{
	const struct value *list = config_get(&variable->body, "enum");
	const struct value *min = config_get(&variable->body, "min");
	const struct value *max = config_get(&variable->body, "max");
	struct str pattern = config_text(&variable->body, "pattern", "");

	if (list)
		diag_help(c->d, "one of: %.*s", STR_ARG(json_text(c->arena, list)));
	else if (min && max)
		diag_help(c->d, "from %.15g to %.15g", number_of(min), number_of(max));
	else if (min || max)
		diag_help(c->d, "at %s %.15g", min ? "least" : "most", number_of(min ? min : max));
	else
		diag_help(c->d, "it must match %.*s", STR_ARG(pattern));
}

/* "--var x: variable 'x'", since what was given outside has no place in a file. */
static struct str title_of(struct compiler *c, const struct named *named)
{
	const struct variable *variable = named->variable;

	return str_format(c->arena, "%.*s%svariable '%.*s'", STR_ARG(variable->source),
			  variable->source.length ? ": " : "", STR_ARG(named->name));
}

static struct value refused(const struct named *named, struct span span, struct compiler *c)
{
	if (named->variable->sensitive)
		diag_sensitive(c->d);
	return (struct value){ .kind = VALUE_NULL, .marks = VALUE_DAMAGED, .span = span };
}

struct value variable_check(struct compiler *c, const struct named *named, struct value v)
{
	const struct variable *variable = named->variable;
	struct span span = v.span.file == SPAN_NOWHERE ? named->written.span : v.span;
	struct value out;
	struct str why;

	if (v.marks & VALUE_DAMAGED)
		return v;
	if (!value_convert(c->arena, &v, variable->type, &out, &why)) {
		diag_error(c->d, span, "E0352 %.*s: %.*s", STR_ARG(title_of(c, named)),
			   STR_ARG(variable->sensitive || value_is_secret(&v)
				   ? STR("the secret value is not of its type") : why));
		return refused(named, span, c);
	}
	if (out.kind != VALUE_NULL && out.kind != VALUE_EXPR && out.kind != VALUE_UNKNOWN &&
	    (!fits(variable, &out) || !matches(variable, &out))) {
		diag_error(c->d, span, "E0353 %.*s: the value is not allowed",
			   STR_ARG(title_of(c, named)));
		help_allowed(c, variable);
		return refused(named, span, c);
	}
	if (variable->sensitive)
		out.marks |= VALUE_SECRET;
	return out;
}

/* Lists and maps are written as JSON; anything else is what its type makes of the text. */
static bool given_value(struct compiler *c, const struct variable *variable,
			const struct given_variable *given, struct value *out)
{
	const struct type *type = variable->type;
	bool container = type ? type->kind == TYPE_LIST || type->kind == TYPE_MAP
			      : str_starts(given->text, STR("[")) ||
				str_starts(given->text, STR("{"));
	struct error err;

	*out = value_string(given->text);
	out->span = SPAN_NONE;
	if (!str_is_utf8(given->text)) {
		diag_error(c->d, SPAN_NONE, "E0352 %.*s: it is no text (UTF-8)",
			   STR_ARG(variable->source));
		return false;
	}
	if (!container || json_parse(c->arena, given->text, SPAN_NOWHERE, out, &err))
		return true;
	diag_error(c->d, SPAN_NONE, "E0352 %.*s: a list or map is written as JSON: %s",
		   STR_ARG(variable->source), err.text);
	return false;
}

static const struct given_variable *find_given(const struct compile_options *options,
					       struct str name)
{
	/* Those of the command line come first; the last of a name counts. */
	const struct given_variable *found = NULL;

	for (size_t i = 0; i < options->variable_count; i++) {
		const struct given_variable *g = &options->variables[i];

		if (str_equal(g->name, name) && (!found || !found->flag || g->flag))
			found = g;
	}
	return found;
}

static void report_missing(struct compiler *c, const struct module *module,
			   const struct member *m, struct str name)
{
	if (module->call) {
		diag_error(c->d, module->call->written->key_span,
			   "E0350 module '%.*s' needs a value for '%.*s'",
			   STR_ARG(module->call->id), STR_ARG(name));
		diag_help(c->d, "write '%.*s' under [module.%.*s.with]", STR_ARG(name),
			  STR_ARG(module->call->id));
		return;
	}
	diag_error(c->d, m->key_span, "E0350 variable '%.*s' has no value", STR_ARG(name));
	diag_help(c->d, "give it with --var %.*s=... or EFF_VAR_%.*s, or write a 'default'",
		  STR_ARG(name), STR_ARG(name));
}

/* Where its value stands; false: nowhere (reported). */
static bool choose(struct compiler *c, struct module *module, struct variable *variable,
		   struct str name, const struct value *with, struct named *named)
{
	const struct given_variable *given =
		module->call ? NULL : find_given(c->options, name);
	const struct value *passed = with ? value_get(with, name) : NULL;
	const struct value *written = value_get_c(&variable->written->value, "default");

	if (given) {
		variable->source = given->flag ? str_format(c->arena, "--var %.*s", STR_ARG(name))
				 : str_format(c->arena, "EFF_VAR_%.*s", STR_ARG(name));
		return given_value(c, variable, given, &named->written);
	}
	if (passed) {
		named->written = *passed;
		named->module = module->parent;
		named->each = module->each;
	} else if (written) {
		named->written = *written;
	} else {
		report_missing(c, module, variable->written, name);
		return false;
	}
	return true;
}

static void variable_add(struct compiler *c, struct module *module, struct str name,
			 const struct member *m, const struct value *with)
{
	const struct key_set *const sets[] = { &variable_keys, NULL };
	struct variable *variable = arena_new(c->arena, struct variable);
	struct named *named = named_add(c, &module->variables, "variable", name, module, m);
	bool good = m->value.kind == VALUE_MAP && name_is_valid(c, name, m->key_span);

	if (m->value.kind != VALUE_MAP && !(m->value.marks & VALUE_DAMAGED))
		diag_error(c->d, m->value.span, "E0309 [variable.%.*s] must be a table",
			   STR_ARG(name));
	variable->written = m;
	variable->body = value_map();
	named->variable = variable;
	named->state = WORK_DONE;
	named->value = (struct value){ .kind = VALUE_NULL, .marks = VALUE_DAMAGED,
				       .span = m->key_span };
	/* The default alone may refer to other things. */
	for (uint32_t i = 0; good && i < m->value.map.count; i++) {
		const struct member *item = m->value.map.entries[i].value;
		struct value v = str_equal_c(m->value.map.entries[i].key, "default")
			       ? value_null() : words_bind(c, module, &item->value);

		member_put(c->arena, &variable->body, m->value.map.entries[i].key, item->key_span,
			   v);
	}
	variable->body.marks = m->value.marks;
	if (!good || !keys_check(c, &variable->body, m->key_span,
				 str_format(c->arena, "variable '%.*s'", STR_ARG(name)), sets,
				 true))
		return;
	if (config_get(&variable->body, "type"))
		type_parse_name(c->arena, config_text(&variable->body, "type", ""),
				&variable->type);
	variable->sensitive = config_bool(&variable->body, "sensitive", false);
	if (choose(c, module, variable, name, with, named))
		named->state = WORK_NEW;
}

static void report_unknown(struct compiler *c, const struct module *module, struct span span,
			   struct str name)
{
	VEC(struct str) names = { 0 };
	struct str near;

	for (uint32_t i = 0; i < module->variables.count; i++)
		*vec_push(c->arena, &names) = module->variables.entries[i].key;
	near = suggest(c, name, names.items, names.count);
	if (module->call)
		diag_error(c->d, span, "E0354 module '%.*s' has no variable '%.*s'",
			   STR_ARG(module->call->id), STR_ARG(name));
	else
		diag_error(c->d, span, "E0354 --var %.*s: the spec has no such variable",
			   STR_ARG(name));
	if (near.length)
		diag_help(c->d, "did you mean '%.*s'?", STR_ARG(near));
	else
		diag_help(c->d, "declare it: [variable.%.*s]", STR_ARG(name));
}

void variables_collect(struct compiler *c, struct module *module, const struct value *with)
{
	const struct value *all = section_tables(c, module, "variable");

	for (uint32_t i = 0; all && i < all->map.count; i++)
		variable_add(c, module, all->map.entries[i].key, all->map.entries[i].value, with);
	for (uint32_t i = 0; with && i < with->map.count; i++) {
		const struct member *m = with->map.entries[i].value;

		if (!map_has(&module->variables, with->map.entries[i].key) &&
		    !(module->root.marks & VALUE_DAMAGED))
			report_unknown(c, module, m->key_span, with->map.entries[i].key);
	}
	for (size_t i = 0; !module->call && i < c->options->variable_count; i++) {
		const struct given_variable *g = &c->options->variables[i];

		if (g->flag && !map_has(&module->variables, g->name))
			report_unknown(c, module, SPAN_NONE, g->name);
	}
}
