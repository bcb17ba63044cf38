#include "bind.h"
#include "build.h"
#include "compiler.h"

/*
 * The words that are known before anything is looked up: project, stage,
 * region, partition, account once it is known, and locals.  Locals are worked
 * out when first asked for; how deep they nest and how much they expand to is
 * bounded, since ten doublings in a row already make a thousand.
 */
#define LOCAL_DEPTH_LIMIT 64
#define EXPANSION_LIMIT 2000000

enum local_state { LOCAL_NEW, LOCAL_BUSY, LOCAL_DONE };
struct local {
	struct str name;
	const struct value *written;
	enum local_state state;
	struct value value;
	size_t weight;			/* values and bytes in it, about */
};

struct word_binder {
	struct binder binder;
	struct compiler *c;
	struct module *module;
	unsigned depth;
};

static struct value damaged_value(struct span span)
{
	return (struct value){ .kind = VALUE_NULL, .marks = VALUE_DAMAGED, .span = span };
}

/* NULL after a report. */
static struct expr *bind_part(struct binder *b, const struct expr *e)
{
	struct value v = bind_expr(b, e, e->span);
	struct expr *part = arena_new(b->arena, struct expr);

	if (v.marks & VALUE_DAMAGED)
		return NULL;
	if (v.kind == VALUE_LIST || v.kind == VALUE_MAP) {
		diag_error(b->d, e->span, "E0220 a %s cannot be part of a text",
			   value_kind_name(v.kind));
		return NULL;
	}
	if (v.kind == VALUE_EXPR) {
		*part = *v.expr;
	} else {
		part->kind = EXPR_LITERAL;
		part->literal = v;
	}
	part->span = e->span;
	return part;
}

static struct value bind_template(struct binder *b, const struct expr *e, struct span span)
{
	struct expr *out = arena_new(b->arena, struct expr);
	struct value text;
	bool literal = true;

	out->kind = EXPR_TEMPLATE;
	out->span = e->span;
	out->parts = arena_array(b->arena, struct expr *, e->part_count);
	out->part_count = e->part_count;
	for (size_t i = 0; i < e->part_count; i++) {
		out->parts[i] = bind_part(b, e->parts[i]);
		if (!out->parts[i])
			return damaged_value(span);
		literal = literal && out->parts[i]->kind == EXPR_LITERAL;
	}
	if (!literal)
		return (struct value){ .kind = VALUE_EXPR, .span = span, .expr = out };
	text = expr_evaluate(b->arena, out, NULL, b->d);
	text.span = span;
	text.text_start = span.start;
	return text;
}

struct value bind_expr(struct binder *b, const struct expr *e, struct span span)
{
	switch (e->kind) {
	case EXPR_LITERAL:
		return e->literal;
	case EXPR_ATTRIBUTE:
		return (struct value){ .kind = VALUE_EXPR, .span = span, .expr = e };
	case EXPR_REFERENCE:
		return b->lookup(b, e, span);
	case EXPR_TEMPLATE:
		return bind_template(b, e, span);
	}
	BUG("expression of kind %d", e->kind);
}

static struct value bind_map(struct binder *b, const struct value *v)
{
	struct value out = *v;

	out.map = map_copy(b->arena, &v->map, 0);
	for (uint32_t i = 0; i < v->map.count; i++) {
		const struct member *m = v->map.entries[i].value;
		struct member *bound;

		if (!value_has_unknown(&m->value))
			continue;
		bound = arena_new(b->arena, struct member);
		bound->key_span = m->key_span;
		bound->value = bind_value(b, &m->value);
		out.map.entries[i].value = bound;
	}
	return out;
}

static struct value bind_list(struct binder *b, const struct value *v)
{
	struct value out = value_list(arena_array(b->arena, struct value, v->list.count),
				      v->list.count);

	out.span = v->span;
	out.marks = v->marks;
	for (size_t i = 0; i < v->list.count; i++)
		out.list.items[i] = bind_value(b, &v->list.items[i]);
	return out;
}

struct value bind_value(struct binder *b, const struct value *v)
{
	struct value out;

	switch (v->kind) {
	case VALUE_EXPR:
		out = bind_expr(b, v->expr, v->span);
		out.span = v->span;
		out.marks |= v->marks;
		return out;
	case VALUE_MAP:
		return value_has_unknown(v) ? bind_map(b, v) : *v;
	case VALUE_LIST:
		return value_has_unknown(v) ? bind_list(b, v) : *v;
	default:
		return *v;
	}
}

