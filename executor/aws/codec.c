#include "codec.h"

#include "base/hash.h"

bool codec_enter(struct codec *c)
{
	if (c->depth >= WIRE_DEPTH_LIMIT)
		return error_set(c->err, ERROR_LIMIT, "nested deeper than %d levels",
				 WIRE_DEPTH_LIMIT);
	c->depth++;
	return true;
}

/* A list or map may bring its name with its shape; a structure's names it as a root only. */
struct str member_label(const struct wire_member *m)
{
	bool by_shape = m->shape->kind == WIRE_MAP || m->shape->kind == WIRE_LIST;

	if (m->location_name.length > 0)
		return m->location_name;
	if (by_shape && m->shape->location_name.length > 0)
		return m->shape->location_name;
	return m->name;
}

bool member_is_flat(const struct wire_member *m)
{
	return m->flattened || m->shape->flattened;
}

bool member_is_read_from_body(const struct wire_member *m)
{
	return m->location == WIRE_BODY || m->location == WIRE_URI ||
	       m->location == WIRE_QUERYSTRING;
}

enum wire_timestamp member_time(const struct wire_member *m, enum wire_timestamp otherwise)
{
	if (m->timestamp != WIRE_TIME_DEFAULT)
		return m->timestamp;
	return m->shape->timestamp != WIRE_TIME_DEFAULT ? m->shape->timestamp : otherwise;
}

const struct value *value_given(const struct value *map, struct str key)
{
	const struct value *v = value_get(map, key);

	return v && v->kind != VALUE_NULL ? v : NULL;
}

bool members_check(struct codec *c, const struct wire_shape *shape, const struct value *v)
{
	for (uint32_t i = 0; i < v->map.count; i++)
		if (!map_has(&shape->members, v->map.entries[i].key))
			return error_set(c->err, ERROR_PARSE,
					 "%.*s has no member '%.*s'", STR_ARG(shape->name),
					 STR_ARG(v->map.entries[i].key));
	return true;
}

static const char *kind_wanted(enum wire_kind kind)
{
	switch (kind) {
	case WIRE_STRUCTURE:
	case WIRE_MAP:
		return "a table";
	case WIRE_LIST:
		return "a list";
	case WIRE_STRING:
	case WIRE_CHARACTER:
		return "a string";
	case WIRE_BLOB:
		return "bytes";
	case WIRE_BOOLEAN:
		return "a boolean";
	case WIRE_INTEGER:
	case WIRE_LONG:
		return "an integer";
	case WIRE_FLOAT:
	case WIRE_DOUBLE:
		return "a number";
	case WIRE_TIMESTAMP:
		return "a time";
	}
	BUG("wire kind %d", (int)kind);
}

bool shape_accepts(struct codec *c, const struct wire_shape *shape, const struct value *v)
{
	bool table = shape->kind == WIRE_STRUCTURE || shape->kind == WIRE_MAP;

	if (table && v->kind == VALUE_MAP)
		return true;
	if (shape->kind == WIRE_LIST && v->kind == VALUE_LIST)
		return true;
	return error_set(c->err, ERROR_PARSE, "%.*s wants %s, not this %s", STR_ARG(shape->name),
			 kind_wanted(shape->kind), value_kind_name(v->kind));
}

void header_put(struct arena *a, struct http_header_vec *headers, struct str name,
		struct str value)
{
	*vec_push(a, headers) = (struct http_header){ name, value };
}

bool header_put_new(struct arena *a, struct http_header_vec *headers, const char *name,
		    struct str value)
{
	for (size_t i = 0; i < headers->count; i++)
		if (str_equal_fold(headers->items[i].name, str_from_c(name)))
			return false;
	header_put(a, headers, str_from_c(name), value);
	return true;
}

/* ---- writing ---- */

/* The input with absent idempotency tokens filled in. */
static struct value with_tokens(struct codec *c, const struct value *input, struct str token)
{
	const struct wire_shape *shape = c->operation->input;
	struct value full = value_map();

	for (uint32_t i = 0; i < input->map.count; i++) {
		struct str key = input->map.entries[i].key;

		value_set(c->a, &full, key, *value_get(input, key));
	}
	for (uint32_t i = 0; i < shape->members.count; i++) {
		const struct wire_member *m = shape->members.entries[i].value;

		if (m->idempotency_token && token.length > 0 && !value_given(input, m->name))
			value_set(c->a, &full, m->name, value_string(token));
	}
	return full;
}

static void headers_out(const struct http_header_vec *headers, struct wire_request *out)
{
	out->headers = headers->items;
	out->header_count = headers->count;
}

