#include "work.h"

#include "base/hash.h"
#include "base/trace.h"

static const char *const kind_names[] = {
	[ACTION_NONE] = "none",
	[ACTION_CREATE] = "create",
	[ACTION_UPDATE] = "update",
	[ACTION_REPLACE] = "replace",
	[ACTION_DELETE] = "delete",
	[ACTION_METADATA] = "metadata",
	[ACTION_COLLECT] = "collect",
	[ACTION_FORGET] = "forget",
	[ACTION_ADOPT] = "adopt",
	[ACTION_RENAME] = "rename",
};

const char *action_kind_name(enum action_kind kind)
{
	CHECK((size_t)kind < sizeof(kind_names) / sizeof(kind_names[0]));
	return kind_names[kind];
}

bool action_updates(const struct action *act)
{
	return act->kind == ACTION_UPDATE || act->kind == ACTION_ADOPT ||
	       (act->kind == ACTION_RENAME && act->changes.count);
}

bool action_is_of_state(const struct action *act)
{
	return act->kind == ACTION_METADATA || act->kind == ACTION_FORGET ||
	       (act->kind == ACTION_RENAME && !act->changes.count);
}

/* ---- what comes in ---- */

static int compare_rows(const void *a, const void *b)
{
	const struct row *const *left = a, *const *right = b;

	stats.comparisons++;
	return address_compare(&(*left)->address, &(*right)->address);
}

static void take_rows(struct work *w)
{
	const struct state *state = w->state;
	struct row **rows;

	w->rows = state->rows;
	if (state->sorted_count == state->row_count)
		return;
	rows = arena_array(&w->scratch, struct row *, state->row_count);
	memcpy(rows, state->rows, state->row_count * sizeof(*rows));
	qsort(rows, state->row_count, sizeof(*rows), compare_rows);
	w->rows = rows;
}

static void take_state(struct work *w)
{
	take_rows(w);
	for (size_t i = 0; i < w->state->tombstone_count; i++) {
		struct tombstone *grave = &w->state->tombstones[i];

		*map_put(&w->scratch, &w->tombstones, grave->address) = grave;
	}
}

static void take_model(struct work *w)
{
	const struct model *model = w->model;

	CHECK(model->by_address.count == model->resource_count);
	for (uint32_t i = 0; i < model->by_address.count; i++) {
		const struct map_entry *entry = &model->by_address.entries[i];
		size_t at = (size_t)((const struct resource *)entry->value - model->resources);

		CHECK(at < model->resource_count);
		w->plan->resolved[at].address = entry->key;
		w->plan->resolved[at].row = state_peek(w->state, entry->key);
		/* Whether it became ours is told by what is there, not by what was meant. */
		if (w->plan->resolved[at].row && w->plan->resolved[at].row->adopting)
			w->plan->resolved[at].row = NULL;
		w->plan->resolved[at].action = NO_RESOURCE;
	}
}

static bool same_account(struct work *w)
{
	struct str wanted = w->model->scope.account, pinned = w->state->pin.account;

	if (!wanted.length || !pinned.length || str_equal(wanted, pinned))
		return true;
	diag_error(w->diags, SPAN_NONE,
		   "this stage lives in account %.*s, and is to be planned for account %.*s",
		   STR_ARG(pinned), STR_ARG(wanted));
	diag_help(w->diags, "use credentials of that account, or another stage");
	return false;
}

/* A folder that was copied brings its state along: its rows are things of another project. */
static bool same_stack(struct work *w)
{
	const struct state *state = w->state;
	const struct model *model = w->model;

	if ((!state->project.length || str_equal(state->project, model->project)) &&
	    (!state->stage.length || str_equal(state->stage, model->stage)))
		return true;
	diag_error(w->diags, SPAN_NONE,
		   "the state here is of project '%.*s', stage '%.*s', and the spec is of project "
		   "'%.*s', stage '%.*s'", STR_ARG(state->project), STR_ARG(state->stage),
		   STR_ARG(model->project), STR_ARG(model->stage));
	diag_help(w->diags, "nothing of either is touched: if this folder is a copy, remove the "
		  "copied .effc/; if the project was renamed, destroy it under its old name first");
	return false;
}

