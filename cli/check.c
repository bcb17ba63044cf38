#include "command.h"

int command_check(struct run *run)
{
	bool ok = run_read(run) && run_compile(run) && run_bundle(run);

	if (run->options->json) {
		struct buf out;

		buf_init(&out, &run->arena);
		diags_print_json(&out, &run->diags, &run->sources);
		fprintf(run->doors->out,
			"{\"format_version\":\"1.0\",\"ok\":%s,\"diagnostics\":%.*s}\n",
			ok ? "true" : "false", STR_ARG(buf_str(&out)));
	} else if (ok) {
		fprintf(run->doors->out, "%.*s/%.*s: no mistakes in %zu resources\n",
			STR_ARG(run->model.project), STR_ARG(run->model.stage),
			run->model.resource_count);
	}
	return ok ? EXIT_DONE : run->exit ? run->exit : EXIT_ERROR;
}
