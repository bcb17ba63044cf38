#include "unit.h"

#include "executor/aws/client.h"
#include "wire_facts.h"

static struct arena a;
static struct wire_service service;
static const struct scope scope = { .partition = STR_INIT("aws"), .region = STR_INIT("eu-west-1") };
static const struct credentials who = { .access_key_id = STR_INIT("AKID"),
					.secret_access_key = STR_INIT("s3cr3t"),
					.session_token = STR_INIT("t0k3n") };

static void setup(void)
{
	arena_init(&a);
}

static void teardown(void)
{
	arena_release(&a);
}

static struct http_request make(const struct aws_client *client, const char *operation,
				const char *input)
{
	struct call call = { .service = STR_INIT("thing"), .operation = str_from_c(operation),
			     .scope = &scope };
	struct http_request out;
	struct error err = { 0 };

	ck_assert(json_parse(&a, str_from_c(input), SPAN_NOWHERE, &call.input, &err));
	ck_assert_msg(request_make(&a, client, &service,
				   wire_operation_find(&service, call.operation), &call, &who,
				   1440938160, &out, &err), "%s", err.text);
	return out;
}

static struct str header_of(const struct http_request *r, const char *name)
{
	struct http_response like = { .headers = r->headers, .header_count = r->header_count };

	return http_header_get(&like, name);
}

START_TEST(regional)
{
	struct aws_client client = { .user_agent = STR_INIT("effc/1") };
	struct http_request r;

	wire_facts(&a, "json", "", &service);
	r = make(&client, "Echo", "{}");
	unit_str_eq(r.url, "https://thing.eu-west-1.amazonaws.com/");
	unit_str_eq(header_of(&r, "Host"), "thing.eu-west-1.amazonaws.com");
	unit_str_eq(header_of(&r, "User-Agent"), "effc/1");
	unit_str_eq(header_of(&r, "X-Amz-Date"), "20150830T123600Z");
	unit_str_eq(header_of(&r, "X-Amz-Security-Token"), "t0k3n");
	ck_assert(str_starts(header_of(&r, "Authorization"),
			     STR("AWS4-HMAC-SHA256 "
				 "Credential=AKID/20150830/eu-west-1/thing/aws4_request, ")));
	client.skew_s = 60;
	r = make(&client, "Echo", "{}");
	unit_str_eq(header_of(&r, "X-Amz-Date"), "20150830T123700Z");
}
END_TEST

START_TEST(overridden_endpoint)
{
	struct aws_client client = { .endpoints.override_url =
				     STR_INIT("http://127.0.0.1:5000/base/") };
	struct http_request r;

	wire_facts(&a, "rest-json", "", &service);
	r = make(&client, "PutThing", "{\"Name\":\"n\"}");
	unit_str_eq(r.url, "http://127.0.0.1:5000/base/n/x?fixed=1");
	unit_str_eq(header_of(&r, "Host"), "127.0.0.1:5000");
	unit_str_eq(header_of(&r, "Accept"), "application/json");
}
END_TEST

START_TEST(bucket_before_the_host)
{
	struct aws_client client = { 0 };
	struct http_request r;

	wire_facts(&a, "rest-xml", ",\"signatureVersion\":\"s3v4\"", &service);
	r = make(&client, "PutThing", "{\"Name\":\"my-bucket\"}");
	unit_str_eq(r.url, "https://my-bucket.thing.eu-west-1.amazonaws.com/x?fixed=1");
	ck_assert_uint_eq(header_of(&r, "x-amz-content-sha256").length, 64);
	r = make(&client, "PutThing", "{\"Name\":\"my.bucket\"}");
	unit_str_eq(r.url, "https://thing.eu-west-1.amazonaws.com/my.bucket/x?fixed=1");
	client.endpoints.override_url = STR("http://127.0.0.1:1");
	r = make(&client, "PutThing", "{\"Name\":\"my-bucket\"}");
	unit_str_eq(r.url, "http://127.0.0.1:1/my-bucket/x?fixed=1");
}
END_TEST

