#include "codec.h"

#include "base/hash.h"
#include "base/json.h"
#include "xml.h"

/* ---- headers ---- */

/* The next item of a header's list: "a", or "\"a,b\"" with escapes. */
static bool take_item(struct arena *a, struct str *rest, size_t commas, struct str *item)
{
	struct buf text;
	size_t i = 0;
	bool quoted;

	*rest = str_trim(*rest);
	if (rest->length == 0)
		return false;
	quoted = rest->data[0] == '"';
	buf_init(&text, a);
	for (i = quoted; i < rest->length; i++) {
		char k = rest->data[i];

		if (quoted && k == '\\' && i + 1 < rest->length)
			k = rest->data[++i];
		else if (quoted && k == '"')
			quoted = false, k = '\0';
		else if (!quoted && k == ',' && commas-- == 0)
			break;
		if (k)
			buf_add_char(&text, k);
	}
	*item = str_trim(buf_str(&text));
	*rest = str_slice(*rest, i + 1, rest->length);
	return true;
}

static bool read_header_list(struct codec *c, const struct wire_member *m, struct str text,
			     struct value *out)
{
	const struct wire_member *item = m->shape->item;
	enum wire_timestamp format = member_time(item, WIRE_TIME_RFC822);
	/* A date as HTTP writes it holds a comma itself. */
	size_t commas = item->shape->kind == WIRE_TIMESTAMP && format == WIRE_TIME_RFC822 ? 1 : 0;
	struct str part;

	*out = value_list(NULL, 0);
	while (take_item(c->a, &text, commas, &part)) {
		struct value v;

		if (!scalar_read(c, item->shape, part, &v))
			return false;
		value_append(c->a, out, v);
	}
	return true;
}

static bool read_jsonvalue(struct codec *c, struct str text, struct value *out)
{
	struct str json;

	if (!base64_decode(c->a, text, &json))
		json = text;
	return json_parse(c->a, json, SPAN_NOWHERE, out, c->err);
}

static bool read_header(struct codec *c, const struct wire_member *m, struct str text,
			struct value *out)
{
	struct value v;

	if (m->jsonvalue) {
		if (!read_jsonvalue(c, text, &v))
			return false;
	} else if (m->shape->kind == WIRE_LIST && shape_is_scalar(m->shape->item->shape)) {
		if (!read_header_list(c, m, text, &v))
			return false;
	} else if (shape_is_scalar(m->shape)) {
		if (!scalar_read(c, m->shape, text, &v))
			return false;
	} else {
		return true;
	}
	value_set(c->a, out, m->name, v);
	return true;
}

static bool read_named_header(struct codec *c, const struct wire_member *m,
			      const struct http_response *response, struct value *out)
{
	for (size_t i = 0; i < response->header_count; i++)
		if (str_equal_fold(response->headers[i].name, member_label(m)))
			return read_header(c, m, response->headers[i].value, out);
	return true;
}

static void read_header_map(struct codec *c, const struct wire_member *m,
			    const struct http_response *response, struct value *out)
{
	struct str prefix = m->location_name.length > 0 ? m->location_name :
							  m->shape->location_name;
	struct value v = value_map();

	for (size_t i = 0; i < response->header_count; i++) {
		struct str name = response->headers[i].name;

		if (!str_equal_fold(str_slice(name, 0, prefix.length), prefix))
			continue;
		value_set(c->a, &v, str_slice(name, prefix.length, name.length),
			  value_string(response->headers[i].value));
	}
	value_set(c->a, out, m->name, v);
}

bool rest_read_head(struct codec *c, const struct wire_shape *shape,
		    const struct http_response *response, struct value *out)
{
	for (uint32_t i = 0; i < shape->members.count; i++) {
		const struct wire_member *m = shape->members.entries[i].value;

		if (m->location == WIRE_STATUS_CODE)
			value_set(c->a, out, m->name, value_int(response->status));
		else if (m->location == WIRE_HEADERS)
			read_header_map(c, m, response, out);
		else if (m->location == WIRE_HEADER &&
			 !read_named_header(c, m, response, out))
			return false;
	}
	return true;
}

/* ---- body ---- */

static bool read_payload(struct codec *c, const struct wire_member *m,
			 const struct http_response *response, const struct xml_node *root,
			 struct value *out)
{
	struct value v, json;

	if (response->body.length == 0)
		return true;
	if (shape_is_scalar(m->shape) && !m->shape->document) {
		v = value_string(response->body);
		if (m->shape->sensitive)
			v.marks |= VALUE_SECRET;
	} else if (root) {
		if (!xml_read(c, m->shape, root, false, &v))
			return false;
	} else if (!json_parse(c->a, response->body, SPAN_NOWHERE, &json, c->err) ||
		   !json_read(c, m->shape, &json, false, &v)) {
		return false;
	}
	value_set(c->a, out, m->name, v);
	return true;
}

static size_t body_members(const struct wire_shape *shape, const struct wire_member **only)
{
	size_t count = 0;

	for (uint32_t i = 0; i < shape->members.count; i++) {
		const struct wire_member *m = shape->members.entries[i].value;

		if (!member_is_read_from_body(m))
			continue;
		*only = m;
		count++;
	}
	return count;
}

/* Some replies have their one member as the root instead of inside it. */
static bool root_is_member(const struct wire_member *m, const struct xml_node *root)
{
	return shape_is_scalar(m->shape) && !root->first && str_equal(root->name, member_label(m));
}

static void merge(struct arena *a, struct value *into, const struct value *from)
{
	for (uint32_t i = 0; i < from->map.count; i++)
		value_set(a, into, from->map.entries[i].key,
			  *value_get(from, from->map.entries[i].key));
}

static bool read_members(struct codec *c, const struct wire_shape *shape,
			 const struct http_response *response, const struct xml_node *root,
			 struct value *out)
{
	const struct wire_member *only = NULL;
	size_t count = body_members(shape, &only);
	struct value body = value_map(), json;

	if (count == 0 || str_trim(response->body).length == 0)
		return true;
	if (root && count == 1 && root_is_member(only, root)) {
		if (root->text.length == 0)
			return true;
		if (!scalar_read(c, only->shape, root->text, &json))
			return false;
		value_set(c->a, out, only->name, json);
		return true;
	}
	if (root) {
		if (!xml_read(c, shape, root, true, &body))
			return false;
	} else if (!json_parse(c->a, response->body, SPAN_NOWHERE, &json, c->err) ||
		   !json_read(c, shape, &json, true, &body)) {
		return false;
	}
	if (body.kind == VALUE_MAP)
		merge(c->a, out, &body);
	return true;
}

bool rest_read(struct codec *c, const struct wire_shape *shape,
	       const struct http_response *response, const struct xml_node *root,
	       struct value *out)
{
	const struct wire_member *payload = payload_of(shape);

	*out = value_map();
	if (!rest_read_head(c, shape, response, out))
		return false;
	if (payload)
		return read_payload(c, payload, response, root, out);
	return read_members(c, shape, response, root, out);
}
