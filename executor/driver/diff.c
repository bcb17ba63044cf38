#include "eval.h"

#include <stdlib.h>

#include "base/json.h"

static const struct compare *compare_find(const struct driver *driver, struct str path)
{
	for (size_t i = 0; i < driver->compare_count; i++) {
		if (str_equal(driver->compares[i].path, path))
			return &driver->compares[i];
	}
	return NULL;
}

static int by_value(const void *x, const void *y)
{
	return value_compare(x, y);
}

static struct value sorted(struct arena *a, const struct value *list)
{
	struct value out = value_list(arena_array(a, struct value, list->list.count),
				      list->list.count);

	for (size_t i = 0; i < list->list.count; i++)
		out.list.items[i] = list->list.items[i];
	if (out.list.count > 1)
		qsort(out.list.items, out.list.count, sizeof(struct value), by_value);
	return out;
}

static struct value parsed(struct arena *a, const struct value *v)
{
	struct error err = { 0 };
	struct value out;

	if (v->kind == VALUE_STRING && json_parse(a, v->string, SPAN_NOWHERE, &out, &err))
		return out;
	return *v;
}

/* IAM: one is the same as a list of one, and no list has an order. */
static struct value policy_normal(struct arena *a, const struct value *v)
{
	struct value out = *v;

	if (v->kind == VALUE_LIST && v->list.count == 1)
		return policy_normal(a, &v->list.items[0]);
	if (v->kind == VALUE_LIST) {
		out = value_list(NULL, 0);
		for (size_t i = 0; i < v->list.count; i++)
			value_append(a, &out, policy_normal(a, &v->list.items[i]));
		return sorted(a, &out);
	}
	if (v->kind != VALUE_MAP)
		return out;
	out = value_map();
	for (uint32_t i = 0; i < v->map.count; i++) {
		const struct member *m = v->map.entries[i].value;

		value_set(a, &out, v->map.entries[i].key, policy_normal(a, &m->value));
	}
	return out;
}

static struct str key_text(struct arena *a, struct str field, const struct value *item)
{
	const struct value *key = field.length ? value_get(item, field) : item;

	if (!key)
		key = item;
	return json_text_canonical(a, key);
}

void item_index_make(struct arena *a, const struct driver *driver, struct str property,
		     const struct value *list, struct item_index *out)
{
	const struct compare *rule = compare_find(driver, property);

	*out = (struct item_index){ 0 };
	if (rule && rule->rule == COMPARE_KEYED)
		out->field = rule->key;
	if (list->kind != VALUE_LIST)
		return;
	for (size_t i = 0; i < list->list.count; i++)
		*map_put(a, &out->items, key_text(a, out->field, &list->list.items[i])) =
			&list->list.items[i];
}

const struct value *item_find(struct arena *a, const struct item_index *index,
			      const struct value *item)
{
	return map_get(&index->items, key_text(a, index->field, item));
}

const struct remake_rule *remake_find(const struct driver *driver, struct str property)
{
	for (size_t i = 0; i < driver->steps->remake_count; i++) {
		if (str_equal(driver->steps->remakes[i].property, property))
			return &driver->steps->remakes[i];
	}
	return NULL;
}

/* Walks two values by the rules of the paths; loose: what only y has does not count. */
struct diff {
	struct arena *arena;
	const struct driver *driver;
	bool loose;
};

static bool same(struct diff *d, struct str path, const struct value *x, const struct value *y);

static bool same_map(struct diff *d, struct str path, const struct value *x, const struct value *y)
{
	if (!d->loose && x->map.count != y->map.count)
		return false;
	for (uint32_t i = 0; i < x->map.count; i++) {
		struct str key = x->map.entries[i].key;
		const struct member *m = x->map.entries[i].value;
		const struct value *other = value_get(y, key);
		struct str below = str_format(d->arena, "%.*s.%.*s", STR_ARG(path), STR_ARG(key));

		if (!other && m->value.kind == VALUE_NULL)
			continue;
		if (!other || !same(d, below, &m->value, other))
			return false;
	}
	return true;
}

