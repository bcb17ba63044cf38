#include "overrides.h"

struct applying {
	struct arena *a;
	struct str type;
	struct value *facts;
	struct diags *d;
	bool ok;
};

static void mistake(struct applying *p, struct span span, const char *text, struct str name)
{
	diag_error(p->d, span, "override of '%.*s': %s '%.*s'", STR_ARG(p->type), text,
		   STR_ARG(name));
	p->ok = false;
}

static struct value *get(struct value *map, struct str key)
{
	struct member *m = map && map->kind == VALUE_MAP ? map_get(&map->map, key) : NULL;

	return m ? &m->value : NULL;
}

/* The fields of a shape: of lists and maps those of what they hold. */
static struct value *fields_of(struct applying *p, struct value *shape)
{
	struct value *of = shape, *ref;

	while ((of = get(shape, STR("of"))) != NULL)
		shape = of;
	ref = get(shape, STR("ref"));
	if (ref && ref->kind == VALUE_STRING)
		return get(get(p->facts, STR("definitions")), ref->string);
	return get(shape, STR("properties"));
}

/* The map that holds the last name of a path, and that name. */
static struct value *holder(struct applying *p, struct str path, struct str *last)
{
	struct value *fields = get(p->facts, STR("properties"));

	while (str_index(path, '.') < path.length && fields) {
		size_t dot = str_index(path, '.');

		fields = fields_of(p, get(fields, str_slice(path, 0, dot)));
		path = str_slice(path, dot + 1, path.length);
	}
	*last = path;
	return fields;
}

/* Null takes a fact away. */
static void set_facts(struct applying *p, struct value *on, const struct value *set)
{
	for (uint32_t i = 0; i < set->map.count; i++) {
		const struct member *m = set->map.entries[i].value;
		struct str key = set->map.entries[i].key;
		const struct value *have = get(on, key);

		if (have ? value_equal(have, &m->value) : m->value.kind == VALUE_NULL)
			mistake(p, m->key_span, "no longer changes", key);
		else if (m->value.kind == VALUE_NULL)
			map_remove(&on->map, key);
		else
			value_set(p->a, on, key, m->value);
	}
}

static void apply_one(struct applying *p, const struct value *one)
{
	const struct value *set = value_get_c(one, "set"), *add = value_get_c(one, "add");
	struct str at = value_get_str(one, "at"), last;
	struct value *fields, *on;

	if (!value_get_str(one, "why").length)
		mistake(p, one->span, "no reason for", at);
	if (!set == !add || (set && set->kind != VALUE_MAP)) {
		mistake(p, one->span, "expected one of set and add for", at);
		return;
	}
	fields = holder(p, at, &last);
	on = at.length ? get(fields, last) : p->facts;
	if (add && (!fields || fields->kind != VALUE_MAP || !last.length))
		mistake(p, one->span, "nowhere to add", at);
	else if (add && on)
		mistake(p, one->span, "is there already:", at);
	else if (add)
		value_set(p->a, fields, last, *add);
	else if (!on || on->kind != VALUE_MAP)
		mistake(p, one->span, "no property", at);
	else
		set_facts(p, on, set);
}

bool overrides_apply(struct arena *a, const struct value *overrides, struct map *types,
		     struct diags *d)
{
	bool ok = true;

	for (uint32_t i = 0; overrides->kind == VALUE_MAP && i < overrides->map.count; i++) {
		const struct member *m = overrides->map.entries[i].value;
		struct applying p = { a, overrides->map.entries[i].key, NULL, d, true };

		p.facts = map_get(types, p.type);
		if (!p.facts)
			mistake(&p, m->key_span, "no type", p.type);
		else if (m->value.kind != VALUE_LIST)
			mistake(&p, m->value.span, "expected a list for", p.type);
		for (size_t k = 0; p.ok && k < m->value.list.count; k++)
			apply_one(&p, &m->value.list.items[k]);
		ok = ok && p.ok;
	}
	return ok;
}
