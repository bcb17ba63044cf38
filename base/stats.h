#ifndef EFFC_BASE_STATS_H
#define EFFC_BASE_STATS_H

#include <stdint.h>

/*
 * Work done, counted where it is done: --stats prints it, and the growth test
 * holds it to be linear.
 */
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
