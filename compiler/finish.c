#include <stdlib.h>

#include "build.h"
#include "compiler.h"
#include "kind/kind.h"

/* What every part gets once all are there: hatches, names, guards, an index. */

static const struct str hatch_key = STR_INIT("aws");

static void hatch_apply(struct compiler *c, struct block *b, struct str name,
			const struct member *m)
{
	struct part *p = block_part(b, name);
	struct str *names, near;

	if (p && m->value.kind == VALUE_MAP) {
		p->resource.properties = table_merge(c->arena, &p->resource.properties, &m->value);
		return;
	}
	if (block_may_have(b, name) || m->value.kind != VALUE_MAP)
		return;
	names = arena_array(c->arena, struct str, b->part_count);
	for (size_t i = 0; i < b->part_count; i++)
		names[i] = b->parts[i]->name;
	near = block_suggest_part(c, b, name);
	diag_error(c->d, m->key_span, "E0338 %.*s has no part '%.*s'", STR_ARG(b->title),
		   STR_ARG(name));
	if (near.length)
		diag_help(c->d, "did you mean '%.*s'?", STR_ARG(near));
	else if (b->part_count)
		diag_help(c->d, "its parts: %.*s",
			  STR_ARG(str_join(c->arena, STR(" "), names, b->part_count)));
}

void hatches_apply(struct compiler *c)
{
	for (size_t i = 0; i < c->block_count; i++) {
		struct block *b = c->block_list[i];
		const struct value *hatch = b->kind ? value_get(&b->body, hatch_key) : NULL;

		if (b->absent || !hatch || hatch->kind != VALUE_MAP)
			continue;
		for (uint32_t k = 0; k < hatch->map.count; k++)
			hatch_apply(c, b, hatch->map.entries[k].key, hatch->map.entries[k].value);
	}
}

static struct str name_base(struct compiler *c, const struct part *p)
{
	const struct driver *driver = p->resource.schema->driver;
	struct str region = p->resource.scope.region;
	bool away = driver->global && !str_equal(region, c->home_region);
	const struct block *b = p->block;
	const struct each *each = b ? b->each : NULL;
	const struct str none = { 0 }, hyphen = STR("-");

	/* The block is "-orders", or "-cdn-eu-private-a". */
	return STR_JOIN(c->arena, c->model->project, hyphen, c->model->stage,
			b ? hyphen : none, b ? b->module->label : none, b ? b->id : none,
			each ? hyphen : none, each ? each->key : none, str_from_c(p->name_tail),
			away ? hyphen : none, away ? region : none);
}

/* What AWS wants at the end of names of this kind of thing, as a queue's ".fifo". */
static struct str suffix_wanted(const struct part *p, const struct name_rule *rule)
{
	const struct value *on = NULL;

	if (rule->suffix_if.length)
		on = value_path(&p->resource.properties, rule->suffix_if);
	return on && on->kind == VALUE_BOOL && on->boolean ? rule->suffix : (struct str){ 0 };
}

static struct str name_suffix(const struct part *p, const struct name_rule *rule)
{
	struct str wanted = suffix_wanted(p, rule);

	if (wanted.length)
		return wanted;
	return p->lowered ? rule->part : (struct str){ 0 };
}

static void name_part(struct compiler *c, struct part *p)
{
	struct resource *r = &p->resource;
	const struct driver *driver = r->schema->driver;
	const struct value *written;
	struct value name;

	if (!driver || !driver->name.property.length)
		return;
	r->name.property = driver->name.property;
	written = value_get(&r->properties, driver->name.property);
	if (written) {
		r->name.fixed = true;
		r->name.follows = written->kind != VALUE_STRING;
		if (written->kind == VALUE_STRING)
			r->name.base = written->string;
		return;
	}
	r->name.base = name_base(c, p);
	r->name.suffix = name_suffix(p, &driver->name);
	if (p->named_after && p->named_after->resource.schema->driver) {
		const struct resource *other = &p->named_after->resource;

		r->name.base = str_format(c->arena, "%s%.*s", p->name_prefix,
			STR_ARG(name_make(c->arena, &other->schema->driver->name, &other->name,
					  &other->scope, (struct str){ 0 })));
		r->name.suffix = (struct str){ 0 };
	}
	if (driver->name.unique_globally && !r->scope.account.length)
		return;
	name = value_string(name_make(c->arena, &driver->name, &r->name, &r->scope,
				      (struct str){ 0 }));
	name.span = r->span;
	value_replace(c->arena, &r->properties, driver->name.property, name);
}

