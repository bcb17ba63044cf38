#include "family.h"

#include <math.h>

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
