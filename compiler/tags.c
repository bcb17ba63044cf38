#include <stddef.h>
#include <string.h>

#include "build.h"
#include "compiler.h"

/*
 * Tags on everything that takes them: what makes it ours to read, then the
 * project's, then the block's, then the raw property's, the later over the
 * earlier.  effortless:instance is added when a plan knows it.
 */
static const struct str ours = STR_INIT("effortless:");

/* More written tags than this are looked up by a map. */
#define WRITTEN_FEW 50

static void merge(struct compiler *c, struct value *tags, const struct value *more)
{
	for (uint32_t i = 0; more && more->kind == VALUE_MAP && i < more->map.count; i++) {
		const struct member *m = more->map.entries[i].value;
		struct value v = m->value;

		if (v.kind == VALUE_INT)
			v = text_value_at(str_format(c->arena, "%lld", (long long)v.integer),
					  v.span);
		else if (v.kind == VALUE_BOOL)
			v = text_value_at(v.boolean ? STR("true") : STR("false"), v.span);
		v.marks = m->value.marks;
		if (v.kind == VALUE_STRING || v.kind == VALUE_EXPR)
			member_put(c->arena, tags, more->map.entries[i].key, m->key_span, v);
	}
}

static struct str type_word(struct compiler *c, struct str type)
{
	return str_lower(c->arena, str_slice(type, str_last_index(type, ':') + 1, type.length));
}

static struct str handler_of(struct compiler *c, const struct part *p)
{
	return p->block ? block_label(c, p->block) : p->resource.address.id;
}

static void put_ours(struct compiler *c, struct value *tags, const struct part *p)
{
	const struct { struct str key, text; } all[] = {
		{ STR("effortless:project"), c->model->project },
		{ STR("effortless:stage"), c->model->stage },
		{ STR("effortless:region"), p->resource.scope.region },
		{ STR("effortless:handler"), handler_of(c, p) },
		{ STR("effortless:type"), type_word(c, p->resource.schema->type) },
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++)
		value_set(c->arena, tags, all[i].key, value_string(all[i].text));
}

/* The outermost first. */
static void merge_modules(struct compiler *c, struct value *tags, const struct module *module)
{
	if (!module->parent)
		return;
	merge_modules(c, tags, module->parent);
	merge(c, tags, config_get(&module->config, "tags"));
}

static bool has_own_tags(const struct block *b)
{
	const struct module *module = b ? b->module : NULL;

	if (b && block_option(b, "tags"))
		return true;
	while (module && !config_get(&module->config, "tags"))
		module = module->parent;
	return module != NULL;
}

static struct value tags_of(struct compiler *c, const struct part *p)
{
	struct value tags = value_map();

	put_ours(c, &tags, p);
	merge(c, &tags, &c->model->tags);
	if (p->block) {
		merge_modules(c, &tags, p->block->module);
		merge(c, &tags, block_option(p->block, "tags"));
	}
	return tags;
}

static bool refuse_key(struct compiler *c, const struct value *key, struct span span)
{
	if (key->kind != VALUE_STRING || !str_starts(key->string, ours))
		return false;
	diag_error(c->d, span, "E0326 '%.*s' cannot be the key of a tag", STR_ARG(key->string));
	diag_help(c->d, "'effortless:' is taken");
	return true;
}

static void merge_map(struct compiler *c, struct value *tags, const struct value *map)
{
	for (uint32_t i = 0; i < map->map.count; i++) {
		const struct member *m = map->map.entries[i].value;
		struct value key = value_string(map->map.entries[i].key);

		if (!refuse_key(c, &key, m->key_span))
			member_put(c->arena, tags, key.string, m->key_span, m->value);
	}
}

/* Auto scaling wants a third word in each: whether instances get the tag. */
static bool takes_third(const struct schema *schema)
{
	const struct property *p = schema_property(schema, schema->tag_property);
	const struct shape *element = p ? p->shape->element : NULL;

	return element && element->kind == PROPERTY_OBJECT &&
	       map_has(&element->fields, STR("PropagateAtLaunch"));
}

