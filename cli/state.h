#ifndef EFFC_CLI_STATE_H
#define EFFC_CLI_STATE_H

#include "command.h"

/*
 * effc state VERB: looking after the state.  Each verb gets its own arguments, which are as
 * many as its row in state.c allows, and returns the exit code.  Those that change something
 * lock the state, ask, and leave a version in the history.
 */
int state_adopt(struct run *run, const struct str_list *words);
int state_export(struct run *run, const struct str_list *words);
int state_history(struct run *run, const struct str_list *words);
int state_list(struct run *run, const struct str_list *words);
int state_move(struct run *run, const struct str_list *words);
int state_rebuild(struct run *run, const struct str_list *words);
int state_forget(struct run *run, const struct str_list *words);
int state_rollback(struct run *run, const struct str_list *words);
int state_show(struct run *run, const struct str_list *words);
int state_verify(struct run *run, const struct str_list *words);

/* The row of an address; NULL after saying that there is none, and what may be meant. */
struct row *state_row(struct run *run, struct str address);
/* Carries writes out and waits until they are durable. */
bool state_write(struct run *run, const struct store_write *writes, size_t count);
/* What `say` asks for: "17" or "17-00112233", a version of this stack.  False after saying why. */
bool state_version(struct run *run, struct str asked, struct state_document *out,
		   struct str *name);
/*
 * Locks the state and loads it, if it can be read: where it cannot, is lost or is older than
 * it was, *found is false and nothing is said.  False after another failure.
 */
bool state_open(struct run *run, bool *found);
uint64_t state_next_serial(struct run *run, uint64_t serial);
/* The offline plan of what the spec wants: names, instances, wanted properties. */
bool state_plan(struct run *run);
/* out has the wanted properties, its marks among them; it becomes a look by this key. */
void state_request_by(struct arena *a, const struct value *key, enum adoption adoption,
		      struct observe_request *out);
/* A resource as a value for JSON and for people, without what is secret. */
struct value state_row_value(struct arena *a, const struct row *row, bool whole);

#endif
