#include "wire.h"

/*
 * Shapes name each other and may be recursive, so they are made in two rounds:
 * all of them empty, then each filled in with pointers to the others.  Nothing
 * here recurses, whatever the document says.
 */
struct reading {
	struct arena *a;
	struct wire_service *service;
	const struct value *json;
	struct error *err;
};

struct name_code {
	struct str name;
	int code;
};

static const struct name_code protocols[] = {
	{ STR_INIT("json"), WIRE_JSON },
	{ STR_INIT("query"), WIRE_QUERY },
	{ STR_INIT("ec2"), WIRE_EC2 },
	{ STR_INIT("rest-json"), WIRE_REST_JSON },
	{ STR_INIT("rest-xml"), WIRE_REST_XML },
};

static const struct name_code kinds[] = {
	{ STR_INIT("structure"), WIRE_STRUCTURE },
	{ STR_INIT("list"), WIRE_LIST },
	{ STR_INIT("map"), WIRE_MAP },
	{ STR_INIT("string"), WIRE_STRING },
	{ STR_INIT("blob"), WIRE_BLOB },
	{ STR_INIT("boolean"), WIRE_BOOLEAN },
	{ STR_INIT("integer"), WIRE_INTEGER },
	{ STR_INIT("long"), WIRE_LONG },
	{ STR_INIT("float"), WIRE_FLOAT },
	{ STR_INIT("double"), WIRE_DOUBLE },
	{ STR_INIT("timestamp"), WIRE_TIMESTAMP },
	{ STR_INIT("character"), WIRE_CHARACTER },
	/* Older models. */
	{ STR_INIT("short"), WIRE_INTEGER },
	{ STR_INIT("byte"), WIRE_INTEGER },
	{ STR_INIT("bigdecimal"), WIRE_DOUBLE },
	{ STR_INIT("biginteger"), WIRE_LONG },
};

static const struct name_code locations[] = {
	{ STR_INIT("uri"), WIRE_URI },
	{ STR_INIT("querystring"), WIRE_QUERYSTRING },
	{ STR_INIT("header"), WIRE_HEADER },
	{ STR_INIT("headers"), WIRE_HEADERS },
	{ STR_INIT("statusCode"), WIRE_STATUS_CODE },
};

static const struct name_code timestamps[] = {
	{ STR_INIT("unixTimestamp"), WIRE_TIME_UNIX },
	{ STR_INIT("iso8601"), WIRE_TIME_ISO8601 },
	{ STR_INIT("rfc822"), WIRE_TIME_RFC822 },
};

#define LOOK_UP(table, name, out) \
	look_up((table), sizeof(table) / sizeof((table)[0]), (name), (out))

static bool look_up(const struct name_code *table, size_t count, struct str name, int *out)
{
	for (size_t i = 0; i < count; i++) {
		if (str_equal(table[i].name, name)) {
			*out = table[i].code;
			return true;
		}
	}
	return false;
}

static bool get_bool(const struct value *v, const char *key)
{
	const struct value *item = value_get_c(v, key);

	return item && item->kind == VALUE_BOOL && item->boolean;
}

static bool has(const struct value *v, const char *key)
{
	const struct value *item = value_get_c(v, key);

	return item && !(item->kind == VALUE_BOOL && !item->boolean);
}

/* A text, or the first of a list of one. */
static struct str get_single(const struct value *v, const char *key)
{
	const struct value *item = value_get_c(v, key);

	if (item && item->kind == VALUE_LIST && item->list.count == 1)
		item = &item->list.items[0];
	return item && item->kind == VALUE_STRING ? item->string : (struct str){ 0 };
}

/* Either a text or {"uri":…, "prefix":…}. */
static void get_namespace(const struct value *v, struct str *uri, struct str *prefix)
{
	const struct value *space = value_get_c(v, "xmlNamespace");

	if (!space)
		return;
	if (space->kind == VALUE_STRING) {
		*uri = space->string;
		return;
	}
	*uri = value_get_str(space, "uri");
	*prefix = value_get_str(space, "prefix");
}

