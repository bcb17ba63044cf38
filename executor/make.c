#include "base/hash.h"
#include "base/json.h"
#include "planner/secret.h"
#include "task.h"

#define DOUBTS_MOST 5
#define DOUBT_WAIT_MS 1000
#define DOUBT_PAUSE_MS 100		/* at most, before the first look; doubled by each doubt */
#define BASELINE_WINDOW_MS 10000	/* at least this long: it was just made */

/* ---- what is wanted ---- */

static struct value attribute(void *context, struct arena *a, uint32_t resource, struct str name)
{
	struct applying *all = context;
	const struct resolved *resolved = &all->plan->resolved[resource];
	const struct row *row = state_find(all->state, resolved->address);
	const struct value *properties = &resolved->properties;

	if (all->wanted[resource].kind == VALUE_MAP)
		properties = &all->wanted[resource];
	return plan_attribute(a, all->plan, resource, name, properties,
			      row ? &row->attributes : NULL);
}

struct attribute_source applying_source(struct applying *all)
{
	return (struct attribute_source){ all, attribute };
}

static struct str unknown_reason(const struct value *v)
{
	struct str reason = { 0 };

	if (v->kind == VALUE_UNKNOWN)
		return v->unknown->reason;
	for (size_t i = 0; v->kind == VALUE_LIST && i < v->list.count && !reason.length; i++)
		reason = unknown_reason(&v->list.items[i]);
	for (uint32_t i = 0; v->kind == VALUE_MAP && i < v->map.count && !reason.length; i++)
		reason = unknown_reason(&((const struct member *)v->map.entries[i].value)->value);
	return reason;
}

/* What replace_when names, now that it is known. */
static bool triggers_take(struct task *t)
{
	struct applying *all = t->all;
	struct attribute_source source = applying_source(all);

	return plan_triggers(all->arena, all->plan, t->action->want, &source, &t->row->triggers,
			     NULL) ||
	       error_set(&t->error, ERROR_REFUSED, "what 'replace_when' names cannot be told");
}

static bool resolve(struct task *t)
{
	struct applying *all = t->all;
	struct attribute_source source = applying_source(all);
	struct diags mistakes;

	diags_init(&mistakes, all->arena);
	t->wanted = plan_properties(all->arena, all->plan, t->action->want, &source, &mistakes);
	if (mistakes.error_count)
		return error_set(&t->error, ERROR_REFUSED, "a property cannot be worked out: %.*s",
				 STR_ARG(mistakes.items[0].text));
	if (value_has_unknown(&t->wanted))
		return error_set(&t->error, ERROR_REFUSED, "a property cannot be told: %.*s",
				 STR_ARG(unknown_reason(&t->wanted)));
	all->wanted[t->action->want] = t->wanted;
	return triggers_take(t);
}

/* ---- starting ops ---- */

/* The same for every try with the same properties; another one for others, or AWS refuses it. */
static struct str token(struct task *t)
{
	struct str text =
		str_format(&t->job.arena, "%.*s\n%.*s", STR_ARG(t->row->instance),
			   STR_ARG(json_text_canonical(&t->job.arena, &t->row->properties)));
	struct sha256 digest = sha256_of(text);

	return hex_encode(&t->job.arena, digest.bytes, 16);
}

static void make_input(struct task *t, struct op_input *in)
{
	row_input(t->all->session, t->row, t->schema, in);
	in->properties = t->wanted;
	in->token = token(t);
	if (t->doubt)
		in->sent_before = true;
}

static struct step begin_look(struct task *t, enum phase phase, enum op_kind kind,
			      int64_t window_ms)
{
	struct op_input in;

	make_input(t, &in);
	t->phase = phase;
	look_begin(&t->look, kind, &in, window_ms);
	return look_next(&t->look, &t->job.arena, NULL, session_now_ms(t->all->session));
}

static struct step begin_op(struct task *t, enum phase phase, enum op_kind kind,
			    const struct op_input *in)
{
	t->phase = phase;
	task_op(t, kind, in);
	return op_next(t->op, NULL, session_now_ms(t->all->session));
}

static struct step begin_create(struct task *t)
{
	struct op_input in;

	make_input(t, &in);
	in.sent_before = t->row->sent || t->doubt;
	return begin_op(t, PHASE_CREATE, OP_CREATE, &in);
}

/*
 * What cannot be read back and was about to change when an earlier run ended
 * may have either value: neither counts.
 */
