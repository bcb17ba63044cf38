#include "codec.h"

#include "base/hash.h"
#include "base/json.h"
#include "encode.h"

/* What rest-json and rest-xml put where: path, query, headers, body. */
struct rest {
	struct codec *c;
	const struct wire_shape *shape;
	const struct value *input;
	struct http_header_vec headers;
	struct buf uri;
	bool has_query;
};

const struct wire_member *payload_of(const struct wire_shape *shape)
{
	return shape && shape->payload.length > 0 ? map_get(&shape->members, shape->payload) : NULL;
}

bool payload_is_raw(const struct wire_shape *shape)
{
	const struct wire_member *m = payload_of(shape);

	return m && shape_is_scalar(m->shape) && !m->shape->document;
}

/* ---- path ---- */

static const struct wire_member *uri_member(const struct wire_shape *shape, struct str label)
{
	for (uint32_t i = 0; i < shape->members.count; i++) {
		const struct wire_member *m = shape->members.entries[i].value;

		if (m->location == WIRE_URI && str_equal(member_label(m), label))
			return m;
	}
	return NULL;
}

static bool write_label(struct rest *r, struct str label)
{
	bool greedy = str_ends(label, STR("+"));
	const struct wire_member *m;
	const struct value *v;
	struct str text;

	if (greedy)
		label.length--;
	m = r->shape ? uri_member(r->shape, label) : NULL;
	if (!m || !shape_is_scalar(m->shape))
		return error_set(r->c->err, ERROR_PARSE, "the facts have no member for '{%.*s}'",
				 STR_ARG(label));
	v = value_given(r->input, m->name);
	if (!v)
		return error_set(r->c->err, ERROR_PARSE, "'%.*s' is missing", STR_ARG(m->name));
	if (!scalar_text(r->c, m->shape, member_time(m, WIRE_TIME_ISO8601), v, &text))
		return false;
	if (text.length == 0)
		return error_set(r->c->err, ERROR_PARSE, "'%.*s' is empty", STR_ARG(m->name));
	percent_add(&r->uri, text, greedy);
	return true;
}

static bool write_path(struct rest *r, struct str template)
{
	while (template.length > 0) {
		size_t open = str_index(template, '{');
		size_t close = str_index(template, '}');

		buf_add(&r->uri, str_slice(template, 0, open));
		if (open == template.length)
			return true;
		if (close < open || close == template.length)
			return error_set(r->c->err, ERROR_PARSE, "a brace is not closed in '%.*s'",
					 STR_ARG(template));
		if (!write_label(r, str_slice(template, open + 1, close)))
			return false;
		template = str_slice(template, close + 1, template.length);
	}
	return true;
}

/* ---- query ---- */

static void add_pair(struct rest *r, struct str name, struct str value)
{
	buf_add_char(&r->uri, r->has_query ? '&' : '?');
	r->has_query = true;
	percent_add(&r->uri, name, false);
	buf_add_char(&r->uri, '=');
	percent_add(&r->uri, value, false);
}

/* One value, or one pair for each of a list. */
static bool write_pairs(struct rest *r, struct str name, const struct wire_member *m,
			const struct value *v)
{
	struct str text;

	if (v->kind == VALUE_NULL)
		return true;
	if (shape_is_scalar(m->shape)) {
		if (!scalar_text(r->c, m->shape, member_time(m, WIRE_TIME_ISO8601), v, &text))
			return false;
		add_pair(r, name, text);
		return true;
	}
	if (m->shape->kind != WIRE_LIST || !shape_is_scalar(m->shape->item->shape))
		return error_set(r->c->err, ERROR_PARSE, "%.*s does not fit a query",
				 STR_ARG(m->name));
	if (!shape_accepts(r->c, m->shape, v))
		return false;
	for (size_t i = 0; i < v->list.count; i++)
		if (!write_pairs(r, name, m->shape->item, &v->list.items[i]))
			return false;
	return true;
}

/* A parameter that has a member of its own wins over one of a map. */
static bool is_named(const struct rest *r, struct str name)
{
	for (uint32_t i = 0; i < r->shape->members.count; i++) {
		const struct wire_member *m = r->shape->members.entries[i].value;

		if (m->location == WIRE_QUERYSTRING && m->shape->kind != WIRE_MAP &&
		    str_equal(member_label(m), name) && value_given(r->input, m->name))
			return true;
	}
	return false;
}

