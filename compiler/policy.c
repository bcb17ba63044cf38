#include "compiler.h"

/*
 * [policy.ID]: what a plan may not do, said by the user.
 *
 *	[policy.tables]
 *	actions = ["delete", "replace"]
 *	types = ["AWS::DynamoDB::*"]
 *	message = "tables stay"
 *
 * A rule is read here and judged in the plan (planner/judge.c).  A rule that can never hold is
 * a slip of the hand, and what it was meant to hinder happens: types and properties that there
 * are not are mistakes.
 */
#define ACTION_WORDS "create update replace delete adopt rename forget metadata collect"

static bool check_actions(struct compiler *c, const struct value *v, struct str where);
static bool check_types(struct compiler *c, const struct value *v, struct str where);
static bool check_values(struct compiler *c, const struct value *v, struct str where);

static const struct key items[] = {
	{ .name = "actions", .kind = KEY_TEXTS, .check = check_actions },
	{ .name = "addresses", .kind = KEY_TEXTS },
	{ .name = "level", .kind = KEY_CHOICE, .detail = "deny warn" },
	{ .name = "message", .kind = KEY_TEXT, .required = true },
	{ .name = "properties", .kind = KEY_TEXTS },
	{ .name = "types", .kind = KEY_TEXTS, .check = check_types },
	{ .name = "values", .kind = KEY_LIST, .check = check_values },
	{ .name = "when", .kind = KEY_BOOLEAN },
};
const struct key_set policy_keys = KEY_SET(items);

/* ---- its keys ---- */

static void help_nearest(struct compiler *c, struct str text, const struct str *names,
			 size_t count, const char *otherwise)
{
	struct str near = suggest(c, text, names, count);

	if (near.length)
		diag_help(c->d, "did you mean '%.*s'?", STR_ARG(near));
	else if (otherwise)
		diag_help(c->d, "%s", otherwise);
}

static bool check_actions(struct compiler *c, const struct value *v, struct str where)
{
	struct str words[16], rest = STR(ACTION_WORDS);
	size_t count = 0;
	bool good = true;

	(void)where;
	while (count < 16 && str_split(&rest, ' ', &words[count]))
		count++;
	for (size_t i = 0; i < v->list.count; i++) {
		const struct value *item = &v->list.items[i];

		if (text_in_words(item->string, ACTION_WORDS))
			continue;
		diag_error(c->d, item->span, "E0406 'actions' cannot be '%.*s'",
			   STR_ARG(item->string));
		help_nearest(c, item->string, words, count, "some of: " ACTION_WORDS);
		good = false;
	}
	return good;
}

static bool check_types(struct compiler *c, const struct value *v, struct str where)
{
	size_t count;
	const struct str *all = schemas_types(c->schemas, &count);
	bool good = true;

	for (size_t i = 0; i < v->list.count; i++) {
		const struct value *item = &v->list.items[i];
		size_t k = 0;

		while (k < count && !str_matches(item->string, all[k]))
			k++;
		if (k < count)
			continue;
		diag_error(c->d, item->span, "E0394 no resource type is '%.*s', in 'types' of %.*s",
			   STR_ARG(item->string), STR_ARG(where));
		help_nearest(c, item->string, all, count,
			     "types are as AWS spells them: \"AWS::SQS::Queue\", \"AWS::SQS::*\"");
		good = false;
	}
	return good;
}

static bool check_values(struct compiler *c, const struct value *v, struct str where)
{
	bool good = true;

	for (size_t i = 0; i < v->list.count; i++) {
		const struct value *item = &v->list.items[i];

		if (item->kind == VALUE_STRING || item->kind == VALUE_INT ||
		    item->kind == VALUE_FLOAT || item->kind == VALUE_BOOL)
			continue;
		if (item->marks & VALUE_DAMAGED)
			return false;
		if (item->kind == VALUE_EXPR)
			diag_error(c->d, item->span,
				   "E0336 'values' must be known before anything is made");
		else
			diag_error(c->d, item->span, "E0403 an entry of 'values' of %.*s must be "
				   "a string, a number or a boolean, not %s", STR_ARG(where),
				   value_kind_name(item->kind));
		good = false;
	}
	return good;
}

/* ---- its properties, which its types must have ---- */

/* What stands before the first step that may be anything. */
static struct str known_part(struct str pattern)
{
	size_t star = str_index(pattern, '*');

	if (star < pattern.length && star > 0)
		star--;
	return str_slice(pattern, 0, star);
}

static bool has_property(const struct schema *schema, struct str pattern)
{
	struct str part = known_part(pattern);

	return !part.length || schema_property_path(schema, part);
}

