#ifndef EFFC_STORE_LEASE_H
#define EFFC_STORE_LEASE_H

#include "store.h"

/* What the stores share of leases. */
#define LEASE_TEXT_LIMIT_BYTES 8192

/* One line of canonical JSON. */
struct str lease_encode(struct arena *a, const struct lease *lease);
/* False if it is none.  The text is not borrowed. */
bool lease_decode(struct arena *a, struct str text, struct lease *out);
/* Begins a holding after last, which nobody holds any more. */
struct lease lease_begin(struct arena *a, const struct lease_owner *who,
			 const struct clock *clock, uint64_t last_epoch);

#endif
