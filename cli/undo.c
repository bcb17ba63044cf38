#include "undo.h"

#include "base/json.h"
#include "shown.h"
#include "state.h"

#define ROUNDS_MOST 64			/* of leaving more as it is */

/* ---- the way back ---- */

static bool has_code(void *context, struct str digest)
{
	struct run *run = context;

	return map_has(&run->bundles, digest) || code_is_cached(run, digest);
}

static const struct schema *schema_of(void *context, struct str type)
{
	const struct run *run = context;

	return schema_find(run->schemas, type);
}

struct state *state_copy(struct arena *a, const struct state *state)
{
	struct state *copy = arena_new(a, struct state);

	*copy = *state;
	copy->rows = arena_array(a, struct row *, state->row_count);
	copy->tombstones = arena_array(a, struct tombstone, state->tombstone_count);
	if (state->row_count)
		memcpy(copy->rows, state->rows, state->row_count * sizeof(*copy->rows));
	if (state->tombstone_count)
		memcpy(copy->tombstones, state->tombstones,
		       state->tombstone_count * sizeof(*copy->tombstones));
	copy->row_capacity = state->row_count;
	copy->by_address = map_copy(a, &state->by_address, 0);
	return copy;
}

/* What a thing stands on cannot go while it stays. */
static void keep_with(struct run *run, struct inverse *in, struct str address)
{
	const struct row *row = state_find(&run->state, address);

	if (str_list_has(&in->keep, address))
		return;
	inverse_keep(&run->arena, in, address);
	for (size_t i = 0; row && i < row->edges.count; i++) {
		if (!state_peek(in->then, row->edges.items[i]))
			keep_with(run, in, row->edges.items[i]);
	}
}

/* Leaves what must not be touched; true if there was any, so that the plan is made again. */
static bool leave_held(struct run *run, struct inverse *in)
{
	const struct plan *plan = &run->plan;
	bool any = false;

	for (size_t i = 0; i < plan->action_count; i++) {
		const struct action *act = &plan->actions[i];
		struct str why = act->conflict;

		if (act->blocked != GUARD_NONE)
			why = STR("it may hold data, and is left as it is: --allow-data-loss lets "
				  "it go");
		if (!why.length || str_list_has(&in->keep, act->address))
			continue;
		inverse_tell(&run->arena, in, act->address, false, why);
		keep_with(run, in, act->address);
		any = true;
	}
	for (size_t i = 0; i < plan->verdict_count; i++) {
		const struct action *act = &plan->actions[plan->verdicts[i].action];
		const struct rule *rule = &plan->model->rules[plan->verdicts[i].rule];

		if (rule->warns || str_list_has(&in->keep, act->address))
			continue;
		inverse_tell(&run->arena, in, act->address, false,
			     str_format(&run->arena, "policy '%.*s' denies it: it is left as it is",
					STR_ARG(rule->name)));
		keep_with(run, in, act->address);
		any = true;
	}
	return any;
}

static bool make_way(struct run *run, struct inverse *in)
{
	inverse_model(&run->arena, in, &run->model);
	run->observation = (struct observation){ 0 };
	return run_observe(run, false) && run_plan(run, false, false);
}

bool plan_back(struct run *run, const struct state *then, bool careful,
	       struct inverse_note_vec *notes)
{
	struct model *spec = arena_new(&run->arena, struct model);
	struct inverse in = {
		.then = then, .now = &run->state, .spec = spec, .schema = schema_of,
		.secret_key = run->session.secret_key, .has_code = has_code, .context = run,
	};
	bool again = true;

	*spec = run->model;
	run->back = true;
	for (int i = 0; again && i < ROUNDS_MOST; i++) {
		if (!make_way(run, &in))
			return false;
		again = inverse_refuses(&run->arena, &in, &run->plan);
		again = (careful && leave_held(run, &in)) || again;
	}
	*notes = in.notes;
	return !again || run_say(run, EXIT_ERROR, "what cannot be undone leaves no way back");
}

void print_notes(struct run *run, const struct inverse_note_vec *notes)
{
	struct buf out;

	buf_init(&out, &run->arena);
	for (size_t i = 0; i < notes->count; i++) {
		if (run->options->json) {
			struct value v = value_map();

			value_set(&run->arena, &v, STR("event"), value_string(STR("left")));
			value_set(&run->arena, &v, STR("address"),
				  value_string(notes->items[i].address));
			value_set(&run->arena, &v, STR("text"),
				  value_string(notes->items[i].text));
			json_print(&out, &v);
		} else {
			buf_add_c(&out, "left: ");
			add_shown(&out, notes->items[i].address, 0);
			buf_add_c(&out, ": ");
			add_shown(&out, notes->items[i].text, 0);
		}
		buf_add_char(&out, '\n');
	}
	fwrite(out.data ? out.data : "", 1, out.length, run->doors->out);
	fflush(run->doors->out);
}

/* ---- effc undo ---- */

/* That before the last run; NULL: there was nothing.  False after saying why there is none. */
static bool version_before(struct run *run, const struct version_vec *all,
			   const struct version **out)
{
	struct store *store = run->store;
	const struct version *versions[2] = { NULL, NULL };
	struct state_document d;
	size_t count = 0;

	for (size_t i = 0; i < all->count && count < 2; i++) {
		if (str_starts(run->state.lineage, all->items[i].lineage))
			versions[count++] = &all->items[i];
	}
	/* A run that ended early left changes and no version: they are the last run's. */
	if (versions[0] && versions[0]->serial < run->state.serial &&
	    !version_is(run, versions[0])) {
		*out = versions[0];
		return true;
	}
	*out = versions[1];
	if (!versions[0])
		return run_say(run, EXIT_ERROR, "stage '%.*s' has no history: there is nothing to "
			       "undo", STR_ARG(run->model.stage));
	if (!store->load_version(store->context, &run->arena, versions[0]->id, true, &d, NULL))
		return true;
	if (!d.note.command.length)
		return run_say(run, EXIT_ERROR, "the history begins with the state as it is: there "
			       "is nothing to undo");
	if (str_equal_c(d.note.command, "state"))
		return run_say(run, EXIT_ERROR, "the last change was made with 'effc state', which "
			       "changes nothing in AWS: 'effc state rollback' takes it back");
	return true;
}

