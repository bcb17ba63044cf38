#include "codec.h"

#include "base/json.h"
#include "xml.h"

/* One reply on its way from bytes to meaning. */
struct reading {
	struct codec codec;
	const struct http_response *response;
	const struct xml_node *root;	/* XML protocols, if the body is well-formed */
	struct value json;		/* JSON protocols, ditto; else NULL kind */
	struct reply *out;
};

static bool speaks_json(const struct wire_service *s)
{
	return s->protocol == WIRE_JSON || s->protocol == WIRE_REST_JSON;
}

static struct str header(const struct reading *r, const char *name)
{
	return http_header_get(r->response, name);
}

static struct str first_of(struct str a, struct str b)
{
	return a.length > 0 ? a : b;
}

static struct str find_request_id(const struct reading *r)
{
	static const char *const headers[] = { "x-amzn-requestid", "x-amz-request-id",
					       "x-amzn-request-id" };
	static const char *const names[] = { "RequestId", "RequestID", "requestId" };
	struct str id = { 0 };

	for (size_t i = 0; i < sizeof(headers) / sizeof(*headers); i++)
		id = first_of(id, header(r, headers[i]));
	id = first_of(id, xml_child_text(xml_child(r->root, STR("ResponseMetadata")), "RequestId"));
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		id = first_of(id, xml_child_text(r->root, names[i]));
	return id;
}

/* ---- errors ---- */

/* "aws.x#Name:http://…" is Name. */
static struct str code_cut(struct str code)
{
	size_t hash;

	code = str_trim(str_slice(code, 0, str_index(code, ':')));
	hash = str_index(code, '#');
	return hash < code.length ? str_slice(code, hash + 1, code.length) : code;
}

static bool shape_has_code(const struct wire_shape *shape, struct str code)
{
	return str_equal(first_of(shape->error_code, shape->name), code);
}

static const struct wire_shape *find_error(const struct reading *r, struct str code)
{
	const struct wire_operation *op = r->codec.operation;
	const struct map *shapes = &r->codec.service->shapes;

	for (size_t i = 0; i < op->error_count; i++)
		if (shape_has_code(op->errors[i], code))
			return op->errors[i];
	for (uint32_t i = 0; i < shapes->count; i++) {
		const struct wire_shape *shape = shapes->entries[i].value;

		if (shape->exception && shape_has_code(shape, code))
			return shape;
	}
	return NULL;
}

static const struct xml_node *error_node(const struct xml_node *root)
{
	const struct xml_node *list;

	if (!root || str_equal_c(root->name, "Error"))
		return root;
	list = xml_child(root, STR("Errors"));
	return xml_child(list ? list : root, STR("Error"));
}

/* Fields that do not read as the facts say are left out: the code matters more. */
static void read_fields(struct reading *r, const struct wire_shape *shape,
			const struct xml_node *node)
{
	enum wire_protocol protocol = r->codec.service->protocol;
	bool rest = protocol == WIRE_REST_JSON || protocol == WIRE_REST_XML;
	struct value head = value_map(), body = value_map();
	struct error ignored;
	struct codec c = r->codec;
	bool fine = true;

	c.err = &ignored;
	if (rest && !rest_read_head(&c, shape, r->response, &head))
		head = value_map();
	if (r->json.kind == VALUE_MAP)
		fine = json_read(&c, shape, &r->json, rest, &body);
	else if (node)
		fine = xml_read(&c, shape, node, rest, &body);
	for (uint32_t i = 0; fine && i < body.map.count; i++) {
		struct str key = body.map.entries[i].key;

		value_set(c.a, &head, key, *value_get(&body, key));
	}
	r->out->body = head;
}

static void read_json_error(struct reading *r)
{
	struct reply *out = r->out;
	struct str named = code_cut(header(r, "x-amzn-errortype"));
	struct str query_error = header(r, "x-amzn-query-error");
	const struct wire_shape *shape;

	named = first_of(named, code_cut(value_get_str(&r->json, "__type")));
	named = first_of(named, code_cut(value_get_str(&r->json, "code")));
	out->code = named;
	if (r->codec.service->query_compatible)
		out->code = first_of(str_slice(query_error, 0, str_index(query_error, ';')), named);
	out->message = first_of(value_get_str(&r->json, "message"),
				value_get_str(&r->json, "Message"));
	out->message = first_of(out->message, value_get_str(&r->json, "errorMessage"));
	shape = find_error(r, out->code);
	if (!shape)
		shape = find_error(r, named);
	if (!shape && named.length > 0) {
		shape = map_get(&r->codec.service->shapes, named);
		shape = shape && shape->exception ? shape : NULL;
	}
	if (!shape)
		return;
	out->error_name = shape->name;
	read_fields(r, shape, NULL);
}

static void read_xml_error(struct reading *r)
{
	const struct xml_node *node = error_node(r->root);
	const struct wire_shape *shape;

	r->out->code = str_trim(xml_child_text(node, "Code"));
	r->out->message = str_trim(xml_child_text(node, "Message"));
	if (!node)
		r->out->code = code_cut(header(r, "x-amzn-errortype"));
	shape = find_error(r, r->out->code);
	if (!shape)
		return;
	r->out->error_name = shape->name;
	read_fields(r, shape, node);
}

