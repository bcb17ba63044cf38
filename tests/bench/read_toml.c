#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/fs.h"
#include "spec/spec.h"

/*
 * How fast the TOML reader is: reads a text some times over, into a tree that is
 * thrown away, and prints the milliseconds of each time.
 *
 *	read_toml FILE TIMES
 */
static void stop(const char *what)
{
	fprintf(stderr, "read_toml: %s\n", what);
	exit(EXIT_FAILURE);
}

static double read_once(struct str text)
{
	struct sources sources = { 0 };
	struct document document;
	struct timespec start, end;
	struct diags diags;
	struct arena a;

	arena_init(&a);
	diags_init(&diags, &a);
	clock_gettime(CLOCK_MONOTONIC, &start);
	if (!toml_parse_tree(&a, text, sources_add(&a, &sources, STR("spec"), text), &document,
			     &diags))
		stop("the text has mistakes");
	arena_release(&a);
	clock_gettime(CLOCK_MONOTONIC, &end);
	return (double)(end.tv_sec - start.tv_sec) * 1e3 +
	       (double)(end.tv_nsec - start.tv_nsec) / 1e6;
}

int main(int argc, char **argv)
{
	struct error err = { 0 };
	struct str text;
	struct arena a;
	int64_t times;

	if (argc != 3 || !str_to_int(str_from_c(argv[2]), &times))
		stop("usage: read_toml FILE TIMES");
	arena_init(&a);
	if (!files_real()->read(NULL, &a, str_from_c(argv[1]), SPEC_FILE_LIMIT, &text, &err))
		stop(err.text);
	for (int64_t i = 0; i < times; i++)
		printf("%.3f\n", read_once(text));
	arena_release(&a);
	return EXIT_SUCCESS;
}
