#ifndef EFFC_SPEC_EXPR_EVALUATOR_H
#define EFFC_SPEC_EXPR_EVALUATOR_H

#include "expr.h"

/*
 * The inside of the evaluator.  Every kind of node first evaluates what it
 * stands on.  A damaged operand makes it damaged without a word; an open one
 * makes it the same node over what its operands became; an unknown one makes
 * it an unknown of its type.  Only then its own meaning is asked for.
 */
struct evaluation {
	struct arena *arena;
	const struct expr_scope *scope;
	struct diags *d;		/* NULL: nobody wants to know */
};

struct value expr_value(struct evaluation *ev, const struct expr *e);

/* expr_direct.c: true if v is text with names in braces, and *out what it becomes. */
bool expr_direct(struct evaluation *ev, const struct value *v, struct value *out);
/* A string that expr_parse has to look into. */
bool expr_is_written(const struct value *v);

/* False when the budget is spent (reported once). */
bool expr_charge(struct evaluation *ev, size_t amount, struct span span);

/* A null marked damaged, after a report if somebody wants it. */
#define expr_fail(ev, span, ...) \
	((ev)->d ? diag_error((ev)->d, (span), __VA_ARGS__) : (void)0, expr_damaged(span))
struct value expr_damaged(struct span span);
#define expr_fail_help(ev, ...) ((ev)->d ? diag_help((ev)->d, __VA_ARGS__) : (void)0)

/* Of a damaged list or table the rest can still be used. */
static inline bool expr_is_damaged(const struct value *v)
{
	return v->marks & VALUE_DAMAGED && v->kind != VALUE_LIST && v->kind != VALUE_MAP;
}

/* A copy of a node, to be changed and then given to expr_open. */
struct expr *expr_like(struct evaluation *ev, const struct expr *e);
/* What a value is in an open node: its own expression or a literal. */
const struct expr *expr_of_value(struct evaluation *ev, const struct value *v, struct span span);
/* The node as an open value, unless it became too large. */
struct value expr_open(struct evaluation *ev, struct expr *e, uint32_t marks);
/* An open item anywhere in it. */
bool expr_has_open(struct evaluation *ev, const struct value *v);

/* "a list", "an unknown number", for messages. */
const char *expr_kind_text(const struct value *v);
const char *expr_operator_text(enum expr_operator operator);
/* The type as far as it is known. */
enum type_kind expr_type_kind(const struct value *v);
/* Unknown for the reason of another, and as secret. */
struct value expr_unknown(struct evaluation *ev, const struct value *from, const struct type *type,
			  struct span span);

/* One step into v, which may be open; span: of the step. */
struct value expr_index(struct evaluation *ev, const struct value *v, const struct value *key,
			bool dot, struct span span);
/* An open reference with one more step, which stands at e. */
struct value expr_extend(struct evaluation *ev, const struct expr *open, const struct expr *e,
			 const struct expr_step *step);

/* Whether something holds: BOOL, unknown or open; false after a report. */
bool expr_test(struct evaluation *ev, const struct expr *e, struct value *v);
/* A key of an object as text, unknown or open; false after a report. */
bool expr_key(struct evaluation *ev, const struct value *v, struct span span, struct value *out);

struct value expr_template(struct evaluation *ev, const struct expr *e);
struct value expr_unary(struct evaluation *ev, const struct expr *e);
struct value expr_binary(struct evaluation *ev, const struct expr *e);
struct value expr_condition(struct evaluation *ev, const struct expr *e);
struct value expr_list(struct evaluation *ev, const struct expr *e);
struct value expr_object(struct evaluation *ev, const struct expr *e);
struct value expr_loop(struct evaluation *ev, const struct expr *e);
struct value expr_indexed(struct evaluation *ev, const struct expr *e);
struct value expr_call(struct evaluation *ev, const struct expr *e);

#endif
