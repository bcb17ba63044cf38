#include <string.h>

#include "expr_evaluator.h"
#include "expr_parser.h"

static bool has_special(struct str text)
{
	for (size_t at = str_index(text, '{'); at < text.length; at++) {
		if (text.data[at] == '{' && at &&
		    (text.data[at - 1] == '$' || text.data[at - 1] == '%'))
			return true;
	}
	return false;
}

static bool parse_string(struct arena *a, const struct value *v, struct value *out,
			 struct diags *d)
{
	struct expr_parser p = { .arena = a, .v = v, .text = v->string, .diags = d };
	const struct expr *e;
	bool plain;

	*out = *v;
	e = expr_read_text(&p, &plain);
	if (p.damaged) {
		out->marks |= VALUE_DAMAGED;
	} else if (plain) {
		*out = e->literal;
		out->span = v->span;
		out->marks = v->marks;
	} else {
		*out = (struct value){
			.kind = VALUE_EXPR, .marks = v->marks, .span = v->span, .expr = e,
		};
	}
	return !p.damaged;
}

bool expr_is_written(const struct value *v)
{
	return v->kind == VALUE_STRING && !(v->marks & VALUE_DAMAGED) && has_special(v->string);
}

bool expr_parse(struct arena *a, const struct value *v, struct value *out, struct diags *d)
{
	*out = *v;
	return !expr_is_written(v) || parse_string(a, v, out, d);
}

/* True if v has expressions: *out has them parsed, and is marked damaged if one was a mistake. */
static bool parse_all(struct arena *a, const struct value *v, struct value *out, struct diags *d);

static bool parse_list(struct arena *a, const struct value *v, struct value *out, struct diags *d)
{
	struct value *items = NULL, item;
	uint32_t marks = v->marks;

	for (size_t i = 0; i < v->list.count; i++) {
		if (!parse_all(a, &v->list.items[i], &item, d))
			continue;
		if (!items) {
			items = arena_array(a, struct value, v->list.count);
			memcpy(items, v->list.items, v->list.count * sizeof(*items));
		}
		items[i] = item;
		marks |= item.marks & VALUE_DAMAGED;
	}
	if (!items)
		return false;
	*out = *v;
	out->marks = marks;
	out->list.items = items;
	out->list.capacity = v->list.count;
	return true;
}

static bool parse_map(struct arena *a, const struct value *v, struct value *out, struct diags *d)
{
	bool differs = false;
	struct value item;

	for (uint32_t i = 0; i < v->map.count; i++) {
		const struct member *from = v->map.entries[i].value;
		struct member *to;

		if (!parse_all(a, &from->value, &item, d))
			continue;
		if (!differs) {
			*out = *v;
			out->map = map_copy(a, &v->map, 0);
			differs = true;
		}
		to = arena_new(a, struct member);
		to->key_span = from->key_span;
		to->value = item;
		out->map.entries[i].value = to;
		out->marks |= item.marks & VALUE_DAMAGED;
	}
	return differs;
}

static bool parse_all(struct arena *a, const struct value *v, struct value *out, struct diags *d)
{
	if (v->kind == VALUE_LIST)
		return parse_list(a, v, out, d);
	if (v->kind == VALUE_MAP)
		return parse_map(a, v, out, d);
	if (!expr_is_written(v))
		return false;
	parse_string(a, v, out, d);
	return true;
}

bool expr_parse_all(struct arena *a, const struct value *v, struct value *out, struct diags *d)
{
	size_t errors = d->error_count;

	if (!parse_all(a, v, out, d))
		*out = *v;
	return d->error_count == errors;
}
