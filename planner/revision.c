#include "revision.h"

#include "base/hash.h"
#include "base/json.h"
#include "compare.h"
#include "secret.h"

#define SHORT_DIGITS 16

struct str revision_digest(struct arena *a, struct str key, const char *what, struct str text)
{
	struct str input = STR_JOIN(a, str_from_c(what), STR("\n"), sha256_hex(a, text));
	struct sha256 mac = hmac_sha256(key, input);

	return hex_encode(a, mac.bytes, SHA256_BYTES);
}

static struct value short_digest(struct arena *a, struct str key, const char *what,
				 const struct value *v)
{
	struct arena scratch;
	struct str digest;

	arena_init(&scratch);
	digest = revision_digest(&scratch, key, what, json_text_canonical(&scratch, v));
	digest = str_copy(a, str_slice(digest, 0, SHORT_DIGITS));
	arena_release(&scratch);
	return value_string(digest);
}

struct value revision_wanted(struct arena *a, const struct plan *plan, struct str key)
{
	struct value out = value_map();

	for (size_t i = 0; i < plan->model->resource_count && !plan->destroy; i++) {
		const struct resolved *resolved = &plan->resolved[i];
		const struct schema *schema = plan->model->resources[i].schema;
		struct arena scratch;
		struct value sealed;

		arena_init(&scratch);
		sealed = secret_seal(&scratch, schema->driver, key, &resolved->properties);
		value_set(a, &out, resolved->address, short_digest(a, key, "wanted", &sealed));
		arena_release(&scratch);
	}
	return out;
}

/* ---- what is live, in one form ---- */

static int compare_values(const void *a, const void *b)
{
	return value_compare(a, b);
}

static struct value normal(struct walk *w, const struct shape *shape, const struct value *v);

static struct value normal_list(struct walk *w, const struct shape *shape, const struct value *v,
				bool sorted)
{
	struct value *items = arena_array(w->scratch, struct value, v->list.count);
	size_t length = walk_item(w, (struct str){ 0 });

	for (size_t i = 0; i < v->list.count; i++)
		items[i] = normal(w, element_shape(shape), &v->list.items[i]);
	walk_leave(w, length);
	if (sorted)
		qsort(items, v->list.count, sizeof(*items), compare_values);
	return value_list(items, v->list.count);
}

static struct value normal_map(struct walk *w, const struct shape *shape, const struct value *v)
{
	struct value out = value_map();

	for (uint32_t i = 0; i < v->map.count; i++) {
		struct str name = v->map.entries[i].key;
		const struct member *member = v->map.entries[i].value;
		size_t length = walk_member(w, name);
		struct value item = normal(w, shape_member(shape, name), &member->value);

		walk_leave(w, length);
		if (!value_is_empty(&item))
			value_set(w->scratch, &out, name, item);
	}
	return out;
}

static struct value normal(struct walk *w, const struct shape *shape, const struct value *v)
{
	struct str key;
	enum compare_rule rule = walk_rule(w, shape, &key);
	struct value parsed;

	if (rule == COMPARE_IGNORE)
		return value_null();
	if (rule == COMPARE_POLICY)
		return policy_normal(w->scratch, v);
	if (rule == COMPARE_JSON && v->kind == VALUE_STRING &&
	    json_parse(w->scratch, v->string, SPAN_NOWHERE, &parsed, NULL))
		return parsed;
	if (rule == COMPARE_FOLD && v->kind == VALUE_STRING)
		return value_string(str_lower(w->scratch, v->string));
	if (v->kind == VALUE_LIST)
		return normal_list(w, shape, v, rule == COMPARE_SET || rule == COMPARE_KEYED);
	return v->kind == VALUE_MAP ? normal_map(w, shape, v) : *v;
}

static const char *seen_name(enum seen seen)
{
	switch (seen) {
	case SEEN_FOUND:
		return "found";
	case SEEN_ABSENT:
		return "absent";
	case SEEN_FOREIGN:
		return "foreign";
	case SEEN_NOT_READ:
		break;
	}
	return "not read";
}

static bool is_lasting(const struct driver *driver, struct str name)
{
	return driver && (str_list_has(&driver->stable, name) ||
			  str_list_has(&driver->watch, name) || str_list_has(&driver->key, name));
}

static struct value live_value(struct arena *a, struct arena *scratch, const struct schema *schema,
			       const struct observed *seen, struct str key)
{
	const struct map *properties = &seen->properties.map, *attributes = &seen->attributes.map;
	struct value out = value_map();
	struct walk w;

	value_set(a, &out, STR("is"), value_string(str_from_c(seen_name(seen->seen))));
	walk_init(&w, scratch, scratch, schema, NULL);
	w.live = true;
	for (uint32_t i = 0; seen->properties.kind == VALUE_MAP && i < properties->count; i++) {
		struct str name = properties->entries[i].key;
		const struct member *member = properties->entries[i].value;
		size_t length = walk_member(&w, name);
		struct value v = normal(&w, property_shape(schema, name), &member->value);

		walk_leave(&w, length);
		if (!value_is_empty(&v))
			value_set(a, &out, name, short_digest(a, key, "live", &v));
	}
	for (uint32_t i = 0; seen->attributes.kind == VALUE_MAP && i < attributes->count; i++) {
		struct str name = attributes->entries[i].key;
		const struct member *member = attributes->entries[i].value;

		if (is_lasting(schema->driver, name) && !value_get(&out, name))
			value_set(a, &out, name, short_digest(a, key, "live", &member->value));
	}
	return out;
}

static const struct schema *schema_at(const struct plan *plan, struct schemas *schemas,
				      struct str address)
{
	uint32_t i = model_find(plan->model, address);
	const struct row *row = state_peek(plan->state, address);

	if (i != NO_RESOURCE)
		return plan->model->resources[i].schema;
	return row ? schema_find(schemas, row->type) : NULL;
}

struct value revision_live(struct arena *a, const struct plan *plan, struct schemas *schemas,
			   const struct observation *live, struct str key)
{
	struct value out = value_map();

	for (uint32_t i = 0; i < live->by_address.count; i++) {
		struct str address = live->by_address.entries[i].key;
		const struct observed *seen = live->by_address.entries[i].value;
		const struct schema *schema = schema_at(plan, schemas, address);
		struct arena scratch;

		if (!schema || seen->seen == SEEN_NOT_READ)
			continue;
		arena_init(&scratch);
		value_set(a, &out, address, live_value(a, &scratch, schema, seen, key));
		arena_release(&scratch);
	}
	return out;
}

/* ---- what others made ---- */

struct value revision_existing(struct arena *a, const struct plan *plan, struct str key)
{
	struct value out = value_map();

	for (uint32_t i = 0; i < plan->model->existing_count && !plan->destroy; i++) {
		const struct existing *x = &plan->model->existing[i];
		struct value values = value_map();

		for (size_t k = 0; k < x->use_count; k++) {
			struct value v = plan_existing_value(a, plan, i, x->uses[k].name);

			if (v.kind == VALUE_UNKNOWN)
				v = value_null();
			value_set(a, &values, x->uses[k].name, v);
		}
		value_set(a, &out, x->name, secret_seal(a, NULL, key, &values));
	}
	return out;
}
