#include <string.h>

#include "build.h"
#include "compiler.h"
#include "kind/kind.h"

/* ${orders.arn}: which attribute of which resource. */

static struct value damaged_value(struct span span)
{
	return (struct value){ .kind = VALUE_NULL, .marks = VALUE_DAMAGED, .span = span };
}

static struct value attribute_value(struct compiler *c, const struct part *p, struct str attribute,
				    const struct expr *e, struct span span)
{
	struct expr *out = arena_new(c->arena, struct expr);

	out->kind = EXPR_ATTRIBUTE;
	out->span = e->span;
	out->resource = p->index;
	out->attribute = attribute;
	return (struct value){ .kind = VALUE_EXPR, .span = span, .expr = out };
}

static struct value report_text(struct compiler *c, const struct expr *e, struct span span)
{
	diag_error(c->d, e->steps[2].span, "E0333 '%.*s' is text and has no parts",
		   STR_ARG(e->steps[1].name));
	diag_help(c->d, "write '%.*s.%.*s'", STR_ARG(e->steps[0].name),
		  STR_ARG(e->steps[1].name));
	return damaged_value(span);
}

static struct value short_value(struct compiler *c, struct block *b,
				const struct short_attribute *s, const struct expr *e,
				struct span span)
{
	struct block *owner = b->stands_for ? b->stands_for : b;
	struct str part = str_from_c(s->part);
	struct value v;
	struct part *p;

	if (!part.length)
		p = owner->primary;
	else if (str_starts(part, STR("stage/")))
		p = map_get(&c->parts, stage_address(c, owner->scope, s->part + strlen("stage/")));
	else
		p = block_part(owner, part);
	if (!p) {
		if (!b->damaged)
			diag_error(c->d, e->steps[1].span, "E0434 %.*s has no part '%s' for '%s'",
				   STR_ARG(b->title), s->part, s->name);
		return damaged_value(span);
	}
	v = attribute_value(c, p, str_from_c(s->attribute), e, span);
	if (s->suffix)
		v = JOIN(c->arena, span, v, value_string(config_text(&b->config, s->suffix, "")));
	return v;
}

static const struct short_attribute *find_short(const struct block *b, const struct expr *e)
{
	for (size_t i = 0; b->kind && e->step_count > 1 && i < b->kind->attribute_count; i++) {
		if (str_equal_c(e->steps[1].name, b->kind->attributes[i].name))
			return &b->kind->attributes[i];
	}
	return NULL;
}

/* A key that its block has written and this version refuses: said where it stands. */
static bool is_refused_key(const struct block *b, struct str name)
{
	for (size_t i = 0; b && b->kind && i < b->kind->keys.count; i++) {
		if (b->kind->keys.items[i].kind == KEY_REFUSED &&
		    str_equal_c(name, b->kind->keys.items[i].name))
			return value_get(&b->body, name) != NULL;
	}
	return false;
}

/* What may stand behind the dot: short attributes, then AWS's. */
static void report_attribute(struct compiler *c, const struct block *b,
			     const struct schema *schema, const struct expr_step *step,
			     struct str title)
{
	VEC(struct str) names = { 0 };
	struct str near;

	if (is_refused_key(b, step->name))
		return;
	for (size_t i = 0; b && b->kind && i < b->kind->attribute_count; i++)
		*vec_push(c->arena, &names) = str_from_c(b->kind->attributes[i].name);
	for (uint32_t i = 0; i < schema->properties.count; i++)
		*vec_push(c->arena, &names) = schema->properties.entries[i].key;
	diag_error(c->d, step->span, "E0422 %.*s has no attribute '%.*s'", STR_ARG(title),
		   STR_ARG(step->name));
	near = suggest(c, step->name, names.items, names.count);
	if (near.length)
		diag_help(c->d, "did you mean '%.*s'?", STR_ARG(near));
}

static bool driver_knows(const struct schema *schema, struct str name)
{
	return schema->driver && str_list_has(&schema->driver->attributes, name);
}

