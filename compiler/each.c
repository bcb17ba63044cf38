#include "compiler.h"

/* for_each: a table, or a list of unique strings, whose keys are known before anything is made. */

#define KEY_BYTES_MOST 32

static bool key_is_valid(struct str key)
{
	for (size_t i = 0; i < key.length; i++) {
		char ch = key.data[i];

		if (!(ch >= 'a' && ch <= 'z') && !(ch >= 'A' && ch <= 'Z') &&
		    !(ch >= '0' && ch <= '9') && str_index(STR("_.-"), ch) == 3)
			return false;
	}
	return key.length && key.length <= KEY_BYTES_MOST;
}

static bool key_check(struct compiler *c, struct str key, struct span span)
{
	if (key_is_valid(key))
		return true;
	diag_error(c->d, span, "E0361 '%.*s' cannot be a key of 'for_each'", STR_ARG(key));
	diag_help(c->d, "1 to %d letters, digits, '_', '.' and '-': keys stand in names",
		  KEY_BYTES_MOST);
	return false;
}

static bool kind_refuse(struct compiler *c, const struct value *v, struct str title)
{
	if (v->marks & VALUE_DAMAGED)
		return false;
	if (v->kind == VALUE_EXPR) {
		diag_error(c->d, v->span, "E0362 the keys of 'for_each' of %.*s are not known "
			   "before something is made", STR_ARG(title));
		diag_help(c->d, "write the keys out, or take them from variables and locals; "
			  "the values may come from other blocks");
		return false;
	}
	diag_error(c->d, v->span, "E0360 'for_each' must be a table or a list of strings, not %s",
		   value_kind_name(v->kind));
	return false;
}

static bool read_list(struct compiler *c, const struct value *v, struct str title,
		      struct each_vec *out)
{
	struct map seen = { 0 };
	bool good = true;

	for (size_t i = 0; i < v->list.count; i++) {
		const struct value *item = &v->list.items[i];
		void **place;

		if (item->kind != VALUE_STRING) {
			good = kind_refuse(c, item, title);
			continue;
		}
		if (!key_check(c, item->string, item->span)) {
			good = false;
			continue;
		}
		place = map_put(c->arena, &seen, item->string);
		if (*place) {
			diag_error(c->d, item->span, "E0361 '%.*s' stands twice in 'for_each'",
				   STR_ARG(item->string));
			good = false;
			continue;
		}
		*place = c;
		*vec_push(c->arena, out) = (struct each){ item->string, *item };
	}
	return good;
}

static bool read_map(struct compiler *c, const struct value *v, struct each_vec *out)
{
	bool good = true;

	for (uint32_t i = 0; i < v->map.count; i++) {
		const struct member *m = v->map.entries[i].value;
		struct str key = v->map.entries[i].key;

		if (key_check(c, key, m->key_span.file == SPAN_NOWHERE ? v->span : m->key_span))
			*vec_push(c->arena, out) = (struct each){ key, m->value };
		else
			good = false;
	}
	return good;
}

bool each_read(struct compiler *c, struct module *module, const struct value *written,
	       struct str title, struct each_vec *out)
{
	struct value v = words_bind(c, module, written);
	size_t count = v.kind == VALUE_MAP ? v.map.count : v.kind == VALUE_LIST ? v.list.count : 0;

	*out = (struct each_vec){ 0 };
	if (v.marks & VALUE_SECRET || (v.kind == VALUE_LIST && value_is_secret(&v))) {
		diag_error(c->d, v.span, "E0363 the keys of 'for_each' stand in names and "
			   "addresses, and these are secret");
		return false;
	}
	if (count > FOR_EACH_MOST) {
		diag_error(c->d, v.span, "E0319 'for_each' has %zu keys, %d are allowed", count,
			   FOR_EACH_MOST);
		return false;
	}
	if (v.kind == VALUE_MAP)
		return read_map(c, &v, out);
	if (v.kind == VALUE_LIST)
		return read_list(c, &v, title, out);
	return kind_refuse(c, &v, title);
}
