#include "inverse.h"

#include "base/hash.h"
#include "secret.h"
#include "spec/expr.h"

#define TEXT_LEAST 4			/* of an attribute that is a whole text */
#define PART_LEAST 8			/* of one that stands within a text */
#define DEPTH_MOST 64

struct building {
	struct arena *arena;
	struct inverse *in;
	struct model *model;
	const struct row **rows;	/* one per resource: what it is made of */
	struct map instances;		/* instance -> struct row of now */
	bool *used;			/* one per resource: what is built refers to it */
};

void inverse_tell(struct arena *a, struct inverse *in, struct str address, bool refused,
		  struct str text)
{
	for (size_t i = 0; i < in->notes.count; i++) {
		if (str_equal(in->notes.items[i].address, address) &&
		    str_equal(in->notes.items[i].text, text))
			return;
	}
	*vec_push(a, &in->notes) = (struct inverse_note){ address, text, refused };
}

static void note(struct building *b, struct str address, bool refused, struct str text)
{
	inverse_tell(b->arena, b->in, address, refused, text);
}

/* ---- which rows ---- */

/* As last applied; NULL kind: it was not finished then. */
static struct value applied(const struct row *row)
{
	row_open(row);
	switch (row->status) {
	case ROW_CREATED:
	case ROW_UPDATED:
	case ROW_REPLACED:
		return row->properties;
	case ROW_UPDATING:
		return row->adopting ? value_null() : row->before;
	case ROW_REPLACING:
		return row->previous ? row->previous->properties : value_null();
	case ROW_CREATING:
	case ROW_DELETING:
		return value_null();
	}
	BUG("row of status %d", (int)row->status);
}

static bool is_kept(const struct building *b, struct str address)
{
	return str_list_has(&b->in->keep, address);
}

/* The row that says what is wanted; NULL: nothing of this address is. */
static const struct row *wanted_row(struct building *b, const struct row *then,
				    const struct row *now, struct str address)
{
	if (is_kept(b, address))
		return now;
	if (!then || applied(then).kind == VALUE_MAP)
		return then;
	if (!now)
		return NULL;
	note(b, address, false, STR("it was unfinished then, and stays as it is"));
	return now;
}

static void add_row(struct building *b, const struct row *row)
{
	if (row && applied(row).kind == VALUE_MAP && b->in->schema(b->in->context, row->type))
		b->rows[b->model->resource_count++] = row;
	else if (row)
		note(b, address_text(b->arena, &row->address), true,
		     STR("it is unfinished, or of a type that this effc does not know"));
}

static int compare_rows(const void *a, const void *b)
{
	const struct row *const *left = a, *const *right = b;

	return address_compare(&(*left)->address, &(*right)->address);
}

static void gather_rows(struct building *b)
{
	const struct state *then = b->in->then, *now = b->in->now;

	b->rows = arena_array(b->arena, const struct row *, then->row_count + now->row_count);
	for (size_t i = 0; i < then->row_count; i++) {
		struct str address = address_text(b->arena, &then->rows[i]->address);

		add_row(b, wanted_row(b, then->rows[i], state_find(now, address), address));
	}
	for (size_t i = 0; i < now->row_count; i++) {
		struct str address = address_text(b->arena, &now->rows[i]->address);

		row_open(now->rows[i]);
		if (now->rows[i]->instance.length)
			*map_put(b->arena, &b->instances, now->rows[i]->instance) = now->rows[i];
		if (!state_peek(then, address) && is_kept(b, address))
			add_row(b, now->rows[i]);
	}
	qsort(b->rows, b->model->resource_count, sizeof(*b->rows), compare_rows);
}

/* ---- properties ---- */

static const struct resource *of_spec(const struct building *b, const struct row *row)
{
	uint32_t i = model_find(b->in->spec, address_text(b->arena, &row->address));
	const struct resource *r = i == NO_RESOURCE ? NULL : &b->in->spec->resources[i];

	return r && str_equal(r->schema->type, row->type) ? r : NULL;
}

