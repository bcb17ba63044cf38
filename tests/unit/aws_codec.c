#include "unit.h"

#include "executor/aws/aws.h"
#include "wire_facts.h"

static struct arena a;
static struct wire_service service;

static void setup(void)
{
	arena_init(&a);
}

static void teardown(void)
{
	arena_release(&a);
}

static struct value parse(const char *json)
{
	struct error err;
	struct value v;

	ck_assert(json_parse(&a, str_from_c(json), SPAN_NOWHERE, &v, &err));
	return v;
}

static struct wire_request write(const char *protocol, const char *operation, const char *input)
{
	struct value v = parse(input);
	struct wire_request out;
	struct error err = { 0 };

	wire_facts(&a, protocol, "", &service);
	ck_assert_msg(wire_write(&a, &service,
				 wire_operation_find(&service, str_from_c(operation)), &v,
				 STR("tok-1"), &out, &err), "%s", err.text);
	return out;
}

static void check_refused(const char *operation, const struct value *input, const char *text)
{
	struct wire_request out;
	struct error err = { 0 };

	wire_facts(&a, "rest-json", "", &service);
	ck_assert(!wire_write(&a, &service, wire_operation_find(&service, str_from_c(operation)),
			      input, (struct str){ 0 }, &out, &err));
	ck_assert_msg(strstr(err.text, text), "'%s' lacks '%s'", err.text, text);
}

static struct str request_header(const struct wire_request *r, const char *name)
{
	struct http_response like = { .headers = r->headers, .header_count = r->header_count };

	return http_header_get(&like, name);
}

#define INPUT "{\"Name\":\"a/b c\",\"When\":1398796238,\"Query\":[\"1\",\"&\"]," \
	"\"Body\":{\"Text\":\"<&>\",\"Count\":\"7\",\"List\":[1,true]}}"

START_TEST(writes_rest_json)
{
	struct wire_request r = write("rest-json", "PutThing", INPUT);

	unit_str_eq(r.method, "PUT");
	unit_str_eq(r.uri, "/a%2Fb%20c/x?fixed=1&q=1&q=%26");
	unit_str_eq(r.body, "{\"Token\":\"tok-1\",\"Body\":{\"Text\":\"<&>\",\"Count\":7,"
		    "\"List\":[\"1\",\"true\"]}}");
	unit_str_eq(request_header(&r, "x-when"), "Tue, 29 Apr 2014 18:30:38 GMT");
	unit_str_eq(request_header(&r, "Content-Type"), "application/json");
	ck_assert_uint_eq(request_header(&r, "Content-MD5").length, 24);
}
END_TEST

START_TEST(writes_rest_xml)
{
	struct wire_request r = write("rest-xml", "PutThing", INPUT);

	unit_str_eq(r.body, "<PutThingRequest><Token>tok-1</Token><Body><Text>&lt;&amp;&gt;</Text>"
		    "<Count>7</Count><List><member>1</member><member>true</member></List></Body>"
		    "</PutThingRequest>");
}
END_TEST

START_TEST(writes_forms)
{
	unit_str_eq(write("query", "Echo", "{\"List\":[\"a b\"],\"Flat\":[{\"Count\":1}],"
			  "\"Map\":{\"k\":{\"Flag\":true}},\"Children\":[]}").body,
		    "Action=Echo&Version=2020-01-01&List.member.1=a%20b&Flat.1.Count=1&Children="
		    "&Map.entry.1.key=k&Map.entry.1.value.Flag=true");
	unit_str_eq(write("ec2", "Echo", "{\"List\":[\"x\",\"y\"],\"Children\":[]}").body,
		    "Action=Echo&Version=2020-01-01&List.1=x&List.2=y");
}
END_TEST

