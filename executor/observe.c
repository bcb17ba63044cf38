#include "observe.h"

#include "bulk.h"
#include "look.h"
#include "planner/secret.h"
#include "published.h"
#include "row.h"

#define WEIGHT_MS 1000

struct observing {
	struct session *session;
	struct observation *out;
	struct failures failures;
	size_t done, total;
	struct bulks bulks;
};

struct look_job {
	struct job job;
	struct observing *all;
	const struct observe_request *request;
	const struct schema *schema;	/* NULL: the outputs of another stack */
	struct asker asker;		/* may be told by pages */
	struct look_job *parts, *next_part;	/* looked for once this was */
	bool is_part;
	struct look look;
	struct published published;
};

/*
 * Pages may lag behind: what they tell counts where it is what was read last time, and
 * anything else is read directly before anybody hears of it.
 */
static bool is_believed(const struct look_job *o, struct arena *scratch)
{
	const struct op_result *result = look_result(&o->look);
	const struct row *row = o->request->row;
	const struct resource resource = { .schema = o->schema };
	struct value expected = value_map(), seen;

	if (!result->served || result->found == OP_ABSENT)
		return true;
	if (result->found != OP_FOUND)
		return false;
	for (size_t i = 0; i < o->schema->driver->watch.count; i++) {
		struct str name = o->schema->driver->watch.items[i];
		const struct value *was = value_get(&row->attributes, name);
		const struct value *is = value_get(&result->attributes, name);

		if (was && (!is || !value_equal(was, is)))
			return false;
	}
	for (uint32_t i = 0; i < row->baseline.map.count; i++) {
		const struct map_entry *entry = &row->baseline.map.entries[i];

		if (value_get(&row->properties, entry->key))
			value_set(scratch, &expected, entry->key,
				  ((const struct member *)entry->value)->value);
	}
	seen = secret_seal(scratch, o->schema->driver, o->all->session->secret_key,
			   &result->observed);
	return properties_match(scratch, &resource, &expected, &seen);
}

static struct step observe_next(struct job *job, const struct reply *last, int64_t now_ms)
{
	struct look_job *o = job->context;
	struct step step;

	if (!o->schema)
		step = published_next(&o->published, &job->arena, last);
	else
		step = look_next(&o->look, &job->arena, last, now_ms);
	if (step.kind == STEP_DONE && o->schema && o->asker.served_count &&
	    !is_believed(o, &job->arena)) {
		o->asker.served_count = 0;
		look_begin(&o->look, OP_READ, &o->asker.input, o->look.window_ms);
		step = look_next(&o->look, &job->arena, NULL, now_ms);
	}
	o->all->out->coverage.calls += step.kind == STEP_SEND;
	return step;
}

static enum seen seen_of(enum op_found found)
{
	switch (found) {
	case OP_NOT_LOOKED:
		return SEEN_NOT_READ;
	case OP_FOUND:
		return SEEN_FOUND;
	case OP_ABSENT:
		return SEEN_ABSENT;
	case OP_FOREIGN:
		return SEEN_FOREIGN;
	}
	BUG("found %d", found);
}

/* Out of the job's arena, with secrets as the state has them. */
static void tell_progress(struct look_job *o)
{
	struct observing *all = o->all;
	struct event event = { .kind = EVENT_PROGRESS, .address = o->job.label,
			       .verb = o->job.verb };

	event.done = ++all->done;
	event.total = all->total;
	if (all->session->sink.emit)
		all->session->sink.emit(all->session->sink.context, &event);
}

static void keep(struct look_job *o, const struct op_result *result)
{
	struct session *s = o->all->session;
	struct observed *seen = arena_new(s->arena, struct observed);
	struct value properties = value_copy(s->arena, &result->observed);

	seen->seen = seen_of(result->found);
	seen->properties = secret_seal(s->arena, o->schema->driver, s->secret_key, &properties);
	seen->attributes = value_copy(s->arena, &result->attributes);
	seen->facts = value_copy(s->arena, &result->facts);
	seen->owner = str_copy(s->arena, result->owner);
	*map_put(s->arena, &o->all->out->by_address, o->request->address) = seen;
}

