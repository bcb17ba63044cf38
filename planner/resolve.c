#include "work.h"

#define ADDED_MOST 2			/* properties that a plan adds: a name, the owner */
#define SUFFIX_LENGTH 6			/* of the instance id, in the name of a later generation */

/* ---- final properties ---- */

struct evaluation {
	const struct plan *plan;
	const struct attribute_source *source;
	struct scope scope;
	size_t budget;
};

static struct value scope_word(struct arena *a, struct str text, const char *reason)
{
	if (text.length)
		return value_string(text);
	return value_unknown(a, str_from_c(reason), (struct str){ 0 });
}

static struct value lookup(void *context, struct arena *a, const struct expr *e, size_t *used,
			   struct diags *d)
{
	const struct evaluation *ev = context;

	(void)d;
	if (e->kind == EXPR_ATTRIBUTE)
		return ev->source->attribute(ev->source->context, a, e->resource, e->attribute);
	if (e->kind == EXPR_REFERENCE && str_equal_c(e->steps[0].name, "existing"))
		return existing_lookup(a, ev->plan, e, used);
	if (e->kind == EXPR_REFERENCE && e->step_count == 1) {
		struct str word = e->steps[0].name;

		if (str_equal_c(word, "account"))
			return scope_word(a, ev->scope.account,
					  "the account is not known without credentials");
		if (str_equal_c(word, "region"))
			return scope_word(a, ev->scope.region, "the region is not known");
		if (str_equal_c(word, "partition"))
			return scope_word(a, ev->scope.partition, "the partition is not known");
	}
	BUG("the model holds a reference that the compiler left unbound");
}

struct scope scope_complete(const struct plan *plan, const struct scope *scope)
{
	struct scope out = *scope;

	if (out.account.length)
		return out;
	out.account = plan->model->scope.account;
	if (!out.account.length && plan->state)
		out.account = plan->state->pin.account;
	return out;
}

struct scope plan_scope(const struct plan *plan, uint32_t resource)
{
	return scope_complete(plan, &plan->model->resources[resource].scope);
}

static struct value no_attribute(void *context, struct arena *a, uint32_t resource, struct str name)
{
	(void)context;
	(void)a;
	BUG("'%.*s' of resource %u where none may stand", STR_ARG(name), resource);
}

struct value scope_evaluate(struct arena *a, const struct plan *plan, const struct scope *scope,
			    const struct value *v)
{
	struct attribute_source source = { NULL, no_attribute };
	struct evaluation ev = { plan, &source, *scope, EXPR_STEP_BUDGET };
	struct expr_scope words = { .context = &ev, .lookup = lookup, .budget = &ev.budget };

	return value_evaluate(a, v, &words, NULL);
}

static struct value instance_value(struct arena *a, const struct plan *plan, uint32_t resource)
{
	struct str instance = plan->resolved[resource].instance;

	if (instance.length)
		return value_string(instance);
	return value_unknown(a, STR("the instance id is made with the first apply"),
			     (struct str){ 0 });
}

/* With "effc-" or the like before the id; unknown with that beginning if it is not known. */
static struct value with_instance(struct arena *a, const struct plan *plan, uint32_t resource,
				  struct str before)
{
	struct value v = instance_value(a, plan, resource);

	if (v.kind == VALUE_UNKNOWN)
		return value_unknown(a, v.unknown->reason, before);
	else
		v.string = str_format(a, "%.*s%.*s", STR_ARG(before), STR_ARG(v.string));
	return v;
}

static void add_tag(struct arena *a, const struct plan *plan, uint32_t resource, struct value *map)
{
	const struct schema *schema = plan->model->resources[resource].schema;
	const struct driver *driver = schema->driver;
	struct str property = driver && driver->owner_property.length ?
		driver->owner_property : schema->tag_property;
	const struct value *old = value_get(map, property);
	struct value tags, tag = value_map();

	if (!property.length || (old && old->kind != VALUE_LIST && old->kind != VALUE_MAP))
		return;
	if (old ? old->kind == VALUE_MAP : schema->tags_are_map) {
		tags = value_map();
		if (old)
			tags.map = map_copy(a, &old->map, 1);
		value_replace(a, &tags, STR("effortless:instance"),
			      instance_value(a, plan, resource));
	} else {
		size_t count = old ? old->list.count : 0;

		map_reserve(a, &tag.map, 2);
		tags = value_list(arena_array(a, struct value, count + 1), count + 1);
		if (count)
			memcpy(tags.list.items, old->list.items, count * sizeof(struct value));
		value_set(a, &tag, STR("Key"), value_string(STR("effortless:instance")));
		value_set(a, &tag, STR("Value"), instance_value(a, plan, resource));
		tags.list.items[count] = tag;
	}
	if (old)
		tags.span = old->span;
	value_replace(a, map, property, tags);
}

