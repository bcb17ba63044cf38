#include "grant.h"

#include "base/json.h"
#include "glob.h"
#include "planner/plan.h"

#define APART_MOST 4096			/* grants out of one statement */

/* ---- covering ---- */

static bool any_takes(const struct str_list *globs, struct str text)
{
	for (size_t i = 0; i < globs->count; i++)
		if (glob_contains(globs->items[i], text))
			return true;
	return false;
}

static bool any_meets(const struct str_list *globs, struct str text)
{
	for (size_t i = 0; i < globs->count; i++)
		if (glob_overlap(globs->items[i], text))
			return true;
	return false;
}

static bool takes_all(const struct str_list *globs, const struct str_list *texts)
{
	for (size_t i = 0; i < texts->count; i++)
		if (!any_takes(globs, texts->items[i]))
			return false;
	return true;
}

static bool list_covers(bool outer_except, const struct str_list *outer, bool inner_except,
			const struct str_list *inner)
{
	if (!outer_except && !inner_except)
		return takes_all(outer, inner);
	if (outer_except && inner_except)
		return takes_all(inner, outer);
	if (inner_except)
		return any_takes(outer, STR("*"));
	for (size_t i = 0; i < inner->count; i++)
		if (any_meets(outer, inner->items[i]))
			return false;
	return true;
}

/* As written, or as a reader knows it: what was made anew has another ARN and is the same. */
static bool choice_covers(const struct choice *outer, const struct choice *inner)
{
	return list_covers(outer->except, &outer->texts, inner->except, &inner->texts) ||
	       list_covers(outer->except, &outer->shown, inner->except, &inner->shown);
}

bool grant_covers(const struct grant *outer, const struct grant *inner)
{
	return outer->deny == inner->deny && outer->opaque == inner->opaque &&
	       str_equal(outer->scope, inner->scope) &&
	       (!outer->condition.length || str_equal(outer->condition, inner->condition)) &&
	       choice_covers(&outer->actions, &inner->actions) &&
	       choice_covers(&outer->principals, &inner->principals) &&
	       choice_covers(&outer->resources, &inner->resources);
}

/* ---- reading ---- */

static struct str_list one_text(struct arena *a, struct str text)
{
	struct str_list list = { arena_array(a, struct str, 1), 1 };

	list.items[0] = text;
	return list;
}

static struct choice choice_of(struct arena *a, struct str text, struct str shown)
{
	return (struct choice){ .texts = one_text(a, text), .shown = one_text(a, shown) };
}

/* What is no text in a place of one is compared as it stands. */
static struct str text_of(struct arena *a, const struct value *v)
{
	if (v->marks & VALUE_SECRET)
		return STR("(secret)");
	return v->kind == VALUE_STRING ? v->string : json_text(a, v);
}

struct texts VEC_OF(struct str);

static void add_texts(struct arena *a, const struct value *v, struct str before,
		      struct texts *out)
{
	if (v->kind != VALUE_LIST) {
		*vec_push(a, out) = STR_JOIN(a, before, text_of(a, v));
		return;
	}
	for (size_t i = 0; i < v->list.count; i++)
		add_texts(a, &v->list.items[i], before, out);
}

/* "AWS:arn...", "Service:lambda.amazonaws.com"; whoever is meant by "*" is everyone. */
static void add_principals(struct arena *a, const struct value *v, struct texts *out)
{
	size_t start = out->count;

	if (v->kind != VALUE_MAP) {
		add_texts(a, v, STR("AWS:"), out);
	} else {
		for (uint32_t i = 0; i < v->map.count; i++) {
			const struct member *m = v->map.entries[i].value;

			add_texts(a, &m->value, STR_JOIN(a, v->map.entries[i].key, STR(":")), out);
		}
	}
	for (size_t i = start; i < out->count; i++)
		if (str_equal_c(out->items[i], "AWS:*"))
			out->items[i] = STR(EVERYONE);
}

/* The normal form has actions in lower case: how they were written, for the reader. */
struct spelling {
	const struct grant_reader *r;
	struct map written;		/* lower -> struct str */
};

static void spell(struct spelling *s, const struct value *v)
{
	if (v->kind == VALUE_STRING) {
		struct str *text = arena_new(s->r->a, struct str);

		*text = v->string;
		*map_put(s->r->a, &s->written, str_lower(s->r->a, v->string)) = text;
	}
	for (size_t i = 0; v->kind == VALUE_LIST && i < v->list.count; i++)
		spell(s, &v->list.items[i]);
}

static void spell_statements(struct spelling *s, const struct value *v)
{
	for (size_t i = 0; v->kind == VALUE_LIST && i < v->list.count; i++)
		spell_statements(s, &v->list.items[i]);
	if (value_get_c(v, "Action"))
		spell(s, value_get_c(v, "Action"));
	if (value_get_c(v, "NotAction"))
		spell(s, value_get_c(v, "NotAction"));
}

enum field { FIELD_PRINCIPAL, FIELD_ACTION, FIELD_RESOURCE };

static struct str shown_text(const struct spelling *s, enum field field, struct str text)
{
	const struct grant_reader *r = s->r;
	size_t colon = str_index(text, ':');

	if (field == FIELD_ACTION)
		return map_has(&s->written, text) ?
		       *(struct str *)map_get(&s->written, text) : text;
	if (!r->show)
		return text;
	if (field == FIELD_PRINCIPAL)
		text = str_slice(text, colon < text.length ? colon + 1 : 0, text.length);
	else if (str_equal_c(text, "*") && r->resource_policy)
		return r->resource_shown;
	return r->show(r->context, r->a, text);
}

