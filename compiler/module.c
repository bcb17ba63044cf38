#include "module.h"

#include "build.h"
#include "compiler.h"
#include "section.h"

/*
 * [module.X]: a document of another folder, once or for each key.  Everything
 * that it takes from here is in `with`; its own sections are those of a spec but
 * for what is the stack's.
 */
static const char own_sections[] = "project stage target";

static bool check_with(struct compiler *c, const struct value *v, struct str where)
{
	if (v->kind == VALUE_MAP)
		return true;
	diag_error(c->d, v->span, "E0309 'with' of %.*s must be a table", STR_ARG(where));
	return false;
}

/* What is read before anything is computed says itself what it lacks. */
static bool check_source(struct compiler *c, const struct value *v, struct str where)
{
	(void)c;
	(void)where;
	return v->kind == VALUE_STRING;
}

static const struct key items[] = {
	{ .name = "source", .kind = KEY_TEXT, .required = true, .check = check_source,
	  .detail = "for example source = \"./modules/cdn\"" },
	{ .name = "with", .kind = KEY_ANY, .check = check_with },
	{ .name = "for_each", .kind = KEY_ANY },
	{ .name = "when", .kind = KEY_BOOLEAN },
	{ .name = "depends_on", .kind = KEY_TEXTS },
	{ .name = "renamed_from", .kind = KEY_TEXT, .check = module_renamed_is_valid },
	{ .name = "protect", .kind = KEY_ANY, .check = protect_is_valid },
	{ .name = "tags", .kind = KEY_VALUE_TABLE, .check = tags_are_valid },
};
const struct key_set module_keys = KEY_SET(items);

struct module *module_add(struct compiler *c)
{
	struct module *module = arena_new(c->arena, struct module);

	module->index = (uint32_t)c->modules.count;
	module->folder = STR(".");
	module->config = value_map();
	*vec_push(c->arena, &c->modules) = module;
	return module;
}

/* ---- what a module declares ---- */

const struct value *section_tables(struct compiler *c, const struct module *module,
				   const char *name)
{
	const struct value *v = value_get_c(&module->root, name);

	if (!v || v->kind == VALUE_MAP)
		return v;
	if (!(v->marks & VALUE_DAMAGED))
		diag_error(c->d, v->span, "E0309 '%s' holds tables: [%s.NAME]", name, name);
	return NULL;
}

static void locals_collect(struct compiler *c, struct module *module)
{
	const struct value *all = value_get_c(&module->root, "local");

	if (all && all->kind != VALUE_MAP && !(all->marks & VALUE_DAMAGED))
		diag_error(c->d, all->span, "E0309 [local] must be a table");
	for (uint32_t i = 0; all && all->kind == VALUE_MAP && i < all->map.count; i++) {
		const struct member *m = all->map.entries[i].value;
		struct str name = all->map.entries[i].key;

		if (name_is_valid(c, name, m->key_span))
			named_add(c, &module->locals, "local", name, module, m);
	}
}

static void outputs_collect(struct compiler *c, struct module *module)
{
	const struct key_set *const sets[] = { &output_keys, NULL };
	const struct value *all = section_tables(c, module, "output");

	for (uint32_t i = 0; all && i < all->map.count; i++) {
		const struct member *m = all->map.entries[i].value;
		struct str name = all->map.entries[i].key;
		struct member out = { m->key_span, value_null() };

		out.value.marks = VALUE_DAMAGED;

		if (m->value.kind != VALUE_MAP) {
			if (!(m->value.marks & VALUE_DAMAGED))
				diag_error(c->d, m->value.span,
					   "E0309 [output.%.*s] must be a table", STR_ARG(name));
		} else if (name_is_valid(c, name, m->key_span) &&
			   keys_check(c, &m->value, m->key_span,
				      str_format(c->arena, "output '%.*s'", STR_ARG(name)), sets,
				      true)) {
			out.value = *value_get_c(&m->value, "value");
			if (config_bool(&m->value, "sensitive", false))
				out.value.marks |= VALUE_SECRET;
		}
		named_add(c, &module->outputs, "output", name, module, &out);
	}
}

