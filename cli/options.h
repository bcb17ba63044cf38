#ifndef EFFC_CLI_OPTIONS_H
#define EFFC_CLI_OPTIONS_H

#include "base/error.h"
#include "base/vec.h"
#include "compiler/model.h"
#include "doors.h"
#include "schemas/driver.h"

/*
 * The command line.  Each option says in its table row which commands take it;
 * anything else is an error with a suggestion.  EFF_* variables stand in for
 * options that were not given.
 */
enum refresh { REFRESH_ALL, REFRESH_CHANGED, REFRESH_NONE };
/* As it is given and saved; a name that is none is all. */
struct str refresh_name(enum refresh refresh);
enum refresh refresh_named(struct str name);
/* What an apply does when something fails. */
enum on_failure { FAILURE_CONTINUE, FAILURE_STOP, FAILURE_ROLLBACK };
enum lowered { LOWERED_NOT, LOWERED_TOML, LOWERED_CLOUDFORMATION };
/* What --format names; each command takes some of them. */
enum output_format {
	OUTPUT_DEFAULT, OUTPUT_DOT, OUTPUT_HTML, OUTPUT_JSON, OUTPUT_MARKDOWN, OUTPUT_MERMAID,
	OUTPUT_TEXT,
};
enum template { TEMPLATE_HTTP, TEMPLATE_TABLE, TEMPLATE_RAW };
enum colour_choice { COLOUR_AUTO, COLOUR_ALWAYS, COLOUR_NEVER };

struct given_variables VEC_OF(struct given_variable);

struct options {
	struct str command;
	struct str_list arguments;	/* what is no option */
	struct str_list files;		/* -f */
	struct str_list schemas;	/* --schemas: folders laid over the embedded data */
	struct str_list allow_data_loss, take_over, targets, replace;
	struct given_variables variables;	/* --var */
	struct str stage, region, profile;
	struct str ci_roles;		/* repository that bootstrap makes roles for */
	struct str as;			/* the id of what import writes */
	struct str name;		/* of the project that init begins */
	struct str out;			/* file that the plan is saved in; empty: none */
	struct str timeline;		/* file for a trace viewer; empty: none */
	enum refresh refresh;
	enum on_failure on_failure;
	enum colour_choice colour;
	enum lowered lowered;
	enum output_format format;
	enum template template;
	size_t parallel;
	size_t max_bytes;		/* of markdown; 0: not given */
	struct str previous;		/* file with an earlier comment; empty: none */
	bool origin, stage_given, region_given;
	bool dry_run, check, yes, json, verbose, detailed_exitcode, stats, local_state, help;
	bool iam;			/* what a plan needs, instead of it */
	bool destroy;			/* a plan of taking everything down */
	bool repair;			/* put back what moved outside */
	bool resume;			/* only what an interrupted apply left */
};

/* Bits of the commands that take an option. */
enum {
	FOR_PLAN = 1 << 0,
	FOR_APPLY = 1 << 1,
	FOR_DESTROY = 1 << 2,
	FOR_CHECK = 1 << 3,
	FOR_OUTPUTS = 1 << 4,
	FOR_EXPLAIN = 1 << 5,
	FOR_VERSION = 1 << 6,
	FOR_DEBUG = 1 << 7,
	FOR_BUILD = 1 << 8,
	FOR_CONFIG = 1 << 9,
	FOR_EVAL = 1 << 10,
	FOR_FMT = 1 << 11,
	FOR_INIT = 1 << 12,
	FOR_SCHEMA = 1 << 13,
	FOR_GRAPH = 1 << 14,
	FOR_SHOW = 1 << 15,
	FOR_WHY = 1 << 16,
	FOR_DRIFT = 1 << 17,
	FOR_IMPORT = 1 << 18,
	FOR_LOCK = 1 << 19,
	FOR_STATE = 1 << 21,
	FOR_UNDO = 1 << 22,
	FOR_BOOTSTRAP = 1 << 23,
	FOR_SPEC = FOR_PLAN | FOR_APPLY | FOR_DESTROY | FOR_CHECK | FOR_OUTPUTS | FOR_DEBUG |
		   FOR_BUILD | FOR_CONFIG | FOR_EVAL | FOR_GRAPH | FOR_WHY | FOR_DRIFT |
		   FOR_IMPORT | FOR_LOCK | FOR_STATE | FOR_UNDO | FOR_BOOTSTRAP,
	FOR_AWS = FOR_PLAN | FOR_APPLY | FOR_DESTROY | FOR_DRIFT | FOR_UNDO,
	FOR_ALL = ~0,
};

/* command_bit: of the command in argv[1]; what follows is parsed. */
bool options_parse(struct arena *a, int argc, char **argv, unsigned command_bit,
		   const struct doors *doors, struct options *out, struct error *err) ATTR_CHECKED;

/* The options a command takes, one a line. */
void options_help(struct buf *out, unsigned command_bit);

#endif
