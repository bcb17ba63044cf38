#include "build.h"
#include "compiler.h"
#include "kind/kind.h"

/* Ids and what has them: a header declares a block, or with for_each one for each key. */

bool id_check(struct compiler *c, struct str id, struct span span)
{
	struct str fixed;

	if (id_is_valid(id))
		return true;
	if (id_is_reserved(id)) {
		diag_error(c->d, span, "E0305 '%.*s' is reserved and cannot be an id", STR_ARG(id));
		return false;
	}
	diag_error(c->d, span, "E0306 '%.*s' is no id", STR_ARG(id));
	fixed = str_replace(c->arena, id, STR("-"), STR("_"));
	if (id_is_valid(fixed))
		diag_help(c->d, "write '%.*s': a letter, then letters, digits and '_'",
			  STR_ARG(fixed));
	else
		diag_help(c->d, "a letter, then letters, digits and '_'");
	return false;
}

static void refuse_ids(struct compiler *c, struct module *module, const struct value *v,
		       unsigned levels)
{
	for (uint32_t i = 0; v->kind == VALUE_MAP && i < v->map.count; i++) {
		struct str id = v->map.entries[i].key;

		if (levels > 1)
			refuse_ids(c, module, &((struct member *)v->map.entries[i].value)->value,
				   levels - 1);
		else if (!id_is_valid(id))
			*map_put(c->arena, &module->refused, id) = c;
	}
}

void refused_collect(struct compiler *c, struct module *module)
{
	const struct value *services = value_get_c(&module->root, "AWS");
	const struct value *existing = value_get_c(&module->root, "existing");

	for (size_t i = 0; kind_at(i); i++) {
		const struct value *section = value_get_c(&module->root, kind_at(i)->name);

		if (section)
			refuse_ids(c, module, section, 1);
	}
	if (services)
		refuse_ids(c, module, services, 3);
	if (existing && existing->kind == VALUE_MAP) {
		const struct value *stacks = value_get_c(existing, "stack");

		services = value_get_c(existing, "AWS");
		if (stacks)
			refuse_ids(c, module, stacks, 1);
		if (services)
			refuse_ids(c, module, services, 3);
	}
}

struct block *block_find(struct compiler *c, const struct module *module, struct str text)
{
	size_t open = str_index(text, '[');
	struct str id = str_slice(text, 0, open);
	struct block *b = map_get(&module->blocks, str_folded(&c->own, id));
	struct address address;

	if (!b || !str_equal(b->id, id))
		return NULL;
	if (open == text.length)
		return b;
	return address_parse(c->arena, text, &address) ? map_get(&b->instances, address.key) : NULL;
}

void block_unknown(struct compiler *c, const struct module *module, struct span span,
		   struct str id, const char *words)
{
	struct str rest = str_from_c(words), word, near;
	VEC(struct str) ids = { 0 };

	if (map_has(&module->refused, id))
		return;
	while (str_split(&rest, ' ', &word))
		*vec_push(c->arena, &ids) = word;
	for (uint32_t i = 0; i < module->blocks.count && c->suggestions; i++) {
		const struct block *b = module->blocks.entries[i].value;

		if (b->kind || b->schema || b->existing)
			*vec_push(c->arena, &ids) = b->id;
	}
	near = suggest(c, id, ids.items, ids.count);
	/* Its header may be what could not be read. */
	if (c->damaged && !near.length)
		return;
	diag_error(c->d, span, "E0307 there is no block '%.*s'", STR_ARG(id));
	if (near.length)
		diag_help(c->d, "did you mean '%.*s'?", STR_ARG(near));
}

/* A block of the header's, by its key; NULL after a report. */
struct block *block_instance(struct compiler *c, struct block *b, struct str key,
			     struct span span)
{
	struct block *one = map_get(&b->instances, key);
	VEC(struct str) keys = { 0 };
	struct str near;

