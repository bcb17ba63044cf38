#include "expr_evaluator.h"

#include <inttypes.h>

#include "base/json.h"
#include "function.h"

/* How tightly things hold together; what holds less stands in parentheses. */
enum level {
	LEVEL_CONDITION, LEVEL_OR, LEVEL_AND, LEVEL_EQUALITY, LEVEL_COMPARISON, LEVEL_SUM,
	LEVEL_PRODUCT, LEVEL_UNARY, LEVEL_OPERAND,
};

static const struct {
	const char *text;
	enum level level;
} operators[] = {
	[OPERATOR_NOT] = { "!", LEVEL_UNARY }, [OPERATOR_NEGATE] = { "-", LEVEL_UNARY },
	[OPERATOR_OR] = { "||", LEVEL_OR }, [OPERATOR_AND] = { "&&", LEVEL_AND },
	[OPERATOR_EQUAL] = { "==", LEVEL_EQUALITY },
	[OPERATOR_DIFFERENT] = { "!=", LEVEL_EQUALITY },
	[OPERATOR_LESS] = { "<", LEVEL_COMPARISON },
	[OPERATOR_AT_MOST] = { "<=", LEVEL_COMPARISON },
	[OPERATOR_MORE] = { ">", LEVEL_COMPARISON },
	[OPERATOR_AT_LEAST] = { ">=", LEVEL_COMPARISON },
	[OPERATOR_ADD] = { "+", LEVEL_SUM }, [OPERATOR_SUBTRACT] = { "-", LEVEL_SUM },
	[OPERATOR_MULTIPLY] = { "*", LEVEL_PRODUCT }, [OPERATOR_DIVIDE] = { "/", LEVEL_PRODUCT },
	[OPERATOR_MODULO] = { "%", LEVEL_PRODUCT },
};

const char *expr_operator_text(enum expr_operator operator)
{
	return operators[operator].text;
}

struct printer {
	struct buf *out;
	void (*attribute)(const void *context, struct buf *out, const struct expr *e);
	const void *context;
};

static void print_inner(const struct printer *p, const struct expr *e, enum level level);
static void print_part(const struct printer *p, const struct expr *part, bool last, bool quoted);

/* Text of a template, with what would begin an expression escaped. */
static void print_text(struct buf *out, struct str text, bool quoted)
{
	for (size_t i = 0; i < text.length; i++) {
		char c = text.data[i];

		if (quoted && (c == '\n' || c == '\r' || c == '\t')) {
			buf_add_c(out, c == '\n' ? "\\n" : c == '\r' ? "\\r" : "\\t");
			continue;
		}
		if ((c == '$' || c == '%') && i + 1 < text.length && text.data[i + 1] == '{')
			buf_add_char(out, c);
		if (quoted && (c == '\'' || c == '\\'))
			buf_add_char(out, '\\');
		buf_add_char(out, c);
	}
}

static void print_quoted(struct buf *out, struct str text)
{
	buf_add_char(out, '\'');
	print_text(out, text, true);
	buf_add_char(out, '\'');
}

static void print_step(struct buf *out, const struct expr_step *step)
{
	if (!step->index) {
		buf_add_char(out, '.');
		buf_add(out, step->name);
		return;
	}
	buf_add_char(out, '[');
	if (step->name.data)
		print_quoted(out, step->name);
	else
		buf_printf(out, "%" PRId64, step->number);
	buf_add_char(out, ']');
}

/* Of the item of a splat only what stands behind it is written. */
static void print_reference(struct buf *out, const struct expr *e)
{
	if (!str_starts(e->steps[0].name, STR("*")))
		buf_add(out, e->steps[0].name);
	for (size_t i = 1; i < e->step_count; i++)
		print_step(out, &e->steps[i]);
}

static bool is_word(struct str text)
{
	for (size_t i = 0; i < text.length; i++) {
		char c = text.data[i];
		bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';

		if (!letter && (!i || ((c < '0' || c > '9') && c != '-')))
			return false;
	}
	return text.length && !str_equal_c(text, "for");
}

static bool is_directive(const struct expr *e)
{
	return (e->kind == EXPR_CONDITION && e->directive) ||
	       (e->kind == EXPR_FOR && e->loop->form == FOR_TEXT);
}

