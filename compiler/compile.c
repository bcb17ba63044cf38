#include "compiler.h"

#include "spec/expr.h"

#define SUGGESTIONS_MOST 100

static bool stage_choose(struct compiler *c)
{
	struct str stage = c->options->stage;

	c->model->stage = stage.length ? stage : STR("dev");
	if (stage_name_is_valid(c->model->stage))
		return true;
	diag_error(c->d, SPAN_NONE, "E0320 '%.*s' is no name of a stage", STR_ARG(c->model->stage));
	diag_help(c->d, "a lower-case letter, then lower-case letters and digits");
	return false;
}

static void fill_model(struct compiler *c)
{
	struct model *m = c->model;

	m->resources = arena_array(c->arena, struct resource, c->part_count);
	m->resource_count = c->part_count;
	for (size_t i = 0; i < c->part_count; i++)
		m->resources[i] = c->part_list[i]->resource;
	/* From here on the addresses lead to the resources, no more to the parts. */
	m->by_address = c->parts;
	c->parts = (struct map){ 0 };
	for (uint32_t i = 0; i < m->by_address.count; i++) {
		struct map_entry *entry = &m->by_address.entries[i];

		entry->value = &m->resources[((const struct part *)entry->value)->index];
	}
}

static bool holds_tables(const struct value *v)
{
	for (uint32_t i = 0; v->kind == VALUE_MAP && i < v->map.count; i++) {
		if (((const struct member *)v->map.entries[i].value)->value.kind != VALUE_MAP)
			return false;
	}
	return v->kind == VALUE_MAP;
}

/* [AWS.Service.Type.id] down to the blocks, as it should be, and no overlay over it. */
static bool raw_is_regular(const struct value *root)
{
	const struct value *services = value_get_c(root, "AWS");

	if (!services || services->kind != VALUE_MAP || value_get_c(root, "stage"))
		return false;
	for (uint32_t i = 0; i < services->map.count; i++) {
		const struct member *types = services->map.entries[i].value;

		for (uint32_t k = 0; types->value.kind == VALUE_MAP && k < types->value.map.count;
		     k++) {
			const struct member *blocks = types->value.map.entries[k].value;

			if (!holds_tables(&blocks->value))
				return false;
		}
		if (types->value.kind != VALUE_MAP)
			return false;
	}
	return true;
}

/*
 * Finds the expressions.  Those of raw blocks, which may be thousands, are left for when
 * each is read: so all that is done with one is done while it is in the processor's caches.
 */
static void expressions_find(struct compiler *c, struct value *root)
{
	const struct value *written = &c->spec->root;
	struct member none = { SPAN_NONE, value_map() };
	struct value rest = *written;
	void *raw;

	c->top->raw_is_written = raw_is_regular(written);
	if (!c->top->raw_is_written) {
		expr_parse_all(c->arena, written, root, c->d);
		return;
	}
	raw = map_get(&written->map, STR("AWS"));
	rest.map = map_copy(c->arena, &written->map, 0);
	*map_put(c->arena, &rest.map, STR("AWS")) = &none;
	expr_parse_all(c->arena, &rest, root, c->d);
	*map_put(c->arena, &root->map, STR("AWS")) = raw;
}

static void compile(struct compiler *c, const struct value *root)
{
	overlays_merge(c, root);
	project_read(c);
	module_open(c, c->top);
	project_bind(c);
	targets_collect(c);
	module_fill(c, c->top);
	existing_emit(c);
	outputs_publish(c);
	assertions_collect(c);
	policies_collect(c);
	blocks_emit(c);
	hatches_apply(c);
	parts_finish(c);
	parts_sort(c);
	depends_bind(c);
	lifecycles_set(c);
	references_bind(c);
	outputs_bind(c);
	assertions_bind(c);
	existing_uses_find(c);
	parts_check(c);
	rules_check(c);
	cycles_check(c);
	settings_collect(c);
}

bool model_compile(struct arena *a, const struct spec *spec, struct schemas *schemas,
		   const struct compile_options *options, struct model *out, struct diags *d)
{
	struct compiler c = {
		.arena = a, .schemas = schemas, .options = options, .spec = spec, .d = d,
		.model = out, .scope = &out->scope, .suggestions = SUGGESTIONS_MOST,
		.budget = EXPR_STEP_BUDGET,
	};
	size_t before = d->error_count;
	struct value root;
	bool chosen;

	*out = (struct model){ .schemas = schemas, .sources = spec->sources };
	c.top = module_add(&c);
	c.top->root = c.settings = out->tags = value_map();
	c.boundary = value_null();
	c.damaged = (spec->root.marks & VALUE_DAMAGED) != 0;
	for (size_t i = 0; i < spec->document_count; i++)
		c.damaged |= (spec->documents[i].root.marks & VALUE_DAMAGED) != 0;
	chosen = stage_choose(&c);
	if (chosen) {
		expressions_find(&c, &root);
		compile(&c, &root);
		patterns_release(&c);
		fill_model(&c);
	}
	arena_release(&c.own);
	return d->error_count == before;
}
