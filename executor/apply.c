#include "apply.h"

#include "base/trace.h"
#include "task.h"

/* ---- shared by the machines ---- */

uint64_t task_write(struct task *t, struct row *row, const char *what)
{
	struct store *store = t->all->session->store;
	struct store_write w = { .put = row };
	struct row *kept = arena_new(t->all->arena, struct row);

	/* The machine goes on changing its own. */
	*kept = *row;
	state_put(t->all->arena, t->all->state, kept);
	w.journal = journal_line(&t->job.arena, row, action_kind_name(t->action->kind), what);
	return store->submit(store->context, &w, 1);
}

void task_op(struct task *t, enum op_kind kind, const struct op_input *input)
{
	t->op = op_new(&t->job.arena, kind, input);
}

/* ---- one node ---- */

static void emit(struct task *t, enum event_kind kind, struct str text)
{
	struct session *s = t->all->session;
	struct event event = {
		.kind = kind, .node = t->node, .address = t->action->address,
		.action = t->action->kind, .verb = t->job.verb, .text = text,
		.elapsed_ms = t->started_ms ? session_now_ms(s) - t->started_ms : 0,
		.identifier = t->row ? t->row->identifier : (struct str){ 0 },
	};

	if (s->sink.emit)
		s->sink.emit(s->sink.context, &event);
}

static struct str verb_of(const struct action *act, enum node_kind kind)
{
	if (kind == NODE_REMOVE)
		return act->kind == ACTION_DELETE ? STR("delete") :
		       act->kind == ACTION_FORGET ? STR("forget") : STR("remove old");
	return str_from_c(action_kind_name(act->kind));
}

/* It was made now, and whatever uses it may be too early. */
static bool is_fresh(const struct task *t)
{
	return t->usable && t->schema->driver->usable_ms > 0;
}

static void stands_on_fresh(struct task *dependent, const struct task *t)
{
	dependent->pass.fresh_ms = session_now_ms(t->all->session);
	if (dependent->pass.usable_ms < t->schema->driver->usable_ms)
		dependent->pass.usable_ms = t->schema->driver->usable_ms;
}

/*
 * Tells those of a kind that waited for a node; whoever waits for nothing more can start.
 * What is to go waits until what takes its place was read.
 */
static void release_kind(struct task *t, enum node_kind kind)
{
	struct applying *all = t->all;
	size_t n = (size_t)(t - all->tasks);

	for (size_t i = all->dependents_start[n]; i < all->dependents_start[n + 1]; i++) {
		struct task *dependent = &all->tasks[all->dependents[i]];

		if (dependent->node->kind != kind)
			continue;
		if (is_fresh(t))
			stands_on_fresh(dependent, t);
		dependent->blocked = dependent->blocked || (!t->done && !t->usable);
		CHECK(dependent->waiting > 0);
		if (--dependent->waiting == 0 && !dependent->blocked)
			*vec_push(&all->scratch, &all->startable) = dependent;
	}
}

static void release_dependents(struct task *t)
{
	if (!t->usable)
		release_kind(t, NODE_MAKE);
	t->usable = false;
	release_kind(t, NODE_REMOVE);
}

static void node_done(struct task *t)
{
	t->ended = t->done = true;
	t->all->report->done++;
	emit(t, EVENT_DONE, (struct str){ 0 });
}

/* What went wrong, where it is written, and what is true now. */
static struct str failure_text(struct task *t, const struct error *error)
{
	const struct row *row = t->row;
	const char *now = "";

	if (t->node->kind == NODE_MAKE && row && t->phase != PHASE_START) {
		bool learned = row->attributes.kind == VALUE_MAP && row->attributes.map.count;
		bool made = row->status == ROW_CREATING || row->status == ROW_REPLACING;

		if (made && !row->sent)
			now = "; nothing was made";
		else if (made && learned)
			now = "; it exists, unfinished: the next apply goes on with it";
		else if (made)
			now = "; it may exist: the next apply looks for it";
	}
	return str_format(&t->job.arena, "%.*s: %s%s",
			  STR_ARG(row_title(&t->job.arena, row ? row : t->node->row)), error->text,
			  now);
}

