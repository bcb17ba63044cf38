#include "base/json.h"
#include "command.h"
#include "compiler/cloudformation.h"
#include "compiler/lowered.h"
#include "shown.h"
#include "spec/toml_write.h"

static int build_cloudformation(struct run *run)
{
	struct cloudformation made;
	struct buf out;

	if (!cloudformation_make(&run->arena, &run->model, &made, &run->diags))
		return run_report(run, false) ? EXIT_DONE : EXIT_ERROR;
	buf_init(&out, &run->arena);
	json_print_pretty(&out, &made.template, 0);
	fprintf(run->doors->out, "%.*s\n", STR_ARG(buf_str(&out)));
	for (size_t i = 0; i < made.note_count; i++) {
		buf_truncate(&out, 0);
		add_shown(&out, made.notes[i], 0);
		fprintf(run->doors->err, "note: %.*s\n", STR_ARG(buf_str(&out)));
	}
	return EXIT_DONE;
}

static int build_toml(struct run *run)
{
	struct value spec = lowered_spec(&run->arena, &run->model);
	struct buf out;

	buf_init(&out, &run->arena);
	toml_write(&out, &spec, NULL);
	fwrite(out.data, 1, out.length, run->doors->out);
	return EXIT_DONE;
}

int command_build(struct run *run)
{
	if (run->options->lowered == LOWERED_NOT) {
		run_say(run, EXIT_ERROR, "say what to build: "
			"effc build --lowered toml|cloudformation");
		return run->exit;
	}
	if (!run_read(run) || !run_compile(run))
		return run->exit ? run->exit : EXIT_ERROR;
	return run->options->lowered == LOWERED_TOML ? build_toml(run) : build_cloudformation(run);
}
