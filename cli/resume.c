#include "command.h"

/*
 * apply --resume: of the plan only what an interrupted apply left, as its rows say.  It is not
 * asked again where each step is what was agreed to then.
 */

static bool is_anything_left(const struct state *state)
{
	for (size_t i = 0; i < state->row_count; i++) {
		if (row_is_left(state->rows[i]))
			return true;
	}
	return false;
}

static bool options_agree(struct run *run)
{
	const struct options *o = run->options;
	const char *other = o->targets.count ? "--target" : o->replace.count ? "--replace" :
			    o->take_over.count ? "--take-over" :
			    o->arguments.count ? "a saved plan" : NULL;

	return !other || run_say(run, EXIT_ERROR, "--resume goes on with what was agreed to "
				 "before: %s does not go with it", other);
}

static bool is_as_meant(struct run *run)
{
	bool same = true;

	for (size_t i = 0; i < run->plan.action_count && same; i++)
		same = plan_is_as_meant(&run->arena, &run->plan, &run->plan.actions[i],
					run->session.secret_key);
	return same;
}

static int nothing_left(struct run *run, const char *text)
{
	if (run->options->json)
		fprintf(run->doors->out, "{\"event\":\"summary\",\"result\":\"done\",\"done\":0,"
			"\"failed\":0,\"skipped\":0,\"open\":0,\"outputs\":{}}\n");
	else
		fprintf(run->doors->out, "%s\n", text);
	return EXIT_DONE;
}

int command_resume(struct run *run)
{
	if (!options_agree(run) || !run_read(run) || !run_compile(run) || !run_bundle(run) ||
	    !run_open(run, true))
		return run->exit;
	if (!is_anything_left(&run->state))
		return nothing_left(run, "Nothing to resume: no apply was left unfinished.");
	if (!run_connect(run) || !run_recover(run))
		return run->exit;
	if (!is_anything_left(&run->state))
		return nothing_left(run, "Nothing to resume: all that was begun had ended.");
	if (!run_observe(run, false) || !run_plan(run, false, false))
		return run->exit;
	if (!run->options->json)
		show_plan(run);
	if (!plan_is_free(run))
		return run->exit;
	if (!is_as_meant(run) &&
	    !confirm(run, "This is not what was agreed to then: the spec or what is live changed "
			  "since. Apply it?", STR("yes")))
		return run->exit;
	return execute_plan(run);
}
