#include "unit.h"

#include "executor/aws/aws.h"

/*
 * The published example of the signing documentation, stage by stage, and what
 * the conformance suite does not ask.
 */
static const struct credentials who = {
	.access_key_id = STR_INIT("AKIDEXAMPLE"),
	.secret_access_key = STR_INIT("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
};

static struct http_header headers[] = {
	{ STR_INIT("Host"), STR_INIT("iam.amazonaws.com") },
	{ STR_INIT("Content-Type"), STR_INIT("application/x-www-form-urlencoded; charset=utf-8") },
	{ STR_INIT("User-Agent"), STR_INIT("not signed") },
};

static struct sign_input example(void)
{
	return (struct sign_input){
		.method = STR_INIT("GET"), .uri = STR_INIT("/?Action=ListUsers&Version=2010-05-08"),
		.headers = headers, .header_count = 3, .region = STR_INIT("us-east-1"),
		.service = STR_INIT("iam"), .time_s = 1440938160, .normalize_path = true,
		.encode_path = true,
	};
}

static struct str header_of(const struct signature *s, const char *name)
{
	struct http_response r = { .headers = s->headers, .header_count = s->header_count };

	return http_header_get(&r, name);
}

START_TEST(stages)
{
	struct sign_input in = example();
	struct signature s;
	struct error err;
	struct arena a;

	arena_init(&a);
	ck_assert(sigv4_sign(&a, &in, &who, &s, &err));
	unit_str_eq(s.canonical_request,
		    "GET\n/\nAction=ListUsers&Version=2010-05-08\n"
		    "content-type:application/x-www-form-urlencoded; charset=utf-8\n"
		    "host:iam.amazonaws.com\nx-amz-date:20150830T123600Z\n\n"
		    "content-type;host;x-amz-date\n"
		    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	unit_str_eq(s.string_to_sign,
		    "AWS4-HMAC-SHA256\n20150830T123600Z\n20150830/us-east-1/iam/aws4_request\n"
		    "f536975d06c0309214f805bb90ccff089219ecd68b2577efef23edd43b7e1a59");
	unit_str_eq(s.signature,
		    "5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7");
	unit_str_eq(header_of(&s, "Authorization"),
		    "AWS4-HMAC-SHA256 "
		    "Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, "
		    "SignedHeaders=content-type;host;x-amz-date, "
		    "Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7");
	unit_str_eq(header_of(&s, "User-Agent"), "not signed");
	arena_release(&a);
}
END_TEST

START_TEST(presigned)
{
	struct sign_input in = example();
	struct credentials with_token = who;
	struct signature s;
	struct error err;
	struct arena a;

	arena_init(&a);
	with_token.session_token = STR("to/ken");
	in.in_query = true;
	in.expires_in_s = 60;
	in.uri = STR("/key?versionId=a b");
	ck_assert(sigv4_sign(&a, &in, &with_token, &s, &err));
	ck_assert(str_starts(s.uri, STR("/key?versionId=a b&X-Amz-Algorithm=AWS4-HMAC-SHA256&")));
	ck_assert(str_contains(s.uri, STR("&X-Amz-Expires=60&")));
	ck_assert(str_contains(s.uri, STR("&X-Amz-Security-Token=to%2Fken&")));
	ck_assert(str_contains(s.canonical_request, STR("&versionId=a%20b\n")));
	ck_assert_uint_eq(s.header_count, in.header_count);
	ck_assert_uint_eq(header_of(&s, "Authorization").length, 0);
	arena_release(&a);
}
END_TEST

START_TEST(body_digest)
{
	struct sign_input in = example();
	struct signature s;
	struct error err;
	struct arena a;

	arena_init(&a);
	in.sign_body = true;
	in.body = STR("abc");
	ck_assert(sigv4_sign(&a, &in, &who, &s, &err));
	unit_str_eq(header_of(&s, "x-amz-content-sha256"),
		    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	in.payload_hash = STR("UNSIGNED-PAYLOAD");
	ck_assert(sigv4_sign(&a, &in, &who, &s, &err));
	ck_assert(str_ends(s.canonical_request, STR("\nUNSIGNED-PAYLOAD")));
	arena_release(&a);
}
END_TEST

START_TEST(refused)
{
	struct http_header twice[] = { { STR_INIT("Host"), STR_INIT("h") },
				       { STR_INIT("authorization"), STR_INIT("x") } };
	struct credentials nobody = { 0 };
	struct sign_input in = example();
	struct signature s;
	struct error err;
	struct arena a;

	arena_init(&a);
	ck_assert(!sigv4_sign(&a, &in, &nobody, &s, &err));
	ck_assert_int_eq(err.kind, ERROR_CREDENTIALS);
	in.headers = twice;
	in.header_count = 2;
	ck_assert(!sigv4_sign(&a, &in, &who, &s, &err));
	in.header_count = 0;
	ck_assert(!sigv4_sign(&a, &in, &who, &s, &err));
	arena_release(&a);
}
END_TEST

static void fill(TCase *tc)
{
	tcase_add_test(tc, stages);
	tcase_add_test(tc, presigned);
	tcase_add_test(tc, body_digest);
	tcase_add_test(tc, refused);
}

int main(void)
{
	return unit_run("aws_sigv4", fill);
}
