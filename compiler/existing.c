#include <string.h>

#include "build.h"
#include "compiler.h"
#include "spec/expr.h"

/*
 * What others made: [existing.AWS.Service.Type.id] with the properties that
 * identify it, and [existing.stack.id] for the outputs that another stack
 * publishes.  They are blocks to whoever refers to them, and no part is made of
 * one: it is read while planning, never changed and never kept in the state.
 * References to them stay open until then, as existing.NAME.attribute.
 */
static const struct str existing_word = STR_INIT("existing");

static const struct key meta_items[] = {
	{ .name = "for_each", .kind = KEY_ANY },
	{ .name = "target", .kind = KEY_TEXT },
	{ .name = "when", .kind = KEY_BOOLEAN },
};
static const struct key_set existing_meta_keys = KEY_SET(meta_items);

static bool check_stage(struct compiler *c, const struct value *v, struct str where)
{
	(void)where;
	if (stage_name_is_valid(v->string))
		return true;
	diag_error(c->d, v->span, "E0320 '%.*s' is no name of a stage", STR_ARG(v->string));
	return false;
}

static const struct key stack_items[] = {
	{ .name = "project", .kind = KEY_TEXT, .required = true, .check = project_is_valid },
	{ .name = "stage", .kind = KEY_TEXT, .check = check_stage },
	{ .name = "region", .kind = KEY_TEXT, .check = region_is_valid },
};
static const struct key_set stack_keys = KEY_SET(stack_items);

/* ---- what is declared ---- */

static bool is_meta(struct str name)
{
	const struct key_set *const sets[] = { &existing_meta_keys, NULL };

	return key_find(sets, name) != NULL;
}

static void collect_stacks(struct compiler *c, struct module *module, const struct value *all)
{
	if (all->kind != VALUE_MAP) {
		if (!(all->marks & VALUE_DAMAGED))
			diag_error(c->d, all->span,
				   "E0309 'existing.stack' holds tables: [existing.stack.ID]");
		return;
	}
	for (uint32_t i = 0; i < all->map.count; i++)
		block_add(c, module, all->map.entries[i].value, all->map.entries[i].key, NULL,
			  STR("existing.stack"), (struct str){ 0 });
}

void existing_collect(struct compiler *c, struct module *module, const struct value *all)
{
	c->in_existing = true;
	for (uint32_t i = 0; all->kind == VALUE_MAP && i < all->map.count; i++) {
		const struct member *m = all->map.entries[i].value;
		struct str name = all->map.entries[i].key;

		if (str_equal_c(name, "AWS")) {
			raw_collect(c, module, &m->value);
		} else if (str_equal_c(name, "stack")) {
			collect_stacks(c, module, &m->value);
		} else {
			diag_error(c->d, m->key_span, "E0380 nothing exists as 'existing.%.*s'",
				   STR_ARG(name));
			diag_help(c->d, "write [existing.AWS.Service.Type.ID], or "
				  "[existing.stack.ID] for the outputs of another project");
		}
	}
	c->in_existing = false;
	if (all->kind != VALUE_MAP && !(all->marks & VALUE_DAMAGED))
		diag_error(c->d, all->span,
			   "E0309 'existing' holds tables: [existing.AWS.Service.Type.ID]");
}

/* ---- what identifies it ---- */

struct key_names {
	const struct str *items;
	size_t count;
};

/* A driver reads by its own key; without one the type's identifier is all there is. */
static struct key_names key_of(const struct schema *schema)
{
	if (schema->driver)
		return (struct key_names){ schema->driver->key.items, schema->driver->key.count };
	return (struct key_names){ schema->identifiers, schema->identifier_count };
}

static bool has_name(struct key_names names, struct str name)
{
	for (size_t i = 0; i < names.count; i++) {
		if (str_equal(names.items[i], name))
			return true;
	}
	return false;
}

static struct str names_text(struct compiler *c, struct key_names names)
{
	return str_join(c->arena, STR("' and '"), names.items, names.count);
}

static bool is_attribute(const struct schema *schema, struct str name)
{
	return schema_property(schema, name) ||
	       (schema->driver && str_list_has(&schema->driver->attributes, name));
}

struct openness {
	bool open;
};

/* The account is known once there are credentials, which is before anything is read. */
static void see_reference(void *context, struct str path, const struct expr *e)
{
	struct openness *seen = context;

	(void)path;
	seen->open |= e->kind != EXPR_REFERENCE || !str_equal_c(e->steps[0].name, "account");
}

