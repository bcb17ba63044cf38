#include "permissions.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))
#define DEPTH_LIMIT 24

static const char *const kinds[] = {
	[PERMISSION_IDENTITY] = "identity",
	[PERMISSION_TRUST] = "trust",
	[PERMISSION_RESOURCE] = "resource",
	[PERMISSION_GRANT] = "grant",
	[PERMISSION_PUBLIC] = "public",
	[PERMISSION_ATTACHED] = "attached",
	[PERMISSION_BOUNDARY] = "boundary",
	[PERMISSION_OTHER] = "other",
	[PERMISSION_NONE] = "none",
};

/* ---- one rule ---- */

struct reading {
	struct arena *a;
	const struct schema *schema;
	struct diags *d;
	bool ok;
};

static void mistake(struct reading *r, struct span span, const char *text, struct str name)
{
	diag_error(r->d, span, "permissions of '%.*s': %s '%.*s'", STR_ARG(r->schema->type), text,
		   STR_ARG(name));
	r->ok = false;
}

static struct str text_of(struct reading *r, const struct value *v)
{
	if (v->kind == VALUE_STRING)
		return v->string;
	mistake(r, v->span, "expected a text, not a", str_from_c(value_kind_name(v->kind)));
	return (struct str){ 0 };
}

static struct str property_name(struct reading *r, const struct value *v)
{
	struct str name = text_of(r, v);

	if (name.length && !schema_property(r->schema, name))
		mistake(r, v->span, "no property", name);
	return name;
}

/* A name of a property, or a list of them. */
static struct str_list property_names(struct reading *r, const struct value *v)
{
	size_t count = v->kind == VALUE_LIST ? v->list.count : 1;
	struct str_list out = { arena_array(r->a, struct str, count), count };

	for (size_t i = 0; i < count; i++)
		out.items[i] = property_name(r, v->kind == VALUE_LIST ? &v->list.items[i] : v);
	return out;
}

/* What it belongs to: as above, or {Property: type}. */
static void read_of(struct reading *r, const struct value *v, struct permission_rule *out)
{
	size_t count = v->kind == VALUE_MAP ? v->map.count : 0;

	if (v->kind != VALUE_MAP) {
		out->of = property_names(r, v);
		count = out->of.count;
		out->of_types = (struct str_list){ arena_array(r->a, struct str, count), count };
		return;
	}
	out->of = (struct str_list){ arena_array(r->a, struct str, count), count };
	out->of_types = (struct str_list){ arena_array(r->a, struct str, count), count };
	for (uint32_t i = 0; i < v->map.count; i++) {
		const struct member *m = v->map.entries[i].value;

		out->of.items[i] = v->map.entries[i].key;
		out->of_types.items[i] = text_of(r, &m->value);
		if (!schema_property(r->schema, out->of.items[i]))
			mistake(r, m->key_span, "no property", out->of.items[i]);
	}
}

static enum permission_kind kind_of(struct reading *r, const struct value *v)
{
	struct str name = text_of(r, v);

	for (size_t i = 0; i < COUNT_OF(kinds); i++)
		if (str_equal_c(name, kinds[i]))
			return (enum permission_kind)i;
	mistake(r, v->span, "unknown kind", name);
	return PERMISSION_NONE;
}

static void read_key(struct reading *r, struct str key, const struct member *m,
		     struct permission_rule *out)
{
	const struct value *v = &m->value;

	if (str_equal_c(key, "at"))
		out->at = text_of(r, v);
	else if (str_equal_c(key, "kind"))
		out->kind = kind_of(r, v);
	else if (str_equal_c(key, "of"))
		read_of(r, v, out);
	else if (str_equal_c(key, "conditions"))
		out->conditions = property_names(r, v);
	else if (str_equal_c(key, "actions"))
		out->actions = text_of(r, v);
	else if (str_equal_c(key, "is"))
		out->is = text_of(r, v);
	else if (!str_equal_c(key, "why"))
		mistake(r, m->key_span, "unknown key", key);
}

static void check_rule(struct reading *r, const struct value *source,
		       const struct permission_rule *rule)
{
	bool grant = rule->kind == PERMISSION_GRANT, everyone = rule->kind == PERMISSION_PUBLIC;

	if (!rule->at.length || !value_get_c(source, "kind"))
		mistake(r, source->span, "no property or no kind in", rule->at);
	if ((grant || everyone) != (rule->actions.length > 0) ||
	    everyone != (rule->is.length > 0) || (rule->conditions.count && !grant))
		mistake(r, source->span, "keys that do not belong together in", rule->at);
	if (grant && !schema_property(r->schema, rule->actions))
		mistake(r, source->span, "no property", rule->actions);
	if (!value_get_str(source, "why").length && rule->kind == PERMISSION_NONE)
		mistake(r, source->span, "no reason for", rule->at);
}

