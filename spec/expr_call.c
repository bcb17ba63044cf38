#include "expr_evaluator.h"

#include "function.h"

/* Arguments of one call, evaluated. */
struct arguments {
	struct value *items;
	struct span *spans;
	size_t count;
	bool damaged;
};

static struct arguments evaluate_all(struct evaluation *ev, const struct expr *e)
{
	struct arguments out = {
		.items = arena_array(ev->arena, struct value, e->part_count),
		.spans = arena_array(ev->arena, struct span, e->part_count),
		.count = e->part_count,
	};

	for (size_t i = 0; i < out.count; i++) {
		out.items[i] = expr_value(ev, e->parts[i]);
		out.spans[i] = e->parts[i]->span;
		out.damaged |= expr_is_damaged(&out.items[i]);
	}
	return out;
}

/* The items of the last argument take its place. */
static struct arguments expand(struct evaluation *ev, const struct arguments *args)
{
	const struct value *last = &args->items[args->count - 1];
	size_t before = args->count - 1, count = before + last->list.count;
	struct arguments out = {
		.items = arena_array(ev->arena, struct value, count),
		.spans = arena_array(ev->arena, struct span, count), .count = count,
	};

	for (size_t i = 0; i < count; i++) {
		out.items[i] = i < before ? args->items[i] : last->list.items[i - before];
		out.spans[i] = args->spans[i < before ? i : before];
	}
	return out;
}

/* Left open: with the arguments as far as they are known. */
static struct value open_call(struct evaluation *ev, const struct expr *e,
			      const struct arguments *args, bool expand)
{
	struct expr *open = expr_like(ev, e);
	uint32_t marks = 0;

	open->expand = expand;
	open->parts = arena_array(ev->arena, const struct expr *, args->count);
	open->part_count = 0;
	for (size_t i = 0; i < args->count; i++) {
		marks |= args->items[i].marks & VALUE_SECRET;
		/* Of try() and can(): what fails now fails later. */
		if (!expr_is_damaged(&args->items[i]))
			open->parts[open->part_count++] =
				expr_of_value(ev, &args->items[i], args->spans[i]);
	}
	return expr_open(ev, open, marks);
}

static bool can_expand(struct evaluation *ev, const struct value *last, struct span span)
{
	enum type_kind kind = expr_type_kind(last);

	if (last->kind != VALUE_NULL && (kind == TYPE_LIST || kind == TYPE_ANY))
		return true;
	expr_fail(ev, span, "E0234 '...' needs a list, not %s", expr_kind_text(last));
	return false;
}

static struct value call_lazy(struct evaluation *ev, const struct expr *e)
{
	struct evaluation quiet = { ev->arena, ev->scope, NULL };
	struct function_call call = {
		.arena = ev->arena, .scope = ev->scope, .function = e->function,
		.exprs = e->parts, .count = e->part_count, .span = e->span, .d = ev->d,
	};
	struct value out = function_apply(&call);
	struct arguments args;

	if (!call.open)
		return out;
	args = evaluate_all(&quiet, e);
	return open_call(ev, e, &args, false);
}

struct value expr_call(struct evaluation *ev, const struct expr *e)
{
	struct arguments args, all;
	struct function_call call;
	struct value out;

	if (e->function->lazy)
		return call_lazy(ev, e);
	all = args = evaluate_all(ev, e);
	if (args.damaged)
		return expr_damaged(e->span);
	if (e->expand) {
		const struct value *last = &args.items[args.count - 1];

		if (!can_expand(ev, last, args.spans[args.count - 1]))
			return expr_damaged(e->span);
		if (last->kind == VALUE_EXPR)
			return open_call(ev, e, &args, true);
		if (last->kind == VALUE_UNKNOWN)
			return expr_unknown(ev, last, e->function->result, e->span);
		all = expand(ev, &args);
		if (!expr_charge(ev, all.count, e->span))
			return expr_damaged(e->span);
	}
	call = (struct function_call){
		.arena = ev->arena, .scope = ev->scope, .function = e->function,
		.args = all.items, .spans = all.spans, .count = all.count, .span = e->span,
		.d = ev->d,
	};
	out = function_apply(&call);
	if (call.open)
		return open_call(ev, e, &all, false);
	if (e->expand)
		out.marks |= args.items[args.count - 1].marks & VALUE_SECRET;
	if (!expr_charge(ev, out.kind == VALUE_STRING ? out.string.length / 16
			 : out.kind == VALUE_LIST ? out.list.count : 0, e->span))
		return expr_damaged(e->span);
	return out;
}
