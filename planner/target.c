#include "work.h"

/*
 * --target: what was asked for with all that it needs, and nothing else.  What is
 * left out stays as the state has it.  Who uses something that is replaced or
 * deleted comes along, since it has to be moved before the old one goes.
 * --resume is the same for rows that are not finished, and takes less along.
 */
bool address_is_within(struct arena *scratch, struct str target, const struct address *address)
{
	static const struct str prefix = STR_INIT("module.");
	struct address want;

	/* "module.cdn", "module.cdn['eu']": everything in it. */
	if (address->module.length && str_starts(target, prefix)) {
		struct str path = str_slice(target, prefix.length, target.length);
		struct str rest = str_slice(address->module, path.length, address->module.length);

		if (str_starts(address->module, path) &&
		    (!rest.length || rest.data[0] == '.' || rest.data[0] == '['))
			return true;
	}
	if (!address_parse(scratch, target, &want))
		return false;
	return str_equal(want.module, address->module) && str_equal(want.id, address->id) &&
	       (!want.has_key || (address->has_key && str_equal(want.key, address->key))) &&
	       (!want.part.length || str_equal(want.part, address->part));
}

static bool is_asked_for(struct work *w, const struct address *address)
{
	const struct row *row;

	if (w->options->resume) {
		row = state_peek(w->state, address_text(&w->scratch, address));
		return row && row_is_left(row);
	}
	for (size_t i = 0; i < w->options->targets.count; i++) {
		if (address_is_within(&w->scratch, w->options->targets.items[i], address))
			return true;
	}
	return false;
}

/* ---- what it needs ---- */

struct needs {
	struct work *work;
	uint32_t *starts, *targets;
	VEC(uint32_t) stack;
};

/* To resume, what stands is needed as it is: only what has to be made yet comes along. */
static bool comes_along(const struct work *w, uint32_t i)
{
	const struct row *row = w->plan->resolved[i].row;

	return !w->included[i] && (!w->options->resume || !row || row_is_left(row));
}

static void include(struct needs *n, uint32_t i)
{
	struct work *w = n->work;

	if (w->included[i])
		return;
	w->included[i] = true;
	*vec_push(&w->scratch, &n->stack) = i;
	while (n->stack.count) {
		uint32_t node = n->stack.items[--n->stack.count];

		for (uint32_t k = n->starts[node]; k < n->starts[node + 1]; k++) {
			if (!comes_along(w, n->targets[k]))
				continue;
			w->included[n->targets[k]] = true;
			*vec_push(&w->scratch, &n->stack) = n->targets[k];
		}
	}
}

/* ---- what uses what goes ---- */

static bool is_unwanted(const struct work *w, struct str address)
{
	return !map_has(&w->renamed, address) &&
	       (w->options->destroy || model_find(w->model, address) == NO_RESOURCE);
}

static bool stands_on_one(const struct work *w, const struct row *row)
{
	for (size_t k = 0; k < row->edges.count; k++) {
		if (map_has(&w->going, row->edges.items[k]))
			return true;
	}
	return false;
}

/* Rows that nobody wants: those asked for, then whatever stands on them. */
static void find_going(struct needs *n)
{
	struct work *w = n->work;
	bool more = true;

	while (more) {
		more = false;
		for (size_t i = 0; i < w->state->row_count; i++) {
			struct row *row = w->rows[i];
			struct str address = address_text(&w->scratch, &row->address);
			uint32_t at;

			if (map_has(&w->going, address) ||
			    !(stands_on_one(w, row) || is_asked_for(w, &row->address)))
				continue;
			if (is_unwanted(w, address)) {
				*map_put(&w->scratch, &w->going, address) = row;
				more = true;
				continue;
			}
			at = model_find(w->model, address_now(w, address));
			if (at != NO_RESOURCE)
				include(n, at);
		}
	}
}

static void start(struct needs *n, struct work *w)
{
	*n = (struct needs){ .work = w };
	digraph_targets(&w->scratch, &w->links, &n->starts, &n->targets);
}

void targets_take(struct work *w)
{
	struct plan *plan = w->plan;
	struct needs n;

	if (!w->options->targets.count && !w->options->resume)
		return;
	plan->targeted = true;
	plan->resumed = w->options->resume;
	start(&n, w);
	w->included = arena_array(&w->scratch, bool, w->model->resource_count);
	for (uint32_t i = 0; i < w->model->resource_count && !w->options->destroy; i++) {
		if (!is_asked_for(w, &w->model->resources[i].address))
			continue;
		plan->asked_for++;
		include(&n, i);
	}
	find_going(&n);
	for (uint32_t i = 0; i < w->going.count; i++) {
		const struct row *row = w->going.entries[i].value;

		plan->asked_for += is_asked_for(w, &row->address);
	}
}

bool is_left_out(const struct work *w, uint32_t i)
{
	return w->included && !w->included[i];
}

bool removal_is_left_out(const struct work *w, struct str address)
{
	return w->included && !map_has(&w->going, address);
}

bool targets_extend(struct work *w)
{
	struct needs n;
	bool more = false;

	if (!w->included)
		return false;
	start(&n, w);
	for (size_t i = 0; i < w->links.links.count; i++) {
		const struct link *link = &w->links.links.items[i];
		const struct decision *used = &w->decided[link->to];

		if (!is_left_out(w, link->from) || is_left_out(w, link->to) ||
		    !w->plan->resolved[link->from].row || !used->fresh || !used->action.have)
			continue;
		include(&n, link->from);
		more = true;
	}
	return more;
}

void leave_out(struct work *w, uint32_t i)
{
	struct resolved *resolved = &w->plan->resolved[i];

	w->decided[i] = (struct decision){ .action = {
		.address = resolved->address, .want = i, .have = resolved->row,
		.span = w->model->resources[i].span,
	} };
	resolved->left_out = true;
	resolved->properties = value_map();
	if (!resolved->row) {
		resolve_first(w, i);
		return;
	}
	resolve_kept(w, i);
	row_open(resolved->row);
	if (resolved->row->properties.kind == VALUE_MAP)
		resolved->properties = resolved->row->properties;
}

void targets_count(struct work *w)
{
	struct plan *plan = w->plan;
	size_t in = w->going.count, all = w->options->destroy ? 0 : w->model->resource_count;

	if (!plan->targeted)
		return;
	for (uint32_t i = 0; i < w->model->resource_count && !w->options->destroy; i++)
		in += w->included[i];
	for (size_t i = 0; i < w->state->row_count; i++) {
		struct str address = address_text(&w->scratch, &w->rows[i]->address);

		all += is_unwanted(w, address);
	}
	plan->added = in - plan->asked_for;
	plan->left_out = all - in;
}