static void node_failed(struct task *t)
{
	const struct error *error = t->job.failure.kind ? &t->job.failure : &t->error;
	struct row titled = { 0 };

	t->ended = t->all->failed = true;
	t->all->report->failed++;
	if (t->node->kind == NODE_MAKE) {
		make_save(t, false);
		if (!t->row) {
			titled = *state_find(t->all->state, t->action->address);
			t->row = &titled;
		}
	}
	emit(t, EVENT_FAILED, failure_text(t, error));
}

static void node_dropped(struct task *t)
{
	t->ended = true;
	if (!t->job.opened) {
		t->all->report->skipped++;
		emit(t, EVENT_SKIPPED, STR("interrupted before it began"));
		return;
	}
	t->all->report->open++;
	if (t->node->kind == NODE_MAKE)
		make_save(t, false);
	emit(t, EVENT_OPEN, STR("left unfinished: the next apply goes on with it"));
}

static bool is_held(const struct applying *all)
{
	return all->failed && all->session->stop_on_failure;
}

static void node_held(struct task *t)
{
	t->ended = true;
	t->all->report->skipped++;
	emit(t, EVENT_SKIPPED, STR("nothing more was started after a failure"));
}

static void start_startable(struct applying *all);

void task_usable(struct task *t)
{
	gate_left(&t->all->gates, &t->pass, true);
	task_write(t, t->row, "made");
	loop_unsaved(t->all->session->loop);
	loop_unlock(t->all->session->loop, &t->job);
	t->job.weight_ms = 0;		/* nothing waits for what is left of it */
	t->usable = true;
	emit(t, EVENT_USABLE, (struct str){ 0 });
	release_kind(t, NODE_MAKE);
	start_startable(t->all);
}

static bool is_confirmed(const struct task *t)
{
	return t->node->kind == NODE_MAKE &&
	       (t->action->kind == ACTION_CREATE || t->action->kind == ACTION_REPLACE);
}

static void task_ended(struct job *job, bool dropped)
{
	struct task *t = job->context;

	if (is_confirmed(t) && !t->asker)
		confirm_without(&t->all->confirm, t->schema);
	gate_left(&t->all->gates, &t->pass, false);
	if (dropped) {
		node_dropped(t);
	} else if (t->held) {
		node_held(t);
	} else if (job->failure.kind != ERROR_NONE || t->error.kind != ERROR_NONE) {
		node_failed(t);
	} else {
		if (t->node->kind == NODE_MAKE)
			make_save(t, true);
		else
			remove_save(t);
		node_done(t);
	}
	release_dependents(t);
	start_startable(t->all);
}

static struct step task_next(struct job *job, const struct reply *last, int64_t now_ms)
{
	struct task *t = job->context;
	struct step step;

	if (t->phase == PHASE_START && is_held(t->all)) {
		t->held = true;
		return (struct step){ .kind = STEP_FAIL };
	}
	if (!t->started_ms) {
		t->started_ms = now_ms ? now_ms : 1;
		t->all->begun[t->node->action] = true;
		emit(t, EVENT_STARTED, (struct str){ 0 });
	}
	if (t->node->kind == NODE_REMOVE)
		return remove_next(job, last, now_ms);
	if (t->phase == PHASE_START && gate_holds(&t->all->gates, &t->pass, now_ms, &step))
		return step;
	step = make_next(job, last, now_ms);
	gate_saw(&t->all->gates, &t->pass, now_ms, &step);
	return step;
}

static uint64_t task_record(struct job *job)
{
	struct task *t = job->context;

	return t->node->kind == NODE_MAKE ? make_record(job) : remove_record(job);
}

static void add_all(struct arena *a, struct value *out, const struct value *map)
{
	for (uint32_t i = 0; map->kind == VALUE_MAP && i < map->map.count; i++)
		value_set(a, out, map->map.entries[i].key,
			  ((struct member *)map->map.entries[i].value)->value);
}

/* One writer at a time where the service conflicts: a table, an API. */
static struct str lock_text(struct task *t)
{
	struct arena *a = &t->all->scratch;
	const struct driver *driver = t->schema->driver;
	struct attribute_source source = applying_source(t->all);
	struct value known = value_map(), text;
	const struct row *row = t->node->row;