static size_t expr_weight(const struct expr *e)
{
	size_t weight = 1;

	if (e->kind == EXPR_LITERAL && e->literal.kind == VALUE_STRING)
		weight += e->literal.string.length / 16;
	for (size_t i = 0; e->kind == EXPR_TEMPLATE && i < e->part_count; i++)
		weight += expr_weight(e->parts[i]);
	return weight;
}

static size_t value_weight(const struct value *v)
{
	size_t weight = 1;

	if (v->kind == VALUE_STRING)
		weight += v->string.length / 16;
	else if (v->kind == VALUE_EXPR)
		weight += expr_weight(v->expr);
	for (size_t i = 0; v->kind == VALUE_LIST && i < v->list.count; i++)
		weight += value_weight(&v->list.items[i]);
	for (uint32_t i = 0; v->kind == VALUE_MAP && i < v->map.count; i++)
		weight += value_weight(&((struct member *)v->map.entries[i].value)->value);
	return weight;
}

static struct value report_local(struct compiler *c, const struct module *module,
				 struct span span, struct str name)
{
	VEC(struct str) names = { 0 };
	struct str near;

	for (uint32_t i = 0; i < module->locals.count; i++)
		*vec_push(c->arena, &names) = module->locals.entries[i].key;
	diag_error(c->d, span, "E0328 there is no local '%.*s'", STR_ARG(name));
	near = suggest(c, name, names.items, names.count);
	if (near.length)
		diag_help(c->d, "did you mean 'local.%.*s'?", STR_ARG(near));
	return damaged_value(span);
}

static struct value lookup_word(struct binder *b, const struct expr *e, struct span span);

static bool local_resolve(struct word_binder *w, struct local *local, struct span span)
{
	struct compiler *c = w->c;
	struct word_binder inner = *w;

	if (local->state == LOCAL_DONE)
		return true;
	if (local->state == LOCAL_BUSY || w->depth >= LOCAL_DEPTH_LIMIT) {
		diag_error(c->d, span, local->state == LOCAL_BUSY
			   ? "E0329 local '%.*s' refers to itself"
			   : "E0330 local '%.*s' nests too deep",
			   STR_ARG(local->name));
		return false;
	}
	local->state = LOCAL_BUSY;
	inner.depth++;
	local->value = bind_value(&inner.binder, local->written);
	local->weight = value_weight(&local->value);
	local->state = LOCAL_DONE;
	return true;
}

static bool expansion_fits(struct compiler *c, size_t weight, struct span span)
{
	if (c->expansion > EXPANSION_LIMIT)
		return false;
	c->expansion += weight;
	if (c->expansion <= EXPANSION_LIMIT)
		return true;
	diag_error(c->d, span, "E0330 the locals expand to more than %d values", EXPANSION_LIMIT);
	return false;
}

/* Steps behind ${local.x}: into tables and lists; behind a reference they go on. */
static struct value local_enter(struct compiler *c, const struct value *v,
				const struct expr_step *step)
{
	const struct value *found = NULL;

	if (v->marks & VALUE_DAMAGED)
		return *v;
	if (v->kind == VALUE_MAP)
		found = value_get(v, step->name);
	else if (v->kind == VALUE_LIST && step->index && !step->name.length &&
		 step->number >= 0 && (uint64_t)step->number < v->list.count)
		found = &v->list.items[step->number];
	if (found)
		return *found;
	if (step->name.length)
		diag_error(c->d, step->span, "E0334 there is no '%.*s' in it", STR_ARG(step->name));
	else
		diag_error(c->d, step->span, "E0334 there is no item %lld in it",
			   (long long)step->number);
	return damaged_value(step->span);
}

static struct value lookup_local(struct word_binder *w, const struct expr *e, struct span span)
{
	struct compiler *c = w->c;
	struct local *local;
	struct value v;

	if (e->step_count < 2 || e->steps[1].index) {
		diag_error(c->d, e->span, "E0331 'local' needs a name: 'local.prefix'");
		return damaged_value(span);
	}
	local = map_get(&w->module->locals, e->steps[1].name);
	if (!local)
		return report_local(c, w->module, e->steps[1].span, e->steps[1].name);
	if (!local_resolve(w, local, e->span) || !expansion_fits(c, local->weight, e->span))
		return damaged_value(span);
	v = local->value;
	for (size_t i = 2; i < e->step_count; i++)
		v = local_enter(c, &v, &e->steps[i]);
	v.span = span;
	return v;
}

