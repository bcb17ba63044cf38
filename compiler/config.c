#include "compiler.h"
#include "function.h"
#include "kind/kind.h"

/*
 * Where every effective value comes from, for `effc config --origin`.  A value
 * keeps the place of its key through all merging, so its origin is the table of
 * the spec that has that place; what has none we made ourselves.  Built in
 * values are read from the parts that a block became, so they are true.
 */
struct origins {
	struct compiler *c;
	struct map places;		/* "file:offset" of a key -> struct str: its table */
	VEC(struct setting) out;
};

/* What a key is where nobody wrote it: a property of one of the block's parts. */
static const struct {
	const char *key, *part, *property, *unit;
} built_in[] = {
	{ "architecture", "function", "Architectures.0", "" },
	{ "batch_size", "mapping", "BatchSize", "" },
	{ "billing", "table", "BillingMode", "" },
	{ "enabled", "schedule", "State", "" },
	{ "log_retention", "logs", "RetentionInDays", "d" },
	{ "memory", "function", "MemorySize", "" },
	{ "runtime", "function", "Runtime", "" },
	{ "timeout", "function", "Timeout", "s" },
	{ "visibility_timeout", "queue", "VisibilityTimeout", "s" },
};

static struct str place_text(struct arena *a, struct span span)
{
	return str_format(a, "%u:%u", span.file, span.start);
}

static void mark(struct origins *o, const struct value *table, const struct str *name)
{
	for (uint32_t i = 0; table->kind == VALUE_MAP && i < table->map.count; i++) {
		const struct member *m = table->map.entries[i].value;

		*map_put(o->c->arena, &o->places, place_text(o->c->arena, m->key_span)) =
			(void *)(uintptr_t)(const void *)name;
		mark(o, &m->value, name);
	}
}

/* Each table of a section: [stage.prod], [defaults.http]. */
static void mark_section(struct origins *o, const char *section)
{
	const struct value *all = value_get_c(&o->c->spec->root, section);

	for (uint32_t i = 0; all && all->kind == VALUE_MAP && i < all->map.count; i++) {
		const struct member *m = all->map.entries[i].value;
		struct str *name = arena_new(o->c->arena, struct str);

		*name = str_format(o->c->arena, "[%s.%.*s]", section,
				   STR_ARG(all->map.entries[i].key));
		mark(o, &m->value, name);
	}
}

static struct str origin_of(const struct origins *o, struct span span, struct str own)
{
	const struct str *name;

	if (span.file == SPAN_NOWHERE)
		return STR("built in");
	name = map_get(&o->places, place_text(o->c->arena, span));
	return name ? *name : own;
}

static void add(struct origins *o, struct str owner, struct str key, struct value v,
		struct str origin, struct span span)
{
	*vec_push(o->c->arena, &o->out) = (struct setting){ owner, key, v, origin, span };
}

/* Tables key by key, since an overlay may have changed one of them. */
static void add_table(struct origins *o, struct str owner, struct str path,
		      const struct value *table, struct str own)
{
	for (uint32_t i = 0; i < table->map.count; i++) {
		const struct member *m = table->map.entries[i].value;
		struct str key = table->map.entries[i].key;

		if (path.length)
			key = str_format(o->c->arena, "%.*s.%.*s", STR_ARG(path), STR_ARG(key));
		if (m->value.kind == VALUE_MAP && m->value.map.count &&
		    !(m->value.marks & VALUE_SECRET))
			add_table(o, owner, key, &m->value, own);
		else
			add(o, owner, key, m->value, origin_of(o, m->key_span, own),
			    m->key_span);
	}
}

/* ---- the settings of the whole ---- */

static void add_region(struct origins *o, const struct value *project)
{
	const struct compile_options *options = o->c->options;
	const struct member *m = value_member(&o->c->settings, STR("region"));
	struct value v = value_string(o->c->model->scope.region);

	if (!m)
		m = value_member(project, STR("region"));
	if (options->region.length)
		add(o, STR("project"), STR("region"), v, options->origins.region, SPAN_NONE);
	else if (m)
		add(o, STR("project"), STR("region"), v,
		    origin_of(o, m->key_span, STR("[project]")), m->key_span);
	else
		add(o, STR("project"), STR("region"), v, options->origins.environment_region,
		    SPAN_NONE);
}