static bool find_then(struct run *run, struct state_document *d, struct str *name)
{
	const struct str_list *words = &run->options->arguments;
	const struct version *version = NULL;
	struct version_vec all;
	struct error err = { 0 };

	if (words->count)
		return state_version(run, words->items[0], d, name);
	if (!versions_list(run, &all, &err))
		return run_fail(run, EXIT_ERROR, &err);
	if (!version_before(run, &all, &version))
		return false;
	*d = (struct state_document){ .state.outputs = value_map() };
	if (version)
		return state_version(run, version->id, d, name);
	*name = STR("");
	return true;
}

static bool is_possible(struct run *run, const struct inverse_note_vec *notes)
{
	for (size_t i = 0; i < notes->count; i++) {
		if (notes->items[i].refused)
			return run_say(run, EXIT_BLOCKED, "'%.*s' cannot be brought back: %.*s. "
				       "Nothing was changed; --target undoes the rest",
				       STR_ARG(notes->items[i].address),
				       STR_ARG(notes->items[i].text));
	}
	return true;
}

static void tell(struct run *run, const struct state_document *d, struct str name)
{
	if (run->options->json)
		return;
	if (name.length)
		fprintf(run->doors->out, "Back to version %.*s, of %.*s:\n", STR_ARG(name),
			STR_ARG(version_time(&run->arena, d->note.wall_ms)));
	else
		fprintf(run->doors->out, "Back to before the first apply:\n");
}

int command_undo(struct run *run)
{
	struct inverse_note_vec notes = { 0 };
	struct state_document d;
	struct str name;

	if (run->options->arguments.count > 1) {
		run_say(run, EXIT_ERROR, "'effc undo' takes one version, or none: 'effc state "
			"history' lists them");
		return run->exit;
	}
	if (!run_read(run) || !run_compile(run) || !run_bundle(run) || !run_lock(run) ||
	    !find_then(run, &d, &name) || !run_connect(run) || !run_recover(run) ||
	    !plan_back(run, &d.state, false, &notes) || !addresses_exist(run))
		return run->exit;
	run->back_to = name;
	tell(run, &d, name);
	print_notes(run, &notes);
	if (!run->options->json)
		show_plan(run);
	if ((!run->options->targets.count && !is_possible(run, &notes)) || !plan_is_free(run))
		return run->exit;
	if (run->plan.action_count > 0 && !confirm(run, "Apply this plan?", STR("yes")))
		return run->exit;
	return execute_plan(run);
}

/* ---- after a failure ---- */

static void tell_rollback(struct run *run, size_t actions)
{
	if (run->options->json)
		fprintf(run->doors->out, "{\"event\":\"rollback\",\"actions\":%zu}\n", actions);
	else
		fprintf(run->doors->out, "\nRolling back what this run did: %zu action%s.\n",
			actions, actions == 1 ? "" : "s");
	fflush(run->doors->out);
}

static void print_rolled_back(struct run *run, enum apply_result result,
			      const struct apply_report *report, size_t left)
{
	bool whole = result == APPLY_DONE;

	if (run->options->json) {
		fprintf(run->doors->out, "{\"event\":\"summary\",\"result\":\"%s\",",
			whole ? "rolled back" : "partial");
		fprintf(run->doors->out, "\"done\":%zu,\"failed\":%zu,\"skipped\":%zu,",
			report->done, report->failed, report->skipped);
		fprintf(run->doors->out, "\"open\":%zu,\"left\":%zu}\n", report->open, left);
		return;
	}
	if (whole && !left)
		fprintf(run->doors->out, "Rolled back: all is as it was before this run.\n");
	else if (whole)
		fprintf(run->doors->out, "Rolled back, but for %zu that stay%s as said above.\n",
			left, left == 1 ? "s" : "");
	else
		fprintf(run->doors->out, "Not all could be rolled back: %zu undone, %zu failed, "
			"%zu not started. What is done is recorded: 'effc undo' or 'effc apply' "
			"goes on from here.\n", report->done, report->failed,
			report->skipped + report->open);
}

/* What was asked for of the apply is no matter of the way back. */
static void all_of_it(struct run *run)
{
	struct options *o = arena_new(&run->arena, struct options);

	*o = *run->options;
	o->targets = o->replace = o->take_over = (struct str_list){ 0 };
	o->refresh = REFRESH_ALL;
	run->options = o;
}

void roll_back(struct run *run, const struct state *then)
{
	struct inverse_note_vec notes = { 0 };
	struct apply_report report = { 0 };
	struct error err = { 0 };
	enum apply_result result;

	all_of_it(run);
	run->session.stop_on_failure = false;
	if (!run_recover(run) || !plan_back(run, then, true, &notes)) {
		run_say(run, EXIT_ERROR, "what this run did could not be rolled back; it is "
			"recorded: 'effc undo' tries again");
		return;
	}
	tell_rollback(run, run->plan.action_count);
	print_notes(run, &notes);
	progress_begin(&run->progress, run->plan.node_count);
	result = apply_plan(&run->session, &run->plan, &run->state, &report, &err);
	progress_end(&run->progress);
	if (result == APPLY_STOPPED)
		run_fail(run, EXIT_ERROR, &err);
	print_rolled_back(run, result, &report, notes.count);
}
