#ifndef EFFC_EXECUTOR_CONFIRM_H
#define EFFC_EXECUTOR_CONFIRM_H

#include "bulk.h"

/*
 * What was just made is read before it counts as made.  Nothing waits for that, so
 * it is done for many at once, from the pages of one call where a driver has such:
 * as soon as all of a type have been made, or the first of them has waited for a
 * while.
 *
 *	confirm_expect(c, schema);	before anything is made: so many will come
 *	confirm_wait(c, &asker, job);	one has come; its job waits, and is woken with served set
 *	confirm_without(c, schema);	one will not come
 *	confirm_flush(c, now_ms);	between the steps of the loop
 */
struct confirm {
	struct session *session;
	struct arena *arena;
	struct map types;		/* type -> struct confirm_type */
	size_t waiting;
};

void confirm_expect(struct confirm *c, const struct schema *schema);
void confirm_without(struct confirm *c, const struct schema *schema);
/* asker: its input is set; lives as long as the job. */
struct step confirm_wait(struct confirm *c, struct asker *asker, struct job *job, int64_t now_ms);
/* True if somebody was woken or asks.  all: also those whose like are still to come. */
bool confirm_flush(struct confirm *c, int64_t now_ms, bool all);

#endif