START_TEST(writes_json_targets)
{
	struct wire_request r = write("json", "Echo", "{\"At\":\"2014-04-29T18:30:38Z\","
				      "\"Any\":{\"x\":null},\"Data\":\"hi\"}");

	unit_str_eq(r.uri, "/");
	unit_str_eq(request_header(&r, "X-Amz-Target"), "Test.Echo");
	unit_str_eq(r.body, "{\"At\":1398796238,\"Data\":\"aGk=\",\"Any\":{\"x\":null}}");
}
END_TEST

START_TEST(refuses_what_the_facts_do_not_know)
{
	struct value v = parse("{\"Name\":\"a\",\"Body\":{\"Txt\":1}}");

	check_refused("PutThing", &v, "Tree has no member 'Txt'");
	v = parse("{\"Body\":{}}");
	check_refused("PutThing", &v, "'Name' is missing");
	v = parse("{\"Name\":\"\"}");
	check_refused("PutThing", &v, "'Name' is empty");
	v = parse("{\"Name\":\"a\",\"Body\":{\"Count\":\"many\"}}");
	check_refused("PutThing", &v, "I wants an integer");
	v = parse("{\"Name\":\"a\",\"Body\":{\"Text\":{}}}");
	check_refused("PutThing", &v, "S wants a string");
	v = parse("{\"x\":1}");
	check_refused("GetBytes", &v, "takes no input");
}
END_TEST

START_TEST(refuses_depth)
{
	static const char *const protocols[] = { "json", "query", "rest-xml" };

	for (size_t i = 0; i < sizeof(protocols) / sizeof(*protocols); i++) {
		struct value deep = value_map();
		struct wire_request out;
		struct error err;

		for (int depth = 0; depth < 5000; depth++) {
			struct value outer = value_map(), list = value_list(NULL, 0);

			value_append(&a, &list, deep);
			value_set(&a, &outer, STR("Children"), list);
			deep = outer;
		}
		wire_facts(&a, protocols[i], "", &service);
		ck_assert(!wire_write(&a, &service, wire_operation_find(&service, STR("Echo")),
				      &deep, (struct str){ 0 }, &out, &err));
		ck_assert_int_eq(err.kind, ERROR_LIMIT);
	}
}
END_TEST

/* ---- reading ---- */

static bool read_reply(const char *protocol, const char *operation, long status,
		       struct http_header *headers, size_t header_count, const char *body,
		       struct reply *out, struct error *err)
{
	struct http_response r = { .status = status, .headers = headers,
				   .header_count = header_count, .body = str_from_c(body) };

	wire_facts(&a, protocol, "", &service);
	return wire_read(&a, &service, wire_operation_find(&service, str_from_c(operation)), NULL,
			 &r, out, err);
}

static struct reply read_ok(const char *protocol, const char *operation, const char *body)
{
	struct error err = { 0 };
	struct reply out;

	ck_assert_msg(read_reply(protocol, operation, 200, NULL, 0, body, &out, &err), "%s",
		      err.text);
	ck_assert_int_eq(out.class, REPLY_OK);
	return out;
}

START_TEST(reads_xml)
{
	struct reply r = read_ok("query", "PutThing",
		"<PutThingResponse xmlns='u'><PutThingResult><Text>a</Text><Flat><Count>1</Count>"
		"</Flat><Flat/><Map><entry><key>k</key><value><Flag>true</Flag></value></entry>"
		"</Map>"
		"<At>1398796238.5</At></PutThingResult><ResponseMetadata><RequestId>r-1</RequestId>"
		"</ResponseMetadata></PutThingResponse>");

	unit_str_eq(json_text(&a, &r.body),
		    "{\"Text\":\"a\",\"At\":1398796238.5,\"Flat\":[{\"Count\":1},{}],"
		    "\"Map\":{\"k\":{\"Flag\":true}}}");
	unit_str_eq(r.request_id, "r-1");
}
END_TEST

