#ifndef EFFC_CLI_RUN_H
#define EFFC_CLI_RUN_H

#include "executor/apply.h"
#include "executor/observe.h"
#include "options.h"
#include "progress.h"
#include "reads.h"
#include "review/review.h"

/*
 * One run of the program: the pipeline, in the order of its functions.  Every
 * command calls as many of them as it needs:
 *
 *	run_read -> run_compile -> run_bundle -> run_open -> run_connect -> run_recover
 *	-> run_observe -> run_plan -> render or execute
 *
 * Each returns false after it has told the user what is wrong, with run->exit
 * set.  The values of one stage are the input of the next and are never
 * changed after.
 */
enum exit_code {
	EXIT_DONE = 0,
	EXIT_ERROR = 1,			/* or partial */
	EXIT_CHANGES = 2,		/* --detailed-exitcode */
	EXIT_HARM = 3,			/* --detailed-exitcode: replaces or deletes */
	EXIT_BLOCKED = 4,		/* a guard, a policy or a foreign resource */
	EXIT_STALE = 5,
	EXIT_INTERRUPTED = 130,
};

struct run {
	struct arena arena;
	const struct doors *doors;
	const struct options *options;
	int exit;
	bool colour;
	const struct files *files;	/* that the spec is read through: the door's, or reads */
	struct reads reads;		/* of a plan that is saved or was */

	struct sources sources;
	struct diags diags;
	struct spec spec;
	struct schemas *schemas;
	struct aws_environment environment;
	struct model model;
	struct map bundles;		/* digest -> struct packed, see code.c */
	struct store *store;
	struct state state;
	bool back;			/* the model is what an earlier state stands for ... */
	struct str back_to;		/* ... this version; empty: before there was any */
	bool writes;			/* the state is locked */
	uint64_t kept;			/* serial that needs no version of the history any more */
	struct session session;
	struct identity who;		/* of the credentials, once they were asked */
	struct transport *transport;
	struct progress progress;
	struct observation observation;
	struct plan plan;
	struct review review;		/* of the plan */
	struct str previous;		/* --previous: text of an earlier comment */
};

void run_init(struct run *run, const struct doors *doors, const struct options *options);
void run_release(struct run *run);

/* Prints the diagnostics so far, warnings too; true if ok and there was no error among them. */
bool run_report(struct run *run, bool ok);

void run_record(struct run *run);		/* from now on, what the spec is read from */
bool run_read(struct run *run);
bool run_schemas(struct run *run);
bool run_compile(struct run *run);
bool run_bundle(struct run *run);		/* digests of code, put into the model */
/* write: locks the state and makes it if there is none. */
bool run_open(struct run *run, bool write);
/* Locks it and leaves it as it is; run_begin makes what is not there. */
bool run_lock(struct run *run);
bool run_begin(struct run *run);
/* Opened, neither locked nor loaded. */
bool run_store(struct run *run, bool write);
bool run_hold(struct run *run);			/* opened and locked, not loaded */
bool run_key(struct run *run);			/* the key of the state's hashes */
/*
 * Of the history (keep.c).  run_agrees: after loading; false after telling that the state is
 * lost or older than it was.  run_damaged: says why it could not be read and what the last
 * good version is; false.  run_keep: the version of this run, if it changed something.
 */
bool run_agrees(struct run *run, bool write);
bool run_damaged(struct run *run, const struct error *err);
bool run_keep(struct run *run);
bool versions_list(struct run *run, struct version_vec *out, struct error *err) ATTR_CHECKED;
struct str version_name(struct run *run, const struct version_vec *all,
			const struct version *version);
/* Whether the present state has just what it has. */
bool version_is(struct run *run, const struct version *version);
struct str version_time(struct arena *a, int64_t wall_ms);
/* Where in its bucket; after run_session. */
struct bucket_place run_place(struct run *run);
/* Of a state beside the spec, whether it is there or not. */
struct str run_state_file(struct run *run);
/* The key of a state that was a file, where a bucket's has none yet. */
bool run_move_key(struct run *run, struct error *err) ATTR_CHECKED;
/* Statements for what a role needs of the bucket of the state (state_needs.c). */
void state_needs(struct run *run, struct value *out, bool write);
/* session.secret_key, made where there is none if write (key.c). */
bool run_secret_key(struct run *run, bool write, struct error *err) ATTR_CHECKED;
/* Who we are to others (owner.c). */
struct lease_owner run_owner(struct run *run);
bool run_session(struct run *run);		/* credentials, and whose they are */
bool run_connect(struct run *run);		/* credentials, account, pins */
bool run_recover(struct run *run);		/* finishes what an earlier run left open */
bool run_observe(struct run *run, bool destroy);
bool run_plan(struct run *run, bool destroy, bool offline);	/* and its review */

/* Code that was sent is kept, so that it can be sent again (cache.c). */
bool code_is_cached(struct run *run, struct str digest);
bool code_from_cache(struct run *run, struct str digest, struct str *zip,
		     struct error *err) ATTR_CHECKED;
void code_keep(struct run *run, struct str digest, struct str zip);

/* The zip of a digest that run_bundle found: what an apply sends (code.c). */
bool run_artifact(void *context, struct arena *a, struct str digest, struct str *bytes,
		  struct error *err);
/* Account and region of the stack, from the pin in the spec, else from the state. */
void run_set_account(struct run *run, struct str account);

/* A run has one set of credentials: targets that need another are checked, not applied. */
bool run_targets(struct run *run);

/* The variables that were given: EFF_VAR_name, then --var, which goes before it. */
struct given_variables run_variables(struct run *run);

/* How stage and region were given (config.c). */
struct option_origins run_origins(const struct run *run);

/* Stages besides this one that have a state here, and those that the spec names (stages.c). */
struct str_list stages_known(struct run *run);

/* Prints "error: text" (and as JSON with --json); sets the exit code; returns false. */
bool run_fail(struct run *run, enum exit_code code, const struct error *err);
bool run_say(struct run *run, enum exit_code code, const char *format, ...) ATTR_PRINTF(3, 4);

#endif
