#ifndef EFFC_BASE_CLOCK_H
#define EFFC_BASE_CLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The doors to time and chance.  Monotonic time drives waits and retries, wall
 * time only signing and what people read.  The virtual clock of the tests
 * jumps over a wait instead of sleeping.
 */
struct clock {
	void *context;
	int64_t (*now_ms)(void *context);	/* monotonic */
	int64_t (*wall_ms)(void *context);	/* since 1970 */
	/* Returns early when interrupted by a signal. */
	void (*sleep_ms)(void *context, int64_t wait_ms);
};

const struct clock *clock_real(void);

/* Starts at wall_ms and moves only by sleep_ms.  One per process. */
const struct clock *clock_virtual(int64_t wall_ms);

struct random {
	void *context;
	void (*bytes)(void *context, uint8_t *out, size_t count);
};
const struct random *random_real(void);
const struct random *random_seeded(uint64_t seed);		/* one per process */
/* Uniform in [0, bound). */
uint64_t random_below(const struct random *r, uint64_t bound);

struct utc {
	int year, month, day, hour, minute, second;
};
struct utc utc_from_s(int64_t seconds);
int64_t utc_to_s(struct utc t);
/* "20150830T123600Z" */
void utc_compact(int64_t seconds, char out[17]);

#endif