START_TEST(secrets_are_marked)
{
	struct reply r = read_ok("json", "Echo", "{\"Hidden\":\"h\",\"Text\":\"t\"}");

	ck_assert(value_get_c(&r.body, "Hidden")->marks & VALUE_SECRET);
	ck_assert(!(value_get_c(&r.body, "Text")->marks & VALUE_SECRET));
	r = read_ok("rest-xml", "PutThing", "<x><Hidden>h</Hidden></x>");
	ck_assert(value_get_c(&r.body, "Hidden")->marks & VALUE_SECRET);
}
END_TEST

START_TEST(bytes_stay_bytes)
{
	struct reply r = read_ok("rest-json", "GetBytes", "<no json & no xml");

	unit_str_eq(value_get_str(&r.body, "Data"), "<no json & no xml");
}
END_TEST

static const struct {
	const char *protocol, *operation, *body, *text;
} hostile[] = {
	{ "json", "Echo", "[]", "expected" },
	{ "json", "Echo", "{\"Children\":{}}", "where Trees is expected" },
	{ "json", "Echo", "{\"Count\":1.5}", "where I is expected" },
	{ "json", "Echo", "{\"Count\":\"x\"}", "I is malformed" },
	{ "json", "Echo", "{\"Data\":\"*\"}", "X is malformed" },
	{ "json", "Echo", "{\"At\":\"yesterday\"}", "T is malformed" },
	{ "json", "Echo", "{\"Flag\":1}", "where B is expected" },
	{ "json", "Echo", "{", "" },
	{ "json", "Echo", "<html>", "" },
	{ "rest-json", "PutThing", "{\"Map\":[]}", "where Map is expected" },
	{ "query", "PutThing", "", "" },
	{ "query", "PutThing", "<a>", "malformed XML" },
	{ "query", "PutThing", "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "document type" },
	{ "query", "Echo", "<a><Count>99999999999999999999</Count></a>", "I is malformed" },
	{ "query", "Echo", "<a><Map><entry><value/></entry></Map></a>", "without a key" },
	{ "ec2", "Echo", "<a><Flag>maybe</Flag></a>", "B is malformed" },
	{ "rest-xml", "PutThing", "{\"Text\":\"a\"}", "malformed XML" },
};

START_TEST(hostile_replies)
{
	struct error err = { 0 };
	struct reply out;
	bool fine = read_reply(hostile[_i].protocol, hostile[_i].operation, 200, NULL, 0,
			       hostile[_i].body, &out, &err);

	/* Nothing at all is an empty result. */
	if (!hostile[_i].body[0]) {
		ck_assert(fine && out.body.map.count == 0);
		return;
	}
	ck_assert_msg(!fine, "'%s' was read", hostile[_i].body);
	ck_assert_msg(strstr(err.text, hostile[_i].text), "'%s' lacks '%s'", err.text,
		      hostile[_i].text);
}
END_TEST

static const struct {
	const char *protocol;
	long status;
	const char *header, *value, *body;
	enum reply_class class;
	const char *code, *name, *message;
} errors[] = {
	{ "json", 400, "x", "", "{\"__type\":\"a.b#ThrottlingException\",\"message\":\"slow\"}",
	  REPLY_THROTTLED, "ThrottlingException", "", "slow" },
	{ "json", 400, "x-amzn-errortype", "Thing.Gone:http://x", "{\"Message\":\"m\"}",
	  REPLY_ERROR, "Thing.Gone", "Gone", "m" },
	{ "json", 400, "x", "", "{\"__type\":\"t#Gone\",\"Depth\":\"many\"}",
	  REPLY_ERROR, "Gone", "Gone", "" },
	{ "json", 400, "x", "", "{\"__type\":\"ExpiredTokenException\"}",
	  REPLY_EXPIRED, "ExpiredTokenException", "", "" },
	{ "json", 503, "x", "", "<html>down</html>", REPLY_TRANSIENT, "", "", "" },
	{ "rest-json", 429, "x", "", "", REPLY_THROTTLED, "429", "", "" },
	{ "rest-json", 404, "x-amzn-ErrorType", "Thing.Gone", "{}",
	  REPLY_ERROR, "Thing.Gone", "Gone", "" },
	{ "query", 400, "x", "", "<ErrorResponse><Error><Code>RequestExpired</Code><Message>old"
	  "</Message></Error></ErrorResponse>", REPLY_SKEWED, "RequestExpired", "", "old" },
	{ "ec2", 503, "x", "", "<Response><Errors><Error><Code>RequestLimitExceeded</Code></Error>"
	  "</Errors></Response>", REPLY_THROTTLED, "RequestLimitExceeded", "", "" },
	{ "rest-xml", 404, "x", "", "", REPLY_ERROR, "404", "", "" },
	{ "rest-xml", 301, "x", "", "<Error><Code>PermanentRedirect</Code></Error>",
	  REPLY_ERROR, "PermanentRedirect", "", "" },
	{ "rest-xml", 200, "x", "",
	  "<Error><Code>InternalError</Code><Message>late</Message></Error>",
	  REPLY_TRANSIENT, "InternalError", "", "late" },
	{ "rest-xml", 500, "x", "", "<Error", REPLY_TRANSIENT, "", "", "" },
	{ "rest-xml", 400, "x", "", "<Error><Code>RequestTimeout</Code></Error>",
	  REPLY_TRANSIENT, "RequestTimeout", "", "" },
};

START_TEST(error_replies)
{
	struct http_header header = { str_from_c(errors[_i].header), str_from_c(errors[_i].value) };
	struct error err = { 0 };
	struct reply out;

	ck_assert(read_reply(errors[_i].protocol, "PutThing", errors[_i].status, &header, 1,
			     errors[_i].body, &out, &err));
	ck_assert_int_eq(out.class, errors[_i].class);
	unit_str_eq(out.code, errors[_i].code);
	unit_str_eq(out.error_name, errors[_i].name);
	unit_str_eq(out.message, errors[_i].message);
	ck_assert_int_eq(out.body.kind, VALUE_MAP);
	ck_assert(out.code.length == 0 || reply_is(&out, out.code));
	ck_assert(!reply_is(&out, STR("Other")) && !reply_is(&out, STR("")));
}
END_TEST

START_TEST(query_compatible_codes)
{
	struct http_header header = { STR_INIT("x-amzn-query-error"),
				      STR_INIT("Thing.Gone;Sender") };
	struct http_response r = { .status = 400, .headers = &header, .header_count = 1,
				   .body = STR_INIT("{\"__type\":\"ns#Gone\",\"Depth\":3}") };
	struct error err;
	struct reply out;

	wire_facts(&a, "json", ",\"awsQueryCompatible\":{}", &service);
	ck_assert(wire_read(&a, &service, wire_operation_find(&service, STR("Echo")), NULL, &r,
			    &out, &err));
	unit_str_eq(out.code, "Thing.Gone");
	ck_assert(reply_is(&out, STR("Gone")) && reply_is(&out, STR("Thing.Gone")));
	unit_str_eq(json_text(&a, &out.body), "{\"Depth\":3}");
}
END_TEST

START_TEST(rules_decide_classes)
{
	struct str throttle[] = { STR_INIT("Gone") }, not_throttle[] = { STR_INIT("SlowDown") };
	struct service_rules rules = { .throttle_codes = { throttle, 1 },
				       .not_throttle_codes = { not_throttle, 1 },
				       .transient_codes = { NULL, 0 } };
	struct http_response r = { .status = 400, .body = STR_INIT("{\"__type\":\"Gone\"}") };
	struct error err;
	struct reply out;

	wire_facts(&a, "json", "", &service);
	ck_assert(wire_read(&a, &service, wire_operation_find(&service, STR("Echo")), &rules, &r,
			    &out, &err));
	ck_assert_int_eq(out.class, REPLY_THROTTLED);
	r.body = STR("{\"__type\":\"SlowDown\"}");
	ck_assert(wire_read(&a, &service, wire_operation_find(&service, STR("Echo")), &rules, &r,
			    &out, &err));
	ck_assert_int_eq(out.class, REPLY_ERROR);
}
END_TEST

START_TEST(no_reply)
{
	struct http_response r = { .maybe_acted = true, .error = { ERROR_NETWORK, "timed out" } };
	struct error err;
	struct reply out;

	wire_facts(&a, "json", "", &service);
	ck_assert(wire_read(&a, &service, wire_operation_find(&service, STR("Echo")), NULL, &r,
			    &out, &err));
	ck_assert_int_eq(out.class, REPLY_LOST);
	unit_str_eq(out.message, "timed out");
	r.maybe_acted = false;
	ck_assert(wire_read(&a, &service, wire_operation_find(&service, STR("Echo")), NULL, &r,
			    &out, &err));
	ck_assert_int_eq(out.class, REPLY_TRANSIENT);
}
END_TEST

static const struct {
	const char *name, *value;
	int64_t wait_ms;
} waits[] = {
	{ "Retry-After", "2", 2000 },
	{ "retry-after", "99999999999999999", 300000 },
	{ "Retry-After", "-9223372036854775808", 0 },
	{ "Retry-After", "Tue, 29 Apr 2014 18:30:38 GMT", 0 },
	{ "x-amz-retry-after", "1500", 1500 },
};

START_TEST(retry_after)
{
	struct http_header header = { str_from_c(waits[_i].name), str_from_c(waits[_i].value) };
	struct error err;
	struct reply out;

	ck_assert(read_reply("json", "Echo", 503, &header, 1, "", &out, &err));
	ck_assert_int_eq(out.retry_after_ms, waits[_i].wait_ms);
}
END_TEST

START_TEST(headers_of_a_reply)
{
	struct http_header headers[] = {
		{ STR_INIT("X-Names"), STR_INIT(" a, \"b,\\\"c\" ,d") },
		{ STR_INIT("x-dates"), STR_INIT("Tue, 29 Apr 2014 18:30:38 GMT, "
						"Tue, 29 Apr 2014 18:30:39 GMT") },
		{ STR_INIT("x-json"), STR_INIT("eyJhIjoxfQ==") },
		{ STR_INIT("X-M-One"), STR_INIT("1") },
	};
	struct error err = { 0 };
	struct reply out;

	ck_assert_msg(read_reply("rest-json", "PutThing", 201, headers, 4, "{\"Text\":\"t\"}", &out,
				 &err), "%s", err.text);
	unit_str_eq(json_text(&a, &out.body),
		    "{\"Names\":[\"a\",\"b,\\\"c\",\"d\"],\"Dates\":[1398796238,1398796239],"
		    "\"Json\":{\"a\":1},\"Rest\":{\"One\":\"1\"},\"Status\":201,\"Text\":\"t\"}");
}
END_TEST

static void fill(TCase *tc)
{
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, writes_rest_json);
	tcase_add_test(tc, writes_rest_xml);
	tcase_add_test(tc, writes_forms);
	tcase_add_test(tc, writes_json_targets);
	tcase_add_test(tc, refuses_what_the_facts_do_not_know);
	tcase_add_test(tc, refuses_depth);
	tcase_add_test(tc, reads_xml);
	tcase_add_test(tc, secrets_are_marked);
	tcase_add_test(tc, bytes_stay_bytes);
	tcase_add_loop_test(tc, hostile_replies, 0, sizeof(hostile) / sizeof(*hostile));
	tcase_add_loop_test(tc, error_replies, 0, sizeof(errors) / sizeof(*errors));
	tcase_add_test(tc, query_compatible_codes);
	tcase_add_test(tc, rules_decide_classes);
	tcase_add_test(tc, no_reply);
	tcase_add_loop_test(tc, retry_after, 0, sizeof(waits) / sizeof(*waits));
	tcase_add_test(tc, headers_of_a_reply);
}

int main(void)
{
	return unit_run("aws_codec", fill);
}