static bool is_hash(const struct value *v, unsigned depth)
{
	if (depth > DEPTH_MOST)
		return false;
	if (v->kind == VALUE_STRING)
		return v->string.length == 5 + 2 * SHA256_BYTES &&
		       str_starts(v->string, STR("hmac:"));
	for (size_t i = 0; v->kind == VALUE_LIST && i < v->list.count; i++) {
		if (is_hash(&v->list.items[i], depth + 1))
			return true;
	}
	for (uint32_t i = 0; v->kind == VALUE_MAP && i < v->map.count; i++) {
		if (is_hash(&((const struct member *)v->map.entries[i].value)->value, depth + 1))
			return true;
	}
	return false;
}

static struct str digest_of(const struct value *v)
{
	return v->kind == VALUE_MAP ? value_get_str(v, "Bundle") : (struct str){ 0 };
}

/* The property as it can be wanted; NULL: as it is now, which may be not at all. */
static const struct value *possible(struct building *b, const struct row *row, struct str name,
				    const struct value *v, const struct value *now)
{
	struct str address = address_text(b->arena, &row->address), code = digest_of(v);

	if (now && value_equal(v, now))
		return v;
	if (code.length && !b->in->has_code(b->in->context, code)) {
		note(b, address, !now, str_format(b->arena, "its %.*s %s: the code of then is not "
						  "kept any more", STR_ARG(name),
						  now ? "stays as it is" : "cannot be sent"));
		return NULL;
	}
	if (is_hash(v, 0)) {
		note(b, address, !now, str_format(b->arena, "its %.*s %s: the state has only a "
						  "hash of the secret", STR_ARG(name),
						  now ? "stays as it is" : "cannot be set"));
		return NULL;
	}
	return v;
}

/* Secrets that the spec still says are known in the clear. */
static struct value opened(struct building *b, const struct resource *spec,
			   const struct schema *schema, const struct value *properties)
{
	if (!spec)
		return *properties;
	return secret_open(b->arena, schema->driver, b->in->secret_key, properties,
			   &spec->properties);
}

/* The mark is the planner's to add, for the instance that it will be. */
static struct value without_mark(struct building *b, const struct driver *driver,
				 const struct value *v)
{
	struct value out = *v;

	if (driver->owner == OWNER_DESCRIPTION && v->kind == VALUE_STRING) {
		size_t at = str_find(v->string, STR("effortless:instance="));

		out.string = str_trim(str_slice(v->string, 0, at));
	}
	if (v->kind == VALUE_LIST) {
		out = value_list(NULL, 0);
		for (size_t i = 0; i < v->list.count; i++) {
			if (!str_equal_c(value_get_str(&v->list.items[i], "Key"),
					 "effortless:instance"))
				value_append(b->arena, &out, v->list.items[i]);
		}
	}
	if (v->kind == VALUE_MAP) {
		out.map = map_copy(b->arena, &v->map, 0);
		map_remove(&out.map, STR("effortless:instance"));
	}
	return out;
}

static bool is_own_key(const struct row *row, const struct driver *driver, struct str name,
		       const struct value *v)
{
	return driver->owner == OWNER_KEY && str_equal(name, driver->owner_property) &&
	       v->kind == VALUE_STRING && row->instance.length &&
	       str_ends(v->string, row->instance);
}

/* Nothing was said but the mark. */
static bool is_nothing(const struct value *v)
{
	return (v->kind == VALUE_STRING && !v->string.length) ||
	       (v->kind == VALUE_LIST && !v->list.count) ||
	       (v->kind == VALUE_MAP && !v->map.count);
}

static void set_property(struct building *b, const struct row *row, const struct schema *schema,
			 struct value *out, struct str name, const struct value *v)
{
	const struct driver *driver = schema->driver;
	struct str owner = driver && driver->owner_property.length ? driver->owner_property :
			   schema->tag_property;
	struct value kept = *v;

	if (driver && is_own_key(row, driver, name, v))
		return;
	if (driver && (driver->owner == OWNER_TAG || driver->owner == OWNER_DESCRIPTION) &&
	    str_equal(name, owner)) {
		kept = without_mark(b, driver, v);
		if (is_nothing(&kept))
			return;
	}
	value_set(b->arena, out, name, kept);
}