static void print_key(const struct printer *p, const struct expr *key)
{
	bool text = key->kind == EXPR_LITERAL && key->literal.kind == VALUE_STRING;

	if (text && is_word(key->literal.string)) {
		buf_add(p->out, key->literal.string);
	} else if (text || key->kind == EXPR_TEMPLATE || is_directive(key)) {
		print_inner(p, key, LEVEL_CONDITION);
	} else {
		buf_add_char(p->out, '(');
		print_inner(p, key, LEVEL_CONDITION);
		buf_add_char(p->out, ')');
	}
}

static void print_value(const struct printer *p, const struct value *v)
{
	if (v->marks & VALUE_SECRET) {
		buf_add_c(p->out, "'(secret)'");
	} else if (v->kind == VALUE_EXPR) {
		print_inner(p, v->expr, LEVEL_CONDITION);
	} else if (v->kind == VALUE_STRING) {
		print_quoted(p->out, v->string);
	} else if (v->kind == VALUE_LIST) {
		buf_add_char(p->out, '[');
		for (size_t i = 0; i < v->list.count; i++) {
			buf_add_c(p->out, i ? ", " : "");
			print_value(p, &v->list.items[i]);
		}
		buf_add_char(p->out, ']');
	} else if (v->kind == VALUE_MAP) {
		buf_add_char(p->out, '{');
		for (uint32_t i = 0; i < v->map.count; i++) {
			buf_add_c(p->out, i ? ", " : " ");
			if (is_word(v->map.entries[i].key))
				buf_add(p->out, v->map.entries[i].key);
			else
				print_quoted(p->out, v->map.entries[i].key);
			buf_add_c(p->out, " = ");
			print_value(p, &((struct member *)v->map.entries[i].value)->value);
		}
		buf_add_c(p->out, v->map.count ? " }" : "}");
	} else if (v->kind == VALUE_DATETIME) {
		print_quoted(p->out, v->datetime.text);
	} else if (v->kind == VALUE_UNKNOWN) {
		print_quoted(p->out, str_format(p->out->arena, "(%.*s)",
						STR_ARG(v->unknown->reason)));
	} else {
		json_print(p->out, v);
	}
}

static void print_parts(const struct printer *p, const struct expr *e)
{
	for (size_t i = 0; i < e->part_count; i++) {
		buf_add_c(p->out, i ? ", " : "");
		print_inner(p, e->parts[i], LEVEL_CONDITION);
	}
	if (e->kind == EXPR_CALL && e->expand)
		buf_add_c(p->out, "...");
}

static void print_object(const struct printer *p, const struct expr *e)
{
	buf_add_char(p->out, '{');
	for (size_t i = 0; i < e->item_count; i++) {
		buf_add_c(p->out, i ? ", " : " ");
		print_key(p, e->items[i].key);
		buf_add_c(p->out, " = ");
		print_inner(p, e->items[i].value, LEVEL_CONDITION);
	}
	buf_add_c(p->out, e->item_count ? " }" : "}");
}

static void print_names(const struct printer *p, const struct expr_for *loop)
{
	buf_add_c(p->out, "for ");
	if (loop->key_name.length)
		buf_printf(p->out, "%.*s, ", STR_ARG(loop->key_name));
	buf_printf(p->out, "%.*s in ", STR_ARG(loop->value_name));
	print_inner(p, loop->collection, LEVEL_CONDITION);
}

static bool is_splat(const struct expr *e)
{
	return e->kind == EXPR_FOR && e->loop->form == FOR_SPLAT;
}

/* Only names and positions stand behind it: ".*" will do, and an index may follow. */
static bool is_dotted(const struct expr *e)
{
	const struct expr *value = is_splat(e) ? e->loop->value : NULL;

	for (size_t i = 1; value && value->kind == EXPR_REFERENCE && i < value->step_count; i++) {
		if (value->steps[i].index && value->steps[i].name.data)
			return false;
	}
	return value && value->kind == EXPR_REFERENCE;
}

static void print_dotted(const struct printer *p, const struct expr_for *loop)
{
	print_inner(p, loop->collection, LEVEL_OPERAND);
	buf_add_c(p->out, ".*");
	for (size_t i = 1; i < loop->value->step_count; i++) {
		const struct expr_step *step = &loop->value->steps[i];

		if (step->index)
			buf_printf(p->out, ".%" PRId64, step->number);
		else
			buf_printf(p->out, ".%.*s", STR_ARG(step->name));
	}
}

