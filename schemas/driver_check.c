#include "driver_check.h"

static void mistake_path(struct checker *c, struct span span, const char *key, struct str path)
{
	diag_error(c->d, span, "'%s': %.*s has no property '%.*s'", key,
		   STR_ARG(c->driver->type), STR_ARG(path));
}

/* Lists are stepped into without being written. */
static bool is_property(struct checker *c, struct str path)
{
	struct checker quiet = *c;
	struct diags none;
	struct term_type at;
	struct str field;

	if (!str_split(&path, '.', &field) || !schema_property(c->schema, field))
		return false;
	diags_init(&none, c->arena);
	quiet.d = &none;
	at = type_of_shape(schema_property(c->schema, field)->shape, field);
	while (str_split(&path, '.', &field)) {
		struct path_part part = { .kind = PATH_FIELD, .field = field };
		struct term_path one = { &part, 1 };

		while (at.shape && at.shape->kind == PROPERTY_LIST && at.shape->element)
			at = type_of_shape(at.shape->element, at.path);
		at = type_at(&quiet, at, &one, 0, SPAN_NONE);
	}
	return !none.error_count;
}

static void paths_exist(struct checker *c, const struct str_list *list, const char *key,
			bool attributes, struct span span)
{
	for (size_t i = 0; i < list->count; i++) {
		if (attributes && str_list_has(&c->driver->attributes, list->items[i]))
			continue;
		if (!is_property(c, list->items[i]))
			mistake_path(c, span, key, list->items[i]);
	}
}

void check_paths(struct checker *c, const struct str_list *paths, const char *key,
		 struct span span)
{
	paths_exist(c, paths, key, false, span);
}

static void path_exists(struct checker *c, struct str path, const char *key, bool attributes,
			struct span span)
{
	struct str_list one = { &path, 1 };

	if (path.length)
		paths_exist(c, &one, key, attributes, span);
}

static void map_exists(struct checker *c, const struct value *map, const char *key)
{
	for (uint32_t i = 0; i < map->map.count; i++)
		path_exists(c, map->map.entries[i].key, key, false,
			    ((const struct member *)map->map.entries[i].value)->key_span);
}

/* ---- calls ---- */

static const struct wire_operation *operation_of(struct checker *c, const struct driver_call *call)
{
	const struct wire_operation *o = wire_operation_find(c->wire, call->operation);

	if (!o)
		diag_error(c->d, call->span, "%.*s has no operation '%.*s', or its facts were not "
			   "imported", STR_ARG(c->wire->name), STR_ARG(call->operation));
	return o;
}

static void required_given(struct checker *c, const struct driver_call *call,
			   const struct wire_shape *input)
{
	bool spread = false;

	for (size_t i = 0; i < call->in.count; i++)
		spread |= str_equal(call->in.names[i], STR("*"));
	for (uint32_t i = 0; i < input->members.count && !spread; i++) {
		const struct wire_member *m = input->members.entries[i].value;
		bool given = !m->required || m->idempotency_token ||
			     str_equal(m->name, c->filled);

		for (size_t j = 0; j < call->in.count && !given; j++)
			given = str_equal(call->in.names[j], m->name);
		if (!given)
			diag_error(c->d, call->span, "%.*s needs member '%.*s'",
				   STR_ARG(call->operation), STR_ARG(m->name));
	}
}

static void page_check(struct checker *c, const struct driver_call *call,
		       const struct wire_operation *o)
{
	struct term_type out;

	if (!call->page_in.length)
		return;
	if (!o->input || !map_has(&o->input->members, call->page_in))
		diag_error(c->d, call->span, "%.*s has no member '%.*s' for its pages",
			   STR_ARG(call->operation), STR_ARG(call->page_in));
	if (!o->output)
		return;
	out = type_at(c, type_of_wire(o->output), &call->page_out, 0, call->span);
	if (out.rough != ROUGH_TEXT && out.rough != ROUGH_ANY)
		diag_error(c->d, call->span, "the page token is %s", type_name(&out));
}

static void out_check(struct checker *c, const struct driver_out *out)
{
	struct term_type wanted = type_rough(ROUGH_ANY);
	struct str name;

	if (!out->path.count) {
		wanted = type_rough(ROUGH_RECORD);
		wanted.whole = true;
		term_check(c, &out->term, &wanted, "property", STR("*"));
		return;
	}
	name = out->path.parts[0].field;
	if (schema_property(c->schema, name)) {
		struct term_type all = { .rough = ROUGH_RECORD, .whole = true };

		wanted = type_at(c, all, &out->path, 0, out->span);
		if (out->append && wanted.shape && wanted.shape->element)
			wanted = type_of_shape(wanted.shape->element, wanted.path);
	} else if (!str_list_has(&c->driver->attributes, name)) {
		mistake_path(c, out->span, "out", name);
		return;
	}
	term_check(c, &out->term, &wanted, "property", out->name);
}

