#include <stdlib.h>
#include <string.h>

#include "cli/doors.h"
#include "cli/signals.h"
#include "tests/unit/fault_vfs.h"

/*
 * effc with other doors, from the same archives:
 *
 *	EFFC_TEST_NOW=SECONDS	time is virtual: it starts here and jumps over every
 *				wait in which nothing is in flight
 *	EFFC_TEST_SPEED=N	instead: time goes N times as fast, and waits are as short
 *	EFFC_TEST_DISK=KIND:N	the N-th write of the state fails: full (and every
 *				later one), io or short; kill: the process is killed
 *	EFFC_TEST_SEEN=FILE	with it: how many writes there were, at the end
 */
extern char **environ;

static const struct {
	const char *name;
	enum fault fault;
	bool sticks;
} disks[] = {
	{ "full:", FAULT_FULL, true },
	{ "io:", FAULT_IO, false },
	{ "short:", FAULT_SHORT, false },
	{ "kill:", FAULT_KILL, false },
};

static bool set_disk(const char *wanted)
{
	int64_t n;

	for (size_t i = 0; i < sizeof(disks) / sizeof(*disks); i++) {
		size_t length = strlen(disks[i].name);

		if (strncmp(wanted, disks[i].name, length) != 0 ||
		    !str_to_int(str_from_c(wanted + length), &n) || n < 1)
			continue;
		fault_vfs_install();
		fault_set(disks[i].fault, (unsigned)n, disks[i].sticks);
		return true;
	}
	return false;
}

static void tell_seen(const char *path)
{
	FILE *f = path ? fopen(path, "w") : NULL;

	if (!f)
		return;
	fprintf(f, "%u\n", fault_seen());
	fclose(f);
}

/* ---- fast time ---- */

struct fast {
	const struct clock *real;
	int64_t speed, now_ms, wall_ms;	/* at the start */
};

static int64_t passed_ms(const struct fast *f)
{
	return (f->real->now_ms(f->real->context) - f->now_ms) * f->speed;
}

static int64_t fast_now(void *context)
{
	return ((const struct fast *)context)->now_ms + passed_ms(context);
}

static int64_t fast_wall(void *context)
{
	return ((const struct fast *)context)->wall_ms + passed_ms(context);
}

static void fast_sleep(void *context, int64_t wait_ms)
{
	const struct fast *f = context;

	f->real->sleep_ms(f->real->context, (wait_ms + f->speed - 1) / f->speed);
}

static const struct clock *clock_fast(int64_t speed)
{
	static struct fast fast;
	static const struct clock clock = {
		.context = &fast, .now_ms = fast_now, .wall_ms = fast_wall, .sleep_ms = fast_sleep,
	};

	fast = (struct fast){ .real = clock_real(), .speed = speed };
	fast.now_ms = fast.real->now_ms(fast.real->context);
	fast.wall_ms = fast.real->wall_ms(fast.real->context);
	return &clock;
}

int main(int argc, char **argv)
{
	const char *fast = getenv("EFFC_TEST_SPEED");
	int64_t speed = 0;
	const char *now = getenv("EFFC_TEST_NOW");
	const char *disk = getenv("EFFC_TEST_DISK");
	int64_t start_s = 0;
	int code;
	struct doors doors = {
		.random = random_real(),
		.files = files_real(),
		.transport = transport_curl,
		.environment = environ,
		.store_vfs = disk ? "fault" : NULL,
		.in = stdin,
		.out = stdout,
		.err = stderr,
	};

	if ((fast ? !str_to_int(str_from_c(fast), &speed) || speed < 1 :
		    !now || !str_to_int(str_from_c(now), &start_s)) || (disk && !set_disk(disk))) {
		fputs("effc-test: set EFFC_TEST_NOW to seconds since 1970 or EFFC_TEST_SPEED to a "
		      "number, EFFC_TEST_DISK to full:N, io:N, short:N or kill:N or not at all\n",
		      stderr);
		return 1;
	}
	doors.clock = fast ? clock_fast(speed) : clock_virtual(start_s * 1000);
	signals_install();
	code = effc_main(argc, argv, &doors);
	if (disk)
		tell_seen(getenv("EFFC_TEST_SEEN"));
	return code;
}
