#include "apply.h"
#include "look.h"
#include "row.h"

#define WEIGHT_MS 1000

struct recovery {
	struct session *session;
	struct state *state;
	struct failures failures;
	struct store_write_vec VEC_OF(struct store_write) writes;
};

struct recover_job {
	struct job job;
	struct recovery *all;
	const struct row *row;
	const struct schema *schema;
	struct look look;
};

static struct step recover_next(struct job *job, const struct reply *last, int64_t now_ms)
{
	struct recover_job *r = job->context;

	return look_next(&r->look, &job->arena, last, now_ms);
}

static struct row *row_copy(struct recovery *all, const struct row *row)
{
	struct row *copy = arena_new(all->session->arena, struct row);

	*copy = *row;
	return copy;
}

/* What was found out before is not found out again: recovery twice writes nothing more. */
static void write_row(struct recovery *all, const struct row *before, struct row *row,
		      const char *what)
{
	struct arena *a = all->session->arena;
	struct store_write *w;

	if (str_equal(row_encode(a, before), row_encode(a, row)))
		return;
	w = vec_push(a, &all->writes);

	w->put = row;
	w->journal = journal_line(a, row, "recover", what);
	state_put(a, all->state, row);
}

static void found(struct recover_job *r, const struct op_result *result)
{
	struct row *row = row_copy(r->all, r->row);

	row->attributes = value_copy(r->all->session->arena, &result->attributes);
	row->identifier = row_identifier(r->all->session->arena, r->schema, row);
	row->sent = true;
	write_row(r->all, r->row, row, "found");
}

/* It was being made and is not there: the next try begins anew, with the same name and instance. */
static void never_made(struct recover_job *r)
{
	struct row *row = row_copy(r->all, r->row);

	row->attributes = value_map();
	row->identifier = (struct str){ 0 };
	row->sent = false;
	write_row(r->all, r->row, row, "not made");
}

static void gone(struct recover_job *r)
{
	struct arena *a = r->all->session->arena;
	struct store_write *w;

	/* Older generations still wait for their removal. */
	if (r->row->previous) {
		struct row *older = row_copy(r->all, r->row->previous);

		older->status = ROW_DELETING;
		write_row(r->all, r->row, older, "gone");
		return;
	}
	w = vec_push(a, &r->all->writes);
	w->remove = r->job.label;
	w->tombstone = (struct tombstone){ r->job.label, r->row->generation };
	w->journal = journal_line(a, r->row, "recover", "gone");
	state_remove(r->all->state, r->job.label);
	state_bury(a, r->all->state, r->job.label, r->row->generation);
}

/* What holds its name, or answers to what it is made of, is an older generation of it. */
static bool is_older(const struct recover_job *r, const struct op_result *result)
{
	const struct driver *driver = r->schema->driver;
	const struct row *older = r->row->previous;
	struct arena scratch;
	struct value key = value_map();
	bool is = false;

	if (r->row->status != ROW_REPLACING || !older)
		return false;
	if (result->found == OP_FOREIGN)
		return row_of_instance(older, result->holder);
	if (result->found != OP_FOUND || driver->key_is_chosen)
		return false;
	arena_init(&scratch);
	for (size_t i = 0; i < driver->key.count; i++) {
		const struct value *v = value_get(&result->attributes, driver->key.items[i]);

		if (!v)
			v = value_get(&result->observed, driver->key.items[i]);
		if (v)
			value_set(&scratch, &key, driver->key.items[i], *v);
	}
	for (; older && !is; older = older->previous)
		is = row_is_of(older, &key);
	arena_release(&scratch);
	return is;
}

static void recover_ended(struct job *job, bool dropped)
{
	struct recover_job *r = job->context;
	const struct op_result *result;

	if (dropped)
		return;
	if (job->failure.kind != ERROR_NONE) {
		failures_add(&r->all->failures, row_title(&job->arena, r->row), &job->failure);
		return;
	}
	result = look_result(&r->look);
	if (result->error.kind != ERROR_NONE)
		failures_add(&r->all->failures, row_title(&job->arena, r->row), &result->error);
	else if (is_older(r, result))
		never_made(r);
	else if (result->found == OP_FOUND)
		found(r, result);
	else if (result->found == OP_ABSENT && r->row->status == ROW_DELETING)
		gone(r);
	else if (result->found != OP_FOREIGN && r->row->status != ROW_UPDATING &&
		 r->row->status != ROW_DELETING)
		never_made(r);
	/* What has its name now is not ours, or it is gone: the observation tells the planner. */
}

static int64_t window_of(const struct row *row, const struct driver *driver)
{
	return row->status == ROW_DELETING ? row_window_ms(row, driver) : driver->consistency_ms;
}

static void start(struct recovery *all, struct recover_job *r, const struct row *row,
		  const struct schema *schema)
{
	struct op_input input;

	r->all = all;
	r->row = row;
	r->schema = schema;
	row_input(all->session, row, schema, &input);
	look_begin(&r->look, row_look_kind(row, schema->driver), &input,
		   window_of(row, schema->driver));
	r->job.label = address_text(all->session->arena, &row->address);
	r->job.verb = STR("recover");
	r->job.weight_ms = WEIGHT_MS;
	r->job.context = r;
	r->job.next = recover_next;
	r->job.ended = recover_ended;
	loop_add(all->session->loop, &r->job);
}

static bool save(struct recovery *all, struct error *err)
{
	struct store *store = all->session->store;
	uint64_t durable;

	if (!all->writes.count)
		return true;
	store->submit(store->context, all->writes.items, all->writes.count);
	return store->poll(store->context, &durable, err);
}

static void start_all(struct recovery *all, struct arena *scratch)
{
	struct state *state = all->state;
	struct recover_job *jobs = arena_array(scratch, struct recover_job, state->row_count);

	for (size_t i = 0; i < state->row_count; i++) {
		const struct row *row = state->rows[i];
		const struct schema *schema;
		struct error why;

		/* What was to be imported is asked for again by what imports it. */
		if (!row_is_unfinished(row) || row_never_sent(row) || row->adopting)
			continue;
		row_open(row);
		schema = schema_find(all->session->schemas, row->type);
		if (schema && schema->driver) {
			start(all, &jobs[i], row, schema);
			continue;
		}
		error_set(&why, ERROR_REFUSED, "an earlier run left it unfinished, and this effc "
			  "has no driver for %.*s", STR_ARG(row->type));
		failures_add(&all->failures, row_title(all->session->arena, row), &why);
	}
}

bool recover(struct session *s, struct state *state, struct error *err)
{
	struct recovery all = { .session = s, .state = state, .failures = { .arena = s->arena } };
	struct arena scratch;
	enum loop_end end;

	arena_init(&scratch);
	start_all(&all, &scratch);
	end = loop_run(s->loop, err);
	/* What was found out is kept even where something else failed. */
	if (end != LOOP_STOPPED && !save(&all, err))
		end = LOOP_STOPPED;
	arena_release(&scratch);
	state_sort(state);
	if (end == LOOP_INTERRUPTED)
		return error_set(err, ERROR_REFUSED,
				 "interrupted while looking for what an earlier "
				 "run left unfinished");
	return end == LOOP_DONE &&
	       failures_report(&all.failures, "cannot find out what an earlier run left: ", err);
}
