#include "base/hash.h"
#include "executor/store/document.h"

/* Any bytes as a whole state, and under a digest that holds: refused, or written back the same. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void try(struct arena *a, struct str text)
{
	struct state_document out, again;
	struct error err = { 0 };
	struct str once;

	if (!document_read(a, text, STR("x"), &out, &err)) {
		CHECK(err.kind == ERROR_CORRUPT && err.text[0]);
		return;
	}
	once = document_write(a, &out.state, &out.note);
	CHECK(document_read(a, once, STR("x"), &again, &err));
	CHECK(str_equal(document_write(a, &again.state, &again.note), once));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = str_of((const char *)data, size);
	struct arena a;

	arena_init(&a);
	try(&a, text);
	try(&a, STR_JOIN(&a, text, STR("\"sha256\":\""), sha256_hex(&a, text), STR("\"}\n")));
	arena_release(&a);
	return 0;
}
