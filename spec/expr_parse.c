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

bool expr_parse(struct arena *a, const struct value *v, struct value *out, struct diags *d)
{
	struct expr_parser p = { .arena = a, .v = v, .diags = d };
	const struct expr *e;
	bool plain;

	*out = *v;
	if (v->kind != VALUE_STRING || v->marks & VALUE_DAMAGED || !has_special(v->string))
		return true;
	p.text = v->string;
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

/* Whether any string in it has to be looked into: most tables are taken over as they are. */
static bool needs_parse(const struct value *v)
{
	if (v->kind == VALUE_STRING)
		return has_special(v->string);
	for (size_t i = 0; v->kind == VALUE_LIST && i < v->list.count; i++) {
		if (needs_parse(&v->list.items[i]))
			return true;
	}
	for (uint32_t i = 0; v->kind == VALUE_MAP && i < v->map.count; i++) {
		if (needs_parse(&((struct member *)v->map.entries[i].value)->value))
			return true;
	}
	return false;
}

static bool parse_list(struct arena *a, const struct value *v, struct value *out, struct diags *d)
{
	bool good = true;

	*out = *v;
	out->list.items = arena_array(a, struct value, v->list.count);
	out->list.capacity = v->list.count;
	for (size_t i = 0; i < v->list.count; i++)
		good &= expr_parse_all(a, &v->list.items[i], &out->list.items[i], d);
	return good;
}

static bool parse_map(struct arena *a, const struct value *v, struct value *out, struct diags *d)
{
	bool good = true;

	*out = *v;
	out->map = map_copy(a, &v->map, 0);
	for (uint32_t i = 0; i < v->map.count; i++) {
		const struct member *from = v->map.entries[i].value;
		struct member *to;

		if (!needs_parse(&from->value))
			continue;
		to = arena_new(a, struct member);
		to->key_span = from->key_span;
		good &= expr_parse_all(a, &from->value, &to->value, d);
		out->map.entries[i].value = to;
	}
	return good;
}

bool expr_parse_all(struct arena *a, const struct value *v, struct value *out, struct diags *d)
{
	bool good;

	*out = *v;
	if (!needs_parse(v))
		return true;
	if (v->kind == VALUE_LIST)
		good = parse_list(a, v, out, d);
	else if (v->kind == VALUE_MAP)
		good = parse_map(a, v, out, d);
	else
		return expr_parse(a, v, out, d);
	if (!good)
		out->marks |= VALUE_DAMAGED;
	return good;
}
