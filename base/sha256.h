#ifndef EFFC_BASE_SHA256_H
#define EFFC_BASE_SHA256_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Inside of base/hash.c: the rounds of SHA-256 by the instructions that processors
 * of today have for them, at a tenth of the time.  Nearly all of a plan's time would
 * go into the digests of the state otherwise.
 */
#define SHA256_BLOCK_BYTES 64

/* Whether this processor has them; if not, sha256_rounds must not be called. */
bool sha256_has_rounds(void);
/* Takes so many blocks into the state, eight words as FIPS 180-4 numbers them. */
void sha256_rounds(uint32_t state[8], const uint8_t *data, size_t blocks);

#endif
