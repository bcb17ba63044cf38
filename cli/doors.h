#ifndef EFFC_CLI_DOORS_H
#define EFFC_CLI_DOORS_H

#include <stdio.h>

#include "base/clock.h"
#include "base/fs.h"
#include "executor/net/transport.h"

/*
 * Everything the program has of the world.  cli/main.c brings the real ones;
 * the test programs bring a virtual clock, a failing disk, and so on, and are
 * otherwise the same program.
 */
struct doors {
	const struct clock *clock;
	const struct random *random;
	const struct files *files;
	struct transport *(*transport)(struct arena *a, const struct transport_options *options,
				       struct error *err);
	const char *store_vfs;		/* NULL: SQLite's own */
	char **environment;		/* "NAME=value", ends with NULL */
	FILE *in, *out, *err;
	bool in_is_terminal, out_is_terminal, err_is_terminal;
};

/* The program; returns its exit code. */
int effc_main(int argc, char **argv, const struct doors *doors);

/* Empty if it is not set. */
struct str door_environment(const struct doors *doors, const char *name);

#endif