/* Steps below the first: fields of objects, items of lists, keys of maps. */
static void report_field(struct compiler *c, const struct map *fields, const struct expr *e,
			 size_t step)
{
	VEC(struct str) names = { 0 };
	struct str near;

	for (uint32_t i = 0; i < fields->count; i++)
		*vec_push(c->arena, &names) = fields->entries[i].key;
	if (!e->steps[step].name.data) {
		diag_error(c->d, e->steps[step].span, "E0424 there is no item %lld in '%.*s'",
			   (long long)e->steps[step].number, STR_ARG(e->steps[step - 1].name));
		return;
	}
	diag_error(c->d, e->steps[step].span, "E0424 there is no '%.*s' in '%.*s'",
		   STR_ARG(e->steps[step].name), STR_ARG(e->steps[step - 1].name));
	near = suggest(c, e->steps[step].name, names.items, names.count);
	if (near.length)
		diag_help(c->d, "did you mean '%.*s'?", STR_ARG(near));
}

static bool steps_fit(struct compiler *c, const struct schema *schema, const struct expr *e,
		      struct str title)
{
	const struct property *property = schema_property(schema, e->steps[1].name);
	const struct shape *shape = property ? property->shape : NULL;

	if (property && property->write_only) {
		diag_error(c->d, e->steps[1].span, "E0423 '%.*s' of %.*s can be written, not read",
			   STR_ARG(property->name), STR_ARG(title));
		return false;
	}
	for (size_t i = 2; i < e->step_count && shape; i++) {
		const struct shape *outer = shape;

		if (shape->kind == PROPERTY_JSON)
			return true;
		if (shape->kind == PROPERTY_OBJECT) {
			property = map_get(&shape->fields, e->steps[i].name);
			shape = property ? property->shape : NULL;
		} else {
			shape = shape->element;
		}
		if (shape)
			continue;
		report_field(c, &outer->fields, e, i);
		return false;
	}
	return true;
}

bool attribute_fits(struct compiler *c, const struct block *b, const struct schema *schema,
		    const struct expr *e, struct str title)
{
	if (schema_property(schema, e->steps[1].name) || driver_knows(schema, e->steps[1].name))
		return steps_fit(c, schema, e, title);
	report_attribute(c, b, schema, &e->steps[1], title);
	return false;
}

static struct str dotted(struct compiler *c, const struct expr *e)
{
	struct buf b;

	if (e->step_count == 2 && e->steps[1].name.length)
		return e->steps[1].name;
	buf_init(&b, c->arena);
	for (size_t i = 1; i < e->step_count; i++) {
		if (i > 1)
			buf_add_char(&b, '.');
		if (e->steps[i].name.length)
			buf_add(&b, e->steps[i].name);
		else
			buf_printf(&b, "%lld", (long long)e->steps[i].number);
	}
	return buf_str(&b);
}

static struct value part_value(struct compiler *c, struct block *b, struct part *p,
			       const struct expr *e, struct span span)
{
	struct str title = b && !p->resource.address.part.length ? b->title
			 : str_format(c->arena, "'%.*s'",
				      STR_ARG(address_text(c->arena, &p->resource.address)));

	if (!attribute_fits(c, b, p->resource.schema, e, title))
		return damaged_value(span);
	return attribute_value(c, p, dotted(c, e), e, span);
}

static void report_part(struct compiler *c, const struct block *b, const struct expr *e,
			struct str part)
{
	struct str near = block_suggest_part(c, b, part);

	diag_error(c->d, e->steps[0].span, "E0338 %.*s has no part '%.*s'", STR_ARG(b->title),
		   STR_ARG(part));
	if (near.length)
		diag_help(c->d, "did you mean '%.*s/%.*s'?", STR_ARG(b->id), STR_ARG(near));
}

/* One that the type has. */
static struct str example_attribute(const struct schema *schema)
{
	if (schema && !schema_property(schema, STR("Arn")) && schema->identifier_count)
		return schema->identifiers[0];
	return STR("Arn");
}

static struct str block_example(const struct block *b)
{
	return b->kind ? str_from_c(b->kind->attributes[0].name) : example_attribute(b->schema);
}

