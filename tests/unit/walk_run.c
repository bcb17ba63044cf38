#include "walk_aws.h"

/* The rows go as those of executor/intent.c, make.c, remove.c and recover.c. */

/* ---- carrying out ---- */

static struct value attribute(void *context, struct arena *a, uint32_t resource, struct str name)
{
	struct walk *w = context;
	const struct resolved *resolved = &w->kit.plan.resolved[resource];
	const struct row *row = state_find(&w->kit.state, resolved->address);
	const struct value *properties = row && row->properties.kind == VALUE_MAP ?
		&row->properties : &resolved->properties;

	return plan_attribute(a, &w->kit.plan, resource, name, properties,
			      row ? &row->attributes : NULL);
}

static struct row *row_copy(struct walk *w, const struct row *row)
{
	struct row *copy = arena_new(&w->kit.arena, struct row);

	*copy = *row;
	return copy;
}

static struct str_list joined(struct walk *w, const struct str_list *before,
			      const struct str_list *after)
{
	struct str *items = arena_array(&w->kit.arena, struct str, before->count + after->count);
	struct str_list out = { items, 0 };

	for (size_t i = 0; i < before->count; i++)
		items[out.count++] = before->items[i];
	for (size_t i = 0; i < after->count; i++) {
		if (!str_list_has(before, after->items[i]))
			items[out.count++] = after->items[i];
	}
	return out;
}

static void set_wanted(struct walk *w, const struct action *act, struct row *row)
{
	const struct resource *r = &w->kit.model.resources[act->want];
	struct thing *t = walk_by_instance(w, row->instance);

	row->edges = w->kit.plan.resolved[act->want].edges;
	if (act->have && act->have->generation == act->generation && act->kind != ACTION_METADATA)
		row->edges = joined(w, &act->have->edges, &row->edges);
	row->guard = r->guard;
	row->retain = r->retain;
	row->driver_version = r->schema->driver->version;
	if (!action_is_of_state(act))
		row->properties = w->kit.plan.resolved[act->want].properties;
	if (t)
		t->guard = r->guard;
}

static struct row *row_fresh(struct walk *w, const struct action *act)
{
	const struct resource *r = &w->kit.model.resources[act->want];
	struct row *row = arena_new(&w->kit.arena, struct row);

	*row = (struct row){
		.address = r->address, .type = r->schema->type, .scope = r->scope,
		.instance = act->instance, .generation = act->generation, .name = act->name,
		.status = ROW_CREATING, .attributes = value_map(),
		.delete_first = act->delete_first,
	};
	set_wanted(w, act, row);
	return row;
}

static bool is_unfinished(const struct row *row)
{
	return row->status == ROW_CREATING || row->status == ROW_UPDATING ||
	       row->status == ROW_REPLACING || row->status == ROW_DELETING;
}

static struct row *row_again(struct walk *w, const struct action *act)
{
	struct row *row = row_fresh(w, act);
	bool there = act->live && act->live->seen == SEEN_FOUND;

	row->previous = act->have->previous;
	row->delete_first = act->delete_first || act->have->delete_first;
	if (row->previous)
		row->status = ROW_REPLACING;
	if (!is_unfinished(act->have))
		return row;
	row->before = act->have->before;
	row->sent = act->have->sent;
	row->attributes = there ? act->have->attributes : value_map();
	return row;
}

static struct row *row_updating(struct walk *w, const struct action *act, struct row *row)
{
	if (row->status != ROW_CREATING && row->status != ROW_REPLACING) {
		row->status = ROW_UPDATING;
		if (row->before.kind != VALUE_MAP)
			row->before = act->have->properties;
	}
	set_wanted(w, act, row);
	return row;
}

static struct row *row_renamed(struct walk *w, const struct action *act, struct row *row)
{
	set_wanted(w, act, row);
	row->edges = w->kit.plan.resolved[act->want].edges;
	return row;
}

static struct row *row_of(struct walk *w, const struct action *act)
{
	struct row *row = act->have ? row_copy(w, act->have) : NULL;