static void add_owner(struct arena *a, const struct plan *plan, uint32_t resource,
		      struct value *map)
{
	const struct schema *schema = plan->model->resources[resource].schema;
	const struct driver *driver = schema->driver;
	enum owner_kind owner = driver ? driver->owner : OWNER_TAG;
	const struct value *old = driver ? value_get(map, driver->owner_property) : NULL;
	const struct property *property = driver ?
		schema_property(schema, driver->owner_property) : NULL;

	if (owner == OWNER_TAG) {
		add_tag(a, plan, resource, map);
	} else if (property && property->read_only) {
		return;			/* the driver itself makes it of the instance */
	} else if (owner == OWNER_KEY && !old) {
		value_replace(a, map, driver->owner_property,
			      with_instance(a, plan, resource, STR("effc-")));
	} else if (owner == OWNER_DESCRIPTION && (!old || old->kind == VALUE_STRING)) {
		struct str text = str_format(a, "%.*s%seffortless:instance=",
					     STR_ARG(old ? old->string : (struct str){ 0 }),
					     old && old->string.length ? " " : "");

		value_replace(a, map, driver->owner_property,
			      with_instance(a, plan, resource, text));
	}
}

/* Leaving out what was set means what AWS assumes; an update has to say so. */
static void add_defaults(struct arena *a, const struct plan *plan, uint32_t resource,
			 struct value *map)
{
	const struct driver *driver = plan->model->resources[resource].schema->driver;
	const struct row *row = plan->resolved[resource].row;

	if (!driver || !row || driver->defaults.kind != VALUE_MAP)
		return;
	row_open(row);
	for (uint32_t i = 0; i < driver->defaults.map.count; i++) {
		struct str name = driver->defaults.map.entries[i].key;
		const struct member *member = driver->defaults.map.entries[i].value;

		if (value_get(map, name))
			continue;
		if (value_get(&row->properties, name) || value_get(&row->before, name))
			value_replace(a, map, name, member->value);
	}
}

static bool is_string(const struct value *v, struct str s)
{
	return v && v->kind == VALUE_STRING && str_equal(v->string, s);
}

struct value resource_evaluate(struct arena *a, const struct plan *plan, uint32_t resource,
			       const struct attribute_source *source, const struct value *v,
			       struct diags *d)
{
	struct evaluation ev = { plan, source, plan_scope(plan, resource), EXPR_STEP_BUDGET };
	struct expr_scope scope = { .context = &ev, .lookup = lookup, .budget = &ev.budget };

	return value_evaluate(a, v, &scope, d);
}

/* All but the defaults, which only what was applied can tell. */
static struct value own_properties(struct arena *a, const struct plan *plan, uint32_t resource,
				   const struct attribute_source *source, struct diags *d)
{
	const struct resource *r = &plan->model->resources[resource];
	struct value map = r->properties;
	struct str name = plan->resolved[resource].name;

	if (!r->known)
		map = resource_evaluate(a, plan, resource, source, &r->properties, d);
	CHECK(map.kind == VALUE_MAP);
	/* Its members are the model's: they are replaced, never changed. */
	map.map = map_copy(a, &map.map, ADDED_MOST);
	if (r->name.property.length && !r->name.fixed && !r->name.follows && name.length &&
	    !is_string(value_get(&map, r->name.property), name))
		value_replace(a, &map, r->name.property, value_string(name));
	add_owner(a, plan, resource, &map);
	return map;
}

