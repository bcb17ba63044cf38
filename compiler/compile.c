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
		expr_parse_all(a, &spec->root, &root, d);
		compile(&c, &root);
		patterns_release(&c);
		fill_model(&c);
	}
	arena_release(&c.own);
	return d->error_count == before;
}
