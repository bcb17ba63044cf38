#include "sha256.h"

#include <string.h>

#include "attr.h"

#ifdef ATTR_SHA
#include <immintrin.h>

static const uint32_t round_constants[64] = {
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

bool sha256_is_fast(void)
{
	return SHA_IS_THERE;
}

static __m128i load(const void *from)
{
	return _mm_loadu_si128(from);
}

/* The next four words of the message schedule, from the sixteen before. */
ATTR_SHA static __m128i schedule(const __m128i w[4], unsigned group)
{
	__m128i first = w[group & 3], last = w[(group + 3) & 3];
	__m128i seven_back = _mm_alignr_epi8(last, w[(group + 2) & 3], 4);
	__m128i sum = _mm_add_epi32(_mm_sha256msg1_epu32(first, w[(group + 1) & 3]), seven_back);

	return _mm_sha256msg2_epu32(sum, last);
}

ATTR_SHA static void one_block(__m128i *abef, __m128i *cdgh, const unsigned char *block)
{
	const __m128i big_endian = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
	__m128i w[4], before_abef = *abef, before_cdgh = *cdgh;

	for (unsigned group = 0; group < 16; group++) {
		__m128i k = load(round_constants + (size_t)4 * group), sum;

		w[group & 3] = group < 4 ?
			_mm_shuffle_epi8(load(block + (size_t)16 * group), big_endian) :
			schedule(w, group);
		sum = _mm_add_epi32(w[group & 3], k);
		*cdgh = _mm_sha256rnds2_epu32(*cdgh, *abef, sum);
		*abef = _mm_sha256rnds2_epu32(*abef, *cdgh, _mm_shuffle_epi32(sum, 0x0e));
	}
	*abef = _mm_add_epi32(*abef, before_abef);
	*cdgh = _mm_add_epi32(*cdgh, before_cdgh);
}

/* The instructions want the eight words in two registers, as they take turns. */
ATTR_SHA static void blocks(uint32_t state[8], const unsigned char *data, size_t count)
{
	__m128i cdab = _mm_shuffle_epi32(load(state), 0xb1);
	__m128i efgh = _mm_shuffle_epi32(load(state + 4), 0x1b);
	__m128i abef = _mm_alignr_epi8(cdab, efgh, 8), cdgh = _mm_blend_epi16(efgh, cdab, 0xf0);
	__m128i feba, dchg;

	for (size_t i = 0; i < count; i++)
		one_block(&abef, &cdgh, data + 64 * i);
	feba = _mm_shuffle_epi32(abef, 0x1b);
	dchg = _mm_shuffle_epi32(cdgh, 0xb1);
	_mm_storeu_si128((void *)state, _mm_blend_epi16(feba, dchg, 0xf0));
	_mm_storeu_si128((void *)(state + 4), _mm_alignr_epi8(dchg, feba, 8));
}
#else
bool sha256_is_fast(void)
{
	return false;
}

static void blocks(uint32_t state[8], const unsigned char *data, size_t count)
{
	BUG("SHA-256 of %zu blocks at %p, %p without instructions for it", count,
	    (const void *)data, (const void *)state);
}
#endif

void sha256_fast_begin(struct sha256_stream *s)
{
	static const uint32_t start[8] = {
		0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
		0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
	};

	s->length = 0;
	memcpy(s->state, start, sizeof(start));
}

void sha256_fast_add(struct sha256_stream *s, struct str data)
{
	size_t held = s->length % sizeof(s->rest), whole;

	s->length += data.length;
	if (held && held + data.length >= sizeof(s->rest)) {
		size_t missing = sizeof(s->rest) - held;

		memcpy(s->rest + held, data.data, missing);
		blocks(s->state, s->rest, 1);
		data = str_slice(data, missing, data.length);
		held = 0;
	}
	whole = held ? 0 : data.length / sizeof(s->rest);
	if (whole)
		blocks(s->state, (const unsigned char *)data.data, whole);
	data = str_slice(data, whole * sizeof(s->rest), data.length);
	if (data.length)
		memcpy(s->rest + held, data.data, data.length);
}

struct sha256 sha256_fast_end(struct sha256_stream *s)
{
	static const char padding[64] = { (char)0x80 };
	uint64_t bits = s->length * 8;
	struct sha256 out;
	char length[8];

	for (int i = 0; i < 8; i++)
		length[i] = (char)(bits >> (56 - 8 * i) & 0xff);
	/* One bit, then zeros up to eight bytes before the end of a block. */
	sha256_fast_add(s, str_of(padding, 1 + (119 - s->length % 64) % 64));
	sha256_fast_add(s, str_of(length, sizeof(length)));
	for (size_t i = 0; i < SHA256_BYTES; i++)
		out.bytes[i] = (uint8_t)(s->state[i / 4] >> (24 - 8 * (i % 4)) & 0xff);
	return out;
}
