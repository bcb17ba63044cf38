#include "command.h"

#include <errno.h>
#include <poll.h>
#include <unistd.h>

#include "base/json.h"
#include "signals.h"
#include "timeline.h"
#include "undo.h"

#define ANSWER_BYTES 256
#define ASK_MS 1000			/* between looks after the lease while a person thinks */

static struct str way_on(struct run *run, enum apply_result result)
{
	if (run->back && !run->back_to.length)
		return STR("'effc apply' makes it as the spec says again.");
	if (run->back)
		return str_format(&run->arena, "'effc undo %.*s' goes on from here.",
				  STR_ARG(run->back_to));
	if (run->options->arguments.count)
		return STR("The saved plan is used up: plan again to go on from here.");
	if (result == APPLY_INTERRUPTED && !run->plan.destroy)
		return STR("'effc apply --resume' goes on from here.");
	return STR("Run the same command again to go on from here.");
}

static void print_summary(struct run *run, enum apply_result result,
			  const struct apply_report *report)
{
	FILE *out = run->doors->out;

	if (run->options->json) {
		static const char *const words[] = {
			[APPLY_DONE] = "done", [APPLY_PARTIAL] = "partial",
			[APPLY_INTERRUPTED] = "interrupted", [APPLY_STOPPED] = "stopped",
		};
		struct str outputs = json_text(&run->arena, &report->outputs);

		fprintf(out,
			"{\"event\":\"summary\",\"result\":\"%s\",\"done\":%zu,\"failed\":%zu,"
			"\"skipped\":%zu,\"open\":%zu,\"outputs\":%.*s}\n",
			words[result], report->done, report->failed, report->skipped, report->open,
			STR_ARG(report->outputs.kind == VALUE_MAP ? outputs : STR("{}")));
		return;
	}
	if (run->plan.action_count == 0 && result == APPLY_DONE) {
		print_outputs(run, &report->outputs, "\n");
		return;
	}
	if (result == APPLY_STOPPED && report->done + report->open == 0) {
		fputs("Nothing was changed.\n", out);
		return;
	}
	fprintf(out, "%zu done", report->done);
	if (report->failed)
		fprintf(out, ", %zu failed", report->failed);
	if (report->skipped)
		fprintf(out, ", %zu not started", report->skipped);
	if (report->open)
		fprintf(out, ", %zu left open", report->open);
	fputc('\n', out);
	if (result == APPLY_DONE)
		print_outputs(run, &report->outputs, "\n");
	else
		fprintf(out, "What is done is recorded. %.*s\n", STR_ARG(way_on(run, result)));
}

/* What the plan could not tell and is told now.  False if one must hold and does not. */
static bool assertions_held(struct run *run, const struct apply_report *report)
{
	for (size_t i = 0; report->held && i < run->model.assertion_count; i++) {
		if (report->held[i].holds == HOLDS_NO)
			assertion_report(&run->diags, &run->model.assertions[i],
					 report->held[i].message);
	}
	return run_report(run, true);
}

int execute_plan(struct run *run)
{
	struct apply_report report = { 0 };
	struct error err = { 0 };
	enum apply_result result;
	const struct state *before = state_copy(&run->arena, &run->state);
	struct timeline timeline;
	bool kept, back;

	progress_begin(&run->progress, run->plan.node_count);
	if (run->options->timeline.length) {
		timeline_begin(&timeline, &run->arena, run->doors->clock, &run->plan,
			       run->session.sink);
		run->session.sink = timeline_sink(&timeline);
	}
	result = apply_plan(&run->session, &run->plan, &run->state, &report, &err);
	progress_end(&run->progress);
	if (run->options->timeline.length)
		run->session.sink = timeline.next;
	if (result == APPLY_STOPPED)
		run_fail(run, EXIT_ERROR, &err);
	back = result == APPLY_PARTIAL && run->options->on_failure == FAILURE_ROLLBACK;
	kept = back || run_keep(run);
	print_summary(run, result, &report);
	/* The apply is done all the same. */
	if (run->options->timeline.length &&
	    !timeline_write(&timeline, run->options->timeline, &err)) {
		error_context(&err, "the timeline was not written");
		run_fail(run, EXIT_ERROR, &err);
		kept = false;
	}
	if (back) {
		roll_back(run, before);
		return EXIT_ERROR;
	}
	if (!assertions_held(run, &report) && result == APPLY_DONE)
		return EXIT_ERROR;
	if (!kept)
		return run->exit;
	switch (result) {
	case APPLY_DONE:
		return EXIT_DONE;
	case APPLY_INTERRUPTED:
		return EXIT_INTERRUPTED;
	case APPLY_PARTIAL:
	case APPLY_STOPPED:
		break;
	}
	return EXIT_ERROR;
}