static bool is_uncertain(const struct task *t, struct str name)
{
	const struct row *have = t->action->have;
	const struct str_list *hidden = &t->schema->driver->write_only;
	const struct value *before, *after;
	bool listed = false;

	if (!have || have->status != ROW_UPDATING || have->before.kind != VALUE_MAP)
		return false;
	for (size_t i = 0; i < hidden->count; i++) {
		struct str top = str_slice(hidden->items[i], 0, str_index(hidden->items[i], '.'));

		listed = listed || str_equal(top, name);
	}
	before = value_get(&have->before, name);
	after = value_get(&have->properties, name);
	return listed && (!before || !after || !value_equal(before, after));
}

/* What the last apply left, with those secrets in the clear that have not changed. */
static struct value previous_properties(struct task *t)
{
	const struct value *kept = &t->row->before;
	struct value certain = value_map();

	if (kept->kind != VALUE_MAP && t->action->have)
		kept = &t->action->have->properties;
	for (uint32_t i = 0; kept->kind == VALUE_MAP && i < kept->map.count; i++) {
		struct str name = kept->map.entries[i].key;
		const struct member *m = kept->map.entries[i].value;

		if (!is_uncertain(t, name))
			value_set(&t->job.arena, &certain, name, m->value);
	}
	certain = plan_ignored(&t->job.arena, t->all->plan, t->action->want, &certain);
	return secret_open(&t->job.arena, t->schema->driver, t->all->session->secret_key, &certain,
			   &t->wanted);
}

static struct step begin_update(struct task *t)
{
	struct op_input in;

	make_input(t, &in);
	in.previous = previous_properties(t);
	if (t->observed.kind == VALUE_MAP)
		in.observed = secret_open(&t->job.arena, t->schema->driver,
					  t->all->session->secret_key, &t->observed, &t->wanted);
	in.rebind = t->action->rebind;
	in.adopting = t->action->kind == ACTION_ADOPT;
	t->updated = true;
	return begin_op(t, PHASE_UPDATE, OP_UPDATE, &in);
}

static int64_t baseline_window_ms(const struct task *t)
{
	int64_t window_ms = t->schema->driver->consistency_ms;

	return window_ms < BASELINE_WINDOW_MS ? BASELINE_WINDOW_MS : window_ms;
}

/* Together with others of its type, from pages. */
static struct step wait_for_others(struct task *t)
{
	t->phase = PHASE_BASELINE;
	t->asker = arena_new(&t->job.arena, struct asker);
	make_input(t, &t->asker->input);
	return confirm_wait(&t->all->confirm, t->asker, &t->job,
			    session_now_ms(t->all->session));
}

static struct step read_served(struct task *t, int64_t now_ms)
{
	struct op_input in = t->asker->input;

	in.served = t->asker->served;
	in.served_count = t->asker->served_count;
	t->told = in.served_count > 0;
	look_begin(&t->look, OP_READ, &in, baseline_window_ms(t));
	return look_next(&t->look, &t->job.arena, NULL, now_ms);
}

static struct step begin_baseline(struct task *t)
{
	if (t->usable && !t->asker && row_has_key(t->row, t->schema->driver))
		return wait_for_others(t);
	enum op_kind kind = row_has_key(t->row, t->schema->driver) ? OP_READ : OP_FIND;

	return begin_look(t, PHASE_BASELINE, kind, baseline_window_ms(t));
}

/* ---- choosing ---- */

static bool is_live(const struct task *t)
{
	return t->action->live && t->action->live->seen == SEEN_FOUND;
}

static bool has_drift(const struct action *act)
{
	for (size_t i = 0; i < act->changes.count; i++)
		if (act->changes.items[i].drift)
			return true;
	return false;
}

static void learn(struct task *t, const struct value *attributes)
{
	if (attributes->kind == VALUE_MAP && attributes->map.count)
		t->row->attributes = value_copy(t->all->arena, attributes);
}

/*
 * An earlier run began it and it is there.  Where its key is chosen, creating
 * it again meets it and waits until it is ready; else it is taken as found.
 */
static struct step take_over(struct task *t)
{
	t->adopted = true;
	if (t->schema->driver->key_is_chosen) {
		t->doubt = true;
		return begin_create(t);
	}
	return begin_baseline(t);
}

