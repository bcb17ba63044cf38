#include "build.h"
#include "compiler.h"

/*
 * The words that are known before anything is looked up: project, stage,
 * region, partition, account once it is known, and what has a name: variables,
 * locals, outputs of modules.  How deep these nest and how much they expand to
 * is bounded, since ten doublings in a row already make a thousand.
 */
#define EXPANSION_LIMIT 2000000
#define COPIED_LIMIT 20000000

struct word_binder {
	struct compiler *c;
	struct module *module;
	const struct each *each;
};

static struct value damaged_value(struct span span)
{
	return (struct value){ .kind = VALUE_NULL, .marks = VALUE_DAMAGED, .span = span };
}

static struct value words_evaluate(struct word_binder *w, const struct value *v);

struct named *named_add(struct compiler *c, struct map *all, const char *kind, struct str name,
			struct module *module, const struct member *written)
{
	struct named *named = arena_new(c->arena, struct named);

	*named = (struct named){ .kind = kind, .name = name, .written = written->value,
				 .span = written->key_span, .module = module };
	*map_put(c->arena, all, name) = named;
	return named;
}

bool name_is_valid(struct compiler *c, struct str name, struct span span)
{
	if (id_is_valid(name) || id_is_reserved(name))
		return true;
	diag_error(c->d, span, "E0306 '%.*s' cannot be a name", STR_ARG(name));
	diag_help(c->d, "a letter, then letters, digits and '_'");
	return false;
}

static bool refuse_nesting(struct compiler *c, const struct named *named, struct span span)
{
	if (named->state == WORK_BUSY)
		diag_error(c->d, span, "E0329 %s '%.*s' refers to itself", named->kind,
			   STR_ARG(named->name));
	else
		diag_error(c->d, span, "E0330 %s '%.*s' nests too deep", named->kind,
			   STR_ARG(named->name));
	return false;
}

bool named_resolve(struct compiler *c, struct named *named, struct span span)
{
	struct word_binder w = { .c = c, .module = named->module, .each = named->each };
	const struct scope *scope = c->scope;
	unsigned nesting;

	if (named->state == WORK_DONE)
		return true;
	if (named->state == WORK_BUSY || c->depth >= NESTING_MOST)
		return refuse_nesting(c, named, span);
	named->state = WORK_BUSY;
	c->depth++;
	/* It is one value, whichever block asks for it first. */
	c->scope = &c->model->scope;
	named->value = words_evaluate(&w, &named->written);
	if (named->variable)
		named->value = variable_check(c, named, named->value);
	c->scope = scope;
	c->depth--;
	value_measure(&named->value, &named->weight, &nesting);
	named->state = WORK_DONE;
	if (nesting <= EXPR_DEPTH_LIMIT)
		return true;
	diag_error(c->d, span, "E0330 %s '%.*s' nests too deep", named->kind,
		   STR_ARG(named->name));
	named->value = damaged_value(span);
	return true;
}

void named_resolve_all(struct compiler *c, const struct map *all)
{
	for (uint32_t i = 0; i < all->count; i++) {
		struct named *named = all->entries[i].value;

		named_resolve(c, named, named->written.span);
	}
}

/* What blocks take is as large as what they become; what names take of names may explode. */
static bool expansion_fits(struct compiler *c, size_t weight, struct span span)
{
	size_t *used = c->depth ? &c->expansion : &c->copied;
	size_t most = c->depth ? EXPANSION_LIMIT : COPIED_LIMIT;

	if (*used > most)
		return false;
	*used += weight;
	if (*used <= most)
		return true;
	diag_error(c->d, span, "E0330 variables and locals expand to more than %zu values", most);
	return false;
}

static struct value named_value(struct compiler *c, struct named *named, struct span span)
{
	if (!named_resolve(c, named, span) || !expansion_fits(c, named->weight, span))
		return damaged_value(span);
	return named->value;
}

static struct value report_name(struct compiler *c, const struct map *all, const char *kind,
				const char *word, const struct expr_step *step)
{
	VEC(struct str) names = { 0 };
	struct str near;

	for (uint32_t i = 0; i < all->count; i++)
		*vec_push(c->arena, &names) = all->entries[i].key;
	diag_error(c->d, step->span, "E0328 there is no %s '%.*s'", kind, STR_ARG(step->name));
	near = suggest(c, step->name, names.items, names.count);
	if (near.length)
		diag_help(c->d, "did you mean '%s.%.*s'?", word, STR_ARG(near));
	return damaged_value(step->span);
}

/* ${local.x}, ${var.x}. */
static struct value lookup_named(struct word_binder *w, const struct map *all, const char *kind,
				 const struct expr *e, size_t *used)
{
	struct compiler *c = w->c;
	struct str word = e->steps[0].name;
	struct named *named;

	if (e->step_count < 2 || e->steps[1].index) {
		diag_error(c->d, e->span, "E0331 '%.*s' needs a name: '%.*s.prefix'",
			   STR_ARG(word), STR_ARG(word));
		return damaged_value(e->span);
	}
	named = map_get(all, e->steps[1].name);
	if (!named)
		return report_name(c, all, kind, str_to_c(c->arena, word), &e->steps[1]);
	*used = 2;
	return named_value(c, named, e->span);
}

static struct value lookup_each(struct word_binder *w, const struct expr *e, size_t *used)
{
	struct compiler *c = w->c;
	struct str what = e->step_count > 1 ? e->steps[1].name : (struct str){ 0 };

