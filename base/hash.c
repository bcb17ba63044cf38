#include "hash.h"

#include <mbedtls/md.h>
#include <stdlib.h>
#include <string.h>

#include "attr.h"
#include "sha256.h"

/* The generic message-digest calls are the ones that 2.28 and 3.x share. */

static const mbedtls_md_info_t *digest_kind(mbedtls_md_type_t type)
{
	const mbedtls_md_info_t *info = mbedtls_md_info_from_type(type);

	CHECK(info);
	return info;
}

static const unsigned char *bytes_of(struct str s)
{
	return (const unsigned char *)(s.data ? s.data : "");
}

struct sha256 sha256_of(struct str data)
{
	struct sha256_stream s;

	sha256_begin(&s);
	sha256_add(&s, data);
	return sha256_end(&s);
}

struct sha256 hmac_sha256(struct str key, struct str data)
{
	struct sha256 out;
	int status = mbedtls_md_hmac(digest_kind(MBEDTLS_MD_SHA256), bytes_of(key), key.length,
				     bytes_of(data), data.length, out.bytes);

	CHECK(status == 0);
	return out;
}

/* In constant time: digests also prove that something is ours. */
bool sha256_equal(const struct sha256 *a, const struct sha256 *b)
{
	unsigned difference = 0;

	for (size_t i = 0; i < SHA256_BYTES; i++)
		difference |= a->bytes[i] ^ b->bytes[i];
	return difference == 0;
}

void sha256_begin(struct sha256_stream *s)
{
	/* The first 32 bits of the fractional parts of the roots of the first eight primes. */
	static const uint32_t first[8] = {
		0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
		0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
	};
	mbedtls_md_context_t *md;

	s->length = 0;
	s->context = NULL;
	memcpy(s->state, first, sizeof(first));
	if (sha256_has_rounds())
		return;
	md = calloc(1, sizeof(*md));
	CHECK(md);
	mbedtls_md_init(md);
	CHECK(mbedtls_md_setup(md, digest_kind(MBEDTLS_MD_SHA256), 0) == 0);
	CHECK(mbedtls_md_starts(md) == 0);
	s->context = md;
}

/* Whole blocks are taken where they lie, the rest waits for more. */
static void add_blocks(struct sha256_stream *s, const uint8_t *data, size_t length)
{
	size_t waiting = s->length % SHA256_BLOCK_BYTES, whole;

	s->length += length;
	if (waiting) {
		size_t room = SHA256_BLOCK_BYTES - waiting;
		size_t taken = length < room ? length : room;

		memcpy(s->block + waiting, data, taken);
		if (taken < room)
			return;
		sha256_rounds(s->state, s->block, 1);
		data += taken;
		length -= taken;
	}
	whole = length / SHA256_BLOCK_BYTES;
	sha256_rounds(s->state, data, whole);
	memcpy(s->block, data + whole * SHA256_BLOCK_BYTES, length % SHA256_BLOCK_BYTES);
}

void sha256_add(struct sha256_stream *s, struct str data)
{
	if (!s->context)
		add_blocks(s, bytes_of(data), data.length);
	else
		CHECK(mbedtls_md_update(s->context, bytes_of(data), data.length) == 0);
}

/* A one bit, zeros up to the end of a block, and there the length in bits. */
static struct sha256 end_blocks(struct sha256_stream *s)
{
	uint8_t tail[SHA256_BLOCK_BYTES + 8] = { 0x80 };
	uint64_t bits = s->length * 8;
	size_t zeros = (2 * SHA256_BLOCK_BYTES - 9 - s->length % SHA256_BLOCK_BYTES) %
		       SHA256_BLOCK_BYTES;
	struct sha256 out;

	for (size_t i = 0; i < 8; i++)
		tail[1 + zeros + i] = (uint8_t)(bits >> (56 - 8 * i));
	add_blocks(s, tail, 1 + zeros + 8);
	for (size_t i = 0; i < SHA256_BYTES; i++)
		out.bytes[i] = (uint8_t)(s->state[i / 4] >> (24 - 8 * (i % 4)));
	return out;
}

struct sha256 sha256_end(struct sha256_stream *s)
{
	struct sha256 out;

	if (!s->context)
		return end_blocks(s);
	CHECK(mbedtls_md_finish(s->context, out.bytes) == 0);
	mbedtls_md_free(s->context);
	free(s->context);
	s->context = NULL;
	return out;
}

void md5_of(struct str data, uint8_t out[16])
{
	int status = mbedtls_md(digest_kind(MBEDTLS_MD_MD5), bytes_of(data), data.length, out);

	CHECK(status == 0);
}

struct str digest_bytes(struct arena *a, enum digest_kind kind, struct str data)
{
	static const mbedtls_md_type_t types[] = {
		[DIGEST_MD5] = MBEDTLS_MD_MD5, [DIGEST_SHA1] = MBEDTLS_MD_SHA1,
		[DIGEST_SHA256] = MBEDTLS_MD_SHA256, [DIGEST_SHA512] = MBEDTLS_MD_SHA512,
	};
	const mbedtls_md_info_t *info = digest_kind(types[kind]);
	size_t size = mbedtls_md_get_size(info);
	unsigned char *bytes = arena_array(a, unsigned char, size);

	CHECK(mbedtls_md(info, bytes_of(data), data.length, bytes) == 0);
	return str_of((const char *)bytes, size);
}

uint32_t crc32_of(struct str data)
{
	/* What four bits at the end of the polynomial's register make of it. */
	static const uint32_t fours[16] = {
		0x00000000, 0x1DB71064, 0x3B6E20C8, 0x26D930AC,
		0x76DC4190, 0x6B6B51F4, 0x4DB26158, 0x5005713C,
		0xEDB88320, 0xF00F9344, 0xD6D6A3E8, 0xCB61B38C,
		0x9B64C2B0, 0x86D3D2D4, 0xA00AE278, 0xBDBDF21C,
	};
	uint32_t crc = UINT32_MAX;

	for (size_t i = 0; i < data.length; i++) {
		crc ^= (unsigned char)data.data[i];
		crc = crc >> 4 ^ fours[crc & 15];
		crc = crc >> 4 ^ fours[crc & 15];
	}
	return ~crc;
}

struct str sha256_hex(struct arena *a, struct str data)
{
	struct sha256 digest = sha256_of(data);

	return hex_encode(a, digest.bytes, sizeof(digest.bytes));
}
