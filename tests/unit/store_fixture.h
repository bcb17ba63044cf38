#ifndef EFFC_TESTS_STORE_FIXTURE_H
#define EFFC_TESTS_STORE_FIXTURE_H

#include "executor/store/store.h"
#include "unit.h"

/* What the tests of the store share: a folder of their own, rows to keep, states to compare. */
#define LINEAGE "00112233445566778899aabbccddeeff"

struct store_place {
	struct arena arena;
	char folder[64];
	struct str path;		/* of the database, in a folder that does not exist yet */
};

/* A holder of leases in tests, and a clock that stands still at 1970. */
extern const struct lease_owner test_owner;
const struct clock *test_clock(void);

void place_init(struct store_place *p);
void place_release(struct store_place *p);	/* also removes the files */

struct row *row_new(struct arena *a, const char *address, int number);
/* Opened for writing, locked and made; fails the test if it cannot. */
struct store *store_make(struct store_place *p, const char *vfs);
/* One commit; false and err if it fails. */
bool store_put(struct store *s, const struct row *row, struct error *err);
/* Everything in a state as one text, for comparing. */
struct str state_text(struct arena *a, const struct state *s);
/* Loads read-only; "error: ..." if that fails. */
struct str load_text(struct arena *a, struct str path, enum error_kind *kind);

#endif