static void print_for(const struct printer *p, const struct expr_for *loop)
{
	bool object = loop->form == FOR_OBJECT;

	if (loop->form == FOR_SPLAT) {
		print_inner(p, loop->collection, LEVEL_OPERAND);
		buf_add_c(p->out, "[*]");
		print_inner(p, loop->value, LEVEL_UNARY);
		return;
	}
	buf_add_char(p->out, object ? '{' : '[');
	print_names(p, loop);
	buf_add_c(p->out, " : ");
	if (object) {
		print_inner(p, loop->key, LEVEL_CONDITION);
		buf_add_c(p->out, " => ");
	}
	print_inner(p, loop->value, LEVEL_CONDITION);
	buf_add_c(p->out, loop->group ? "..." : "");
	if (loop->filter) {
		buf_add_c(p->out, " if ");
		print_inner(p, loop->filter, LEVEL_CONDITION);
	}
	buf_add_char(p->out, object ? '}' : ']');
}

static void print_index(const struct printer *p, const struct expr *e)
{
	print_inner(p, e->left, LEVEL_OPERAND);
	if (e->dot && e->right->kind == EXPR_LITERAL && e->right->literal.kind == VALUE_STRING &&
	    is_word(e->right->literal.string)) {
		buf_add_char(p->out, '.');
		buf_add(p->out, e->right->literal.string);
		return;
	}
	buf_add_char(p->out, '[');
	print_inner(p, e->right, LEVEL_CONDITION);
	buf_add_char(p->out, ']');
}

static void print_operation(const struct printer *p, const struct expr *e)
{
	enum level level = operators[e->operator].level;

	if (e->kind == EXPR_UNARY) {
		buf_add_c(p->out, operators[e->operator].text);
		print_inner(p, e->left, LEVEL_UNARY);
		return;
	}
	print_inner(p, e->left, level);
	buf_printf(p->out, " %s ", operators[e->operator].text);
	print_inner(p, e->right, level + 1);
}

static void print_condition(const struct printer *p, const struct expr *e)
{
	print_inner(p, e->condition, LEVEL_OR);
	buf_add_c(p->out, " ? ");
	print_inner(p, e->yes, LEVEL_CONDITION);
	buf_add_c(p->out, " : ");
	print_inner(p, e->no, LEVEL_CONDITION);
}

static enum level level_of(const struct expr *e)
{
	switch (e->kind) {
	case EXPR_CONDITION:
		return is_directive(e) ? LEVEL_OPERAND : LEVEL_CONDITION;
	case EXPR_UNARY:
	case EXPR_BINARY:
		return operators[e->operator].level;
	case EXPR_FOR:
		return is_splat(e) ? LEVEL_UNARY : LEVEL_OPERAND;
	case EXPR_LITERAL:
		return e->literal.kind == VALUE_INT || e->literal.kind == VALUE_FLOAT
			? LEVEL_UNARY : LEVEL_OPERAND;
	default:
		return LEVEL_OPERAND;
	}
}

/*
 * Text may stand as it is, unless its end and what follows would become one
 * sign, or there is none of it (it makes text of what stands beside it).
 */
static bool is_plain(const struct expr *part, bool last)
{
	struct str text;

	if (part->kind != EXPR_LITERAL || part->literal.kind != VALUE_STRING ||
	    part->literal.marks & VALUE_SECRET)
		return false;
	text = part->literal.string;
	return text.length && (last || (!str_ends(text, STR("$")) && !str_ends(text, STR("%"))));
}

/* One expression alone would keep its type: the empty text beside it makes it a text. */
static void print_template(const struct printer *p, const struct expr *e, bool quoted)
{
	if (e->part_count == 1 && !is_directive(e->parts[0]) && !is_plain(e->parts[0], true))
		buf_add_c(p->out, "${''}");
	for (size_t i = 0; i < e->part_count; i++)
		print_part(p, e->parts[i], i + 1 == e->part_count, quoted);
}

