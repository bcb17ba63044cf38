#ifndef EFFC_EXECUTOR_RATELIMIT_H
#define EFFC_EXECUTOR_RATELIMIT_H

#include <stdint.h>

#include "base/map.h"
#include "schemas/driver.h"

/*
 * Token buckets, one for each quota of a service in a region, shared by the
 * whole session.  A token is reserved when it is asked for, so whoever has to
 * wait is told how long and never waits twice.  A service that throttles us
 * all the same gets half the rate, and the full rate again bit by bit.
 */
struct bucket {
	double base, rate;		/* per second: by the rules, and as borne now */
	double burst, tokens;		/* tokens below 0: reserved for later */
	int64_t at_ms;			/* when tokens was last right */
	int64_t halved_at_ms;
	bool halved;
};

struct ratelimit {
	struct arena *arena;
	struct map buckets;		/* text -> struct bucket */
};

/* The bucket that a call of this operation draws from. */
struct bucket *ratelimit_bucket(struct ratelimit *r, const struct service_rules *rules,
				struct str operation, const struct scope *scope, int64_t now_ms);
/* Reserves a token; how long to wait until it may be used. */
int64_t bucket_take(struct bucket *b, int64_t now_ms);
void bucket_throttled(struct bucket *b, int64_t now_ms);
void bucket_served(struct bucket *b);

#endif
