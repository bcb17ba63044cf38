#include "executor/store/batch.h"
#include "executor/store/lease.h"

/*
 * Any bytes: as a lease, as a manifest or segment, and as one write of a journal, each is
 * refused or read; what was read writes itself again.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void as_lease(struct arena *a, struct str text)
{
	struct lease lease, back;

	if (!lease_decode(a, text, &lease))
		return;
	CHECK(lease_decode(a, lease_encode(a, &lease), &back));
	CHECK(str_equal(lease_encode(a, &lease), lease_encode(a, &back)));
	CHECK(lease_text(a, &back).length > 0);
}

static void as_batch(struct arena *a, struct str text)
{
	struct batch batch, back;
	struct error err = { 0 };

	if (!batch_read(a, text, STR("x.json"), &batch, &err)) {
		CHECK(err.kind != ERROR_NONE);
		return;
	}
	CHECK(batch_read(a, batch_text(a, &batch), STR("x.json"), &back, &err));
	CHECK(back.number == batch.number && back.writes.count == batch.writes.count);
}

static void as_write(struct arena *a, struct str text, bool doubt)
{
	struct state state = { .outputs = value_map() };
	struct error err = { 0 };

	if (!write_apply(a, text, doubt, &state, &err)) {
		CHECK(err.kind != ERROR_NONE);
		return;
	}
	/* Said twice it says the same. */
	CHECK(write_apply(a, text, doubt, &state, &err));
	CHECK(state.row_count <= 1 && state.tombstone_count <= 1);
	for (size_t i = 0; i < state.row_count; i++)
		CHECK(row_encode(a, state.rows[i]).length > 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = str_of((const char *)data, size);
	struct arena a;

	arena_init(&a);
	as_lease(&a, text);
	as_batch(&a, text);
	as_write(&a, text, false);
	as_write(&a, text, true);
	arena_release(&a);
	return 0;
}
