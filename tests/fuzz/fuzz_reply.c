#include "base/json.h"
#include "executor/aws/aws.h"

/*
 * Any bytes as what a service answers, in each of the four wire formats: the
 * first byte says which, the second the status, the rest is the body.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const protocols[] = { "json", "query", "rest-json", "rest-xml" };
static const long statuses[] = { 200, 204, 400, 404, 429, 500, 503 };

static const char facts[] =
	"{\"metadata\":{\"protocol\":\"%s\",\"jsonVersion\":\"1.0\",\"targetPrefix\":\"T\","
	"\"endpointPrefix\":\"x\",\"serviceId\":\"X\",\"signingName\":\"x\",\"apiVersion\":\"1\"},"
	"\"operations\":{\"Get\":{\"name\":\"Get\",\"http\":{\"method\":\"POST\",\"requestUri\":\"/"
	"\"},"
	"\"input\":{\"shape\":\"All\"},\"output\":{\"shape\":\"All\",\"resultWrapper\":"
	"\"GetResult\"},"
	"\"errors\":[{\"shape\":\"Bad\"}]}},\"shapes\":{"
	"\"Text\":{\"type\":\"string\"},\"Count\":{\"type\":\"integer\"},\"Flag\":{\"type\":"
	"\"boolean\"},"
	"\"Time\":{\"type\":\"timestamp\"},\"Bytes\":{\"type\":\"blob\"},\"Part\":{\"type\":"
	"\"double\"},"
	"\"Names\":{\"type\":\"list\",\"member\":{\"shape\":\"All\"}},"
	"\"Flat\":{\"type\":\"list\",\"member\":{\"shape\":\"Text\"},\"flattened\":true},"
	"\"Table\":{\"type\":\"map\",\"key\":{\"shape\":\"Text\"},\"value\":{\"shape\":\"All\"}},"
	"\"Bad\":{\"type\":\"structure\",\"exception\":true,\"members\":{\"message\":{\"shape\":"
	"\"Text\"}}},"
	"\"All\":{\"type\":\"structure\",\"members\":{\"Text\":{\"shape\":\"Text\"},"
	"\"Count\":{\"shape\":\"Count\"},\"Flag\":{\"shape\":\"Flag\"},\"Time\":{\"shape\":"
	"\"Time\"},"
	"\"Bytes\":{\"shape\":\"Bytes\"},\"Part\":{\"shape\":\"Part\"},\"Names\":{\"shape\":"
	"\"Names\"},"
	"\"Flat\":{\"shape\":\"Flat\"},\"Table\":{\"shape\":\"Table\"},\"All\":{\"shape\":\"All\"}}"
	"}}}";

static void service_make(struct arena *a, const char *protocol, struct wire_service *out)
{
	struct error err = { 0 };
	struct value json;
	struct str text = str_replace(a, str_from_c(facts), STR("%s"), str_from_c(protocol));

	CHECK(json_parse(a, text, SPAN_NOWHERE, &json, &err));
	if (!wire_service_parse(a, STR("fuzz"), &json, out, &err))
		BUG("%s", err.text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct http_response response = { 0 };
	struct wire_service service;
	struct error err = { 0 };
	struct reply reply;
	struct arena a;

	if (size < 2)
		return 0;
	arena_init(&a);
	service_make(&a, protocols[data[0] % 4], &service);
	response.status = statuses[data[1] % (sizeof(statuses) / sizeof(*statuses))];
	response.body = str_of((const char *)data + 2, size - 2);
	if (wire_read(&a, &service, wire_operation_find(&service, STR("Get")), NULL, &response,
		      &reply, &err)) {
		CHECK(reply.class != REPLY_OK || response.status < 300);
		(void)json_text(&a, &reply.body);
	} else {
		CHECK(err.kind != ERROR_NONE && err.text[0]);
	}
	arena_release(&a);
	return 0;
}
