#include "codec.h"

#include <math.h>

#include "base/hash.h"
#include "base/json.h"

/* awsJson and the bodies of rest-json. */

static bool write_value(struct codec *c, struct buf *out, const struct wire_member *m,
			const struct value *v);

static bool write_structure(struct codec *c, struct buf *out, const struct wire_shape *shape,
			    const struct value *v, bool body_only)
{
	bool first = true;

	if (!members_check(c, shape, v))
		return false;
	buf_add_char(out, '{');
	for (uint32_t i = 0; i < shape->members.count; i++) {
		const struct wire_member *m = shape->members.entries[i].value;
		const struct value *item = value_given(v, m->name);

		if (!item || (body_only && m->location != WIRE_BODY))
			continue;
		if (!first)
			buf_add_char(out, ',');
		first = false;
		json_print_string(out, member_label(m));
		buf_add_char(out, ':');
		if (!write_value(c, out, m, item))
			return false;
	}
	buf_add_char(out, '}');
	return true;
}

static bool write_list(struct codec *c, struct buf *out, const struct wire_shape *shape,
		       const struct value *v)
{
	buf_add_char(out, '[');
	for (size_t i = 0; i < v->list.count; i++) {
		if (i > 0)
			buf_add_char(out, ',');
		if (!write_value(c, out, shape->item, &v->list.items[i]))
			return false;
	}
	buf_add_char(out, ']');
	return true;
}

static bool write_map(struct codec *c, struct buf *out, const struct wire_shape *shape,
		      const struct value *v)
{
	buf_add_char(out, '{');
	for (uint32_t i = 0; i < v->map.count; i++) {
		if (i > 0)
			buf_add_char(out, ',');
		json_print_string(out, v->map.entries[i].key);
		buf_add_char(out, ':');
		if (!write_value(c, out, shape->item, value_get(v, v->map.entries[i].key)))
			return false;
	}
	buf_add_char(out, '}');
	return true;
}

static bool is_number(const struct wire_shape *shape, enum wire_timestamp format, struct str text)
{
	switch (shape->kind) {
	case WIRE_INTEGER:
	case WIRE_LONG:
	case WIRE_BOOLEAN:
		return true;
	case WIRE_FLOAT:
	case WIRE_DOUBLE:
		return text.data[0] != 'N' && !str_contains(text, STR("I"));
	case WIRE_TIMESTAMP:
		return format == WIRE_TIME_UNIX;
	default:
		return false;
	}
}

static bool write_scalar(struct codec *c, struct buf *out, const struct wire_shape *shape,
			 enum wire_timestamp format, const struct value *v)
{
	struct str text;

	if (!scalar_text(c, shape, format, v, &text))
		return false;
	if (text.length > 0 && is_number(shape, format, text))
		buf_add(out, text);
	else
		json_print_string(out, text);
	return true;
}

/* Text is taken for JSON already. */
static bool write_jsonvalue(struct codec *c, struct buf *out, const struct value *v)
{
	struct buf text;

	if (v->kind == VALUE_STRING) {
		json_print_string(out, v->string);
		return true;
	}
	buf_init(&text, c->a);
	json_print_wire(&text, v);
	json_print_string(out, buf_str(&text));
	return true;
}

static bool write_value(struct codec *c, struct buf *out, const struct wire_member *m,
			const struct value *v)
{
	const struct wire_shape *shape = m->shape;
	bool fine;

	if (v->kind == VALUE_NULL) {
		buf_add_c(out, "null");
		return true;
	}
	if (m->jsonvalue)
		return write_jsonvalue(c, out, v);
	if (shape_is_scalar(shape))
		return write_scalar(c, out, shape, member_time(m, WIRE_TIME_UNIX), v);
	if (!codec_enter(c))
		return false;
	fine = json_write(c, out, shape, v, false);
	c->depth--;
	return fine;
}

bool json_write(struct codec *c, struct buf *out, const struct wire_shape *shape,
		const struct value *v, bool body_only)
{
	if (shape->document) {
		json_print_wire(out, v);
		return true;
	}
	if (shape_is_scalar(shape))
		return write_scalar(c, out, shape, WIRE_TIME_UNIX, v);
	if (!shape_accepts(c, shape, v))
		return false;
	if (shape->kind == WIRE_STRUCTURE)
		return write_structure(c, out, shape, v, body_only);
	if (shape->kind == WIRE_LIST)
		return write_list(c, out, shape, v);
	return write_map(c, out, shape, v);
}

/* ---- reading ---- */