static void read_error(struct reading *r, const struct service_rules *rules)
{
	struct reply *out = r->out;

	out->body = value_map();
	if (speaks_json(r->codec.service))
		read_json_error(r);
	else
		read_xml_error(r);
	/* An answer to HEAD has no body: its status is all there is. */
	if (out->code.length == 0 && r->response->body.length == 0)
		out->code = str_format(r->codec.a, "%ld", r->response->status);
	out->class = error_class(out->status, out->code, rules);
}

bool reply_is(const struct reply *reply, struct str name)
{
	return name.length > 0 &&
	       (str_equal(reply->code, name) || str_equal(reply->error_name, name));
}

/* ---- results ---- */

static const struct xml_node *result_node(const struct reading *r)
{
	struct str wrapper = r->codec.operation->output_wrapper;

	if (wrapper.length == 0 || !r->root || str_equal(r->root->name, wrapper))
		return r->root;
	return xml_child(r->root, wrapper);
}

/* A wrapper that the facts do not name: the one child that is not metadata. */
static const struct xml_node *unnamed_result(const struct reading *r)
{
	struct str suffix = STR("Result");
	const struct xml_node *child = r->root ? r->root->first : NULL;

	for (; child; child = child->next)
		if (r->codec.service->protocol == WIRE_QUERY && str_ends(child->name, suffix) &&
		    str_starts(child->name, r->codec.operation->name))
			return child;
	return r->root;
}

static bool read_result(struct reading *r)
{
	const struct wire_shape *shape = r->codec.operation->output;
	struct codec *c = &r->codec;
	const struct xml_node *node;

	r->out->body = value_map();
	if (!shape)
		return true;
	switch (c->service->protocol) {
	case WIRE_REST_JSON:
	case WIRE_REST_XML:
		return rest_read(c, shape, r->response, r->root, &r->out->body);
	case WIRE_JSON:
		if (str_trim(r->response->body).length == 0)
			return true;
		return json_read(c, shape, &r->json, false, &r->out->body);
	case WIRE_QUERY:
	case WIRE_EC2:
		node = c->operation->output_wrapper.length > 0 ? result_node(r) : unnamed_result(r);
		return !node || xml_read(c, shape, node, false, &r->out->body);
	}
	BUG("protocol %d", (int)c->service->protocol);
}

/* ---- both ---- */

static bool body_is_structured(const struct reading *r)
{
	enum wire_protocol protocol = r->codec.service->protocol;
	bool rest = protocol == WIRE_REST_JSON || protocol == WIRE_REST_XML;

	if (str_trim(r->response->body).length == 0)
		return false;
	if (r->response->status >= 300)
		return true;
	return r->codec.operation->output &&
	       !(rest && payload_is_raw(r->codec.operation->output));
}

/* False if the body is not of the protocol's form; nothing to parse is fine. */
static bool parse_body(struct reading *r, struct error *err)
{
	const struct wire_service *s = r->codec.service;

	if (!body_is_structured(r))
		return true;
	if (s->protocol == WIRE_REST_JSON && r->response->status < 300)
		return true;	/* parsed by who knows which member it is */
	if (speaks_json(s))
		return json_parse(r->codec.a, r->response->body, SPAN_NOWHERE, &r->json, err);
	r->root = xml_parse(r->codec.a, r->response->body, err);
	return r->root != NULL;
}

static void read_no_reply(const struct http_response *response, struct reply *out)
{
	out->class = response->maybe_acted ? REPLY_LOST : REPLY_TRANSIENT;
	out->body = value_map();
	out->message = str_from_c(response->error.text);
}

/* Some operations answer 200 while they work, and then write the failure into the body. */
static bool is_late_error(const struct reading *r)
{
	return r->codec.service->protocol == WIRE_REST_XML && r->root &&
	       str_equal_c(r->root->name, "Error") && xml_child(r->root, STR("Code"));
}

bool wire_read(struct arena *a, const struct wire_service *service,
	       const struct wire_operation *operation, const struct service_rules *rules,
	       const struct http_response *response, struct reply *out, struct error *err)
{
	struct reading r = { .codec = { a, service, operation, err, 0 }, .response = response,
			     .out = out };
	bool error = response->status >= 300, parsed;
	struct error malformed;

	*out = (struct reply){ .class = REPLY_OK, .status = response->status };
	if (response->status == 0) {
		read_no_reply(response, out);
		return true;
	}
	parsed = parse_body(&r, error ? &malformed : err);
	out->request_id = find_request_id(&r);
	out->retry_after_ms = retry_after_ms(response);
	if (error || is_late_error(&r)) {
		read_error(&r, rules);
		return true;
	}
	if (parsed && read_result(&r)) {
		if (out->body.kind == VALUE_NULL)
			out->body = value_map();	/* JSON's null stands for no members */
		return true;
	}
	return error_context(err, "%.*s", STR_ARG(operation->name));
}
