#ifndef EFFC_EXECUTOR_ROW_H
#define EFFC_EXECUTOR_ROW_H

#include "executor/driver/op.h"
#include "session.h"

/* What recovery, observation and apply ask of a row of the state. */

/*
 * An intent of which no call was sent: `sent` is durable before the first one,
 * so there is nothing to look for (nor always something to look with).
 */
bool row_never_sent(const struct row *row);
bool row_is_unfinished(const struct row *row);
/* All parts of its key are known. */
bool row_has_key(const struct row *row, const struct driver *driver);
/* What every op of a row is told: where it is, what it is, what is known of it. */
void row_input(const struct session *s, const struct row *row, const struct schema *schema,
	       struct op_input *out);
/*
 * OP_READ where its id is the service's own and known, so that nobody else's
 * thing can have it; else OP_FIND, which asks for the owner.
 */
enum op_kind row_look_kind(const struct row *row, const struct driver *driver);
/*
 * How long something that was seen before may seem absent: another copy of
 * AWS's answers may lag behind, and what is believed gone is made again or
 * forgotten.
 */
int64_t row_window_ms(const struct row *row, const struct driver *driver);
/* The primary identifier as shown: "a|b". */
struct str row_identifier(struct arena *a, const struct schema *schema, const struct row *row);
/* Which of these generations, from the newest down, is this instance; NULL: none. */
const struct row *row_of_instance(const struct row *newest, struct str instance);
/* For messages: "orders (effortless.toml:7:1)". */
struct str row_title(struct arena *a, const struct row *row);
/* One line of the journal. */
struct str journal_line(struct arena *a, const struct row *row, const char *verb, const char *what);
/* Remembers the last generation of something that is gone. */
void state_bury(struct arena *a, struct state *state, struct str address, uint32_t generation);

#endif
