#include "options.h"

#include "base/buf.h"
#include "base/trace.h"
#include "compiler/address.h"

#define HELP_COLUMN 31
#define MAX_BYTES_LEAST 8192		/* MARKDOWN_LEAST_BYTES of review/review.h */
#define MAX_BYTES_MOST 100000000

enum option_id {
	OPTION_ALLOW,
	OPTION_AS,
	OPTION_CHECK,
	OPTION_CI_ROLES,
	OPTION_COLOR,
	OPTION_DESTROY,
	OPTION_DETAILED,
	OPTION_DRY_RUN,
	OPTION_FILE,
	OPTION_FORMAT,
	OPTION_HELP,
	OPTION_IAM,
	OPTION_JSON,
	OPTION_LOCAL,
	OPTION_LOWERED,
	OPTION_MAX_BYTES,
	OPTION_NAME,
	OPTION_ON_FAILURE,
	OPTION_ORIGIN,
	OPTION_OUT,
	OPTION_PARALLEL,
	OPTION_PREVIOUS,
	OPTION_PROFILE,
	OPTION_REFRESH,
	OPTION_REGION,
	OPTION_REPAIR,
	OPTION_REPLACE,
	OPTION_RESUME,
	OPTION_SCHEMAS,
	OPTION_STAGE,
	OPTION_STATS,
	OPTION_TAKE_OVER,
	OPTION_TARGET,
	OPTION_TEMPLATE,
	OPTION_TIMELINE,
	OPTION_TRACE,
	OPTION_VAR,
	OPTION_VERBOSE,
	OPTION_YES,
};

struct option {
	const char *name;
	char letter;			/* 0: none */
	const char *argument;		/* NULL: a switch */
	unsigned commands;
	const char *environment;	/* stands in for it; NULL: nothing does */
	const char *help;
};

