#include "expr.h"

/* The expressions directly below one, in the order in which they are written. */
static void each_child(const struct expr *e, void (*see)(void *context, const struct expr *child),
		       void *context)
{
	const struct expr *const three[] = { e->condition, e->yes, e->no };

	switch (e->kind) {
	case EXPR_LITERAL:
	case EXPR_REFERENCE:
	case EXPR_ATTRIBUTE:
		return;
	case EXPR_TEMPLATE:
	case EXPR_LIST:
	case EXPR_CALL:
		for (size_t i = 0; i < e->part_count; i++)
			see(context, e->parts[i]);
		return;
	case EXPR_OBJECT:
		for (size_t i = 0; i < e->item_count; i++) {
			see(context, e->items[i].key);
			see(context, e->items[i].value);
		}
		return;
	case EXPR_UNARY:
		see(context, e->left);
		return;
	case EXPR_BINARY:
	case EXPR_INDEX:
		see(context, e->left);
		see(context, e->right);
		return;
	case EXPR_CONDITION:
		for (size_t i = 0; i < 3; i++)
			see(context, three[i]);
		return;
	case EXPR_FOR:
		see(context, e->loop->collection);
		if (e->loop->key)
			see(context, e->loop->key);
		see(context, e->loop->value);
		if (e->loop->filter)
			see(context, e->loop->filter);
		return;
	}
	BUG("expression of kind %d", (int)e->kind);
}

/* ---- how large and how deep ---- */

struct size {
	uint32_t weight;
	unsigned depth;
};

static void add_weight(struct size *size, uint32_t weight)
{
	if (!weight)
		weight = 1;
	size->weight = weight > UINT32_MAX - size->weight ? UINT32_MAX : size->weight + weight;
}

static void measure_value(const struct value *v, struct size *size)
{
	unsigned deepest = 0;

	add_weight(size, v->kind == VALUE_STRING ? 1 + (uint32_t)(v->string.length / 16)
			 : v->kind == VALUE_EXPR ? v->expr->weight : 1);
	if (v->kind == VALUE_EXPR)
		deepest = v->expr->depth;
	for (size_t i = 0; v->kind == VALUE_LIST && i < v->list.count; i++) {
		struct size item = { size->weight, 0 };

		measure_value(&v->list.items[i], &item);
		size->weight = item.weight;
		deepest = item.depth > deepest ? item.depth : deepest;
	}
	for (uint32_t i = 0; v->kind == VALUE_MAP && i < v->map.count; i++) {
		const struct member *member = v->map.entries[i].value;
		struct size item = { size->weight, 0 };

		measure_value(&member->value, &item);
		size->weight = item.weight;
		deepest = item.depth > deepest ? item.depth : deepest;
	}
	size->depth = deepest + 1;
}

void value_measure(const struct value *v, uint32_t *weight, unsigned *depth)
{
	struct size size = { 0 };

	measure_value(v, &size);
	*weight = size.weight;
	*depth = size.depth;
}

static void measure_child(void *context, const struct expr *child)
{
	struct size *size = context;

	add_weight(size, child->weight);
	if (child->depth > size->depth)
		size->depth = child->depth;
}

void expr_measure(struct expr *e)
{
	struct size size = { 1, 0 };

	if (e->kind == EXPR_LITERAL)
		measure_value(&e->literal, &size);
	each_child(e, measure_child, &size);
	e->weight = size.weight;
	e->depth = size.depth < UINT16_MAX ? (uint16_t)(size.depth + 1) : UINT16_MAX;
}

/* ---- references ---- */

/* Names that a `for` around a reference gives, innermost first. */
struct bound {
	struct str name;
	const struct bound *next;
};

struct visit {
	struct buf path;
	void (*visit)(void *context, struct str path, const struct expr *e);
	void *context;
	const struct bound *bound;
};

static void visit_expr(void *context, const struct expr *e);
static void visit_value(struct visit *v, const struct value *value);

static bool is_bound(const struct visit *v, const struct expr *e)
{
	const struct bound *bound = e->scope ? NULL : v->bound;

	while (bound && !str_equal(bound->name, e->steps[0].name))
		bound = bound->next;
	return bound;
}

static void visit_for(struct visit *v, const struct expr_for *loop)
{
	struct visit inner = *v;
	struct bound key = { loop->key_name, v->bound }, value = { loop->value_name, &key };

	visit_expr(v, loop->collection);
	inner.path = v->path;
	inner.bound = &value;
	if (loop->key)
		visit_expr(&inner, loop->key);
	visit_expr(&inner, loop->value);
	if (loop->filter)
		visit_expr(&inner, loop->filter);
	v->path = inner.path;
}

static void visit_expr(void *context, const struct expr *e)
{
	struct visit *v = context;

	if (e->kind == EXPR_ATTRIBUTE || (e->kind == EXPR_REFERENCE && !is_bound(v, e)))
		v->visit(v->context, buf_str(&v->path), e);
	else if (e->kind == EXPR_LITERAL)
		visit_value(v, &e->literal);
	else if (e->kind == EXPR_FOR)
		visit_for(v, e->loop);
	else
		each_child(e, visit_expr, v);
}

static void visit_value(struct visit *v, const struct value *value)
{
	size_t length = v->path.length;

	if (value->kind == VALUE_EXPR)
		visit_expr(v, value->expr);
	/* Most lists hold none: no path is made for their items. */
	if (value->kind == VALUE_LIST && !value_has_unknown(value))
		return;
	for (size_t i = 0; value->kind == VALUE_LIST && i < value->list.count; i++) {
		buf_add_c(&v->path, "[]");
		visit_value(v, &value->list.items[i]);
		buf_truncate(&v->path, length);
	}
	for (uint32_t i = 0; value->kind == VALUE_MAP && i < value->map.count; i++) {
		const struct member *member = value->map.entries[i].value;

		if (value_is_plain(&member->value))
			continue;
		if (length)
			buf_add_char(&v->path, '.');
		buf_add(&v->path, value->map.entries[i].key);
		visit_value(v, &member->value);
		buf_truncate(&v->path, length);
	}
}

#define PATH_USUAL 128

void expr_visit(struct arena *scratch, const struct value *v,
		void (*visit)(void *context, struct str path, const struct expr *e), void *context)
{
	struct visit state = { .visit = visit, .context = context };
	char space[PATH_USUAL] = "";

	state.path = (struct buf){ .arena = scratch, .data = space, .capacity = sizeof(space) };
	visit_value(&state, v);
}
