#include "unit.h"

#include <string.h>

#include "random_value.h"

#include "base/hash.h"

static struct arena arena;

static void setup(void)
{
	arena_init(&arena);
}

static void teardown(void)
{
	arena_release(&arena);
}

/* FIPS 180-2, RFC 4231 case 2, RFC 1321, RFC 4648. */
START_TEST(published_vectors)
{
	struct sha256 mac = hmac_sha256(STR("Jefe"), STR("what do ya want for nothing?"));
	uint8_t md5[16];

	unit_str_eq(sha256_hex(&arena, STR("abc")),
		    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	unit_str_eq(sha256_hex(&arena, (struct str){ 0 }),
		    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	unit_str_eq(hex_encode(&arena, mac.bytes, SHA256_BYTES),
		    "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
	md5_of(STR("message digest"), md5);
	unit_str_eq(hex_encode(&arena, md5, 16), "f96b697d7cb7938d525a2f31aaf161d0");
	ck_assert_uint_eq(crc32_of(STR("123456789")), 0xCBF43926);
	ck_assert_uint_eq(crc32_of(STR("")), 0);
}
END_TEST

START_TEST(a_stream_gives_the_same_digest)
{
	struct sha256 whole = sha256_of(STR("hello, world")), parts;
	struct sha256_stream s;

	sha256_begin(&s);
	sha256_add(&s, STR("hello,"));
	sha256_add(&s, (struct str){ 0 });
	sha256_add(&s, STR(" world"));
	parts = sha256_end(&s);
	ck_assert(sha256_equal(&whole, &parts));
	parts.bytes[31] ^= 1;
	ck_assert(!sha256_equal(&whole, &parts));
}
END_TEST

#define LENGTH_MOST 400

/* The processor's own rounds and mbedTLS's, whole and in two parts. */
START_TEST(any_length_gives_the_digest_of_mbedtls)
{
	uint64_t seed = random_seed();
	const struct random *r = random_seeded(seed);
	uint8_t bytes[LENGTH_MOST];

	for (size_t length = 0; length < LENGTH_MOST; length++) {
		struct str data = str_of((const char *)bytes, length), wanted;
		struct sha256 whole, parts;
		struct sha256_stream s;
		uint8_t cut;

		r->bytes(r->context, bytes, length);
		r->bytes(r->context, &cut, 1);
		wanted = digest_bytes(&arena, DIGEST_SHA256, data);
		whole = sha256_of(data);
		sha256_begin(&s);
		sha256_add(&s, str_slice(data, 0, cut));
		sha256_add(&s, str_slice(data, cut, length));
		parts = sha256_end(&s);
		ck_assert_msg(memcmp(whole.bytes, wanted.data, SHA256_BYTES) == 0 &&
			      sha256_equal(&whole, &parts), "length %zu, EFFC_SEED=%llu", length,
			      (unsigned long long)seed);
	}
}
END_TEST

static const struct {
	const char *plain, *encoded;
} base64[] = {
	{ "", "" }, { "f", "Zg==" }, { "fo", "Zm8=" }, { "foo", "Zm9v" }, { "foob", "Zm9vYg==" },
	{ "fooba", "Zm9vYmE=" }, { "foobar", "Zm9vYmFy" }, { "\xFB\xEF\xBE", "++++" },
	{ "\xFF\xFF\xFF", "////" },
};

START_TEST(base64_both_ways)
{
	struct str back;

	unit_str_eq(base64_encode(&arena, str_from_c(base64[_i].plain)), base64[_i].encoded);
	ck_assert(base64_decode(&arena, str_from_c(base64[_i].encoded), &back));
	unit_str_eq(back, base64[_i].plain);
}
END_TEST

static const char *const bad_base64[] = {
	"Z",    "Zg",   "Zg=",  "Zg===", "=Zg=", "Z=g=", "Zg==Zg==",
	"Zh==", "Zm9=", "Zm 9", "Zm-_",  "====", "=",
};

START_TEST(malformed_base64_is_refused)
{
	struct str back;

	ck_assert_msg(!base64_decode(&arena, str_from_c(bad_base64[_i]), &back), "%s",
		      bad_base64[_i]);
}
END_TEST

START_TEST(any_bytes_come_back)
{
	uint64_t seed = random_seed();
	const struct random *r = random_seeded(seed);
	uint8_t bytes[100];

	for (size_t length = 0; length < sizeof(bytes); length++) {
		struct str data = str_of((const char *)bytes, length), back;

		r->bytes(r->context, bytes, length);
		ck_assert(base64_decode(&arena, base64_encode(&arena, data), &back));
		ck_assert_msg(str_equal(data, back), "EFFC_SEED=%llu", (unsigned long long)seed);
	}
}
END_TEST

#define COUNT(table) ((int)(sizeof(table) / sizeof(*(table))))

static void fill(TCase *tc)
{
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, published_vectors);
	tcase_add_test(tc, a_stream_gives_the_same_digest);
	tcase_add_test(tc, any_length_gives_the_digest_of_mbedtls);
	tcase_add_loop_test(tc, base64_both_ways, 0, COUNT(base64));
	tcase_add_loop_test(tc, malformed_base64_is_refused, 0, COUNT(bad_base64));
	tcase_add_test(tc, any_bytes_come_back);
}

int main(void)
{
	return unit_run("base_hash", fill);
}
