#include <unistd.h>

#include "doors.h"
#include "signals.h"

extern char **environ;

int main(int argc, char **argv)
{
	struct doors doors = {
		.clock = clock_real(),
		.random = random_real(),
		.files = files_real(),
		.transport = transport_curl,
		.environment = environ,
		.in = stdin,
		.out = stdout,
		.err = stderr,
		.in_is_terminal = isatty(STDIN_FILENO),
		.out_is_terminal = isatty(STDOUT_FILENO),
		.err_is_terminal = isatty(STDERR_FILENO),
	};

	signals_install();
	return effc_main(argc, argv, &doors);
}