static bool read_timestamp(struct reading *r, struct str where, const struct value *v,
			   enum wire_timestamp *out)
{
	struct str format = value_get_str(v, "timestampFormat");
	int code;

	if (!format.length)
		return true;
	if (!LOOK_UP(timestamps, format, &code))
		return error_set(r->err, ERROR_PARSE,
				 "shape '%.*s': unknown timestamp format '%.*s'", STR_ARG(where),
				 STR_ARG(format));
	*out = (enum wire_timestamp)code;
	return true;
}

static bool read_protocol(struct reading *r, const struct value *metadata)
{
	struct str name = value_get_str(metadata, "protocol");
	const struct value *more = value_get_c(metadata, "protocols");
	int code;

	if (LOOK_UP(protocols, name, &code)) {
		r->service->protocol = (enum wire_protocol)code;
		return true;
	}
	/* A service that speaks several may name one first that we do not. */
	for (size_t i = 0; more && more->kind == VALUE_LIST && i < more->list.count; i++) {
		const struct value *item = &more->list.items[i];

		if (item->kind == VALUE_STRING && LOOK_UP(protocols, item->string, &code)) {
			r->service->protocol = (enum wire_protocol)code;
			return true;
		}
	}
	return error_set(r->err, ERROR_PARSE, "service '%.*s': unknown protocol '%.*s'",
			 STR_ARG(r->service->name), STR_ARG(name));
}

static bool read_metadata(struct reading *r)
{
	const struct value *m = value_get_c(r->json, "metadata");
	struct wire_service *s = r->service;
	struct str prefix;

	if (!m || m->kind != VALUE_MAP)
		return error_set(r->err, ERROR_PARSE, "service '%.*s': no metadata",
				 STR_ARG(s->name));
	s->json_version = value_get_str(m, "jsonVersion");
	s->target_prefix = value_get_str(m, "targetPrefix");
	s->api_version = value_get_str(m, "apiVersion");
	s->endpoint_prefix = value_get_str(m, "endpointPrefix");
	s->signing_name = value_get_str(m, "signingName");
	if (!s->signing_name.length)
		s->signing_name = s->endpoint_prefix;
	s->service_id = value_get_str(m, "serviceId");
	get_namespace(m, &s->xml_namespace, &prefix);
	s->query_compatible = has(m, "awsQueryCompatible");
	s->global = has(m, "globalEndpoint");
	s->raw_signing = str_equal(value_get_str(m, "signatureVersion"), STR("s3v4"));
	return read_protocol(r, m);
}

static struct wire_shape *find_shape(struct reading *r, struct str where, const struct value *ref)
{
	struct str name = value_get_str(ref, "shape");
	struct wire_shape *shape = map_get(&r->service->shapes, name);

	if (!shape)
		(void)error_set(r->err, ERROR_PARSE,
				"'%.*s' refers to the shape '%.*s', which is missing",
				STR_ARG(where), STR_ARG(name));
	return shape;
}

static bool read_location(struct reading *r, const struct value *ref, struct wire_member *m)
{
	const struct value *shapes = value_get_c(r->json, "shapes");
	struct str location = value_get_str(ref, "location");
	int code;

	/* Older models say it with the shape. */
	if (!location.length)
		location = value_get_str(value_get(shapes, m->shape->name), "location");
	if (!location.length)
		return true;
	if (!LOOK_UP(locations, location, &code))
		return error_set(r->err, ERROR_PARSE, "member '%.*s': unknown location '%.*s'",
				 STR_ARG(m->name), STR_ARG(location));
	m->location = (enum wire_location)code;
	return true;
}

static struct wire_member *read_member(struct reading *r, struct str owner, struct str name,
				       const struct value *ref)
{
	struct wire_member *m = arena_new(r->a, struct wire_member);

	m->name = name;
	m->shape = find_shape(r, owner, ref);
	if (!m->shape || !read_location(r, ref, m) || !read_timestamp(r, owner, ref, &m->timestamp))
		return NULL;
	m->location_name = value_get_str(ref, "locationName");
	m->query_name = value_get_str(ref, "queryName");
	get_namespace(ref, &m->xml_namespace, &m->xml_prefix);
	m->flattened = get_bool(ref, "flattened");
	m->xml_attribute = get_bool(ref, "xmlAttribute");
	m->idempotency_token = get_bool(ref, "idempotencyToken");
	m->streaming = get_bool(ref, "streaming");
	m->host_label = get_bool(ref, "hostLabel");
	m->jsonvalue = get_bool(ref, "jsonvalue");
	return m;
}

