#include "base/hash.h"
#include "base/json.h"
#include "review/saved.h"

/* Any bytes as a saved plan, and as what stands in one: refused, or it is written back the same. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct str key = STR_INIT("key");

static void try(struct arena *a, struct str text)
{
	struct saved saved, again;
	struct moved moved = { 0 };
	struct error err = { 0 };

	if (!saved_read(a, text, &saved, &err)) {
		CHECK(err.text[0]);
		return;
	}
	CHECK(saved_read(a, saved_write(a, &saved, key), &again, &err));
	CHECK(saved_is_ours(&again, key));
	CHECK(str_equal(saved_write(a, &again, key), saved_write(a, &saved, key)));
	saved_compare(a, &saved.bound, &again.bound, &moved);
	CHECK(!moved.count);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = str_of((const char *)data, size), whole;
	struct arena a;

	arena_init(&a);
	try(&a, text);
	whole = str_format(&a, "effc saved plan 1\n%.*s\nmac %064d\n", STR_ARG(text), 0);
	whole = str_format(&a, "%.*ssha256 %.*s\n", STR_ARG(whole),
			   STR_ARG(sha256_hex(&a, whole)));
	try(&a, whole);
	arena_release(&a);
	return 0;
}
