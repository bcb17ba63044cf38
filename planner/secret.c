#include "secret.h"

#include "base/hash.h"
#include "base/json.h"
#include "compare.h"

#define DEPTH_MOST 64

struct sealing {
	struct arena *arena;
	const struct driver *driver;
	struct str key;
};

static bool is_secret(const struct sealing *s, struct str path, const struct value *v)
{
	return (v->marks & VALUE_SECRET) ||
	       (path.length && s->driver && path_list_fits(&s->driver->secret, path, false));
}

/* Printed without its marks, or every secret would have the hash of "(secret)". */
static struct value bare(struct arena *a, const struct value *v, unsigned depth)
{
	struct value out = *v;

	CHECK(depth < DEPTH_MOST);
	out.marks = 0;
	if (v->kind == VALUE_LIST) {
		out = value_list(arena_array(a, struct value, v->list.count), v->list.count);
		for (size_t i = 0; i < v->list.count; i++)
			out.list.items[i] = bare(a, &v->list.items[i], depth + 1);
	} else if (v->kind == VALUE_MAP) {
		out = value_map();
		for (uint32_t i = 0; i < v->map.count; i++) {
			const struct member *m = v->map.entries[i].value;

			value_set(a, &out, v->map.entries[i].key, bare(a, &m->value, depth + 1));
		}
	}
	return out;
}

static struct value sealed(const struct sealing *s, struct str path, const struct value *v)
{
	struct value plain = bare(s->arena, v, 0);
	struct buf text;
	struct sha256 mac;

	CHECK(s->key.length);
	buf_init(&text, s->arena);
	buf_add(&text, path);
	buf_add_char(&text, '\n');
	json_print_canonical(&text, &plain);
	mac = hmac_sha256(s->key, buf_str(&text));
	return value_string(str_format(s->arena, "hmac:%.*s",
				       STR_ARG(hex_encode(s->arena, mac.bytes, SHA256_BYTES))));
}

static struct str path_below(struct arena *a, struct str path, struct str name)
{
	return path.length ? str_format(a, "%.*s.%.*s", STR_ARG(path), STR_ARG(name)) : name;
}

static struct str path_item(struct arena *a, struct str path)
{
	return str_format(a, "%.*s[]", STR_ARG(path));
}

static bool has_secret(const struct sealing *s, const struct value *v, unsigned depth)
{
	CHECK(depth < DEPTH_MOST);
	if (v->marks & VALUE_SECRET)
		return true;
	for (size_t i = 0; v->kind == VALUE_LIST && i < v->list.count; i++) {
		if (has_secret(s, &v->list.items[i], depth + 1))
			return true;
	}
	for (uint32_t i = 0; v->kind == VALUE_MAP && i < v->map.count; i++) {
		if (has_secret(s, &((struct member *)v->map.entries[i].value)->value, depth + 1))
			return true;
	}
	return false;
}

static struct value seal(const struct sealing *s, struct str path, const struct value *v)
{
	struct value out;

	if (v->kind != VALUE_NULL && v->kind != VALUE_UNKNOWN && v->kind != VALUE_EXPR &&
	    is_secret(s, path, v))
		return sealed(s, path, v);
	if (v->kind == VALUE_LIST) {
		out = value_list(arena_array(s->arena, struct value, v->list.count), v->list.count);
		for (size_t i = 0; i < v->list.count; i++)
			out.list.items[i] = seal(s, path_item(s->arena, path), &v->list.items[i]);
	} else if (v->kind == VALUE_MAP) {
		out = value_map();
		for (uint32_t i = 0; i < v->map.count; i++) {
			struct str key = v->map.entries[i].key;
			const struct member *m = v->map.entries[i].value;

			value_set(s->arena, &out, key,
				  seal(s, path_below(s->arena, path, key), &m->value));
		}
	} else {
		return *v;
	}
	out.span = v->span;
	return out;
}

struct value secret_seal(struct arena *a, const struct driver *driver, struct str key,
			 const struct value *properties)
{
	struct sealing s = { a, driver, key };

	/* Nearly all of them: nothing to walk. */
	if (properties->kind != VALUE_MAP ||
	    ((!driver || !driver->secret.count) && !has_secret(&s, properties, 0)))
		return *properties;
	return seal(&s, (struct str){ 0 }, properties);
}

static bool is_sealed(const struct value *v)
{
	return v->kind == VALUE_STRING && v->string.length == 5 + 2 * SHA256_BYTES &&
	       str_starts(v->string, STR("hmac:"));
}

static struct value open_at(const struct sealing *s, struct str path, const struct value *kept,
			    const struct value *plain)
{
	struct value out = *kept;

	if (!plain)
		return out;
	if (is_sealed(kept) && is_secret(s, path, plain) &&
	    plain->kind != VALUE_UNKNOWN && plain->kind != VALUE_EXPR) {
		struct value again = sealed(s, path, plain);

		return str_equal(again.string, kept->string) ? *plain : out;
	}
	if (kept->kind == VALUE_LIST && plain->kind == VALUE_LIST) {
		out = value_list(arena_array(s->arena, struct value, kept->list.count),
				 kept->list.count);
		for (size_t i = 0; i < kept->list.count; i++)
			out.list.items[i] =
				open_at(s, path_item(s->arena, path), &kept->list.items[i],
					i < plain->list.count ? &plain->list.items[i] : NULL);
	} else if (kept->kind == VALUE_MAP && plain->kind == VALUE_MAP) {
		out = value_map();
		for (uint32_t i = 0; i < kept->map.count; i++) {
			struct str key = kept->map.entries[i].key;
			const struct member *m = kept->map.entries[i].value;

			value_set(s->arena, &out, key,
				  open_at(s, path_below(s->arena, path, key), &m->value,
					  value_get(plain, key)));
		}
	}
	return out;
}

struct value secret_open(struct arena *a, const struct driver *driver, struct str key,
			 const struct value *kept, const struct value *plain)
{
	struct sealing s = { a, driver, key };

	if (!key.length || kept->kind != VALUE_MAP || plain->kind != VALUE_MAP ||
	    ((!driver || !driver->secret.count) && !has_secret(&s, plain, 0)))
		return *kept;
	return open_at(&s, (struct str){ 0 }, kept, plain);
}