/* A name that the user wrote is checked; ours fit by their making. */
static void check_written(struct compiler *c, struct part *p, const struct value *v)
{
	struct resource *r = &p->resource;
	struct str wrong;

	if (!r->name.fixed || r->name.follows || v->span.file == SPAN_NOWHERE)
		return;
	wrong = name_check(c->arena, &r->schema->driver->name, v->string,
			   suffix_wanted(p, &r->schema->driver->name));
	if (!wrong.length)
		return;
	diag_error(c->d, v->span, "E0430 the name '%.*s' %.*s", STR_ARG(v->string), STR_ARG(wrong));
	p->name_reported = true;
}

static bool is_key(const struct driver *driver)
{
	return str_list_has(&driver->key, driver->name.property);
}

/* Names must differ within a region of an account, an account, or the world. */
static bool share_names(const struct resource *a, const struct resource *b)
{
	const struct driver *driver = a->schema->driver;

	if (a->schema != b->schema)
		return false;
	if (driver->name.unique_globally)
		return true;
	return str_equal(a->scope.account, b->scope.account) &&
	       (driver->global || str_equal(a->scope.region, b->scope.region));
}

/* Parts of one name, ignoring case. */
struct namesake {
	const struct part *part;
	const struct namesake *next;
};

/* The one before it whose name it takes; NULL: it is the first. */
static const struct part *name_taken(struct arena *a, struct map *seen, const struct part *p,
				     struct str name)
{
	void **place = map_put(a, seen, str_folded(a, name));
	const struct namesake *same = *place;
	struct namesake *mine;

	for (; same; same = same->next) {
		if (share_names(&same->part->resource, &p->resource))
			return same->part;
	}
	mine = arena_new(a, struct namesake);
	mine->part = p;
	mine->next = *place;
	*place = mine;
	return NULL;
}

void part_check_name(struct compiler *c, struct arena *scratch, struct map *seen, struct part *p)
{
	struct resource *r = &p->resource;
	const struct value *v = value_get(&r->properties, r->name.property);
	const struct part *other;

	if (!v || v->kind != VALUE_STRING || !r->schema->driver)
		return;
	check_written(c, p, v);
	if (!is_key(r->schema->driver))
		return;
	other = name_taken(scratch, seen, p, v->string);
	if (!other)
		return;
	diag_error(c->d, r->span, "E0431 '%.*s' and '%.*s' get the same name '%.*s'",
		   STR_ARG(address_text(c->arena, &other->resource.address)),
		   STR_ARG(address_text(c->arena, &r->address)), STR_ARG(v->string));
	diag_help(c->d, "the other one stands at %.*s",
		  STR_ARG(span_text(c->arena, c->spec->sources, other->resource.span)));
}

static enum guard guard_of(const struct part *p)
{
	const struct schema *schema = p->resource.schema;

	/* What a block made for itself goes with it; a queue may still hold messages. */
	if (p->lowered && (!p->block || p->block->primary != p)) {
		return schema->driver && schema->driver->guard == GUARD_SOFT ? GUARD_SOFT
									      : GUARD_NONE;
	}
	if (schema->driver)
		return schema->driver->guard;
	return schema->stateful ? GUARD_HARD : GUARD_NONE;
}