static bool identifies(struct compiler *c, const struct value *v, struct str name)
{
	struct openness seen = { false };

	if (v->kind == VALUE_STRING || v->marks & VALUE_DAMAGED)
		return true;
	if (v->kind == VALUE_EXPR)
		expr_visit(c->arena, v, see_reference, &seen);
	if (v->kind == VALUE_EXPR && !seen.open)
		return true;
	if (v->kind == VALUE_EXPR)
		diag_error(c->d, v->span, "E0383 '%.*s' must be known before anything is read",
			   STR_ARG(name));
	else
		diag_error(c->d, v->span, "E0403 '%.*s' must be a string, not %s", STR_ARG(name),
			   value_kind_name(v->kind));
	return false;
}

static void report_key(struct compiler *c, const struct block *b, const struct member *m,
		       struct str name)
{
	struct key_names key = key_of(b->schema);
	struct str near = suggest(c, name, key.items, key.count);

	if (is_attribute(b->schema, name)) {
		diag_error(c->d, m->key_span, "E0381 '%.*s' does not identify an %.*s",
			   STR_ARG(name), STR_ARG(b->type));
		diag_help(c->d, "it is found by '%.*s'", STR_ARG(names_text(c, key)));
		return;
	}
	diag_error(c->d, m->key_span, "E0401 %.*s has no property '%.*s'", STR_ARG(b->type),
		   STR_ARG(name));
	if (near.length)
		diag_help(c->d, "did you mean '%.*s'?", STR_ARG(near));
}

static struct value key_values(struct compiler *c, struct block *b)
{
	struct key_names key = key_of(b->schema);
	struct value out = value_map();
	bool good = true, guess = false;

	for (uint32_t i = 0; i < b->body.map.count; i++) {
		const struct member *m = b->body.map.entries[i].value;
		struct str name = b->body.map.entries[i].key;

		if (raw_key_is_ours(name))
			continue;
		if (has_name(key, name)) {
			good &= identifies(c, &m->value, name);
			member_put(c->arena, &out, name, m->key_span, m->value);
		} else {
			report_key(c, b, m, name);
			guess = true;
		}
	}
	for (size_t i = 0; i < key.count && !guess && !b->damaged; i++) {
		if (value_get(&out, key.items[i]))
			continue;
		diag_error(c->d, b->span, "E0382 %.*s needs '%.*s' to be found", STR_ARG(b->title),
			   STR_ARG(key.items[i]));
		good = false;
	}
	b->damaged |= !good || guess;
	return out;
}

/* ---- into the model ---- */

void existing_check(struct compiler *c, struct block *b)
{
	const struct key_set *const stack_sets[] = { &stack_keys, &existing_meta_keys, NULL };
	const struct key_set *const meta_sets[] = { &existing_meta_keys, NULL };
	struct value meta = value_map();
	bool stack = !b->type.length;

	for (uint32_t i = 0; !stack && i < b->body.map.count; i++) {
		const struct member *m = b->body.map.entries[i].value;
		struct str key = b->body.map.entries[i].key;

		if (raw_key_is_ours(key) && is_meta(key))
			member_put(c->arena, &meta, key, m->key_span, m->value);
		else if (raw_key_is_ours(key))
			diag_error(c->d, m->key_span, "E0384 '%.*s' means nothing for what is "
				   "only read", STR_ARG(key));
	}
	if (!keys_check(c, stack ? &b->body : &meta, b->span, b->title,
			stack ? stack_sets : meta_sets, stack))
		b->damaged = true;
	b->absent = !config_bool(&b->body, "when", true);
}

static void stack_emit(struct compiler *c, struct block *b, struct existing *x)
{
	x->project = config_text(&b->body, "project", "");
	x->stage = config_text(&b->body, "stage", "");
	if (!x->stage.length)
		x->stage = c->model->stage;
	x->scope.region = config_text(&b->body, "region", "");
	if (!x->scope.region.length)
		x->scope.region = b->scope->region;
}

void existing_emit(struct compiler *c)
{
	size_t most = 0;

	for (size_t i = 0; i < c->block_count; i++)
		most += c->block_list[i]->existing;
	if (!most)
		return;
	c->model->existing = arena_array(c->arena, struct existing, most);
	for (size_t i = 0; i < c->block_count; i++) {
		struct block *b = c->block_list[i];
		struct address address = block_address(b);
		struct existing *x;

		if (!b->existing || b->absent || (b->type.length && !b->schema))
			continue;
		x = &c->model->existing[c->model->existing_count++];
		*x = (struct existing){
			.name = address_text(c->arena, &address), .schema = b->schema,
			.properties = value_map(), .scope = *b->scope, .span = b->span,
		};
		*map_put(c->arena, &c->model->existing_by_name, x->name) = x;
		if (b->schema)
			x->properties = key_values(c, b);
		else
			stack_emit(c, b, x);
	}
}

/* ---- references ---- */

bool is_existing_reference(const struct expr *e)
{
	return e->kind == EXPR_REFERENCE && str_equal(e->steps[0].name, existing_word) &&
	       e->scope == SCOPE_ADDRESSES;
}

