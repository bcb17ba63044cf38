#ifndef EFFC_EXECUTOR_ERRAND_H
#define EFFC_EXECUTOR_ERRAND_H

#include "executor/store/remote.h"
#include "loop.h"

/*
 * Calls of the store that go through the loop's network but are no jobs: they are sent
 * whatever the loop is at, also after an interrupt, and what waits for them does not wait
 * for jobs.
 */

/* Sends what is due, in every turn. */
void errands_go(struct loop *loop);
/* True if the reply was an errand's. */
bool errands_take(struct loop *loop, const struct transport_done *done);
bool errands_flying(const struct loop *loop);
/* When the next one is due; INT64_MAX: none waits. */
int64_t errands_wake_ms(const struct loop *loop);

#endif
