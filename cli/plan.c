#include "command.h"

#include "base/json.h"
#include "shown.h"

#define PREVIOUS_LIMIT_BYTES (4u << 20)

/* False after an error.  An empty file is one that had no plan yet. */
static bool read_previous(struct run *run)
{
	const struct files *files = run->doors->files;
	struct error err = { 0 };

	if (!run->options->previous.length)
		return true;
	if (!files->read(files->context, &run->arena, run->options->previous, PREVIOUS_LIMIT_BYTES,
			 &run->previous, &err))
		return run_fail(run, EXIT_ERROR, &err);
	if (!run->previous.length)
		run->previous = (struct str){ 0 };
	return true;
}

enum output_format plan_format(const struct options *options)
{
	if (options->format == OUTPUT_DEFAULT)
		return options->json ? OUTPUT_JSON : OUTPUT_TEXT;
	return options->format;
}

/* Before anything is read: options that do not go together. */
static bool formats_agree(struct run *run)
{
	const struct options *options = run->options;
	enum output_format format = plan_format(options);

	if (format == OUTPUT_DOT || format == OUTPUT_MERMAID)
		return run_say(run, EXIT_ERROR,
			       "a plan is text, json, markdown or html: 'effc graph' draws");
	if (options->json && format != OUTPUT_JSON)
		return run_say(run, EXIT_ERROR, "--json and another --format: one of them");
	if ((options->max_bytes || options->previous.length) && format != OUTPUT_MARKDOWN)
		return run_say(run, EXIT_ERROR, "--%s goes with --format markdown",
			       options->max_bytes ? "max-bytes" : "previous");
	return read_previous(run);
}

struct str rendered_plan(struct run *run, enum output_format format, bool colour, bool verbose)
{
	const struct review_markdown markdown = {
		.max_bytes = run->options->max_bytes ? run->options->max_bytes :
			     MARKDOWN_USUAL_BYTES,
		.previous = run->previous, .verbose = verbose,
	};
	struct buf out;

	buf_init(&out, &run->arena);
	if (format == OUTPUT_JSON) {
		review_print_json(&out, &run->review);
	} else if (format == OUTPUT_HTML) {
		review_print_html(&out, &run->review);
	} else if (format == OUTPUT_MARKDOWN) {
		review_print_markdown(&out, &run->review, &markdown);
	} else {
		review_print_text(&out, &run->review, colour, verbose);
	}
	return buf_str(&out);
}

void show_plan(struct run *run)
{
	struct str text = rendered_plan(run, plan_format(run->options), run->colour,
					run->options->verbose);

	fwrite(text.data, 1, text.length, run->doors->out);
	fflush(run->doors->out);
}

static void tell_conflicts(struct run *run)
{
	struct buf out;

	buf_init(&out, &run->arena);
	for (size_t i = 0; i < run->plan.action_count; i++) {
		const struct action *act = &run->plan.actions[i];

		if (act->conflict.length == 0)
			continue;
		buf_add_c(&out, "error: ");
		add_shown(&out, act->address, 0);
		buf_add_c(&out, ": ");
		add_shown(&out, act->conflict, 0);
		buf_add_char(&out, '\n');
	}
	for (uint32_t i = 0; i < run->model.existing_count; i++) {
		struct str why = plan_existing_conflict(&run->arena, &run->plan, i);

		if (!why.length)
			continue;
		buf_add_c(&out, "error: existing '");
		add_shown(&out, run->model.existing[i].name, 0);
		buf_printf(&out, "': %.*s\n", STR_ARG(why));
	}
	fwrite(out.data, 1, out.length, run->doors->err);
}

bool plan_is_free(struct run *run)
{
	const struct plan *plan = &run->plan;

	if (plan->counts.conflicts > 0) {
		tell_conflicts(run);
		return run_say(run, EXIT_BLOCKED,
			       "%zu of the resources cannot be made or read; nothing was changed",
			       plan->counts.conflicts);
	}
	if (plan->denied > 0)
		return run_say(run, EXIT_BLOCKED,
			       "policy '%.*s' (%.*s) denies it: %.*s%s; nothing was changed",
			       STR_ARG(run->review.policies[0].name),
			       STR_ARG(run->review.policies[0].place),
			       STR_ARG(run->review.policies[0].message),
			       run->review.denying > 1 ? " (and further policies)" : "");
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
	const struct options *o = run->options;
	bool offline = o->refresh == REFRESH_NONE, destroy = o->destroy;

	if (!formats_agree(run))
		return run->exit;
	if (o->out.length)
		run_record(run);
	if (!run_read(run) || !run_compile(run) || !run_bundle(run) || !run_open(run, false))
		return run->exit;
	if (!offline && (!run_connect(run) || !run_observe(run, destroy)))
		return run->exit;
	if (!run_plan(run, destroy, offline) || !addresses_exist(run))
		return run->exit;
	if (o->out.length && !save_plan(run))
		return run->exit;
	if (o->iam) {
		show_needs(run);
		return EXIT_DONE;
	}
	show_plan(run);
	if (run->plan.counts.blocked + run->plan.counts.conflicts + run->plan.denied > 0)
		return EXIT_BLOCKED;
	return o->detailed_exitcode ? detailed(&run->plan) : EXIT_DONE;
}
