#include "expr_evaluator.h"

#include "convert.h"

/* `for`, as list, object and directive, and splats, which are a `for` over what they stand on. */

#define ITEM_STEPS 8			/* what is kept of each item takes memory */

struct loop {
	struct evaluation inner;	/* where the names are */
	struct expr_scope scope;
	struct expr_variable key, value;
	const struct expr *e;
	struct value out;		/* LIST or MAP; of the directive a LIST of texts */
	uint32_t marks;
	bool failed, open;
	const struct value *unknown;	/* a condition or key is not known */
};

static void name_variables(struct loop *l, struct evaluation *ev, const struct expr *e)
{
	l->e = e;
	l->key = (struct expr_variable){ .name = e->loop->key_name, .next = ev->scope->variables };
	l->value = (struct expr_variable){ .name = e->loop->value_name, .next = &l->key };
	l->scope = *ev->scope;
	l->scope.variables = &l->value;
	l->inner = (struct evaluation){ ev->arena, &l->scope, ev->d };
}

/* ---- left open ---- */

static bool is_taken(const struct expr_scope *scope, struct str name)
{
	const struct expr_variable *variable = scope->variables;

	while (variable && !str_equal(variable->name, name))
		variable = variable->next;
	return variable;
}

/*
 * The name stands for itself.  Where an outer one has the same name, it gets
 * another: what is known of the outer one may come to stand in this body.
 */
static struct value open_variable(struct evaluation *ev, struct str *name, struct span span)
{
	struct expr *e = arena_new(ev->arena, struct expr);

	while (name->length && is_taken(ev->scope, *name))
		*name = str_format(ev->arena, "%.*s_", STR_ARG(*name));
	e->kind = EXPR_REFERENCE;
	e->span = span;
	e->steps = arena_new(ev->arena, struct expr_step);
	e->steps[0] = (struct expr_step){ .name = *name, .span = span };
	e->step_count = 1;
	expr_measure(e);
	return (struct value){ .kind = VALUE_EXPR, .span = span, .expr = e };
}

static const struct expr *open_part(struct loop *l, const struct expr *part)
{
	struct value v;

	if (!part)
		return NULL;
	v = expr_value(&l->inner, part);
	l->failed |= expr_is_damaged(&v);
	l->marks |= v.marks & VALUE_SECRET;
	return expr_of_value(&l->inner, &v, part->span);
}

static struct value open_loop(struct evaluation *ev, const struct expr *e,
			      const struct value *collection)
{
	struct expr_for *loop = arena_new(ev->arena, struct expr_for);
	struct expr *open = expr_like(ev, e);
	struct loop l = { .marks = collection->marks & VALUE_SECRET };

	*loop = *e->loop;
	name_variables(&l, ev, e);
	l.key.value = open_variable(ev, &loop->key_name, e->span);
	l.value.value = open_variable(ev, &loop->value_name, e->span);
	loop->collection = expr_of_value(ev, collection, e->loop->collection->span);
	loop->key = open_part(&l, loop->key);
	loop->value = open_part(&l, loop->value);
	loop->filter = open_part(&l, loop->filter);
	open->loop = loop;
	return l.failed ? expr_damaged(e->span) : expr_open(ev, open, l.marks);
}

/* ---- over what is known ---- */

/* Whether the item is wanted. */
static bool passes(struct loop *l)
{
	struct value test;

	if (!l->e->loop->filter)
		return true;
	if (!expr_test(&l->inner, l->e->loop->filter, &test)) {
		l->failed = true;
		return false;
	}
	l->marks |= test.marks & VALUE_SECRET;
	l->open |= test.kind == VALUE_EXPR;
	if (test.kind == VALUE_UNKNOWN && !l->unknown) {
		struct value *kept = arena_new(l->inner.arena, struct value);

		*kept = test;
		l->unknown = kept;
	}
	return test.kind != VALUE_BOOL || test.boolean;
}

static void put_grouped(struct loop *l, struct str key, const struct value *v)
{
	struct arena *a = l->inner.arena;
	struct member *member = map_get(&l->out.map, key);

	if (member)
		value_append(a, &member->value, *v);
	else
		value_append(a, value_set(a, &l->out, key, value_list(NULL, 0)), *v);
}

static void put_member(struct loop *l, const struct value *v)
{
	const struct expr *e = l->e->loop->key;
	struct value key = expr_value(&l->inner, e), text;

	if (!expr_key(&l->inner, &key, e->span, &text)) {
		l->failed = true;
		return;
	}
	l->marks |= text.marks & VALUE_SECRET;
	l->open |= text.kind == VALUE_EXPR;
	if (text.kind != VALUE_STRING) {
		struct value *kept = arena_new(l->inner.arena, struct value);

		*kept = text;
		if (text.kind == VALUE_UNKNOWN && !l->unknown)
			l->unknown = kept;
		return;
	}
	if (l->e->loop->group) {
		put_grouped(l, text.string, v);
	} else if (map_has(&l->out.map, text.string)) {
		l->failed = true;
		expr_fail(&l->inner, e->span, "E0232 two items have the key '%.*s'",
			  STR_ARG(text.marks & VALUE_SECRET ? STR("(secret)") : text.string));
		expr_fail_help(&l->inner, "write '...' behind the value to collect them in a list");
	} else {
		value_set(l->inner.arena, &l->out, text.string, *v);
	}
}