static bool same_list(struct diff *d, struct str path, const struct value *x, const struct value *y)
{
	if (x->list.count != y->list.count)
		return false;
	for (size_t i = 0; i < x->list.count; i++) {
		if (!same(d, path, &x->list.items[i], &y->list.items[i]))
			return false;
	}
	return true;
}

static bool same_keyed(struct diff *d, struct str path, const struct value *x,
		       const struct value *y)
{
	struct item_index index;

	if (x->list.count != y->list.count)
		return false;
	item_index_make(d->arena, d->driver, path, y, &index);
	for (size_t i = 0; i < x->list.count; i++) {
		const struct value *item = &x->list.items[i];
		const struct value *other = item_find(d->arena, &index, item);

		if (!other)
			return false;
		/* Not by the path's own rule again: an item is no list. */
		if (item->kind == VALUE_MAP && other->kind == VALUE_MAP ?
		    !same_map(d, path, item, other) : !value_equal(item, other))
			return false;
	}
	return true;
}

static bool same_by(struct diff *d, const struct compare *rule, const struct value *x,
		    const struct value *y)
{
	struct value left, right;

	switch (rule->rule) {
	case COMPARE_IGNORE:
		return true;
	case COMPARE_FOLD:
		return x->kind == VALUE_STRING && y->kind == VALUE_STRING ?
		       str_equal_fold(x->string, y->string) : value_equal(x, y);
	case COMPARE_JSON:
		left = parsed(d->arena, x);
		right = parsed(d->arena, y);
		return value_equal(&left, &right);
	case COMPARE_POLICY:
		left = parsed(d->arena, x);
		right = parsed(d->arena, y);
		left = policy_normal(d->arena, &left);
		right = policy_normal(d->arena, &right);
		return value_equal(&left, &right);
	case COMPARE_SET:
		if (x->kind != VALUE_LIST || y->kind != VALUE_LIST)
			break;
		left = sorted(d->arena, x);
		right = sorted(d->arena, y);
		return same_list(d, STR(""), &left, &right);
	case COMPARE_KEYED:
		if (x->kind == VALUE_LIST && y->kind == VALUE_LIST)
			return same_keyed(d, rule->path, x, y);
		break;
	case COMPARE_EXACT:
		break;
	}
	return value_equal(x, y);
}

static bool same(struct diff *d, struct str path, const struct value *x, const struct value *y)
{
	const struct compare *rule = compare_find(d->driver, path);

	if (rule)
		return same_by(d, rule, x, y);
	if (x->kind == VALUE_MAP && y->kind == VALUE_MAP)
		return same_map(d, path, x, y);
	if (x->kind == VALUE_LIST && y->kind == VALUE_LIST)
		return same_list(d, path, x, y);
	return value_equal(x, y);
}

bool property_same(struct arena *a, const struct driver *driver, struct str property,
		   const struct value *x, const struct value *y)
{
	struct diff d = { .arena = a, .driver = driver };

	return same(&d, property, x, y);
}

bool property_covered(struct arena *a, const struct driver *driver, struct str property,
		      const struct value *wanted, const struct value *observed)
{
	struct diff d = { .arena = a, .driver = driver, .loose = true };

	return same(&d, property, wanted, observed);
}

bool fields_same(struct arena *a, const struct driver *driver, struct str property,
		 const struct str_list *fields, const struct value *x, const struct value *y)
{
	for (size_t i = 0; i < fields->count; i++) {
		const struct value *left = value_get(x, fields->items[i]);
		const struct value *right = value_get(y, fields->items[i]);
		struct str path = str_format(a, "%.*s.%.*s", STR_ARG(property),
					     STR_ARG(fields->items[i]));

		if (!left != !right)
			return false;
		if (left && !property_same(a, driver, path, left, right))
			return false;
	}
	return true;
}