	if (one || b->damaged)
		return one;
	for (uint32_t i = 0; i < b->instances.count && c->suggestions; i++)
		*vec_push(c->arena, &keys) = b->instances.entries[i].key;
	diag_error(c->d, span, "E0366 %.*s has no key '%.*s'", STR_ARG(b->title), STR_ARG(key));
	near = suggest(c, key, keys.items, keys.count);
	if (near.length)
		diag_help(c->d, "did you mean '%.*s'?", STR_ARG(near));
	return NULL;
}

bool blocks_named(struct compiler *c, const struct module *module, const struct value *text,
		  struct str *part, struct block_vec *out)
{
	struct address address;
	struct block *b;

	*out = (struct block_vec){ 0 };
	if (!address_parse(c->arena, text->string, &address) || address.module.length ||
	    (address.part.length && !part))
		address = (struct address){ .id = text->string };
	if (part)
		*part = address.part;
	b = block_find(c, module, address.id);
	if (!b) {
		block_unknown(c, module, text->span, address.id, "");
		return false;
	}
	if (!b->keyed && address.has_key) {
		diag_error(c->d, text->span, "E0366 %.*s has no keys", STR_ARG(b->title));
		return false;
	}
	if (b->keyed && address.has_key)
		b = block_instance(c, b, address.key, text->span);
	if (b && !b->keyed)
		*vec_push(c->arena, out) = b;
	for (uint32_t i = 0; b && i < b->instances.count; i++)
		*vec_push(c->arena, out) = b->instances.entries[i].value;
	return b != NULL;
}

struct block *block_named(struct compiler *c, const struct module *module,
			  const struct value *text)
{
	struct block_vec all;
	struct block *b;

	if (!blocks_named(c, module, text, NULL, &all))
		return NULL;
	b = all.count ? all.items[0] : NULL;
	if (b && (!b->each || str_index(text->string, '[') < text->string.length))
		return b;
	diag_error(c->d, text->span, "E0366 '%.*s' has 'for_each': one of its keys is needed",
		   STR_ARG(text->string));
	if (b)
		diag_help(c->d, "for example \"%.*s['%.*s']\"", STR_ARG(text->string),
			  STR_ARG(b->each->key));
	return NULL;
}

/* Where it lives, what it says: with the key that it stands for. */
static void block_read(struct compiler *c, struct block *b, const struct value *written)
{
	c->each = b->each;
	c->scope = b->optioned ? target_scope(c, b->module, written) : &c->model->scope;
	b->misplaced = !c->scope;
	if (b->misplaced)
		c->scope = &c->model->scope;
	b->scope = c->scope;
	b->body = b->unread ? words_bind_written(c, b->module, written, &b->closed)
			    : words_bind(c, b->module, written);
	b->config = b->body;
	b->unread = NULL;
	b->damaged = b->damaged || (b->body.marks & VALUE_DAMAGED);
	c->scope = &c->model->scope;
	c->each = NULL;
}

void block_read_late(struct compiler *c, struct block *b)
{
	if (b->unread)
		block_read(c, b, b->unread);
}

static void block_list_add(struct compiler *c, struct block *b)
{
	c->block_list = vec_room(&c->own, c->block_list, c->block_count, &c->block_capacity,
				 sizeof(*c->block_list));
	c->block_list[c->block_count++] = b;
}

static bool block_fits(struct compiler *c, const struct block *b)
{
	if (c->block_count < BLOCKS_MOST)
		return true;
	if (!c->too_many)
		diag_error(c->d, b->span, "E0319 the spec has more than %d blocks", BLOCKS_MOST);
	c->too_many = true;
	return false;
}

