#include "helper.h"

#include "base/json.h"
#include "executor/aws/aws.h"

/* The question brings a service of one operation in the models' own form. */
static bool read_service(struct arena *a, const struct value *q, struct wire_service *service,
			 const struct wire_operation **operation, struct error *err)
{
	const struct value *op = value_get_c(q, "operation");
	struct value model = value_map(), operations = value_map();
	struct str name = value_get_str(op, "name");

	if (!op || name.length == 0)
		return error_set(err, ERROR_PARSE, "the question has no operation");
	value_set(a, &operations, name, *op);
	value_set(a, &model, STR("metadata"), *value_get_c(q, "metadata"));
	value_set(a, &model, STR("shapes"), *value_get_c(q, "shapes"));
	value_set(a, &model, STR("operations"), operations);
	if (!wire_service_parse(a, STR("test"), &model, service, err))
		return false;
	*operation = wire_operation_find(service, name);
	return *operation != NULL;
}

static struct str host_of(struct str url)
{
	size_t slash;

	url = str_slice(url, str_starts(url, STR("https://")) ? 8 : 7, url.length);
	slash = str_index(url, '/');
	return str_slice(url, 0, slash);
}

/* What the endpoint's own path puts before the operation's. */
static struct str base_of(struct str url)
{
	size_t start = (str_starts(url, STR("https://")) ? 8 : 7) + host_of(url).length;
	struct str base = str_slice(url, start, url.length);

	while (str_ends(base, STR("/")))
		base.length--;
	return base;
}

static void print_request(struct arena *a, const struct wire_request *wire, struct str endpoint,
			  struct buf *answer)
{
	struct value v = value_map(), headers = value_map();

	for (size_t i = 0; i < wire->header_count; i++)
		value_set(a, &headers, wire->headers[i].name,
			  value_string(wire->headers[i].value));
	value_set(a, &v, STR("method"), value_string(wire->method));
	value_set(a, &v, STR("uri"), value_string(str_format(a, "%.*s%.*s",
		  STR_ARG(base_of(endpoint)), STR_ARG(wire->uri))));
	value_set(a, &v, STR("headers"), headers);
	value_set(a, &v, STR("body"), value_string(wire->body));
	value_set(a, &v, STR("host"), value_string(str_format(a, "%.*s%.*s",
		  STR_ARG(wire->host_prefix), STR_ARG(host_of(endpoint)))));
	json_print(answer, &v);
}

static bool serialize(struct arena *a, const struct value *q, const struct wire_service *service,
		      const struct wire_operation *operation, struct buf *answer,
		      struct error *err)
{
	struct wire_request wire;

	if (!wire_write(a, service, operation, value_get_c(q, "params"),
			question_str(q, "idempotency_token"), &wire, err))
		return false;
	print_request(a, &wire, question_str(q, "endpoint"), answer);
	return true;
}

static void read_response(struct arena *a, const struct value *q, struct http_response *out)
{
	const struct value *r = value_get_c(q, "response");
	const struct value *headers = value_get_c(r, "headers"), *status;

	status = value_get_c(r, "status_code");
	out->status = status && status->kind == VALUE_INT ? (long)status->integer : 200;
	out->body = value_get_str(r, "body");
	if (!headers || headers->kind != VALUE_MAP)
		return;
	out->headers = arena_array(a, struct http_header, headers->map.count);
	for (uint32_t i = 0; i < headers->map.count; i++) {
		struct str name = headers->map.entries[i].key;
		const struct value *v = value_get(headers, name);

		out->headers[out->header_count++] = (struct http_header){ name, v->string };
	}
}

/* Secrets are what the suite asks for, so they are printed here. */
static void print_reply(struct arena *a, const struct reply *reply, struct buf *answer)
{
	struct value v = value_map(), error = value_map();

	if (reply->class == REPLY_OK) {
		value_set(a, &v, STR("result"), reply->body);
		json_print_wire(answer, &v);
		return;
	}
	value_set(a, &error, STR("code"), value_string(reply->code));
	value_set(a, &error, STR("message"), value_string(reply->message));
	value_set(a, &error, STR("fields"), reply->body);
	value_set(a, &v, STR("error"), error);
	json_print_wire(answer, &v);
}

bool protocol_answer(struct arena *a, struct str question, struct buf *answer, struct error *err)
{
	struct http_response response = { 0 };
	const struct wire_operation *operation;
	struct wire_service service;
	struct reply reply;
	struct value q;

	if (!json_parse(a, question, SPAN_NOWHERE, &q, err) ||
	    !read_service(a, &q, &service, &operation, err))
		return false;
	if (str_equal_c(question_str(&q, "mode"), "serialize"))
		return serialize(a, &q, &service, operation, answer, err);
	read_response(a, &q, &response);
	if (!wire_read(a, &service, operation, NULL, &response, &reply, err))
		return false;
	print_reply(a, &reply, answer);
	return true;
}
