#include "lowered.h"

#include "spec/expr.h"

struct lowering {
	struct arena *arena;
	const struct model *model;
	struct str *ids;		/* by resource */
	struct str *existing_ids;
	struct value variables, targets;
	const struct resource *resource;	/* NULL: an output */
	unsigned secret_count;
};

static struct str id_text(struct arena *a, struct str text)
{
	struct buf out;

	buf_init(&out, a);
	for (size_t i = 0; i < text.length; i++) {
		char ch = text.data[i];
		bool word = (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') ||
			    (ch >= '0' && ch <= '9');

		if (word)
			buf_add_char(&out, ch);
		else if (i + 1 < text.length && ch != '\'')
			buf_add_char(&out, '_');
	}
	return buf_str(&out);
}

/* Ids are unique ignoring case. */
static struct str unused_id(struct lowering *l, struct map *used, struct str name)
{
	struct str wanted = id_text(l->arena, name), id = wanted;

	for (unsigned n = 2; !id_is_valid(id) || map_has(used, str_lower(l->arena, id)); n++)
		id = str_format(l->arena, "%.*s_%u", STR_ARG(wanted), n);
	*map_put(l->arena, used, str_lower(l->arena, id)) = l;
	return id;
}

static void ids_choose(struct lowering *l)
{
	const struct model *m = l->model;
	struct map used = { 0 };

	l->ids = arena_array(l->arena, struct str, m->resource_count);
	for (size_t i = 0; i < m->resource_count; i++)
		l->ids[i] = unused_id(l, &used, address_text(l->arena, &m->resources[i].address));
	l->existing_ids = arena_array(l->arena, struct str, m->existing_count);
	for (size_t i = 0; i < m->existing_count; i++)
		l->existing_ids[i] = unused_id(l, &used, m->existing[i].name);
}

/* What exists is referred to by "existing." and its name, keys and modules in it. */
static struct str with_existing_ids(const struct lowering *l, struct str text)
{
	for (size_t i = 0; i < l->model->existing_count; i++) {
		struct str name = STR_JOIN(l->arena, STR("existing."),
					   l->model->existing[i].name, STR("."));

		if (str_contains(text, STR("existing.")))
			text = str_replace(l->arena, text, name,
					   STR_JOIN(l->arena, l->existing_ids[i], STR(".")));
	}
	return text;
}

static void print_attribute(const void *context, struct buf *out, const struct expr *e)
{
	const struct lowering *l = context;

	buf_add(out, l->ids[e->resource]);
	buf_add_char(out, '.');
	buf_add(out, e->attribute);
}

static struct value variable(struct lowering *l, struct str name, bool sensitive)
{
	struct value v = value_map();

	value_set(l->arena, &v, STR("type"), value_string(STR("string")));
	if (sensitive)
		value_set(l->arena, &v, STR("sensitive"), value_bool(true));
	value_set(l->arena, &l->variables, name, v);
	return value_string(str_format(l->arena, "${var.%.*s}", STR_ARG(name)));
}

static struct str own_id(const struct lowering *l)
{
	return l->resource ? l->ids[l->resource - l->model->resources] : STR("output");
}

static struct value code_value(struct lowering *l)
{
	struct value code = value_map();
	struct str key = str_format(l->arena, "%.*s_code", STR_ARG(own_id(l)));

	value_set(l->arena, &code, STR("S3Bucket"), variable(l, STR("code_bucket"), false));
	value_set(l->arena, &code, STR("S3Key"), variable(l, key, false));
	return code;
}

static struct value secret_value(struct lowering *l)
{
	return variable(l, str_format(l->arena, "%.*s_secret%u", STR_ARG(own_id(l)),
				      ++l->secret_count), true);
}

/* Text as it has to be written to mean itself. */
static struct str escaped(struct arena *a, struct str text)
{
	return str_replace(a, str_replace(a, text, STR("${"), STR("$${")), STR("%{"),
			   STR("%%{"));
}

static struct value written(struct lowering *l, const struct value *v);

static struct value written_map(struct lowering *l, const struct value *v)
{
	struct value out = value_map();