/* {Key, Value}, in one piece. */
static struct value item_of(struct compiler *c, struct str key, struct value v)
{
	struct {
		struct map_entry entries[2];
		struct member members[2];
	} *pair = arena_alloc(c->arena, sizeof(*pair), _Alignof(max_align_t));
	struct value item = value_map();

	pair->members[0] = (struct member){ SPAN_NONE, value_string(key) };
	pair->members[1] = (struct member){ SPAN_NONE, v };
	pair->entries[0] = (struct map_entry){ STR("Key"), &pair->members[0] };
	pair->entries[1] = (struct map_entry){ STR("Value"), &pair->members[1] };
	item.map = (struct map){ .entries = pair->entries, .count = 2, .capacity = 2 };
	return item;
}

static struct value as_list(struct compiler *c, const struct schema *schema,
			    const struct value *tags)
{
	struct value list = value_list(NULL, 0);
	bool third = takes_third(schema);

	for (uint32_t i = 0; i < tags->map.count; i++) {
		const struct member *m = tags->map.entries[i].value;
		struct value item = item_of(c, tags->map.entries[i].key, m->value);

		if (third)
			value_set(c->arena, &item, STR("PropagateAtLaunch"), value_bool(true));
		value_append(c->arena, &list, item);
	}
	return list;
}

/* The key of [{Key, Value}]'s item as far as it is one; what is wrong with it, the schema says. */
static const struct value *key_of(const struct value *item)
{
	const struct value *key = value_get_c(item, "Key");

	return key && key->kind == VALUE_STRING ? key : NULL;
}

/* The raw property's items stay as they are written,
and take the place of those with their keys. */
static struct value merge_list(struct compiler *c, struct value *tags, const struct value *written,
			       const struct schema *schema)
{
	struct value list;

	for (size_t i = 0; i < written->list.count; i++) {
		const struct value *key = key_of(&written->list.items[i]);

		if (key && !str_starts(key->string, ours))
			map_remove(&tags->map, key->string);
	}
	list = as_list(c, schema, tags);
	for (size_t i = 0; i < written->list.count; i++) {
		const struct value *key = key_of(&written->list.items[i]);

		if (!key || !refuse_key(c, key, key->span))
			value_append(c->arena, &list, written->list.items[i]);
	}
	return list;
}

/* In the order of tags_of. */
static struct shared_tags *shared_tags_find(struct compiler *c, const struct part *p)
{
	struct str key = STR_JOIN(c->arena, p->resource.schema->type, STR(" "),
				  p->resource.scope.region);
	void **place = map_put(c->arena, &c->shared_tags, key);
	struct shared_tags *s = *place;
	struct value tags;

	if (s)
		return s;
	s = *place = arena_new(c->arena, struct shared_tags);
	s->schema = p->resource.schema;
	s->region = p->resource.scope.region;
	s->third = takes_third(s->schema);
	tags = value_map();
	put_ours(c, &tags, p);
	merge(c, &tags, &c->model->tags);
	s->map = tags.map;
	s->count = tags.map.count;
	s->items = arena_array(c->arena, struct value, s->count);
	for (uint32_t i = 0; i < s->count; i++) {
		const struct member *m = tags.map.entries[i].value;

		s->items[i] = item_of(c, tags.map.entries[i].key, m->value);
		s->open = s->open || value_has_unknown(&m->value);
		if (str_equal_c(tags.map.entries[i].key, "effortless:handler"))
			s->handler = i;
	}
	return s;
}

/* Those of the part before it, mostly. */
static struct shared_tags *shared_tags(struct compiler *c, const struct part *p)
{
	const struct shared_tags *last = c->last_tags;

	if (!last || last->schema != p->resource.schema ||
	    !str_equal(last->region, p->resource.scope.region))
		c->last_tags = shared_tags_find(c, p);
	return c->last_tags;
}

/* [{Key, Value}] that may go over the shared items as it stands, each at a place of its own. */
static bool is_simple(const struct value *written)
{
	if (written->kind != VALUE_LIST || written->list.count > WRITTEN_FEW)
		return false;
	for (size_t i = 0; i < written->list.count; i++) {
		const struct value *item = &written->list.items[i];
		const struct value *key = value_get_c(item, "Key");

		if (!key || key->kind != VALUE_STRING || item->map.count != 2 ||
		    !value_get_c(item, "Value") || str_starts(key->string, ours))
			return false;
	}
	return true;
}