/* Whosever it is, it is only read; what of it is secret the compiler refused to ask for. */
static void keep_existing(struct look_job *o)
{
	struct session *s = o->all->session;
	struct observed *seen = arena_new(s->arena, struct observed);

	seen->attributes = value_map();
	seen->facts = value_map();
	if (o->schema) {
		const struct op_result *result = look_result(&o->look);

		seen->seen = result->found == OP_FOREIGN ? SEEN_FOUND : seen_of(result->found);
		seen->properties = value_copy(s->arena, &result->observed);
		seen->attributes = value_copy(s->arena, &result->attributes);
	} else {
		seen->properties = value_copy(s->arena, &o->published.outputs);
		seen->seen = seen->properties.map.count ? SEEN_FOUND : SEEN_ABSENT;
	}
	*map_put(s->arena, &o->all->out->existing, o->request->address) = seen;
}

/* Without a call: pages did not have it, or what it would be a part of is not there. */
static void keep_absent(struct look_job *o)
{
	const struct op_result absent = {
		.found = OP_ABSENT, .attributes = value_map(), .observed = value_map(),
		.facts = value_map(),
	};

	keep(o, &absent);
	tell_progress(o);
	for (struct look_job *part = o->parts; part; part = part->next_part)
		keep_absent(part);
}

static const struct error *error_of(const struct look_job *o)
{
	if (o->job.failure.kind != ERROR_NONE)
		return &o->job.failure;
	return o->schema ? &look_result(&o->look)->error : &o->published.error;
}

static void look_for(struct look_job *o);

static void observe_ended(struct job *job, bool dropped)
{
	struct look_job *o = job->context;
	struct observing *all = o->all;
	const struct error *error;

	if (dropped)
		return;
	error = error_of(o);
	if (error->kind != ERROR_NONE)
		failures_add(&all->failures, job->label, error);
	else if (o->request->existing)
		keep_existing(o);
	else
		keep(o, look_result(&o->look));
	tell_progress(o);
	/* Where that failed, all of it does. */
	for (struct look_job *part = o->parts; part; part = part->next_part) {
		if (error->kind != ERROR_NONE)
			continue;
		if (look_result(&o->look)->found == OP_ABSENT)
			keep_absent(part);
		else
			look_for(part);
	}
}

static void request_input(const struct session *s, const struct observe_request *r,
			  const struct schema *schema, struct op_input *out)
{
	struct row none = {
		.scope = *r->scope, .instance = r->instance, .generation = r->generation,
		.properties = r->properties,
	};

	row_input(s, r->row ? r->row : &none, schema, out);
	out->scope = r->scope;
	out->properties = r->properties.kind == VALUE_MAP ? r->properties : value_map();
}

/* Parts of a key that are attributes, from where all of it was put. */
static void key_attributes(const struct session *s, struct op_input *out)
{
	out->attributes = value_map();
	for (uint32_t i = 0; i < out->properties.map.count; i++) {
		const struct map_entry *entry = &out->properties.map.entries[i];

		if (str_list_has(&out->driver->attributes, entry->key))
			value_set(s->arena, &out->attributes, entry->key,
				  ((const struct member *)entry->value)->value);
	}
}

/* By its key: nobody asks whose it is. */
static void existing_input(const struct session *s, const struct observe_request *r,
			   struct op_input *out)
{
	const struct existing *x = r->existing;
	struct str *also = arena_array(s->arena, struct str, x->use_count);

	request_input(s, r, x->schema, out);
	for (size_t i = 0; i < x->use_count; i++)
		also[i] = x->uses[i].name;
	out->also = (struct str_list){ also, x->use_count };
	key_attributes(s, out);
}

/* By its key; its tags are always asked for, to tell whose it is. */
static void adopted_input(const struct session *s, const struct observe_request *r,
			  const struct schema *schema, struct op_input *out)
{
	const struct map *properties = &schema->properties;
	struct str *also = arena_array(s->arena, struct str, properties->count + 1);
	size_t count = 0;

	request_input(s, r, schema, out);
	also[count++] = schema->tag_property;
	for (uint32_t i = 0; r->whole && i < properties->count; i++)
		also[count++] = properties->entries[i].key;
	out->also = (struct str_list){ also, count };
	out->adopting = true;
	out->take_over = r->adoption == ADOPT_ANY;
	key_attributes(s, out);
}

static struct unread *unread_of(struct observing *all, struct str type, struct str property)
{
	struct unread_vec *unread = &all->out->coverage.unread;