static void print_bare(const struct printer *p, const struct expr *e)
{
	switch (e->kind) {
	case EXPR_LITERAL:
		print_value(p, &e->literal);
		return;
	case EXPR_REFERENCE:
		print_reference(p->out, e);
		return;
	case EXPR_ATTRIBUTE:
		p->attribute(p->context, p->out, e);
		return;
	case EXPR_LIST:
		buf_add_char(p->out, '[');
		print_parts(p, e);
		buf_add_char(p->out, ']');
		return;
	case EXPR_CALL:
		buf_printf(p->out, "%s(", e->function->name);
		print_parts(p, e);
		buf_add_char(p->out, ')');
		return;
	case EXPR_OBJECT:
		print_object(p, e);
		return;
	case EXPR_UNARY:
	case EXPR_BINARY:
		print_operation(p, e);
		return;
	case EXPR_CONDITION:
		print_condition(p, e);
		return;
	case EXPR_FOR:
		print_for(p, e->loop);
		return;
	case EXPR_INDEX:
		print_index(p, e);
		return;
	case EXPR_TEMPLATE:
		break;
	}
	BUG("expression of kind %d", (int)e->kind);
}

static void print_inner(const struct printer *p, const struct expr *e, enum level level)
{
	bool parentheses = level_of(e) < level;

	if (parentheses && is_dotted(e)) {
		print_dotted(p, e->loop);
		return;
	}
	if (e->kind == EXPR_TEMPLATE || is_directive(e)) {
		buf_add_char(p->out, '\'');
		if (e->kind == EXPR_TEMPLATE)
			print_template(p, e, true);
		else
			print_part(p, e, true, true);
		buf_add_char(p->out, '\'');
		return;
	}
	buf_add_c(p->out, parentheses ? "(" : "");
	print_bare(p, e);
	buf_add_c(p->out, parentheses ? ")" : "");
}

static void print_expression(const struct printer *p, const struct expr *e)
{
	buf_add_c(p->out, "${");
	print_inner(p, e, LEVEL_CONDITION);
	buf_add_char(p->out, '}');
}

/* What stands between two directives. */
static void print_body(const struct printer *p, const struct expr *e, bool quoted)
{
	if (e->kind != EXPR_TEMPLATE)
		print_part(p, e, false, quoted);
	else
		for (size_t i = 0; i < e->part_count; i++)
			print_part(p, e->parts[i], false, quoted);
}

static bool is_empty(const struct expr *e)
{
	return (e->kind == EXPR_TEMPLATE && !e->part_count) ||
	       (e->kind == EXPR_LITERAL && e->literal.kind == VALUE_STRING &&
		!e->literal.string.length);
}

static void print_directive(const struct printer *p, const struct expr *e, bool quoted)
{
	buf_add_c(p->out, "%{ ");
	if (e->kind == EXPR_FOR) {
		print_names(p, e->loop);
		buf_add_c(p->out, " }");
		print_body(p, e->loop->value, quoted);
		buf_add_c(p->out, "%{ endfor }");
		return;
	}
	buf_add_c(p->out, "if ");
	print_inner(p, e->condition, LEVEL_CONDITION);
	buf_add_c(p->out, " }");
	print_body(p, e->yes, quoted);
	if (!is_empty(e->no)) {
		buf_add_c(p->out, "%{ else }");
		print_body(p, e->no, quoted);
	}
	buf_add_c(p->out, "%{ endif }");
}

static void print_part(const struct printer *p, const struct expr *part, bool last, bool quoted)
{
	if (is_plain(part, last)) {
		print_text(p->out, part->literal.string, quoted);
	} else if (is_directive(part)) {
		print_directive(p, part, quoted);
	} else {
		print_expression(p, part);
	}
}

void expr_print_named(struct buf *out, const struct expr *e,
		      void (*attribute)(const void *context, struct buf *out, const struct expr *e),
		      const void *context)
{
	const struct printer p = { out, attribute, context };

	if (e->kind == EXPR_TEMPLATE)
		print_template(&p, e, false);
	else if (is_directive(e))
		print_directive(&p, e, false);
	else
		print_expression(&p, e);
}

static void print_number(const void *context, struct buf *out, const struct expr *e)
{
	(void)context;
	buf_printf(out, "resource %u.%.*s", e->resource, STR_ARG(e->attribute));
}

void expr_print(struct buf *out, const struct expr *e)
{
	expr_print_named(out, e, print_number, NULL);
}