static bool read_members(struct reading *r, const struct value *json, struct wire_shape *s)
{
	const struct value *members = value_get_c(json, "members");
	const struct value *required = value_get_c(json, "required");

	if (members && members->kind != VALUE_MAP)
		return error_set(r->err, ERROR_PARSE, "shape '%.*s': 'members' is no object",
				 STR_ARG(s->name));
	for (uint32_t i = 0; members && i < members->map.count; i++) {
		const struct member *item = members->map.entries[i].value;
		struct str name = members->map.entries[i].key;
		struct wire_member *m = read_member(r, s->name, name, &item->value);

		if (!m)
			return false;
		*map_put(r->a, &s->members, name) = m;
	}
	for (size_t i = 0; required && required->kind == VALUE_LIST && i < required->list.count;
	     i++) {
		const struct value *name = &required->list.items[i];
		struct wire_member *m = NULL;

		if (name->kind == VALUE_STRING)
			m = map_get(&s->members, name->string);
		if (m)
			m->required = true;
	}
	s->payload = value_get_str(json, "payload");
	if (s->payload.length && !map_has(&s->members, s->payload))
		return error_set(r->err, ERROR_PARSE,
				 "shape '%.*s': its payload '%.*s' is no member", STR_ARG(s->name),
				 STR_ARG(s->payload));
	return true;
}

static bool read_error_traits(struct reading *r, const struct value *json, struct wire_shape *s)
{
	const struct value *error = value_get_c(json, "error");
	const struct value *status = value_get_c(error, "httpStatusCode");

	s->exception = get_bool(json, "exception") || (error && error->kind == VALUE_MAP);
	s->error_code = value_get_str(error, "code");
	if (!status)
		return true;
	if (status->kind != VALUE_INT || status->integer < 100 || status->integer > 999)
		return error_set(r->err, ERROR_PARSE, "shape '%.*s': no such HTTP status",
				 STR_ARG(s->name));
	s->error_status = (int)status->integer;
	return true;
}

static bool read_enums(struct reading *r, const struct value *json, struct wire_shape *s)
{
	const struct value *list = value_get_c(json, "enum");

	if (!list || list->kind != VALUE_LIST)
		return true;
	s->enums.items = arena_array(r->a, struct str, list->list.count);
	for (size_t i = 0; i < list->list.count; i++) {
		if (list->list.items[i].kind != VALUE_STRING)
			return error_set(r->err, ERROR_PARSE,
					 "shape '%.*s': an enum value is no string",
					 STR_ARG(s->name));
		s->enums.items[s->enums.count++] = list->list.items[i].string;
	}
	return true;
}

static bool read_item(struct reading *r, const struct value *json, const char *key,
		      struct wire_shape *s, struct wire_member **out)
{
	const struct value *ref = value_get_c(json, key);

	if (!ref)
		return error_set(r->err, ERROR_PARSE, "shape '%.*s' has no '%s'", STR_ARG(s->name),
				 key);
	*out = read_member(r, s->name, str_from_c(key), ref);
	return *out != NULL;
}

static bool fill_shape(struct reading *r, const struct value *json, struct wire_shape *s)
{
	s->location_name = value_get_str(json, "locationName");
	get_namespace(json, &s->xml_namespace, &s->xml_prefix);
	s->flattened = get_bool(json, "flattened");
	s->streaming = get_bool(json, "streaming");
	s->document = get_bool(json, "document");
	s->is_union = get_bool(json, "union");
	s->eventstream = get_bool(json, "eventstream");
	s->sensitive = get_bool(json, "sensitive");
	if (!read_timestamp(r, s->name, json, &s->timestamp) || !read_error_traits(r, json, s) ||
	    !read_enums(r, json, s))
		return false;
	switch (s->kind) {
	case WIRE_STRUCTURE:
		return read_members(r, json, s);
	case WIRE_LIST:
		return read_item(r, json, "member", s, &s->item);
	case WIRE_MAP:
		return read_item(r, json, "key", s, &s->key) &&
		       read_item(r, json, "value", s, &s->item);
	default:
		return true;
	}
}