/* ---- decisions ---- */

/* What a wish points to may be asked for before its turn: its name can be told. */
static void foretell(struct work *w, uint32_t i)
{
	struct resolved *resolved = &w->plan->resolved[i];
	const struct resource *r = &w->model->resources[i];
	struct value known = value_map();

	if (resolved->row)
		resolve_kept(w, i);
	else
		resolve_first(w, i);
	for (uint32_t k = 0; k < r->properties.map.count; k++) {
		const struct member *member = r->properties.map.entries[k].value;

		if (!value_has_unknown(&member->value))
			value_set(w->arena, &known, r->properties.map.entries[k].key,
				  member->value);
	}
	if (r->name.property.length && resolved->name.length)
		value_set(w->arena, &known, r->name.property, value_string(resolved->name));
	resolved->properties = known;
	w->decided[i].fresh = !resolved->row;
}

static void decide_one(struct work *w, uint32_t i)
{
	if (is_left_out(w, i)) {
		leave_out(w, i);
		return;
	}
	w->plan->resolved[i].left_out = false;
	decide(w, i);
}

static void decide_all(struct work *w, const uint32_t *order)
{
	bool wishes = false;

	for (size_t i = 0; i < w->links.links.count; i++) {
		if (!w->links.links.items[i].dropped)
			continue;
		foretell(w, w->links.links.items[i].to);
		wishes = true;
	}
	/* A second time where one was asked for before it was decided: now it is. */
	for (int pass = 0; pass < (wishes ? 2 : 1); pass++) {
		w->goes_first = (struct map){ 0 };
		for (size_t k = 0; k < w->model->resource_count; k++)
			decide_one(w, order[k]);
	}
}

static void decide_removals(struct work *w)
{
	size_t kept = 0;

	for (size_t i = 0; i < w->model->resource_count && !w->options->destroy; i++)
		kept += w->plan->resolved[i].row != NULL;
	CHECK(kept <= w->state->row_count);
	w->removals = arena_array(&w->scratch, struct decision, w->state->row_count - kept);
	/* Where all are wanted, which is nearly always, none has to be looked for. */
	for (size_t i = 0; i < w->state->row_count && kept < w->state->row_count; i++) {
		struct row *row = w->rows[i];
		struct str address = address_text(&w->scratch, &row->address);

		if (map_has(&w->renamed, address) || removal_is_left_out(w, address))
			continue;
		if (w->options->destroy || model_find(w->model, address) == NO_RESOURCE)
			decide_removal(w, row, &w->removals[w->removal_count++]);
	}
}

/* ---- what goes out ---- */

static void count(struct plan_counts *counts, const struct action *act)
{
	size_t *const by_kind[] = {
		[ACTION_NONE] = &counts->unchanged,
		[ACTION_CREATE] = &counts->create,
		[ACTION_UPDATE] = &counts->update,
		[ACTION_REPLACE] = &counts->replace,
		[ACTION_DELETE] = &counts->delete,
		[ACTION_METADATA] = &counts->metadata,
		[ACTION_COLLECT] = &counts->collect,
		[ACTION_FORGET] = &counts->forget,
		[ACTION_ADOPT] = &counts->adopt,
		[ACTION_RENAME] = &counts->rename,
	};

	++*by_kind[act->kind];
	counts->blocked += act->blocked != GUARD_NONE;
	counts->conflicts += act->conflict.length > 0;
}

static const struct address *address_of(const struct work *w, const struct action *act)
{
	return act->want == NO_RESOURCE ? &act->have->address :
	       &w->model->resources[act->want].address;
}

static void add_action(struct work *w, const struct action *act)
{
	struct plan *plan = w->plan;

	if (act->want != NO_RESOURCE && plan->resolved[act->want].left_out)
		return;
	count(&plan->counts, act);
	if (act->kind == ACTION_NONE)
		return;
	if (act->want != NO_RESOURCE)
		plan->resolved[act->want].action = (uint32_t)plan->action_count;
	plan->actions[plan->action_count] = *act;
	plan->actions[plan->action_count++].data_loss = work_allows_loss(w, act->address);
}