/* Over the shared item of the same key, else behind the last; what is written twice stays so. */
static void put_item(struct value *list, const struct shared_tags *shared,
		     const struct value *item)
{
	struct str key = value_get_str(item, "Key");
	size_t i = 0;

	while (i < shared->count &&
	       (list->list.items[i].span.file != SPAN_NOWHERE ||
		!str_equal(shared->map.entries[i].key, key)))
		i++;
	if (i == shared->count)
		i = list->list.count++;
	list->list.items[i] = *item;
}

/* As item_of makes it; what its key says is the same for all. */
static struct value handler_item(struct compiler *c, const struct shared_tags *s,
				 const struct part *p)
{
	struct {
		struct map_entry entries[2];
		struct member value;
	} *pair = arena_alloc(c->arena, sizeof(*pair), _Alignof(max_align_t));
	struct value item = value_map();

	pair->value = (struct member){ SPAN_NONE, value_string(handler_of(c, p)) };
	pair->entries[0] = s->items[s->handler].map.entries[0];
	pair->entries[1] = (struct map_entry){ STR("Value"), &pair->value };
	item.map = (struct map){ .entries = pair->entries, .count = 2, .capacity = 2 };
	return item;
}

static struct value list_of(struct compiler *c, const struct shared_tags *s,
			    const struct part *p, const struct value *written)
{
	size_t more = written ? written->list.count : 0;
	struct value list = value_list(arena_array(c->arena, struct value, s->count + more),
				       s->count);

	list.list.capacity = s->count + more;
	memcpy(list.list.items, s->items, s->count * sizeof(*s->items));
	list.list.items[s->handler] = handler_item(c, s, p);
	for (size_t i = 0; i < more; i++)
		put_item(&list, s, &written->list.items[i]);
	return list;
}

static struct value map_of(struct compiler *c, const struct shared_tags *s, const struct part *p)
{
	struct member *handler = arena_new(c->arena, struct member);
	struct value map = value_map();

	handler->key_span = SPAN_NONE;
	handler->value = value_string(handler_of(c, p));
	map.map = map_copy(c->arena, &s->map, 0);
	map.map.entries[s->handler].value = handler;
	return map;
}

/* Most parts have these and a few written ones: thousands share all but one or two of them. */
static bool tag_shared(struct compiler *c, struct part *p, const struct value *written)
{
	const struct schema *schema = p->resource.schema;
	struct shared_tags *shared;

	if (has_own_tags(p->block) ||
	    (written && (schema->tags_are_map || !is_simple(written))))
		return false;
	shared = shared_tags(c, p);
	if (shared->third)
		return false;
	p->tags = shared;
	value_replace(c->arena, &p->resource.properties, schema->tag_property,
		      schema->tags_are_map ? map_of(c, p->tags, p)
					   : list_of(c, p->tags, p, written));
	return true;
}

void part_tag(struct compiler *c, struct part *p)
{
	const struct schema *schema = p->resource.schema;
	const struct value *written = value_get(&p->resource.properties, schema->tag_property);
	struct value tags;

	if (!schema->tag_property.length ||
	    (schema->driver && driver_unsupported(schema->driver, schema->tag_property)))
		return;
	if (tag_shared(c, p, written))
		return;
	tags = tags_of(c, p);
	if (written && written->kind == VALUE_EXPR) {
		diag_error(c->d, written->span,
			   "E0432 '%.*s' must be written out, since more tags are "
			   "added to it", STR_ARG(schema->tag_property));
		value_replace(c->arena, &p->resource.properties, schema->tag_property,
			      value_null());
		return;
	}
	if (written && written->kind != (schema->tags_are_map ? VALUE_MAP : VALUE_LIST))
		return;
	if (written && schema->tags_are_map)
		merge_map(c, &tags, written);
	else if (written)
		tags = merge_list(c, &tags, written, schema);
	else if (!schema->tags_are_map)
		tags = as_list(c, schema, &tags);
	value_replace(c->arena, &p->resource.properties, schema->tag_property, tags);
}
