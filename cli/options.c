#include "options.h"

#include "base/buf.h"
#include "base/trace.h"

enum option_id {
	OPTION_ALLOW,
	OPTION_COLOR,
	OPTION_DETAILED,
	OPTION_FILE,
	OPTION_HELP,
	OPTION_JSON,
	OPTION_LOCAL,
	OPTION_PARALLEL,
	OPTION_PROFILE,
	OPTION_REFRESH,
	OPTION_REGION,
	OPTION_SCHEMAS,
	OPTION_STAGE,
	OPTION_STATS,
	OPTION_TRACE,
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

static const struct option options[] = {
	[OPTION_ALLOW] = { "allow-data-loss", 0, "ADDRESS", FOR_AWS, NULL,
			   "let this address (or 'all') be deleted or replaced with its data" },
	[OPTION_COLOR] = { "color", 0, "WHEN", FOR_ALL, NULL, "auto, always or never" },
	[OPTION_DETAILED] = { "detailed-exitcode", 0, NULL, FOR_PLAN, NULL,
			      "exit 2 if there are changes, 3 if some replace or delete" },
	[OPTION_FILE] = { "file", 'f', "FILE", FOR_SPEC, "EFF_FILE",
			  "the spec, instead of the nearest effortless.toml; may be given again" },
	[OPTION_HELP] = { "help", 'h', NULL, FOR_ALL, NULL, "show this" },
	[OPTION_JSON] = { "json", 0, NULL,
			  FOR_AWS | FOR_CHECK | FOR_OUTPUTS | FOR_EXPLAIN | FOR_VERSION, NULL,
			  "for programs: JSON on standard output" },
	[OPTION_LOCAL] = { "local-state", 0, NULL, FOR_AWS | FOR_OUTPUTS, "EFF_LOCAL_STATE",
			   "keep state in .effc/ even where CI is set" },
	[OPTION_PARALLEL] = { "parallel", 0, "N", FOR_AWS, "EFF_PARALLEL",
			      "resources worked on at once, 1 to 256 (default 32)" },
	[OPTION_PROFILE] = { "profile", 0, "NAME", FOR_AWS, "EFF_PROFILE",
			     "profile of the AWS configuration files" },
	[OPTION_REFRESH] = { "refresh", 0, "WHAT", FOR_PLAN, NULL,
			     "all (default), or none: compare with the state only, send nothing" },
	[OPTION_REGION] = { "region", 0, "REGION", FOR_SPEC, "EFF_REGION",
			    "instead of the spec's" },
	[OPTION_SCHEMAS] = { "schemas", 0, "DIR", FOR_SPEC | FOR_EXPLAIN, "EFF_SCHEMAS",
			     "drivers and facts of your own" },
	[OPTION_STAGE] = { "stage", 's', "STAGE", FOR_SPEC, "EFF_STAGE",
			   "a full copy of the stack (default dev)" },
	[OPTION_STATS] = { "stats", 0, NULL, FOR_SPEC, NULL,
			   "count the work done, on standard error" },
	[OPTION_TRACE] = { "trace", 0, "WHAT", FOR_ALL, "EFFC_TRACE",
			   "plan,http,journal,op or all" },
	[OPTION_VERBOSE] = { "verbose", 'v', NULL, FOR_AWS, NULL, "show every property" },
	[OPTION_YES] = { "yes", 'y', NULL, FOR_APPLY | FOR_DESTROY, "EFF_YES", "do not ask" },
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

static bool take(struct arena *a, enum option_id id, struct str value, struct options *out,
		 struct error *err)
{
	static const char *const colours[] = { "auto", "always", "never" };
	static const char *const refreshes[] = { "all", "none" };
	int64_t number;
	int chosen = 0;

	switch (id) {
	case OPTION_ALLOW:
		list_add(a, &out->allow_data_loss, value);
		return true;
	case OPTION_COLOR:
		if (!choose(value, colours, 3, &chosen, "color", err))
			return false;
		out->colour = (enum colour_choice)chosen;
		return true;
	case OPTION_DETAILED:
		out->detailed_exitcode = true;
		return true;
	case OPTION_FILE:
		list_add(a, &out->files, value);
		return true;
	case OPTION_HELP:
		out->help = true;
		return true;
	case OPTION_JSON:
		out->json = true;
		return true;
	case OPTION_LOCAL:
		out->local_state = true;
		return true;
	case OPTION_PARALLEL:
		if (!str_to_int(value, &number) || number < 1 || number > 256)
			return error_set(err, ERROR_PARSE,
					 "--parallel takes a number from 1 to 256");
		out->parallel = (size_t)number;
		return true;
	case OPTION_PROFILE:
		out->profile = value;
		return true;
	case OPTION_REFRESH:
		if (!choose(value, refreshes, 2, &chosen, "refresh", err))
			return false;
		out->refresh = (enum refresh)chosen;
		return true;
	case OPTION_REGION:
		out->region = value;
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
	case OPTION_TRACE:
		if (!trace_enable(value))
			return error_set(err, ERROR_PARSE,
					 "--trace takes plan, http, journal, op or all");
		return true;
	case OPTION_VERBOSE:
		out->verbose = true;
		return true;
	case OPTION_YES:
		out->yes = true;
		return true;
	}
	BUG("option %d", (int)id);
}

static bool find(struct str name, unsigned command_bit, enum option_id *id, struct error *err)
{
	struct str names[OPTION_COUNT];
	size_t count = 0;
	struct str near;

	for (size_t i = 0; i < OPTION_COUNT; i++) {
		bool matches = str_equal_c(name, options[i].name) ||
			       (name.length == 1 && options[i].letter == name.data[0]);

		if (matches && (options[i].commands & command_bit)) {
			*id = (enum option_id)i;
			return true;
		}
		if (options[i].commands & command_bit)
			names[count++] = str_from_c(options[i].name);
	}
	near = str_nearest(name, names, count);
	if (near.length > 0)
		return error_set(err, ERROR_PARSE,
				 "unknown option '%s%.*s': did you mean '--%.*s'?",
				 name.length == 1 ? "-" : "--", STR_ARG(name), STR_ARG(near));
	return error_set(err, ERROR_PARSE, "unknown option '%s%.*s': see --help",
			 name.length == 1 ? "-" : "--", STR_ARG(name));
}

static bool truthy(struct str value)
{
	return value.length > 0 && !str_equal_c(value, "0") && !str_equal_c(value, "false");
}

static bool take_environment(struct arena *a, const bool *given, unsigned command_bit,
			     const struct doors *doors, struct options *out, struct error *err)
{
	for (size_t i = 0; i < OPTION_COUNT; i++) {
		struct str value;

		if (given[i] || !options[i].environment || !(options[i].commands & command_bit))
			continue;
		value = door_environment(doors, options[i].environment);
		if (options[i].argument ? value.length == 0 : !truthy(value))
			continue;
		if (!take(a, (enum option_id)i, value, out, err))
			return error_context(err, "%s", options[i].environment);
	}
	return true;
}

bool options_parse(struct arena *a, int argc, char **argv, unsigned command_bit,
		   const struct doors *doors, struct options *out, struct error *err)
{
	bool given[OPTION_COUNT] = { false };
	bool only_arguments = false;

	for (int i = 2; i < argc; i++) {
		struct str word = str_from_c(argv[i]), name, value = { 0 };
		bool attached;
		enum option_id id = OPTION_HELP;
		size_t equals;

		if (only_arguments || word.length < 2 || word.data[0] != '-') {
			list_add(a, &out->arguments, word);
			continue;
		}
		if (str_equal_c(word, "--")) {
			only_arguments = true;
			continue;
		}
		name = str_slice(word, word.data[1] == '-' ? 2 : 1, word.length);
		equals = str_index(name, '=');
		attached = equals < name.length;
		if (attached)
			value = str_slice(name, equals + 1, name.length);
		name = str_slice(name, 0, equals);
		if (!find(name, command_bit, &id, err))
			return false;
		if (!options[id].argument && attached)
			return error_set(err, ERROR_PARSE, "--%s takes no value", options[id].name);
		if (options[id].argument && !attached) {
			if (i + 1 >= argc)
				return error_set(err, ERROR_PARSE, "--%s needs a value: %s",
						 options[id].name, options[id].argument);
			value = str_from_c(argv[++i]);
		}
		given[id] = true;
		if (!take(a, id, value, out, err))
			return false;
	}
	return take_environment(a, given, command_bit, doors, out, err);
}

void options_help(struct buf *out, unsigned command_bit)
{
	for (size_t i = 0; i < OPTION_COUNT; i++) {
		const struct option *o = &options[i];
		size_t start = out->length;

		if (!(o->commands & command_bit))
			continue;
		buf_printf(out, "  %c%c --%s%s%s", o->letter ? '-' : ' ',
			   o->letter ? o->letter : ' ', o->name, o->argument ? " " : "",
			   o->argument ? o->argument : "");
		while (out->length - start < 32)
			buf_add_char(out, ' ');
		buf_printf(out, "%s\n", o->help);
	}
}
