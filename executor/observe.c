#include "observe.h"

#include "look.h"
#include "planner/secret.h"
#include "row.h"

#define WEIGHT_MS 1000

struct observing {
	struct session *session;
	struct observation *out;
	struct failures failures;
	size_t done, total;
};

struct look_job {
	struct job job;
	struct observing *all;
	const struct observe_request *request;
	const struct schema *schema;
	struct look look;
};

static struct step observe_next(struct job *job, const struct reply *last, int64_t now_ms)
{
	struct look_job *o = job->context;

	return look_next(&o->look, &job->arena, last, now_ms);
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
static void keep(struct look_job *o, const struct op_result *result)
{
	struct session *s = o->all->session;
	struct observed *seen = arena_new(s->arena, struct observed);
	struct value properties = value_copy(s->arena, &result->observed);

	seen->seen = seen_of(result->found);
	seen->properties = secret_seal(s->arena, o->schema->driver, s->secret_key, &properties);
	seen->attributes = value_copy(s->arena, &result->attributes);
	seen->owner = str_copy(s->arena, result->owner);
	*map_put(s->arena, &o->all->out->by_address, o->request->address) = seen;
}

static void observe_ended(struct job *job, bool dropped)
{
	struct look_job *o = job->context;
	struct observing *all = o->all;
	struct event event = { .kind = EVENT_PROGRESS, .address = job->label, .verb = job->verb };
	const struct op_result *result;

	if (dropped)
		return;
	result = o->look.op ? look_result(&o->look) : NULL;
	if (job->failure.kind != ERROR_NONE)
		failures_add(&all->failures, job->label, &job->failure);
	else if (result->error.kind != ERROR_NONE)
		failures_add(&all->failures, job->label, &result->error);
	else
		keep(o, result);
	event.done = ++all->done;
	event.total = all->total;
	if (all->session->sink.emit)
		all->session->sink.emit(all->session->sink.context, &event);
}

static void request_input(const struct session *s, const struct observe_request *r,
			  const struct schema *schema, struct op_input *out)
{
	struct row none = {
		.scope = *r->scope, .instance = r->instance, .properties = r->properties,
	};

	row_input(s, r->row ? r->row : &none, schema, out);
	out->scope = r->scope;
	out->properties = r->properties.kind == VALUE_MAP ? r->properties : value_map();
}

static void start(struct observing *all, struct look_job *o, const struct observe_request *r)
{
	struct op_input input;
	bool find = r->find || !r->row;

	o->all = all;
	o->request = r;
	request_input(all->session, r, o->schema, &input);
	look_begin(&o->look, find ? OP_FIND : OP_READ, &input,
		   r->row ? row_window_ms(r->row, o->schema->driver) : 0);
	o->job.label = r->address;
	o->job.verb = STR("read");
	o->job.weight_ms = WEIGHT_MS;
	o->job.context = o;
	o->job.next = observe_next;
	o->job.ended = observe_ended;
	loop_add(all->session->loop, &o->job);
}

static const struct schema *schema_of(struct session *s, const struct observe_request *r)
{
	const struct schema *schema = r->schema;

	if (!schema && r->row)
		schema = schema_find(s->schemas, r->row->type);
	return schema && schema->driver ? schema : NULL;
}

bool observe(struct session *s, const struct observe_request *requests, size_t count,
	     struct observation *out, struct error *err)
{
	struct arena scratch;
	struct observing all = { .session = s, .out = out, .failures = { .arena = s->arena } };
	struct look_job *jobs;
	enum loop_end end;

	arena_init(&scratch);
	jobs = arena_array(&scratch, struct look_job, count);
	for (size_t i = 0; i < count; i++) {
		/* A type that nothing here can read: the apply refuses it, the plan says so. */
		jobs[i].schema = schema_of(s, &requests[i]);
		all.total += jobs[i].schema != NULL;
	}
	for (size_t i = 0; i < count; i++)
		if (jobs[i].schema)
			start(&all, &jobs[i], &requests[i]);
	end = loop_run(s->loop, err);
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

static void request_resource(const struct plan *plan, uint32_t i, struct observe_request *out)
{
	const struct resource *r = &plan->model->resources[i];
	const struct resolved *resolved = &plan->resolved[i];

	*out = (struct observe_request){
		.address = resolved->address, .schema = r->schema, .row = resolved->row,
		.scope = resolved->row ? &resolved->row->scope : &r->scope,
		.instance = resolved->instance,
	};
	if (resolved->row)
		row_open(resolved->row);
	if (resolved->row && !row_never_sent(resolved->row)) {
		out->properties = resolved->row->properties;
		out->find = must_find(resolved->row, r->schema);
		out->instance = resolved->row->instance;
	} else {
		/* Nothing was sent, and an intent lacks what was not known then. */
		out->properties = resolved->properties;
		out->find = true;
	}
}

void observe_requests(struct arena *a, const struct plan *first, struct observe_request **out,
		      size_t *count)
{
	size_t wanted = first->resolved ? first->model->resource_count : 0;
	struct map seen = { 0 };

	*out = arena_array(a, struct observe_request, wanted + first->state->row_count);
	*count = 0;
	for (uint32_t i = 0; i < wanted; i++) {
		/* Nothing is wanted where all is destroyed. */
		if (!first->resolved[i].row && first->resolved[i].properties.kind != VALUE_MAP)
			continue;
		struct observe_request *r = &(*out)[(*count)++];

		request_resource(first, i, r);
		*map_put(a, &seen, r->address) = r;
	}
	for (size_t i = 0; i < first->state->row_count; i++) {
		const struct row *row = first->state->rows[i];
		struct str address = address_text(a, &row->address);

		if (map_has(&seen, address) || row_never_sent(row))
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