/* A line of help holds 80 columns: 32 for the option, the rest for its text and variable. */
static const struct option options[] = {
	[OPTION_ALLOW] = { "allow-data-loss", 0, "ADDRESS", FOR_AWS, NULL,
			   "may be deleted or replaced with its data, or all" },
	[OPTION_AS] = { "as", 0, "ID", FOR_IMPORT, NULL,
			"of the block, else made of its name" },
	[OPTION_CHECK] = { "check", 0, NULL, FOR_FMT, NULL,
			   "change nothing; exit 1 if a file would" },
	[OPTION_CI_ROLES] = { "ci-roles", 0, "REPO", FOR_BOOTSTRAP, NULL,
			      "OWNER/REPO of GitHub, or with @BRANCH" },
	[OPTION_COLOR] = { "color", 0, "WHEN", FOR_ALL, NULL, "auto, always or never" },
	[OPTION_DESTROY] = { "destroy", 0, NULL, FOR_PLAN, NULL, "plan to delete everything" },
	[OPTION_DETAILED] = { "detailed-exitcode", 0, NULL, FOR_PLAN, NULL,
			      "exit 2: changes; 3: some replace or delete" },
	[OPTION_DRY_RUN] = { "dry-run", 0, NULL, FOR_IMPORT, NULL,
			     "print the block, write nothing" },
	[OPTION_FILE] = { "file", 'f', "FILE", FOR_SPEC, "EFF_FILE",
			  "the spec; may be given again" },
	[OPTION_FORMAT] = { "format", 0, "FORMAT", FOR_GRAPH | FOR_PLAN | FOR_SHOW, NULL,
			    "text, json, markdown, html; graph: dot, mermaid" },
	[OPTION_HELP] = { "help", 'h', NULL, FOR_ALL, NULL, "show this" },
	[OPTION_IAM] = { "iam", 0, NULL, FOR_PLAN, NULL,
			 "print the policy that an apply and a destroy need" },
	[OPTION_JSON] = { "json", 0, NULL, FOR_AWS | FOR_CHECK | FOR_CONFIG | FOR_EVAL |
			  FOR_GRAPH | FOR_LOCK | FOR_OUTPUTS | FOR_SHOW | FOR_STATE |
			  FOR_VERSION | FOR_WHY, NULL,
			  "for programs: JSON on standard output" },
	[OPTION_LOCAL] = { "local-state", 0, NULL, FOR_AWS | FOR_IMPORT | FOR_OUTPUTS |
			   FOR_GRAPH | FOR_LOCK | FOR_STATE | FOR_WHY,
			   "EFF_LOCAL_STATE", "state in .effc/ even in CI" },
	[OPTION_LOWERED] = { "lowered", 0, "FORMAT", FOR_BUILD, NULL,
			     "print the resources as toml or cloudformation" },
	[OPTION_MAX_BYTES] = { "max-bytes", 0, "N", FOR_PLAN, NULL,
			       "of markdown; or github, gitlab, bitbucket, ..." },
	[OPTION_NAME] = { "name", 0, "NAME", FOR_INIT, NULL, "of the project, else the folder's" },
	[OPTION_ON_FAILURE] = { "on-failure", 0, "WHAT", FOR_APPLY | FOR_UNDO, NULL,
				"continue, stop, or rollback what was done" },
	[OPTION_ORIGIN] = { "origin", 0, NULL, FOR_CONFIG, NULL, "where each value was said" },
	[OPTION_OUT] = { "out", 'o', "FILE", FOR_PLAN, NULL,
			 "save the plan, to show and apply" },
	[OPTION_PARALLEL] = { "parallel", 0, "N", FOR_AWS | FOR_STATE | FOR_WHY, "EFF_PARALLEL",
			      "requests at once, 1 to 256" },
	[OPTION_PREVIOUS] = { "previous", 0, "FILE", FOR_PLAN, NULL,
			      "markdown of before: say what changed since" },
	[OPTION_PROFILE] = { "profile", 0, "NAME", FOR_AWS | FOR_BOOTSTRAP | FOR_GRAPH |
			     FOR_IMPORT | FOR_LOCK | FOR_OUTPUTS | FOR_STATE | FOR_WHY,
			     "EFF_PROFILE", "of the AWS configuration" },
	[OPTION_REFRESH] = { "refresh", 0, "WHAT", FOR_PLAN | FOR_APPLY | FOR_STATE | FOR_WHY,
			     NULL, "all, changed, or none: the state alone" },
	[OPTION_REGION] = { "region", 0, "REGION", FOR_SPEC | FOR_INIT, "EFF_REGION",
			    "instead of the spec's" },
	[OPTION_REPAIR] = { "repair", 0, NULL, FOR_DRIFT, NULL, "put back what moved" },
	[OPTION_REPLACE] = { "replace", 0, "ADDRESS", FOR_PLAN | FOR_APPLY, NULL,
			     "even if nothing of it changed" },
	[OPTION_RESUME] = { "resume", 0, NULL, FOR_APPLY, NULL,
			    "only what an interrupted apply left" },
	[OPTION_SCHEMAS] = { "schemas", 0, "DIR", FOR_SPEC | FOR_EXPLAIN | FOR_SCHEMA,
			     "EFF_SCHEMAS",
			     "drivers and facts of your own" },
	[OPTION_STAGE] = { "stage", 's', "STAGE", FOR_SPEC, "EFF_STAGE",
			   "a copy of the stack, else dev" },
	[OPTION_STATS] = { "stats", 0, NULL, FOR_SPEC, NULL,
			   "count the work done, on standard error" },
	[OPTION_TAKE_OVER] = { "take-over", 0, "ADDRESS", FOR_PLAN | FOR_APPLY, NULL,
			       "its import may be another stack's" },
	[OPTION_TARGET] = { "target", 0, "ADDRESS", FOR_PLAN | FOR_APPLY | FOR_DESTROY |
			    FOR_UNDO, NULL, "only this and what it needs" },
	[OPTION_TEMPLATE] = { "template", 0, "WHAT", FOR_INIT, NULL,
			      "http, table or raw; else http" },
	[OPTION_TIMELINE] = { "timeline", 0, "FILE", FOR_APPLY | FOR_DESTROY, NULL,
			      "write what went on when, for a trace viewer" },
	[OPTION_TRACE] = { "trace", 0, "WHAT", FOR_ALL, "EFFC_TRACE",
			   "plan,http,journal,op or all" },
	[OPTION_VAR] = { "var", 0, "NAME=VALUE", FOR_SPEC, NULL,
			 "a variable of the spec [EFF_VAR_NAME]" },
	[OPTION_VERBOSE] = { "verbose", 'v', NULL, FOR_AWS | FOR_SHOW, NULL,
			     "show every property" },
	[OPTION_YES] = { "yes", 'y', NULL, FOR_APPLY | FOR_BOOTSTRAP | FOR_DESTROY |
			 FOR_DRIFT | FOR_LOCK | FOR_STATE | FOR_UNDO,
			 "EFF_YES", "do not ask" },
};
#define OPTION_COUNT (sizeof(options) / sizeof(*options))

