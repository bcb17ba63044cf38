#include "planner_kit.h"

#include "spec/expr.h"

#define RESOURCES_MOST 20000

/* ---- types ---- */

static struct shape *shape_of(struct kit *k, enum property_kind kind, struct shape *element)
{
	struct shape *shape = arena_new(&k->arena, struct shape);

	shape->kind = kind;
	shape->element = element;
	return shape;
}

static struct property *add_property(struct kit *k, struct map *map, const char *name,
				     struct shape *shape)
{
	struct property *property = arena_new(&k->arena, struct property);

	property->name = str_from_c(name);
	property->shape = shape;
	*map_put(&k->arena, map, property->name) = property;
	return property;
}

static void add_properties(struct kit *k, struct schema *s)
{
	struct shape *text = shape_of(k, PROPERTY_STRING, NULL);
	struct shape *number = shape_of(k, PROPERTY_INTEGER, NULL);
	struct shape *object = shape_of(k, PROPERTY_OBJECT, NULL);
	struct shape *rule = shape_of(k, PROPERTY_OBJECT, NULL);
	struct shape *set = shape_of(k, PROPERTY_LIST, text);
	struct map *p = &s->properties;

	set->unordered = true;
	add_property(k, &object->fields, "Variables", shape_of(k, PROPERTY_MAP, text));
	add_property(k, &rule->fields, "Id", text);
	add_property(k, &rule->fields, "Value", text);
	add_property(k, &rule->fields, "Fixed", text)->create_only = true;
	add_property(k, p, "Arn", text)->read_only = true;
	add_property(k, p, "Code", text);
	add_property(k, p, "Description", text);
	add_property(k, p, "Environment", object);
	add_property(k, p, "Id", text)->read_only = true;
	add_property(k, p, "InPlace", text)->create_only = true;
	add_property(k, p, "Key", text)->create_only = true;
	add_property(k, p, "List", shape_of(k, PROPERTY_LIST, text));
	add_property(k, p, "Mode", text)->create_only = true;
	add_property(k, p, "Name", text)->create_only = true;
	add_property(k, p, "Nested", rule);
	add_property(k, p, "Note", text);
	add_property(k, p, "Parent", text)->create_only = true;
	add_property(k, p, "Policy", shape_of(k, PROPERTY_JSON, NULL));
	add_property(k, p, "Role", text);
	add_property(k, p, "Rules", shape_of(k, PROPERTY_LIST, rule));
	add_property(k, p, "Set", set);
	add_property(k, p, "Sid", text)->create_only = true;
	add_property(k, p, "Size", number);
	add_property(k, p, "Swap", text);
	add_property(k, p, "Tags", shape_of(k, PROPERTY_LIST, shape_of(k, PROPERTY_OBJECT, NULL)));
	add_property(k, p, "Wait", number);
}

static struct str_list names(struct kit *k, const char *name)
{
	struct str *items = arena_array(&k->arena, struct str, 1);

	items[0] = str_from_c(name);
	return (struct str_list){ items, 1 };
}

static void add_rules(struct kit *k, struct driver *d)
{
	static const struct compare compares[] = {
		{ STR_INIT("Rules"), COMPARE_KEYED, STR_INIT("Id") },
		{ STR_INIT("Policy"), COMPARE_POLICY, { 0 } },
		{ STR_INIT("Description"), COMPARE_FOLD, { 0 } },
		{ STR_INIT("Nested.Value"), COMPARE_IGNORE, { 0 } },
	};

	d->compare_count = sizeof(compares) / sizeof(compares[0]);
	d->compares = arena_array(&k->arena, struct compare, d->compare_count);
	memcpy(d->compares, compares, sizeof(compares));
	d->known = arena_new(&k->arena, struct known_attribute);
	*d->known = (struct known_attribute){ STR("Arn"),
		STR("arn:{partition}:kit:{region}:{account}:{Name}") };
	d->known_count = 1;
	d->weak = arena_new(&k->arena, struct weak_rule);
	*d->weak = (struct weak_rule){ STR("Note"), STR("https://docs.example.com") };
	d->weak_count = 1;
	d->volatiles = arena_new(&k->arena, struct volatile_rule);
	*d->volatiles = (struct volatile_rule){ STR("Size"), names(k, "Stream") };
	d->volatile_count = 1;
	d->replace = names(k, "Swap");
	d->in_place = names(k, "InPlace");
	d->stable = names(k, "Id");
	d->rebind = names(k, "Role");
	d->write_only = names(k, "Code");
	d->watch = names(k, "CodeDigest");
	d->defaults = value_map();
	value_set(&k->arena, &d->defaults, STR("Wait"), value_int(30));
}

