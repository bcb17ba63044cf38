#ifndef EFFC_CLI_COMMAND_H
#define EFFC_CLI_COMMAND_H

#include "review/saved.h"
#include "run.h"

/*
 * The commands, one file each, in the sorted table of effc.c.  Each gets a
 * fresh run and returns its exit code.
 */
struct command {
	const char *name;
	unsigned bit;			/* FOR_… of options.h */
	const char *arguments;		/* for the usage line; may be empty */
	const char *summary;
	const char *details;		/* whole lines for its help; may be empty */
	const char *examples;		/* whole lines */
	int (*run)(struct run *run);
};

int command_apply(struct run *run);
int command_bootstrap(struct run *run);
int command_build(struct run *run);
int command_check(struct run *run);
int command_config(struct run *run);
int command_debug(struct run *run);
int command_destroy(struct run *run);
int command_drift(struct run *run);
int command_eval(struct run *run);
int command_explain(struct run *run);
int command_fmt(struct run *run);
int command_graph(struct run *run);
int command_import(struct run *run);
int command_init(struct run *run);
int command_lock(struct run *run);
int command_outputs(struct run *run);
int command_plan(struct run *run);
int command_resume(struct run *run);	/* apply --resume */
int command_schema(struct run *run);
int command_show(struct run *run);
int command_state(struct run *run);
int command_undo(struct run *run);
int command_version(struct run *run);
int command_why(struct run *run);

/* Shared by plan, apply and destroy: the plan as text or JSON on standard output. */
void show_plan(struct run *run);
struct str rendered_plan(struct run *run, enum output_format format, bool colour, bool verbose);
/* What --json and --format come to. */
enum output_format plan_format(const struct options *options);
/* The policy of the role that would run the plan and its destroy. */
void show_needs(struct run *run);
/* What --allow-data-loss names is in the spec or in the state; else says so. */
bool addresses_exist(struct run *run);
/* True if nothing stands in the way; else says what, with EXIT_BLOCKED. */
bool plan_is_free(struct run *run);
/* "name = value" lines; before: what stands before the first. */
void print_outputs(struct run *run, const struct value *outputs, const char *before);
/* --yes, or the person's own word, `word` typed in full; else says so. */
bool confirm(struct run *run, const char *question, struct str word);
/* The plan as it was shown, and what it is bound to, into --out (saved.c). */
bool save_plan(struct run *run);
/* Carries out what is in that file, if nothing that it is bound to moved (applied.c). */
int apply_saved(struct run *run, struct str path);
/* Reads it; false after saying what is wrong with it. */
bool read_saved(struct run *run, struct str path, struct saved *out);
/* What it is bound to, as far as the run has got: without it, before the plan is made. */
struct value saved_bonds(struct run *run, bool planned);
/* Carries run->plan out, reports, returns the exit code. */
int execute_plan(struct run *run);

#endif