/* False: it is no use to go on. */
static bool run(struct loop *l, struct value key, struct value value)
{
	struct value v;

	l->key.value = key;
	l->value.value = value;
	if (passes(l) && !l->failed) {
		v = expr_value(&l->inner, l->e->loop->value);
		if (expr_is_damaged(&v))
			l->failed = true;
		else if (l->e->loop->form == FOR_OBJECT)
			put_member(l, &v);
		else
			value_append(l->inner.arena, &l->out, v);
	}
	return !l->failed && !l->open && expr_charge(&l->inner, ITEM_STEPS, l->e->span);
}

static void run_map(struct loop *l, const struct map *map)
{
	const struct map_entry **sorted = map_sorted(l->inner.arena, map);

	for (uint32_t i = 0; i < map->count; i++) {
		const struct member *member = sorted[i]->value;

		if (!run(l, value_string(sorted[i]->key), member->value))
			return;
	}
}

static void run_list(struct loop *l, const struct list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		if (!run(l, value_int((int64_t)i), list->items[i]))
			return;
	}
}

/* The texts of a directive, joined as a template joins its parts. */
static struct value join_texts(struct loop *l)
{
	struct evaluation *ev = &l->inner;
	size_t count = l->out.list.count;
	struct expr joined = {
		.kind = EXPR_TEMPLATE, .span = l->e->span, .part_count = count,
		.parts = arena_array(ev->arena, const struct expr *, count),
	};

	for (size_t i = 0; i < count; i++)
		joined.parts[i] = expr_of_value(ev, &l->out.list.items[i], l->e->span);
	return expr_template(ev, &joined);
}

static struct value result(struct loop *l, const struct value *collection)
{
	enum for_form form = l->e->loop->form;
	struct value out = form == FOR_TEXT && !l->unknown ? join_texts(l) : l->out;

	if (l->unknown)
		out = expr_unknown(&l->inner, l->unknown,
				   form == FOR_OBJECT ? &map_type
				   : form == FOR_TEXT ? &string_type : &list_type, l->e->span);
	out.marks |= l->marks | collection->marks;
	out.span = l->e->span;
	return out;
}

static struct value run_all(struct evaluation *ev, const struct expr *e,
			    const struct value *collection)
{
	struct loop l = { .out = e->loop->form == FOR_OBJECT ? value_map() : value_list(NULL, 0) };
	bool splat = e->loop->form == FOR_SPLAT;

	name_variables(&l, ev, e);
	if (collection->kind == VALUE_LIST)
		run_list(&l, &collection->list);
	else if (collection->kind == VALUE_MAP && !splat)
		run_map(&l, &collection->map);
	else if (collection->kind != VALUE_NULL)
		run(&l, value_null(), *collection);
	if (l.failed || !*ev->scope->budget)
		return expr_damaged(e->span);
	return l.open ? open_loop(ev, e, collection) : result(&l, collection);
}

/* ---- over what is not known ---- */

static const struct type *container(struct evaluation *ev, enum type_kind kind,
				    const struct type *element)
{
	struct type *type = arena_new(ev->arena, struct type);

	type->kind = kind;
	type->element = element;
	return type;
}

/* The body is looked at once, with an item that is not known: its mistakes and its type. */
static struct value run_unknown(struct evaluation *ev, const struct expr *e,
				const struct value *collection)
{
	const struct type *type = collection->unknown->type, *element = type ? type->element : NULL;
	struct loop l = { .out = e->loop->form == FOR_OBJECT ? value_map() : value_list(NULL, 0) };
	const struct type *of = NULL;
	enum type_kind kind = expr_type_kind(collection);
	struct value out;

	if (kind != TYPE_LIST && e->loop->form == FOR_SPLAT)
		element = type;
	name_variables(&l, ev, e);
	run(&l, expr_unknown(ev, collection, kind == TYPE_LIST ? &number_type : kind == TYPE_MAP
			     ? &string_type : NULL, e->span),
	    expr_unknown(ev, collection, element, e->span));
	if (l.failed)
		return expr_damaged(e->span);
	if (l.open)
		return open_loop(ev, e, collection);
	if (l.out.kind == VALUE_LIST && l.out.list.count) {
		of = type_of(ev->arena, &l.out.list.items[0]);
		l.marks |= l.out.list.items[0].marks & VALUE_SECRET;
	}
	if (e->loop->form == FOR_TEXT)
		of = &string_type;
	else
		of = container(ev, e->loop->form == FOR_OBJECT ? TYPE_MAP : TYPE_LIST, of);
	out = expr_unknown(ev, collection, of, e->span);
	out.marks |= l.marks;
	return out;
}

struct value expr_loop(struct evaluation *ev, const struct expr *e)
{
	struct value collection = expr_value(ev, e->loop->collection);
	enum type_kind kind = expr_type_kind(&collection);
	bool splat = e->loop->form == FOR_SPLAT;

	if (expr_is_damaged(&collection))
		return expr_damaged(e->span);
	if (collection.kind == VALUE_EXPR)
		return open_loop(ev, e, &collection);
	if (!splat && collection.kind == VALUE_NULL)
		return expr_fail(ev, e->loop->collection->span, "E0231 'for' cannot go over null");
	if (!splat && kind != TYPE_ANY && kind != TYPE_LIST && kind != TYPE_MAP)
		return expr_fail(ev, e->loop->collection->span,
				 "E0231 'for' goes over a list or a table, not %s",
				 expr_kind_text(&collection));
	if (collection.kind == VALUE_UNKNOWN)
		return run_unknown(ev, e, &collection);
	return run_all(ev, e, &collection);
}
