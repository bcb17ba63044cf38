#include <unistd.h>

#include "command.h"
#include "executor/aws/aws.h"

#define NAME_MOST 40

/* What a spec begins with, by the kind of block that it shows. */
static const struct {
	const char *spec;
	const char *handler_path, *handler;	/* NULL: it has none */
} templates[] = {
	[TEMPLATE_HTTP] = {
		"[http.hello]\n"
		"method = \"GET\"\n"
		"path = \"/hello\"\n"
		"auth = \"none\" # everyone may call it; \"iam\" lets in who signs\n"
		"handler = \"src/hello.js#hello\"\n"
		"\n"
		"[output.url]\n"
		"value = \"${hello.url}\"\n",
		"src/hello.js",
		"'use strict';\n"
		"\n"
		"exports.hello = async () => ({\n"
		"  statusCode: 200,\n"
		"  headers: { 'content-type': 'application/json' },\n"
		"  body: JSON.stringify({ hello: 'world' }),\n"
		"});\n",
	},
	[TEMPLATE_TABLE] = {
		"[table.items]\n"
		"partition_key = \"id:string\"\n"
		"stream = { handler = \"src/items.js#onChange\" }\n"
		"\n"
		"[output.table]\n"
		"value = \"${items.name}\"\n",
		"src/items.js",
		"'use strict';\n"
		"\n"
		"exports.onChange = async (event) => {\n"
		"  for (const { eventName, dynamodb } of event.Records)\n"
		"    console.log(eventName, dynamodb.Keys);\n"
		"};\n",
	},
	[TEMPLATE_RAW] = {
		"# Any resource type of AWS, with the properties that it has there:\n"
		"# 'effc explain AWS::SQS::Queue' tells them.\n"
		"[AWS.SQS.Queue.jobs]\n"
		"VisibilityTimeout = 60\n"
		"\n"
		"[output.queue]\n"
		"value = \"${jobs.QueueUrl}\"\n",
		NULL, NULL,
	},
};

/* A name for the project by its folder's, as far as that can be one; else empty. */
static struct str name_of_folder(struct run *run)
{
	char here[4096];
	struct str path = str_from_c(getcwd(here, sizeof(here)) ? here : "");
	struct buf name;

	buf_init(&name, &run->arena);
	path = str_slice(path, path_folder(path).length, path.length);
	for (size_t i = 0; i < path.length && name.length < NAME_MOST; i++) {
		char c = path.data[i];
		bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');

		if (letter || (name.length && c >= '0' && c <= '9'))
			buf_add_char(&name, (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c));
		else if (name.length && name.data[name.length - 1] != '-')
			buf_add_char(&name, '-');
	}
	while (name.length && name.data[name.length - 1] == '-')
		buf_truncate(&name, name.length - 1);
	return buf_str(&name);
}

/* Letters, digits and hyphens, a letter first. */
static bool is_word(struct str s)
{
	for (size_t i = 0; i < s.length; i++) {
		char c = s.data[i];
		bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');

		if (!letter && (i == 0 || ((c < '0' || c > '9') && c != '-')))
			return false;
	}
	return s.length > 0;
}

static bool folder_is_free(struct run *run)
{
	struct str path;
	struct error err = { 0 };

	if (!spec_find_in(&run->arena, run->doors->files, STR("."), &path, &err))
		return run_fail(run, EXIT_ERROR, &err);
	return !path.length ||
	       run_say(run, EXIT_ERROR, "'%.*s' is there already: change it, or begin in another "
		       "folder", STR_ARG(path));
}

static bool choose(struct run *run, struct str *name, struct str *region)
{
	struct error err = { 0 };

	*name = run->options->name;
	if (!name->length)
		*name = name_of_folder(run);
	if (!name->length)
		return run_say(run, EXIT_ERROR, "the folder's name is no name of a project: "
			       "effc init --name shop");
	if (!is_word(*name) || name->length > NAME_MOST)
		return run_say(run, EXIT_ERROR, "'%.*s' is no name of a project: a letter, then "
			       "letters, digits and hyphens, %d at most", STR_ARG(*name),
			       NAME_MOST);
	*region = run->options->region;
	if (!region->length)
		*region = region_find(&run->arena, &run->environment, run->options->profile, &err);
	if (!region->length)
		return run_say(run, EXIT_ERROR, "which region? effc init --region eu-west-1");
	return is_word(*region) || run_say(run, EXIT_ERROR, "'%.*s' is no region",
					   STR_ARG(*region));
}

/* What is there already stays. */
static bool write_file(struct run *run, struct str path, struct str text)
{
	struct error err = { 0 };

	if (run->doors->files->kind(run->doors->files->context, path) != FILE_NONE) {
		fprintf(run->doors->out, "kept   %.*s\n", STR_ARG(path));
		return true;
	}
	if (!folder_make(path_folder(path), &err) || !file_create(path, text, 0666, &err))
		return run_fail(run, EXIT_ERROR, &err);
	fprintf(run->doors->out, "wrote  %.*s\n", STR_ARG(path));
	return true;
}

#define IGNORED ".effc/"

static bool has_line(struct str text, struct str line)
{
	struct str one;

	while (str_split(&text, '\n', &one))
		if (str_equal(str_trim(one), line))
			return true;
	return false;
}

/* The state of a stage, which .effc/ holds, is no text to be shared. */
static bool ignore_state(struct run *run)
{
	const struct files *files = run->doors->files;
	struct str path = STR(".gitignore"), text;
	struct error err = { 0 };

	if (files->kind(files->context, path) == FILE_NONE)
		return write_file(run, path, STR(IGNORED "\n"));
	if (!files->read(files->context, &run->arena, path, SPEC_FILE_LIMIT, &text, &err))
		return run_fail(run, EXIT_ERROR, &err);
	if (has_line(text, STR(IGNORED)) || has_line(text, STR("/" IGNORED)) ||
	    has_line(text, STR(".effc")))
		return true;
	text = str_format(&run->arena, "%.*s%s" IGNORED "\n", STR_ARG(text),
			  text.length && !str_ends(text, STR("\n")) ? "\n" : "");
	if (!file_rewrite(path, text, &err))
		return run_fail(run, EXIT_ERROR, &err);
	fprintf(run->doors->out, "added  " IGNORED " to .gitignore\n");
	return true;
}

int command_init(struct run *run)
{
	enum template template = run->options->template;
	struct str name, region, spec;

	if (!folder_is_free(run) || !choose(run, &name, &region))
		return run->exit;
	spec = str_format(&run->arena, "[project]\nname = \"%.*s\"\nregion = \"%.*s\"\n\n%s",
			  STR_ARG(name), STR_ARG(region), templates[template].spec);
	/* The spec comes last: after a failure the command can be given again. */
	if ((templates[template].handler &&
	     !write_file(run, str_from_c(templates[template].handler_path),
			 str_from_c(templates[template].handler))) ||
	    !ignore_state(run) || !write_file(run, STR("effortless.toml"), spec))
		return run->exit;
	fputs("\nnext\n"
	      "  effc check   finds every mistake, needs no credentials\n"
	      "  effc plan    shows what would be made\n"
	      "  effc apply   makes it\n", run->doors->out);
	return EXIT_DONE;
}
