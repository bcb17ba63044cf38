#ifndef EFFC_TESTS_RANDOM_VALUE_H
#define EFFC_TESTS_RANDOM_VALUE_H

#include <stdlib.h>

#include "base/clock.h"
#include "base/value.h"

/* Seed of property tests: printed on failure, set by EFFC_SEED to run one again. */
static inline uint64_t random_seed(void)
{
	const char *text = getenv("EFFC_SEED");
	int64_t seed;

	if (text && str_to_int(str_from_c(text), &seed))
		return (uint64_t)seed;
	return random_below(random_real(), INT64_MAX);
}

static inline struct str random_text(struct arena *a, const struct random *r)
{
	static const uint32_t some[] = { 'a',  'z',  '"',    '\\',    '\n', 1,
					 0x7F, 0xE9, 0x20AC, 0x1F600, 0 };
	size_t count = (size_t)random_below(r, 12);
	struct buf b;

	buf_init(&b, a);
	for (size_t i = 0; i < count; i++)
		buf_add_utf8(&b, some[random_below(r, sizeof(some) / sizeof(*some))]);
	return buf_str(&b);
}

static inline double random_float(const struct random *r)
{
	union { uint64_t bits; double number; } u;

	do
		u.bits = random_below(r, UINT64_MAX);
	while ((u.bits >> 52 & 0x7FF) == 0x7FF);
	return random_below(r, 2) ? u.number : (double)random_below(r, 1000) / 8;
}

/* Any value that JSON can hold. */
static inline struct value random_value(struct arena *a, const struct random *r, int depth)
{
	struct value v;
	uint64_t count;

	switch (random_below(r, depth > 0 ? 7 : 5)) {
	case 0:
		return value_null();
	case 1:
		return value_bool(random_below(r, 2));
	case 2:
		return value_int((int64_t)random_below(r, UINT64_MAX));
	case 3:
		return value_float(random_float(r));
	case 4:
		return value_string(random_text(a, r));
	case 5:
		v = value_list(NULL, 0);
		count = random_below(r, 6);
		for (uint64_t i = 0; i < count; i++)
			value_append(a, &v, random_value(a, r, depth - 1));
		return v;
	default:
		v = value_map();
		count = random_below(r, 20);
		for (uint64_t i = 0; i < count; i++)
			value_set(a, &v, random_text(a, r), random_value(a, r, depth - 1));
		return v;
	}
}

#endif
