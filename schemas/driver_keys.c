#include "driver_parse.h"

static bool is_allowed(struct str key, const char *const *allowed)
{
	for (size_t i = 0; allowed[i]; i++) {
		if (str_equal_c(key, allowed[i]))
			return true;
	}
	return false;
}

static void suggest(struct driver_parser *p, struct str word, const char *const *allowed)
{
	VEC(struct str) names = { 0 };
	struct str near;

	for (size_t i = 0; allowed[i]; i++)
		*vec_push(p->arena, &names) = str_from_c(allowed[i]);
	near = str_nearest(word, names.items, names.count);
	if (near.length)
		diag_help(p->d, "did you mean '%.*s'?", STR_ARG(near));
}

bool keys_known(struct driver_parser *p, const struct value *map, const char *what,
		const char *const *allowed)
{
	if (map->kind != VALUE_MAP) {
		diag_error(p->d, map->span, "%s must be a map, not %s", what,
			   value_kind_name(map->kind));
		return false;
	}
	if (map->map.count > DRIVER_ITEMS_LIMIT) {
		diag_error(p->d, map->span, "%s has more than %d keys", what, DRIVER_ITEMS_LIMIT);
		return false;
	}
	for (uint32_t i = 0; i < map->map.count; i++) {
		struct str key = map->map.entries[i].key;

		if (is_allowed(key, allowed))
			continue;
		diag_error(p->d, value_member(map, key)->key_span, "unknown key '%.*s' in %s",
			   STR_ARG(key), what);
		suggest(p, key, allowed);
	}
	return true;
}

struct str key_str(struct driver_parser *p, const struct value *map, const char *key)
{
	const struct value *v = value_get_c(map, key);

	if (!v)
		return (struct str){ 0 };
	if (v->kind != VALUE_STRING) {
		diag_error(p->d, v->span, "'%s' must be a text, not %s", key,
			   value_kind_name(v->kind));
		return (struct str){ 0 };
	}
	return v->string;
}

bool key_bool(struct driver_parser *p, const struct value *map, const char *key)
{
	const struct value *v = value_get_c(map, key);

	if (!v)
		return false;
	if (v->kind != VALUE_BOOL) {
		diag_error(p->d, v->span, "'%s' must be true or false", key);
		return false;
	}
	return v->boolean;
}

double key_number(struct driver_parser *p, const struct value *map, const char *key, double low,
		  double high, double otherwise)
{
	const struct value *v = value_get_c(map, key);
	double number;

	if (!v)
		return otherwise;
	if (v->kind != VALUE_INT && v->kind != VALUE_FLOAT) {
		diag_error(p->d, v->span, "'%s' must be a number", key);
		return otherwise;
	}
	number = v->kind == VALUE_INT ? (double)v->integer : v->number;
	if (!(number >= low && number <= high)) {
		diag_error(p->d, v->span, "'%s' must be from %g to %g", key, low, high);
		return otherwise;
	}
	return number;
}

int64_t key_ms(struct driver_parser *p, const struct value *map, const char *key,
	       double otherwise_s)
{
	return (int64_t)(key_number(p, map, key, 0, DRIVER_SECONDS_LIMIT, otherwise_s) * 1000);
}

static struct str one_str(struct driver_parser *p, const struct value *v, const char *what)
{
	if (v->kind == VALUE_STRING)
		return v->string;
	diag_error(p->d, v->span, "%s must be a text, not %s", what, value_kind_name(v->kind));
	return (struct str){ 0 };
}

struct str_list value_str_list(struct driver_parser *p, const struct value *v, const char *what)
{
	struct str_list out = { 0 };

	if (v->kind != VALUE_LIST) {
		out.items = arena_new(p->arena, struct str);
		out.items[0] = one_str(p, v, what);
		out.count = 1;
		return out;
	}
	if (v->list.count > DRIVER_ITEMS_LIMIT) {
		diag_error(p->d, v->span, "%s has more than %d items", what, DRIVER_ITEMS_LIMIT);
		return out;
	}
	out.items = arena_array(p->arena, struct str, v->list.count);
	for (size_t i = 0; i < v->list.count; i++)
		out.items[out.count++] = one_str(p, &v->list.items[i], what);
	return out;
}

struct str_list key_str_list(struct driver_parser *p, const struct value *map, const char *key)
{
	const struct value *v = value_get_c(map, key);

	if (!v)
		return (struct str_list){ 0 };
	return value_str_list(p, v, key);
}
