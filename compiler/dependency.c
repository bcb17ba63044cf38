#include "dependency.h"

#include "build.h"
#include "iam.h"
#include "kind/kind.h"

/*
 * deps: each entry becomes an environment variable and a statement.  What a
 * dependency means follows from the type of what it is on, never from its kind.
 */
#define DEPENDENCIES_MOST 200
#define STANDS_FOR_LIMIT 8

struct dependency {
	struct function *f;
	const struct value *written;	/* text or table */
	struct span span;		/* of the id */
	struct str as;
	struct block *target;
	const struct dependency_rule *rule;
};

static bool check_allow(struct compiler *c, const struct value *v, struct str where)
{
	(void)where;
	if (v->kind == VALUE_STRING)
		return true;
	for (size_t i = 0; v->kind == VALUE_LIST && i < v->list.count; i++) {
		if (v->list.items[i].kind != VALUE_STRING) {
			diag_error(c->d, v->list.items[i].span,
				   "E0507 'allow' holds verbs and actions");
			return false;
		}
	}
	if (v->kind == VALUE_LIST)
		return true;
	diag_error(c->d, v->span, "E0507 'allow' must be a verb or a list of verbs and actions");
	return false;
}

static bool check_as(struct compiler *c, const struct value *v, struct str where)
{
	bool good = v->string.length > 0;

	(void)where;
	for (size_t i = 0; i < v->string.length; i++) {
		char ch = v->string.data[i];

		good = good && ((ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') ||
				(ch >= '0' && ch <= '9') || ch == '_');
	}
	if (!good)
		diag_error(c->d, v->span, "E0513 'as' takes letters, digits and '_'");
	return good;
}

static const struct key entry_items[] = {
	{ .name = "on", .kind = KEY_TEXT, .required = true },
	{ .name = "allow", .kind = KEY_ANY, .check = check_allow },
	{ .name = "as", .kind = KEY_TEXT, .check = check_as },
	{ .name = "leading_keys", .kind = KEY_VALUES },
	{ .name = "attributes", .kind = KEY_VALUES },
};
static const struct key_set entry_keys = KEY_SET(entry_items);

bool dependencies_check(struct compiler *c, const struct value *v, struct str where)
{
	const struct key_set *const sets[] = { &entry_keys, NULL };
	struct str of = str_format(c->arena, "'deps' of %.*s", STR_ARG(where));
	bool good = true;

	if (v->list.count > DEPENDENCIES_MOST) {
		diag_error(c->d, v->span, "E0319 more than %d entries in 'deps'",
			   DEPENDENCIES_MOST);
		return false;
	}
	for (size_t i = 0; i < v->list.count; i++) {
		const struct value *item = &v->list.items[i];

		if (item->kind == VALUE_MAP) {
			good &= keys_check(c, item, item->span, of, sets, true);
		} else if (item->kind != VALUE_STRING && !(item->marks & VALUE_DAMAGED)) {
			diag_error(c->d, item->span,
				   "E0514 an entry of 'deps' is an id or a table");
			diag_help(c->d, "\"orders\", or { on = \"orders\", allow = \"read\" }");
			good = false;
		}
	}
	return good;
}

struct block *block_standing_for(struct compiler *c, struct block *b)
{
	for (unsigned i = 0; b && b->kind && b->kind->stands_for && i < STANDS_FOR_LIMIT; i++) {
		struct str other = b->kind->stands_for(b);

		if (!other.length)
			return b;
		b = block_find(c, b->module, other);
	}
	return b;
}

/* False after a report, and of what is left out among all keys of a for_each. */
static bool choose_target(struct compiler *c, struct dependency *d, struct block *b, bool one)
{
	if (b->absent && !b->damaged) {
		if (one)
			diag_error(c->d, d->span, "E0335 %.*s is left out of stage '%.*s'",
				   STR_ARG(b->title), STR_ARG(c->model->stage));
		return false;
	}
	d->target = block_standing_for(c, b);
	if (!d->target || (d->target->damaged && !d->target->kind))
		return false;
	d->rule = dependency_find(d->target->type);
	if (d->rule)
		return lives_with(c, d->f->block, d->target, d->span);
	diag_error(c->d, d->span, "E0512 nothing can depend on %.*s", STR_ARG(d->target->title));
	diag_help(c->d, "write 'permissions' and 'env' for it");
	return false;
}

struct action_list {
	struct value list;
	struct map seen;
};

static void add_action(struct compiler *c, struct action_list *out, const struct dependency *d,
		       struct str name)
{
	if (map_has(&out->seen, name))
		return;
	*map_put(c->arena, &out->seen, name) = out;
	value_append(c->arena, &out->list,
		     value_string(str_format(c->arena, "%s:%.*s", d->rule->service,
					     STR_ARG(name))));
}

/* With leading_keys a verb leaves out Scan, which reads every key. */
static void add_words(struct compiler *c, struct action_list *out, const struct dependency *d,
		      const char *words, bool no_scan)
{
	struct str rest = str_from_c(words), word;

	while (str_split(&rest, ' ', &word)) {
		if (!no_scan || !str_equal_c(word, "Scan"))
			add_action(c, out, d, word);
	}
}

static const struct verb *find_verb(const struct dependency_rule *rule, struct str name)
{
	for (size_t i = 0; i < rule->verb_count; i++) {
		if (str_equal_c(name, rule->verbs[i].name))
			return &rule->verbs[i];
	}
	return NULL;
}

static void split_into(struct compiler *c, struct value *list, const char *words)
{
	struct str rest = str_from_c(words), word;

	while (str_split(&rest, ' ', &word))
		value_append(c->arena, list, value_string(word));
}

static struct str verbs_of(struct arena *a, const struct dependency_rule *rule)
{
	struct str *names = arena_array(a, struct str, rule->verb_count);

	for (size_t i = 0; i < rule->verb_count; i++)
		names[i] = str_from_c(rule->verbs[i].name);
	return str_join(a, STR(" "), names, rule->verb_count);
}

static void report_allow(struct compiler *c, const struct dependency *d, const struct value *v,
			 struct str name)
{
	struct value known = value_list(NULL, 0);
	struct str near, *names;

	for (size_t i = 0; i < d->rule->verb_count; i++) {
		split_into(c, &known, d->rule->verbs[i].name);
		split_into(c, &known, d->rule->verbs[i].actions);
	}
	split_into(c, &known, d->rule->others);
	names = arena_array(c->arena, struct str, known.list.count);
	for (size_t i = 0; i < known.list.count; i++)
		names[i] = known.list.items[i].string;
	diag_error(c->d, v->span, "E0508 '%.*s' is nothing that %.*s allows", STR_ARG(v->string),
		   STR_ARG(d->target->title));
	near = suggest(c, name, names, known.list.count);
	if (near.length)
		diag_help(c->d, "did you mean '%.*s'?", STR_ARG(near));
	else
		diag_help(c->d, "its verbs: %.*s; any other action stands in 'permissions'",
			  STR_ARG(verbs_of(c->arena, d->rule)));
}

static void allow_one(struct compiler *c, struct action_list *out, const struct dependency *d,
		      const struct value *v, bool no_scan)
{
	const struct verb *verb = find_verb(d->rule, v->string);
	struct str prefix = str_format(c->arena, "%s:", d->rule->service), name = v->string;
	bool known;

	if (verb) {
		add_words(c, out, d, verb->actions, no_scan);
		return;
	}
	if (str_starts(name, prefix))
		name = str_slice(name, prefix.length, name.length);
	known = text_in_words(name, d->rule->others);
	for (size_t i = 0; i < d->rule->verb_count; i++)
		known = known || text_in_words(name, d->rule->verbs[i].actions);
	if (!known) {
		report_allow(c, d, v, name);
		return;
	}
	if (no_scan && str_equal_c(name, "Scan")) {
		diag_error(c->d, v->span,
			   "E0510 'Scan' reads every key, so 'leading_keys' cannot hold");
		return;
	}
	add_action(c, out, d, name);
}

static struct value actions_of(struct compiler *c, const struct dependency *d)
{
	const struct value *allow = config_get(d->written, "allow");
	bool no_scan = config_get(d->written, "leading_keys") != NULL;
	struct action_list out = { .list = value_list(NULL, 0) };
	struct str rest = str_from_c(d->rule->usual), word;

	if (allow && allow->kind == VALUE_STRING) {
		allow_one(c, &out, d, allow, no_scan);
	} else if (allow && allow->kind == VALUE_LIST) {
		for (size_t i = 0; i < allow->list.count; i++)
			allow_one(c, &out, d, &allow->list.items[i], no_scan);
	} else {
		while (str_split(&rest, ' ', &word)) {
			const struct verb *verb = find_verb(d->rule, word);

			CHECK(verb);
			add_words(c, &out, d, verb->actions, no_scan);
		}
	}
	return out.list;
}

static void set_condition(struct compiler *c, struct value *condition, const char *operator,
			  const char *key, struct value v)
{
	struct member *m = map_get(&condition->map, str_from_c(operator));
	struct value *place = m ? &m->value : value_set(c->arena, condition, str_from_c(operator),
							value_map());

	value_set(c->arena, place, str_from_c(key), v);
}

static bool condition_of(struct compiler *c, const struct dependency *d, struct value *out)
{
	const struct value *keys = config_get(d->written, "leading_keys");
	const struct value *attributes = config_get(d->written, "attributes");

	*out = value_map();
	if ((keys || attributes) && !str_equal_c(d->target->type, "AWS::DynamoDB::Table")) {
		diag_error(c->d, (keys ? keys : attributes)->span,
			   "E0509 '%s' narrows tables only, and %.*s is none",
			   keys ? "leading_keys" : "attributes", STR_ARG(d->target->title));
		return false;
	}
	if (keys) {
		set_condition(c, out, "ForAllValues:StringEquals", "dynamodb:LeadingKeys", *keys);
		set_condition(c, out, "Null", "dynamodb:LeadingKeys", text_value("false"));
	}
	if (attributes) {
		set_condition(c, out, "ForAllValues:StringEquals", "dynamodb:Attributes",
			      *attributes);
		set_condition(c, out, "Null", "dynamodb:Attributes", text_value("false"));
		set_condition(c, out, "StringEqualsIfExists", "dynamodb:Select",
			      text_value("SPECIFIC_ATTRIBUTES"));
	}
	return out->map.count > 0;
}

static struct value resources_of(struct compiler *c, const struct dependency *d)
{
	struct value arn = block_reference(c, d->target, d->span, d->rule->arn);
	struct value list = value_list(NULL, 0);
	struct str rest = str_from_c(d->rule->suffixes), suffix;

	value_append(c->arena, &list, arn);
	while (str_split(&rest, ' ', &suffix)) {
		if (suffix.length)
			value_append(c->arena, &list,
				     JOIN(c->arena, d->span, arn, value_string(suffix)));
	}
	return list;
}

static struct str sid_of(struct compiler *c, struct str as)
{
	struct str first = str_upper(c->arena, str_slice(as, 0, 1));

	return str_format(c->arena, "Dep%.*s%.*s", STR_ARG(first),
			  STR_ARG(str_slice(as, 1, as.length)));
}

static void dependency_add(struct dependency *d)
{
	struct function *f = d->f;
	struct compiler *c = f->c;
	struct value condition, actions;
	struct str variable;
	bool narrowed;

	variable = str_format(c->arena, "EFF_%s_%.*s", d->rule->variable, STR_ARG(d->as));
	if (value_get(&f->environment, variable)) {
		diag_error(c->d, d->span, "E0511 '%.*s' stands twice in 'deps'", STR_ARG(d->as));
		diag_help(c->d, "give one of them another name with 'as'");
		return;
	}
	value_set(c->arena, &f->environment, variable,
		  block_reference(c, d->target, d->span, d->rule->named_by));
	actions = actions_of(c, d);
	narrowed = condition_of(c, d, &condition);
	if (actions.list.count)
		policy_add(c, &f->policy, sid_of(c, d->as), actions, resources_of(c, d),
			   narrowed ? &condition : NULL);
}

/* "orders_eu": the key behind the name, as variables may be called. */
static struct str name_with_key(struct compiler *c, struct str name, const struct block *b)
{
	struct str text = b->each ? str_format(c->arena, "%.*s_%.*s", STR_ARG(name),
					       STR_ARG(b->each->key)) : name;

	return str_replace(c->arena, str_replace(c->arena, text, STR("-"), STR("_")), STR("."),
			   STR("_"));
}

static void entry_add(struct function *f, const struct value *item)
{
	struct compiler *c = f->c;
	struct dependency d = { .f = f, .written = item, .span = item->span };
	const struct value *on = item->kind == VALUE_MAP ? config_get(item, "on") : item;
	struct block_vec blocks;
	struct str as = config_text(item, "as", "");
	bool one;

	if (!on || on->kind != VALUE_STRING)
		return;
	d.span = on->span;
	if (!blocks_named(c, f->block->module, on, NULL, &blocks))
		return;
	one = str_index(on->string, '[') < on->string.length;
	for (size_t i = 0; i < blocks.count; i++) {
		struct block *b = blocks.items[i];
		bool named = as.length && (one || !b->each);

		d.as = named ? as : name_with_key(c, as.length ? as : b->id, b);
		if (choose_target(c, &d, b, one || !b->each))
			dependency_add(&d);
	}
}

void dependencies_add(struct function *f)
{
	const struct value *deps = config_get(&f->block->config, "deps");

	for (size_t i = 0; deps && deps->kind == VALUE_LIST && i < deps->list.count; i++)
		entry_add(f, &deps->list.items[i]);
}