static void add_stage_setting(struct origins *o, const struct value *project, const char *name)
{
	const struct member *m = value_member(&o->c->settings, str_from_c(name));

	if (!m)
		m = value_member(project, str_from_c(name));
	if (m)
		add(o, STR("project"), str_from_c(name), m->value,
		    origin_of(o, m->key_span, STR("[project]")), m->key_span);
}

static void add_project(struct origins *o)
{
	const struct value *project = value_get_c(&o->c->top->root, "project");
	struct value others = value_map();

	add(o, STR("project"), STR("stage"), value_string(o->c->model->stage),
	    o->c->options->origins.stage, SPAN_NONE);
	add_region(o, project);
	add_stage_setting(o, project, "account");
	add_stage_setting(o, project, "protect");
	for (uint32_t i = 0; project && project->kind == VALUE_MAP && i < project->map.count; i++) {
		const struct member *m = project->map.entries[i].value;

		if (!text_in_words(project->map.entries[i].key, "region account protect"))
			*map_put(o->c->arena, &others.map, project->map.entries[i].key) =
				(void *)(uintptr_t)(const void *)m;
	}
	add_table(o, STR("project"), (struct str){ 0 }, &others, STR("[project]"));
}

static struct str variable_origin(const struct origins *o, const struct named *named)
{
	const struct compile_options *options = o->c->options;

	for (size_t i = options->variable_count; i-- > 0;) {
		const struct given_variable *given = &options->variables[i];

		if (!str_equal(given->name, named->name))
			continue;
		return given->flag ? STR("--var")
		     : str_format(o->c->arena, "EFF_VAR_%.*s", STR_ARG(named->name));
	}
	return STR("[variable]");
}

static void add_variables(struct origins *o)
{
	const struct map *all = &o->c->top->variables;

	for (uint32_t i = 0; i < all->count; i++) {
		const struct named *named = all->entries[i].value;
		struct str origin = variable_origin(o, named);
		bool written = str_equal_c(origin, "[variable]");

		add(o, STR("var"), named->name, named->value,
		    written ? origin_of(o, named->span, origin) : origin,
		    written ? named->span : SPAN_NONE);
	}
}

/* ---- blocks ---- */

static void add_built_in(struct origins *o, const struct block *b, struct str owner)
{
	const struct key_set *const sets[] = {
		&b->kind->keys, b->kind->has_function ? &function_keys : NULL, NULL,
	};

	for (size_t i = 0; i < sizeof(built_in) / sizeof(*built_in); i++) {
		const struct part *p = block_part(b, str_from_c(built_in[i].part));
		const struct value *v;
		struct value shown;

		if (!p || value_get_c(&b->config, built_in[i].key) ||
		    !key_find(sets, str_from_c(built_in[i].key)))
			continue;
		v = value_path(&p->resource.properties, str_from_c(built_in[i].property));
		if (!v)
			continue;
		shown = *v;
		if (v->kind == VALUE_INT && *built_in[i].unit)
			shown = value_string(str_format(o->c->arena, "%lld%s",
							(long long)v->integer, built_in[i].unit));
		add(o, owner, str_from_c(built_in[i].key), shown, STR("built in"), SPAN_NONE);
	}
}

static void add_blocks(struct origins *o)
{
	for (size_t i = 0; i < o->c->block_count; i++) {
		const struct block *b = o->c->block_list[i];
		struct address address = block_address(b);
		struct str owner = address_text(o->c->arena, &address);

		if (b->absent)
			continue;
		add_table(o, owner, (struct str){ 0 }, &b->config, STR("block"));
		if (b->kind)
			add_built_in(o, b, owner);
	}
}

void settings_collect(struct compiler *c)
{
	struct origins o = { .c = c };

	if (!c->options->settings)
		return;
	mark_section(&o, "stage");
	mark_section(&o, "defaults");
	add_project(&o);
	add_variables(&o);
	add_blocks(&o);
	c->model->settings = o.out.items;
	c->model->setting_count = o.out.count;
}
