#include "client.h"

#include "codec.h"

#define SKEW_CERTAIN_S 30
#define SKEW_POSSIBLE_S 240
#define MESSAGE_LIMIT 600

/* ---- request ---- */

/* Where the pieces of a URL begin: "https://host:1/base" + "/path?query". */
struct target {
	struct str scheme, host, base;
	struct str uri;
};

static struct target target_split(struct str url, struct str uri)
{
	size_t scheme = str_starts(url, STR("https://")) ? 8 : 7;
	struct str rest = str_slice(url, scheme, url.length);
	size_t slash = str_index(rest, '/');

	return (struct target){ str_slice(url, 0, scheme), str_slice(rest, 0, slash),
				str_slice(rest, slash, rest.length), uri };
}

/* A bucket's name that can stand before the host: no dots, since certificates cover one label. */
static bool is_bucket_label(struct str s)
{
	for (size_t i = 0; i < s.length; i++) {
		char c = s.data[i];

		if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'))
			return false;
	}
	return s.length >= 3 && s.length <= 63 && s.data[0] != '-';
}

/* "/bucket/key?x" at a host becomes "/key?x" at bucket.host. */
static void target_move_bucket(struct arena *a, struct target *t)
{
	struct str path = str_slice(t->uri, 1, str_index(t->uri, '?'));
	struct str bucket = str_slice(path, 0, str_index(path, '/'));
	struct str rest = str_slice(t->uri, 1 + bucket.length, t->uri.length);

	if (!str_starts(t->uri, STR("/")) || !is_bucket_label(bucket))
		return;
	t->host = str_format(a, "%.*s.%.*s", STR_ARG(bucket), STR_ARG(t->host));
	t->uri = str_starts(rest, STR("/")) ? rest : str_format(a, "/%.*s", STR_ARG(rest));
}

static struct target target_make(struct arena *a, const struct aws_client *client,
				 const struct wire_service *service,
				 const struct endpoint *endpoint, const struct wire_request *wire)
{
	struct target t = target_split(endpoint->url, wire->uri);

	if (client->endpoints.override_url.length > 0)
		return t;
	if (service->raw_signing)
		target_move_bucket(a, &t);
	if (wire->host_prefix.length > 0)
		t.host = str_format(a, "%.*s%.*s", STR_ARG(wire->host_prefix), STR_ARG(t.host));
	return t;
}

static void headers_add(struct arena *a, const struct aws_client *client,
			const struct wire_service *service, struct str host,
			const struct wire_request *wire, struct http_header_vec *headers)
{
	header_put(a, headers, STR("Host"), host);
	for (size_t i = 0; i < wire->header_count; i++)
		header_put(a, headers, wire->headers[i].name, wire->headers[i].value);
	if (service->protocol == WIRE_REST_JSON)
		header_put_new(a, headers, "Accept", STR("application/json"));
	header_put_new(a, headers, "User-Agent", client->user_agent.length > 0 ?
						 client->user_agent : STR("effc"));
}

static bool request_sign(struct arena *a, const struct wire_service *service,
			 const struct endpoint *endpoint, const struct credentials *who,
			 int64_t time_s, struct str uri, struct http_request *out,
			 struct error *err)
{
	struct sign_input in = {
		.method = out->method, .uri = uri, .headers = out->headers,
		.header_count = out->header_count, .body = out->body,
		.region = endpoint->signing_region, .service = endpoint->signing_name,
		.time_s = time_s, .normalize_path = !service->raw_signing,
		.encode_path = !service->raw_signing, .sign_body = service->raw_signing,
	};
	struct signature signature;

	if (!sigv4_sign(a, &in, who, &signature, err))
		return false;
	out->headers = signature.headers;
	out->header_count = signature.header_count;
	return true;
}

bool request_make(struct arena *a, const struct aws_client *client,
		  const struct wire_service *service, const struct wire_operation *operation,
		  const struct call *call, const struct credentials *who, int64_t now_s,
		  struct http_request *out, struct error *err)
{
	struct http_header_vec headers = { 0 };
	struct wire_request wire;
	struct endpoint endpoint;
	struct target target;
	struct str uri;

