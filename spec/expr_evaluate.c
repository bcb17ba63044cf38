#include "expr_evaluator.h"

#include <string.h>

struct value expr_damaged(struct span span)
{
	return (struct value){ .kind = VALUE_NULL, .marks = VALUE_DAMAGED, .span = span };
}

bool expr_charge(struct evaluation *ev, size_t amount, struct span span)
{
	size_t *left = ev->scope->budget;

	if (amount < *left) {
		*left -= amount;
		return true;
	}
	if (*left && ev->d)
		diag_error(ev->d, span, "E0222 working this out takes too many steps");
	*left = 0;
	return false;
}

/* ---- open nodes ---- */

struct expr *expr_like(struct evaluation *ev, const struct expr *e)
{
	struct expr *copy = arena_new(ev->arena, struct expr);

	*copy = *e;
	return copy;
}

const struct expr *expr_of_value(struct evaluation *ev, const struct value *v, struct span span)
{
	struct expr *e;

	if (v->kind == VALUE_EXPR)
		return v->expr;
	e = arena_new(ev->arena, struct expr);
	e->kind = EXPR_LITERAL;
	e->span = span;
	e->literal = *v;
	expr_measure(e);
	return e;
}

struct value expr_open(struct evaluation *ev, struct expr *e, uint32_t marks)
{
	expr_measure(e);
	if (e->depth > EXPR_DEPTH_LIMIT || e->weight > EXPR_WEIGHT_LIMIT)
		return expr_fail(ev, e->span, "E0223 put together, this expression becomes too %s",
				 e->depth > EXPR_DEPTH_LIMIT ? "deep" : "large");
	return (struct value){ .kind = VALUE_EXPR, .marks = marks, .span = e->span, .expr = e };
}

bool expr_has_open(struct evaluation *ev, const struct value *v)
{
	if (v->kind == VALUE_EXPR)
		return true;
	for (size_t i = 0; v->kind == VALUE_LIST && i < v->list.count; i++) {
		if (expr_has_open(ev, &v->list.items[i]))
			return true;
	}
	for (uint32_t i = 0; v->kind == VALUE_MAP && i < v->map.count; i++) {
		const struct member *member = v->map.entries[i].value;

		if (expr_has_open(ev, &member->value))
			return true;
	}
	if (v->kind == VALUE_LIST || v->kind == VALUE_MAP)
		expr_charge(ev, v->kind == VALUE_LIST ? v->list.count : v->map.count, v->span);
	return false;
}

/* ---- values with expressions in them ---- */

struct walk {
	struct evaluation *ev;
	bool removes;			/* members that became null are left out */
	bool written;			/* strings are still to be parsed */
	unsigned mistakes;		/* strings that could not be */
	bool open;			/* something stays open or unknown */
};

static bool evaluate(struct walk *w, const struct value *v, struct value *out);

/* What it has of expressions is evaluated; true if it had any, else *out is v itself. */
static bool evaluate_list(struct walk *w, const struct value *v, struct value *out)
{
	struct value *items = NULL;

	for (size_t i = 0; i < v->list.count; i++) {
		struct value item;

		if (!evaluate(w, &v->list.items[i], &item))
			continue;
		if (!items) {
			items = arena_array(w->ev->arena, struct value, v->list.count);
			memcpy(items, v->list.items, v->list.count * sizeof(*items));
		}
		items[i] = item;
	}
	if (!items)
		return false;
	out->list.items = items;
	out->list.capacity = v->list.count;
	return true;
}

static bool is_removed(const struct walk *w, const struct value *was, const struct value *is)
{
	return w->removes && (was->kind == VALUE_EXPR || was->kind == VALUE_STRING) &&
	       is->kind == VALUE_NULL && !expr_is_damaged(is);
}

/* Without the members that are NULL now. */
static struct map without_removed(struct arena *a, const struct map *m)
{
	struct map left = { 0 };

	for (uint32_t i = 0; i < m->count; i++) {
		if (m->entries[i].value)
			*map_put(a, &left, m->entries[i].key) = m->entries[i].value;
	}
	return left;
}