static void list_add(struct arena *a, struct str_list *list, struct str item)
{
	/* A handful of items: grown by one. */
	list->items = arena_grow(a, list->items, list->count * sizeof(item),
				 (list->count + 1) * sizeof(item), _Alignof(struct str));
	list->items[list->count++] = item;
}

static bool choose(struct str value, const char *const *names, size_t count, int *out,
		   const char *option, struct error *err)
{
	for (size_t i = 0; i < count; i++)
		if (str_equal_c(value, names[i])) {
			*out = (int)i;
			return true;
		}
	return error_set(err, ERROR_PARSE, "'%.*s' is no value of --%s: see --help", STR_ARG(value),
			 option);
}

static const char *const refreshes[] = { "all", "changed", "none" };

struct str refresh_name(enum refresh refresh)
{
	return str_from_c(refreshes[refresh]);
}

enum refresh refresh_named(struct str name)
{
	struct error ignored;
	int chosen = REFRESH_ALL;

	return choose(name, refreshes, 3, &chosen, "refresh", &ignored) ? (enum refresh)chosen :
									  REFRESH_ALL;
}

static bool variable_add(struct arena *a, struct str value, struct given_variables *list,
			 struct error *err)
{
	size_t equals = str_index(value, '=');

	if (equals == 0 || equals == value.length)
		return error_set(err, ERROR_PARSE, "--var takes a name and its value: "
				 "--var replicas=3");
	*vec_push(a, list) = (struct given_variable){
		.name = str_slice(value, 0, equals),
		.text = str_slice(value, equals + 1, value.length), .flag = true,
	};
	return true;
}

/* What the places take where people post it, with some room for what they add. */
static bool take_max_bytes(struct str value, struct options *out, struct error *err)
{
	static const struct { struct str name; size_t bytes; } presets[] = {
		{ STR_INIT("azure"), 140000 },
		{ STR_INIT("bitbucket"), 30000 },
		{ STR_INIT("github"), 60000 },
		{ STR_INIT("gitlab"), 900000 },
		{ STR_INIT("step-summary"), 1000000 },
	};
	int64_t number;

	for (size_t i = 0; i < sizeof(presets) / sizeof(*presets); i++) {
		if (str_equal(value, presets[i].name)) {
			out->max_bytes = presets[i].bytes;
			return true;
		}
	}
	if (!str_to_int(value, &number) || number < MAX_BYTES_LEAST || number > MAX_BYTES_MOST)
		return error_set(err, ERROR_PARSE, "--max-bytes takes a number from %d to %d, or "
				 "azure, bitbucket, github, gitlab or step-summary",
				 MAX_BYTES_LEAST, MAX_BYTES_MOST);
	out->max_bytes = (size_t)number;
	return true;
}

static bool take(struct arena *a, enum option_id id, struct str value, struct options *out,
		 struct error *err)
{
	static const char *const colours[] = { "auto", "always", "never" };
	static const char *const templates[] = { "http", "table", "raw" };
	static const char *const outputs[] = { "dot", "html", "json", "markdown",
					       "mermaid", "text" };
	static const char *const formats[] = { "toml", "cloudformation" };
	static const char *const failures[] = { "continue", "stop", "rollback" };
	int64_t number;
	int chosen = 0;