	switch (act->kind) {
	case ACTION_CREATE:
		return row ? row_again(w, act) : row_fresh(w, act);
	case ACTION_REPLACE:
		if (act->generation == act->have->generation)
			return row_again(w, act);
		row = row_fresh(w, act);
		row->status = ROW_REPLACING;
		row->previous = row_copy(w, act->have);
		return row;
	case ACTION_UPDATE:
		return row_updating(w, act, row);
	case ACTION_METADATA:
		set_wanted(w, act, row);
		return row;
	case ACTION_RENAME:
		return action_updates(act) ? row_updating(w, act, row) : row_renamed(w, act, row);
	case ACTION_DELETE:
		row->status = ROW_DELETING;
		return row;
	case ACTION_COLLECT:
		return row;
	case ACTION_NONE:
	case ACTION_FORGET:
		break;
	case ACTION_ADOPT:
		WALK_CHECK(w, false, "nothing is imported here");
	}
	return NULL;
}

static void settle(struct walk *w, const struct action *act, struct row *row, struct thing *t)
{
	bool whole = row->status != ROW_CREATING && row->status != ROW_REPLACING;

	row->status = row->previous ? ROW_REPLACED : whole ? ROW_UPDATED : ROW_CREATED;
	row->before = value_null();
	row->edges = w->kit.plan.resolved[act->want].edges;
	row->sent = true;
	row->delete_first = false;
	row->attributes = walk_attributes(w, t);
	row->baseline = walk_read(w, t);
	t->allowed = false;
}

static bool looks_first(const struct action *act, const struct row *row)
{
	return row->sent || (act->repair && act->live && act->live->seen == SEEN_FOUND);
}

/* False: the run was killed, or the call failed. */
static bool make(struct walk *w, const struct action *act, enum ending ending)
{
	struct attribute_source source = { w, attribute };
	struct row *row = row_copy(w, state_find(&w->kit.state, act->address));
	bool whole = row->status != ROW_CREATING && row->status != ROW_REPLACING;
	struct thing *t = walk_by_instance(w, row->instance);
	struct value wanted;

	if (action_is_of_state(act))
		return true;
	wanted = plan_properties(&w->kit.arena, &w->kit.plan, act->want, &source, NULL);
	WALK_CHECK(w, !value_has_unknown(&wanted), "%.*s: %.*s", STR_ARG(act->address),
		   STR_ARG(json_text(&w->kit.arena, &wanted)));
	row->properties = wanted;
	WALK_CHECK(w, whole || !t || looks_first(act, row), "%.*s is made without looking",
		   STR_ARG(act->address));
	if (!whole && !t && ending != ENDING_REFUSED)
		row->sent = true;
	state_put(&w->kit.arena, &w->kit.state, row);
	if (ending == ENDING_REFUSED || ending == ENDING_KILLED_BEFORE)
		return false;
	WALK_CHECK(w, t || !whole, "%.*s is updated and does not stand", STR_ARG(act->address));
	if (t)
		walk_change(w, t, &wanted);
	else
		t = walk_create(w, act, &wanted);
	if (ending == ENDING_KILLED_AFTER)
		return false;
	row = row_copy(w, row);
	settle(w, act, row, t);
	state_put(&w->kit.arena, &w->kit.state, row);
	return true;
}

static void bury(struct walk *w, struct str address, uint32_t generation)
{
	struct state *s = &w->kit.state;
	size_t size = sizeof(struct tombstone), count = s->tombstone_count;

	s->tombstones = arena_grow(&w->kit.arena, s->tombstones, count * size, (count + 1) * size,
				   _Alignof(struct tombstone));
	s->tombstones[count] = (struct tombstone){ address, generation };
	s->tombstone_count++;
	*map_put(&w->kit.arena, &w->buried, address) = (void *)(uintptr_t)(generation + 1);
}

/* The newest of an address is gone: older ones are to go as well. */
static void drop_newest(struct walk *w, struct str address, const struct row *row)
{
	struct row *older;

	if (row->previous) {
		older = row_copy(w, row->previous);
		older->status = ROW_DELETING;
		state_put(&w->kit.arena, &w->kit.state, older);
		return;
	}
	bury(w, address, row->generation);
	state_remove(&w->kit.state, address);
}

static void drop_older(struct walk *w, struct row *newest, uint32_t generation)
{
	struct row *row = newest;

	for (; row->previous; row = row->previous) {
		row->previous = row_copy(w, row->previous);
		if (row->previous->generation == generation) {
			row->previous = row->previous->previous;
			break;
		}
	}
	if (!newest->previous && newest->status == ROW_REPLACED)
		newest->status = ROW_CREATED;
}

