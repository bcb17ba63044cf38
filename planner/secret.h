#ifndef EFFC_PLANNER_SECRET_H
#define EFFC_PLANNER_SECRET_H

#include "base/value.h"
#include "schemas/driver.h"

/*
 * What the state keeps of a secret: a keyed hash, "hmac:" and 64 hex digits,
 * that tells whether a value is still the same and nothing else.  Secret is
 * what the driver lists (paths in `secret`) and every value that carries
 * VALUE_SECRET.  The key never stands beside the state.
 */

/* A MAP of properties with its secrets replaced; shares what has none. */
struct value secret_seal(struct arena *a, const struct driver *driver, struct str key,
			 const struct value *properties);
/*
 * kept, with those of its sealed values that are the hash of plain's value at
 * the same place replaced by plain's: for comparing the two, or for an op.
 * Without a key nothing is.
 */
struct value secret_open(struct arena *a, const struct driver *driver, struct str key,
			 const struct value *kept, const struct value *plain);

#endif
