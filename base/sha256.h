#ifndef EFFC_BASE_SHA256_H
#define EFFC_BASE_SHA256_H

#include "hash.h"

/*
 * Blocks of SHA-256 by the processor's own instructions, for hash.c alone.  A plan
 * with nothing to do takes a digest of every byte of the state, and the portable
 * code of mbedTLS needs longer for that than for all else together.  Where the
 * processor has no such instructions, mbedTLS does it.
 */
bool sha256_is_fast(void);
void sha256_fast_begin(struct sha256_stream *s);
void sha256_fast_add(struct sha256_stream *s, struct str data);
struct sha256 sha256_fast_end(struct sha256_stream *s);

#endif