static bool read_shapes(struct reading *r)
{
	const struct value *shapes = value_get_c(r->json, "shapes");
	int kind;

	if (!shapes)
		return true;
	if (shapes->kind != VALUE_MAP)
		return error_set(r->err, ERROR_PARSE, "'shapes' is no object");
	for (uint32_t i = 0; i < shapes->map.count; i++) {
		const struct member *item = shapes->map.entries[i].value;
		struct wire_shape *s = arena_new(r->a, struct wire_shape);

		s->name = shapes->map.entries[i].key;
		if (!LOOK_UP(kinds, value_get_str(&item->value, "type"), &kind))
			return error_set(r->err, ERROR_PARSE, "shape '%.*s': unknown type '%.*s'",
					 STR_ARG(s->name),
					 STR_ARG(value_get_str(&item->value, "type")));
		s->kind = (enum wire_kind)kind;
		*map_put(r->a, &r->service->shapes, s->name) = s;
	}
	for (uint32_t i = 0; i < shapes->map.count; i++) {
		const struct member *item = shapes->map.entries[i].value;

		if (!fill_shape(r, &item->value, r->service->shapes.entries[i].value))
			return false;
	}
	return true;
}

/* A payload given with the reference belongs to this use of the shape alone. */
static struct wire_shape *read_use(struct reading *r, struct str operation, const struct value *ref)
{
	struct wire_shape *shape = find_shape(r, operation, ref);
	struct str payload = value_get_str(ref, "payload");
	struct wire_shape *copy;

	if (!shape || !payload.length || !map_has(&shape->members, payload))
		return shape;
	copy = arena_new(r->a, struct wire_shape);
	*copy = *shape;
	copy->payload = payload;
	return copy;
}

static bool read_input(struct reading *r, const struct value *json, struct wire_operation *op)
{
	const struct value *ref = value_get_c(json, "input");

	if (!ref || ref->kind == VALUE_NULL)
		return true;
	op->input = read_use(r, op->name, ref);
	if (!op->input)
		return false;
	op->input_name = value_get_str(ref, "locationName");
	if (!op->input_name.length)
		op->input_name = op->input->location_name;
	op->input_namespace = op->input->xml_namespace;
	op->input_prefix = op->input->xml_prefix;
	get_namespace(ref, &op->input_namespace, &op->input_prefix);
	return true;
}

static bool read_output(struct reading *r, const struct value *json, struct wire_operation *op)
{
	const struct value *ref = value_get_c(json, "output");

	if (!ref || ref->kind == VALUE_NULL)
		return true;
	op->output = read_use(r, op->name, ref);
	if (!op->output)
		return false;
	op->output_wrapper = value_get_str(ref, "resultWrapper");
	if (!op->output_wrapper.length) {
		const struct value *shapes = value_get_c(r->json, "shapes");

		op->output_wrapper =
			value_get_str(value_get(shapes, op->output->name), "resultWrapper");
	}
	return true;
}

static bool read_errors(struct reading *r, const struct value *json, struct wire_operation *op)
{
	const struct value *errors = value_get_c(json, "errors");

	if (!errors || errors->kind != VALUE_LIST)
		return true;
	op->errors = arena_array(r->a, struct wire_shape *, errors->list.count);
	for (size_t i = 0; i < errors->list.count; i++) {
		struct wire_shape *shape = find_shape(r, op->name, &errors->list.items[i]);

		if (!shape)
			return false;
		op->errors[op->error_count++] = shape;
	}
	return true;
}

