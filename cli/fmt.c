#include "command.h"
#include "spec/fmt.h"

/* False after a mistake or a failure, which has been told or is in the diagnostics. */
static bool format_text(struct run *run, struct str path, struct str text, uint32_t file,
			bool *changed)
{
	struct error err = { 0 };
	struct str made;

	if (str_ends(path, STR(".yaml")) || str_ends(path, STR(".yml")))
		return run_say(run, EXIT_ERROR, "'%.*s': YAML is not formatted, since its comments "
			       "would be lost", STR_ARG(path));
	if (!fmt_is_known(path))
		return run_say(run, EXIT_ERROR, "'%.*s': only .toml and .json files are formatted",
			       STR_ARG(path));
	if (!fmt_text(&run->arena, path, text, file, &made, &run->diags))
		return false;
	if (str_equal(text, made))
		return true;
	*changed = true;
	if (!run->options->check && !file_rewrite(path, made, &err))
		return run_fail(run, EXIT_ERROR, &err);
	fprintf(run->doors->out, "%.*s\n", STR_ARG(path));
	return true;
}

static bool format_files(struct run *run, bool *changed)
{
	const struct str_list *paths = &run->options->arguments;
	const struct files *files = run->doors->files;
	bool good = true;

	for (size_t i = 0; i < paths->count; i++) {
		struct str path = paths->items[i], text;
		struct error err = { 0 };
		uint32_t file;

		if (!files->read(files->context, &run->arena, path, SPEC_FILE_LIMIT, &text, &err)) {
			good = run_fail(run, EXIT_ERROR, &err);
			continue;
		}
		file = sources_add(&run->arena, &run->sources, path, text);
		good = format_text(run, path, text, file, changed) && good;
	}
	return good;
}

/* The spec's files have been read; where one could not be, that is told with its mistakes. */
static bool format_spec(struct run *run, bool *changed)
{
	bool good = true;

	if (!run_read(run))
		return false;
	for (size_t i = 0; i < run->spec.document_count; i++) {
		const struct document *document = &run->spec.documents[i];

		if (document->file == SPAN_NOWHERE)
			continue;
		good = format_text(run, document->path,
				   run->sources.items[document->file].text, document->file,
				   changed) && good;
	}
	return good;
}

int command_fmt(struct run *run)
{
	bool changed = false;
	bool good = run->options->arguments.count ? format_files(run, &changed)
						   : format_spec(run, &changed);

	good = run_report(run, good);
	return good && !(changed && run->options->check) ? EXIT_DONE : EXIT_ERROR;
}