static struct choice read_choice(const struct spelling *s, const struct value *statement,
				 enum field field, const char *name, const char *not_name)
{
	const struct value *not = value_get_c(statement, not_name);
	const struct value *v = not ? not : value_get_c(statement, name);
	const struct grant_reader *r = s->r;
	struct texts texts = { 0 };
	struct choice out = { .except = not != NULL };

	if (v && field == FIELD_PRINCIPAL)
		add_principals(r->a, v, &texts);
	else if (v)
		add_texts(r->a, v, STR(""), &texts);
	out.texts = (struct str_list){ texts.items, texts.count };
	out.shown = (struct str_list){ arena_array(r->a, struct str, texts.count), texts.count };
	for (size_t i = 0; i < texts.count; i++) {
		if (field == FIELD_ACTION)
			texts.items[i] = str_lower(r->a, texts.items[i]);
		out.shown.items[i] = shown_text(s, field, texts.items[i]);
	}
	return out;
}

static struct choice part(struct arena *a, const struct choice *all, size_t i)
{
	return all->except ? *all : choice_of(a, all->texts.items[i], all->shown.items[i]);
}

static size_t parts(const struct choice *c)
{
	return c->except ? 1 : c->texts.count;
}

static void take_apart(const struct grant_reader *r, const struct grant *whole,
		       struct grants *out)
{
	size_t people = parts(&whole->principals), actions = parts(&whole->actions);
	size_t resources = parts(&whole->resources);

	if (!people || !actions || !resources)
		return;
	if (people > APART_MOST || actions > APART_MOST || resources > APART_MOST ||
	    people * actions > APART_MOST / resources) {
		*vec_push(r->a, out) = *whole;
		return;
	}
	for (size_t i = 0; i < people * actions * resources; i++) {
		struct grant one = *whole;

		one.principals = part(r->a, &whole->principals, i / actions / resources);
		one.actions = part(r->a, &whole->actions, i / resources % actions);
		one.resources = part(r->a, &whole->resources, i % resources);
		*vec_push(r->a, out) = one;
	}
}

static bool is_statement(const struct value *v)
{
	struct str effect = value_get_str(v, "Effect");

	return v->kind == VALUE_MAP &&
	       (str_equal_c(effect, "Allow") || str_equal_c(effect, "Deny")) &&
	       (value_get_c(v, "Action") || value_get_c(v, "NotAction"));
}

static void read_statement(const struct spelling *s, const struct value *v, struct grants *out)
{
	const struct grant_reader *r = s->r;
	const struct value *condition = value_get_c(v, "Condition");
	struct grant whole = { .scope = r->scope, .source = r->source };

	if (!is_statement(v)) {
		grants_add_opaque(r, json_text(r->a, v), out);
		return;
	}
	whole.deny = str_equal_c(value_get_str(v, "Effect"), "Deny");
	whole.actions = read_choice(s, v, FIELD_ACTION, "Action", "NotAction");
	whole.principals = r->principal.length ?
			   choice_of(r->a, r->principal, r->principal_shown) :
			   read_choice(s, v, FIELD_PRINCIPAL, "Principal", "NotPrincipal");
	whole.resources = read_choice(s, v, FIELD_RESOURCE, "Resource", "NotResource");
	if (!value_get_c(v, "Resource") && !value_get_c(v, "NotResource"))
		whole.resources = choice_of(r->a, r->resource, r->resource_shown);
	if (condition && (condition->kind != VALUE_MAP || condition->map.count))
		whole.condition = json_text_canonical(r->a, condition);
	take_apart(r, &whole, out);
}

void grants_add_opaque(const struct grant_reader *r, struct str what, struct grants *out)
{
	struct grant *one = vec_push(r->a, out);
	struct str resource = r->resource.length ? r->resource : STR("*");

	*one = (struct grant){ .scope = r->scope, .source = r->source, .opaque = true };
	one->principals = choice_of(r->a, STR("(see the policy)"), STR("(see the policy)"));
	one->actions = choice_of(r->a, what, what);
	one->resources = choice_of(r->a, resource, r->resource_shown);
}

/* A single statement is a document of one. */
static struct value whole_document(struct arena *a, const struct value *v)
{
	struct value parsed, out = value_map();

	if (v->kind == VALUE_STRING && json_parse(a, v->string, SPAN_NOWHERE, &parsed, NULL))
		v = &parsed;
	if (v->kind != VALUE_MAP || !value_get_c(v, "Effect"))
		return *v;
	value_set(a, &out, STR("Statement"), *v);
	return out;
}

void grants_read(const struct grant_reader *r, const struct value *document, struct grants *out)
{
	struct value written = whole_document(r->a, document);
	struct value normal = policy_normal(r->a, &written);
	const struct value *statements = value_get_c(&normal, "Statement");
	struct spelling s = { .r = r };

	if (normal.kind == VALUE_NULL || (normal.kind == VALUE_MAP && !normal.map.count))
		return;
	if (!statements || statements->kind != VALUE_LIST) {
		grants_add_opaque(r, text_of(r->a, &normal), out);
		return;
	}
	spell_statements(&s, value_get_c(&written, "Statement"));
	for (size_t i = 0; i < statements->list.count; i++)
		read_statement(&s, &statements->list.items[i], out);
}