	for (size_t i = 0; i < unread->count; i++) {
		if (str_equal(unread->items[i].property, property) &&
		    str_equal(unread->items[i].type, type))
			return &unread->items[i];
	}
	*vec_push(all->session->arena, unread) = (struct unread){ type, property, 0 };
	return &unread->items[unread->count - 1];
}

/* What is left out, in the order of the requests whatever comes back first. */
static void count_unread(struct observing *all, const struct op_input *input)
{
	struct name_vec names = { 0 };

	bulk_unread(all->bulks.arena, input, &names);
	for (size_t i = 0; i < names.count; i++)
		unread_of(all, input->driver->type, names.items[i])->count++;
}

static void look_ready(struct asker *asker)
{
	struct look_job *o = asker->context;
	struct op_input input = asker->input;

	input.served = asker->served;
	input.served_count = asker->served_count;
	look_begin(&o->look, OP_READ, &input, row_window_ms(o->request->row, o->schema->driver));
	loop_add(o->all->session->loop, &o->job);
}

/* Whether a name is free: pages tell of many at once. */
static void look_or_absent(struct asker *asker)
{
	struct look_job *o = asker->context;

	if (asker->absent)
		keep_absent(o);
	else
		loop_add(o->all->session->loop, &o->job);
}

static void look_for(struct look_job *o)
{
	loop_add(o->all->session->loop, &o->job);
}

/* By its id, and what it was like is known: pages may tell. */
static bool may_be_told(const struct observe_request *r, bool find)
{
	return !find && !r->existing && r->row->baseline.kind == VALUE_MAP &&
	       r->row->attributes.kind == VALUE_MAP && r->row->properties.kind == VALUE_MAP;
}

/*
 * What has an id that a service gave it is asked for by that, also where it is
 * unfinished: what it is found by otherwise may be just what was about to change.
 */
static enum op_kind look_kind(const struct look_job *o, const struct observe_request *r, bool find)
{
	if (!find)
		return OP_READ;
	if (!r->row || row_never_sent(r->row) || !o->schema || !o->schema->driver)
		return OP_FIND;
	return row_look_kind(r->row, o->schema->driver);
}

static bool is_name_look(const struct observe_request *r)
{
	return !r->row && !r->existing && r->adoption == ADOPT_NOT;
}

static void start(struct observing *all, struct look_job *o, const struct observe_request *r)
{
	struct op_input input;
	bool find = r->find || !r->row, told = may_be_told(r, find);

	o->all = all;
	o->request = r;
	if (r->existing && !o->schema) {
		o->published = (struct published){
			.folder = outputs_folder(all->session->arena, r->existing->project,
						 r->existing->stage),
			.scope = r->scope,
		};
	} else if (r->existing) {
		existing_input(all->session, r, &input);
		look_begin(&o->look, OP_READ, &input, 0);
	} else if (r->adoption != ADOPT_NOT) {
		adopted_input(all->session, r, o->schema, &input);
		look_begin(&o->look, OP_READ, &input, 0);
	} else {
		request_input(all->session, r, o->schema, &input);
		if (r->row)
			count_unread(all, &input);
		look_begin(&o->look, look_kind(o, r, find), &input,
			   r->row ? row_window_ms(r->row, o->schema->driver) : 0);
	}
	o->job.label = r->address;
	o->job.verb = STR("read");
	o->job.weight_ms = WEIGHT_MS;
	o->job.context = o;
	o->job.next = observe_next;
	o->job.ended = observe_ended;
	if (told) {
		o->asker = (struct asker){ .input = input, .context = o, .ready = look_ready };
		bulks_add(&all->bulks, &o->asker);
	} else if (is_name_look(r) && !o->is_part) {
		o->asker = (struct asker){ .input = input, .context = o, .ready = look_or_absent,
					   .for_absence = true };
		bulks_add(&all->bulks, &o->asker);
	} else if (!o->is_part) {
		look_for(o);
	}
}

static const struct schema *schema_of(struct session *s, const struct observe_request *r)
{
	const struct schema *schema = r->schema;

	if (!schema && r->row)
		schema = schema_find(s->schemas, r->row->type);
	return schema && schema->driver ? schema : NULL;
}

/* A type that nothing here can read: the apply refuses it, the plan says so. */
static bool can_look(const struct look_job *o, const struct observe_request *r)
{
	return o->schema || (r->existing && !r->existing->schema);
}

