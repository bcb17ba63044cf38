#include "command.h"

int command_version(struct run *run)
{
	struct str digest;
	size_t types;

	if (!run_schemas(run))
		return run->exit;
	digest = schemas_digest(run->schemas, &run->arena);
	schemas_types(run->schemas, &types);
	if (run->options->json)
		fprintf(run->doors->out,
			"{\"version\":\"%s\",\"schemas\":\"%.*s\",\"types\":%zu}\n",
			PACKAGE_VERSION, STR_ARG(digest), types);
	else
		fprintf(run->doors->out, "effc %s, schemas %.12s (%zu resource types)\n",
			PACKAGE_VERSION, digest.data, types);
	return EXIT_DONE;
}