void outs_check(struct checker *c, const struct driver_outs *outs)
{
	c->reading = true;
	for (size_t i = 0; i < outs->count; i++)
		out_check(c, &outs->items[i]);
	c->reading = false;
}

/* A number, a text of digits, a truth, or a list of numbers to be added up. */
void facts_check(struct checker *c, const struct driver_outs *facts)
{
	c->reading = true;
	for (size_t i = 0; i < facts->count; i++) {
		struct term_type type = term_type(c, &facts->items[i].term);

		if (type.rough == ROUGH_RECORD || type.rough == ROUGH_BLOB)
			diag_error(c->d, facts->items[i].span, "fact '%.*s' is %s",
				   STR_ARG(facts->items[i].name), type_name(&type));
	}
	c->reading = false;
}

/*
 * `in` against the operation's input; c->reply is what it may look into. Leaves the call's own
 * reply there.
 */
void call_check(struct checker *c, const struct driver_call *call)
{
	const struct wire_operation *o = operation_of(c, call);

	c->reading = false;
	if (!o) {
		c->reply = NULL;
		c->reply_any = true;
		return;
	}
	if (o->input) {
		struct term_type input = type_of_wire(o->input);

		term_check(c, &call->in, &input, "input of", call->operation);
		required_given(c, call, o->input);
	} else if (call->in.count) {
		diag_error(c->d, call->span, "%.*s takes no input", STR_ARG(call->operation));
	}
	page_check(c, call, o);
	c->reply = o->output;
	c->reply_any = false;
}

static void conditions_check(struct checker *c, const struct conditions *conditions)
{
	for (size_t i = 0; i < conditions->count; i++) {
		const struct condition *one = &conditions->items[i];
		struct term_type type;
		bool each = false;

		if (one->subject != CONDITION_TERM)
			continue;
		type = term_type(c, &one->term);
		for (size_t j = 0; j < one->term.path.count; j++)
			each |= one->term.path.parts[j].kind == PATH_EACH;
		for (size_t j = 0; j < one->count && !each; j++)
			term_check(c, &one->alternatives[j], &type, "condition",
				   term_path_text(c->arena, &one->term.path));
	}
}

/* ---- steps ---- */

static void item_of_step(struct checker *c, const struct driver_step *step)
{
	const struct property *p;

	c->item = type_rough(ROUGH_ANY);
	if (step->each == EACH_REPLY) {
		struct path_part every = { .kind = PATH_EACH };
		struct term_path path = { &every, 1 };
		struct term_type list = term_type(c, &step->each_term);

		if (list.wire && list.rough == ROUGH_LIST)
			c->item = type_of_wire(list.wire->item->shape);
		else
			(void)type_at(c, list, &path, 0, step->span);
		return;
	}
	if (step->each == EACH_NONE || step->each == EACH_SET || step->each == EACH_UNSET)
		return;
	p = schema_property(c->schema, step->each_property);
	if (!p || p->shape->kind != PROPERTY_LIST) {
		diag_error(c->d, step->span, "'each': '%.*s' is no property that is a list",
			   STR_ARG(step->each_property));
		return;
	}
	property_used(c, p->name);
	if (p->shape->element)
		c->item = type_of_shape(p->shape->element, p->name);
}

static void wait_check(struct checker *c, const struct wait_rule *wait)
{
	c->step = NULL;
	c->reply = NULL;
	call_check(c, &wait->call);
	c->reading = true;
	conditions_check(c, &wait->until);
	conditions_check(c, &wait->fail);
	if (wait->why.count && c->reply)
		(void)type_at(c, type_of_wire(c->reply), &wait->why, 0, wait->span);
	outs_check(c, &wait->call.out);
}

static void read_check(struct checker *c, const struct driver_step *step)
{
	c->reading = true;
	if (step->has_at) {
		struct term_type at = term_type(c, &step->at);

		c->reply = at.wire;
		c->reply_any = !at.wire;
	}
	conditions_check(c, &step->when);
	outs_check(c, &step->call.out);
	facts_check(c, &step->facts);
	if (!step->nested)
		return;
	c->reading = true;
	struct term_type list = term_type(c, &step->nested->each);

	c->item = list.wire && list.rough == ROUGH_LIST ?
		  type_of_wire(list.wire->item->shape) : type_rough(ROUGH_ANY);
	call_check(c, &step->nested->call);
	outs_check(c, &step->nested->call.out);
}

