#include "planner/secret.h"
#include "task.h"

static const struct schema *schema_of(const struct applying *all, const struct action *act)
{
	if (act->want != NO_RESOURCE)
		return all->plan->model->resources[act->want].schema;
	return schema_find(all->session->schemas, act->have->type);
}

static bool needs_driver(const struct action *act)
{
	return !action_is_of_state(act);
}

static bool check_one(struct applying *all, const struct action *act, struct error *err)
{
	const struct schema *schema = schema_of(all, act);

	if (act->blocked != GUARD_NONE)
		return error_set(err, ERROR_REFUSED,
				 "'%.*s' holds data: --allow-data-loss %.*s lifts the guard",
				 STR_ARG(act->address), STR_ARG(act->address));
	if (act->conflict.length)
		return error_set(err, ERROR_REFUSED, "%.*s: %.*s", STR_ARG(act->address),
				 STR_ARG(act->conflict));
	if (act->kind == ACTION_ADOPT && (!act->live || act->live->seen != SEEN_FOUND))
		return error_set(err, ERROR_REFUSED, "'%.*s': what is to be imported was not seen",
				 STR_ARG(act->address));
	if (needs_driver(act) && (!schema || !schema->driver))
		return error_set(err, ERROR_REFUSED, "'%.*s': this effc has no driver for %.*s",
				 STR_ARG(act->address),
				 STR_ARG(schema ? schema->type : act->have->type));
	for (const struct row *row = act->have; row && needs_driver(act); row = row->previous) {
		schema = schema_find(all->session->schemas, row->type);
		if (!schema || !schema->driver)
			return error_set(err, ERROR_REFUSED,
					 "'%.*s': this effc has no driver for %.*s, which it was",
					 STR_ARG(act->address), STR_ARG(row->type));
	}
	return true;
}

bool intent_check(struct applying *all, struct error *err)
{
	if (all->plan->offline)
		return error_set(err, ERROR_REFUSED,
				 "the plan was made without looking at what is live");
	for (size_t i = 0; i < all->plan->action_count; i++)
		if (!check_one(all, &all->plan->actions[i], err))
			return false;
	return true;
}

/* ---- rows ---- */

/* Both, sorted: until it is done, it may stand on what it stood on before. */
static struct str_list edges_until_done(struct arena *a, const struct str_list *before,
					const struct str_list *after)
{
	struct str *items = arena_array(a, struct str, before->count + after->count);
	size_t count = 0, i = 0, k = 0;

	while (i < before->count || k < after->count) {
		int order = i == before->count ? 1 : k == after->count ? -1 :
			    str_compare(before->items[i], after->items[k]);

		items[count++] = order <= 0 ? before->items[i] : after->items[k];
		i += order <= 0;
		k += order >= 0;
	}
	return (struct str_list){ items, count };
}

static void set_wanted(struct applying *all, const struct action *act, struct row *row)
{
	const struct resource *r = &all->plan->model->resources[act->want];
	const struct resolved *resolved = &all->plan->resolved[act->want];

	row->edges = resolved->edges;
	if (act->have && act->have->generation == act->generation && act->kind != ACTION_METADATA)
		row->edges = edges_until_done(all->arena, &act->have->edges, &resolved->edges);
	/* What is not known yet is kept once it is. */
	if (!resolved->triggers_open)
		row->triggers = resolved->triggers;
	row->guard = r->guard;
	row->retain = r->retain;
	row->source = span_text(all->arena, all->plan->model->sources, r->span);
	if (r->schema->driver)
		row->driver_version = r->schema->driver->version;
	if (!action_is_of_state(act))
		row->properties = secret_seal(all->arena, r->schema->driver,
					      all->session->secret_key, &resolved->properties);
}

static struct row *row_fresh(struct applying *all, const struct action *act)
{
	const struct resource *r = &all->plan->model->resources[act->want];
	struct row *row = arena_new(all->arena, struct row);

	*row = (struct row){
		.address = r->address,
		.type = r->schema->type,
		.scope = r->scope,
		.instance = act->instance,
		.generation = act->generation,
		.name = act->name,
		.status = ROW_CREATING,
		.attributes = value_map(),
		.delete_first = act->delete_first,
	};
	if (!row->scope.account.length)
		row->scope.account = all->plan->model->scope.account;
	set_wanted(all, act, row);
	return row;
}

static struct row *row_kept(struct applying *all, const struct action *act)
{
	struct row *row = arena_new(all->arena, struct row);