static void report_property(struct compiler *c, const struct value *item,
			    const struct schema *schema, struct str where)
{
	const struct map *all = &schema->properties;
	struct str *names = arena_array(c->arena, struct str, all->count);

	for (uint32_t i = 0; i < all->count; i++)
		names[i] = all->entries[i].key;
	diag_error(c->d, item->span, "E0396 none of the types of %.*s has a property '%.*s'",
		   STR_ARG(where), STR_ARG(known_part(item->string)));
	help_nearest(c, known_part(item->string), names, all->count, NULL);
}

static bool matches_any(const struct value *globs, struct str text)
{
	for (size_t i = 0; i < globs->list.count; i++) {
		if (str_matches(globs->list.items[i].string, text))
			return true;
	}
	return false;
}

static void check_property(struct compiler *c, const struct value *item, const struct value *types,
			   struct str where)
{
	const struct schema *first = NULL;
	size_t count;
	const struct str *all = schemas_types(c->schemas, &count);

	for (size_t i = 0; i < count; i++) {
		const struct schema *schema;

		if (!matches_any(types, all[i]))
			continue;
		schema = schema_find(c->schemas, all[i]);
		if (!schema)
			continue;
		if (has_property(schema, item->string))
			return;
		if (!first)
			first = schema;
	}
	if (first)
		report_property(c, item, first, where);
}

static bool agree(struct compiler *c, const struct value *table, struct str where)
{
	const struct value *properties = config_get(table, "properties");
	const struct value *types = config_get(table, "types");
	const struct value *values = config_get(table, "values");
	size_t errors = c->d->error_count;

	if (values && !properties)
		diag_error(c->d, values->span, "E0395 %.*s has 'values' and no 'properties' that "
			   "they are of", STR_ARG(where));
	if (properties && !types) {
		diag_error(c->d, properties->span, "E0395 %.*s has 'properties' and no "
			   "'types' that they are of", STR_ARG(where));
		diag_help(c->d, "for example types = [\"AWS::SQS::Queue\"]");
	}
	for (size_t i = 0; properties && types && i < properties->list.count; i++)
		check_property(c, &properties->list.items[i], types, where);
	return c->d->error_count == errors;
}

/* ---- reading them ---- */

static struct str_list texts(struct compiler *c, const struct value *table, const char *key)
{
	const struct value *v = config_get(table, key);
	struct str_list out = { 0 };

	if (!v)
		return out;
	out.items = arena_array(c->arena, struct str, v->list.count);
	while (out.count < v->list.count) {
		out.items[out.count] = v->list.items[out.count].string;
		out.count++;
	}
	return out;
}

static void policy_read(struct compiler *c, struct module *module, struct str name,
			const struct member *m)
{
	const struct key_set *const sets[] = { &policy_keys, NULL };
	struct value table = words_bind(c, module, &m->value);
	struct str where = str_format(c->arena, "policy '%.*s'", STR_ARG(name));
	const struct value *values;
	struct rule *rule;

	if (!keys_check(c, &table, m->key_span, where, sets, true) ||
	    !agree(c, &table, where) || !config_bool(&table, "when", true))
		return;
	values = config_get(&table, "values");
	c->model->rules = vec_room(c->arena, c->model->rules, c->model->rule_count,
				   &c->rule_capacity, sizeof(*rule));
	rule = &c->model->rules[c->model->rule_count++];
	*rule = (struct rule){
		.name = name, .span = m->key_span,
		.actions = texts(c, &table, "actions"), .types = texts(c, &table, "types"),
		.addresses = texts(c, &table, "addresses"),
		.properties = texts(c, &table, "properties"),
		.values = values ? *values : value_list(NULL, 0),
		.message = config_text(&table, "message", ""),
		.warns = str_equal_c(config_text(&table, "level", "deny"), "warn"),
	};
	if (!module->path.length)
		return;
	rule->within = str_format(c->arena, "module.%.*s.", STR_ARG(module->path));
	rule->name = str_format(c->arena, "%.*s%.*s", STR_ARG(rule->within), STR_ARG(name));
}

static void module_policies(struct compiler *c, struct module *module)
{
	const struct value *all = section_tables(c, module, "policy");

	for (uint32_t i = 0; all && !module->absent && i < all->map.count; i++) {
		const struct member *m = all->map.entries[i].value;
		struct str name = all->map.entries[i].key;

		if (m->value.kind == VALUE_MAP)
			policy_read(c, module, name, m);
		else if (!(m->value.marks & VALUE_DAMAGED))
			diag_error(c->d, m->value.span, "E0309 [policy.%.*s] must be a table",
				   STR_ARG(name));
	}
}

void policies_collect(struct compiler *c)
{
	for (size_t i = 0; i < c->modules.count; i++)
		module_policies(c, c->modules.items[i]);
}
