#include "work.h"

/*
 * The way back.  A replacement that was begun and did not come to its end leaves
 * the generation that was to go, and all that stands on it still does.  Where the
 * spec wants that one again and not the new one, it stays: its row counts, and
 * whatever was made of others meanwhile is collected.
 */

/* What the intent could not tell is no difference: it names something of another resource. */
static bool any_reference(void *context, uint32_t resource, struct str attribute)
{
	(void)context;
	(void)resource;
	(void)attribute;
	return true;
}

static bool was_open(struct work *w, uint32_t i, const struct change *change)
{
	struct reference_visit visit = { NULL, any_reference };
	struct str path = change->path;
	size_t end = 0;

	while (end < path.length && path.data[end] != '.' && path.data[end] != '[')
		end++;
	return value_is_absent(&change->before) &&
	       references_visit(&w->scratch, &w->model->resources[i], str_slice(path, 0, end),
				&visit);
}

/* Whether what is wanted cannot be this generation, ever. */
static bool is_another(struct work *w, uint32_t i, const struct row *row, bool complete)
{
	struct action *act = &w->decided[i].action;
	const struct action before = *act;
	bool forced, sure = true;

	w->plan->resolved[i].row = act->have = row;
	row_open(row);
	resolve_kept(w, i);
	resolve_properties(w, i);
	triggers_resolve(w, i);
	forced = row_is_forced(w, i);
	for (size_t k = 0; !complete && k < act->changes.count; k++) {
		sure = !act->changes.items[k].replaces || !was_open(w, i, &act->changes.items[k]);
		if (act->changes.items[k].replaces && sure)
			break;
	}
	*act = before;
	return forced && sure;
}

/* The newest of those that were to go which is what is wanted. */
static const struct row *wanted_again(struct work *w, uint32_t i, const struct row *newest)
{
	if (!is_another(w, i, newest, false))
		return NULL;
	for (const struct row *row = newest->previous; row; row = row->previous) {
		if (!is_another(w, i, row, true))
			return row;
	}
	return NULL;
}

/* The chain with that one first; what was never made is in it no more. */
static struct row *chain_behind(struct arena *a, const struct row *newest, const struct row *first)
{
	struct row *out = arena_new(a, struct row), **end = &out->previous;
	bool whole = first->status != ROW_REPLACING && first->status != ROW_UPDATING;

	*out = *first;
	for (const struct row *row = newest; row; row = row->previous) {
		if (row == first || (row->status == ROW_REPLACING && !row->sent))
			continue;
		*end = arena_new(a, struct row);
		**end = *row;
		end = &(*end)->previous;
	}
	*end = NULL;
	if (whole)
		out->status = out->previous ? ROW_REPLACED : ROW_CREATED;
	else if (out->status == ROW_REPLACING && !out->previous)
		out->status = ROW_CREATING;
	return out;
}

bool back_take(struct work *w, uint32_t i, const struct observed *seen)
{
	struct resolved *resolved = &w->plan->resolved[i];
	struct action *act = &w->decided[i].action;
	const struct row *newest, *first = NULL;

	/* It may be decided more than once. */
	if (resolved->left_behind)
		resolved->row = resolved->left_behind;
	resolved->left_behind = NULL;
	newest = resolved->row;
	if (newest->status == ROW_REPLACING && newest->previous)
		first = wanted_again(w, i, newest);
	/* What was looked for is the one to go back to. */
	if (first && seen && seen->seen != SEEN_FOUND) {
		first = NULL;
		act->live = NULL;
	}
	resolved->row = act->have = first ? chain_behind(w->arena, newest, first) : newest;
	if (first)
		resolved->left_behind = newest;
	return first != NULL;
}

/* It was made, if not to its end: somebody may have put data into it since. */
static enum guard guard_of_newer(const struct row *row)
{
	enum guard guard = GUARD_NONE;

	for (const struct row *old = row->previous; old; old = old->previous) {
		if (old->generation > row->generation && old->guard > guard)
			guard = old->guard;
	}
	return guard;
}

void back_decide(struct work *w, uint32_t i)
{
	struct action *act = &w->decided[i].action;

	act->blocked = work_guard(w, act->address, guard_of_newer(act->have), NULL);

	/* Its row has to be put in place of the other one's. */
	if (act->kind == ACTION_NONE)
		act->kind = ACTION_METADATA;
	if (act->kind == ACTION_METADATA || act->kind == ACTION_COLLECT)
		act->reason = act->have->previous ?
			STR("the spec is as it was before: what was to replace it is removed") :
			STR("the spec is as it was before: what was to replace it was not made");
}