static struct schema *type_make(struct kit *k, const char *name, struct driver **out)
{
	struct schema *s = arena_new(&k->arena, struct schema);
	struct driver *d = arena_new(&k->arena, struct driver);

	s->type = d->type = str_from_c(name);
	s->tag_property = STR("Tags");
	s->driver = d;
	d->version = 1;
	d->latency_ms = 100;
	add_properties(k, s);
	add_rules(k, d);
	*out = d;
	return s;
}

static void types_make(struct kit *k)
{
	struct driver *d;

	k->thing = type_make(k, "Test::Kit::Thing", &d);
	d->name.property = STR("Name");
	d->name.max_length = 64;
	d->name.alphabet = STR("-_");
	k->fixed = type_make(k, "Test::Kit::Fixed", &d);
	d->unique = names(k, "Key");
	k->child = type_make(k, "Test::Kit::Child", &d);
	k->child->tag_property = (struct str){ 0 };
	d->owner = OWNER_PARENT;
	d->parent = STR("Parent");
	k->keyed = type_make(k, "Test::Kit::Keyed", &d);
	d->owner = OWNER_KEY;
	d->owner_property = STR("Sid");
	k->described = type_make(k, "Test::Kit::Described", &d);
	d->owner = OWNER_DESCRIPTION;
	d->owner_property = STR("Note");
}

/* ---- the wanted side ---- */

void kit_init(struct kit *k)
{
	*k = (struct kit){ .resources_most = k->resources_most };
	arena_init(&k->arena);
	diags_init(&k->diags, &k->arena);
	types_make(k);
	k->state.project = STR("shop");
	k->state.stage = STR("dev");
	k->state.lineage = STR("00112233445566778899aabbccddeeff");
	k->state.pin = (struct scope){ { 0 }, STR("aws"), STR("111122223333"), STR("eu-west-1") };
	k->state.outputs = value_map();
	kit_model(k);
}

void kit_release(struct kit *k)
{
	arena_release(&k->arena);
}

void kit_model(struct kit *k)
{
	struct resource *resources = k->model.resources;

	if (!k->resources_most)
		k->resources_most = RESOURCES_MOST;
	if (!resources)
		resources = arena_array(&k->arena, struct resource, k->resources_most);
	memset(resources, 0, k->model.resource_count * sizeof(*resources));
	k->model = (struct model){
		.project = STR("shop"), .stage = STR("dev"), .scope = k->state.pin,
		.resources = resources, .tags = value_map(),
	};
}

static struct value bind(struct kit *k, const struct value *v);

static struct value reference(struct kit *k, struct str text)
{
	struct expr *e = arena_new(&k->arena, struct expr);
	size_t dot = str_index(text, '.');
	struct value v = { .kind = VALUE_EXPR, .span = SPAN_NONE, .expr = e };

	e->kind = EXPR_ATTRIBUTE;
	e->span = SPAN_NONE;
	e->attribute = str_slice(text, dot + 1, text.length);
	e->resource = model_find(&k->model, str_slice(text, 1, dot));
	return v;
}

static struct value bind_map(struct kit *k, const struct value *v)
{
	struct value out = value_map();

	for (uint32_t i = 0; i < v->map.count; i++) {
		const struct member *member = v->map.entries[i].value;

		value_set(&k->arena, &out, v->map.entries[i].key, bind(k, &member->value));
	}
	return out;
}

static struct value bind(struct kit *k, const struct value *v)
{
	struct value out = *v;

