#include "command.h"
#include "explain.h"
#include "mistake.h"
#include "spec/function.h"

static int explain_mistake(struct run *run, struct str word)
{
	struct str page = mistake_page(word);
	struct buf out;

	buf_init(&out, &run->arena);
	if (page.length)
		mistake_print(&out, page);
	else if (!mistake_list(&out, word))
		run_say(run, EXIT_ERROR, "there is no mistake '%.*s': 'effc explain E' lists them",
			STR_ARG(word));
	fwrite(out.data, 1, out.length, run->doors->out);
	return run->exit;
}

static void print_function(struct buf *out, const struct function *f, int width)
{
	size_t start = out->length;

	function_print(out, f);
	if (out->length - start < (size_t)width)
		buf_add_repeat(out, ' ', (size_t)width - (out->length - start));
	buf_printf(out, "  %s\n", f->summary);
}

#define SIGNATURE_COLUMNS 36

/* A function, or all of them.  False: it is none. */
static bool explain_function(struct run *run, struct str word)
{
	const struct function *f = function_find(word);
	const char *refusal = function_refusal(word);
	struct buf out;

	buf_init(&out, &run->arena);
	if (f)
		print_function(&out, f, 0);
	else if (refusal)
		run_say(run, EXIT_ERROR, "function '%.*s' is left out: %s", STR_ARG(word), refusal);
	else if (!str_equal(word, STR("functions")))
		return false;
	for (size_t i = 0; !f && !refusal && function_at(i); i++)
		print_function(&out, function_at(i), SIGNATURE_COLUMNS);
	fwrite(out.data, 1, out.length, run->doors->out);
	return true;
}

int command_explain(struct run *run)
{
	if (run->options->arguments.count > 1) {
		run_say(run, EXIT_ERROR, "one at a time: effc explain AWS::SQS::Queue");
		return run->exit;
	}
	if (run->options->arguments.count == 1 &&
	    mistake_is_code(run->options->arguments.items[0]))
		return explain_mistake(run, run->options->arguments.items[0]);
	if (run->options->arguments.count == 1 &&
	    explain_function(run, run->options->arguments.items[0]))
		return run->exit;
	if (!run_schemas(run))
		return run->exit;
	if (run->options->arguments.count == 0)
		return explain_types(run, STR(""));
	return explain_type(run, run->options->arguments.items[0]);
}
