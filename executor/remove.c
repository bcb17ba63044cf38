#include "task.h"

#define REMOVE_WINDOW_MS 2000

/* ---- the row ---- */

/* The newest generation goes: the one below takes its place, and is to go as well. */
static void remove_newest(struct task *t, const struct row *current)
{
	struct applying *all = t->all;
	struct store *store = all->session->store;
	struct store_write w = { .remove = t->action->address };
	struct row *older;

	if (current->previous) {
		older = arena_new(all->arena, struct row);
		*older = *current->previous;
		older->status = ROW_DELETING;
		task_write(t, older, "gone");
		return;
	}
	w.tombstone = (struct tombstone){ t->action->address, current->generation };
	w.journal = journal_line(&t->job.arena, current, "remove", "done");
	state_remove(all->state, t->action->address);
	store->submit(store->context, &w, 1);
}

/* A copy of the chain below without one generation. */
static struct row *without(struct arena *a, const struct row *chain, uint32_t generation)
{
	struct row *first = NULL, **end = &first;

	for (; chain; chain = chain->previous) {
		if (chain->generation == generation)
			continue;
		*end = arena_new(a, struct row);
		**end = *chain;
		(*end)->previous = NULL;
		end = &(*end)->previous;
	}
	return first;
}

void remove_save(struct task *t)
{
	const struct row *current = state_find(t->all->state, t->action->address);
	struct row *row;

	CHECK(current);
	if (current->generation == t->node->row->generation) {
		remove_newest(t, current);
		return;
	}
	row = arena_new(t->all->arena, struct row);
	*row = *current;
	row->previous = without(t->all->arena, current->previous, t->node->row->generation);
	if (!row->previous && row->status == ROW_REPLACED)
		row->status = ROW_CREATED;
	task_write(t, row, "collected");
}

/* ---- the machine ---- */

static struct step begin_delete(struct task *t)
{
	struct op_input in;

	row_input(t->all->session, t->row, t->schema, &in);
	/* What is guarded goes only if that was allowed, now or when it was begun. */
	in.data_loss = t->action->data_loss || t->row->guard != GUARD_NONE;
	t->phase = PHASE_DELETE;
	task_op(t, OP_DELETE, &in);
	return op_next(t->op, NULL, session_now_ms(t->all->session));
}

static struct step begin_check(struct task *t)
{
	const struct driver *driver = t->schema->driver;
	int64_t window_ms = driver->consistency_ms;
	struct op_input in;

	/* What was once seen is not believed gone at the first look. */
	if (t->row->attributes.kind != VALUE_MAP || !t->row->attributes.map.count)
		window_ms = 0;
	else if (window_ms > REMOVE_WINDOW_MS)
		window_ms = REMOVE_WINDOW_MS;
	row_input(t->all->session, t->row, t->schema, &in);
	t->phase = PHASE_CHECK;
	look_begin(&t->look, row_look_kind(t->row, driver), &in, window_ms);
	return look_next(&t->look, &t->job.arena, NULL, session_now_ms(t->all->session));
}

/* It is gone: another generation of the same resource has its name. */
static bool has_successor(const struct task *t, struct str holder)
{
	const struct row *newest = state_find(t->all->state, t->action->address);

	return row_of_instance(newest, holder) != NULL;
}

static struct step checked(struct task *t)
{
	const struct op_result *result = look_result(&t->look);

	switch (result->found) {
	case OP_FOUND:
		t->row->attributes = value_copy(t->all->arena, &result->attributes);
		return begin_delete(t);
	case OP_ABSENT:
		return (struct step){ .kind = STEP_DONE };
	case OP_FOREIGN:
		if (has_successor(t, result->holder))
			return (struct step){ .kind = STEP_DONE };
		error_set(&t->error, ERROR_REFUSED,
			  "it is not deleted: it belongs to %.*s; if it is ours, put its tag "
			  "effortless:instance back, else the next run forgets it",
			  STR_ARG(result->owner));
		return (struct step){ .kind = STEP_FAIL };
	case OP_NOT_LOOKED:
		break;
	}
	if (row_has_key(t->row, t->schema->driver))
		return begin_delete(t);
	if (!t->row->sent)
		return (struct step){ .kind = STEP_DONE };
	error_set(&t->error, ERROR_REFUSED,
		  "it cannot be found to be deleted: its id was never learned");
	return (struct step){ .kind = STEP_FAIL };
}

static struct step start(struct task *t)
{
	t->row = arena_new(t->all->arena, struct row);
	*t->row = *t->node->row;
	if (row_never_sent(t->row))
		return (struct step){ .kind = STEP_DONE };
	return begin_check(t);
}

struct step remove_next(struct job *job, const struct reply *last, int64_t now_ms)
{
	struct task *t = job->context;
	struct step step;

	if (t->phase == PHASE_START)
		step = start(t);
	else if (t->phase == PHASE_CHECK)
		step = look_next(&t->look, &job->arena, last, now_ms);
	else
		step = op_next(t->op, last, now_ms);
	if (t->phase == PHASE_CHECK && step.kind == STEP_DONE)
		step = checked(t);
	/* Without an error it would count as gone. */
	if (step.kind == STEP_FAIL && t->error.kind == ERROR_NONE)
		t->error = t->phase == PHASE_CHECK ? look_result(&t->look)->error :
			   op_result(t->op)->error;
	return step;
}

uint64_t remove_record(struct job *job)
{
	struct task *t = job->context;
	struct store *store = t->all->session->store;
	struct store_write w = { 0 };

	w.journal = journal_line(&job->arena, t->row, "remove", "begin");
	return store->submit(store->context, &w, 1);
}
