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

/* Only what moved is put back: an edit of the spec wants a plan and an apply of its own. */
static bool only_drift(struct run *run, const struct drift *drift)
{
	if (!drift->edited.count)
		return true;
	return run_say(run, EXIT_ERROR,
		       "the spec changed as well ('%.*s'%s); nothing was changed. 'effc "
		       "apply' does both; to put back only what moved, go back to the spec "
		       "as it was applied",
		       STR_ARG(drift->edited.items[0]),
		       drift->edited.count > 1 ? " and more" : "");
}

static int repair(struct run *run, const struct drift *drift)
{
	if (!only_drift(run, drift))
		return run->exit;
	if (!run->options->json)
		show_plan(run);
	if (!plan_is_free(run) || !confirm(run, "Put this back?", STR("yes")))
		return run->exit;
	return execute_plan(run);
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
