#include "command.h"

#include "base/json.h"

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
	for (uint32_t i = 0; outputs->kind == VALUE_MAP && i < outputs->map.count; i++) {
		const struct member *member = outputs->map.entries[i].value;

		buf_truncate(&out, 0);
		if (member->value.kind == VALUE_STRING && !(member->value.marks & VALUE_SECRET))
			buf_add(&out, member->value.string);
		else
			json_print(&out, &member->value);
		fprintf(run->doors->out, "%.*s = %s\n", STR_ARG(outputs->map.entries[i].key),
			out.data);
	}
	return EXIT_DONE;
}