static bool write_query_map(struct rest *r, const struct wire_member *m, const struct value *v)
{
	if (!shape_accepts(r->c, m->shape, v))
		return false;
	for (uint32_t i = 0; i < v->map.count; i++) {
		struct str key = v->map.entries[i].key;

		if (!is_named(r, key) && !write_pairs(r, key, m->shape->item, value_get(v, key)))
			return false;
	}
	return true;
}

static bool write_query(struct rest *r)
{
	for (uint32_t i = 0; r->shape && i < r->shape->members.count; i++) {
		const struct wire_member *m = r->shape->members.entries[i].value;
		const struct value *v = value_given(r->input, m->name);
		bool fine;

		if (m->location != WIRE_QUERYSTRING || !v)
			continue;
		if (m->shape->kind == WIRE_MAP)
			fine = write_query_map(r, m, v);
		else
			fine = write_pairs(r, member_label(m), m, v);
		if (!fine)
			return false;
	}
	return true;
}

/* ---- headers ---- */

/* An item of a list that holds a comma or quotes is put in quotes. */
static void add_list_item(struct buf *out, struct str text, bool quotable)
{
	if (!quotable || (!str_contains(text, STR(",")) && !str_contains(text, STR("\"")))) {
		buf_add(out, text);
		return;
	}
	buf_add_char(out, '"');
	for (size_t i = 0; i < text.length; i++) {
		if (text.data[i] == '"' || text.data[i] == '\\')
			buf_add_char(out, '\\');
		buf_add_char(out, text.data[i]);
	}
	buf_add_char(out, '"');
}

static bool list_text(struct codec *c, const struct wire_member *item, const struct value *v,
		      struct str *out)
{
	bool first = true;
	struct buf text;
	struct str part;

	buf_init(&text, c->a);
	for (size_t i = 0; i < v->list.count; i++) {
		if (v->list.items[i].kind == VALUE_NULL)
			continue;
		if (!scalar_text(c, item->shape, member_time(item, WIRE_TIME_RFC822),
				 &v->list.items[i], &part))
			return false;
		if (!first)
			buf_add_c(&text, ", ");
		first = false;
		add_list_item(&text, part, item->shape->kind == WIRE_STRING);
	}
	*out = buf_str(&text);
	return true;
}

static bool header_text(struct codec *c, const struct wire_member *m, const struct value *v,
			struct str *out)
{
	struct buf json;

	if (m->jsonvalue) {
		buf_init(&json, c->a);
		json_print_wire(&json, v);
		*out = base64_encode(c->a, buf_str(&json));
		return true;
	}
	if (shape_is_scalar(m->shape))
		return scalar_text(c, m->shape, member_time(m, WIRE_TIME_RFC822), v, out);
	if (m->shape->kind != WIRE_LIST || !shape_is_scalar(m->shape->item->shape))
		return error_set(c->err, ERROR_PARSE, "%.*s does not fit a header",
				 STR_ARG(m->name));
	return shape_accepts(c, m->shape, v) && list_text(c, m->shape->item, v, out);
}

static bool write_header_map(struct rest *r, const struct wire_member *m, const struct value *v)
{
	struct str text;

	if (m->shape->kind != WIRE_MAP)
		return error_set(r->c->err, ERROR_PARSE, "%.*s is no map of headers",
				 STR_ARG(m->name));
	if (!shape_accepts(r->c, m->shape, v))
		return false;
	for (uint32_t i = 0; i < v->map.count; i++) {
		struct str key = v->map.entries[i].key;
		const struct value *item = value_given(v, key);
		struct str prefix = m->location_name.length > 0 ? m->location_name :
								  m->shape->location_name;

		if (!item)
			continue;
		if (!header_text(r->c, m->shape->item, item, &text))
			return false;
		header_put(r->c->a, &r->headers,
			   str_format(r->c->a, "%.*s%.*s", STR_ARG(prefix), STR_ARG(key)), text);
	}
	return true;
}