	switch (id) {
	case OPTION_ALLOW:
		list_add(a, &out->allow_data_loss, address_plain(a, value));
		return true;
	case OPTION_AS:
		out->as = value;
		return true;
	case OPTION_CHECK:
		out->check = true;
		return true;
	case OPTION_CI_ROLES:
		out->ci_roles = value;
		return true;
	case OPTION_COLOR:
		if (!choose(value, colours, 3, &chosen, "color", err))
			return false;
		out->colour = (enum colour_choice)chosen;
		return true;
	case OPTION_DESTROY:
		out->destroy = true;
		return true;
	case OPTION_DETAILED:
		out->detailed_exitcode = true;
		return true;
	case OPTION_DRY_RUN:
		out->dry_run = true;
		return true;
	case OPTION_FILE:
		list_add(a, &out->files, value);
		return true;
	case OPTION_FORMAT:
		if (!choose(value, outputs, sizeof(outputs) / sizeof(*outputs), &chosen, "format",
			    err))
			return false;
		out->format = (enum output_format)(chosen + 1);
		return true;
	case OPTION_HELP:
		out->help = true;
		return true;
	case OPTION_IAM:
		out->iam = true;
		return true;
	case OPTION_JSON:
		out->json = true;
		return true;
	case OPTION_LOCAL:
		out->local_state = true;
		return true;
	case OPTION_LOWERED:
		if (!choose(value, formats, 2, &chosen, "lowered", err))
			return false;
		out->lowered = chosen ? LOWERED_CLOUDFORMATION : LOWERED_TOML;
		return true;
	case OPTION_MAX_BYTES:
		return take_max_bytes(value, out, err);
	case OPTION_NAME:
		out->name = value;
		return true;
	case OPTION_ON_FAILURE:
		if (!choose(value, failures, 3, &chosen, "on-failure", err))
			return false;
		out->on_failure = (enum on_failure)chosen;
		return true;
	case OPTION_ORIGIN:
		out->origin = true;
		return true;
	case OPTION_OUT:
		out->out = value;
		return true;
	case OPTION_TIMELINE:
		out->timeline = value;
		return true;
	case OPTION_PARALLEL:
		if (!str_to_int(value, &number) || number < 1 || number > 256)
			return error_set(err, ERROR_PARSE,
					 "--parallel takes a number from 1 to 256");
		out->parallel = (size_t)number;
		return true;
	case OPTION_PREVIOUS:
		out->previous = value;
		return true;
	case OPTION_PROFILE:
		out->profile = value;
		return true;
	case OPTION_REFRESH:
		if (!choose(value, refreshes, 3, &chosen, "refresh", err))
			return false;
		out->refresh = (enum refresh)chosen;
		return true;
	case OPTION_REGION:
		out->region = value;
		return true;
	case OPTION_REPAIR:
		out->repair = true;
		return true;
	case OPTION_REPLACE:
		list_add(a, &out->replace, address_plain(a, value));
		return true;
	case OPTION_RESUME:
		out->resume = true;
		return true;
	case OPTION_SCHEMAS:
		list_add(a, &out->schemas, value);
		return true;
	case OPTION_STAGE:
		out->stage = value;
		return true;
	case OPTION_STATS:
		out->stats = true;
		return true;
	case OPTION_TAKE_OVER:
		list_add(a, &out->take_over, address_plain(a, value));
		return true;
	case OPTION_TARGET:
		list_add(a, &out->targets, address_plain(a, value));
		return true;
	case OPTION_TEMPLATE:
		if (!choose(value, templates, 3, &chosen, "template", err))
			return false;
		out->template = (enum template)chosen;
		return true;
	case OPTION_TRACE:
		if (!trace_enable(value))
			return error_set(err, ERROR_PARSE,
					 "--trace takes plan, http, journal, op or all");
		return true;
	case OPTION_VAR:
		return variable_add(a, value, &out->variables, err);
	case OPTION_VERBOSE:
		out->verbose = true;
		return true;
	case OPTION_YES:
		out->yes = true;
		return true;
	}
	BUG("option %d", (int)id);
}

/* What an option that nobody knows was meant as; empty: no idea. */
static struct str meant(struct arena *a, struct str word, struct str name, unsigned command_bit)
{
	struct str names[OPTION_COUNT];
	size_t count = 0;
	struct str near;

	for (size_t i = 0; i < OPTION_COUNT; i++)
		if (options[i].commands & command_bit)
			names[count++] = str_from_c(options[i].name);
	near = str_nearest(name, names, count);
	if (near.length > 0)
		return str_format(a, "--%.*s", STR_ARG(near));
	/* "-sprod": a letter with its value attached. */
	for (size_t i = 0; i < OPTION_COUNT && word.data[1] != '-'; i++)
		if ((options[i].commands & command_bit) && options[i].letter == word.data[1])
			return str_format(a, "-%c %.*s", options[i].letter,
					  STR_ARG(str_slice(word, 2, word.length)));
	return STR("");
}