	if (!driver->lock.length)
		return (struct str){ 0 };
	if (t->node->kind == NODE_MAKE) {
		struct value wanted = plan_properties(a, t->all->plan, t->action->want, &source,
						      NULL);

		row = state_find(t->all->state, t->action->address);
		add_all(a, &known, &wanted);
	} else {
		add_all(a, &known, &row->properties);
	}
	add_all(a, &known, &row->attributes);
	text = driver_fill(a, driver->lock, &row->scope, &known);
	/* What has no id yet has no other writer either. */
	if (text.kind != VALUE_STRING)
		return (struct str){ 0 };
	return str_format(a, "%.*s/%.*s/%.*s", STR_ARG(driver->api), STR_ARG(row->scope.region),
			  STR_ARG(text.string));
}

/* A node that needs no call: only what the state keeps changes. */
static bool is_metadata(const struct task *t)
{
	return action_is_of_state(t->action) &&
	       (t->node->kind == NODE_MAKE || t->action->kind == ACTION_FORGET);
}

static void metadata_failed(struct task *t)
{
	t->ended = t->all->failed = true;
	t->all->report->failed++;
	emit(t, EVENT_FAILED, failure_text(t, &t->error));
}

static void start_node(struct task *t)
{
	struct applying *all = t->all;

	t->job.label = t->action->address;
	t->job.node = t->node;
	t->job.action = t->action->kind;
	t->job.verb = verb_of(t->action, t->node->kind);
	t->job.weight_ms = t->node->weight_ms;
	t->job.context = t;
	t->job.next = task_next;
	t->job.record = task_record;
	t->job.ended = task_ended;
	t->pass.type = t->schema ? t->schema->type : t->node->row->type;
	t->pass.job = &t->job;
	if (!is_metadata(t)) {
		t->job.lock = lock_text(t);
		loop_add(all->session->loop, &t->job);
		return;
	}
	all->begun[t->node->action] = true;
	arena_init(&t->job.arena);
	if (t->action->kind == ACTION_FORGET)
		remove_save(t);
	if (t->node->kind == NODE_MAKE && !make_metadata(t))
		metadata_failed(t);
	else
		node_done(t);
	release_dependents(t);
	arena_release(&t->job.arena);
}

/* A list, not a recursion: nodes without a call can stand in long rows. */
static void start_startable(struct applying *all)
{
	while (all->startable.count && !is_held(all))
		start_node(all->startable.items[--all->startable.count]);
}

/* ---- all of them ---- */

static void link_dependents(struct applying *all)
{
	const struct plan *plan = all->plan;
	size_t *next;

	all->dependents_start = arena_array(&all->scratch, size_t, plan->node_count + 1);
	next = arena_array(&all->scratch, size_t, plan->node_count + 1);
	for (size_t n = 0; n < plan->node_count; n++)
		for (size_t i = 0; i < plan->nodes[n].after_count; i++)
			all->dependents_start[plan->nodes[n].after[i] + 1]++;
	for (size_t n = 0; n < plan->node_count; n++) {
		all->dependents_start[n + 1] += all->dependents_start[n];
		next[n] = all->dependents_start[n];
	}
	all->dependents = arena_array(&all->scratch, uint32_t,
				      all->dependents_start[plan->node_count]);
	for (size_t n = 0; n < plan->node_count; n++)
		for (size_t i = 0; i < plan->nodes[n].after_count; i++)
			all->dependents[next[plan->nodes[n].after[i]]++] = (uint32_t)n;
}

static void tasks_make(struct applying *all)
{
	const struct plan *plan = all->plan;

	all->tasks = arena_array(&all->scratch, struct task, plan->node_count);
	all->begun = arena_array(&all->scratch, bool, plan->action_count);
	all->wanted = arena_array(&all->scratch, struct value, plan->model->resource_count);
	for (size_t n = 0; n < plan->node_count; n++) {
		struct task *t = &all->tasks[n];

		t->all = all;
		t->node = &plan->nodes[n];
		t->action = &plan->actions[t->node->action];
		t->waiting = t->node->after_count;
		if (t->action->want != NO_RESOURCE)
			t->resource = &plan->model->resources[t->action->want];
		/* An older generation may be of another type. */
		t->schema = t->node->kind == NODE_MAKE ? t->resource->schema :
			    schema_find(all->session->schemas, t->node->row->type);
		if (is_confirmed(t))
			confirm_expect(&all->confirm, t->schema);
	}
	link_dependents(all);
}