	if (v->kind == VALUE_MAP)
		return bind_map(k, v);
	if (v->kind == VALUE_STRING && v->string.length && v->string.data[0] == '@')
		return reference(k, v->string);
	if (v->kind != VALUE_LIST)
		return *v;
	out.list.items = arena_array(&k->arena, struct value, v->list.count);
	for (size_t i = 0; i < v->list.count; i++)
		out.list.items[i] = bind(k, &v->list.items[i]);
	return out;
}

struct value kit_json(struct kit *k, const char *text)
{
	struct error err = { 0 };
	struct value v;

	ck_assert_msg(json_parse(&k->arena, str_from_c(text), SPAN_NOWHERE, &v, &err),
		      "%s: %s", text, err.text);
	return v;
}

struct resource *kit_add(struct kit *k, const char *address, const struct schema *schema,
			 const char *properties)
{
	struct model *m = &k->model;
	struct resource *r = &m->resources[m->resource_count++];

	ck_assert(m->resource_count <= k->resources_most);
	*r = (struct resource){ .schema = schema, .scope = m->scope, .span = SPAN_NONE };
	ck_assert(address_parse(&k->arena, str_from_c(address), &r->address));
	*map_put(&k->arena, &m->by_address, address_text(&k->arena, &r->address)) = r;
	r->properties = kit_json(k, properties);
	if (schema->driver->name.property.length) {
		r->name.property = schema->driver->name.property;
		r->name.base = str_format(&k->arena, "shop-dev-%.*s", STR_ARG(r->address.id));
		r->name.fixed = value_get_c(&r->properties, "Name") != NULL;
	}
	return r;
}

struct lifecycle *kit_life(struct kit *k, struct resource *r)
{
	if (!r->lifecycle)
		r->lifecycle = arena_new(&k->arena, struct lifecycle);
	return (struct lifecycle *)(uintptr_t)(const void *)r->lifecycle;
}

void kit_import(struct kit *k, struct resource *r, const char *identifier)
{
	kit_life(k, r)->import = str_from_c(identifier);
}

void kit_renamed(struct kit *k, struct resource *r, const char *from)
{
	struct lifecycle *life = kit_life(k, r);
	struct str *items = arena_array(&k->arena, struct str, life->renamed_from.count + 1);

	for (size_t i = 0; i < life->renamed_from.count; i++)
		items[i] = life->renamed_from.items[i];
	items[life->renamed_from.count] = str_from_c(from);
	life->renamed_from = (struct str_list){ items, life->renamed_from.count + 1 };
	life->renamed_span = SPAN_NONE;
}

void kit_ignore(struct kit *k, struct resource *r, const char *path)
{
	struct lifecycle *life = kit_life(k, r);
	struct ignored *items = arena_array(&k->arena, struct ignored, life->ignore_count + 1);
	struct ignore_step *steps = arena_array(&k->arena, struct ignore_step, strlen(path));
	struct str rest = str_from_c(path);
	size_t count = 0;

	while (rest.length) {
		bool item = rest.data[0] == '[';
		size_t end = item ? str_index(rest, ']') : 0;

		rest = str_slice(rest, item || rest.data[0] == '.', rest.length);
		for (end -= item; !item && end < rest.length && rest.data[end] != '.' &&
				  rest.data[end] != '['; end++)
			continue;
		steps[count].name = str_slice(rest, 0, end);
		if (item)
			steps[count].key = str_starts(str_from_c(path), STR("Rules")) ? STR("Id")
										     : STR("Key");
		count++;
		rest = str_slice(rest, end + item, rest.length);
	}
	if (life->ignore_count)
		memcpy(items, life->ignores, life->ignore_count * sizeof(*items));
	items[life->ignore_count++] = (struct ignored){ str_from_c(path), steps, count };
	life->ignores = items;
}

bool kit_plan(struct kit *k)
{
	for (size_t i = 0; i < k->model.resource_count; i++) {
		struct resource *r = &k->model.resources[i];

		r->properties = bind(k, &r->properties);
		if (r->lifecycle)
			kit_life(k, r)->replace_when = bind(k, &r->lifecycle->replace_when);
	}
	if (!plan_make(&k->arena, &k->model, &k->state, &k->live, &k->options, &k->plan,
		       &k->diags))
		return false;
	review_make(&k->arena, &k->plan, &k->review);
	return true;
}

