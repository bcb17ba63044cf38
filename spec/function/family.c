#include "family.h"

#include <inttypes.h>
#include <stdlib.h>

bool argument_is_given(const struct function_call *c, size_t index)
{
	return index < c->count && c->args[index].kind != VALUE_NULL;
}

bool argument_whole(struct function_call *c, size_t index, int64_t *out)
{
	const struct value *v = &c->args[index];
	struct value whole = *v;

	if (v->kind == VALUE_FLOAT)
		whole = value_number(v->number);
	if (whole.kind != VALUE_INT) {
		function_fail(c, index, "E0263 '%s' takes a whole number here",
			      c->function->name);
		return false;
	}
	*out = whole.integer;
	return true;
}

#define SHOWN_BYTES_MOST 60

struct str text_shown(struct str s)
{
	size_t end = s.length < SHOWN_BYTES_MOST ? s.length : SHOWN_BYTES_MOST;

	while (end < s.length && end > 0 && ((unsigned char)s.data[end] & 0xC0) == 0x80)
		end--;
	return str_slice(s, 0, end);
}

struct str argument_shown(const struct function_call *c, size_t index)
{
	return text_shown(c->args[index].string);
}

struct value fail_too_long(struct function_call *c)
{
	return function_fail(c, SIZE_MAX, "E0271 the result of '%s' is longer than %u bytes",
			     c->function->name, EXPR_TEXT_LIMIT);
}

struct value fail_too_many(struct function_call *c)
{
	return function_fail(c, SIZE_MAX, "E0271 the result of '%s' has more than %d items",
			     c->function->name, FUNCTION_ITEMS_MOST);
}

struct value finish_text(struct function_call *c, const struct buf *b)
{
	return b->overflow ? fail_too_long(c) : value_string(buf_str(b));
}

bool value_waits(const struct value *v)
{
	return v->kind == VALUE_UNKNOWN || v->kind == VALUE_EXPR;
}

struct value result_waits(struct function_call *c, const struct value *v)
{
	struct str reason = STR("it is not evaluated yet");

	if (v->kind == VALUE_EXPR)
		c->open = true;
	else
		reason = v->unknown->reason;
	c->marks |= v->marks;
	return value_unknown_of(c->arena, c->function->result, reason);
}

uint32_t marks_within(const struct value *v)
{
	uint32_t marks = v->marks;

	for (size_t i = 0; v->kind == VALUE_LIST && i < v->list.count; i++)
		marks |= marks_within(&v->list.items[i]);
	for (uint32_t i = 0; v->kind == VALUE_MAP && i < v->map.count; i++)
		marks |= marks_within(&((const struct member *)v->map.entries[i].value)->value);
	return marks;
}

static const struct value *open_first(const struct value *found, const struct value *part)
{
	return part && (!found || part->kind == VALUE_EXPR) ? part : found;
}

const struct value *waiting_part(const struct value *v)
{
	const struct value *found = value_waits(v) ? v : NULL;

	for (size_t i = 0; v->kind == VALUE_LIST && i < v->list.count; i++)
		found = open_first(found, waiting_part(&v->list.items[i]));
	for (uint32_t i = 0; v->kind == VALUE_MAP && i < v->map.count; i++) {
		const struct member *member = v->map.entries[i].value;

		found = open_first(found, waiting_part(&member->value));
	}
	return found;
}

bool argument_unify(struct function_call *c, size_t index, struct value *out)
{
	if (value_unify(c->arena, &c->args[index], out))
		return true;
	function_fail(c, index, "E0262 the items for '%s' are of different types",
		      c->function->name);
	return false;
}

static void add_key(struct buf *b, const struct value *v)
{
	const struct map_entry **sorted;
	struct value whole;

	switch (v->kind) {
	case VALUE_LIST:
		buf_add_char(b, '[');
		for (size_t i = 0; i < v->list.count; i++)
			add_key(b, &v->list.items[i]);
		buf_add_char(b, ']');
		return;
	case VALUE_MAP:
		sorted = map_sorted(b->arena, &v->map);
		buf_add_char(b, '{');
		for (uint32_t i = 0; i < v->map.count; i++) {
			const struct member *member = sorted[i]->value;

			buf_printf(b, "%zu:%.*s", sorted[i]->key.length, STR_ARG(sorted[i]->key));
			add_key(b, &member->value);
		}
		buf_add_char(b, '}');
		return;
	case VALUE_STRING:
		buf_printf(b, "s%zu:%.*s", v->string.length, STR_ARG(v->string));
		return;
	case VALUE_FLOAT:
		whole = value_number(v->number);
		if (whole.kind == VALUE_INT)
			add_key(b, &whole);
		else
			buf_printf(b, "f%.17g,", v->number);
		return;
	case VALUE_INT:
		buf_printf(b, "i%" PRId64 ",", v->integer);
		return;
	case VALUE_BOOL:
		buf_add_c(b, v->boolean ? "t" : "f");
		return;
	case VALUE_DATETIME:
		buf_printf(b, "s%zu:%.*s", v->datetime.text.length, STR_ARG(v->datetime.text));
		return;
	case VALUE_NULL:
		buf_add_char(b, 'n');
		return;
	case VALUE_EXPR:
	case VALUE_UNKNOWN:
		break;
	}
	BUG("a key of what is not known");
}

struct str function_key(struct arena *a, const struct value *v)
{
	struct buf b;

	buf_init(&b, a);
	add_key(&b, v);
	return buf_str(&b);
}

static int compare_items(const void *x, const void *y)
{
	return value_compare(x, y);
}

struct value function_set(struct arena *a, const struct value *list)
{
	struct value out = value_list(arena_array(a, struct value, list->list.count), 0);
	struct map seen = { 0 };

	for (size_t i = 0; i < list->list.count; i++) {
		struct value *item = &list->list.items[i];
		void **place = map_put(a, &seen, function_key(a, item));

		if (!*place)
			out.list.items[out.list.count++] = *item;
		*place = item;
	}
	if (out.list.count > 1)
		qsort(out.list.items, out.list.count, sizeof(*out.list.items), compare_items);
	return out;
}
