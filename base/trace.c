#include "trace.h"

#include <stdarg.h>
#include <stdio.h>
#include <time.h>

struct stats stats;

static unsigned enabled;
static int64_t started_ms;

static const struct str subject_names[TRACE_SUBJECTS] = {
	[TRACE_PLAN] = STR_INIT("plan"),
	[TRACE_HTTP] = STR_INIT("http"),
	[TRACE_JOURNAL] = STR_INIT("journal"),
	[TRACE_OP] = STR_INIT("op"),
};

static int64_t monotonic_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static bool enable_one(struct str name)
{
	for (int i = 0; i < TRACE_SUBJECTS; i++) {
		if (str_equal(name, subject_names[i])) {
			enabled |= 1u << i;
			return true;
		}
	}
	if (!str_equal(name, STR("all")))
		return false;
	enabled = (1u << TRACE_SUBJECTS) - 1;
	return true;
}

bool trace_enable(struct str names)
{
	struct str name;

	started_ms = monotonic_ms();
	while (str_split(&names, ',', &name)) {
		if (!enable_one(str_trim(name)))
			return false;
	}
	return true;
}

bool trace_on(enum trace_subject subject)
{
	return enabled >> subject & 1;
}

void trace(enum trace_subject subject, const char *format, ...)
{
	va_list args;

	if (!trace_on(subject))
		return;
	fprintf(stderr, "%s %lld ", subject_names[subject].data,
		(long long)(monotonic_ms() - started_ms));
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
}