/* What is a part of something that was not made is looked for only if that is there. */
static void link_parts(struct arena *scratch, struct look_job *jobs,
		       const struct observe_request *requests, size_t count)
{
	struct map by_address = { 0 };

	for (size_t i = 0; i < count; i++)
		if (is_name_look(&requests[i]) && jobs[i].schema)
			*map_put(scratch, &by_address, requests[i].address) = &jobs[i];
	for (size_t i = 0; i < count; i++) {
		struct look_job *whole = requests[i].within.length ?
			map_get(&by_address, requests[i].within) : NULL;

		if (!whole || !is_name_look(&requests[i]) || whole == &jobs[i])
			continue;
		jobs[i].is_part = true;
		jobs[i].next_part = whole->parts;
		whole->parts = &jobs[i];
	}
}

bool observe(struct session *s, const struct observe_request *requests, size_t count,
	     struct observation *out, struct error *err)
{
	struct arena scratch;
	struct observing all = { .session = s, .out = out, .failures = { .arena = s->arena } };
	struct look_job *jobs;
	enum loop_end end;

	arena_init(&scratch);
	bulks_init(&all.bulks, s, &scratch);
	jobs = arena_array(&scratch, struct look_job, count);
	for (size_t i = 0; i < count; i++) {
		jobs[i].schema = schema_of(s, &requests[i]);
		all.total += can_look(&jobs[i], &requests[i]);
	}
	link_parts(&scratch, jobs, requests, count);
	for (size_t i = 0; i < count; i++)
		if (can_look(&jobs[i], &requests[i]))
			start(&all, &jobs[i], &requests[i]);
	bulks_start(&all.bulks);
	out->coverage.resources += all.total;
	end = loop_run(s->loop, err);
	out->coverage.calls += all.bulks.calls;
	arena_release(&scratch);
	if (end == LOOP_INTERRUPTED)
		return error_set(err, ERROR_REFUSED, "interrupted while looking at what is live");
	if (end == LOOP_STOPPED)
		return false;
	return failures_report(&all.failures, "cannot see what is live: ", err);
}

/* ---- which ---- */

static bool must_find(const struct row *row, const struct schema *schema)
{
	return row_is_unfinished(row) || !schema || !schema->driver ||
	       !row_has_key(row, schema->driver);
}

/* Its key says where to look, whatever name would be made for it. */
static void request_adopted(struct arena *a, const struct plan *plan, uint32_t i,
			    struct observe_request *out)
{
	const struct resource *r = &plan->model->resources[i];
	struct value key = plan_adopted_key(a, r->schema, r->lifecycle->import);

	*out = (struct observe_request){
		.address = plan->resolved[i].address, .schema = r->schema, .scope = &r->scope,
		.instance = plan->resolved[i].instance,
		.properties = plan->resolved[i].properties,
		.adoption = plan->resolved[i].adoption,
	};
	out->properties.map = map_copy(a, &out->properties.map, key.map.count);
	for (uint32_t k = 0; k < key.map.count; k++)
		value_replace(a, &out->properties, key.map.entries[k].key,
			      ((const struct member *)key.map.entries[k].value)->value);
}

static bool names(const struct value *v, struct str name)
{
	struct str text;

	if (!v || v->kind != VALUE_STRING || !name.length || v->string.length < name.length)
		return false;
	text = v->string;
	return str_equal(text, name) ||
	       (str_ends(text, name) && text.data[text.length - name.length - 1] == ':');
}

/* What it depends on and is a part of: of its own service, and named by its parent property. */
static struct str within_of(const struct plan *plan, uint32_t i)
{
	const struct resolved *resolved = &plan->resolved[i];
	const struct driver *driver = plan->model->resources[i].schema->driver;
	const struct value *parent;

	if (!driver || resolved->properties.kind != VALUE_MAP)
		return (struct str){ 0 };
	parent = value_get(&resolved->properties, driver->owner == OWNER_PARENT ?
						  driver->owner_property : driver->parent);
	for (size_t k = 0; parent && k < resolved->edges.count; k++) {
		uint32_t index = model_find(plan->model, resolved->edges.items[k]);
		const struct driver *other = index == UINT32_MAX ? NULL :
			plan->model->resources[index].schema->driver;

		if (other && str_equal(other->api, driver->api) &&
		    names(parent, plan->resolved[index].name))
			return resolved->edges.items[k];
	}
	return (struct str){ 0 };
}

