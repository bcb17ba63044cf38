#include "command.h"

#include "base/json.h"
#include "shown.h"

void print_outputs(struct run *run, const struct value *outputs, const char *before)
{
	struct buf out;

	buf_init(&out, &run->arena);
	for (uint32_t i = 0; outputs->kind == VALUE_MAP && i < outputs->map.count; i++) {
		const struct member *member = outputs->map.entries[i].value;

		buf_add_c(&out, i == 0 ? before : "");
		add_shown(&out, outputs->map.entries[i].key, 0);
		buf_add_c(&out, " = ");
		if (member->value.kind == VALUE_STRING && !(member->value.marks & VALUE_SECRET))
			add_shown(&out, member->value.string, 0);
		else
			json_print(&out, &member->value);
		buf_add_char(&out, '\n');
	}
	fwrite(out.data, 1, out.length, run->doors->out);
}

int command_outputs(struct run *run)
{
	const struct value *outputs = &run->state.outputs;
	struct buf out;

	if (!run_read(run) || !run_compile(run) || !run_open(run, false))
		return run->exit;
	buf_init(&out, &run->arena);
	if (run->options->json) {
		if (outputs->kind == VALUE_MAP)
			json_print_pretty(&out, outputs, 0);
		else
			buf_add_c(&out, "{}");
		fprintf(run->doors->out, "%s\n", out.data);
		return EXIT_DONE;
	}
	if (outputs->kind != VALUE_MAP || outputs->map.count == 0)
		fprintf(run->doors->err, "%.*s/%.*s has no outputs yet: 'effc apply' makes them\n",
			STR_ARG(run->model.project), STR_ARG(run->model.stage));
	print_outputs(run, outputs, "");
	return EXIT_DONE;
}
