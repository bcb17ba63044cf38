#include "sha256.h"

#include "attr.h"

#ifdef HAVE_SHA_INSTRUCTIONS

#include <immintrin.h>

#define WITH_SHA ATTR_TARGET("sha,sse4.1")

/* The first 32 bits of the fractional parts of the cube roots of the first 64 primes. */
static const uint32_t constants[64] = {
	0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4,
	0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe,
	0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f,
	0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7,
	0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc,
	0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
	0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116,
	0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
	0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7,
	0xc67178f2,
};

bool sha256_has_rounds(void)
{
	return ATTR_CPU_HAS("sha") && ATTR_CPU_HAS("sse4.1");
}

/* The state as the instructions take it. */
struct halves {
	__m128i abef, cdgh;
};

/* Four rounds with four words of the schedule. */
WITH_SHA static inline void four_rounds(struct halves *h, __m128i words, const uint32_t *k)
{
	__m128i sum = _mm_add_epi32(words, _mm_loadu_si128((const __m128i *)(const void *)k));

	h->cdgh = _mm_sha256rnds2_epu32(h->cdgh, h->abef, sum);
	h->abef = _mm_sha256rnds2_epu32(h->abef, h->cdgh, _mm_shuffle_epi32(sum, 0x0E));
}

/* The four words behind the last sixteen. */
WITH_SHA static inline __m128i next_words(__m128i w0, __m128i w1, __m128i w2, __m128i w3)
{
	__m128i sum = _mm_add_epi32(_mm_sha256msg1_epu32(w0, w1), _mm_alignr_epi8(w3, w2, 4));

	return _mm_sha256msg2_epu32(sum, w3);
}

/* Big-endian in the text. */
WITH_SHA static inline __m128i load_words(const uint8_t *data)
{
	const __m128i order = _mm_set_epi64x(0x0C0D0E0F08090A0B, 0x0405060700010203);

	return _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)(const void *)data), order);
}

WITH_SHA static inline void take_block(struct halves *h, const uint8_t *data)
{
	__m128i w0 = load_words(data), w1 = load_words(data + 16);
	__m128i w2 = load_words(data + 32), w3 = load_words(data + 48);
	const struct halves before = *h;

	for (const uint32_t *k = constants;; k += 16) {
		four_rounds(h, w0, k);
		four_rounds(h, w1, k + 4);
		four_rounds(h, w2, k + 8);
		four_rounds(h, w3, k + 12);
		if (k == constants + 48)
			break;
		w0 = next_words(w0, w1, w2, w3);
		w1 = next_words(w1, w2, w3, w0);
		w2 = next_words(w2, w3, w0, w1);
		w3 = next_words(w3, w0, w1, w2);
	}
	h->abef = _mm_add_epi32(h->abef, before.abef);
	h->cdgh = _mm_add_epi32(h->cdgh, before.cdgh);
}

WITH_SHA void sha256_rounds(uint32_t state[8], const uint8_t *data, size_t blocks)
{
	__m128i abcd = _mm_loadu_si128((const __m128i *)(const void *)state);
	__m128i efgh = _mm_loadu_si128((const __m128i *)(const void *)(state + 4));
	struct halves h;

	abcd = _mm_shuffle_epi32(abcd, 0xB1);
	efgh = _mm_shuffle_epi32(efgh, 0x1B);
	h.abef = _mm_alignr_epi8(abcd, efgh, 8);
	h.cdgh = _mm_blend_epi16(efgh, abcd, 0xF0);
	for (; blocks; blocks--, data += SHA256_BLOCK_BYTES)
		take_block(&h, data);
	abcd = _mm_shuffle_epi32(h.abef, 0x1B);
	efgh = _mm_shuffle_epi32(h.cdgh, 0xB1);
	_mm_storeu_si128((__m128i *)(void *)state, _mm_blend_epi16(abcd, efgh, 0xF0));
	_mm_storeu_si128((__m128i *)(void *)(state + 4), _mm_alignr_epi8(efgh, abcd, 8));
}

#else

bool sha256_has_rounds(void)
{
	return false;
}

void sha256_rounds(uint32_t state[8], const uint8_t *data, size_t blocks)
{
	(void)state;
	(void)data;
	(void)blocks;
	BUG("this build has no instructions for SHA-256");
}

#endif
