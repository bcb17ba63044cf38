#include "eval.h"

static bool tags_pair(const struct value *item, struct str *key, struct value *value)
{
	const struct value *k = value_get_c(item, "Key"), *v = value_get_c(item, "Value");

	if (!k || k->kind != VALUE_STRING)
		return false;
	*key = k->string;
	*value = v ? *v : value_string(STR(""));
	return true;
}

bool tags_to_map(struct arena *a, const struct value *tags, struct value *out)
{
	*out = value_map();
	if (tags->kind == VALUE_NULL)
		return true;
	if (tags->kind == VALUE_MAP) {
		*out = *tags;
		return true;
	}
	if (tags->kind != VALUE_LIST)
		return false;
	for (size_t i = 0; i < tags->list.count; i++) {
		struct value value;
		struct str key;

		if (!tags_pair(&tags->list.items[i], &key, &value))
			return false;
		value_set(a, out, key, value);
	}
	return true;
}

struct value tags_from_map(struct arena *a, const struct value *map, bool as_map)
{
	struct value out = value_list(NULL, 0);

	if (as_map)
		return *map;
	for (uint32_t i = 0; i < map->map.count; i++) {
		struct value pair = value_map();
		const struct member *m = map->map.entries[i].value;

		value_set(a, &pair, STR("Key"), value_string(map->map.entries[i].key));
		value_set(a, &pair, STR("Value"), m->value);
		value_append(a, &out, pair);
	}
	return out;
}

struct value tags_merge(struct arena *a, const struct value *tags, const struct value *removed,
			const struct value *added)
{
	struct value have, gone, more, out = value_map();

	if (!tags_to_map(a, tags, &have))
		have = value_map();
	if (!tags_to_map(a, removed, &gone))
		gone = value_map();
	if (!tags_to_map(a, added, &more))
		more = value_map();
	for (uint32_t i = 0; i < have.map.count; i++) {
		struct str key = have.map.entries[i].key;
		const struct member *m = have.map.entries[i].value;

		if (!value_get(&gone, key))
			value_set(a, &out, key, m->value);
	}
	for (uint32_t i = 0; i < more.map.count; i++)
		value_set(a, &out, more.map.entries[i].key,
			  ((const struct member *)more.map.entries[i].value)->value);
	return tags_from_map(a, &out, false);
}