/* Both lists are sorted by address; the plan is too. */
static void gather(struct work *w)
{
	size_t wanted = w->options->destroy ? 0 : w->model->resource_count, i = 0, k = 0;
	size_t changed = 0;

	for (size_t n = 0; n < wanted; n++)
		changed += w->decided[n].action.kind != ACTION_NONE;
	w->plan->actions = arena_array(w->arena, struct action, changed + w->removal_count);
	while (i < wanted || k < w->removal_count) {
		const struct action *left = i < wanted ? &w->decided[i].action : NULL;
		const struct action *right = k < w->removal_count ? &w->removals[k].action : NULL;
		bool left_first = left && (!right || address_compare(address_of(w, left),
								     address_of(w, right)) < 0);

		add_action(w, left_first ? left : right);
		i += left_first;
		k += !left_first;
	}
}

static bool assertions_hold(struct work *w)
{
	struct attribute_source source = work_source(w);
	size_t errors = w->diags->error_count;

	for (uint32_t i = 0; i < w->model->assertion_count; i++) {
		struct str message;

		if (plan_holds(&w->scratch, w->plan, i, &source, &message) == HOLDS_NO)
			assertion_report(w->diags, &w->model->assertions[i], message);
	}
	return w->diags->error_count == errors;
}

bool plan_is_of_new_stage(const struct plan *plan)
{
	return !plan->state->row_count && !plan->state->tombstone_count && plan->counts.create &&
	       !plan->targeted;
}

static bool make(struct work *w)
{
	size_t count = w->model->resource_count, errors = w->diags->error_count;
	struct attribute_source source = work_source(w);
	uint32_t *order = arena_array(w->arena, uint32_t, count);

	if (!same_stack(w) || !same_account(w))
		return false;
	w->plan->resolved = arena_array(w->arena, struct resolved, count);
	w->decided = arena_array(&w->scratch, struct decision, count);
	take_state(w);
	take_model(w);
	if (!renames_take(w) || !existing_take(w))
		return false;
	if (!work_links(w, order))
		return false;
	targets_take(w);
	/* What is replaced takes along who uses it, and gives way to who takes what it had. */
	do {
		if (!w->options->destroy)
			decide_all(w, order);
	} while (!w->options->destroy && (targets_extend(w) || handovers_find(w)));
	decide_removals(w);
	targets_count(w);
	gather(w);
	likely_renames(w);
	if (w->diags->error_count != errors || !work_graph(w))
		return false;
	w->plan->outputs = value_map();
	if (!w->options->destroy)
		w->plan->outputs = plan_outputs(w->arena, w->plan, &source, w->diags);
	if (w->diags->error_count != errors)
		return false;
	if (!w->options->destroy && !w->options->draft && !assertions_hold(w))
		return false;
	work_judge(w);
	if (plan_is_of_new_stage(w->plan) &&
	    !str_list_has(&w->options->stages, w->model->stage))
		w->plan->meant_stage = str_nearest(w->model->stage, w->options->stages.items,
						   w->options->stages.count);
	return true;
}

bool plan_make(struct arena *a, const struct model *want, const struct state *have,
	       const struct observation *live, const struct plan_options *options,
	       struct plan *out, struct diags *d)
{
	struct work w = {
		.arena = a, .model = want, .state = have, .live = live, .options = options,
		.plan = out, .diags = d,
	};
	bool done;

	*out = (struct plan){ .model = want, .state = have, .offline = options->offline,
			       .destroy = options->destroy };
	arena_init(&w.scratch);
	if (live && !options->offline)
		out->coverage = live->coverage;
	done = make(&w);
	arena_release(&w.scratch);
	trace(TRACE_PLAN, "%zu actions, %zu unchanged, %zu nodes", out->action_count,
	      out->counts.unchanged, out->node_count);
	return done;
}
