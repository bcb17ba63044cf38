#include "expr_evaluator.h"
#include "expr_parser.h"

/*
 * Text with nothing but names in its braces, "unit ${n} of ${local.name}", as most is: it is
 * evaluated while it is read, without the nodes that the parser would make of it, which take
 * more memory and time than the rest of what is done with such a text.  Whatever is not that
 * plain, or becomes more than text, is left to the parser and the evaluator.
 */
#define STEPS_MOST 8
#define REFERENCES_MOST 64
#define TEXT_USUAL 256

struct direct {
	struct evaluation *ev;
	struct expr_parser p;
	struct buf text;
	unsigned references;
	bool damaged;
};

/* Up to the next "${"; false if there is something else that is special. */
static bool add_plain(struct direct *d)
{
	struct expr_parser *p = &d->p;
	size_t start = p->at;

	for (; p->at < p->text.length; p->at++) {
		int c = expr_peek(p, 0), next = expr_peek(p, 1);

		if (c == '$' && next == '{')
			break;
		if ((c == '%' && next == '{') || (c == '$' && next == '$'))
			return false;
		if (c == '%' && next == '%')
			return false;
	}
	buf_add(&d->text, str_slice(p->text, start, p->at));
	return true;
}

static bool add_value(struct direct *d, const struct value *v)
{
	if (expr_is_damaged(v)) {
		d->damaged = true;
		return true;
	}
	if (v->marks & VALUE_SECRET)
		return false;
	if (v->kind == VALUE_STRING)
		buf_add(&d->text, v->string);
	else if (v->kind == VALUE_INT)
		buf_add_int(&d->text, v->integer);
	else
		return false;
	return d->text.length <= EXPR_TEXT_LIMIT;
}

/* At "${"; false if more than a few names stand in it. */
static bool add_reference(struct direct *d)
{
	struct expr_parser *p = &d->p;
	struct expr_step steps[STEPS_MOST];
	size_t open = p->at, count = expr_count_names(p);
	struct expr e = { .kind = EXPR_REFERENCE };
	struct value v;

	if (!count || count > STEPS_MOST || ++d->references > REFERENCES_MOST)
		return false;
	e.steps = steps;
	e.step_count = count;
	expr_read_steps(p, steps, count);
	e.span = value_text_span(p->v, open + 2, p->at - 1);
	/* What is written may take its own steps. */
	if (*d->ev->scope->budget)
		++*d->ev->scope->budget;
	v = expr_value(d->ev, &e);
	return add_value(d, &v);
}

bool expr_direct(struct evaluation *ev, const struct value *v, struct value *out)
{
	char space[TEXT_USUAL] = "";
	struct direct d = { .ev = ev, .p = { .v = v, .text = v->string } };
	bool starts = str_starts(v->string, STR("${")), alone;
	size_t more;

	d.text = (struct buf){ .arena = ev->arena, .data = space, .capacity = sizeof(space) };
	do {
		if (!add_plain(&d))
			return false;
		/* One alone keeps its type. */
		alone = starts && !d.references &&
			str_index(v->string, '}') + 1 == v->string.length;
		if (alone || (d.p.at < v->string.length && !add_reference(&d)))
			return false;
	} while (d.p.at < v->string.length);
	more = d.text.length > v->string.length ? d.text.length - v->string.length : 0;
	if (d.damaged || !expr_charge(ev, more / 16, v->span))
		*out = expr_damaged(v->span);
	else
		*out = value_string(str_copy(ev->arena, buf_str(&d.text)));
	out->marks |= v->marks;
	out->span = v->span;
	return true;
}