static struct value properties_of(struct building *b, const struct row *row,
				  const struct resource *spec, const struct schema *schema)
{
	struct value then = applied(row), out = value_map(), now_opened = value_null();
	const struct row *now = state_find(b->in->now, address_text(b->arena, &row->address));
	const struct value *now_properties = NULL;

	then = opened(b, spec, schema, &then);
	if (now && str_equal(now->type, row->type)) {
		now_opened = opened(b, spec, schema, &now->properties);
		now_properties = &now_opened;
	}
	for (uint32_t i = 0; i < then.map.count; i++) {
		struct str name = then.map.entries[i].key;
		const struct value *v = &((const struct member *)then.map.entries[i].value)->value;
		const struct value *is = now_properties ? value_get(now_properties, name) : NULL;

		v = possible(b, row, name, v, is);
		if (!v)
			v = is;
		if (v)
			set_property(b, row, schema, &out, name, v);
	}
	return out;
}

/* ---- references ---- */

/* What a row depends on, as texts that may stand in its properties; the longest first. */
struct text_name {
	struct str text;
	uint32_t resource;
	struct str attribute;
};
struct text_names VEC_OF(struct text_name);

static void add_name(struct building *b, struct text_names *names, uint32_t resource,
		     struct str attribute, const struct value *v)
{
	size_t k;

	if (!v || v->kind != VALUE_STRING || v->string.length < TEXT_LEAST)
		return;
	vec_push(b->arena, names);
	for (k = names->count - 1;
	     k > 0 && names->items[k - 1].text.length < v->string.length; k--)
		names->items[k] = names->items[k - 1];
	names->items[k] = (struct text_name){ v->string, resource, attribute };
}

/* "Active" is a word that others say too; an id, an ARN or an address has more than letters. */
static bool is_telling(const struct driver *driver, struct str attribute, const struct value *v)
{
	if (driver && (str_list_has(&driver->key, attribute) ||
		       str_list_has(&driver->stable, attribute)))
		return true;
	if (v->kind != VALUE_STRING)
		return false;
	for (size_t i = 0; i < v->string.length; i++) {
		if (strchr("0123456789:/-", v->string.data[i]))
			return true;
	}
	return false;
}

/* Its name, what the service told, and what the driver's templates say. */
static void add_names(struct building *b, struct text_names *names, uint32_t i)
{
	const struct row *row = b->rows[i];
	const struct resource *r = &b->model->resources[i];
	const struct driver *driver = r->schema->driver;
	struct value then = applied(row), known;

	if (r->name.property.length)
		add_name(b, names, i, r->name.property, value_get(&then, r->name.property));
	for (size_t k = 0; driver && k < driver->known_count; k++) {
		struct str attribute = driver->known[k].attribute;

		if (driver_known(b->arena, driver, &row->scope, &then, attribute, &known))
			add_name(b, names, i, attribute, &known);
	}
	for (uint32_t k = 0; row->attributes.kind == VALUE_MAP && k < row->attributes.map.count;
	     k++) {
		const struct map_entry *entry = &row->attributes.map.entries[k];
		const struct member *m = entry->value;

		if (is_telling(driver, entry->key, &m->value))
			add_name(b, names, i, entry->key, &m->value);
	}
}

static const struct expr *attribute_expr(struct arena *a, const struct text_name *name)
{
	struct expr *e = arena_new(a, struct expr);

	e->kind = EXPR_ATTRIBUTE;
	e->span = SPAN_NONE;
	e->resource = name->resource;
	e->attribute = name->attribute;
	expr_measure(e);
	return e;
}

static const struct expr *text_expr(struct arena *a, struct str text)
{
	struct expr *e = arena_new(a, struct expr);

	e->kind = EXPR_LITERAL;
	e->span = SPAN_NONE;
	e->literal = value_string(text);
	expr_measure(e);
	return e;
}

static struct value value_of_expr(const struct expr *e)
{
	return (struct value){ .kind = VALUE_EXPR, .span = SPAN_NONE, .expr = e };
}

static const struct text_name *name_at(const struct text_names *names, struct str rest)
{
	for (size_t i = 0; i < names->count; i++) {
		if (names->items[i].text.length >= PART_LEAST &&
		    str_starts(rest, names->items[i].text))
			return &names->items[i];
	}
	return NULL;
}

struct parts VEC_OF(const struct expr *);

