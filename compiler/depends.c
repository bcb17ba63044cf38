#include "build.h"
#include "compiler.h"
#include "kind/kind.h"

/*
 * depends_on: ids, addresses of parts, or a whole module.  All parts of a block
 * come after what it names; those of a module also after what its call names.
 */
#define TARGETS_MOST 2000

struct targets {
	struct compiler *c;
	VEC(uint32_t) indexes;
	VEC(struct span) spans;
	const struct value *entry;	/* the one being read */
	bool too_many;
};

static void add_target(struct targets *t, const struct part *p)
{
	if (!p)
		return;
	if (t->indexes.count < TARGETS_MOST) {
		*vec_push(t->c->arena, &t->indexes) = p->index;
		*vec_push(t->c->arena, &t->spans) = t->entry->span;
		return;
	}
	if (!t->too_many)
		diag_error(t->c->d, t->entry->span, "E0319 'depends_on' names more than %d "
			   "resources", TARGETS_MOST);
	t->too_many = true;
}

static void add_block(struct targets *t, const struct block *b, bool one, struct str part)
{
	struct compiler *c = t->c;
	struct span span = t->entry->span;

	if (b->absent && !b->damaged) {
		/* Of all keys, those that are left out are not meant. */
		if (b->each && !one)
			return;
		diag_error(c->d, span, "E0335 %.*s is left out of stage '%.*s'",
			   STR_ARG(b->title), STR_ARG(c->model->stage));
		return;
	}
	if (b->existing)
		diag_error(c->d, span, "E0389 %.*s is there already: nothing waits for it",
			   STR_ARG(b->title));
	else if (!part.length)
		add_target(t, b->stands_for ? b->stands_for->primary : b->primary);
	else if (block_part(b, part))
		add_target(t, block_part(b, part));
	else if (!block_may_have(b, part))
		diag_error(c->d, span, "E0338 %.*s has no part '%.*s'", STR_ARG(b->title),
			   STR_ARG(part));
}

/* Every block of the instance and of what is in it. */
static void add_instance(struct targets *t, const struct module *module)
{
	for (uint32_t i = 0; i < module->blocks.count && !t->too_many; i++) {
		const struct block *b = module->blocks.entries[i].value;

		if (!b->keyed && !b->absent)
			add_target(t, b->primary);
		for (uint32_t k = 0; k < b->instances.count && !t->too_many; k++) {
			const struct block *one = b->instances.entries[k].value;

			if (!one->absent)
				add_target(t, one->primary);
		}
	}
	for (uint32_t i = 0; i < module->calls.count && !t->too_many; i++) {
		const struct call *call = module->calls.entries[i].value;

		for (uint32_t k = 0; k < call->instances.count && !t->too_many; k++)
			add_instance(t, call->instances.entries[k].value);
	}
}

/* "module.cdn", "module.cdn['eu']": what stands inside is nobody else's business. */
static void add_module(struct targets *t, const struct module *from, struct str text)
{
	struct compiler *c = t->c;
	struct str rest = str_slice(text, sizeof("module.") - 1, text.length), key = { 0 };
	size_t open = str_index(rest, '[');
	const struct module *instance;
	struct call *call;

	if (str_ends(rest, STR("']")) && open + 4 <= rest.length)
		key = str_slice(rest, open + 2, rest.length - 2);
	rest = str_slice(rest, 0, open);
	call = map_get(&from->calls, rest);
	if (!call) {
		diag_error(c->d, t->entry->span, "E0328 there is no module '%.*s'",
			   STR_ARG(rest));
		if (str_index(rest, '.') < rest.length)
			diag_help(c->d, "a module is waited for as a whole: 'module.%.*s'",
				  STR_ARG(str_slice(rest, 0, str_index(rest, '.'))));
		return;
	}
	if (call->damaged)
		return;
	instance = key.length ? map_get(&call->instances, key) : NULL;
	if (key.length && !instance)
		diag_error(c->d, t->entry->span, "E0366 module '%.*s' has no key '%.*s'",
			   STR_ARG(rest), STR_ARG(key));
	for (uint32_t i = 0; i < call->instances.count; i++) {
		if (!key.length || call->instances.entries[i].value == instance)
			add_instance(t, call->instances.entries[i].value);
	}
}

static void add_entry(struct targets *t, const struct module *from)
{
	struct compiler *c = t->c;
	const struct value *v = t->entry;
	struct address address;
	struct block_vec blocks;
	struct str part;

	if (v->kind != VALUE_STRING || map_has(&from->refused, v->string))
		return;
	if (str_starts(v->string, STR("module."))) {
		add_module(t, from, v->string);
		return;
	}
	if (!address_parse(c->arena, v->string, &address)) {
		diag_error(c->d, v->span, "E0339 '%.*s' is no id or address", STR_ARG(v->string));
		diag_help(c->d, "an id, and behind '/' a part: \"orders\", \"createOrder/role\"");
		return;
	}
	if (str_equal_c(address.id, "stage")) {
		const struct part *p = map_get(&c->parts, v->string);

		if (!p)
			diag_error(c->d, v->span, "E0338 the stage has no part '%.*s'",
				   STR_ARG(address.part));
		add_target(t, p);
		return;
	}
	if (!blocks_named(c, from, v, &part, &blocks))
		return;
	for (size_t i = 0; i < blocks.count && !t->too_many; i++)
		add_block(t, blocks.items[i], address.has_key, part);
}

static void add_list(struct targets *t, const struct value *list, const struct module *from)
{
	for (size_t i = 0; list && list->kind == VALUE_LIST && i < list->list.count; i++) {
		t->entry = &list->list.items[i];
		add_entry(t, from);
	}
}

/* What the calls around a module name; the outermost first. */
static void add_calls(struct targets *t, const struct module *module)
{
	if (!module->parent)
		return;
	add_calls(t, module->parent);
	add_list(t, config_get(&module->config, "depends_on"), module->parent);
}

void depends_bind(struct compiler *c)
{
	for (size_t i = 0; i < c->block_count; i++) {
		struct block *b = c->block_list[i];
		struct targets t = { .c = c };

		if (!b->absent) {
			add_calls(&t, b->module);
			add_list(&t, block_option(b, "depends_on"), b->module);
		}
		for (size_t k = 0; k < b->part_count; k++) {
			b->parts[k]->resource.depends_on = t.indexes.items;
			b->parts[k]->resource.depends_count = t.indexes.count;
			b->parts[k]->depends_spans = t.spans.items;
		}
	}
}