/* v may be *out itself, whose members are replaced then. */
static bool evaluate_map(struct walk *w, const struct value *v, struct value *out)
{
	struct arena *a = w->ev->arena;
	bool changed = v == out, removed = false;
	struct value item;

	for (uint32_t i = 0; i < v->map.count; i++) {
		const struct member *member = v->map.entries[i].value;
		struct member *is = NULL;

		if (value_is_plain(&member->value) &&
		    !(w->written && expr_is_written(&member->value)))
			continue;
		if (!evaluate(w, &member->value, &item))
			continue;
		if (!changed)
			out->map = map_copy(a, &v->map, 0);
		changed = true;
		if (is_removed(w, &member->value, &item)) {
			removed = true;
		} else {
			is = arena_new(a, struct member);
			*is = (struct member){ member->key_span, item };
		}
		out->map.entries[i].value = is;
	}
	if (removed)
		out->map = without_removed(a, &out->map);
	return changed;
}

/* What is written may take its own steps: the budget is for what it multiplies to. */
static void grant(size_t *budget, const struct expr *e)
{
	if (*budget)
		*budget += 2 * (size_t)e->weight + 2;
}

/* A list or map; what could not be parsed damages what it stands in. */
static bool evaluate_inside(struct walk *w, const struct value *v, struct value *out)
{
	unsigned before = w->mistakes;
	bool changed = v->kind == VALUE_LIST ? evaluate_list(w, v, out) : evaluate_map(w, v, out);

	if (w->mistakes > before)
		out->marks |= VALUE_DAMAGED;
	return changed;
}

static bool evaluate(struct walk *w, const struct value *v, struct value *out)
{
	struct value parsed;

	*out = *v;
	if (v->kind == VALUE_LIST || v->kind == VALUE_MAP)
		return evaluate_inside(w, v, out);
	if (w->written && expr_is_written(v)) {
		if (expr_direct(w->ev, v, out))
			return true;
		w->mistakes += !expr_parse(w->ev->arena, v, &parsed, w->ev->d);
		*out = parsed;
		if (parsed.kind != VALUE_EXPR)
			return true;
		v = &parsed;
	}
	if (v->kind != VALUE_EXPR)
		return false;
	if (w->removes)
		grant(w->ev->scope->budget, v->expr);
	*out = expr_value(w->ev, v->expr);
	out->marks |= v->marks;
	out->span = v->span;
	w->open = w->open || value_has_unknown(out);
	return true;
}

struct value value_evaluate(struct arena *a, const struct value *v, const struct expr_scope *scope,
			    struct diags *d)
{
	struct evaluation ev = { a, scope, d };
	struct walk w = { .ev = &ev, .removes = true };
	struct value out;

	evaluate(&w, v, &out);
	return out;
}

bool value_evaluate_members(struct arena *a, struct value *map, const struct expr_scope *scope,
			    struct diags *d)
{
	struct evaluation ev = { a, scope, d };
	struct walk w = { .ev = &ev, .removes = true, .written = true };

	CHECK(map->kind == VALUE_MAP);
	evaluate_inside(&w, map, map);
	return !w.open;
}

static struct value literal_value(struct evaluation *ev, const struct value *v)
{
	struct walk w = { .ev = ev };
	struct value out = *v;

	if ((v->kind == VALUE_LIST || v->kind == VALUE_MAP) &&
	    expr_charge(ev, v->kind == VALUE_LIST ? v->list.count : v->map.count, v->span))
		evaluate(&w, v, &out);
	return out;
}

/* ---- references ---- */

/* What was looked up stands where it is used. */
static struct value moved(struct value v, const struct expr *e)
{
	v.span = e->span;
	v.text_start = 0;
	if (v.kind == VALUE_STRING)
		v.offsets = NULL;
	return v;
}

static struct value apply_steps(struct evaluation *ev, struct value v, const struct expr *e,
				const struct expr_step *steps, size_t count);