static void add_text(struct arena *a, struct parts *parts, struct str text)
{
	if (text.length)
		*vec_push(a, parts) = text_expr(a, text);
}

/* A text that begins or goes on with what another thing says: a template of both. */
static struct value template_of(struct building *b, const struct text_names *names,
				const struct value *v)
{
	struct arena *a = b->arena;
	struct parts parts = { 0 };
	struct expr *e;
	size_t start = 0, at = 0;

	while (at < v->string.length) {
		const struct text_name *name =
			name_at(names, str_slice(v->string, at, v->string.length));

		if (!name) {
			at++;
			continue;
		}
		add_text(a, &parts, str_slice(v->string, start, at));
		*vec_push(a, &parts) = attribute_expr(a, name);
		b->used[name->resource] = true;
		start = at += name->text.length;
	}
	if (!start)
		return *v;
	add_text(a, &parts, str_slice(v->string, start, v->string.length));
	e = arena_new(a, struct expr);
	e->kind = EXPR_TEMPLATE;
	e->span = SPAN_NONE;
	e->parts = parts.items;
	e->part_count = parts.count;
	expr_measure(e);
	return value_of_expr(e);
}

static struct value referring(struct building *b, const struct text_names *names,
			      const struct value *v, unsigned depth)
{
	struct value out = *v;

	if (depth > DEPTH_MOST)
		return out;
	if (v->kind == VALUE_STRING) {
		for (size_t i = 0; i < names->count; i++) {
			if (!str_equal(names->items[i].text, v->string))
				continue;
			b->used[names->items[i].resource] = true;
			return value_of_expr(attribute_expr(b->arena, &names->items[i]));
		}
		return template_of(b, names, v);
	}
	if (v->kind == VALUE_LIST) {
		out = value_list(arena_array(b->arena, struct value, v->list.count),
				 v->list.count);
		for (size_t i = 0; i < v->list.count; i++)
			out.list.items[i] = referring(b, names, &v->list.items[i],
						      depth + 1);
	}
	if (v->kind == VALUE_MAP) {
		out = value_map();
		for (uint32_t i = 0; i < v->map.count; i++) {
			const struct member *m = v->map.entries[i].value;

			value_set(b->arena, &out, v->map.entries[i].key,
				  referring(b, names, &m->value, depth + 1));
		}
	}
	return out;
}

/* What is named nowhere was said with depends_on. */
static void link_rest(struct building *b, struct resource *r, const struct row *row)
{
	r->depends_on = arena_array(b->arena, uint32_t, row->edges.count);
	for (size_t k = 0; k < row->edges.count; k++) {
		uint32_t i = model_find(b->model, row->edges.items[k]);

		if (i == NO_RESOURCE)
			continue;
		if (!b->used[i])
			r->depends_on[r->depends_count++] = i;
		b->used[i] = false;
	}
}

static void refer(struct building *b, uint32_t i)
{
	const struct row *row = b->rows[i];
	struct resource *r = &b->model->resources[i];
	struct text_names names = { 0 };
	struct value properties = value_map();

	for (size_t k = 0; k < row->edges.count; k++) {
		uint32_t on = model_find(b->model, row->edges.items[k]);

		if (on != NO_RESOURCE && on != i)
			add_names(b, &names, on);
	}
	for (uint32_t k = 0; k < r->properties.map.count; k++) {
		struct str name = r->properties.map.entries[k].key;
		const struct member *m = r->properties.map.entries[k].value;
		bool own = str_equal(name, r->name.property);

		value_set(b->arena, &properties, name,
			  own ? m->value : referring(b, &names, &m->value, 0));
	}
	r->properties = properties;
	r->known = !value_has_unknown(&properties);
	link_rest(b, r, row);
}

/* ---- the whole ---- */

static const struct lifecycle *renamed_back(struct building *b, const struct row *row)
{
	const struct row *now = map_get(&b->instances, row->instance);
	struct lifecycle *life;

	if (!now || !row->instance.length || address_equal(&now->address, &row->address) ||
	    state_peek(b->in->now, address_text(b->arena, &row->address)))
		return NULL;
	life = arena_new(b->arena, struct lifecycle);
	life->renamed_from.items = arena_new(b->arena, struct str);
	life->renamed_from.items[0] = address_text(b->arena, &now->address);
	life->renamed_from.count = 1;
	life->renamed_span = SPAN_NONE;
	return life;
}