	for (uint32_t i = 0; i < v->map.count; i++) {
		const struct member *m = v->map.entries[i].value;

		value_set(l->arena, &out, v->map.entries[i].key, written(l, &m->value));
	}
	return out;
}

static struct value written(struct lowering *l, const struct value *v)
{
	struct value out = *v;
	struct buf text;

	if (v->marks & VALUE_SECRET)
		return secret_value(l);
	switch (v->kind) {
	case VALUE_EXPR:
		buf_init(&text, l->arena);
		expr_print_named(&text, v->expr, print_attribute, l);
		return value_string(with_existing_ids(l, buf_str(&text)));
	case VALUE_STRING:
		return value_string(escaped(l->arena, v->string));
	case VALUE_MAP:
		return l->resource && value_get_c(v, "Bundle") ? code_value(l)
							       : written_map(l, v);
	case VALUE_LIST:
		out = value_list(NULL, 0);
		for (size_t i = 0; i < v->list.count; i++)
			value_append(l->arena, &out, written(l, &v->list.items[i]));
		return out;
	default:
		return out;
	}
}

/* Without the tags that effc puts on everything. */
static struct value own_tags(struct lowering *l, const struct value *tags)
{
	struct value out = tags->kind == VALUE_LIST ? value_list(NULL, 0) : value_map();

	for (size_t i = 0; tags->kind == VALUE_LIST && i < tags->list.count; i++) {
		const struct value *tag = &tags->list.items[i];

		if (!str_starts(value_get_str(tag, "Key"), STR("effortless:")))
			value_append(l->arena, &out, written(l, tag));
	}
	for (uint32_t i = 0; tags->kind == VALUE_MAP && i < tags->map.count; i++) {
		const struct member *m = tags->map.entries[i].value;

		if (!str_starts(tags->map.entries[i].key, STR("effortless:")))
			value_set(l->arena, &out, tags->map.entries[i].key, written(l, &m->value));
	}
	return out;
}

static bool is_empty(const struct value *v)
{
	return (v->kind == VALUE_LIST && !v->list.count) || (v->kind == VALUE_MAP && !v->map.count);
}

static void set_target(struct lowering *l, const struct scope *scope, struct value *block)
{
	struct str name = str_replace(l->arena, scope->region, STR("-"), STR("_"));
	struct value target = value_map();

	if (str_equal(scope->region, l->model->scope.region))
		return;
	value_set(l->arena, &target, STR("region"), value_string(scope->region));
	value_set(l->arena, &l->targets, name, target);
	value_set(l->arena, block, STR("target"), value_string(name));
}

static void set_lifecycle(struct lowering *l, const struct lifecycle *life, struct value *block)
{
	struct value ignored = value_list(NULL, 0);

	for (size_t i = 0; i < life->ignore_count; i++)
		value_append(l->arena, &ignored, value_string(life->ignores[i].text));
	if (life->ignore_count)
		value_set(l->arena, block, STR("ignore_changes"), ignored);
	if (life->replace_when.kind == VALUE_LIST)
		value_set(l->arena, block, STR("replace_when"), written(l, &life->replace_when));
	if (life->import.length)
		value_set(l->arena, block, STR("import"), value_string(life->import));
}

static struct value block_value(struct lowering *l, const struct resource *r)
{
	struct value block = value_map(), after = value_list(NULL, 0);

