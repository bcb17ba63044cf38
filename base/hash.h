#ifndef EFFC_BASE_HASH_H
#define EFFC_BASE_HASH_H

#include <stdint.h>

#include "arena.h"
#include "str.h"

/*
 * Digests (mbedTLS, whose only home is hash.c, and sha256.c) and the text forms of bytes.
 */
#define SHA256_BYTES 32

struct sha256 { uint8_t bytes[SHA256_BYTES]; };

struct sha256 sha256_of(struct str data);
struct sha256 hmac_sha256(struct str key, struct str data);
bool sha256_equal(const struct sha256 *a, const struct sha256 *b);

/* Fed in parts. */
struct sha256_stream {
	uint32_t state[8];
	uint8_t block[64];		/* what is left of a block so far */
	uint64_t length;		/* of all that was added */
	void *context;			/* of mbedTLS, where the processor has no instructions */
};
void sha256_begin(struct sha256_stream *s);
void sha256_add(struct sha256_stream *s, struct str data);
struct sha256 sha256_end(struct sha256_stream *s);	/* also releases it */

void md5_of(struct str data, uint8_t out[16]);		/* Content-MD5 of S3 only */
uint32_t crc32_of(struct str data);

/* The bytes of any of them. */
enum digest_kind { DIGEST_MD5, DIGEST_SHA1, DIGEST_SHA256, DIGEST_SHA512 };
struct str digest_bytes(struct arena *a, enum digest_kind kind, struct str data);

struct str hex_encode(struct arena *a, const uint8_t *bytes, size_t count);
struct str sha256_hex(struct arena *a, struct str data);
struct str base64_encode(struct arena *a, struct str data);
/* False if malformed. */
bool base64_decode(struct arena *a, struct str text, struct str *out);

#endif
