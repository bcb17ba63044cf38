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
	uint32_t weight;		/* values and bytes in it, about */
};

struct word_binder {
	struct compiler *c;
	struct module *module;
	unsigned depth;
};

static struct value damaged_value(struct span span)
{
	return (struct value){ .kind = VALUE_NULL, .marks = VALUE_DAMAGED, .span = span };
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

static struct value words_evaluate(struct word_binder *w, const struct value *v);

static bool local_resolve(struct word_binder *w, struct local *local, struct span span)
{
	struct compiler *c = w->c;
	struct word_binder inner = *w;
	const struct scope *scope = c->scope;
	unsigned nesting;

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
	/* A local is one value, whichever block asks for it first. */
	c->scope = &c->model->scope;
	local->value = words_evaluate(&inner, local->written);
	c->scope = scope;
	value_measure(&local->value, &local->weight, &nesting);
	local->state = LOCAL_DONE;
	if (nesting <= EXPR_DEPTH_LIMIT)
		return true;
	diag_error(c->d, span, "E0330 local '%.*s' nests too deep", STR_ARG(local->name));
	local->value = damaged_value(span);
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

static struct value lookup_local(struct word_binder *w, const struct expr *e, size_t *used)
{
	struct compiler *c = w->c;
	struct span span = e->span;
	struct local *local;

	if (e->step_count < 2 || e->steps[1].index) {
		diag_error(c->d, e->span, "E0331 'local' needs a name: 'local.prefix'");
		return damaged_value(span);
	}
	local = map_get(&w->module->locals, e->steps[1].name);
	if (!local)
		return report_local(c, w->module, e->steps[1].span, e->steps[1].name);
	if (!local_resolve(w, local, e->span) || !expansion_fits(c, local->weight, e->span))
		return damaged_value(span);
	*used = 2;
	return local->value;
}

/* section: refused where it stands, so that its uses are no further mistakes. */
static const struct {
	const char *word, *section, *text;
} refused_words[] = {
	{ "var", "variable", "[variable]" }, { "each", "", "'for_each'" },
	{ "module", "module", "[module]" }, { "existing", "existing", "[existing]" },
	{ "secret", "secret", "[secret]" },
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
static struct value left_open(const struct word_binder *w, const struct expr *e)
{
	struct value v = { .kind = VALUE_EXPR, .span = e->span, .expr = e };
	struct expr *copy;

	if (e->kind == EXPR_ATTRIBUTE || e->scope)
		return v;
	v.expr = copy = arena_new(w->c->arena, struct expr);
	*copy = *e;
	copy->scope = module_scope(w->module);
	return v;
}

static struct value lookup_word(void *context, struct arena *a, const struct expr *e, size_t *used,
				struct diags *d)
{
	struct word_binder *w = context;
	struct compiler *c = w->c;
	struct span span = e->span;
	struct str word;
	struct value v;

	(void)a;
	(void)d;
	/* It has been here before: words are known from the first time on, blocks never. */
	if (e->kind == EXPR_ATTRIBUTE || e->scope)
		return left_open(w, e);
	word = e->steps[0].name;
	/* Meant is the block of that name, which is refused for it. */
	if (e->step_count > 1 && map_has(&w->module->refused, word) &&
	    !map_has(&w->module->locals, e->steps[1].name))
		return damaged_value(span);
	if (str_equal_c(word, "local"))
		return lookup_local(w, e, used);
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
		return left_open(w, e);
	if (e->step_count > 1) {
		diag_error(c->d, e->steps[1].span, "E0333 '%.*s' is a string and has no '%.*s'",
			   STR_ARG(word), STR_ARG(e->steps[1].name));
		return damaged_value(span);
	}
	return v.kind == VALUE_EXPR ? left_open(w, e) : v;
}

struct expr_scope compile_scope(struct compiler *c, void *context,
				struct value (*lookup)(void *context, struct arena *a,
						       const struct expr *e, size_t *used,
						       struct diags *d))
{
	return (struct expr_scope){ .context = context, .lookup = lookup, .budget = &c->budget };
}

static struct value words_evaluate(struct word_binder *w, const struct value *v)
{
	struct expr_scope scope = compile_scope(w->c, w, lookup_word);

	return value_evaluate(w->c->arena, v, &scope, w->c->d);
}

struct value words_bind(struct compiler *c, struct module *module, const struct value *v)
{
	struct word_binder w = { .c = c, .module = module };

	return words_evaluate(&w, v);
}

void locals_collect(struct compiler *c, struct module *module)
{
	const struct member *m = value_member(&module->root, STR("local"));
	struct word_binder w = { .c = c, .module = module };

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