struct value existing_reference(struct compiler *c, const struct block *b, struct span span,
				const char *attribute)
{
	struct address address = block_address(b);
	struct str name = address_text(c->arena, &address);
	struct value v = reference_value(c->arena, span, existing_word, "");
	struct expr *e = arena_new(c->arena, struct expr);
	struct expr_step *steps = arena_array(c->arena, struct expr_step, 3);

	*e = *v.expr;
	steps[0] = e->steps[0];
	steps[1] = (struct expr_step){ .name = name, .span = span };
	steps[2] = (struct expr_step){ .name = str_from_c(attribute), .span = span };
	e->steps = steps;
	e->step_count = 3;
	v.expr = e;
	return v;
}

/* What is secret in it stays where it is: nothing of AWS's secrets gets into a plan. */
static bool may_be_asked(struct compiler *c, const struct block *b, const struct expr_step *step)
{
	const struct driver *driver = b->schema->driver;
	const struct unsupported_rule *rule = driver ? driver_unsupported(driver, step->name)
						     : NULL;

	if (rule) {
		diag_error(c->d, step->span, "E0410 '%.*s' is not supported", STR_ARG(step->name));
		if (rule->reason.length)
			diag_help(c->d, "%.*s", STR_ARG(rule->reason));
		return false;
	}
	if (driver && (str_list_has(&driver->secret, step->name) ||
		       str_list_has(&driver->write_only, step->name))) {
		diag_error(c->d, step->span, "E0423 '%.*s' of %.*s can be written, not read",
			   STR_ARG(step->name), STR_ARG(b->title));
		return false;
	}
	return true;
}

struct value existing_ask(struct compiler *c, const struct block *b, const struct expr *e)
{
	struct address address = block_address(b);
	struct value damaged = { .kind = VALUE_NULL, .marks = VALUE_DAMAGED, .span = e->span };
	struct span span = e->steps[0].span;
	struct expr *out = arena_new(c->arena, struct expr);

	if (b->damaged)
		return damaged;
	if (b->schema && (!attribute_fits(c, b, b->schema, e, b->title) ||
			  !may_be_asked(c, b, &e->steps[1])))
		return damaged;
	*out = *e;
	out->scope = SCOPE_ADDRESSES;
	out->step_count = e->step_count + 1;
	out->steps = arena_array(c->arena, struct expr_step, out->step_count);
	out->steps[0] = (struct expr_step){ .name = existing_word, .span = span };
	out->steps[1] = (struct expr_step){ .name = address_text(c->arena, &address),
					    .span = span };
	memcpy(out->steps + 2, e->steps + 1, (e->step_count - 1) * sizeof(*e->steps));
	return (struct value){ .kind = VALUE_EXPR, .span = e->span, .expr = out };
}

const struct property *existing_property(const struct compiler *c, const struct expr *e)
{
	const struct existing *x = map_get(&c->model->existing_by_name, e->steps[1].name);

	return x && x->schema ? schema_property(x->schema, e->steps[2].name) : NULL;
}

/* ---- what is asked of them ---- */

struct asking {
	struct compiler *c;
	struct map uses;		/* "name attribute" -> itself */
};

static void see_use(void *context, struct str path, const struct expr *e)
{
	struct asking *asking = context;
	struct arena *a = asking->c->arena;
	struct existing *x;
	struct str key;

	(void)path;
	if (!is_existing_reference(e))
		return;
	CHECK(e->step_count > 2);
	x = map_get(&asking->c->model->existing_by_name, e->steps[1].name);
	CHECK(x);
	key = str_format(a, "%.*s %.*s", STR_ARG(x->name), STR_ARG(e->steps[2].name));
	if (map_has(&asking->uses, key))
		return;
	*map_put(a, &asking->uses, key) = x;
	x->uses = vec_room(a, x->uses, x->use_count, &x->use_capacity, sizeof(*x->uses));
	x->uses[x->use_count++] = (struct existing_use){ e->steps[2].name, e->steps[2].span };
}

void existing_uses_find(struct compiler *c)
{
	const struct model *m = c->model;
	struct asking asking = { .c = c };

	if (!m->existing_count)
		return;
	for (size_t i = 0; i < c->part_count; i++) {
		const struct resource *r = &c->part_list[i]->resource;

		expr_visit(c->arena, &r->properties, see_use, &asking);
		if (r->lifecycle)
			expr_visit(c->arena, &r->lifecycle->replace_when, see_use, &asking);
	}
	for (size_t i = 0; i < m->output_count; i++)
		expr_visit(c->arena, &m->outputs[i].value, see_use, &asking);
	for (size_t i = 0; i < m->assertion_count; i++) {
		expr_visit(c->arena, &m->assertions[i].condition, see_use, &asking);
		expr_visit(c->arena, &m->assertions[i].message, see_use, &asking);
	}
}