static struct step start_update(struct task *t)
{
	const struct action *act = t->action;
	struct value previous = previous_properties(t);
	bool repair = act->repair || act->kind == ACTION_ADOPT || has_drift(act);

	revision_take(t);
	if (repair && is_live(t))
		t->observed = act->live->properties;
	if (!repair && !act->rebind.count && value_equal(&t->wanted, &previous))
		return (struct step){ .kind = STEP_DONE };
	return begin_update(t);
}

static struct step start(struct task *t)
{
	struct state *state = t->all->state;
	const struct row *row = state_find(state, t->action->address);
	bool whole;

	CHECK(row);
	t->row = arena_new(t->all->arena, struct row);
	*t->row = *row;
	if (!resolve(t))
		return (struct step){ .kind = STEP_FAIL };
	t->row->properties = secret_seal(t->all->arena, t->schema->driver,
					 t->all->session->secret_key, &t->wanted);
	whole = row->status != ROW_CREATING && row->status != ROW_REPLACING;
	if (action_updates(t->action) && whole)
		return start_update(t);
	t->inherited = true;
	if (action_updates(t->action) && row_has_key(row, t->schema->driver))
		return take_over(t);
	if (row->sent || (t->action->repair && is_live(t)))
		return begin_look(t, PHASE_FIND, row_look_kind(row, t->schema->driver), 0);
	t->inherited = false;
	return begin_create(t);
}

static struct step found_out(struct task *t)
{
	const struct op_result *result = look_result(&t->look);

	switch (result->found) {
	case OP_FOUND:
		learn(t, &result->attributes);
		return take_over(t);
	case OP_FOREIGN:
		error_set(&t->error, ERROR_REFUSED,
			  "the name is taken by %.*s; nothing of it is touched",
			  STR_ARG(result->owner));
		return (struct step){ .kind = STEP_FAIL };
	case OP_ABSENT:
	case OP_NOT_LOOKED:
		break;
	}
	return begin_create(t);
}

/*
 * The reply to a create was lost: whether it acted is looked up, as after a crash.
 * Not at once: what broke the connection may last, and the tries are few.
 */
static struct step in_doubt(struct task *t)
{
	int64_t window_ms = t->schema->driver->consistency_ms;
	uint64_t pause_ms = (uint64_t)DOUBT_PAUSE_MS << t->doubts;
	struct op_input in;

	t->doubt = true;
	learn(t, &op_result(t->op)->attributes);
	if (window_ms < DOUBT_WAIT_MS << t->doubts)
		window_ms = DOUBT_WAIT_MS << t->doubts;
	make_input(t, &in);
	t->phase = PHASE_FIND;
	look_begin(&t->look, OP_FIND, &in, window_ms);
	return (struct step){
		.kind = STEP_WAIT, .note = STR("the reply was lost, looking what came of it"),
		.wait_ms = 1 + (int64_t)random_below(t->all->session->random, pause_ms),
	};
}

/* The reply to its create tells it where it has one. */
static bool is_told(const struct driver_steps *steps, struct str name)
{
	for (size_t i = 0; i < steps->create.count; i++) {
		const struct driver_outs *outs = &steps->create.items[i].call.out;

		for (size_t k = 0; k < outs->count; k++)
			if (str_equal(outs->items[k].name, name))
				return true;
	}
	return false;
}

/* Nothing of it is learned by reading it only. */
static bool is_known(const struct task *t)
{
	const struct str_list *names = &t->schema->driver->attributes;

	for (size_t i = 0; i < names->count; i++)
		if (!value_get(&t->row->attributes, names->items[i]) &&
		    !is_told(t->schema->driver->steps, names->items[i]))
			return false;
	return t->row->attributes.kind == VALUE_MAP;
}

static struct step created(struct task *t)
{
	const struct op_result *result = op_result(t->op);

	learn(t, &result->attributes);
	t->adopted = t->adopted || result->found == OP_FOUND;
	if (!t->adopted && !t->doubt && !t->inherited && is_known(t)) {
		t->row->identifier = row_identifier(t->all->arena, t->schema, t->row);
		task_usable(t);
	}
	return begin_baseline(t);
}

/*
 * An update that was accepted and is not shown yet: a changed property reads
 * as it did before.  Taken as the baseline it would be drift in the next plan.
 */