static void request_resource(const struct plan *plan, uint32_t i, struct observe_request *out)
{
	const struct resource *r = &plan->model->resources[i];
	const struct resolved *resolved = &plan->resolved[i];

	*out = (struct observe_request){
		.address = resolved->address, .schema = r->schema, .row = resolved->row,
		.scope = resolved->row ? &resolved->row->scope : &r->scope,
		.instance = resolved->instance, .generation = resolved->generation,
	};
	if (resolved->row)
		row_open(resolved->row);
	if (resolved->row && !row_never_sent(resolved->row)) {
		/* What was made of another type is looked for as that. */
		if (!str_equal(resolved->row->type, r->schema->type))
			out->schema = NULL;
		out->properties = resolved->row->properties;
		out->find = !out->schema || must_find(resolved->row, r->schema);
		out->instance = resolved->row->instance;
	} else {
		/* Nothing was sent, and an intent lacks what was not known then. */
		out->properties = resolved->properties;
		out->find = true;
		out->within = within_of(plan, i);
	}
}

static void request_existing(struct arena *a, const struct plan *plan, uint32_t i,
			     struct observe_request *out)
{
	const struct existing *x = &plan->model->existing[i];
	struct scope *scope = arena_new(a, struct scope);

	*scope = plan_existing_scope(plan, i);
	*out = (struct observe_request){
		.address = x->name, .existing = x, .schema = x->schema, .scope = scope,
		.properties = x->schema ? plan_existing_key(a, plan, i) : value_map(),
	};
}

void observe_requests(struct arena *a, const struct plan *first, struct observe_request **out,
		      size_t *count)
{
	size_t wanted = first->resolved ? first->model->resource_count : 0;
	size_t others = first->destroy ? 0 : first->model->existing_count;
	struct map seen = { 0 }, acting = { 0 };

	for (size_t i = 0; first->targeted && i < first->action_count; i++)
		*map_put(a, &acting, first->actions[i].address) = &first->actions[i];
	*out = arena_array(a, struct observe_request, wanted + others + first->state->row_count);
	*count = 0;
	for (uint32_t i = 0; i < others; i++)
		request_existing(a, first, i, &(*out)[(*count)++]);
	for (uint32_t i = 0; i < wanted; i++) {
		/* Nothing is wanted where all is destroyed. */
		if (!first->resolved[i].row && first->resolved[i].properties.kind != VALUE_MAP)
			continue;
		if (first->resolved[i].left_out)
			continue;
		struct observe_request *r = &(*out)[(*count)++];

		if (first->resolved[i].adoption != ADOPT_NOT)
			request_adopted(a, first, i, r);
		else
			request_resource(first, i, r);
		*map_put(a, &seen, r->address) = r;
		if (first->resolved[i].renamed_from.length)
			*map_put(a, &seen, first->resolved[i].renamed_from) = r;
	}
	for (size_t i = 0; i < first->state->row_count; i++) {
		const struct row *row = first->state->rows[i];
		struct str address = address_text(a, &row->address);

		if (map_has(&seen, address) || row_never_sent(row) || row->adopting)
			continue;
		if (first->targeted && !map_has(&acting, address))
			continue;
		row_open(row);
		(*out)[(*count)++] = (struct observe_request){
			.address = address, .row = row, .scope = &row->scope,
			.instance = row->instance, .properties = row->properties,
			.find = row_is_unfinished(row) ||
				row->attributes.kind != VALUE_MAP || !row->attributes.map.count,
		};
	}
}

void observe_acting(struct arena *a, const struct plan *draft, struct map *asked,
		    struct observe_request *requests, size_t *count)
{
	struct map acting = { 0 };
	size_t kept = 0;

	for (size_t i = 0; i < draft->action_count; i++)
		*map_put(a, &acting, draft->actions[i].address) = &draft->actions[i];
	for (size_t i = 0; i < *count; i++) {
		const struct observe_request *r = &requests[i];
		bool unfinished = r->row && row_is_unfinished(r->row);
		void **place;

		if (!r->existing && !unfinished && !map_has(&acting, r->address))
			continue;
		place = map_put(a, asked, str_format(a, "%s %.*s", r->existing ? "existing" : "",
						     STR_ARG(r->address)));
		if (!*place)
			requests[kept++] = *r;
		*place = asked;
	}
	*count = kept;
}
