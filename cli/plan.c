#include "command.h"

#include "base/json.h"

void show_plan(struct run *run)
{
	struct buf out;

	buf_init(&out, &run->arena);
	if (run->options->json) {
		plan_print_json(&out, &run->plan);
		if (out.length > 0 && out.data[out.length - 1] != '\n')
			buf_add_char(&out, '\n');
	} else {
		plan_print_text(&out, &run->plan, run->colour, run->options->verbose);
	}
	fwrite(out.data, 1, out.length, run->doors->out);
	fflush(run->doors->out);
}

bool plan_is_free(struct run *run)
{
	const struct plan *plan = &run->plan;

	if (plan->counts.conflicts > 0) {
		for (size_t i = 0; i < plan->action_count; i++)
			if (plan->actions[i].conflict.length > 0)
				fprintf(run->doors->err, "error: %.*s: %.*s\n",
					STR_ARG(plan->actions[i].address),
					STR_ARG(plan->actions[i].conflict));
		return run_say(run, EXIT_BLOCKED,
			       "%zu of the wanted names belong%s to something that this stack "
			       "did not make; nothing was changed",
			       plan->counts.conflicts, plan->counts.conflicts == 1 ? "s" : "");
	}
	if (plan->counts.blocked > 0)
		return run_say(run, EXIT_BLOCKED,
			       "%zu resource%s with data would be deleted or replaced; nothing "
			       "was changed. Allow it with --allow-data-loss ADDRESS",
			       plan->counts.blocked, plan->counts.blocked == 1 ? "" : "s");
	return true;
}

static int detailed(const struct plan *plan)
{
	if (plan->counts.replace + plan->counts.delete > 0)
		return EXIT_HARM;
	return plan->action_count > 0 ? EXIT_CHANGES : EXIT_DONE;
}

int command_plan(struct run *run)
{
	bool offline = run->options->refresh == REFRESH_NONE;

	if (!run_read(run) || !run_compile(run) || !run_bundle(run) || !run_open(run, false))
		return run->exit;
	if (!offline && (!run_connect(run) || !run_observe(run, false)))
		return run->exit;
	if (!run_plan(run, false, offline))
		return run->exit;
	show_plan(run);
	if (run->plan.counts.blocked + run->plan.counts.conflicts > 0)
		return EXIT_BLOCKED;
	return run->options->detailed_exitcode ? detailed(&run->plan) : EXIT_DONE;
}