static bool needs_attribute(struct compiler *c, const struct expr *e, const struct block *b)
{
	if (e->step_count > 1 && !e->steps[1].index)
		return false;
	if (e->step_count > 1)
		diag_error(c->d, e->steps[1].span, "E0425 %.*s has no keys", STR_ARG(b->title));
	else
		diag_error(c->d, e->span, "E0425 %.*s is a block, and an attribute of it is needed",
			   STR_ARG(b->title));
	diag_help(c->d, "for example '%.*s.%.*s'", STR_ARG(e->steps[0].name),
		  STR_ARG(block_example(b)));
	return true;
}

/* A block whose mistakes keep it from being made: only what it could never have is wrong. */
static struct value lookup_unmade(struct compiler *c, const struct block *b, const struct expr *e,
				  struct span span)
{
	const struct schema *schema = b->kind ? schema_find(c->schemas, b->type) : NULL;

	if (schema && e->step_count > 1 && !e->steps[1].index && !find_short(b, e) &&
	    !schema_property(schema, e->steps[1].name) && !driver_knows(schema, e->steps[1].name))
		report_attribute(c, b, schema, &e->steps[1], b->title);
	return damaged_value(span);
}

static struct value lookup_existing(struct compiler *c, const struct block *b,
				    const struct expr *e)
{
	if (e->step_count > 1 && !e->steps[1].index)
		return existing_ask(c, b, e);
	diag_error(c->d, e->span, "E0425 %.*s is a block, and an attribute of it is needed",
		   STR_ARG(b->title));
	if (b->schema)
		diag_help(c->d, "for example '%.*s.%.*s'", STR_ARG(e->steps[0].name),
			  STR_ARG(example_attribute(b->schema)));
	else
		diag_help(c->d, "the name of one of its outputs: '%.*s.NAME'",
			  STR_ARG(e->steps[0].name));
	return damaged_value(e->span);
}

static struct value lookup_block(struct compiler *c, struct block *b, const struct expr *e,
				 struct span span)
{
	const struct short_attribute *s = find_short(b, e);
	struct block *owner = b->stands_for ? b->stands_for : b;

	if (b->absent && !b->damaged) {
		diag_error(c->d, e->steps[0].span, "E0335 %.*s is left out of stage '%.*s'",
			   STR_ARG(b->title), STR_ARG(c->model->stage));
		return damaged_value(span);
	}
	if (b->existing)
		return lookup_existing(c, b, e);
	if (b->damaged && !owner->primary)
		return lookup_unmade(c, b, e, span);
	if (needs_attribute(c, e, b))
		return damaged_value(span);
	if (s && e->step_count > 2)
		return report_text(c, e, span);
	if (s)
		return short_value(c, b, s, e, span);
	if (!owner->primary)
		return damaged_value(span);
	return part_value(c, b, owner->primary, e, span);
}

static struct value lookup_part(struct compiler *c, struct block *b, struct part *p,
				const struct expr *e, struct span span)
{
	if (e->step_count > 1 && !e->steps[1].index)
		return part_value(c, b, p, e, span);
	diag_error(c->d, e->span, "E0425 '%.*s' is a resource, and an attribute of it is needed",
		   STR_ARG(e->steps[0].name));
	diag_help(c->d, "for example '%.*s.%.*s'", STR_ARG(e->steps[0].name),
		  STR_ARG(example_attribute(p->resource.schema)));
	return damaged_value(span);
}

/* "HOME", as a shell calls its variables. */
static bool is_shell_name(struct str word)
{
	for (size_t i = 0; i < word.length; i++) {
		char ch = word.data[i];

		if (!(ch >= 'A' && ch <= 'Z') && ch != '_' && !(i && ch >= '0' && ch <= '9'))
			return false;
	}
	return word.length > 1;
}

static void report_word(struct compiler *c, const struct module *module, const struct expr *e,
			struct str id)
{
	size_t before = c->d->count;

	block_unknown(c, module, e->steps[0].span, id, e->step_count == 1
		      ? "project stage region account partition" : "local");
	if (c->d->count > before && !c->d->items[before].help.length && e->step_count == 1 &&
	    is_shell_name(id))
		diag_help(c->d, "for a shell's own variable write $${%.*s}", STR_ARG(id));
}

