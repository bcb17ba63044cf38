#include "expr_evaluator.h"

#include "convert.h"

struct value expr_list(struct evaluation *ev, const struct expr *e)
{
	struct value *items = arena_array(ev->arena, struct value, e->part_count), out;

	for (size_t i = 0; i < e->part_count; i++) {
		items[i] = expr_value(ev, e->parts[i]);
		if (expr_is_damaged(&items[i]))
			return expr_damaged(e->span);
	}
	out = value_list(items, e->part_count);
	out.span = e->span;
	return out;
}

bool expr_key(struct evaluation *ev, const struct value *v, struct span span, struct value *out)
{
	struct str why;

	if (expr_is_damaged(v))
		return false;
	if (v->kind == VALUE_NULL) {
		expr_fail(ev, span, "E0225 a key cannot be null");
		return false;
	}
	if (value_convert(ev->arena, v, &string_type, out, &why))
		return true;
	expr_fail(ev, span, "E0225 the key: %.*s", STR_ARG(why));
	return false;
}

static struct value open_object(struct evaluation *ev, const struct expr *e,
				const struct value *keys, const struct value *values,
				uint32_t marks)
{
	struct expr *open = expr_like(ev, e);

	open->items = arena_array(ev->arena, struct expr_item, e->item_count);
	for (size_t i = 0; i < e->item_count; i++)
		open->items[i] = (struct expr_item){
			expr_of_value(ev, &keys[i], e->items[i].key->span),
			expr_of_value(ev, &values[i], e->items[i].value->span),
		};
	return expr_open(ev, open, marks);
}

struct value expr_object(struct evaluation *ev, const struct expr *e)
{
	struct value *keys = arena_array(ev->arena, struct value, e->item_count);
	struct value *values = arena_array(ev->arena, struct value, e->item_count);
	const struct value *unknown = NULL;
	struct value out = value_map();
	bool open = false, good = true;

	for (size_t i = 0; i < e->item_count; i++) {
		struct value key = expr_value(ev, e->items[i].key);

		good = expr_key(ev, &key, e->items[i].key->span, &keys[i]) && good;
		values[i] = expr_value(ev, e->items[i].value);
		good = good && !expr_is_damaged(&values[i]);
		open |= keys[i].kind == VALUE_EXPR;
		if (keys[i].kind == VALUE_UNKNOWN && !unknown)
			unknown = &keys[i];
		out.marks |= keys[i].marks & VALUE_SECRET;
	}
	if (!good)
		return expr_damaged(e->span);
	if (open)
		return open_object(ev, e, keys, values, out.marks);
	if (unknown)
		return expr_unknown(ev, unknown, &map_type, e->span);
	for (size_t i = 0; i < e->item_count; i++) {
		value_set(ev->arena, &out, keys[i].string, values[i]);
		((struct member *)map_get(&out.map, keys[i].string))->key_span =
			e->items[i].key->span;
	}
	out.span = e->span;
	return out;
}
