#include "command.h"

static enum graph_format format_of(const struct options *options)
{
	if (options->json || options->format == OUTPUT_JSON)
		return GRAPH_JSON;
	return options->format == OUTPUT_MERMAID ? GRAPH_MERMAID : GRAPH_DOT;
}

int command_graph(struct run *run)
{
	enum output_format asked = run->options->format;
	struct buf out;

	if (asked != OUTPUT_DEFAULT && asked != OUTPUT_DOT && asked != OUTPUT_MERMAID &&
	    asked != OUTPUT_JSON) {
		run_say(run, EXIT_ERROR, "effc graph prints dot, mermaid or json");
		return run->exit;
	}
	/* Against the state alone: a drawing needs no account. */
	if (!run_read(run) || !run_compile(run) || !run_bundle(run) || !run_open(run, false) ||
	    !run_plan(run, false, true))
		return run->exit;
	buf_init(&out, &run->arena);
	review_print_graph(&out, &run->plan, format_of(run->options));
	fwrite(out.data, 1, out.length, run->doors->out);
	return EXIT_DONE;
}