/* What a step takes out of its replies besides `out`. */
static void drain_check(struct checker *c, const struct driver_step *step, bool own)
{
	struct term_type type;

	if (!step->has_drain)
		return;
	c->reading = true;
	type = term_type(c, own ? &step->partly : &step->drain);
	if (type.rough != (own ? ROUGH_TEXT : ROUGH_LIST) && type.rough != ROUGH_ANY)
		diag_error(c->d, step->span, own ? "'partly' is no text" : "'drain' is no list");
}

static void step_check(struct checker *c, const struct driver_step *step, bool read)
{
	c->step = step;
	c->reply = NULL;
	c->reply_any = false;
	c->reading = false;
	paths_exist(c, &step->props, "props", false, step->span);
	paths_exist(c, &step->then, "then", false, step->span);
	map_exists(c, &step->clear, "clear");
	for (size_t i = 0; i < step->learns.count; i++) {
		if (!str_list_has(&c->driver->attributes, step->learns.items[i]))
			diag_error(c->d, step->span, "'learns': '%.*s' is not in 'attributes'",
				   STR_ARG(step->learns.items[i]));
	}
	if (!read)
		conditions_check(c, &step->when);
	if (!step->call.operation.length)
		return;
	if (step->get) {
		call_check(c, step->get);
		c->reading = true;
	}
	item_of_step(c, step);
	drain_check(c, step, false);
	const struct wire_shape *got = c->reply;

	if (step->unset) {
		call_check(c, step->unset);
		outs_check(c, &step->unset->out);
		c->reply = got;
	}
	call_check(c, &step->call);
	drain_check(c, step, true);
	if (read)
		read_check(c, step);
	else
		outs_check(c, &step->call.out);
}

static void steps_check(struct checker *c, const struct driver_step_list *list, bool read)
{
	for (size_t i = 0; i < list->count; i++)
		step_check(c, &list->items[i], read);
}

static void list_check(struct checker *c, const struct driver_list *list)
{
	struct term_type items;

	c->step = NULL;
	c->reply = NULL;
	c->reply_any = false;
	call_check(c, &list->call);
	c->reading = true;
	items = term_type(c, &list->items);
	c->reply = items.rough == ROUGH_LIST && items.wire ? items.wire->item->shape : NULL;
	c->reply_any = !c->reply;
	conditions_check(c, &list->match);
	outs_check(c, &list->call.out);
}

/* ---- the type's own keys ---- */

static void attributes_check(struct checker *c, struct span span)
{
	const struct driver *driver = c->driver;

	for (size_t i = 0; i < driver->stable.count; i++) {
		if (!str_list_has(&driver->attributes, driver->stable.items[i]))
			diag_error(c->d, span, "'stable': '%.*s' is not in 'attributes'",
				   STR_ARG(driver->stable.items[i]));
	}
	for (size_t i = 0; i < driver->known_count; i++) {
		if (!str_list_has(&driver->attributes, driver->known[i].attribute))
			diag_error(c->d, span, "'known': '%.*s' is not in 'attributes'",
				   STR_ARG(driver->known[i].attribute));
		template_check(c, driver->known[i].template, span);
	}
}

/* What is said of a lost create is what the steps can do. */
static void recover_check(struct checker *c, struct span span)
{
	const struct driver *driver = c->driver;
	bool by_name = driver->recover == RECOVER_NAME || driver->recover == RECOVER_ADOPT;
	bool listed = driver->recover == RECOVER_TAG || driver->recover == RECOVER_CONTENT;

	if (by_name && !driver->key_is_chosen && driver->owner != OWNER_KEY)
		diag_error(c->d, span,
			   "'recover': it is not found by a key that is not chosen");
	if (driver->recover == RECOVER_NAME && driver->steps->create.count &&
	    !driver->steps->create.items[0].call.exists.count)
		diag_error(c->d, span, "'recover': the create says no code of what 'exists'");
	if (listed && !driver->steps->list)
		diag_error(c->d, span, "'recover': there is no 'list' to find it in");
	if (driver->recover == RECOVER_TAG && driver->owner != OWNER_TAG)
		diag_error(c->d, span, "'recover': its owner is in no tag");
	if (driver->recover == RECOVER_CONTENT && !driver->parent.length &&
	    driver->owner != OWNER_PARENT)
		diag_error(c->d, span, "'recover': it has no 'parent' to be found in");
	if (driver->revision.length && !str_list_has(&driver->attributes, driver->revision))
		diag_error(c->d, span, "'revision': '%.*s' is not in 'attributes'",
			   STR_ARG(driver->revision));
}