static struct name_request name_of(const struct row *row, const struct resource *spec,
				   const struct schema *schema)
{
	/* A generated name makes way for the next; a text in the spec does not. */
	if (spec && spec->name.property.length && !spec->name.follows)
		return spec->name;
	return (struct name_request){
		.property = row->name.length && schema->driver ?
			schema->driver->name.property : (struct str){ 0 },
		.base = row->name, .fixed = true,
	};
}

static void make_resource(struct building *b, const struct row *row, struct resource *out)
{
	const struct resource *spec = of_spec(b, row);

	out->address = row->address;
	out->kind = spec ? spec->kind : (struct str){ 0 };
	out->schema = b->in->schema(b->in->context, row->type);
	out->scope = row->scope;
	out->guard = row->guard;
	out->retain = row->retain;
	out->span = SPAN_NONE;
	out->name = name_of(row, spec, out->schema);
	out->lifecycle = renamed_back(b, row);
	out->properties = properties_of(b, row, spec, out->schema);
}

static void make_outputs(struct building *b)
{
	const struct value *outputs = &b->in->then->outputs;
	struct text_names names = { 0 };

	if (outputs->kind != VALUE_MAP)
		return;
	for (uint32_t i = 0; i < b->model->resource_count; i++)
		add_names(b, &names, i);
	b->model->outputs = arena_array(b->arena, struct output, outputs->map.count);
	for (uint32_t i = 0; i < outputs->map.count; i++) {
		const struct member *m = outputs->map.entries[i].value;

		b->model->outputs[b->model->output_count++] = (struct output){
			.name = outputs->map.entries[i].key, .span = SPAN_NONE,
			.value = referring(b, &names, &m->value, 0),
		};
	}
}

void inverse_model(struct arena *a, struct inverse *in, struct model *out)
{
	struct building b = { .arena = a, .in = in, .model = out };

	*out = (struct model){
		.schemas = in->spec->schemas, .project = in->spec->project,
		.stage = in->spec->stage,
		.scope = in->spec->scope, .account_pinned = in->spec->account_pinned,
		.tags = value_map(), .rules = in->spec->rules,
		.rule_count = in->spec->rule_count, .sources = in->spec->sources,
		.targets = in->spec->targets, .target_count = in->spec->target_count,
	};
	gather_rows(&b);
	out->resources = arena_array(a, struct resource, out->resource_count);
	b.used = arena_array(a, bool, out->resource_count);
	for (size_t i = 0; i < out->resource_count; i++) {
		make_resource(&b, b.rows[i], &out->resources[i]);
		*map_put(a, &out->by_address, address_text(a, &out->resources[i].address)) =
			&out->resources[i];
	}
	for (uint32_t i = 0; i < out->resource_count; i++)
		refer(&b, i);
	make_outputs(&b);
}

bool inverse_refuses(struct arena *a, struct inverse *in, const struct plan *plan)
{
	struct building b = { .arena = a, .in = in };
	bool any = false;

	for (size_t i = 0; i < plan->action_count; i++) {
		const struct action *act = &plan->actions[i];
		bool there = state_peek(in->now, act->address) != NULL;

		if (act->want == NO_RESOURCE || action_is_of_state(act) ||
		    act->kind == ACTION_COLLECT || is_kept(&b, act->address) ||
		    !is_hash(&plan->model->resources[act->want].properties, 0))
			continue;
		note(&b, act->address, !there, there ?
		     STR("it stays as it is: it has a secret of which the state has only a hash, "
			 "and a change would send that") :
		     STR("it cannot be made again: the state has only a hash of its secret"));
		inverse_keep(a, in, act->address);
		any = true;
	}
	return any;
}

void inverse_keep(struct arena *a, struct inverse *in, struct str address)
{
	struct str *items = arena_array(a, struct str, in->keep.count + 1);

	if (in->keep.count)
		memcpy(items, in->keep.items, in->keep.count * sizeof(*items));
	items[in->keep.count++] = address;
	in->keep.items = items;
}