	l->resource = r;
	set_target(l, &r->scope, &block);
	for (size_t i = 0; i < r->depends_count; i++)
		value_append(l->arena, &after, value_string(l->ids[r->depends_on[i]]));
	if (after.list.count)
		value_set(l->arena, &block, STR("depends_on"), after);
	if (r->retain)
		value_set(l->arena, &block, STR("retain"), value_bool(true));
	if (r->lifecycle)
		set_lifecycle(l, r->lifecycle, &block);
	for (uint32_t i = 0; i < r->properties.map.count; i++) {
		const struct member *m = r->properties.map.entries[i].value;
		struct str name = r->properties.map.entries[i].key;
		bool tags = str_equal(name, r->schema->tag_property);
		struct value v = tags ? own_tags(l, &m->value) : written(l, &m->value);

		if (!tags || !is_empty(&v))
			value_set(l->arena, &block, name, v);
	}
	return block;
}

/* The table at a key of a table, made if it is not there. */
static struct value *enter(struct arena *a, struct value *table, struct str key)
{
	const struct member *m = value_member(table, key);

	return m ? &((struct member *)map_get(&table->map, key))->value
		 : value_set(a, table, key, value_map());
}

static struct value *block_place(struct lowering *l, struct value *root, struct str type)
{
	struct str rest = type, part;
	struct value *at = root;

	while (str_split(&rest, ':', &part))
		if (part.length)
			at = enter(l->arena, at, part);
	return at;
}

/* [existing.AWS.Service.Type.id] and [existing.stack.id]. */
static struct value existing_value(struct lowering *l)
{
	struct value all = value_map();

	l->resource = NULL;
	for (size_t i = 0; i < l->model->existing_count; i++) {
		const struct existing *x = &l->model->existing[i];
		struct value *place = &all, block;

		if (x->schema) {
			place = block_place(l, &all, x->schema->type);
			block = written(l, &x->properties);
		} else {
			place = enter(l->arena, &all, STR("stack"));
			block = value_map();
			value_set(l->arena, &block, STR("project"), value_string(x->project));
			value_set(l->arena, &block, STR("stage"), value_string(x->stage));
		}
		set_target(l, &x->scope, &block);
		value_set(l->arena, place, l->existing_ids[i], block);
	}
	return all;
}

static struct value project_value(struct lowering *l)
{
	const struct model *m = l->model;
	struct value project = value_map();

	value_set(l->arena, &project, STR("name"), value_string(m->project));
	if (m->scope.region.length)
		value_set(l->arena, &project, STR("region"), value_string(m->scope.region));
	if (m->account_pinned)
		value_set(l->arena, &project, STR("account"), value_string(m->scope.account));
	return project;
}

static struct value outputs_value(struct lowering *l)
{
	struct value all = value_map();

	l->resource = NULL;
	for (size_t i = 0; i < l->model->output_count; i++) {
		const struct output *o = &l->model->outputs[i];
		struct value v = value_map();

		value_set(l->arena, &v, STR("value"), written(l, &o->value));
		value_set(l->arena, &all, o->name, v);
	}
	return all;
}

struct value lowered_spec(struct arena *a, const struct model *m)
{
	struct lowering l = {
		.arena = a, .model = m, .variables = value_map(), .targets = value_map(),
	};
	struct value root = value_map(), blocks = value_map(), outputs, existing;

	ids_choose(&l);
	for (size_t i = 0; i < m->resource_count; i++)
		value_set(a, block_place(&l, &blocks, m->resources[i].schema->type), l.ids[i],
			  block_value(&l, &m->resources[i]));
	outputs = outputs_value(&l);
	existing = existing_value(&l);
	value_set(a, &root, STR("project"), project_value(&l));
	if (l.targets.map.count)
		value_set(a, &root, STR("target"), l.targets);
	if (l.variables.map.count)
		value_set(a, &root, STR("variable"), l.variables);
	if (existing.map.count)
		value_set(a, &root, STR("existing"), existing);
	for (uint32_t i = 0; i < blocks.map.count; i++)
		value_set(a, &root, blocks.map.entries[i].key,
			  ((struct member *)blocks.map.entries[i].value)->value);
	if (outputs.map.count)
		value_set(a, &root, STR("output"), outputs);
	return root;
}
