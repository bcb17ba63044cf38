#include <stdlib.h>
#include <unistd.h>

#include "cli/doors.h"
#include "cli/signals.h"

/*
 * effc with other doors: time is virtual.  It starts at EFFC_TEST_NOW (seconds
 * since 1970) and jumps over every wait in which nothing is in flight, so that
 * a test of a consistency window takes no time.  Otherwise the same program,
 * linked from the same archives.
 */
extern char **environ;

int main(int argc, char **argv)
{
	const char *now = getenv("EFFC_TEST_NOW");
	int64_t start_s = 0;
	struct doors doors = {
		.random = random_real(),
		.files = files_real(),
		.transport = transport_curl,
		.environment = environ,
		.in = stdin,
		.out = stdout,
		.err = stderr,
	};

	if (!now || !str_to_int(str_from_c(now), &start_s)) {
		fputs("effc-test: set EFFC_TEST_NOW to seconds since 1970\n", stderr);
		return 1;
	}
	doors.clock = clock_virtual(start_s * 1000);
	signals_install();
	return effc_main(argc, argv, &doors);
}