static void read_rule(struct reading *r, const struct value *source, struct permission_rule *out)
{
	*out = (struct permission_rule){ .kind = PERMISSION_NONE };
	if (source->kind != VALUE_MAP) {
		mistake(r, source->span, "expected a table, not a",
			str_from_c(value_kind_name(source->kind)));
		return;
	}
	for (uint32_t i = 0; i < source->map.count; i++)
		read_key(r, source->map.entries[i].key, source->map.entries[i].value, out);
	check_rule(r, source, out);
}

bool permissions_parse(struct arena *a, const struct value *source, struct schema *out,
		       struct diags *d)
{
	struct reading r = { a, out, d, true };
	struct permission_rule *rules;

	if (source->kind != VALUE_LIST) {
		mistake(&r, source->span, "expected a list, not a",
			str_from_c(value_kind_name(source->kind)));
		return false;
	}
	rules = arena_array(a, struct permission_rule, source->list.count);
	for (size_t i = 0; i < source->list.count; i++)
		read_rule(&r, &source->list.items[i], &rules[i]);
	out->permissions = rules;
	out->permission_count = source->list.count;
	return r.ok;
}

/* ---- what looks as if ---- */

struct search {
	struct arena *a;
	struct str type;
	const struct value *definitions, *rules, *names;
	struct map *used;		/* names of `not`, and "type path" of rules */
	struct map seen;		/* path -> what, so that a property is told once */
	struct diags *d;
	bool ok;
};

static const struct value *element_of(const struct value *shape)
{
	struct str type = value_get_str(shape, "type");

	while (str_equal_c(type, "list") || str_equal_c(type, "map")) {
		const struct value *of = value_get_c(shape, "of");

		if (!of)
			break;
		shape = of;
		type = value_get_str(shape, "type");
	}
	return shape;
}

static bool ends_in(struct str name, const char *const *ends, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (str_ends(name, str_from_c(ends[i])))
			return true;
	return false;
}

/* By its name and kind: a text or a document that could hold a policy, or a list of grants. */
static bool looks_bearing(struct str name, const struct value *shape)
{
	static const char *const texts[] = {
		"Policy", "PolicyDocument", "PolicyText", "Policies", "Principal", "Principals",
		"Permissions", "PermissionsBoundary", "PolicyArn", "PolicyArns", "Statement",
		"AuthType",
	};
	static const char *const lists[] = { "Principal", "Principals", "Permissions" };
	static const char *const parts[] = { "Polic", "Statement", "Permission", "Assume" };
	struct str type = value_get_str(shape, "type");

	if (str_equal_c(type, "json")) {
		for (size_t i = 0; i < COUNT_OF(parts); i++)
			if (str_contains(name, str_from_c(parts[i])))
				return true;
	}
	if (ends_in(name, lists, COUNT_OF(lists)) || str_equal_c(name, "AuthType"))
		return true;
	return (str_equal_c(type, "json") || str_equal_c(type, "string")) &&
	       !value_get_c(shape, "enum") && ends_in(name, texts, COUNT_OF(texts));
}

static bool is_below(struct str path, struct str at)
{
	return str_starts(path, at) &&
	       (path.length == at.length || path.data[at.length] == '.');
}

static bool is_listed(struct search *s, struct str path, struct str name)
{
	bool listed = false;

	for (size_t i = 0; s->rules && i < s->rules->list.count; i++) {
		struct str at = value_get_str(&s->rules->list.items[i], "at");

		if (at.length && str_equal(path, at))
			*map_put(s->a, s->used, STR_JOIN(s->a, s->type, STR(" "), at)) = s;
		listed = listed || (at.length && is_below(path, at));
	}
	if (!listed && map_has(&s->names->map, name)) {
		*map_put(s->a, s->used, name) = s;
		listed = true;
	}
	return listed;
}

static void search_fields(struct search *s, const struct value *fields, struct str above,
			  unsigned depth);