struct value plan_properties(struct arena *a, const struct plan *plan, uint32_t resource,
			     const struct attribute_source *source, struct diags *d)
{
	struct value map = own_properties(a, plan, resource, source, d);

	map = plan_ignored(a, plan, resource, &map);
	add_defaults(a, plan, resource, &map);
	return map;
}

/* ---- attributes ---- */

/* A name with dots may be one attribute or a path into one. */
static const struct value *find(const struct value *map, struct str name)
{
	const struct value *v = map ? value_get(map, name) : NULL;

	return v ? v : map ? value_path(map, name) : NULL;
}

struct value plan_attribute(struct arena *a, const struct plan *plan, uint32_t resource,
			    struct str name, const struct value *properties,
			    const struct value *attributes)
{
	const struct driver *driver = plan->model->resources[resource].schema->driver;
	struct scope scope = plan_scope(plan, resource);
	const struct value *v = find(properties, name);
	struct value known;
	bool foretold = false;

	if (!value_is_absent(v))
		return *v;
	if (driver)
		foretold = driver_known(a, driver, &scope, properties, name, &known);
	if (foretold && known.kind != VALUE_UNKNOWN)
		return known;
	v = find(attributes, name);
	if (!value_is_absent(v))
		return *v;
	if (foretold)
		return known;
	v = driver ? find(&driver->defaults, name) : NULL;
	if (!value_is_absent(v))
		return *v;
	return value_unknown(a, str_format(a, "'%.*s' of '%.*s' is known after it is applied",
					STR_ARG(name), STR_ARG(plan->resolved[resource].address)),
			     (struct str){ 0 });
}

struct value plan_outputs(struct arena *a, const struct plan *plan,
			  const struct attribute_source *source, struct diags *d)
{
	struct value outputs = value_map();
	struct evaluation ev = { plan, source, scope_complete(plan, &plan->model->scope),
				 EXPR_STEP_BUDGET };
	struct expr_scope scope = { .context = &ev, .lookup = lookup, .budget = &ev.budget };

	for (size_t i = 0; i < plan->model->output_count; i++) {
		const struct output *output = &plan->model->outputs[i];
		struct value v = value_evaluate(a, &output->value, &scope, d);

		value_set(a, &outputs, output->name, v);
	}
	return outputs;
}

enum holds plan_holds(struct arena *a, const struct plan *plan, uint32_t assertion,
		      const struct attribute_source *source, struct str *message)
{
	const struct assertion *as = &plan->model->assertions[assertion];
	struct evaluation ev = {
		plan, source, scope_complete(plan, &plan->model->scope), EXPR_STEP_BUDGET,
	};
	struct expr_scope scope = { .context = &ev, .lookup = lookup, .budget = &ev.budget };
	struct value holds = value_evaluate(a, &as->condition, &scope, NULL), text;

	if (value_has_unknown(&holds))
		return HOLDS_UNKNOWN;
	if (holds.kind == VALUE_BOOL && holds.boolean)
		return HOLDS_YES;
	text = value_evaluate(a, &as->message, &scope, NULL);
	*message = holds.kind == VALUE_BOOL ? assertion_message(&text)
		 : str_format(a, "its condition is no boolean, but %s",
			      value_kind_name(holds.kind));
	return HOLDS_NO;
}

/* An update may change an attribute unless the driver says otherwise. */
static bool survives_update(const struct driver *driver, const struct change_vec *changes,
			    struct str name)
{
	bool listed = false;

	if (!driver)
		return false;
	if (str_list_has(&driver->stable, name))
		return true;
	for (size_t i = 0; i < driver->known_count; i++) {
		if (str_equal(driver->known[i].attribute, name))
			return true;
	}
	for (size_t i = 0; i < driver->volatile_count; i++) {
		const struct volatile_rule *rule = &driver->volatiles[i];

		if (!str_list_has(&rule->attributes, name))
			continue;
		listed = true;
		for (size_t k = 0; k < changes->count; k++) {
			if (path_fits(rule->property, changes->items[k].path, true))
				return false;
		}
	}
	return listed;
}

static struct value work_attribute(void *context, struct arena *a, uint32_t resource,
				   struct str name)
{
	struct work *w = context;
	const struct decision *decision = &w->decided[resource];
	const struct resolved *resolved = &w->plan->resolved[resource];
	const struct driver *driver = w->model->resources[resource].schema->driver;
	const struct observed *seen = work_seen(w, resolved->address);
	bool changes;
	struct value v;

