#include <stddef.h>
#include <stdint.h>

#include "executor/aws/aws.h"
#include "tests/unit/wire_facts.h"

/*
 * Any reply in any protocol: refused with a reason, or read; what was read
 * is then written as a request.  The first byte chooses protocol and
 * operation, the second the status; lines up to an empty one are headers.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void take_headers(struct arena *a, struct str *rest, struct http_response *out)
{
	struct str line;

	out->headers = arena_array(a, struct http_header, 32);
	while (out->header_count < 32 && str_split(rest, '\n', &line) && line.length > 0) {
		size_t colon = str_index(line, ':');

		out->headers[out->header_count++] = (struct http_header){
			str_slice(line, 0, colon),
			str_trim(str_slice(line, colon + 1, line.length)) };
	}
}

static void write_back(struct arena *a, const struct wire_service *service,
		       const struct value *body)
{
	const struct wire_operation *echo = wire_operation_find(service, STR("Echo"));
	struct wire_request request;
	struct error err = { 0 };

	if (!wire_write(a, service, echo, body, (struct str){ 0 }, &request, &err))
		CHECK(err.text[0]);
}

static void feed(struct arena *a, uint8_t choice, uint8_t status, struct str rest)
{
	static const char *const protocols[] = { "json", "query", "ec2", "rest-json", "rest-xml" };
	static const char *const operations[] = { "PutThing", "GetBytes", "Echo" };
	static const long statuses[] = { 200, 204, 301, 400, 404, 429, 500, 503 };
	struct http_response response = { .status = statuses[status % 8] };
	struct wire_service service;
	struct error err = { 0 };
	struct reply reply;

	wire_facts(a, protocols[choice % 5], "", &service);
	take_headers(a, &rest, &response);
	response.body = rest;
	if (!wire_read(a, &service,
		       wire_operation_find(&service, str_from_c(operations[choice / 5 % 3])),
		       NULL, &response, &reply, &err)) {
		CHECK(err.text[0] && response.status < 300);
		return;
	}
	CHECK(reply.body.kind == VALUE_MAP);
	if (reply.class == REPLY_OK && choice / 5 % 3 != 1)
		write_back(a, &service, &reply.body);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a;

	if (size < 2)
		return 0;
	arena_init(&a);
	feed(&a, data[0], data[1], str_of((const char *)data + 2, size - 2));
	arena_release(&a);
	return 0;
}
