#include "command.h"
#include "compiler/json_schema.h"

/* Every service that is asked for is there. */
static bool services_exist(struct run *run)
{
	const struct str_list *wanted = &run->options->arguments;
	size_t count;
	const struct str *types = schemas_types(run->schemas, &count);
	struct map services = { 0 };
	VEC(struct str) names = { 0 };

	for (size_t i = 0; i < count; i++) {
		size_t start = sizeof("AWS::") - 1;
		struct str name = str_slice(types[i], start, types[i].length);

		name = str_slice(name, 0, str_index(name, ':'));
		if (map_has(&services, name))
			continue;
		*map_put(&run->arena, &services, name) = run;
		*vec_push(&run->arena, &names) = name;
	}
	for (size_t i = 0; i < wanted->count; i++) {
		struct str near;

		if (map_has(&services, wanted->items[i]))
			continue;
		near = str_nearest(wanted->items[i], names.items, names.count);
		return run_say(run, EXIT_ERROR, near.length
			       ? "there is no service '%.*s': did you mean '%.*s'?"
			       : "there is no service '%.*s'%.*s", STR_ARG(wanted->items[i]),
			       STR_ARG(near));
	}
	return true;
}

int command_schema(struct run *run)
{
	const struct str_list *wanted = &run->options->arguments;
	struct buf out;

	if (!run_schemas(run) || !services_exist(run))
		return run->exit;
	buf_init(&out, &run->arena);
	json_schema_print(&out, run->schemas, wanted->items, wanted->count);
	fwrite(out.data, 1, out.length, run->doors->out);
	return EXIT_DONE;
}
