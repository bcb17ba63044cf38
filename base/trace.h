#ifndef EFFC_BASE_TRACE_H
#define EFFC_BASE_TRACE_H

#include "str.h"

/*
 * Traces for the developer (--trace=plan,http,journal or EFFC_TRACE) and the
 * counters that --stats prints.  A trace line has its subject, the elapsed
 * milliseconds and the text, goes to standard error, and never has a secret.
 * The two are the only mutable state outside a caller's hands.
 */
enum trace_subject { TRACE_PLAN, TRACE_HTTP, TRACE_JOURNAL, TRACE_OP, TRACE_SUBJECTS };

/* "plan,http" or "all"; false if a name is unknown. */
bool trace_enable(struct str names);
bool trace_on(enum trace_subject subject);
void trace(enum trace_subject subject, const char *format, ...) ATTR_PRINTF(2, 3);

/* Work done, counted where it is done: the growth test holds them to be linear. */
struct stats {
	uint64_t bytes_read;		/* of specs, state and facts */
	uint64_t bytes_allocated;	/* by arenas */
	uint64_t comparisons;		/* of values by the planner, of keys by sorts */
	uint64_t probes;		/* of hash maps */
	uint64_t requests;		/* HTTP, retries included */
	uint64_t calls;			/* AWS operations */
};
extern struct stats stats;

#endif
