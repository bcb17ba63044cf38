#include "command.h"

static int print(struct run *run, struct buf *out)
{
	fwrite(out->data, 1, out->length, run->doors->out);
	return run->exit;
}

static int debug_spec(struct run *run, bool tokens, struct buf *out)
{
	if (!run_read(run))
		return run->exit;
	for (size_t i = 0; tokens && i < run->spec.document_count; i++)
		spec_print_tokens(out, &run->spec.documents[i], &run->sources);
	if (!tokens)
		spec_print_tree(out, &run->spec.root, &run->sources);
	if (run->diags.error_count > 0) {
		diags_print(out, &run->diags, &run->sources, false);
		run->exit = EXIT_ERROR;
	}
	return print(run, out);
}

int command_debug(struct run *run)
{
	struct str what =
		run->options->arguments.count == 1 ? run->options->arguments.items[0] : STR("");
	struct buf out;

	buf_init(&out, &run->arena);
	if (str_equal_c(what, "tokens") || str_equal_c(what, "tree"))
		return debug_spec(run, str_equal_c(what, "tokens"), &out);
	if (!str_equal_c(what, "model") && !str_equal_c(what, "graph") &&
	    !str_equal_c(what, "plan")) {
		run_say(run, EXIT_ERROR,
			"say what to print: effc debug tokens|tree|model|graph|plan");
		return run->exit;
	}
	if (!run_read(run) || !run_compile(run) || !run_bundle(run))
		return run->exit;
	if (str_equal_c(what, "model")) {
		model_print(&out, &run->model);
		return print(run, &out);
	}
	/* Against the state alone: what a stage makes should not need an account. */
	if (!run_open(run, false) || !run_plan(run, false, true))
		return run->exit;
	if (str_equal_c(what, "graph"))
		review_print_nodes(&out, &run->plan);
	else
		review_print_json(&out, &run->review);
	return print(run, &out);
}