/*
 * Up to the end of a line.  A signal that comes just before a read() does not end it, so both are
 * waited for together; read() and not fgets(), so that nothing is kept back in a buffer.
 */
static struct str read_answer(struct run *run, char *line, size_t size, struct error *lost)
{
	int fd = fileno(run->doors->in);
	size_t length = 0;

	while (length < size && *signals_count() == 0) {
		struct pollfd waits[] = { { .fd = fd, .events = POLLIN },
					  { .fd = signals_fd(), .events = POLLIN } };
		ssize_t got;

		if (!session_tend(&run->session, lost))
			break;
		if (poll(waits, 2, ASK_MS) < 0 && errno != EINTR)
			break;
		if (*signals_count() > 0 || !waits[0].revents)
			continue;
		got = read(fd, line + length, size - length);
		if (got <= 0)
			break;
		length += (size_t)got;
		if (line[length - 1] == '\n')
			break;
	}
	return str_trim((struct str){ line, length });
}

bool confirm(struct run *run, const char *question, struct str word)
{
	char line[ANSWER_BYTES];
	struct error lost = { 0 };
	struct str answer;

	if (run->options->yes)
		return true;
	if (run->options->json)
		return run_say(run, EXIT_ERROR, "with --json nothing is asked: pass --yes as well");
	if (!run->doors->in_is_terminal)
		return run_say(run, EXIT_ERROR,
			       "there is no terminal to ask on: pass --yes if that is meant");
	fprintf(run->doors->out, "\n%s Type '%.*s' to go on: ", question, STR_ARG(word));
	fflush(run->doors->out);
	answer = read_answer(run, line, sizeof(line), &lost);
	if (lost.kind != ERROR_NONE)
		return run_fail(run, EXIT_ERROR, &lost);
	if (*signals_count() == 0 && str_equal(answer, word))
		return true;
	if (*signals_count() > 0) {
		fputc('\n', run->doors->out);
		return run_say(run, EXIT_INTERRUPTED, "interrupted; nothing was changed");
	}
	return run_say(run, EXIT_ERROR, "not confirmed; nothing was changed");
}

int command_apply(struct run *run)
{
	const struct str_list *files = &run->options->arguments;

	if (files->count > 1) {
		run_say(run, EXIT_ERROR, "'effc apply' takes one saved plan, or none");
		return run->exit;
	}
	if (run->options->refresh == REFRESH_NONE) {
		run_say(run, EXIT_ERROR, "an apply looks at what it changes: --refresh none is "
			"for plans, --refresh changed looks at nothing else");
		return run->exit;
	}
	if (run->options->resume)
		return command_resume(run);
	/* The plan is the consent. */
	if (files->count)
		return apply_saved(run, files->items[0]);
	if (!run_read(run) || !run_compile(run) || !run_bundle(run) || !run_open(run, true) ||
	    !run_connect(run) || !run_recover(run) || !run_observe(run, false) ||
	    !run_plan(run, false, false) || !addresses_exist(run))
		return run->exit;
	if (!run->options->json)
		show_plan(run);
	if (!plan_is_free(run))
		return run->exit;
	if (run->plan.action_count > 0 && !confirm(run, "Apply this plan?", STR("yes")))
		return run->exit;
	/* Also with nothing to do: outputs may have changed. */
	return execute_plan(run);
}

int command_destroy(struct run *run)
{
	if (!run_read(run) || !run_compile(run) || !run_bundle(run) || !run_open(run, true) ||
	    !run_connect(run) || !run_recover(run) || !run_observe(run, true) ||
	    !run_plan(run, true, false) || !addresses_exist(run))
		return run->exit;
	if (!run->options->json)
		show_plan(run);
	if (!plan_is_free(run))
		return run->exit;
	if (run->plan.action_count > 0 &&
	    !confirm(run, "Everything above is deleted.", run->model.stage))
		return run->exit;
	return execute_plan(run);
}