/* ---- AWS ---- */

static struct value attribute(void *context, struct arena *a, uint32_t resource, struct str name)
{
	struct kit *k = context;
	const struct row *row = state_find(&k->state, k->plan.resolved[resource].address);

	ck_assert_msg(row != NULL, "%.*s is asked for before it was made",
		      STR_ARG(k->plan.resolved[resource].address));
	return plan_attribute(a, &k->plan, resource, name, &row->properties, &row->attributes);
}

static struct value attributes_of(struct kit *k, const struct action *act, const struct row *row)
{
	struct value v = value_map();
	const struct value *size = value_get_c(&row->properties, "Size");

	value_set(&k->arena, &v, STR("Id"),
		  value_string(str_format(&k->arena, "id-%.*s-%u", STR_ARG(act->address),
					  act->generation)));
	value_set(&k->arena, &v, STR("Stream"),
		  value_string(str_format(&k->arena, "stream-%.*s-%u-%lld", STR_ARG(act->address),
					  act->generation, size && size->kind == VALUE_INT ?
					  (long long)size->integer : 0)));
	value_set(&k->arena, &v, STR("CodeDigest"), value_string(STR("digest")));
	return v;
}

/* What a read answers: a default filled in, a tag of somebody else's, no code. */
static struct value read_back(struct kit *k, const struct row *row)
{
	struct value v = value_map(), tag = value_map(), *tags;

	for (uint32_t i = 0; i < row->properties.map.count; i++) {
		struct str name = row->properties.map.entries[i].key;
		const struct member *member = row->properties.map.entries[i].value;

		if (!str_equal_c(name, "Code"))
			value_set(&k->arena, &v, name, value_copy(&k->arena, &member->value));
	}
	if (!value_get_c(&v, "Wait"))
		value_set(&k->arena, &v, STR("Wait"), value_int(30));
	value_set(&k->arena, &v, STR("Extra"), value_string(STR("made by AWS")));
	tags = map_get(&v.map, STR("Tags")) ?
		&((struct member *)map_get(&v.map, STR("Tags")))->value : NULL;
	if (tags && tags->kind == VALUE_LIST) {
		value_set(&k->arena, &tag, STR("Key"), value_string(STR("aws:stack")));
		value_set(&k->arena, &tag, STR("Value"), value_string(STR("x")));
		value_append(&k->arena, tags, tag);
	}
	return v;
}

static void forget_former(struct kit *k, const struct action *act)
{
	size_t size = sizeof(struct tombstone), count = k->state.tombstone_count;
	void *seen = map_get(&k->live.by_address, act->renamed_from);

	ck_assert(state_remove(&k->state, act->renamed_from));
	if (seen)
		*map_put(&k->arena, &k->live.by_address, act->address) = seen;
	map_remove(&k->live.by_address, act->renamed_from);
	k->state.tombstones = arena_grow(&k->arena, k->state.tombstones, count * size,
					 (count + 1) * size, _Alignof(struct tombstone));
	k->state.tombstones[k->state.tombstone_count++] =
		(struct tombstone){ act->renamed_from, act->have->generation };
}

static void make(struct kit *k, const struct action *act)
{
	struct attribute_source source = { k, attribute };
	const struct resource *r = &k->model.resources[act->want];
	struct row *row = arena_new(&k->arena, struct row);
	struct observed *seen = arena_new(&k->arena, struct observed);
	const struct row *have = act->have;

	if (have)
		*row = *have;
	if (act->renamed_from.length)
		forget_former(k, act);
	row->address = r->address;
	row->type = r->schema->type;
	row->scope = r->scope;
	row->instance = act->instance;
	row->name = act->name;
	row->guard = r->guard;
	row->retain = r->retain;
	row->edges = k->plan.resolved[act->want].edges;
	ck_assert(plan_triggers(&k->arena, &k->plan, act->want, &source, &row->triggers, NULL));
	row->driver_version = r->schema->driver->version;
	if (act->delete_first) {
		row->previous = NULL;
	} else if (act->kind == ACTION_REPLACE && act->generation != have->generation) {
		row->previous = arena_new(&k->arena, struct row);
		*row->previous = *have;
	}
	row->generation = act->generation;
	row->status = row->previous ? ROW_REPLACED : ROW_CREATED;
	if (!action_is_of_state(act)) {
		row->properties = plan_properties(&k->arena, &k->plan, act->want, &source,
						  NULL);
		ck_assert_msg(!value_has_unknown(&row->properties), "%.*s: %.*s",
			      STR_ARG(act->address),
			      STR_ARG(json_text(&k->arena, &row->properties)));
		row->before = value_null();
		row->attributes = attributes_of(k, act, row);
		row->baseline = read_back(k, row);
		*seen = (struct observed){
			.seen = SEEN_FOUND, .properties = read_back(k, row),
			.attributes = value_copy(&k->arena, &row->attributes),
			.facts = value_map(),
		};
		*map_put(&k->arena, &k->live.by_address, act->address) = seen;
	}
	state_put(&k->arena, &k->state, row);
}