	/* What becomes ours is there, and says it itself. */
	if (decision->action.kind == ACTION_ADOPT)
		return plan_attribute(a, w->plan, resource, name, &resolved->properties,
				      seen && seen->seen == SEEN_FOUND ? &seen->attributes : NULL);
	changes = decision->action.kind == ACTION_UPDATE || decision->stands;
	if ((decision->fresh && !decision->stands) || !resolved->row ||
	    (changes && !survives_update(driver, &decision->action.changes, name)))
		return plan_attribute(a, w->plan, resource, name, &resolved->properties, NULL);
	v = plan_attribute(a, w->plan, resource, name, &resolved->properties,
			   seen && seen->seen == SEEN_FOUND ? &seen->attributes : NULL);
	if (v.kind == VALUE_UNKNOWN) {
		row_open(resolved->row);
		v = plan_attribute(a, w->plan, resource, name, &resolved->properties,
				   &resolved->row->attributes);
	}
	return v;
}

struct attribute_source work_source(struct work *w)
{
	return (struct attribute_source){ w, work_attribute };
}

/* ---- identity ---- */

static bool is_generated(const struct resource *r)
{
	return r->name.property.length && !r->name.fixed && !r->name.follows && r->schema->driver;
}

void resolve_new(struct work *w, uint32_t i, uint32_t generation, bool beside)
{
	const struct resource *r = &w->model->resources[i];
	struct resolved *out = &w->plan->resolved[i];
	struct scope scope = plan_scope(w->plan, i);
	struct str suffix = { 0 };

	out->generation = generation;
	out->name = (struct str){ 0 };
	out->instance = (struct str){ 0 };
	if (w->state->lineage.length && scope.account.length)
		out->instance = instance_id(w->arena, w->state->lineage, &scope, out->address,
					    generation);
	if (beside)
		suffix = str_slice(out->instance, 0, SUFFIX_LENGTH);
	if (is_generated(r) && (!beside || suffix.length))
		out->name = name_make(w->arena, &r->schema->driver->name, &r->name, &scope, suffix);
}

void resolve_first(struct work *w, uint32_t i)
{
	const struct tombstone *grave = map_get(&w->tombstones, w->plan->resolved[i].address);

	CHECK(!grave || grave->generation < UINT32_MAX);
	resolve_new(w, i, grave ? grave->generation + 1 : 0, false);
	/* What once had this address may have taken its name to another. */
	if (grave && name_is_held(w, i))
		resolve_new(w, i, grave->generation + 1, true);
}

void resolve_kept(struct work *w, uint32_t i)
{
	struct resolved *out = &w->plan->resolved[i];
	const struct row *row = out->row;
	bool other = !str_equal(row->type, w->model->resources[i].schema->type);

	/* A name was made by the rules of its type. */
	if (!row->instance.length || other ||
	    (is_generated(&w->model->resources[i]) && !row->name.length)) {
		resolve_new(w, i, row->generation, row->previous != NULL);
	} else {
		out->generation = row->generation;
		out->name = row->name;
	}
	if (row->instance.length)
		out->instance = row->instance;
}

void resolve_properties(struct work *w, uint32_t i)
{
	const struct resource *r = &w->model->resources[i];
	struct resolved *out = &w->plan->resolved[i];
	struct attribute_source source = work_source(w);
	const struct value *name;

	out->properties = own_properties(w->arena, w->plan, i, &source, w->diags);
	if (ignores_any(r) && !w->decided[i].fresh)
		out->properties = ignore_applied(w->arena, r, out->row, &out->properties);
	/* What was applied as it is left nothing out that a default would have to say. */
	w->decided[i].as_applied = out->row && row_applied(out->row, &out->properties, &w->said);
	if (!w->decided[i].as_applied)
		add_defaults(w->arena, w->plan, i, &out->properties);
	if (!r->name.property.length || is_generated(r))
		return;
	name = value_get(&out->properties, r->name.property);
	out->name = name && name->kind == VALUE_STRING ? name->string : (struct str){ 0 };
}