/* A block for each key; the header's own is only what references find. */
static void block_expand(struct compiler *c, struct block *b, const struct value *written,
			 const struct value *for_each)
{
	struct value body = *written;
	struct each_vec keys;

	b->keyed = true;
	b->as_map = arena_new(&c->own, struct value);
	*b->as_map = value_map();
	body.map = map_copy(c->arena, &written->map, 0);
	map_remove(&body.map, STR("for_each"));
	if (!each_read(c, b->module, for_each, b->title, &keys)) {
		b->damaged = true;
		return;
	}
	for (size_t i = 0; i < keys.count && block_fits(c, b); i++) {
		struct block *one = arena_new(&c->own, struct block);

		*one = *b;
		one->keyed = false;
		one->instances = (struct map){ 0 };
		one->each = &keys.items[i];
		*map_put(&c->own, &b->instances, one->each->key) = one;
		block_list_add(c, one);
		block_read(c, one, &body);
	}
}

/* The member with its strings parsed: what is said of it does not wait for its part. */
static const struct member *parsed(struct compiler *c, const struct member *m)
{
	struct member *copy = arena_new(c->arena, struct member);

	copy->key_span = m->key_span;
	expr_parse_all(c->arena, &m->value, &copy->value, c->d);
	return copy;
}

static void report_taken(struct compiler *c, struct module *module, struct block *b,
			 const struct member *m, struct str id)
{
	struct str where = span_text(c->arena, c->spec->sources, b->span);

	diag_error(c->d, m->key_span, "E0308 the id '%.*s' is taken by %.*s%s", STR_ARG(id),
		   STR_ARG(b->title), str_equal(id, b->id) ? "" : ", ignoring case");
	if (where.length)
		diag_help(c->d, "it stands at %.*s", STR_ARG(where));
	b->contested = true;
	if (!str_equal(id, b->id))
		*map_put(c->arena, &module->refused, id) = c;
}

/* False after a report: it is no table. */
static bool is_table(struct compiler *c, struct block *b, const struct member *m, struct str title)
{
	if (m->value.kind == VALUE_MAP)
		return true;
	b->damaged = true;
	b->body.marks = b->config.marks = VALUE_DAMAGED;
	if (m->value.marks & VALUE_DAMAGED)
		return false;
	diag_error(c->d, m->value.span, "E0309 %.*s must be a table", STR_ARG(b->title));
	if (m->value.kind == VALUE_LIST)
		diag_help(c->d, "write [%.*s.%.*s]", STR_ARG(title), STR_ARG(b->id));
	return false;
}

struct block *block_add(struct compiler *c, struct module *module, const struct member *m,
			struct str id, const struct kind *kind, struct str title, struct str type)
{
	bool refused = map_has(&module->refused, id), fits;
	bool optioned = kind || !type.length || raw_has_ours(&m->value);
	bool written = !kind && !c->in_existing && module->raw_is_written;
	const struct value *for_each;
	struct block *b;
	void **place;

	if (written && (optioned || refused)) {
		m = parsed(c, m);
		written = false;
	}
	/* Those that are none stand there already, see refused_collect. */
	if (refused && !id_check(c, id, m->key_span))
		return NULL;
	place = map_put(&c->own, &module->blocks, str_folded(&c->own, id));
	b = *place;
	if (b) {
		if (written)
			parsed(c, m);
		report_taken(c, module, b, m, id);
		return NULL;
	}
	*place = b = arena_new(&c->own, struct block);
	b->id = id;
	b->module = module;
	b->kind = kind;
	b->title = STR_JOIN(&c->own, title, STR(" '"), id, STR("'"));
	b->type = type;
	b->span = m->key_span;
	b->body = b->config = value_map();
	b->scope = &c->model->scope;
	b->existing = c->in_existing;
	b->optioned = optioned;
	if (type.length && !kind)
		raw_schema(c, b);
	for_each = optioned ? value_get_c(&m->value, "for_each") : NULL;
	if (for_each) {
		block_expand(c, b, &m->value, for_each);
		return b;
	}
	fits = block_fits(c, b);
	if (fits)
		block_list_add(c, b);
	b->unread = written ? &m->value : NULL;
	if (!fits)
		block_read_late(c, b);
	if (!written && is_table(c, b, m, title))
		block_read(c, b, &m->value);
	return b;
}
