#include "expr_evaluator.h"

#include <inttypes.h>

#include "convert.h"

#define NEAREST_MOST 100		/* keys among which a resemblance is looked for */

/* Steps into values: table['key'], list[0], .name. */

const char *expr_kind_text(const struct value *v)
{
	static const char *const types[] = {
		[TYPE_ANY] = "an unknown value", [TYPE_BOOL] = "an unknown boolean",
		[TYPE_NUMBER] = "an unknown number", [TYPE_STRING] = "an unknown text",
		[TYPE_LIST] = "an unknown list", [TYPE_MAP] = "an unknown table",
	};

	switch (v->kind) {
	case VALUE_NULL: return "null";
	case VALUE_BOOL: return "a boolean";
	case VALUE_INT: case VALUE_FLOAT: return "a number";
	case VALUE_STRING: return "a text";
	case VALUE_DATETIME: return "a date";
	case VALUE_LIST: return "a list";
	case VALUE_MAP: return "a table";
	case VALUE_EXPR: return "an open expression";
	case VALUE_UNKNOWN: return types[v->unknown->type ? v->unknown->type->kind : TYPE_ANY];
	}
	BUG("value of kind %d", (int)v->kind);
}

enum type_kind expr_type_kind(const struct value *v)
{
	switch (v->kind) {
	case VALUE_BOOL: return TYPE_BOOL;
	case VALUE_INT: case VALUE_FLOAT: return TYPE_NUMBER;
	case VALUE_STRING: case VALUE_DATETIME: return TYPE_STRING;
	case VALUE_LIST: return TYPE_LIST;
	case VALUE_MAP: return TYPE_MAP;
	case VALUE_UNKNOWN: return v->unknown->type ? v->unknown->type->kind : TYPE_ANY;
	case VALUE_NULL: case VALUE_EXPR: return TYPE_ANY;
	}
	BUG("value of kind %d", (int)v->kind);
}

struct value expr_unknown(struct evaluation *ev, const struct value *from, const struct type *type,
			  struct span span)
{
	struct value v = value_unknown_of(ev->arena, type, from->unknown->reason);

	v.marks = from->marks & VALUE_SECRET;
	v.span = span;
	return v;
}

static struct value no_key(struct evaluation *ev, const struct map *map,
			   const struct value *wanted, struct span span)
{
	bool secret = wanted->marks & VALUE_SECRET;
	struct str key = secret ? STR("(secret)") : wanted->string;
	struct value damaged = expr_fail(ev, span, "E0334 there is no '%.*s' in it", STR_ARG(key));
	struct str keys[NEAREST_MOST], near;

	if (!ev->d || map->count > NEAREST_MOST || secret)
		return damaged;
	for (uint32_t i = 0; i < map->count; i++)
		keys[i] = map->entries[i].key;
	near = str_nearest(key, keys, map->count);
	if (near.length)
		diag_help(ev->d, "did you mean '%.*s'?", STR_ARG(near));
	else if (!map->count)
		diag_help(ev->d, "the table is empty");
	return damaged;
}

/* What an item of it is as far as it is known; key NULL: any of them. */
static const struct type *item_type(struct evaluation *ev, const struct value *v,
				    const struct value *key)
{
	const struct type *type = type_of(ev->arena, v);

	if (!type)
		return NULL;
	if (type->fields && key && key->kind == VALUE_STRING)
		return map_get(type->fields, key->string);
	return type->element;
}

static struct value no_items(struct evaluation *ev, const struct value *v, const struct value *key,
			     bool dot, struct span span)
{
	struct value damaged;

	if (v->kind == VALUE_NULL)
		return expr_fail(ev, span, "E0224 null has no %s", dot ? "attributes" : "items");
	if (!dot || key->kind != VALUE_STRING)
		return expr_fail(ev, span, "E0333 %s has no items", expr_kind_text(v));
	damaged = expr_fail(ev, span, "E0333 %s has no '%.*s'", expr_kind_text(v),
			    STR_ARG(key->string));
	if (expr_type_kind(v) == TYPE_LIST)
		expr_fail_help(ev, "write '[*].%.*s' for that of every item, '[0].%.*s' for one",
			       STR_ARG(key->string), STR_ARG(key->string));
	return damaged;
}

/* *out is the key as what it has to be; false after a report. */
static bool key_fits(struct evaluation *ev, const struct value *v, const struct value *key,
		     struct value *out, struct span span)
{
	enum type_kind kind = expr_type_kind(v);
	struct str why;

