#include "ratelimit.h"

#include <math.h>
#include <stdio.h>

/* Of a service without rules: far above what most bear, so that only their throttling tells. */
#define DEFAULT_PER_SECOND 100.0
#define DEFAULT_BURST 200.0
#define LEAST_PER_SECOND 0.2
#define HALVE_EVERY_MS 1000		/* a volley of refusals counts once */
#define RECOVER_PART 0.05

static const struct quota_rule *find_rule(const struct service_rules *rules, struct str operation)
{
	const struct quota_rule *shared = NULL;

	for (size_t i = 0; i < rules->quota_count; i++) {
		if (str_equal(rules->quotas[i].operation, operation))
			return &rules->quotas[i];
		if (str_equal_c(rules->quotas[i].operation, "*"))
			shared = &rules->quotas[i];
	}
	return shared;
}

struct bucket *ratelimit_bucket(struct ratelimit *r, const struct service_rules *rules,
				struct str operation, const struct scope *scope, int64_t now_ms)
{
	const struct quota_rule *rule = find_rule(rules, operation);
	struct str name = rule ? rule->operation : STR("*");
	char text[256];
	int length = snprintf(text, sizeof(text), "%.*s/%.*s/%.*s/%.*s", STR_ARG(scope->account),
			      STR_ARG(scope->region), STR_ARG(rules->service), STR_ARG(name));
	struct str key =
		str_of(text, length < (int)sizeof(text) ? (size_t)length : sizeof(text) - 1);
	struct bucket *b = map_get(&r->buckets, key);

	if (b)
		return b;
	b = arena_new(r->arena, struct bucket);
	b->base = rule && rule->per_second > 0 ? rule->per_second : DEFAULT_PER_SECOND;
	b->burst = rule && rule->burst >= 1 ? rule->burst : rule ? fmax(1, b->base) : DEFAULT_BURST;
	b->rate = b->base;
	b->tokens = b->burst;
	b->at_ms = now_ms;
	*map_put(r->arena, &r->buckets, str_copy(r->arena, key)) = b;
	return b;
}

static void refill(struct bucket *b, int64_t now_ms)
{
	if (now_ms > b->at_ms)
		b->tokens =
			fmin(b->burst, b->tokens + (double)(now_ms - b->at_ms) * b->rate / 1000);
	b->at_ms = now_ms;
}

/* A whole one, but for what a millisecond's rounding leaves of it. */
#define NEARLY_ONE 0.999999

bool bucket_take(struct bucket *b, int64_t now_ms)
{
	refill(b, now_ms);
	if (b->tokens < NEARLY_ONE)
		return false;
	b->tokens -= 1;
	return true;
}

int64_t bucket_at_ms(const struct bucket *b)
{
	double missing = 1 - b->tokens;

	return b->at_ms + (missing > 0 ? (int64_t)ceil(missing / b->rate * 1000) : 0);
}

void bucket_throttled(struct bucket *b, int64_t now_ms)
{
	refill(b, now_ms);
	/* Who waits for a token already does not begin again. */
	if (!b->waiting.count)
		b->tokens = fmin(b->tokens, 0);
	if (b->halved && now_ms - b->halved_at_ms < HALVE_EVERY_MS)
		return;
	b->halved = true;
	b->halved_at_ms = now_ms;
	b->rate = fmax(b->rate / 2, LEAST_PER_SECOND);
}

void bucket_served(struct bucket *b)
{
	b->rate = fmin(b->base, b->rate + b->base * RECOVER_PART);
}
