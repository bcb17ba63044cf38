#include "build.h"
#include "function.h"
#include "kind/kind.h"

static struct str shared_name(struct compiler *c, const struct scope *scope, const char *name)
{
	if (!scope->target.length)
		return str_from_c(name);
	return str_format(c->arena, "%.*s_%s", STR_ARG(scope->target), name);
}

struct str stage_address(struct compiler *c, const struct scope *scope, const char *name)
{
	return str_format(c->arena, "stage/%.*s", STR_ARG(shared_name(c, scope, name)));
}

struct value stage_reference(struct compiler *c, struct span span, const char *name,
			     const char *attribute)
{
	return reference_value(c->arena, span, stage_address(c, c->scope, name), attribute);
}

/* Most are no more than an id, which lives as long as the spec. */
static struct str text_of(struct compiler *c, const struct address *address)
{
	if (!address->module.length && !address->has_key && !address->part.length)
		return address->id;
	return address_text(c->arena, address);
}

static struct part *add(struct compiler *c, struct block *b, const char *name,
			const struct schema *schema)
{
	struct part *p = arena_new(&c->own, struct part);
	struct resource *r = &p->resource;
	bool primary = b && (!b->kind || str_equal_c(str_from_c(b->kind->primary), name));

	p->block = b;
	p->name = str_from_c(name);
	p->lowered = true;
	r->schema = schema;
	r->properties = value_map();
	r->scope = *c->scope;
	r->span = b ? b->span : SPAN_NONE;
	r->kind = b && b->kind ? str_from_c(b->kind->name) : (struct str){ 0 };
	r->address = b ? block_address(b) : (struct address){ .id = STR("stage") };
	if (primary)
		b->primary = p;
	else
		r->address.part = b ? p->name : shared_name(c, c->scope, name);
	r->properties.span = r->span;
	*map_put(c->arena, &c->parts, text_of(c, &r->address)) = p;
	c->part_list = vec_room(&c->own, c->part_list, c->part_count, &c->part_capacity,
				sizeof(*c->part_list));
	c->part_list[c->part_count++] = p;
	if (b) {
		b->parts = vec_room(&c->own, b->parts, b->part_count, &b->part_capacity,
				    sizeof(*b->parts));
		b->parts[b->part_count++] = p;
	}
	return p;
}

struct part *part_add(struct compiler *c, struct block *b, const char *name, const char *type)
{
	const struct schema *schema = schema_find(c->schemas, str_from_c(type));

	if (!schema)
		BUG("no facts of %s", type);
	return add(c, b, name, schema);
}

void part_set(struct compiler *c, struct part *p, const char *path, struct value v)
{
	path_set(c->arena, &p->resource.properties, path, v);
}

struct part *block_part(const struct block *b, struct str name)
{
	for (size_t i = 0; i < b->part_count; i++) {
		if (str_equal(b->parts[i]->name, name))
			return b->parts[i];
	}
	return NULL;
}

struct address block_address(const struct block *b)
{
	return (struct address){
		.module = b->module->path, .id = b->id,
		.key = b->each ? b->each->key : (struct str){ 0 }, .has_key = b->each,
	};
}

struct str block_label(struct compiler *c, const struct block *b)
{
	struct str key = b->each ? b->each->key : (struct str){ 0 };

	if (!b->each && !b->module->call)
		return b->id;
	return str_format(c->arena, "%.*s%.*s%s%.*s", STR_ARG(b->module->tag), STR_ARG(b->id),
			  b->each ? ":" : "", STR_ARG(key));
}

struct value block_reference(struct compiler *c, const struct block *b, struct span span,
			     const char *attribute)
{
	struct address address = block_address(b);

	if (b->existing)
		return existing_reference(c, b, span, attribute);
	return reference_value(c->arena, span, address_text(c->arena, &address), attribute);
}

struct value part_reference(struct compiler *c, const struct part *p, const char *attribute)
{
	return reference_value(c->arena, p->resource.span,
			       address_text(c->arena, &p->resource.address), attribute);
}

const struct value *block_option(const struct block *b, const char *name)
{
	return b->optioned ? config_get(&b->config, name) : NULL;
}

static void raw_emit(struct compiler *c, struct block *b)
{
	bool mixed = b->optioned, own = b->unread && !c->options->settings;
	struct part *p;

	block_read_late(c, b);
	if (!b->schema)
		return;
	p = add(c, b, "", b->schema);
	p->lowered = false;
	/* The members are the block's own: whoever changes one replaces it. */
	if (own)
		p->resource.properties.map = b->body.map;
	else if (!mixed)
		p->resource.properties.map = map_copy(c->arena, &b->body.map, PART_ADDED_MOST);
	for (uint32_t i = 0; mixed && i < b->body.map.count; i++) {
		const struct member *m = b->body.map.entries[i].value;
		struct str key = b->body.map.entries[i].key;

		if (!raw_key_is_ours(key))
			member_put(c->arena, &p->resource.properties, key, m->key_span, m->value);
	}
	/* Nobody else adds to it. */
	part_finish(c, p);
}

/* One kind's blocks of one place share what they have in common. */
static void emit_shared(struct compiler *c, const struct kind *kind, struct block **of_place)
{
	size_t count = 0;

	for (size_t i = 0; i < c->block_count; i++) {
		struct block *b = c->block_list[i];

		if (b->kind == kind && !b->absent && b->scope == c->scope)
			of_place[count++] = b;
	}
	if (count)
		kind->emit_stage(c, of_place, count);
}

/* A handler's block looks at those that it names: whether what they say is damaged. */
static void read_for_handlers(struct compiler *c)
{
	bool any = false;

	for (size_t i = 0; i < c->block_count; i++)
		any |= c->block_list[i]->kind != NULL;
	for (size_t i = 0; any && i < c->block_count; i++)
		block_read_late(c, c->block_list[i]);
}

void blocks_emit(struct compiler *c)
{
	struct block **of_place = arena_array(&c->own, struct block *, c->block_count);

	if (!c->parts.count)
		map_reserve(c->arena, &c->parts, (uint32_t)c->block_count);
	read_for_handlers(c);
	for (size_t i = 0; i < c->block_count; i++) {
		struct block *b = c->block_list[i];

		c->scope = b->scope;
		if (b->existing)
			continue;
		if (!b->absent && !b->kind)
			raw_emit(c, b);
		else if (!b->absent)
			b->kind->emit(c, b);
	}
	for (size_t t = 0; t <= c->model->target_count; t++) {
		c->scope = t ? &c->model->targets[t - 1].scope : &c->model->scope;
		for (size_t k = 0; kind_at(k); k++) {
			if (kind_at(k)->emit_stage)
				emit_shared(c, kind_at(k), of_place);
		}
	}
	c->scope = &c->model->scope;
}