static bool write_headers(struct rest *r)
{
	struct str text;

	for (uint32_t i = 0; r->shape && i < r->shape->members.count; i++) {
		const struct wire_member *m = r->shape->members.entries[i].value;
		const struct value *v = value_given(r->input, m->name);

		if (!v || (m->location != WIRE_HEADER && m->location != WIRE_HEADERS))
			continue;
		if (m->location == WIRE_HEADERS) {
			if (!write_header_map(r, m, v))
				return false;
			continue;
		}
		if (v->kind == VALUE_LIST && v->list.count == 0)
			continue;
		if (!header_text(r->c, m, v, &text))
			return false;
		header_put(r->c->a, &r->headers, member_label(m), text);
	}
	return true;
}

/* ---- body ---- */

static bool is_json(const struct rest *r)
{
	return r->c->service->protocol == WIRE_REST_JSON;
}

static void type_put(struct rest *r, const char *type)
{
	header_put_new(r->c->a, &r->headers, "Content-Type", str_from_c(type));
}

static bool write_raw(struct rest *r, const struct wire_member *m, const struct value *v,
		      struct str *body)
{
	bool blob = m->shape->kind == WIRE_BLOB;

	if (!v)
		return true;
	if (blob && v->kind == VALUE_STRING)
		*body = v->string;
	else if (!scalar_text(r->c, m->shape, member_time(m, WIRE_TIME_ISO8601), v, body))
		return false;
	type_put(r, blob ? "application/octet-stream" : "text/plain");
	return true;
}

static struct xml_root payload_root(const struct wire_member *m)
{
	bool own = m->xml_namespace.length > 0;
	struct xml_root root = { m->shape->location_name,
				 own ? m->xml_namespace : m->shape->xml_namespace,
				 own ? m->xml_prefix : m->shape->xml_prefix };

	if (root.name.length == 0)
		root.name = m->location_name;
	if (root.name.length == 0)
		root.name = m->shape->name;
	return root;
}

static bool write_payload(struct rest *r, const struct wire_member *m, struct str *body)
{
	const struct value *v = value_given(r->input, m->name);
	bool structure = m->shape->kind == WIRE_STRUCTURE && !m->shape->is_union &&
			 !m->shape->document;
	struct value none = value_map();
	struct buf text;

	if (payload_is_raw(r->shape))
		return write_raw(r, m, v, body);
	if (!v && is_json(r) && structure)
		v = &none;
	if (!v)
		return true;
	buf_init(&text, r->c->a);
	if (is_json(r) ? !json_write(r->c, &text, m->shape, v, false) :
			 !xml_write(r->c, &text, payload_root(m), m->shape, v, false))
		return false;
	type_put(r, is_json(r) ? "application/json" : "application/xml");
	*body = buf_str(&text);
	return true;
}

static bool write_members(struct rest *r, struct str *body)
{
	const struct wire_operation *op = r->c->operation;
	struct xml_root root = { op->input_name, op->input_namespace, op->input_prefix };
	bool has_members = false, given = false;
	struct buf text;

	for (uint32_t i = 0; r->shape && i < r->shape->members.count; i++) {
		const struct wire_member *m = r->shape->members.entries[i].value;

		if (m->location != WIRE_BODY)
			continue;
		has_members = true;
		given = given || value_given(r->input, m->name);
	}
	if (!has_members || (!given && !is_json(r)))
		return true;
	if (r->shape->location_name.length > 0)
		root.name = r->shape->location_name;
	if (root.name.length == 0)
		root.name = r->shape->name;
	buf_init(&text, r->c->a);
	if (is_json(r) ? !json_write(r->c, &text, r->shape, r->input, true) :
			 !xml_write(r->c, &text, root, r->shape, r->input, true))
		return false;
	type_put(r, is_json(r) ? "application/json" : "application/xml");
	*body = buf_str(&text);
	return true;
}

bool rest_write(struct codec *c, const struct value *input, struct wire_request *out)
{
	struct rest r = { .c = c, .shape = c->operation->input, .input = input };
	struct str template = c->operation->uri;
	size_t mark = str_index(template, '?');
	const struct wire_member *payload = payload_of(r.shape);

	buf_init(&r.uri, c->a);
	if (!write_path(&r, str_slice(template, 0, mark)))
		return false;
	r.has_query = mark < template.length;
	buf_add(&r.uri, str_slice(template, mark, template.length));
	if (!write_query(&r) || !write_headers(&r))
		return false;
	if (payload ? !write_payload(&r, payload, &out->body) : !write_members(&r, &out->body))
		return false;
	out->uri = buf_str(&r.uri);
	out->headers = r.headers.items;
	out->header_count = r.headers.count;
	return true;
}