static const struct {
	const char *more, *partition, *region;
	bool fips, dual_stack;
	const char *override, *url, *signing_region;
} endpoints[] = {
	{ "", "aws", "us-east-1", false, false, "", "https://thing.us-east-1.amazonaws.com",
	  "us-east-1" },
	{ "", "", "cn-north-1", false, false, "", "https://thing.cn-north-1.amazonaws.com.cn",
	  "cn-north-1" },
	{ "", "aws", "eu-west-1", true, false, "", "https://thing-fips.eu-west-1.amazonaws.com",
	  "eu-west-1" },
	{ "", "aws", "eu-west-1", false, true, "", "https://thing.eu-west-1.api.aws",
	  "eu-west-1" },
	{ ",\"signatureVersion\":\"s3v4\"", "aws", "eu-west-1", false, true, "",
	  "https://thing.dualstack.eu-west-1.amazonaws.com", "eu-west-1" },
	{ ",\"globalEndpoint\":true", "aws", "eu-west-1", false, false, "",
	  "https://thing.amazonaws.com", "us-east-1" },
	{ ",\"globalEndpoint\":true", "aws-cn", "cn-northwest-1", false, false, "",
	  "https://thing.cn-north-1.amazonaws.com.cn", "cn-north-1" },
	{ ",\"globalEndpoint\":true", "aws-us-gov", "us-gov-east-1", false, false, "",
	  "https://thing.us-gov.amazonaws.com", "us-gov-west-1" },
	{ ",\"globalEndpoint\":true", "aws-us-gov", "us-gov-east-1", true, false, "", NULL, NULL },
	{ ",\"globalEndpoint\":true", "aws", "eu-west-1", false, false, "http://localhost:1//",
	  "http://localhost:1", "us-east-1" },
	{ "", "aws", "", false, false, "", NULL, NULL },
	{ "", "aws", "eu-west-1/../x", false, false, "", NULL, NULL },
	{ "", "aws", "eu-west-1", false, false, "localhost:1", NULL, NULL },
	{ "", "aws", "eu-west-1", false, false, "http://a@b", NULL, NULL },
};

START_TEST(endpoint)
{
	struct scope where = { .partition = str_from_c(endpoints[_i].partition),
			       .region = str_from_c(endpoints[_i].region) };
	struct endpoint_options options = { str_from_c(endpoints[_i].override),
					    endpoints[_i].fips, endpoints[_i].dual_stack };
	struct endpoint out;
	struct error err = { 0 };
	bool found;

	wire_facts(&a, "json", endpoints[_i].more, &service);
	found = endpoint_find(&a, &service, &where, &options, &out, &err);
	if (!endpoints[_i].url) {
		ck_assert(!found && err.text[0]);
		return;
	}
	ck_assert_msg(found, "%s", err.text);
	unit_str_eq(out.url, endpoints[_i].url);
	unit_str_eq(out.signing_region, endpoints[_i].signing_region);
}
END_TEST

static enum reply_class skew(struct aws_client *client, const char *code,
			     enum reply_class class, const char *date)
{
	struct http_header header = { STR_INIT("Date"), str_from_c(date) };
	struct http_response r = { .status = 403, .headers = &header, .header_count = 1 };
	struct reply reply = { .class = class, .code = str_from_c(code) };

	skew_learn(client, &r, 1398796238, &reply);
	return reply.class;
}

START_TEST(clock_skew)
{
	static const char *const later = "Tue, 29 Apr 2014 18:40:38 GMT";
	static const char *const same = "Tue, 29 Apr 2014 18:30:40 GMT";
	struct aws_client client = { 0 };

	ck_assert_int_eq(skew(&client, "RequestTimeTooSkewed", REPLY_SKEWED, later), REPLY_SKEWED);
	ck_assert_int_eq(client.skew_s, 600);
	/* Learned already, so that signing again would be for nothing. */
	ck_assert_int_eq(skew(&client, "RequestTimeTooSkewed", REPLY_SKEWED, later), REPLY_ERROR);
	client.skew_s = 0;
	ck_assert_int_eq(skew(&client, "SignatureDoesNotMatch", REPLY_ERROR, later), REPLY_SKEWED);
	client.skew_s = 0;
	ck_assert_int_eq(skew(&client, "SignatureDoesNotMatch", REPLY_ERROR, same), REPLY_ERROR);
	ck_assert_int_eq(skew(&client, "RequestExpired", REPLY_SKEWED, "never"), REPLY_ERROR);
	ck_assert_int_eq(skew(&client, "Other", REPLY_ERROR, later), REPLY_ERROR);
	ck_assert_int_eq(client.skew_s, 0);
}
END_TEST

START_TEST(described)
{
	struct call call = { .service = STR_INIT("thing"), .operation = STR_INIT("PutThing"),
			     .scope = &scope };
	struct reply reply = { .class = REPLY_ERROR, .status = 400, .code = STR_INIT("Bad"),
			       .message = STR_INIT("no\ngood"), .request_id = STR_INIT("r-1") };
	struct buf out;

	buf_init(&out, &a);
	aws_describe(&out, &call, &reply);
	unit_str_eq(buf_str(&out),
		    "thing PutThing in eu-west-1: 400 Bad: no good (request r-1)");
	reply = (struct reply){ .class = REPLY_LOST, .message = STR_INIT("timed out") };
	buf_init(&out, &a);
	aws_describe(&out, &call, &reply);
	unit_str_eq(buf_str(&out), "thing PutThing in eu-west-1: no reply: timed out");
}
END_TEST

static void fill(TCase *tc)
{
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, regional);
	tcase_add_test(tc, overridden_endpoint);
	tcase_add_test(tc, bucket_before_the_host);
	tcase_add_loop_test(tc, endpoint, 0, sizeof(endpoints) / sizeof(*endpoints));
	tcase_add_test(tc, clock_skew);
	tcase_add_test(tc, described);
}

int main(void)
{
	return unit_run("aws_client", fill);
}
