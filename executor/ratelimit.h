#ifndef EFFC_EXECUTOR_RATELIMIT_H
#define EFFC_EXECUTOR_RATELIMIT_H

#include <stdint.h>

#include "base/map.h"
#include "heap.h"
#include "schemas/driver.h"

/*
 * Token buckets, one for each quota of a service in a region, shared by the
 * whole session.  Where there is none, jobs wait for the next one, and the most
 * urgent gets it.  A service that throttles us all the same gets half the rate,
 * and the full rate again bit by bit.
 */
struct bucket {
	double base, rate;		/* per second: by the rules, and as borne now */
	double burst, tokens;
	struct heap waiting;		/* the loop's: jobs without a token */
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
/* Takes a token; false if there is none. */
bool bucket_take(struct bucket *b, int64_t now_ms);
/* When the next one is there, as it was last looked at. */
int64_t bucket_at_ms(const struct bucket *b);
void bucket_throttled(struct bucket *b, int64_t now_ms);
void bucket_served(struct bucket *b);

#endif