static void keys_check(struct checker *c, struct span span)
{
	const struct driver *driver = c->driver;

	recover_check(c, span);

	path_exists(c, driver->name.property, "name", false, span);
	path_exists(c, driver->name.suffix_if, "name", false, span);
	path_exists(c, driver->owner_property, "owner", true, span);
	path_exists(c, driver->parent, "parent", false, span);
	paths_exist(c, &driver->key, "key", true, span);
	paths_exist(c, &driver->replace, "replace", false, span);
	paths_exist(c, &driver->in_place, "in_place", false, span);
	paths_exist(c, &driver->unique, "unique", false, span);
	paths_exist(c, &driver->rebind, "rebind", false, span);
	paths_exist(c, &driver->write_only, "write_only", false, span);
	paths_exist(c, &driver->secret, "secret", false, span);
	map_exists(c, &driver->defaults, "defaults");
	for (size_t i = 0; i < driver->compare_count; i++)
		path_exists(c, driver->compares[i].path, "compare", false, span);
	for (size_t i = 0; i < driver->cost_count; i++)
		path_exists(c, driver->costs[i].path, "costs", false, span);
	for (size_t i = 0; i < driver->weak_count; i++)
		path_exists(c, driver->weak[i].property, "weak", false, span);
	for (size_t i = 0; i < driver->volatile_count; i++)
		path_exists(c, driver->volatiles[i].property, "volatile", false, span);
	for (size_t i = 0; i < driver->steps->remake_count; i++)
		path_exists(c, driver->steps->remakes[i].property, "remake", false, span);
	for (size_t i = 0; i < driver->unsupported_count; i++)
		path_exists(c, driver->unsupported[i].path, "unsupported", false,
			    driver->unsupported[i].span);
	attributes_check(c, span);
	template_check(c, driver->lock, span);
	if (driver->steps->tags.length && c->schema->tag_property.length &&
	    str_equal(driver->steps->tags, c->schema->tag_property) &&
	    driver->steps->tags_are_map != c->schema->tags_are_map)
		diag_error(c->d, span, "'tags': the property's form is a %s",
			   c->schema->tags_are_map ? "map" : "list");
}

static bool create_only(const struct checker *c, const struct property *p)
{
	return (p->create_only && !str_list_has(&c->driver->in_place, p->name)) ||
	       str_list_has(&c->driver->replace, p->name) ||
	       str_list_has(&c->driver->key, p->name);
}

/* Nothing that a user may write is left out in silence. */
static void coverage_check(struct checker *c, struct span span)
{
	const struct driver_step_list *update = &c->driver->steps->update;

	for (uint32_t i = 0; i < c->schema->properties.count; i++) {
		const struct property *p = c->schema->properties.entries[i].value;
		bool changeable = false;

		if (driver_unsupported(c->driver, p->name))
			continue;
		if (p->read_only) {
			if (!str_list_has(&c->driver->attributes, p->name))
				diag_error(c->d, span, "attribute '%.*s' is neither in "
					   "'attributes' nor in 'unsupported'", STR_ARG(p->name));
			continue;
		}
		if (!map_has(&c->handled, p->name)) {
			diag_error(c->d, span, "property '%.*s' is neither sent by a call nor in "
				   "'unsupported'", STR_ARG(p->name));
			continue;
		}
		for (size_t j = 0; j < update->count; j++)
			changeable |= str_list_has(&update->items[j].props, p->name);
		if (!changeable && !create_only(c, p))
			diag_error(c->d, span, "property '%.*s' can change, and no step of "
				   "'update' has it in 'props'", STR_ARG(p->name));
	}
}

bool driver_check(const struct driver *driver, const struct value *source, struct schemas *all,
		  struct diags *d)
{
	struct checker c = { .arena = d->arena, .d = d, .all = all, .driver = driver };
	size_t errors = d->error_count;

	c.schema = schema_find(all, driver->type);
	c.wire = schemas_wire(all, driver->api);
	if (!c.schema)
		diag_error(d, source->span, "there are no facts of type '%.*s'",
			   STR_ARG(driver->type));
	if (!c.wire)
		diag_error(d, source->span, "there are no wire facts of service '%.*s'",
			   STR_ARG(driver->api));
	if (!c.schema || !c.wire)
		return false;
	keys_check(&c, source->span);
	if (driver->steps->list)
		list_check(&c, driver->steps->list);
	for (size_t i = 0; i < driver->steps->wait_count; i++)
		wait_check(&c, &driver->steps->waits[i]);
	steps_check(&c, &driver->steps->read, true);
	steps_check(&c, &driver->steps->remove, false);
	for (size_t i = 0; i < driver->steps->bulk_count; i++)
		bulk_check(&c, &driver->steps->bulks[i]);
	/* What a create or an update sends counts as handled; a read's key does not. */
	c.handled = (struct map){ 0 };
	steps_check(&c, &driver->steps->create, false);
	steps_check(&c, &driver->steps->update, false);
	coverage_check(&c, source->span);
	return d->error_count == errors;
}