/* The id of a module and of a block are told apart by "module.", so each has its own. */
static bool call_is_unique(struct compiler *c, const struct module *module, struct str id,
			   struct span span)
{
	for (uint32_t i = 0; i < module->calls.count; i++) {
		if (!str_equal_fold(module->calls.entries[i].key, id))
			continue;
		diag_error(c->d, span, "E0308 the id '%.*s' is taken by module '%.*s', ignoring "
			   "case", STR_ARG(id), STR_ARG(module->calls.entries[i].key));
		return false;
	}
	return true;
}

static void calls_collect(struct compiler *c, struct module *module)
{
	const struct value *all = section_tables(c, module, "module");

	for (uint32_t i = 0; all && i < all->map.count; i++) {
		const struct member *m = all->map.entries[i].value;
		struct str id = all->map.entries[i].key;
		struct call *call = arena_new(c->arena, struct call);

		*call = (struct call){ .id = id, .module = module, .written = m };
		call->damaged = m->value.kind != VALUE_MAP ||
				!call_is_unique(c, module, id, m->key_span) ||
				!id_check(c, id, m->key_span);
		call->state = call->damaged ? WORK_DONE : WORK_NEW;
		*map_put(c->arena, &module->calls, id) = call;
		if (m->value.kind != VALUE_MAP && !(m->value.marks & VALUE_DAMAGED))
			diag_error(c->d, m->value.span, "E0309 [module.%.*s] must be a table",
				   STR_ARG(id));
	}
}

static void refuse_sections(struct compiler *c, const struct module *module)
{
	for (uint32_t i = 0; i < module->root.map.count; i++) {
		const struct member *m = module->root.map.entries[i].value;
		struct str name = module->root.map.entries[i].key;

		if (!text_in_words(name, own_sections))
			continue;
		diag_error(c->d, m->key_span, "E0367 [%.*s] cannot stand in a module",
			   STR_ARG(name));
		if (str_equal_c(name, "stage"))
			diag_help(c->d, "declare a variable, and let [stage.X.module.ID.with] of "
				  "the spec change its value");
		else
			diag_help(c->d, "it belongs to the spec that uses the module");
	}
}

void module_open(struct compiler *c, struct module *module)
{
	const struct value *with = value_get_c(&module->config, "with");

	if (module->call)
		refuse_sections(c, module);
	refused_collect(c, module);
	calls_collect(c, module);
	locals_collect(c, module);
	outputs_collect(c, module);
	variables_collect(c, module, with && with->kind == VALUE_MAP ? with : NULL);
}

void module_fill(struct compiler *c, struct module *module)
{
	if (module->absent)
		return;
	named_resolve_all(c, &module->variables);
	named_resolve_all(c, &module->locals);
	blocks_collect(c, module);
	for (uint32_t i = 0; i < module->calls.count; i++) {
		struct call *call = module->calls.entries[i].value;

		if (!call_resolve(c, call, call->written->key_span))
			continue;
		for (uint32_t k = 0; k < call->instances.count; k++)
			module_fill(c, call->instances.entries[k].value);
	}
}

/* ---- instances ---- */

/* Its document with the expressions found in it, once for all instances. */
static const struct value *document_of(struct compiler *c, const struct spec_module *from)
{
	void **place = map_put(c->arena, &c->documents, from->folder);
	struct value *root = *place;

	if (!root) {
		root = *place = arena_new(c->arena, struct value);
		expr_parse_all(c->arena, &from->root, root, c->d);
	}
	return root;
}

static struct value keys_of(struct compiler *c, const struct call *call)
{
	const struct value *written = &call->written->value;
	struct value out = value_map();

	for (uint32_t i = 0; i < written->map.count; i++) {
		const struct member *m = written->map.entries[i].value;
		struct str key = written->map.entries[i].key;

		if (str_equal_c(key, "for_each"))
			continue;
		/* What `with` holds is worked out when its variable is. */
		member_put(c->arena, &out, key, m->key_span,
			   str_equal_c(key, "with") ? m->value
						    : words_bind(c, call->module, &m->value));
	}
	out.marks = written->marks;
	return out;
}