/* One of ours: where the part is missing, the mistake that keeps it out was said before. */
static struct value lookup_address(struct compiler *c, const struct expr *e, struct span span)
{
	struct part *p = map_get(&c->parts, e->steps[0].name);

	if (p)
		return part_value(c, p->block, p, e, span);
	CHECK(c->d->error_count > 0);
	return damaged_value(span);
}

/* ${private}: all of them by their keys, each a reference that is asked for again. */
static struct value all_instances(struct compiler *c, struct block *b, const struct expr *e)
{
	for (uint32_t i = b->as_map->map.count; i < b->instances.count; i++) {
		const struct block *one = b->instances.entries[i].value;
		struct expr *item = arena_new(c->arena, struct expr);
		struct value v = { .kind = VALUE_EXPR, .span = e->span, .expr = item };

		*item = *e;
		item->steps = arena_array(c->arena, struct expr_step, 2);
		item->steps[0] = e->steps[0];
		item->steps[1] = (struct expr_step){ .index = true, .name = one->each->key,
						     .span = e->span };
		item->step_count = 2;
		expr_measure(item);
		value_set(c->arena, b->as_map, one->each->key, v);
	}
	return *b->as_map;
}

static bool is_attribute(struct compiler *c, const struct block *b, struct str name)
{
	const struct schema *schema = schema_find(c->schemas, b->type);

	return schema && (schema_property(schema, name) || driver_knows(schema, name));
}

static struct value report_key(struct compiler *c, struct block *b, const struct expr *e)
{
	const struct expr_step *step = &e->steps[1];
	const struct block *first = b->instances.count ? b->instances.entries[0].value : NULL;

	if (first && step->name.length && (find_short(b, e) || is_attribute(c, b, step->name))) {
		diag_error(c->d, step->span, "E0366 %.*s has 'for_each': a key stands before "
			   "'%.*s'", STR_ARG(b->title), STR_ARG(step->name));
		diag_help(c->d, "write '%.*s['%.*s'].%.*s', or 'values(%.*s)[*].%.*s' for all",
			  STR_ARG(b->id), STR_ARG(first->each->key), STR_ARG(step->name),
			  STR_ARG(b->id), STR_ARG(step->name));
	} else {
		block_instance(c, b, step->name, step->span);
	}
	return damaged_value(e->span);
}

static struct value lookup_in(struct compiler *c, struct block *b, struct str part,
			      const struct expr *e)
{
	struct part *p;

	if (!part.length)
		return lookup_block(c, b, e, e->span);
	p = block_part(b, part);
	if (p)
		return lookup_part(c, b, p, e, e->span);
	if (!block_may_have(b, part))
		report_part(c, b, e, part);
	return damaged_value(e->span);
}

/* private['a'].SubnetId: the key is part of the name, as if it were one word. */
static struct value lookup_keyed(struct compiler *c, struct block *b, struct str part,
				 const struct expr *e)
{
	struct expr inner = *e;
	struct block *one;

	if (b->damaged)
		return damaged_value(e->span);
	if (e->step_count == 1 && !part.length)
		return all_instances(c, b, e);
	if (e->step_count == 1) {
		diag_error(c->d, e->span, "E0366 %.*s has 'for_each': one of its keys is needed",
			   STR_ARG(b->title));
		return damaged_value(e->span);
	}
	one = map_get(&b->instances, e->steps[1].name);
	if (!one)
		return report_key(c, b, e);
	inner.step_count = e->step_count - 1;
	inner.steps = arena_array(c->arena, struct expr_step, inner.step_count);
	memcpy(inner.steps, e->steps + 1, inner.step_count * sizeof(*inner.steps));
	inner.steps[0] = (struct expr_step){
		.name = str_format(c->arena, "%.*s['%.*s']", STR_ARG(e->steps[0].name),
				   STR_ARG(one->each->key)),
		.span = e->steps[0].span,
	};
	return lookup_in(c, one, part, &inner);
}