	*row = *act->have;
	return row;
}

/* Made anew under the same generation: nothing of what was there counts any more. */
static struct row *row_again(struct applying *all, const struct action *act)
{
	struct row *row = row_fresh(all, act);
	bool there = act->live && act->live->seen == SEEN_FOUND;

	row->previous = act->have->previous;
	row->delete_first = act->delete_first || act->have->delete_first;
	if (row->previous)
		row->status = ROW_REPLACING;
	if (row_is_unfinished(act->have)) {
		row->before = act->have->before;
		row->sent = act->have->sent;
		row->attributes = there ? act->have->attributes : value_map();
		row->identifier = there ? act->have->identifier : (struct str){ 0 };
	}
	return row;
}

static struct row *row_updating(struct applying *all, const struct action *act)
{
	struct row *row = row_kept(all, act);
	enum row_status status = act->have->status;

	/* One that was never seen complete stays what it is until it is. */
	if (status != ROW_CREATING && status != ROW_REPLACING) {
		row->status = ROW_UPDATING;
		if (row->before.kind != VALUE_MAP)
			row->before = act->have->properties;
	}
	set_wanted(all, act, row);
	return row;
}

static struct row *row_replacing(struct applying *all, const struct action *act)
{
	struct row *row;

	if (act->generation == act->have->generation)
		return row_again(all, act);
	row = row_fresh(all, act);
	row->status = ROW_REPLACING;
	row->previous = row_kept(all, act);
	return row;
}

/* It is there already: what was read of it is what an update begins with. */
static struct row *row_adopting(struct applying *all, const struct action *act)
{
	struct row *row = row_fresh(all, act);

	row->status = ROW_UPDATING;
	row->adopting = true;
	row->sent = true;
	row->before = value_map();
	row->attributes = act->live->attributes;
	row->baseline = act->live->properties;
	row->identifier = row_identifier(all->arena, schema_of(all, act), row);
	return row;
}

static struct row *intent_row(struct applying *all, const struct action *act)
{
	struct row *row;

	switch (act->kind) {
	case ACTION_CREATE:
		return act->have ? row_again(all, act) : row_fresh(all, act);
	case ACTION_UPDATE:
		return row_updating(all, act);
	case ACTION_REPLACE:
		return row_replacing(all, act);
	case ACTION_ADOPT:
		return row_adopting(all, act);
	case ACTION_RENAME:
		if (action_updates(act))
			return row_updating(all, act);
		/* fall through */
	case ACTION_METADATA:
		row = row_kept(all, act);
		set_wanted(all, act, row);
		return row;
	case ACTION_DELETE:
		row = row_kept(all, act);
		row->status = ROW_DELETING;
		return row;
	case ACTION_COLLECT:
		/* The one that was gone back to is not the one that the state has. */
		return row_kept(all, act);
	case ACTION_NONE:
	case ACTION_FORGET:
		break;
	}
	return NULL;
}

/* ---- writing ---- */

static void add_pin(struct applying *all, struct store_write *w)
{
	struct scope *pin = &all->state->pin;

	if (pin->account.length || !all->plan->action_count)
		return;
	*pin = all->plan->model->scope;
	w->pin = pin;
}

/* ---- renaming ---- */

static void renames_list(struct applying *all, struct map *out)
{
	for (size_t i = 0; i < all->plan->action_count; i++) {
		struct action *act = &all->plan->actions[i];

		if (act->renamed_from.length)
			*map_put(&all->scratch, out, act->renamed_from) = act;
	}
}

static int compare_edges(const void *a, const void *b)
{
	return str_compare(*(const struct str *)a, *(const struct str *)b);
}

static bool names_renamed(const struct map *renames, const struct row *row)
{
	for (; renames->count && row; row = row->previous) {
		for (size_t k = 0; k < row->edges.count; k++)
			if (map_has(renames, row->edges.items[k]))
				return true;
	}
	return false;
}

/* Rows name what they stand on by its address: by the new one, whether they change or not. */
static struct row *row_following(struct applying *all, const struct map *renames,
				 const struct row *row)
{
	struct row *out = arena_new(all->arena, struct row);
	struct str *items = arena_array(all->arena, struct str, row->edges.count);

	*out = *row;
	for (size_t k = 0; k < row->edges.count; k++) {
		const struct action *act = map_get(renames, row->edges.items[k]);

		items[k] = act ? act->address : row->edges.items[k];
	}
	if (row->edges.count)
		qsort(items, row->edges.count, sizeof(*items), compare_edges);
	out->edges.items = items;
	if (row->previous)
		out->previous = row_following(all, renames, row->previous);
	return out;
}

