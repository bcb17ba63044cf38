#include "expr.h"

#include <inttypes.h>

#include "base/json.h"

/* Text of a template, with what would begin an expression escaped. */
static void print_text(struct buf *out, struct str text)
{
	for (size_t i = 0; i < text.length; i++) {
		char c = text.data[i];

		if ((c == '$' || c == '%') && i + 1 < text.length && text.data[i + 1] == '{')
			buf_add_char(out, c);
		buf_add_char(out, c);
	}
}

static void print_quoted(struct buf *out, struct str text)
{
	buf_add_char(out, '\'');
	for (size_t i = 0; i < text.length; i++) {
		char c = text.data[i];

		if (c == '\n' || c == '\r' || c == '\t') {
			buf_add_c(out, c == '\n' ? "\\n" : c == '\r' ? "\\r" : "\\t");
			continue;
		}
		if (c == '\'' || c == '\\')
			buf_add_char(out, '\\');
		print_text(out, str_slice(text, i, i + 1));
		if ((c == '$' || c == '%') && i + 1 < text.length && text.data[i + 1] == '{')
			buf_add_char(out, c);
	}
	buf_add_char(out, '\'');
}

static void print_reference(struct buf *out, const struct expr *e)
{
	for (size_t i = 0; i < e->step_count; i++) {
		const struct expr_step *step = &e->steps[i];

		if (!step->index) {
			buf_add_c(out, i ? "." : "");
			buf_add(out, step->name);
			continue;
		}
		buf_add_char(out, '[');
		if (step->name.length)
			print_quoted(out, step->name);
		else
			buf_printf(out, "%" PRId64, step->number);
		buf_add_char(out, ']');
	}
}

static void print_inner(struct buf *out, const struct expr *e)
{
	switch (e->kind) {
	case EXPR_LITERAL:
		if (e->literal.kind == VALUE_STRING)
			print_quoted(out, e->literal.string);
		else
			json_print(out, &e->literal);
		return;
	case EXPR_REFERENCE:
		print_reference(out, e);
		return;
	case EXPR_ATTRIBUTE:
		buf_printf(out, "resource %u.%.*s", e->resource, STR_ARG(e->attribute));
		return;
	case EXPR_TEMPLATE:
		break;
	}
	BUG("expression of kind %d stands inside another", (int)e->kind);
}

/*
 * Text may stand as it is, unless its end and what follows would become one
 * sign, or there is none of it (it makes text of what stands beside it).
 */
static bool is_plain(const struct expr *part, bool last)
{
	struct str text;

	if (part->kind != EXPR_LITERAL || part->literal.kind != VALUE_STRING)
		return false;
	text = part->literal.string;
	return text.length && (last || (!str_ends(text, STR("$")) && !str_ends(text, STR("%"))));
}

void expr_print(struct buf *out, const struct expr *e)
{
	if (e->kind != EXPR_TEMPLATE) {
		buf_add_c(out, "${");
		print_inner(out, e);
		buf_add_char(out, '}');
		return;
	}
	for (size_t i = 0; i < e->part_count; i++) {
		if (is_plain(e->parts[i], i + 1 == e->part_count))
			print_text(out, e->parts[i]->literal.string);
		else
			expr_print(out, e->parts[i]);
	}
}

struct visit {
	struct buf path;
	void (*visit)(void *context, struct str path, const struct expr *e);
	void *context;
};

static void visit_expr(struct visit *v, const struct expr *e)
{
	if (e->kind == EXPR_REFERENCE || e->kind == EXPR_ATTRIBUTE)
		v->visit(v->context, buf_str(&v->path), e);
	for (size_t i = 0; e->kind == EXPR_TEMPLATE && i < e->part_count; i++)
		visit_expr(v, e->parts[i]);
}

static void visit_value(struct visit *v, const struct value *value)
{
	size_t length = v->path.length;

	if (value->kind == VALUE_EXPR)
		visit_expr(v, value->expr);
	for (size_t i = 0; value->kind == VALUE_LIST && i < value->list.count; i++) {
		buf_add_c(&v->path, "[]");
		visit_value(v, &value->list.items[i]);
		buf_truncate(&v->path, length);
	}
	for (uint32_t i = 0; value->kind == VALUE_MAP && i < value->map.count; i++) {
		const struct member *member = value->map.entries[i].value;

		if (length)
			buf_add_char(&v->path, '.');
		buf_add(&v->path, value->map.entries[i].key);
		visit_value(v, &member->value);
		buf_truncate(&v->path, length);
	}
}

void expr_visit(struct arena *scratch, const struct value *v,
		void (*visit)(void *context, struct str path, const struct expr *e), void *context)
{
	struct visit state = { .visit = visit, .context = context };

	buf_init(&state.path, scratch);
	visit_value(&state, v);
}