/* word: as given; name: without its hyphens and value. */
static bool find(struct arena *a, const struct str *command, struct str word, struct str name,
		 unsigned command_bit, enum option_id *id, struct error *err)
{
	bool is_long = word.data[1] == '-';
	struct str near;

	for (size_t i = 0; i < OPTION_COUNT; i++) {
		if (is_long ? !str_equal_c(name, options[i].name) :
		    name.length != 1 || options[i].letter != name.data[0])
			continue;
		if (!(options[i].commands & command_bit))
			return error_set(err, ERROR_PARSE, "'effc %.*s' takes no --%s",
					 STR_ARG(*command), options[i].name);
		*id = (enum option_id)i;
		return true;
	}
	word = str_slice(word, 0, str_index(word, '='));
	near = meant(a, word, name, command_bit);
	if (near.length > 0)
		return error_set(err, ERROR_PARSE, "unknown option '%.*s': did you mean '%.*s'?",
				 STR_ARG(word), STR_ARG(near));
	return error_set(err, ERROR_PARSE, "unknown option '%.*s': see 'effc %.*s --help'",
			 STR_ARG(word), STR_ARG(*command));
}

/* A switch by its variable: EFF_YES=no must not mean yes. */
static bool read_switch(struct str value, bool *on, struct error *err)
{
	static const char *const words[] = { "", "0", "false", "no", "1", "true", "yes" };

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (str_equal_fold(value, str_from_c(words[i]))) {
			*on = i >= 4;
			return true;
		}
	return error_set(err, ERROR_PARSE, "'%.*s' is neither 1 nor 0", STR_ARG(value));
}

static bool take_environment(struct arena *a, const bool *given, unsigned command_bit,
			     const struct doors *doors, struct options *out, struct error *err)
{
	for (size_t i = 0; i < OPTION_COUNT; i++) {
		const struct option *o = &options[i];
		struct str value;
		bool wanted;

		if (given[i] || !o->environment || !(o->commands & command_bit))
			continue;
		value = door_environment(doors, o->environment);
		wanted = value.length > 0;
		if (!o->argument && !read_switch(value, &wanted, err))
			return error_context(err, "%s", o->environment);
		if (wanted && !take(a, (enum option_id)i, value, out, err))
			return error_context(err, "%s", o->environment);
	}
	return true;
}

/* One option, with its value from the next word if it has none attached; *i moves over it. */
static bool parse_option(struct arena *a, int argc, char **argv, int *i, unsigned command_bit,
			 bool *given, struct options *out, struct error *err)
{
	struct str word = str_from_c(argv[*i]), value = { 0 };
	struct str name = str_slice(word, word.data[1] == '-' ? 2 : 1, word.length);
	size_t equals = str_index(name, '=');
	bool attached = equals < name.length;
	enum option_id id = OPTION_HELP;

	if (attached)
		value = str_slice(name, equals + 1, name.length);
	name = str_slice(name, 0, equals);
	if (!find(a, &out->command, word, name, command_bit, &id, err))
		return false;
	if (!options[id].argument && attached)
		return error_set(err, ERROR_PARSE, "--%s takes no value", options[id].name);
	if (options[id].argument && !attached && *i + 1 < argc)
		value = str_from_c(argv[++*i]);
	if (options[id].argument && value.length == 0)
		return error_set(err, ERROR_PARSE, "--%s needs a value: --%s %s",
				 options[id].name, options[id].name, options[id].argument);
	given[id] = true;
	return take(a, id, value, out, err);
}

bool options_parse(struct arena *a, int argc, char **argv, unsigned command_bit,
		   const struct doors *doors, struct options *out, struct error *err)
{
	bool given[OPTION_COUNT] = { false };
	bool only_arguments = false;

	for (int i = 2; i < argc; i++) {
		struct str word = str_from_c(argv[i]);

		if (only_arguments || word.length < 2 || word.data[0] != '-')
			list_add(a, &out->arguments, word);
		else if (str_equal_c(word, "--"))
			only_arguments = true;
		else if (!parse_option(a, argc, argv, &i, command_bit, given, out, err))
			return false;
	}
	out->stage_given = given[OPTION_STAGE];
	out->region_given = given[OPTION_REGION];
	return take_environment(a, given, command_bit, doors, out, err);
}

void options_help(struct buf *out, unsigned command_bit)
{
	for (size_t i = 0; i < OPTION_COUNT; i++) {
		const struct option *o = &options[i];
		size_t start = out->length;

		if (!(o->commands & command_bit))
			continue;
		if (o->letter)
			buf_printf(out, " -%c, --%s", o->letter, o->name);
		else
			buf_printf(out, "     --%s", o->name);
		if (o->argument)
			buf_printf(out, " %s", o->argument);
		buf_add_repeat(out, ' ', HELP_COLUMN - (out->length - start));
		buf_add_c(out, o->help);
		if (o->environment)
			buf_printf(out, " [%s]", o->environment);
		buf_add_char(out, '\n');
	}
}