static void remove_old(struct kit *k, const struct node *node, const struct action *act)
{
	struct row *newest = state_find(&k->state, act->address), *row = newest;

	ck_assert_ptr_nonnull(row);
	if (row->generation == node->row->generation) {
		/* Delete-first: the successor is still to come and finds the row gone. */
		if (act->kind == ACTION_DELETE || act->kind == ACTION_FORGET) {
			ck_assert(state_remove(&k->state, act->address));
			map_remove(&k->live.by_address, act->address);
		}
		return;
	}
	for (; row->previous; row = row->previous) {
		if (row->previous->generation == node->row->generation) {
			row->previous = row->previous->previous;
			break;
		}
	}
	if (!newest->previous && newest->status == ROW_REPLACED)
		newest->status = ROW_CREATED;
}

void kit_apply(struct kit *k)
{
	size_t left = k->plan.node_count;
	bool *done = arena_array(&k->arena, bool, left);

	/* In rounds, as a loop would: whatever waits for nothing that is left. */
	while (left) {
		size_t before = left;

		for (size_t i = 0; i < k->plan.node_count; i++) {
			const struct node *node = &k->plan.nodes[i];
			bool ready = !done[i];

			for (size_t n = 0; ready && n < node->after_count; n++)
				ready = done[node->after[n]];
			if (!ready)
				continue;
			if (node->kind == NODE_MAKE)
				make(k, &k->plan.actions[node->action]);
			else
				remove_old(k, node, &k->plan.actions[node->action]);
			done[i] = true;
			left--;
		}
		ck_assert_msg(left < before, "the graph is stuck with %zu nodes", left);
	}
	state_sort(&k->state);
}

void kit_settle(struct kit *k)
{
	ck_assert(kit_plan(k));
	kit_apply(k);
	ck_assert(kit_plan(k));
	if (k->plan.action_count)
		ck_abort_msg("not empty:\n%.*s", STR_ARG(kit_text(k, true)));
}

/* ---- looking ---- */

const struct action *kit_action(const struct kit *k, const char *address)
{
	for (size_t i = 0; i < k->plan.action_count; i++) {
		if (str_equal_c(k->plan.actions[i].address, address))
			return &k->plan.actions[i];
	}
	return NULL;
}

const char *kit_kind(const struct kit *k, const char *address)
{
	const struct action *act = kit_action(k, address);

	return action_kind_name(act ? act->kind : ACTION_NONE);
}

struct observed *kit_live(struct kit *k, const char *address)
{
	void **place = map_put(&k->arena, &k->live.by_address, str_from_c(address));

	if (!*place)
		*place = arena_new(&k->arena, struct observed);
	return *place;
}

struct row *kit_row(struct kit *k, const char *address)
{
	struct row *row = state_find(&k->state, str_from_c(address));

	ck_assert_msg(row != NULL, "no row %s", address);
	return row;
}

void kit_touch(struct kit *k, const char *address, const char *property, const char *json)
{
	value_set(&k->arena, &kit_live(k, address)->properties, str_from_c(property),
		  kit_json(k, json));
}

struct str kit_text(struct kit *k, bool verbose)
{
	struct buf b;

	buf_init(&b, &k->arena);
	review_print_text(&b, &k->review, false, verbose);
	return buf_str(&b);
}