static bool is_unsigned(const struct value *json)
{
	const struct value *auth = value_get_c(json, "auth");

	if (str_equal(value_get_str(json, "authtype"), STR("none")))
		return true;
	return auth && auth->kind == VALUE_LIST && auth->list.count == 1 &&
	       auth->list.items[0].kind == VALUE_STRING &&
	       str_equal(auth->list.items[0].string, STR("smithy.api#noAuth"));
}

static void read_paging(const struct value *all, struct wire_operation *op)
{
	const struct value *p = value_get(all, op->name);

	op->page_input_token = get_single(p, "input_token");
	op->page_output_token = get_single(p, "output_token");
	op->page_more = get_single(p, "more_results");
	op->page_result = get_single(p, "result_key");
	op->page_limit_key = get_single(p, "limit_key");
}

static bool read_operation(struct reading *r, const struct value *json, struct wire_operation *op)
{
	const struct value *http = value_get_c(json, "http");

	if (json->kind != VALUE_MAP)
		return error_set(r->err, ERROR_PARSE, "operation '%.*s' is no object",
				 STR_ARG(op->name));
	op->method = value_get_str(http, "method");
	op->uri = value_get_str(http, "requestUri");
	if (!op->method.length)
		op->method = STR("POST");
	if (!op->uri.length)
		op->uri = STR("/");
	if (!read_input(r, json, op) || !read_output(r, json, op) || !read_errors(r, json, op))
		return false;
	op->unsigned_call = is_unsigned(json);
	op->checksum_required =
		get_bool(json, "httpChecksumRequired") ||
		get_bool(value_get_c(json, "httpChecksum"), "requestChecksumRequired");
	op->host_prefix = value_get_str(value_get_c(json, "endpoint"), "hostPrefix");
	read_paging(value_get_c(r->json, "pagination"), op);
	return true;
}

static bool read_operations(struct reading *r)
{
	const struct value *operations = value_get_c(r->json, "operations");

	if (!operations)
		return true;
	if (operations->kind != VALUE_MAP)
		return error_set(r->err, ERROR_PARSE, "'operations' is no object");
	for (uint32_t i = 0; i < operations->map.count; i++) {
		const struct member *item = operations->map.entries[i].value;
		struct wire_operation *op = arena_new(r->a, struct wire_operation);

		op->name = operations->map.entries[i].key;
		if (!read_operation(r, &item->value, op))
			return false;
		*map_put(r->a, &r->service->operations, op->name) = op;
	}
	return true;
}

bool wire_service_parse(struct arena *a, struct str name, const struct value *json,
			struct wire_service *out, struct error *err)
{
	struct reading r = { a, out, json, err };

	*out = (struct wire_service){ .name = name };
	return read_metadata(&r) && read_shapes(&r) && read_operations(&r);
}

const struct wire_operation *wire_operation_find(const struct wire_service *s, struct str name)
{
	return map_get(&s->operations, name);
}

static const struct wire_shape *enter_list(const struct wire_shape *shape)
{
	if (shape->document)
		return shape;
	return shape->kind == WIRE_LIST ? shape->item->shape : NULL;
}

static const struct wire_shape *enter_name(const struct wire_shape *shape, struct str name)
{
	const struct wire_member *m;

	if (shape->document)
		return shape;
	if (shape->kind == WIRE_MAP)
		return shape->item->shape;
	if (shape->kind != WIRE_STRUCTURE)
		return NULL;
	m = map_get(&shape->members, name);
	return m ? m->shape : NULL;
}

const struct wire_shape *wire_path(const struct wire_shape *from, struct str path)
{
	struct str part;

	if (str_starts(path, STR(".")))
		path = str_slice(path, 1, path.length);
	while (from && path.length && str_split(&path, '.', &part)) {
		struct str name = str_slice(part, 0, str_index(part, '['));
		struct str steps = str_slice(part, name.length, part.length);

		if (name.length)
			from = enter_name(from, name);
		else if (!steps.length)
			return NULL;
		for (; from && steps.length; steps = str_slice(steps, 2, steps.length)) {
			if (!str_starts(steps, STR("[]")))
				return NULL;
			from = enter_list(from);
		}
	}
	return from;
}