static void search_property(struct search *s, const struct map_entry *entry, struct str above,
			    unsigned depth)
{
	const struct member *m = entry->value;
	const struct value *shape = element_of(&m->value), *read_only;
	struct str path = above.length ? STR_JOIN(s->a, above, STR("."), entry->key) : entry->key;
	struct str definition = value_get_str(shape, "ref");
	bool bearing = looks_bearing(entry->key, shape);

	read_only = value_get_c(&m->value, "read_only");
	if (read_only && read_only->kind == VALUE_BOOL && read_only->boolean)
		return;
	if (!is_listed(s, path, entry->key) && bearing) {
		diag_error(s->d, m->key_span, "'%.*s' of '%.*s' looks like a permission, and is "
			   "not in overrides/permissions.yaml", STR_ARG(path), STR_ARG(s->type));
		s->ok = false;
	}
	search_fields(s, value_get_c(shape, "properties"), path, depth);
	if (definition.length && s->definitions && !map_has(&s->seen, definition)) {
		*map_put(s->a, &s->seen, definition) = s;
		search_fields(s, value_get(s->definitions, definition), path, depth);
		map_remove(&s->seen, definition);
	}
}

static void search_fields(struct search *s, const struct value *fields, struct str above,
			  unsigned depth)
{
	for (uint32_t i = 0;
	     depth < DEPTH_LIMIT && fields && fields->kind == VALUE_MAP && i < fields->map.count;
	     i++)
		search_property(s, &fields->map.entries[i], above, depth + 1);
}

/* ---- all of them ---- */

static bool is_kept(const struct value *rule)
{
	return !str_equal_c(value_get_str(rule, "kind"), "none");
}

static void lay_over(struct arena *a, const struct value *rules, struct value *facts)
{
	struct value kept = value_list(NULL, 0);

	for (size_t i = 0; i < rules->list.count; i++)
		if (is_kept(&rules->list.items[i]))
			value_append(a, &kept, rules->list.items[i]);
	if (kept.list.count)
		value_set(a, facts, STR("permissions"), kept);
}

/* What is listed and there no longer. */
static bool all_used(struct arena *a, const struct value *source, const struct value *names,
		     const struct map *types, const struct map *used, struct diags *d)
{
	bool ok = true;

	for (uint32_t i = 0; i < names->map.count; i++) {
		const struct member *m = names->map.entries[i].value;

		if (map_has(used, names->map.entries[i].key))
			continue;
		diag_error(d, m->key_span, "no property has the name '%.*s'",
			   STR_ARG(names->map.entries[i].key));
		ok = false;
	}
	for (uint32_t i = 0; i < source->map.count; i++) {
		struct str type = source->map.entries[i].key;
		const struct member *m = source->map.entries[i].value;

		for (size_t k = 0; map_has(types, type) && k < m->value.list.count; k++) {
			struct str at = value_get_str(&m->value.list.items[k], "at");

			if (map_has(used, STR_JOIN(a, type, STR(" "), at)))
				continue;
			diag_error(d, m->value.list.items[k].span, "'%.*s' has no property '%.*s'",
				   STR_ARG(type), STR_ARG(at));
			ok = false;
		}
	}
	return ok;
}

bool permissions_apply(struct arena *a, const struct value *source, struct map *types,
		       struct diags *d)
{
	struct value none = value_map();
	const struct value *names = value_get_c(source, "not");
	struct map used = { 0 };
	bool ok = true;

	if (!names || names->kind != VALUE_MAP)
		names = &none;
	for (uint32_t i = 0; i < source->map.count; i++) {
		struct str type = source->map.entries[i].key;
		const struct member *m = source->map.entries[i].value;

		if (str_equal_c(type, "not") ||
		    (map_has(types, type) && m->value.kind == VALUE_LIST))
			continue;
		diag_error(d, m->key_span, "permissions of '%.*s': no type, or no list",
			   STR_ARG(type));
		return false;
	}
	for (uint32_t i = 0; i < types->count; i++) {
		struct value *facts = types->entries[i].value;
		const struct value *rules = value_get(source, types->entries[i].key);
		struct search s = {
			.a = a, .type = types->entries[i].key, .rules = rules, .names = names,
			.definitions = value_get_c(facts, "definitions"), .used = &used, .d = d,
			.ok = true,
		};

		search_fields(&s, value_get_c(facts, "properties"), STR(""), 0);
		if (rules)
			lay_over(a, rules, facts);
		ok = ok && s.ok;
	}
	return all_used(a, source, names, types, &used, d) && ok;
}