static bool take_away(struct walk *w, const struct node *node, enum ending ending)
{
	const struct action *act = &w->kit.plan.actions[node->action];
	struct row *newest = row_copy(w, state_find(&w->kit.state, act->address));
	struct thing *t = walk_by_instance(w, node->row->instance);

	if (ending == ENDING_REFUSED || ending == ENDING_KILLED_BEFORE)
		return false;
	if (t && act->kind != ACTION_FORGET)
		walk_remove(w, t);
	if (ending == ENDING_KILLED_AFTER)
		return false;
	if (t && act->kind == ACTION_FORGET)
		t->foreign = true;
	if (newest->generation == node->row->generation) {
		drop_newest(w, act->address, newest);
		return true;
	}
	drop_older(w, newest, node->row->generation);
	state_put(&w->kit.arena, &w->kit.state, newest);
	return true;
}

/* The row of another address is this one's; what it stands for keeps its name and ids. */
static void rename_row(struct walk *w, const struct action *act)
{
	state_remove(&w->kit.state, act->renamed_from);
	bury(w, act->renamed_from, act->have->generation);
	for (const struct row *row = act->have; row; row = row->previous) {
		struct thing *t = walk_by_instance(w, row->instance);

		if (t)
			t->address = act->address;
	}
}

static struct str address_now(const struct walk *w, struct str address)
{
	for (size_t i = 0; i < w->kit.plan.action_count; i++) {
		const struct action *act = &w->kit.plan.actions[i];

		if (act->renamed_from.length && str_equal(act->renamed_from, address))
			return act->address;
	}
	return address;
}

static int compare_edges(const void *a, const void *b)
{
	return str_compare(*(const struct str *)a, *(const struct str *)b);
}

/* All rows name what was renamed by its new address. */
static struct row *following(struct walk *w, const struct row *row)
{
	struct row *out = row_copy(w, row);
	struct str *items = arena_array(&w->kit.arena, struct str, row->edges.count);

	for (size_t k = 0; k < row->edges.count; k++)
		items[k] = address_now(w, row->edges.items[k]);
	if (row->edges.count)
		qsort(items, row->edges.count, sizeof(*items), compare_edges);
	out->edges.items = items;
	if (row->previous)
		out->previous = following(w, row->previous);
	return out;
}

struct progress {
	bool *done, *begun;		/* per node, per action */
	size_t done_count, last;	/* the last one ends badly */
	enum ending ending;
};

static bool is_ready(const struct walk *w, const struct progress *p, size_t n)
{
	const struct node *node = &w->kit.plan.nodes[n];

	for (size_t i = 0; i < node->after_count; i++) {
		if (!p->done[node->after[i]])
			return false;
	}
	return !p->done[n];
}

/* Any of those that wait for nothing; NO_RESOURCE: there is none. */
static uint32_t pick(struct walk *w, const struct progress *p)
{
	size_t count = w->kit.plan.node_count, start = count ? walk_below(w, (uint32_t)count) : 0;

	for (size_t i = 0; i < count; i++) {
		size_t n = (start + i) % count;

		if (is_ready(w, p, n))
			return (uint32_t)n;
	}
	return NO_RESOURCE;
}

static bool run_node(struct walk *w, struct progress *p, uint32_t n)
{
	const struct node *node = &w->kit.plan.nodes[n];
	enum ending ending = p->done_count == p->last ? p->ending : ENDING_WHOLE;

	p->begun[node->action] = true;
	if (node->kind == NODE_MAKE)
		return make(w, &w->kit.plan.actions[node->action], ending);
	return take_away(w, node, ending);
}

/* Once its removal has begun with an allowance, another run may end it. */
static void allow_removal(struct walk *w, const struct action *act)
{
	struct thing *t = act->have ? walk_by_instance(w, act->have->instance) : NULL;

	if (!t)
		return;
	t->was_allowed = t->allowed;
	if (walk_is_allowed(w, act->address) &&
	    (act->kind == ACTION_DELETE || act->kind == ACTION_REPLACE))
		t->allowed = true;
}

static const struct row *left_behind(const struct walk *w, const struct action *act)
{
	return act->want == NO_RESOURCE ? NULL : w->kit.plan.resolved[act->want].left_behind;
}

/* Of one that was gone back to, what was to replace it goes. */
static void allow_newer(struct walk *w, const struct action *act)
{
	const struct row *newest = left_behind(w, act);

	for (const struct row *row = newest; row && row->generation > act->have->generation;
	     row = row->previous) {
		struct thing *t = walk_by_instance(w, row->instance);

		if (!t)
			continue;
		t->was_allowed = t->allowed;
		t->allowed = t->allowed || walk_is_allowed(w, act->address);
	}
}