/* existing.zone.Id is zone.Id where nothing but what exists is meant. */
static struct value lookup_word_existing(struct compiler *c, const struct module *module,
					 const struct expr *e)
{
	struct block *b = e->step_count > 1 ? block_find(c, module, e->steps[1].name) : NULL;
	struct expr inner = *e;

	if (b && (b->existing || b->damaged)) {
		inner.steps++;
		inner.step_count--;
		return b->keyed ? lookup_keyed(c, b, (struct str){ 0 }, &inner)
				: lookup_in(c, b, (struct str){ 0 }, &inner);
	}
	if (e->step_count < 2)
		diag_error(c->d, e->span, "E0385 'existing' needs an id: 'existing.zone.Id'");
	else if (!map_has(&module->refused, e->steps[1].name))
		diag_error(c->d, e->steps[1].span, "E0385 there is no existing '%.*s'",
			   STR_ARG(e->steps[1].name));
	return damaged_value(e->span);
}

static struct value lookup_resource(void *context, struct arena *a, const struct expr *e,
				    size_t *used, struct diags *d)
{
	struct compiler *c = context;
	struct span span = e->span;
	const struct module *module;
	struct str word, id, part;
	struct block *b;
	struct part *p;
	size_t slash;

	(void)a;
	(void)used;
	(void)d;
	if (e->kind == EXPR_ATTRIBUTE || str_equal_c(e->steps[0].name, "account") ||
	    is_existing_reference(e))
		return (struct value){ .kind = VALUE_EXPR, .span = span, .expr = e };
	if (e->scope == SCOPE_ADDRESSES)
		return lookup_address(c, e, span);
	module = c->modules.items[e->scope ? e->scope - 1 : 0];
	word = e->steps[0].name;
	if (str_equal_c(word, "existing"))
		return lookup_word_existing(c, module, e);
	slash = str_index(word, '/');
	id = str_slice(word, 0, slash);
	part = str_slice(word, slash + 1, word.length);
	b = block_find(c, module, id);
	if (!b && str_equal_c(id, "stage") && part.length && !map_has(&module->refused, id)) {
		p = map_get(&c->parts, word);
		if (p)
			return lookup_part(c, NULL, p, e, span);
		diag_error(c->d, e->steps[0].span, "E0338 the stage has no part '%.*s'",
			   STR_ARG(part));
		return damaged_value(span);
	}
	if (b && b->contested)
		return damaged_value(span);
	if (b)
		return b->keyed ? lookup_keyed(c, b, part, e) : lookup_in(c, b, part, e);
	report_word(c, module, e, id);
	return damaged_value(span);
}

/* Its keys are known once its module is declared, before any of it is made. */
static struct value lookup_instances(void *context, struct arena *a, const struct expr *e,
				     size_t *used, struct diags *d)
{
	struct compiler *c = context;
	struct block *b = NULL;

	(void)a;
	(void)used;
	(void)d;
	if (e->kind == EXPR_REFERENCE && e->step_count == 1 && e->scope &&
	    e->scope != SCOPE_ADDRESSES)
		b = block_find(c, c->modules.items[e->scope - 1], e->steps[0].name);
	if (b && b->keyed)
		return lookup_keyed(c, b, (struct str){ 0 }, e);
	return (struct value){ .kind = VALUE_EXPR, .span = e->span, .expr = e };
}

struct value instances_bind(struct compiler *c, const struct value *v)
{
	struct expr_scope scope = compile_scope(c, c, lookup_instances);

	return value_evaluate(c->arena, v, &scope, c->d);
}

/* A whole block where one of its attributes was to stand. */
static bool is_left(const struct expr *e)
{
	return e->kind == EXPR_REFERENCE && !str_equal_c(e->steps[0].name, "account") &&
	       !is_existing_reference(e);
}

struct leftovers {
	struct compiler *c;
	const struct part *part;	/* whose edges are found on the way; NULL: none */
	bool any;
};

static void find_left(void *context, struct str path, const struct expr *e)
{
	struct leftovers *left = context;
	struct compiler *c = left->c;
	const struct block *b;

	if (e->kind == EXPR_ATTRIBUTE && left->part &&
	    reference_orders(left->part, path, c->part_list[e->resource], e->attribute))
		*vec_push(&c->own, &c->edges) =
			(struct part_edge){ e->resource, e->span };
	if (!is_left(e))
		return;
	left->any = true;
	b = e->scope == SCOPE_ADDRESSES ? NULL
	  : block_find(c, c->modules.items[e->scope ? e->scope - 1 : 0], e->steps[0].name);
	diag_error(c->d, e->span, "E0425 %.*s is a block, and an attribute of it is needed",
		   STR_ARG(b ? b->title : e->steps[0].name));
	if (b && e->step_count > 1)
		diag_help(c->d, "for example '%.*s['%.*s'].%.*s'", STR_ARG(b->id),
			  STR_ARG(e->steps[1].name), STR_ARG(block_example(b)));
}