	if (!endpoint_find(a, service, call->scope, &client->endpoints, &endpoint, err) ||
	    !wire_write(a, service, operation, &call->input, call->token, &wire, err))
		return false;
	target = target_make(a, client, service, &endpoint, &wire);
	headers_add(a, client, service, target.host, &wire, &headers);
	uri = str_format(a, "%.*s%.*s", STR_ARG(target.base), STR_ARG(target.uri));
	*out = (struct http_request){
		.method = wire.method, .headers = headers.items, .header_count = headers.count,
		.body = wire.body,
		.url = str_format(a, "%.*s%.*s%.*s", STR_ARG(target.scheme),
				  STR_ARG(target.host), STR_ARG(uri)),
	};
	if (operation->unsigned_call)
		return true;
	if (!who)
		return error_set(err, ERROR_CREDENTIALS, "no credentials to sign with");
	return request_sign(a, service, &endpoint, who, now_s + client->skew_s, uri, out, err);
}

static bool facts_find(const struct aws_client *client, const struct call *call,
		       const struct wire_service **service,
		       const struct wire_operation **operation, struct error *err)
{
	*service = schemas_wire(client->schemas, call->service);
	if (!*service)
		return error_set(err, ERROR_AWS, "no wire facts of the service '%.*s'",
				 STR_ARG(call->service));
	*operation = wire_operation_find(*service, call->operation);
	if (!*operation)
		return error_set(err, ERROR_AWS, "no wire facts of '%.*s' %.*s",
				 STR_ARG(call->service), STR_ARG(call->operation));
	return true;
}

bool aws_request(struct arena *a, const struct aws_client *client, const struct call *call,
		 const struct credentials *who, int64_t now_s, struct http_request *out,
		 struct error *err)
{
	const struct wire_service *service;
	const struct wire_operation *operation;

	return facts_find(client, call, &service, &operation, err) &&
	       request_make(a, client, service, operation, call, who, now_s, out, err);
}

/* ---- reply ---- */

/* Codes that a wrong clock brings about, among other reasons. */
static bool may_be_skew(struct str code)
{
	static const char *const codes[] = { "AuthFailure", "InvalidSignatureException",
					     "SignatureDoesNotMatch" };

	for (size_t i = 0; i < sizeof(codes) / sizeof(*codes); i++)
		if (str_equal_c(code, codes[i]))
			return true;
	return false;
}

void skew_learn(struct aws_client *client, const struct http_response *response, int64_t now_s,
		struct reply *reply)
{
	int64_t limit_s = SKEW_CERTAIN_S, skew_s, more_s;
	struct value date;

	if (reply->class == REPLY_ERROR && may_be_skew(reply->code))
		limit_s = SKEW_POSSIBLE_S;
	else if (reply->class != REPLY_SKEWED)
		return;
	/* Signing again with the same clock would not help, so without proof it is a refusal. */
	reply->class = REPLY_ERROR;
	if (!time_read(http_header_get(response, "Date"), &date) || date.kind != VALUE_INT)
		return;
	skew_s = date.integer - now_s;
	more_s = skew_s - client->skew_s;
	if (more_s <= limit_s && more_s >= -limit_s)
		return;
	client->skew_s = skew_s;
	reply->class = REPLY_SKEWED;
}

bool aws_reply(struct arena *a, struct aws_client *client, const struct call *call,
	       const struct http_response *response, int64_t now_s, struct reply *out,
	       struct error *err)
{
	const struct wire_service *service;
	const struct wire_operation *operation;

	if (!facts_find(client, call, &service, &operation, err))
		return false;
	if (!wire_read(a, service, operation, schemas_service(client->schemas, call->service),
		       response, out, err))
		return error_context(err, "%.*s", STR_ARG(call->service));
	skew_learn(client, response, now_s, out);
	return true;
}

/* ---- for people ---- */

static void add_line(struct buf *out, struct str text)
{
	struct str shown = str_slice(text, 0, MESSAGE_LIMIT);

	for (size_t i = 0; i < shown.length; i++)
		buf_add_char(out, (unsigned char)shown.data[i] < 0x20 ? ' ' : shown.data[i]);
	if (shown.length < text.length)
		buf_add_c(out, "...");
}

void aws_describe(struct buf *out, const struct call *call, const struct reply *reply)
{
	buf_printf(out, "%.*s %.*s", STR_ARG(call->service), STR_ARG(call->operation));
	if (call->scope && call->scope->region.length > 0)
		buf_printf(out, " in %.*s", STR_ARG(call->scope->region));
	if (reply->status == 0)
		buf_add_c(out, ": no reply");
	else
		buf_printf(out, ": %ld", reply->status);
	if (reply->code.length > 0) {
		buf_add_char(out, ' ');
		add_line(out, reply->code);
	}
	if (reply->message.length > 0) {
		buf_add_c(out, ": ");
		add_line(out, reply->message);
	}
	if (reply->request_id.length > 0) {
		buf_add_c(out, " (request ");
		add_line(out, reply->request_id);
		buf_add_char(out, ')');
	}
}