static void forbid_newer(struct walk *w, const struct action *act)
{
	for (const struct row *row = left_behind(w, act);
	     row && row->generation > act->have->generation; row = row->previous) {
		struct thing *t = walk_by_instance(w, row->instance);

		if (t)
			t->allowed = t->was_allowed;
	}
}

/* What was not begun is as if it had never been meant. */
static void undo(struct walk *w, const struct progress *p)
{
	for (size_t i = 0; i < w->kit.plan.action_count; i++) {
		const struct action *act = &w->kit.plan.actions[i];
		struct thing *t = act->have ? walk_by_instance(w, act->have->instance) : NULL;

		if (p->begun[i] || act->kind == ACTION_FORGET ||
		    (act->kind == ACTION_COLLECT && !left_behind(w, act)))
			continue;
		if (t) {
			t->guard = act->have->guard;
			t->allowed = t->was_allowed;
		}
		forbid_newer(w, act);
		if (act->have)
			state_put(&w->kit.arena, &w->kit.state,
				  following(w, left_behind(w, act) ? left_behind(w, act) :
						act->have));
		else
			state_remove(&w->kit.state, act->address);
	}
}

/* Through their text, as the store keeps them. */
static void store(struct walk *w)
{
	struct state *s = &w->kit.state;

	state_sort(s);
	for (size_t i = 0; i < s->row_count; i++) {
		struct row *row = arena_new(&w->kit.arena, struct row);
		struct error err = { 0 };

		WALK_CHECK(w, row_read(&w->kit.arena, row_encode(&w->kit.arena, s->rows[i]), NULL,
				       row, &err), "%s", err.text);
		state_put(&w->kit.arena, s, row);
	}
}

void walk_carry_out(struct walk *w, enum ending ending)
{
	struct plan *plan = &w->kit.plan;
	struct progress p = { .ending = ending, .last = SIZE_MAX };
	uint32_t n;

	p.done = arena_array(&w->kit.arena, bool, plan->node_count);
	p.begun = arena_array(&w->kit.arena, bool, plan->action_count);
	if (ending != ENDING_WHOLE && plan->node_count)
		p.last = walk_below(w, (uint32_t)plan->node_count);
	for (size_t i = 0; i < plan->action_count; i++) {
		struct row *row = row_of(w, &plan->actions[i]);

		allow_removal(w, &plan->actions[i]);
		allow_newer(w, &plan->actions[i]);
		if (plan->actions[i].renamed_from.length)
			rename_row(w, &plan->actions[i]);
		if (row)
			state_put(&w->kit.arena, &w->kit.state, row);
	}
	for (size_t i = 0; i < w->kit.state.row_count; i++)
		state_put(&w->kit.arena, &w->kit.state, following(w, w->kit.state.rows[i]));
	while ((n = pick(w, &p)) != NO_RESOURCE && run_node(w, &p, n)) {
		p.done[n] = true;
		p.done_count++;
	}
	WALK_CHECK(w, p.last != SIZE_MAX || p.done_count == plan->node_count,
		   "the graph is stuck with %zu nodes", plan->node_count - p.done_count);
	if (ending == ENDING_REFUSED)
		undo(w, &p);
	store(w);
}

/* ---- the next run ---- */

static void recover_row(struct walk *w, struct row *row)
{
	struct str address = address_text(&w->kit.arena, &row->address);
	const struct thing *t = walk_by_instance(w, row->instance);
	bool never_sent = !row->sent && row->status != ROW_UPDATING;

	if (!is_unfinished(row) || never_sent)
		return;
	row_open(row);
	row = row_copy(w, row);
	if (t) {
		row->attributes = walk_attributes(w, t);
		row->sent = true;
	} else if (row->status == ROW_DELETING) {
		drop_newest(w, address, row);
		return;
	} else if (row->status != ROW_UPDATING) {
		row->attributes = value_map();
		row->sent = false;
	}
	state_put(&w->kit.arena, &w->kit.state, row);
}

void walk_recover(struct walk *w)
{
	struct state *s = &w->kit.state;
	struct row **rows = arena_array(&w->kit.arena, struct row *, s->row_count);
	size_t count = s->row_count;

	for (size_t i = 0; i < count; i++)
		rows[i] = s->rows[i];
	for (size_t i = 0; i < count; i++)
		recover_row(w, rows[i]);
	store(w);
}