static bool is_stale(struct task *t, const struct value *observed)
{
	const struct row *have = t->action->have;
	struct value previous;

	if (!t->updated || t->adopted || !have || have->baseline.kind != VALUE_MAP ||
	    properties_match(&t->job.arena, t->resource, &t->wanted, observed))
		return false;
	previous = previous_properties(t);
	for (uint32_t i = 0; i < t->wanted.map.count; i++) {
		struct str name = t->wanted.map.entries[i].key;
		const struct value *now = value_get(&t->wanted, name);
		const struct value *before = value_get(&previous, name);
		const struct value *was = value_get(&have->baseline, name);
		const struct value *is = value_get(observed, name);

		if (was && is && value_equal(was, is) && (!before || !value_equal(before, now)))
			return true;
	}
	return false;
}

static struct step look_later(struct task *t, int64_t window_ms, int64_t now_ms)
{
	struct look *l = &t->look;
	int64_t left_ms;

	if (!l->missed) {
		l->missed = true;
		l->since_ms = now_ms;
	}
	left_ms = l->since_ms + window_ms - now_ms;
	l->op = NULL;
	return (struct step){ .kind = STEP_WAIT,
			      .wait_ms = left_ms < DOUBT_WAIT_MS ? left_ms : DOUBT_WAIT_MS,
			      .note = STR("the change is not visible yet") };
}

/* What an earlier run made may be of an earlier spec, also where that cannot be read. */
static bool must_repair(struct task *t, const struct value *observed)
{
	struct value previous;

	if (!properties_match(&t->job.arena, t->resource, &t->wanted, observed))
		return true;
	previous = previous_properties(t);
	return t->inherited && !value_equal(&previous, &t->wanted);
}

static struct step baseline_read(struct task *t, int64_t now_ms)
{
	const struct op_result *result = look_result(&t->look);
	int64_t stale_ms = t->look.missed ? now_ms - t->look.since_ms : 0;

	/* Pages may lag behind: what they tell counts where it is what was wanted. */
	if (t->told && (result->found != OP_FOUND ||
			!properties_match(&t->job.arena, t->resource, &t->wanted,
					  &result->observed))) {
		t->told = false;
		return begin_baseline(t);
	}
	/* An older generation that had the name may be shown for a while. */
	if (result->found == OP_FOREIGN && stale_ms < baseline_window_ms(t))
		return look_later(t, baseline_window_ms(t), now_ms);
	if (result->found == OP_FOREIGN)
		error_set(&t->error, ERROR_REFUSED, "another one of its name was made meanwhile "
			  "and belongs to %.*s", STR_ARG(result->owner));
	else if (result->found != OP_FOUND)
		error_set(&t->error, ERROR_AWS, "it was made, and cannot be seen");
	if (t->error.kind != ERROR_NONE)
		return (struct step){ .kind = STEP_FAIL };
	learn(t, &result->attributes);
	if (t->adopted && !t->updated && must_repair(t, &result->observed)) {
		t->observed = value_copy(&t->job.arena, &result->observed);
		return begin_update(t);
	}
	if (stale_ms < t->schema->driver->consistency_ms && is_stale(t, &result->observed))
		return look_later(t, t->schema->driver->consistency_ms, now_ms);
	t->observed = value_copy(t->all->arena, &result->observed);
	t->row->baseline = secret_seal(t->all->arena, t->schema->driver,
				       t->all->session->secret_key, &t->observed);
	return (struct step){ .kind = STEP_DONE };
}

/* From what is there now. */
static struct step update_again(struct task *t)
{
	const struct op_result *result = look_result(&t->look);

	if (!revision_is_ours(t, result))
		return (struct step){ .kind = STEP_FAIL };
	learn(t, &result->attributes);
	t->observed = value_copy(&t->job.arena, &result->observed);
	return begin_update(t);
}

/* ---- the machine ---- */

static bool is_look(enum phase phase)
{
	return phase == PHASE_FIND || phase == PHASE_REVISION || phase == PHASE_BASELINE;
}

static struct step failed(struct task *t)
{
	const struct op_result *result =
		is_look(t->phase) ? look_result(&t->look) : op_result(t->op);

	learn(t, &result->attributes);
	t->error = result->error;
	return (struct step){ .kind = STEP_FAIL };
}