/* Started by nobody: something they needed failed, or nothing more was started. */
static void report_skipped(struct applying *all)
{
	for (size_t n = 0; n < all->plan->node_count; n++) {
		struct task *t = &all->tasks[n];

		if (t->ended)
			continue;
		t->job.verb = verb_of(t->action, t->node->kind);
		all->report->skipped++;
		emit(t, EVENT_SKIPPED, t->blocked && all->report->failed ?
				       STR("something it needs failed") :
				       is_held(all) ?
				       STR("nothing more was started after a failure") :
				       STR("nothing more was started"));
	}
}

static struct value outputs_for_state(struct arena *a, const struct value *outputs)
{
	struct value kept = value_map();

	for (uint32_t i = 0; i < outputs->map.count; i++) {
		const struct member *m = outputs->map.entries[i].value;

		if (m->value.marks & VALUE_SECRET)
			value_set(a, &kept, outputs->map.entries[i].key,
				  value_string(STR("(secret)")));
		else if (!value_has_unknown(&m->value))
			value_set(a, &kept, outputs->map.entries[i].key, m->value);
	}
	return kept;
}

/* Of a destroy there are none; of a part of one they are as they were. */
static void write_outputs(struct applying *all)
{
	struct store *store = all->session->store;
	struct attribute_source source = applying_source(all);
	struct store_write w = { 0 };
	struct value outputs = value_map(), kept;

	if (all->plan->destroy && all->plan->targeted)
		return;
	if (all->plan->outputs.kind == VALUE_MAP && all->plan->outputs.map.count)
		outputs = plan_outputs(all->arena, all->plan, &source, NULL);
	all->report->outputs = outputs;
	kept = outputs_for_state(all->arena, &outputs);
	if (value_equal(&kept, &all->state->outputs))
		return;
	all->state->outputs = kept;
	w.outputs = &all->state->outputs;
	store->submit(store->context, &w, 1);
}

/* What the plan could not tell yet. */
static void ask_assertions(struct applying *all)
{
	const struct model *model = all->plan->model;
	struct attribute_source source = applying_source(all);

	if (all->plan->destroy)
		return;
	all->report->held = arena_array(all->arena, struct held, model->assertion_count);
	for (uint32_t i = 0; i < model->assertion_count; i++)
		all->report->held[i].holds = plan_holds(all->arena, all->plan, i, &source,
							&all->report->held[i].message);
}

static enum apply_result finish(struct applying *all, enum loop_end end, struct error *err)
{
	struct store *store = all->session->store;
	uint64_t durable;

	report_skipped(all);
	if (end == LOOP_STOPPED)
		return APPLY_STOPPED;
	intent_undo(all, end == LOOP_INTERRUPTED);
	write_outputs(all);
	ask_assertions(all);
	if (store->finish ? !store->finish(store->context, err) :
			    !store->poll(store->context, &durable, err))
		return APPLY_STOPPED;
	state_sort(all->state);
	if (end == LOOP_INTERRUPTED)
		return APPLY_INTERRUPTED;
	return all->report->failed || all->report->skipped ? APPLY_PARTIAL : APPLY_DONE;
}

static bool between(void *context, int64_t now_ms, bool idle)
{
	struct applying *all = context;

	return confirm_flush(&all->confirm, now_ms, idle);
}

enum apply_result apply_plan(struct session *s, const struct plan *plan, struct state *state,
			     struct apply_report *report, struct error *err)
{
	struct applying all = {
		.session = s, .arena = s->arena, .plan = plan, .state = state, .report = report,
	};
	enum apply_result result = APPLY_STOPPED;

	*report = (struct apply_report){ .outputs = value_map() };
	arena_init(&all.scratch);
	all.gates = (struct gates){ .arena = &all.scratch, .loop = s->loop };
	all.confirm = (struct confirm){ .session = s, .arena = &all.scratch };
	loop_set_between(s->loop, (struct loop_between){ &all, between });
	tasks_make(&all);
	if (intent_check(&all, err) && intent_write(&all, err)) {
		for (size_t n = 0; n < plan->node_count; n++)
			if (!plan->nodes[n].after_count)
				*vec_push(&all.scratch, &all.startable) = &all.tasks[n];
		start_startable(&all);
		result = finish(&all, loop_run(s->loop, err), err);
	}
	loop_set_between(s->loop, (struct loop_between){ 0 });
	arena_release(&all.scratch);
	return result;
}
