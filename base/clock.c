#include "clock.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "attr.h"

static int64_t read_ms(clockid_t id)
{
	struct timespec t;

	CHECK(clock_gettime(id, &t) == 0);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Where there is one that goes on while the machine sleeps: a lease runs out meanwhile too. */
#ifdef CLOCK_BOOTTIME
#define CLOCK_STEADY CLOCK_BOOTTIME
#else
#define CLOCK_STEADY CLOCK_MONOTONIC
#endif

static int64_t real_now(void *context ATTR_UNUSED)
{
	return read_ms(CLOCK_STEADY);
}

static int64_t real_wall(void *context ATTR_UNUSED)
{
	return read_ms(CLOCK_REALTIME);
}

static void real_sleep(void *context ATTR_UNUSED, int64_t wait_ms)
{
	struct timespec t;

	if (wait_ms <= 0)
		return;
	t.tv_sec = (time_t)(wait_ms / 1000);
	t.tv_nsec = (long)(wait_ms % 1000) * 1000000;
	nanosleep(&t, NULL);
}

const struct clock *clock_real(void)
{
	static const struct clock real = {
		.now_ms = real_now, .wall_ms = real_wall, .sleep_ms = real_sleep,
	};

	return &real;
}

struct virtual_time {
	int64_t started_ms, passed_ms;
};

static int64_t virtual_now(void *context)
{
	const struct virtual_time *t = context;

	return t->passed_ms;
}

static int64_t virtual_wall(void *context)
{
	const struct virtual_time *t = context;

	return t->started_ms + t->passed_ms;
}

static void virtual_sleep(void *context, int64_t wait_ms)
{
	struct virtual_time *t = context;

	if (wait_ms > 0)
		t->passed_ms += wait_ms;
}

const struct clock *clock_virtual(int64_t wall_ms)
{
	static struct virtual_time time;
	static const struct clock clock = {
		.context = &time,
		.now_ms = virtual_now, .wall_ms = virtual_wall, .sleep_ms = virtual_sleep,
	};

	time = (struct virtual_time){ .started_ms = wall_ms };
	return &clock;
}

static void real_bytes(void *context ATTR_UNUSED, uint8_t *out, size_t count)
{
	int fd = open("/dev/urandom", O_RDONLY | O_CLOEXEC);

	CHECK(fd >= 0);
	while (count) {
		ssize_t got = read(fd, out, count);

		CHECK(got > 0 || (got < 0 && errno == EINTR));
		if (got > 0) {
			out += got;
			count -= (size_t)got;
		}
	}
	close(fd);
}

const struct random *random_real(void)
{
	static const struct random real = { .bytes = real_bytes };

	return &real;
}

/* SplitMix64: every seed starts a full cycle. */
static uint64_t next_number(uint64_t *state)
{
	uint64_t z = *state += 0x9E3779B97F4A7C15;

	z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;
	z = (z ^ z >> 27) * 0x94D049BB133111EB;
	return z ^ z >> 31;
}

static void seeded_bytes(void *context, uint8_t *out, size_t count)
{
	uint64_t word = 0;

	for (size_t i = 0; i < count; i++) {
		if (i % 8 == 0)
			word = next_number(context);
		out[i] = (uint8_t)(word >> 8 * (i % 8));
	}
}

const struct random *random_seeded(uint64_t seed)
{
	static uint64_t state;
	static const struct random seeded = { .context = &state, .bytes = seeded_bytes };

	state = seed;
	return &seeded;
}

uint64_t random_below(const struct random *r, uint64_t bound)
{
	uint64_t number, excess;
	uint8_t bytes[8];

	CHECK(bound);
	/* Numbers below this would make the low results likelier. */
	excess = -bound % bound;
	do {
		r->bytes(r->context, bytes, sizeof(bytes));
		number = 0;
		for (int i = 0; i < 8; i++)
			number = number << 8 | bytes[i];
	} while (number < excess);
	return number % bound;
}
