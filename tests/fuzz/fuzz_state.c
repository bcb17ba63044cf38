#include "planner/state.h"

/* Any text as a row of the state: refused, or it writes to text that reads back the same. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = str_of((const char *)data, size), once, twice;
	struct error err = { 0 };
	struct row row, back;
	struct arena a;

	arena_init(&a);
	if (row_decode(&a, text, &row, &err)) {
		once = row_encode(&a, &row);
		CHECK(row_decode(&a, once, &back, &err));
		twice = row_encode(&a, &back);
		CHECK(str_equal(once, twice));
	} else {
		CHECK(err.kind == ERROR_CORRUPT && err.text[0]);
	}
	arena_release(&a);
	return 0;
}
