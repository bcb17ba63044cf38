#include "command.h"

#include "review/drift.h"

static void print_drift(struct run *run, const struct drift *drift)
{
	struct buf out;

	buf_init(&out, &run->arena);
	if (run->options->json)
		drift_print_json(&out, drift);
	else
		drift_print_text(&out, drift, run->options->verbose);
	fwrite(out.data, 1, out.length, run->doors->out);
	fflush(run->doors->out);
}

/*
 * What the spec wants changed whatever is live: the plan of spec and state alone, but for the
 * values of what others made, which the spec takes.
 */
static bool plan_pending(struct run *run, struct plan *out)
{
	const struct plan_options options = {
		.draft = true, .secret_key = run->session.secret_key,
	};
	const struct observation taken = { .existing = run->observation.existing };
	bool ok = plan_make(&run->arena, &run->model, &run->state, &taken, &options, out,
			    &run->diags);

	if (run_report(run, ok))
		return true;
	run->exit = EXIT_ERROR;
	return false;
}

/* Those that moved and that the spec wants nothing else of. */
static struct str_list movable(struct run *run, const struct drift *drift)
{
	struct str_list out = { arena_array(&run->arena, struct str, drift->count), 0 };

	for (size_t i = 0; i < drift->count; i++)
		if (!drift->items[i].edited)
			out.items[out.count++] = drift->items[i].item->address;
	return out;
}

static bool has_edit(struct run *run, const struct drift *drift)
{
	for (size_t i = 0; i < run->plan.action_count; i++) {
		struct str address = run->plan.actions[i].address;

		if (!str_list_has(&drift->edited, address))
			continue;
		run_say(run, EXIT_ERROR,
			"the spec wants '%.*s' changed, and what moved needs it; nothing was "
			"changed. 'effc apply' does both", STR_ARG(address));
		return true;
	}
	return false;
}

/* Only what moved is put back: an edit of the spec wants a plan and an apply of its own. */
static bool only_drift(struct run *run, const struct drift *drift)
{
	struct options *o = arena_new(&run->arena, struct options);

	if (!drift->edited.count)
		return true;
	*o = *run->options;
	o->targets = movable(run, drift);
	run->options = o;
	if (!o->targets.count)
		return run_say(run, EXIT_ERROR, "the spec wants all that moved changed as well; "
			       "nothing was changed. 'effc apply' does both");
	return run_plan(run, false, false) && !has_edit(run, drift);
}

static int repair(struct run *run, const struct drift *drift)
{
	int code;

	if (!only_drift(run, drift))
		return run->exit;
	if (!run->options->json)
		show_plan(run);
	if (!plan_is_free(run) || !confirm(run, "Put this back?", STR("yes")))
		return run->exit;
	code = execute_plan(run);
	if (code == EXIT_DONE && drift->edited.count && run->options->targets.count < drift->count)
		return EXIT_CHANGES;
	return code;
}

int command_drift(struct run *run)
{
	bool repairs = run->options->repair;
	struct plan pending;
	struct drift drift;

	if (!run_read(run) || !run_compile(run) || !run_bundle(run) || !run_open(run, repairs) ||
	    !run_connect(run) || (repairs && !run_recover(run)) || !run_observe(run, false) ||
	    !run_plan(run, false, false) || !plan_pending(run, &pending))
		return run->exit;
	drift_make(&run->arena, &run->review, &run->observation, &pending, &drift);
	/* With --json a repair is a stream of events, as an apply is. */
	if (!repairs || !run->options->json)
		print_drift(run, &drift);
	if (!drift.count)
		return EXIT_DONE;
	return repairs ? repair(run, &drift) : EXIT_CHANGES;
}