/* section: refused where it stands, so that its uses are no further mistakes. */
static const struct {
	const char *word, *section, *text;
} refused_words[] = {
	{ "var", "variable", "[variable]" }, { "each", "", "'for_each'" },
	{ "module", "module", "[module]" }, { "existing", "existing", "[existing]" },
	{ "target", "target", "[target]" }, { "secret", "secret", "[secret]" },
	{ "self", "", "'self'" }, { "effc", "", "'effc'" }, { "base", "", "'base'" },
};

static bool is_refused_word(struct compiler *c, const struct module *module,
			    const struct expr *e)
{
	struct str word = e->steps[0].name;

	for (size_t i = 0; i < sizeof(refused_words) / sizeof(*refused_words); i++) {
		if (!str_equal_c(word, refused_words[i].word))
			continue;
		if (!value_get_c(&module->root, refused_words[i].section) &&
		    !(c->in_for_each && str_equal_c(word, "each")))
			diag_error(c->d, e->span, "E0219 %s is not supported yet",
				   refused_words[i].text);
		return true;
	}
	return false;
}

/* A reference to a block, for which other parts of the module have to be there first. */
static struct value left_open(const struct word_binder *w, const struct expr *e, struct span span)
{
	struct value v = { .kind = VALUE_EXPR, .span = span, .expr = e };
	struct expr *copy;

	if (e->scope == w->module->index)
		return v;
	v.expr = copy = arena_new(w->c->arena, struct expr);
	*copy = *e;
	copy->scope = w->module->index;
	return v;
}

static struct value lookup_word(struct binder *b, const struct expr *e, struct span span)
{
	struct word_binder *w = (struct word_binder *)b;
	struct compiler *c = w->c;
	struct str word = e->steps[0].name;
	struct value v;

	/* Meant is the block of that name, which is refused for it. */
	if (e->step_count > 1 && map_has(&w->module->refused, word) &&
	    !map_has(&w->module->locals, e->steps[1].name))
		return damaged_value(span);
	if (str_equal_c(word, "local"))
		return lookup_local(w, e, span);
	if (is_refused_word(c, w->module, e))
		return damaged_value(span);
	if (str_equal_c(word, "project"))
		v = value_string(c->model->project);
	else if (str_equal_c(word, "stage"))
		v = value_string(c->model->stage);
	else if (str_equal_c(word, "region"))
		v = region_value(c);
	else if (str_equal_c(word, "partition"))
		v = partition_value(c);
	else if (str_equal_c(word, "account"))
		v = account_value(c);
	else
		return left_open(w, e, span);
	if (e->step_count > 1) {
		diag_error(c->d, e->steps[1].span, "E0333 '%.*s' is a string and has no '%.*s'",
			   STR_ARG(word), STR_ARG(e->steps[1].name));
		return damaged_value(span);
	}
	if (v.kind == VALUE_EXPR)
		v.expr = e;
	v.span = span;
	v.text_start = span.start;
	return v;
}

static struct word_binder word_binder(struct compiler *c, struct module *module)
{
	return (struct word_binder){
		.binder = { .arena = c->arena, .d = c->d, .lookup = lookup_word },
		.c = c, .module = module,
	};
}

struct value words_bind(struct compiler *c, struct module *module, const struct value *v)
{
	struct word_binder w = word_binder(c, module);

	return bind_value(&w.binder, v);
}

void locals_collect(struct compiler *c, struct module *module)
{
	const struct member *m = value_member(&module->root, STR("local"));
	struct word_binder w = word_binder(c, module);

	if (!m)
		return;
	if (m->value.kind != VALUE_MAP) {
		if (!(m->value.marks & VALUE_DAMAGED))
			diag_error(c->d, m->value.span, "E0309 [local] must be a table");
		return;
	}
	for (uint32_t i = 0; i < m->value.map.count; i++) {
		struct local *local = arena_new(c->arena, struct local);
		const struct member *item = m->value.map.entries[i].value;

		local->name = m->value.map.entries[i].key;
		local->written = &item->value;
		*map_put(c->arena, &module->locals, local->name) = local;
	}
	for (uint32_t i = 0; i < module->locals.count; i++) {
		struct local *local = module->locals.entries[i].value;

		local_resolve(&w, local, local->written->span);
	}
}