/* An open reference with further steps is asked for again. */
static struct value extend_reference(struct evaluation *ev, const struct expr *open,
				     const struct expr *e, const struct expr_step *steps,
				     size_t count)
{
	struct expr *out = expr_like(ev, open);
	size_t used = open->step_count + count;
	struct value v;

	if (used > EXPR_STEP_LIMIT)
		return expr_fail(ev, e->span, "E0208 a reference has at most %d steps",
				 EXPR_STEP_LIMIT);
	out->span = e->span;
	out->steps = arena_array(ev->arena, struct expr_step, used);
	memcpy(out->steps, open->steps, open->step_count * sizeof(*steps));
	memcpy(out->steps + open->step_count, steps, count * sizeof(*steps));
	out->step_count = used;
	expr_measure(out);
	if (!out->scope)
		return expr_open(ev, out, 0);
	v = moved(ev->scope->lookup(ev->scope->context, ev->arena, out, &used, ev->d), e);
	if (used >= out->step_count)
		return v;
	CHECK(v.kind != VALUE_EXPR || v.expr->kind != EXPR_REFERENCE);
	return apply_steps(ev, v, e, out->steps + used, out->step_count - used);
}

static struct value step_key(const struct expr_step *step)
{
	struct value key = step->name.data ? value_string(step->name) : value_int(step->number);

	key.span = step->span;
	return key;
}

static struct value apply_steps(struct evaluation *ev, struct value v, const struct expr *e,
				const struct expr_step *steps, size_t count)
{
	uint32_t marks = 0;

	for (size_t i = 0; i < count && !expr_is_damaged(&v); i++) {
		struct value key = step_key(&steps[i]);

		marks |= v.marks;
		if (v.kind == VALUE_EXPR && v.expr->kind == EXPR_REFERENCE) {
			v = extend_reference(ev, v.expr, e, steps + i, count - i);
			break;
		}
		v = expr_index(ev, &v, &key, !steps[i].index, steps[i].span);
	}
	v.marks |= marks;
	v.span = e->span;
	return v;
}

static const struct expr_variable *find_variable(const struct expr_scope *scope,
						 const struct expr *e)
{
	const struct expr_variable *variable = e->scope ? NULL : scope->variables;

	while (variable && !str_equal(variable->name, e->steps[0].name))
		variable = variable->next;
	return variable;
}

static struct value evaluate_reference(struct evaluation *ev, const struct expr *e)
{
	const struct expr_variable *variable = find_variable(ev->scope, e);
	size_t used = variable ? 1 : e->step_count;
	struct value v = variable ? variable->value
		: ev->scope->lookup(ev->scope->context, ev->arena, e, &used, ev->d);

	v = moved(v, e);
	if (used >= e->step_count)
		return v;
	return apply_steps(ev, v, e, e->steps + used, e->step_count - used);
}

struct value expr_extend(struct evaluation *ev, const struct expr *open, const struct expr *e,
			 const struct expr_step *step)
{
	return extend_reference(ev, open, e, step, 1);
}

static struct value evaluate_attribute(struct evaluation *ev, const struct expr *e)
{
	size_t used = 0;

	return moved(ev->scope->lookup(ev->scope->context, ev->arena, e, &used, ev->d), e);
}

struct value expr_value(struct evaluation *ev, const struct expr *e)
{
	if (!expr_charge(ev, 1, e->span))
		return expr_damaged(e->span);
	switch (e->kind) {
	case EXPR_LITERAL:
		return literal_value(ev, &e->literal);
	case EXPR_REFERENCE:
		return evaluate_reference(ev, e);
	case EXPR_ATTRIBUTE:
		return evaluate_attribute(ev, e);
	case EXPR_TEMPLATE:
		return expr_template(ev, e);
	case EXPR_LIST:
		return expr_list(ev, e);
	case EXPR_OBJECT:
		return expr_object(ev, e);
	case EXPR_UNARY:
		return expr_unary(ev, e);
	case EXPR_BINARY:
		return expr_binary(ev, e);
	case EXPR_CONDITION:
		return expr_condition(ev, e);
	case EXPR_FOR:
		return expr_loop(ev, e);
	case EXPR_INDEX:
		return expr_indexed(ev, e);
	case EXPR_CALL:
		return expr_call(ev, e);
	}
	BUG("expression of kind %d", (int)e->kind);
}

struct value expr_evaluate(struct arena *a, const struct expr *e, const struct expr_scope *scope,
			   struct diags *d)
{
	struct evaluation ev = { a, scope, d };

	return expr_value(&ev, e);
}