static struct step phase_done(struct task *t, int64_t now_ms)
{
	switch (t->phase) {
	case PHASE_FIND:
		return found_out(t);
	case PHASE_CREATE:
		return created(t);
	case PHASE_UPDATE:
		learn(t, &op_result(t->op)->attributes);
		return begin_baseline(t);
	case PHASE_REVISION:
		return update_again(t);
	case PHASE_BASELINE:
		return baseline_read(t, now_ms);
	case PHASE_START:
	case PHASE_CHECK:
	case PHASE_DELETE:
		break;
	}
	BUG("make in phase %d", t->phase);
}

static struct step advance(struct task *t, const struct reply *last, int64_t now_ms)
{
	if (t->phase == PHASE_START)
		return start(t);
	if (t->phase == PHASE_BASELINE && t->asker && !t->look.input.schema)
		return read_served(t, now_ms);
	if (is_look(t->phase))
		return look_next(&t->look, &t->job.arena, last, now_ms);
	return op_next(t->op, last, now_ms);
}

/* True once the phase's own machine has nothing more to do, and the task is not at its end. */
static bool phase_is_over(const struct task *t, const struct step *step)
{
	return (step->kind == STEP_DONE || step->kind == STEP_FAIL) && t->phase != PHASE_START;
}

struct step make_next(struct job *job, const struct reply *last, int64_t now_ms)
{
	struct task *t = job->context;
	bool lost =
		last && last->class == REPLY_LOST && t->phase == PHASE_CREATE && t->last_mutates;
	enum phase before;
	struct step step = advance(t, last, now_ms);

	while (phase_is_over(t, &step)) {
		before = t->phase;
		if (step.kind == STEP_DONE)
			step = phase_done(t, now_ms);
		else if (lost && t->doubts++ < DOUBTS_MOST)
			step = in_doubt(t);
		else if (revision_moved(t))
			step = begin_look(t, PHASE_REVISION, OP_READ, 0);
		else
			step = failed(t);
		lost = false;
		/* DONE or FAIL of the phase just left, or of a new one that ended at once. */
		if (t->phase == before && (step.kind == STEP_DONE || step.kind == STEP_FAIL))
			break;
	}
	t->last_mutates = step.kind == STEP_SEND && step.mutates;
	job->once = t->phase == PHASE_CREATE && t->last_mutates;
	return step;
}

uint64_t make_record(struct job *job)
{
	struct task *t = job->context;

	if (t->phase == PHASE_CREATE)
		t->row->sent = true;
	return task_write(t, t->row, "begin");
}

/* ---- the row ---- */

/* Of an action that needs no call: what was not known when the intent was written. */
bool make_metadata(struct task *t)
{
	const struct row *row = state_find(t->all->state, t->action->address);

	if (!t->all->plan->resolved[t->action->want].triggers_open)
		return true;
	t->row = arena_new(t->all->arena, struct row);
	*t->row = *row;
	if (!triggers_take(t))
		return false;
	task_write(t, t->row, "done");
	return true;
}

/* A create that surely made nothing needs no waiting look by the next run. */
static bool nothing_was_made(const struct task *t)
{
	const struct op_result *result = t->op ? op_result(t->op) : NULL;
	bool sent_earlier = t->action->have && t->action->have->sent;

	if (t->phase != PHASE_CREATE || t->doubt || t->adopted || !result)
		return false;
	if (!t->job.acted)
		return !sent_earlier;	/* dropped before its first request went out */
	return result->error.kind != ERROR_NONE && !result->maybe_exists;
}

static void settle(struct task *t)
{
	struct row *row = t->row;
	bool whole = row->status != ROW_CREATING && row->status != ROW_REPLACING;

	row->status = row->previous ? ROW_REPLACED : whole ? ROW_UPDATED : ROW_CREATED;
	row->before = value_null();
	row->edges = t->all->plan->resolved[t->action->want].edges;
	row->adopting = false;
	row->sent = true;
	row->delete_first = false;
}

void make_save(struct task *t, bool done)
{
	const struct row *current = state_find(t->all->state, t->action->address);

	if (!t->row)
		return;
	/* Older generations may have gone meanwhile. */
	t->row->previous = current->previous;
	if (t->phase != PHASE_START && !done && t->op && t->phase != PHASE_BASELINE)
		learn(t, &op_result(t->op)->attributes);
	t->row->identifier = row_identifier(t->all->arena, t->schema, t->row);
	if (done)
		settle(t);
	else if (nothing_was_made(t))
		t->row->sent = false;
	task_write(t, t->row, done ? "done" : "failed");
}