	if (!w->each) {
		diag_error(c->d, e->span, "E0365 'each' is known only in a block with 'for_each'");
		return damaged_value(e->span);
	}
	*used = 2;
	if (str_equal_c(what, "key"))
		return value_string(w->each->key);
	if (str_equal_c(what, "value"))
		return w->each->value;
	diag_error(c->d, e->step_count > 1 ? e->steps[1].span : e->span,
		   "E0331 'each' has 'each.key' and 'each.value'");
	return damaged_value(e->span);
}

/* ---- ${module.cdn.url}, ${module.cdn['eu'].url} ---- */

static struct value report_key(struct compiler *c, const struct call *call,
			       const struct expr_step *step)
{
	VEC(struct str) keys = { 0 };
	struct str near;

	for (uint32_t i = 0; i < call->instances.count; i++)
		*vec_push(c->arena, &keys) = call->instances.entries[i].key;
	diag_error(c->d, step->span, "E0366 module '%.*s' has no key '%.*s'", STR_ARG(call->id),
		   STR_ARG(step->name));
	near = suggest(c, step->name, keys.items, keys.count);
	if (near.length)
		diag_help(c->d, "did you mean '%.*s'?", STR_ARG(near));
	return damaged_value(step->span);
}

static struct value all_outputs(struct compiler *c, const struct module *module, struct span span)
{
	struct value out = value_map();

	for (uint32_t i = 0; i < module->outputs.count; i++) {
		struct named *named = module->outputs.entries[i].value;

		value_set(c->arena, &out, named->name, named_value(c, named, span));
	}
	return out;
}

static struct value all_instances(struct compiler *c, const struct call *call, struct span span)
{
	struct value out = value_map();

	for (uint32_t i = 0; i < call->instances.count; i++) {
		const struct module *module = call->instances.entries[i].value;

		if (!module->absent)
			value_set(c->arena, &out, call->instances.entries[i].key,
				  all_outputs(c, module, span));
	}
	return out;
}

static struct value lookup_output(struct compiler *c, struct call *call, const struct expr *e,
				  size_t *used)
{
	size_t at = call->keyed ? 3 : 2;
	struct str key = call->keyed ? e->steps[2].name : (struct str){ 0 };
	const struct module *module = map_get(&call->instances, key);
	struct named *named;
	struct str way;

	if (!module)
		return report_key(c, call, &e->steps[2]);
	if (module->absent) {
		diag_error(c->d, e->steps[1].span, "E0335 module '%.*s' is left out of stage "
			   "'%.*s'", STR_ARG(call->id), STR_ARG(c->model->stage));
		return damaged_value(e->span);
	}
	*used = at;
	named = e->step_count > at ? map_get(&module->outputs, e->steps[at].name) : NULL;
	/* What could not be read may have had it. */
	if (!named && module->root.marks & VALUE_DAMAGED)
		return damaged_value(e->span);
	if (e->step_count == at)
		return all_outputs(c, module, e->span);
	if (!named) {
		way = call->keyed ? str_format(c->arena, "module.%.*s['%.*s']", STR_ARG(call->id),
					       STR_ARG(key))
				  : STR_JOIN(c->arena, STR("module."), call->id);
		return report_name(c, &module->outputs, "output", str_to_c(c->arena, way),
				   &e->steps[at]);
	}
	*used = at + 1;
	return named_value(c, named, e->span);
}

static struct value lookup_module(struct word_binder *w, const struct expr *e, size_t *used)
{
	struct compiler *c = w->c;
	struct call *call;

	if (e->step_count < 2 || e->steps[1].index) {
		diag_error(c->d, e->span, "E0331 'module' needs the id of a module and one of its "
			   "outputs: 'module.cdn.url'");
		return damaged_value(e->span);
	}
	call = map_get(&w->module->calls, e->steps[1].name);
	if (!call)
		return report_name(c, &w->module->calls, "module", "module", &e->steps[1]);
	if (!call_resolve(c, call, e->span))
		return damaged_value(e->span);
	if (!call->keyed || e->step_count > 2)
		return lookup_output(c, call, e, used);
	*used = 2;
	return all_instances(c, call, e->span);
}

/* section: refused where it stands, so that its uses are no further mistakes. */
static const struct {
	const char *word, *section, *text;
} refused_words[] = {
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
		if (!value_get_c(&module->root, refused_words[i].section))
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
		return lookup_named(w, &w->module->locals, "local", e, used);
	if (str_equal_c(word, "var"))
		return lookup_named(w, &w->module->variables, "variable", e, used);
	if (str_equal_c(word, "each"))
		return lookup_each(w, e, used);
	if (str_equal_c(word, "module"))
		return lookup_module(w, e, used);
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
	return (struct expr_scope){
		.context = context, .lookup = lookup, .budget = &c->budget,
		.files = c->options->files, .root = c->spec->folder,
	};
}

static struct expr_scope words_scope(struct word_binder *w)
{
	struct expr_scope scope = compile_scope(w->c, w, lookup_word);

	scope.folder = w->module->folder;
	return scope;
}

static struct value words_evaluate(struct word_binder *w, const struct value *v)
{
	struct expr_scope scope = words_scope(w);

	return value_evaluate(w->c->arena, v, &scope, w->c->d);
}

struct value words_bind(struct compiler *c, struct module *module, const struct value *v)
{
	struct word_binder w = { .c = c, .module = module, .each = c->each };

	return words_evaluate(&w, v);
}

struct value words_bind_written(struct compiler *c, struct module *module, const struct value *v,
				bool *closed)
{
	struct word_binder w = { .c = c, .module = module, .each = c->each };
	struct expr_scope scope = words_scope(&w);
	struct value own = *v;

	own.map = map_copy(c->arena, &v->map, PART_ADDED_MOST);
	*closed = value_evaluate_members(c->arena, &own, &scope, c->d);
	return own;
}