static bool malformed(struct codec *c, const struct wire_shape *shape, const struct value *json)
{
	return error_set(c->err, ERROR_PARSE, "the reply has a %s where %.*s is expected",
			 value_kind_name(json->kind), STR_ARG(shape->name));
}

/* What a newer service than our facts chose: kept, so that nobody takes it for nothing. */
static void read_unknown_variant(struct codec *c, const struct value *json, struct value *out)
{
	for (uint32_t i = 0; out->map.count == 0 && i < json->map.count; i++) {
		struct str key = json->map.entries[i].key;
		struct value name = value_map();

		if (str_equal_c(key, "__type") || value_get(json, key)->kind == VALUE_NULL)
			continue;
		value_set(c->a, &name, STR("name"), value_string(key));
		value_set(c->a, out, STR("SDK_UNKNOWN_MEMBER"), name);
	}
}

static bool read_structure(struct codec *c, const struct wire_shape *shape,
			   const struct value *json, bool body_only, struct value *out)
{
	*out = value_map();
	for (uint32_t i = 0; i < shape->members.count; i++) {
		const struct wire_member *m = shape->members.entries[i].value;
		const struct value *item = value_given(json, member_label(m));
		struct value v;

		if (!item || (body_only && !member_is_read_from_body(m)))
			continue;
		if (!json_read(c, m->shape, item, false, &v))
			return false;
		value_set(c->a, out, m->name, v);
	}
	if (shape->is_union)
		read_unknown_variant(c, json, out);
	return true;
}

static bool read_list(struct codec *c, const struct wire_shape *shape, const struct value *json,
		      struct value *out)
{
	*out = value_list(NULL, 0);
	for (size_t i = 0; i < json->list.count; i++) {
		struct value v;

		if (!json_read(c, shape->item->shape, &json->list.items[i], false, &v))
			return false;
		value_append(c->a, out, v);
	}
	return true;
}

static bool read_map(struct codec *c, const struct wire_shape *shape, const struct value *json,
		     struct value *out)
{
	*out = value_map();
	for (uint32_t i = 0; i < json->map.count; i++) {
		const struct member *item = json->map.entries[i].value;
		struct value v;

		if (!json_read(c, shape->item->shape, &item->value, false, &v))
			return false;
		value_set(c->a, out, json->map.entries[i].key, v);
	}
	return true;
}

static bool read_scalar(struct codec *c, const struct wire_shape *shape, const struct value *json,
			struct value *out)
{
	struct buf text;

	switch (json->kind) {
	case VALUE_STRING:
		return scalar_read(c, shape, json->string, out);
	case VALUE_BOOL:
		if (shape->kind != WIRE_BOOLEAN && shape->kind != WIRE_STRING)
			return malformed(c, shape, json);
		break;
	case VALUE_FLOAT:
		if (shape->kind == WIRE_INTEGER || shape->kind == WIRE_LONG) {
			if (json->number != floor(json->number) || fabs(json->number) > 9e15)
				return malformed(c, shape, json);
			*out = value_int((int64_t)json->number);
			return true;
		}
		break;
	case VALUE_INT:
		break;
	default:
		/* Text that a service gives as the JSON it is. */
		*out = *json;
		return shape->kind == WIRE_STRING || malformed(c, shape, json);
	}
	if (json->kind != VALUE_BOOL && (shape->kind == WIRE_BOOLEAN || shape->kind == WIRE_BLOB))
		return malformed(c, shape, json);
	if (shape->kind == WIRE_STRING || shape->kind == WIRE_CHARACTER) {
		buf_init(&text, c->a);
		json_print_wire(&text, json);
		*out = value_string(buf_str(&text));
		return true;
	}
	*out = *json;
	if (shape->kind == WIRE_TIMESTAMP && json->kind == VALUE_FLOAT &&
	    json->number == floor(json->number) && fabs(json->number) < 9e15)
		*out = value_int((int64_t)json->number);
	return true;
}

bool json_read(struct codec *c, const struct wire_shape *shape, const struct value *json,
	       bool body_only, struct value *out)
{
	bool table = shape->kind == WIRE_STRUCTURE || shape->kind == WIRE_MAP, fine;

	if (shape->document || json->kind == VALUE_NULL) {
		*out = *json;
		return true;
	}
	if (shape_is_scalar(shape))
		return read_scalar(c, shape, json, out);
	if (json->kind != (table ? VALUE_MAP : VALUE_LIST))
		return malformed(c, shape, json);
	if (!codec_enter(c))
		return false;
	if (shape->kind == WIRE_STRUCTURE)
		fine = read_structure(c, shape, json, body_only, out);
	else
		fine = table ? read_map(c, shape, json, out) : read_list(c, shape, json, out);
	c->depth--;
	return fine;
}
