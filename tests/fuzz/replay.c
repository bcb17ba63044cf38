#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/fs.h"

/*
 * Stands in for libFuzzer where the build has none: feeds the files that are
 * named to the target once each, so that `make check` holds what fuzzing found.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define INPUT_LIMIT_BYTES ((size_t)16 << 20)

/* A copy of exactly its size, so that reading past it is noticed. */
static void feed(struct str text)
{
	uint8_t *data = malloc(text.length ? text.length : 1);

	CHECK(data);
	for (size_t i = 0; i < text.length; i++)
		data[i] = (uint8_t)text.data[i];
	LLVMFuzzerTestOneInput(data, text.length);
	free(data);
}

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		struct error err = { 0 };
		struct arena a;
		struct str text;

		arena_init(&a);
		if (!files_real()->read(NULL, &a, str_from_c(argv[i]), INPUT_LIMIT_BYTES, &text,
					&err)) {
			fprintf(stderr, "%s\n", err.text);
			arena_release(&a);
			return EXIT_FAILURE;
		}
		feed(text);
		arena_release(&a);
	}
	return EXIT_SUCCESS;
}