	*out = *key;
	if (key->kind == VALUE_NULL) {
		expr_fail(ev, span, "E0225 a key cannot be null");
		return false;
	}
	if (kind == TYPE_ANY || value_convert(ev->arena, key, kind == TYPE_LIST ? &number_type
					      : &string_type, out, &why))
		return true;
	expr_fail(ev, span, "E0225 the %s: %.*s", kind == TYPE_LIST ? "position" : "key",
		  STR_ARG(why));
	return false;
}

static struct value list_item(struct evaluation *ev, const struct value *v,
			      const struct value *key, struct span span)
{
	struct value damaged;

	if (key->kind == VALUE_FLOAT)
		return expr_fail(ev, span, "E0225 a position must be a whole number");
	if (key->integer >= 0 && (uint64_t)key->integer < v->list.count)
		return v->list.items[key->integer];
	damaged = expr_fail(ev, span, "E0334 there is no item %" PRId64 " in it", key->integer);
	if (v->list.count)
		expr_fail_help(ev, "it has %zu, the first is [0]", v->list.count);
	else
		expr_fail_help(ev, "the list is empty");
	return damaged;
}

static struct value unknown_item(struct evaluation *ev, const struct value *v,
				 const struct value *key, struct span span)
{
	const struct type *type = v->kind == VALUE_UNKNOWN ? v->unknown->type : NULL;

	if (type && type->fields && key->kind == VALUE_STRING &&
	    !map_has(type->fields, key->string))
		return no_key(ev, type->fields, key, span);
	return expr_unknown(ev, v->kind == VALUE_UNKNOWN ? v : key, item_type(ev, v, key), span);
}

static struct value open_index(struct evaluation *ev, const struct value *v,
			       const struct value *key, bool dot, struct span span)
{
	struct expr *out = arena_new(ev->arena, struct expr);

	out->kind = EXPR_INDEX;
	out->span = span;
	out->dot = dot;
	out->left = expr_of_value(ev, v, span);
	out->right = expr_of_value(ev, key, span);
	return expr_open(ev, out, (v->marks | key->marks) & VALUE_SECRET);
}

struct value expr_index(struct evaluation *ev, const struct value *v, const struct value *key,
			bool dot, struct span span)
{
	enum type_kind kind = expr_type_kind(v);
	const struct value *found;
	struct value fit, out;

	if (expr_is_damaged(key) || (v->kind == VALUE_NULL && expr_is_damaged(v)))
		return expr_damaged(span);
	if (v->kind == VALUE_EXPR || key->kind == VALUE_EXPR)
		return open_index(ev, v, key, dot, span);
	if (v->kind == VALUE_NULL || kind == TYPE_STRING || kind == TYPE_NUMBER ||
	    kind == TYPE_BOOL || (kind == TYPE_LIST && dot && key->kind == VALUE_STRING))
		return no_items(ev, v, key, dot, span);
	if (!key_fits(ev, v, key, &fit, span))
		return expr_damaged(span);
	if (v->kind == VALUE_UNKNOWN || fit.kind == VALUE_UNKNOWN) {
		out = unknown_item(ev, v, &fit, span);
	} else if (v->kind == VALUE_LIST) {
		out = list_item(ev, v, &fit, span);
	} else {
		found = value_get(v, fit.string);
		if (!found && expr_is_damaged(v))
			return expr_damaged(span);
		out = found ? *found : no_key(ev, &v->map, &fit, span);
	}
	out.marks |= (v->marks | key->marks) & VALUE_SECRET;
	return out;
}

struct value expr_indexed(struct evaluation *ev, const struct expr *e)
{
	struct value v = expr_value(ev, e->left), key = expr_value(ev, e->right);
	struct value out;
	bool known = key.kind == VALUE_STRING || key.kind == VALUE_INT;

	if (v.kind == VALUE_EXPR && v.expr->kind == EXPR_REFERENCE && known) {
		struct expr_step step = {
			.index = !e->dot, .number = key.kind == VALUE_INT ? key.integer : 0,
			.name = key.kind == VALUE_INT ? (struct str){ 0 } : key.string,
			.span = e->right->span,
		};

		return expr_extend(ev, v.expr, e, &step);
	}
	out = expr_index(ev, &v, &key, e->dot, e->right->span);
	out.span = e->span;
	return out;
}