static void name_instance(struct compiler *c, struct module *module, const struct call *call,
			  const struct each *each)
{
	const struct module *parent = call->module;
	bool inner = parent->path.length > 0;

	module->path = str_format(c->arena, "%.*s%s%.*s", STR_ARG(parent->path), inner ? "." : "",
				  STR_ARG(call->id));
	module->label = str_format(c->arena, "%.*s%.*s-", STR_ARG(parent->label),
				   STR_ARG(call->id));
	module->tag = str_format(c->arena, "%.*s%.*s/", STR_ARG(parent->tag), STR_ARG(call->id));
	if (!each)
		return;
	module->path = str_format(c->arena, "%.*s['%.*s']", STR_ARG(module->path),
				  STR_ARG(each->key));
	module->label = str_format(c->arena, "%.*s%.*s-", STR_ARG(module->label),
				   STR_ARG(each->key));
	module->tag = str_format(c->arena, "%.*s%.*s:%.*s/", STR_ARG(parent->tag),
				 STR_ARG(call->id), STR_ARG(each->key));
}

/* Do the modules use each other?  It was reported where the files are read. */
static bool is_cycle(const struct call *call, const struct spec_module *from)
{
	for (const struct module *m = call->module; from && m->call; m = m->parent) {
		if (str_equal(m->folder, from->folder))
			return true;
	}
	return false;
}

static bool instance_fits(struct compiler *c, const struct call *call,
			  const struct spec_module *from)
{
	if (is_cycle(call, from))
		return false;
	if (c->modules.count < MODULES_MOST && call->module->depth < MODULE_DEPTH_MOST)
		return true;
	/* What is not there was too deep for the reader, who said so. */
	if (call->module->depth >= MODULE_DEPTH_MOST && !from)
		return false;
	if (call->module->depth >= MODULE_DEPTH_MOST)
		diag_error(c->d, value_get_c(&call->written->value, "source")->span,
			   "E0347 modules nest deeper than %d", MODULE_DEPTH_MOST);
	else
		diag_error(c->d, call->written->key_span, "E0319 the modules have more than %d "
			   "instances", MODULES_MOST);
	return false;
}

static bool instance_add(struct compiler *c, struct call *call, const struct spec_module *from,
			 const struct each *each)
{
	const struct key_set *const sets[] = { &module_keys, NULL };
	struct str title = str_format(c->arena, "module '%.*s'", STR_ARG(call->id));
	const struct each *outer = c->each;
	struct module *module;

	if (!instance_fits(c, call, from))
		return false;
	module = module_add(c);
	module->parent = call->module;
	module->call = call;
	module->each = each;
	module->depth = call->module->depth + 1;
	module->root = value_map();
	name_instance(c, module, call, each);
	*map_put(c->arena, &call->instances, each ? each->key : (struct str){ 0 }) = module;
	c->each = each;
	module->config = keys_of(c, call);
	c->each = outer;
	if (!keys_check(c, &module->config, call->written->key_span, title, sets, true) ||
	    !from)
		return false;
	module->absent = !config_bool(&module->config, "when", true);
	if (module->absent)
		return true;
	module->folder = from->folder;
	module->root = *document_of(c, from);
	module_open(c, module);
	return true;
}

static bool instances_add(struct compiler *c, struct call *call)
{
	const struct value *source = value_get_c(&call->written->value, "source");
	const struct value *for_each = value_get_c(&call->written->value, "for_each");
	const struct spec_module *from = NULL;
	struct each_vec keys;
	bool good = true;

	if (source && source->kind == VALUE_STRING)
		from = spec_module(c->arena, c->spec, call->module->folder, source->string);
	if (!for_each)
		return instance_add(c, call, from, NULL);
	call->keyed = true;
	if (!each_read(c, call->module, for_each,
		       str_format(c->arena, "module '%.*s'", STR_ARG(call->id)), &keys))
		return false;
	for (size_t i = 0; i < keys.count && good; i++)
		good = instance_add(c, call, from, &keys.items[i]);
	return good;
}

bool call_resolve(struct compiler *c, struct call *call, struct span span)
{
	const struct scope *scope = c->scope;
	const struct each *each = c->each;

	if (call->state == WORK_DONE)
		return !call->damaged;
	if (call->state == WORK_BUSY || c->depth >= NESTING_MOST) {
		if (call->state == WORK_BUSY)
			diag_error(c->d, span, "E0329 module '%.*s' refers to itself",
				   STR_ARG(call->id));
		else
			diag_error(c->d, span, "E0330 module '%.*s' nests too deep",
				   STR_ARG(call->id));
		return false;
	}
	call->state = WORK_BUSY;
	c->depth++;
	c->scope = &c->model->scope;
	c->each = NULL;
	call->damaged = !instances_add(c, call);
	c->each = each;
	c->scope = scope;
	c->depth--;
	call->state = WORK_DONE;
	return !call->damaged;
}
