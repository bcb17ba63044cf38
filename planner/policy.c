#include "compare.h"

#include "base/json.h"

/* IAM documents that mean the same are written in many ways; this is the one we compare. */

static int compare_values(const void *a, const void *b)
{
	return value_compare(a, b);
}

/* A single value is a list of one, and order means nothing; doubled entries neither. */
static struct value as_set(struct arena *a, const struct value *v)
{
	size_t count = v->kind == VALUE_LIST ? v->list.count : 1;
	struct value *items = arena_array(a, struct value, count);
	size_t kept = 0;

	for (size_t i = 0; i < count; i++)
		items[i] = v->kind == VALUE_LIST ? v->list.items[i] : *v;
	qsort(items, count, sizeof(*items), compare_values);
	for (size_t i = 0; i < count; i++) {
		if (!kept || !value_equal(&items[kept - 1], &items[i]))
			items[kept++] = items[i];
	}
	return value_list(items, kept);
}

static struct value lowered(struct arena *a, const struct value *set)
{
	struct value *items = arena_array(a, struct value, set->list.count);
	struct value all;

	for (size_t i = 0; i < set->list.count; i++) {
		items[i] = set->list.items[i];
		if (items[i].kind == VALUE_STRING)
			items[i] = value_string(str_lower(a, items[i].string));
	}
	all = value_list(items, set->list.count);
	return as_set(a, &all);
}

/* An account number stands for that account's root. */
static struct value principal_item(struct arena *a, const struct value *v)
{
	int64_t number;

	if (v->kind != VALUE_STRING)
		return *v;
	if (v->string.length == 12 && str_to_int(v->string, &number))
		return *v;
	if (str_starts(v->string, STR("arn:")) && str_ends(v->string, STR(":root"))) {
		struct str account = str_slice(v->string, 0, v->string.length - 5);
		size_t colon = str_last_index(account, ':');

		if (account.length - colon == 13)
			return value_string(str_slice(account, colon + 1, account.length));
	}
	return value_string(str_copy(a, v->string));
}

static struct value principals(struct arena *a, const struct value *v)
{
	struct value out = value_map();

	if (v->kind == VALUE_STRING) {
		value_set(a, &out, STR("AWS"), as_set(a, v));
		return out;
	}
	if (v->kind != VALUE_MAP)
		return *v;
	for (uint32_t i = 0; i < v->map.count; i++) {
		const struct member *member = v->map.entries[i].value;
		struct value set = as_set(a, &member->value);
		struct value plain = value_list(arena_array(a, struct value, set.list.count),
						set.list.count);

		for (size_t k = 0; k < set.list.count; k++)
			plain.list.items[k] = principal_item(a, &set.list.items[k]);
		value_set(a, &out, v->map.entries[i].key, as_set(a, &plain));
	}
	return out;
}

static struct value as_text(struct arena *a, const struct value *v)
{
	if (v->kind == VALUE_STRING || v->kind == VALUE_UNKNOWN)
		return *v;
	return value_string(json_text(a, v));
}

/* operator -> key -> values; keys know no case, and "true" is true. */
static struct value conditions(struct arena *a, const struct value *v)
{
	struct value out = value_map();

	if (v->kind != VALUE_MAP)
		return *v;
	for (uint32_t i = 0; i < v->map.count; i++) {
		const struct value *keys = &((struct member *)v->map.entries[i].value)->value;
		struct value inner = value_map();

		for (uint32_t k = 0; keys->kind == VALUE_MAP && k < keys->map.count; k++) {
			const struct member *member = keys->map.entries[k].value;
			struct value set = as_set(a, &member->value);
			struct value texts = value_list(NULL, 0);

			for (size_t n = 0; n < set.list.count; n++)
				value_append(a, &texts, as_text(a, &set.list.items[n]));
			value_set(a, &inner, str_lower(a, keys->map.entries[k].key),
				  as_set(a, &texts));
		}
		value_set(a, &out, v->map.entries[i].key,
			  keys->kind == VALUE_MAP ? inner : *keys);
	}
	return out;
}

static struct value statement(struct arena *a, const struct value *v)
{
	struct value out = value_map();

	if (v->kind != VALUE_MAP)
		return *v;
	for (uint32_t i = 0; i < v->map.count; i++) {
		struct str key = v->map.entries[i].key;
		const struct value *item = &((struct member *)v->map.entries[i].value)->value;
		struct value set;

		if (str_equal_c(key, "Action") || str_equal_c(key, "NotAction")) {
			set = as_set(a, item);
			value_set(a, &out, key, lowered(a, &set));
		} else if (str_equal_c(key, "Resource") || str_equal_c(key, "NotResource")) {
			value_set(a, &out, key, as_set(a, item));
		} else if (str_equal_c(key, "Principal") || str_equal_c(key, "NotPrincipal")) {
			value_set(a, &out, key, principals(a, item));
		} else if (str_equal_c(key, "Condition")) {
			if (!value_is_empty(item))
				value_set(a, &out, key, conditions(a, item));
		} else if (!str_equal_c(key, "Sid") || value_is_absent(item) ||
			   item->kind != VALUE_STRING || item->string.length) {
			value_set(a, &out, key, *item);
		}
	}
	return out;
}

struct value policy_normal(struct arena *a, const struct value *v)
{
	struct value parsed, out = value_map();
	const struct value *statements;

	if (v->kind == VALUE_STRING && json_parse(a, v->string, SPAN_NOWHERE, &parsed, NULL))
		v = &parsed;
	if (v->kind != VALUE_MAP)
		return *v;
	for (uint32_t i = 0; i < v->map.count; i++) {
		const struct member *member = v->map.entries[i].value;

		value_set(a, &out, v->map.entries[i].key, member->value);
	}
	statements = value_get_c(v, "Statement");
	if (statements) {
		struct value set = as_set(a, statements);

		for (size_t i = 0; i < set.list.count; i++)
			set.list.items[i] = statement(a, &set.list.items[i]);
		value_set(a, &out, STR("Statement"), as_set(a, &set));
	}
	return out;
}