static enum guard stage_guard(const struct compiler *c, enum guard guard)
{
	switch (c->protect) {
	case PROTECT_ALL:
		return guard == GUARD_NONE ? GUARD_NONE : GUARD_HARD;
	case PROTECT_HARD:
		return guard == GUARD_HARD ? GUARD_HARD : GUARD_NONE;
	case PROTECT_NONE:
		return GUARD_NONE;
	case PROTECT_DEFAULT:
		break;
	}
	return guard;
}

/* `protect` of the block: of the thing itself, or with "all" of every part. */
static enum guard block_guard(const struct part *p, enum guard guard)
{
	const struct module *module = p->block ? p->block->module : NULL;
	const struct value *v = p->block ? block_option(p->block, "protect") : NULL;

	for (; !v && module && module->parent; module = module->parent)
		v = config_get(&module->config, "protect");
	if (!v)
		return guard;
	if (v->kind == VALUE_STRING && str_equal_c(v->string, "all"))
		return GUARD_HARD;
	if (p->block->primary != p)
		return guard;
	if (v->kind == VALUE_BOOL)
		return v->boolean ? GUARD_HARD : GUARD_NONE;
	if (v->kind != VALUE_STRING)
		return guard;
	return str_equal_c(v->string, "hard") ? GUARD_HARD
	     : str_equal_c(v->string, "soft") ? GUARD_SOFT : GUARD_NONE;
}

/* Whether anything in it has to be bound; its body was looked at when it was made. */
static bool is_known(const struct part *p)
{
	if (!p->lowered && p->block->closed && p->tags)
		return !p->tags->open;
	return !value_has_unknown(&p->resource.properties);
}

void part_finish(struct compiler *c, struct part *p)
{
	struct resource *r = &p->resource;

	if (p->finished)
		return;
	p->finished = true;
	name_part(c, p);
	part_tag(c, p);
	r->guard = block_guard(p, stage_guard(c, guard_of(p)));
	if (p->block && p->block->primary == p && p->block->optioned)
		r->retain = config_bool(&p->block->config, "retain", false);
	r->known = is_known(p);
}

/* All of one part while it is at hand; first those whose names others take up. */
void parts_finish(struct compiler *c)
{
	for (size_t i = 0; i < c->part_count; i++) {
		if (!c->part_list[i]->named_after)
			part_finish(c, c->part_list[i]);
	}
	for (size_t i = 0; i < c->part_count; i++) {
		if (c->part_list[i]->named_after)
			part_finish(c, c->part_list[i]);
	}
}

/* The beginning of an id as a number tells most parts apart without a look at them. */
struct order {
	uint64_t head;
	struct part *part;
};

static struct order order_of(struct part *p)
{
	const struct address *address = &p->resource.address;
	struct order order = { 0, p };

	for (size_t i = 0; i < sizeof(order.head); i++) {
		order.head <<= 8;
		if (i < address->id.length)
			order.head |= (unsigned char)address->id.data[i];
	}
	/* Those of modules come behind all others, by their whole address. */
	if (address->module.length)
		order.head = UINT64_MAX;
	return order;
}

static int compare_orders(const void *a, const void *b)
{
	const struct order *left = a, *right = b;

	if (left->head != right->head)
		return left->head < right->head ? -1 : 1;
	return address_compare(&left->part->resource.address, &right->part->resource.address);
}

void parts_sort(struct compiler *c)
{
	struct arena scratch;
	struct order *orders;

	arena_init(&scratch);
	orders = arena_array(&scratch, struct order, c->part_count);
	for (size_t i = 0; i < c->part_count; i++)
		orders[i] = order_of(c->part_list[i]);
	if (c->part_count)
		qsort(orders, c->part_count, sizeof(*orders), compare_orders);
	for (size_t i = 0; i < c->part_count; i++) {
		c->part_list[i] = orders[i].part;
		c->part_list[i]->index = (uint32_t)i;
	}
	arena_release(&scratch);
}