static bool write_json(struct codec *c, const struct value *input, struct wire_request *out)
{
	const struct wire_service *s = c->service;
	struct str version = s->json_version.length > 0 ? s->json_version : STR("1.0");
	struct http_header_vec headers = { 0 };
	struct buf body;

	buf_init(&body, c->a);
	if (c->operation->input) {
		if (!json_write(c, &body, c->operation->input, input, false))
			return false;
	} else {
		buf_add_c(&body, "{}");
	}
	header_put(c->a, &headers, STR("Content-Type"),
		   str_format(c->a, "application/x-amz-json-%.*s", STR_ARG(version)));
	header_put(c->a, &headers, STR("X-Amz-Target"),
		   str_format(c->a, "%.*s.%.*s", STR_ARG(s->target_prefix),
			      STR_ARG(c->operation->name)));
	if (s->query_compatible)
		header_put(c->a, &headers, STR("x-amzn-query-mode"), STR("true"));
	headers_out(&headers, out);
	out->body = buf_str(&body);
	return true;
}

static bool write_query(struct codec *c, const struct value *input, struct wire_request *out)
{
	struct http_header_vec headers = { 0 };
	struct buf body;

	buf_init(&body, c->a);
	buf_add_c(&body, "Action=");
	buf_add(&body, c->operation->name);
	buf_add_c(&body, "&Version=");
	buf_add(&body, c->service->api_version);
	if (c->operation->input && !query_write(c, &body, c->operation->input, input))
		return false;
	header_put(c->a, &headers, STR("Content-Type"),
		   STR("application/x-www-form-urlencoded; charset=utf-8"));
	headers_out(&headers, out);
	out->body = buf_str(&body);
	return true;
}

static bool is_host_label(struct str s)
{
	if (s.length == 0 || s.length > 63 || s.data[0] == '-')
		return false;
	for (size_t i = 0; i < s.length; i++) {
		char k = s.data[i];

		if (!((k >= 'a' && k <= 'z') || (k >= 'A' && k <= 'Z') ||
		      (k >= '0' && k <= '9') || k == '-'))
			return false;
	}
	return true;
}

/* "data.{Name}." with its labels filled in from the input. */
static bool write_host_prefix(struct codec *c, const struct value *input, struct str *out)
{
	struct str rest = c->operation->host_prefix;
	struct buf text;

	buf_init(&text, c->a);
	while (rest.length > 0) {
		size_t open = str_index(rest, '{'), close = str_index(rest, '}');
		struct str name = str_slice(rest, open + 1, close);

		buf_add(&text, str_slice(rest, 0, open));
		if (open < rest.length) {
			struct str label = value_get_str(input, str_to_c(c->a, name));

			if (close == rest.length || !is_host_label(label))
				return error_set(c->err, ERROR_PARSE,
						 "%.*s: '%.*s' is no label of a host name",
						 STR_ARG(name), STR_ARG(label));
			buf_add(&text, label);
			open = close;
		}
		rest = str_slice(rest, open + 1, rest.length);
	}
	*out = buf_str(&text);
	return true;
}

/* Where a digest of the body is required and none is given: MD5, which every such service takes. */
static void add_checksum(struct codec *c, struct wire_request *out)
{
	struct http_header *headers = arena_array(c->a, struct http_header, out->header_count + 1);
	uint8_t digest[16];

	for (size_t i = 0; i < out->header_count; i++) {
		headers[i] = out->headers[i];
		if (str_equal_fold(headers[i].name, STR("Content-MD5")) ||
		    (headers[i].name.length > 15 &&
		     str_equal_fold(str_slice(headers[i].name, 0, 15), STR("x-amz-checksum-"))))
			return;
	}
	md5_of(out->body, digest);
	headers[out->header_count++] = (struct http_header){
		STR("Content-MD5"), base64_encode(c->a, str_of((const char *)digest, 16)) };
	out->headers = headers;
}

static bool write_protocol(struct codec *c, const struct value *input, struct wire_request *out)
{
	switch (c->service->protocol) {
	case WIRE_JSON:
		return write_json(c, input, out);
	case WIRE_QUERY:
	case WIRE_EC2:
		return write_query(c, input, out);
	case WIRE_REST_JSON:
	case WIRE_REST_XML:
		return rest_write(c, input, out);
	}
	BUG("protocol %d", (int)c->service->protocol);
}

bool wire_write(struct arena *a, const struct wire_service *service,
		const struct wire_operation *operation, const struct value *input,
		struct str idempotency_token, struct wire_request *out, struct error *err)
{
	struct codec c = { a, service, operation, err, 0 };
	struct value full = value_map();

	*out = (struct wire_request){ .method = operation->method, .uri = operation->uri };
	if (input && input->kind != VALUE_MAP && input->kind != VALUE_NULL)
		return error_set(err, ERROR_PARSE, "the input of %.*s is no table",
				 STR_ARG(operation->name));
	if (!input || input->kind == VALUE_NULL)
		input = &full;
	if (operation->input)
		full = with_tokens(&c, input, idempotency_token);
	else if (input->map.count > 0)
		return error_set(err, ERROR_PARSE, "%.*s takes no input", STR_ARG(operation->name));
	if (operation->input && !members_check(&c, operation->input, &full))
		return false;
	if (!write_host_prefix(&c, &full, &out->host_prefix) || !write_protocol(&c, &full, out))
		return error_context(err, "%.*s", STR_ARG(operation->name));
	if (operation->checksum_required)
		add_checksum(&c, out);
	return true;
}
