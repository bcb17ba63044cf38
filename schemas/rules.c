#include "rules.h"

struct reading {
	struct arena *a;
	struct str what;
	struct diags *d;
	bool ok;
};

static void mistake(struct reading *r, struct span span, const char *text, struct str name)
{
	diag_error(r->d, span, "%.*s: %s '%.*s'", STR_ARG(r->what), text, STR_ARG(name));
	r->ok = false;
}

static bool is_map(struct reading *r, const struct value *v)
{
	if (v->kind != VALUE_MAP)
		mistake(r, v->span, "expected a table, not a",
			str_from_c(value_kind_name(v->kind)));
	return v->kind == VALUE_MAP;
}

static struct str_list read_list(struct reading *r, const struct value *list)
{
	struct str_list out = { 0 };

	if (list->kind != VALUE_LIST) {
		mistake(r, list->span, "expected a list, not a",
			str_from_c(value_kind_name(list->kind)));
		return out;
	}
	out.items = arena_array(r->a, struct str, list->list.count);
	for (size_t i = 0; i < list->list.count; i++) {
		if (list->list.items[i].kind == VALUE_STRING)
			out.items[out.count++] = list->list.items[i].string;
		else
			mistake(r, list->list.items[i].span, "expected a string, not a",
				str_from_c(value_kind_name(list->list.items[i].kind)));
	}
	return out;
}

static double read_rate(struct reading *r, const struct value *v)
{
	double rate = 0;

	if (v->kind == VALUE_INT)
		rate = (double)v->integer;
	else if (v->kind == VALUE_FLOAT)
		rate = v->number;
	if (!(rate > 0 && rate <= 1e6))
		mistake(r, v->span, "no rate:", str_from_c(value_kind_name(v->kind)));
	return rate;
}

static void read_quotas(struct reading *r, const struct value *quotas, struct service_rules *out)
{
	if (!is_map(r, quotas))
		return;
	out->quotas = arena_array(r->a, struct quota_rule, quotas->map.count);
	for (uint32_t i = 0; i < quotas->map.count; i++) {
		const struct value *pair =
			&((const struct member *)quotas->map.entries[i].value)->value;
		struct quota_rule *q = &out->quotas[out->quota_count];

		if (pair->kind != VALUE_LIST || pair->list.count != 2) {
			mistake(r, pair->span, "expected [per second, burst] for",
				quotas->map.entries[i].key);
			continue;
		}
		out->quota_count++;
		q->operation = quotas->map.entries[i].key;
		q->per_second = read_rate(r, &pair->list.items[0]);
		q->burst = read_rate(r, &pair->list.items[1]);
	}
}

bool service_rules_parse(struct arena *a, struct str service, const struct value *source,
			 struct service_rules *out, struct diags *d)
{
	struct reading r = { .a = a, .what = service, .d = d, .ok = true };

	*out = (struct service_rules){ .service = service };
	if (!is_map(&r, source))
		return false;
	for (uint32_t i = 0; i < source->map.count; i++) {
		const struct member *m = source->map.entries[i].value;
		struct str key = source->map.entries[i].key;

		if (str_equal(key, STR("quotas")))
			read_quotas(&r, &m->value, out);
		else if (str_equal(key, STR("throttle")))
			out->throttle_codes = read_list(&r, &m->value);
		else if (str_equal(key, STR("not_throttle")))
			out->not_throttle_codes = read_list(&r, &m->value);
		else if (str_equal(key, STR("transient")))
			out->transient_codes = read_list(&r, &m->value);
		else
			mistake(&r, m->key_span, "unknown key", key);
	}
	return r.ok;
}

static bool is_date(struct str s)
{
	if (s.length != 10)
		return false;
	for (size_t i = 0; i < s.length; i++) {
		bool dash = i == 4 || i == 7;

		if (dash ? s.data[i] != '-' : s.data[i] < '0' || s.data[i] > '9')
			return false;
	}
	return true;
}

static struct str read_date(struct reading *r, const struct value *rule, const char *key)
{
	const struct value *date = value_get_c(rule, key);

	if (!date)
		return (struct str){ 0 };
	if (date->kind != VALUE_STRING || !is_date(date->string)) {
		mistake(r, date->span, "expected a date such as 2026-04-30 for", str_from_c(key));
		return (struct str){ 0 };
	}
	return date->string;
}

bool runtimes_parse(struct arena *a, const struct value *source, struct map *out, struct diags *d)
{
	struct reading r = { .a = a, .what = STR("runtimes"), .d = d, .ok = true };

	if (!is_map(&r, source))
		return false;
	for (uint32_t i = 0; i < source->map.count; i++) {
		const struct member *m = source->map.entries[i].value;
		struct runtime_rule *rule = arena_new(a, struct runtime_rule);

		if (!is_map(&r, &m->value))
			continue;
		rule->name = source->map.entries[i].key;
		rule->deprecated = read_date(&r, &m->value, "deprecated");
		rule->blocked = read_date(&r, &m->value, "blocked");
		*map_put(a, out, rule->name) = rule;
	}
	return r.ok;
}
