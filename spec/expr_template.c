#include "expr_evaluator.h"

#include "convert.h"

/* Parts joined as text. */
struct join {
	struct evaluation *ev;
	struct buf text;
	VEC(const struct expr *) parts;	/* of an open result */
	uint32_t marks;
	bool failed;
	const struct unknown *unknown;	/* the first; text after it is not known */
};

static void join_text(struct join *j, const struct value *v)
{
	switch (v->kind) {
	case VALUE_STRING:
		buf_add(&j->text, v->string);
		return;
	case VALUE_BOOL:
		buf_add_c(&j->text, v->boolean ? "true" : "false");
		return;
	case VALUE_INT:
		buf_add_int(&j->text, v->integer);
		return;
	case VALUE_FLOAT:
		number_print(&j->text, v->number);
		return;
	case VALUE_DATETIME:
		buf_add(&j->text, v->datetime.text);
		return;
	case VALUE_UNKNOWN:
		buf_add(&j->text, v->unknown->prefix);
		j->unknown = v->unknown;
		return;
	case VALUE_NULL:
	case VALUE_LIST:
	case VALUE_MAP:
	case VALUE_EXPR:
		break;
	}
	BUG("a %s was to become text", value_kind_name(v->kind));
}

static bool can_be_text(const struct value *v)
{
	enum type_kind kind = expr_type_kind(v);

	return v->kind != VALUE_NULL && kind != TYPE_LIST && kind != TYPE_MAP;
}

/* False after a report. */
static bool check_part(struct join *j, const struct expr *part, const struct value *v)
{
	if (can_be_text(v))
		return true;
	j->failed = true;
	if (expr_is_damaged(v))
		return false;
	expr_fail(j->ev, part->span, "E0220 %s cannot be part of text", expr_kind_text(v));
	if (v->kind == VALUE_NULL)
		expr_fail_help(j->ev, "say what stands there instead: "
			       "\"${value == null ? '' : value}\"");
	else
		expr_fail_help(j->ev, "choose one of its values: "
			       "'.name', \"['key']\" or '[0]' behind it");
	return false;
}

/* Text up to here becomes a part of its own. */
static void flush(struct join *j, struct span span)
{
	struct value text = value_string(buf_str(&j->text));

	if (!j->text.length)
		return;
	text.span = span;
	*vec_push(j->ev->arena, &j->parts) = expr_of_value(j->ev, &text, span);
	buf_init_limit(&j->text, j->ev->arena, EXPR_TEXT_LIMIT);
}

static void open_part(struct join *j, const struct expr *e)
{
	if (e->kind != EXPR_TEMPLATE) {
		flush(j, e->span);
		*vec_push(j->ev->arena, &j->parts) = e;
		return;
	}
	for (size_t i = 0; i < e->part_count; i++) {
		const struct expr *part = e->parts[i];

		if (part->kind == EXPR_LITERAL && part->literal.kind == VALUE_STRING &&
		    !(part->literal.marks & VALUE_SECRET))
			buf_add(&j->text, part->literal.string);
		else
			open_part(j, part);
	}
}

static struct value open_template(struct join *j, const struct expr *e, const struct value *values)
{
	struct expr *out = arena_new(j->ev->arena, struct expr);

	for (size_t i = 0; i < e->part_count; i++) {
		bool apart = values[i].kind == VALUE_EXPR || values[i].kind == VALUE_UNKNOWN ||
			     values[i].marks & VALUE_SECRET;

		if (apart)
			open_part(j, expr_of_value(j->ev, &values[i], e->parts[i]->span));
		else
			join_text(j, &values[i]);
	}
	flush(j, e->span);
	out->kind = EXPR_TEMPLATE;
	out->span = e->span;
	out->parts = j->parts.items;
	out->part_count = j->parts.count;
	return expr_open(j->ev, out, j->marks);
}

static struct value unknown_text(struct join *j)
{
	struct unknown *unknown = arena_new(j->ev->arena, struct unknown);

	*unknown = (struct unknown){
		.reason = j->unknown->reason, .prefix = buf_str(&j->text), .type = &string_type,
	};
	return (struct value){ .kind = VALUE_UNKNOWN, .unknown = unknown };
}

static struct value join_values(struct join *j, const struct expr *e, const struct value *values)
{
	struct value out;

	for (size_t i = 0; i < e->part_count && !j->unknown; i++)
		join_text(j, &values[i]);
	if (j->unknown)
		out = unknown_text(j);
	else
		out = value_string(buf_str(&j->text));
	out.marks = j->marks;
	out.span = e->span;
	return out;
}

#define FEW_PARTS 8

struct value expr_template(struct evaluation *ev, const struct expr *e)
{
	struct join j = { .ev = ev };
	struct value few[FEW_PARTS], *values = few, out;
	bool open = false;

	if (e->part_count > FEW_PARTS)
		values = arena_array(ev->arena, struct value, e->part_count);
	buf_init_limit(&j.text, ev->arena, EXPR_TEXT_LIMIT);
	for (size_t i = 0; i < e->part_count; i++) {
		values[i] = expr_value(ev, e->parts[i]);
		j.marks |= values[i].marks & VALUE_SECRET;
		open |= values[i].kind == VALUE_EXPR;
		check_part(&j, e->parts[i], &values[i]);
	}
	if (j.failed)
		return expr_damaged(e->span);
	out = open ? open_template(&j, e, values) : join_values(&j, e, values);
	if (j.text.overflow)
		return expr_fail(ev, e->span, "E0221 the text becomes longer than %u bytes",
				 EXPR_TEXT_LIMIT);
	return expr_charge(ev, j.text.length / 16, e->span) ? out : expr_damaged(e->span);
}