static bool is_left_value(const struct value *v)
{
	return v->kind == VALUE_EXPR && is_left(v->expr);
}

/* What holds such a block is no second mistake. */
static struct value strike_left(struct compiler *c, const struct value *v)
{
	struct leftovers left = { .c = c };
	struct value out = *v;
	bool holds = is_left_value(v);

	for (size_t i = 0; v->kind == VALUE_LIST && i < v->list.count; i++)
		holds = holds || is_left_value(&v->list.items[i]);
	for (uint32_t i = 0; v->kind == VALUE_MAP && i < v->map.count; i++)
		holds = holds || is_left_value(&((struct member *)v->map.entries[i].value)->value);
	if (v->kind == VALUE_EXPR && !holds) {
		expr_visit(c->arena, v, find_left, &left);
		holds = left.any;
	}
	if (holds)
		return damaged_value(v->span);
	if (v->kind == VALUE_LIST) {
		out = value_list(NULL, 0);
		for (size_t i = 0; i < v->list.count; i++)
			value_append(c->arena, &out, strike_left(c, &v->list.items[i]));
	} else if (v->kind == VALUE_MAP) {
		out = value_map();
		for (uint32_t i = 0; i < v->map.count; i++) {
			const struct member *m = v->map.entries[i].value;

			member_put(c->arena, &out, v->map.entries[i].key, m->key_span,
				   strike_left(c, &m->value));
		}
	}
	out.marks = v->marks;
	out.span = v->span;
	return out;
}

/* part: whose properties they are; NULL: of nothing that could wait for itself. */
static struct value bind(struct compiler *c, const struct value *v, const struct part *part)
{
	struct leftovers left = { .c = c, .part = part };
	struct expr_scope scope = compile_scope(c, c, lookup_resource);
	struct value out = value_evaluate(c->arena, v, &scope, c->d);
	size_t before = c->edges.count;

	expr_visit(c->arena, &out, find_left, &left);
	if (!left.any)
		return out;
	/* The mistakes are struck, and edges that stood in them. */
	c->edges.count = before;
	out = strike_left(c, &out);
	if (part)
		expr_visit(c->arena, &out, find_left, &left);
	return out;
}

struct value resources_bind(struct compiler *c, const struct value *v)
{
	return bind(c, v, NULL);
}

static bool lacks_function(const struct block *b)
{
	if (!b->damaged || b->absent || !b->kind || !b->kind->has_function)
		return false;
	for (size_t i = 0; i < b->part_count; i++) {
		if (str_equal_c(b->parts[i]->name, "function"))
			return false;
	}
	return true;
}

/* What no part holds, since its function is not made, is looked at where it was written. */
static void bind_unmade(struct compiler *c, const struct block *b)
{
	for (uint32_t i = 0; i < b->body.map.count; i++) {
		const struct member *m = b->body.map.entries[i].value;

		if (!(m->value.marks & VALUE_DAMAGED))
			resources_bind(c, &m->value);
	}
}

void references_bind(struct compiler *c)
{
	for (size_t i = 0; i < c->block_count; i++) {
		if (lacks_function(c->block_list[i]))
			bind_unmade(c, c->block_list[i]);
	}
	/* In the order in which they were made, which is how they lie in memory. */
	for (uint32_t i = 0; i < c->parts.count; i++) {
		struct part *p = c->parts.entries[i].value;
		struct resource *resource = &p->resource;

		if (resource->known)
			continue;
		p->first_edge = c->edges.count;
		resource->properties = bind(c, &resource->properties, p);
		p->edge_count = c->edges.count - p->first_edge;
		resource->known = !value_has_unknown(&resource->properties);
	}
}