static size_t follow_renames(struct applying *all, struct store_write *writes)
{
	struct map renames = { 0 };
	size_t count = 0;

	renames_list(all, &renames);
	for (size_t i = 0; renames.count && i < all->state->row_count; i++) {
		struct row *row = all->state->rows[i];

		if (!names_renamed(&renames, row))
			continue;
		row = row_following(all, &renames, row);
		writes[count++].put = row;
		state_put(all->arena, all->state, row);
	}
	return count;
}

/* In one transaction with the row under the new address. */
static struct store_write former_removed(struct applying *all, const struct action *act)
{
	struct store_write w = { .remove = act->renamed_from };

	w.tombstone = (struct tombstone){ act->renamed_from, act->have->generation };
	w.journal = journal_line(&all->scratch, act->have, "rename", "intent");
	state_remove(all->state, act->renamed_from);
	state_bury(all->arena, all->state, act->renamed_from, act->have->generation);
	return w;
}

static bool is_open(const struct applying *all, const struct action *act)
{
	return act->want != NO_RESOURCE &&
	       value_has_unknown(&all->plan->resolved[act->want].properties);
}

bool intent_write(struct applying *all, struct error *err)
{
	struct store *store = all->session->store;
	const struct plan *plan = all->plan;
	struct store_write *writes = arena_array(&all->scratch, struct store_write,
						 2 * plan->action_count + 1 +
						 all->state->row_count + plan->action_count);
	size_t count = 0;
	uint64_t durable;

	add_pin(all, &writes[count++]);
	for (size_t i = 0; i < plan->action_count; i++) {
		struct row *row = intent_row(all, &plan->actions[i]);

		if (!row)
			continue;
		if (plan->actions[i].renamed_from.length)
			writes[count++] = former_removed(all, &plan->actions[i]);
		writes[count].put = row;
		writes[count].open = is_open(all, &plan->actions[i]);
		writes[count++].journal = journal_line(&all->scratch, row,
						       action_kind_name(plan->actions[i].kind),
						       "intent");
		state_put(all->arena, all->state, row);
	}
	count += follow_renames(all, writes + count);
	if (count == 1 && !writes[0].pin)
		return true;
	store->submit(store->context, writes, count);
	return store->begin ? store->begin(store->context, err) :
			      store->poll(store->context, &durable, err);
}

/* Whoever interrupts before data goes may have done it for that. */
static bool loses_data(const struct action *act)
{
	return (act->kind == ACTION_DELETE || act->kind == ACTION_REPLACE) &&
	       act->have->guard != GUARD_NONE;
}

static bool stays_meant(const struct applying *all, uint32_t i, bool interrupted)
{
	const struct action *act = &all->plan->actions[i];

	if (all->begun[i] || act->kind == ACTION_FORGET)
		return true;
	/* What was to replace it may hold data. */
	if (act->want != NO_RESOURCE && all->plan->resolved[act->want].left_behind)
		return false;
	return act->kind == ACTION_COLLECT || (interrupted && !loses_data(act));
}

/* As it was, the newest generation first. */
static struct row *row_before(struct applying *all, const struct action *act)
{
	const struct row *newest = act->want == NO_RESOURCE ? NULL :
				   all->plan->resolved[act->want].left_behind;
	struct row *row = row_kept(all, act);

	if (newest)
		*row = *newest;
	return row;
}

void intent_undo(struct applying *all, bool interrupted)
{
	struct store *store = all->session->store;
	const struct plan *plan = all->plan;
	struct store_write *writes = arena_array(&all->scratch, struct store_write,
						 plan->action_count);
	struct map renames = { 0 };
	size_t count = 0;

	renames_list(all, &renames);
	for (size_t i = 0; i < plan->action_count; i++) {
		const struct action *act = &plan->actions[i];
		struct row *row;

		if (stays_meant(all, (uint32_t)i, interrupted))
			continue;
		if (act->have) {
			row = row_before(all, act);
			if (names_renamed(&renames, row))
				row = row_following(all, &renames, row);
			state_put(all->arena, all->state, row);
			writes[count++].put = row;
		} else if (state_remove(all->state, act->address)) {
			writes[count++].remove = act->address;
		}
	}
	if (count)
		store->submit(store->context, writes, count);
}
