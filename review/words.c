#include "render.h"

/* Numbers as people say them: no more digits than can be taken in at a glance. */

#define DIGITS_UP_TO 10000		/* shown whole below this */

static void add_scaled(struct buf *out, int64_t number, const char *const *units, size_t count)
{
	size_t unit = 0;
	int64_t tenths;

	/* In tenths of the unit, so that no float rounds differently elsewhere. */
	for (tenths = number > INT64_MAX / 10 ? INT64_MAX : number * 10;
	     tenths >= 10000 && unit + 1 < count; tenths /= 1000)
		unit++;
	if (unit && tenths < 1000)
		buf_printf(out, "%lld.%lld", (long long)(tenths / 10), (long long)(tenths % 10));
	else
		buf_printf(out, "%lld", (long long)(tenths / 10));
	if (units[unit][0])
		buf_printf(out, " %s", units[unit]);
}

void render_count(struct buf *out, int64_t count)
{
	static const char *const units[] = { "", "k", "M", "G", "T" };

	if (count < DIGITS_UP_TO)
		buf_printf(out, "%lld", (long long)count);
	else
		add_scaled(out, count, units, sizeof(units) / sizeof(*units));
}

void render_bytes(struct buf *out, int64_t bytes)
{
	static const char *const units[] = { "B", "kB", "MB", "GB", "TB", "PB" };

	add_scaled(out, bytes, units, sizeof(units) / sizeof(*units));
}
