#include "codec.h"

/* The bodies of rest-xml. */

static bool write_element(struct codec *c, struct buf *out, const struct wire_member *m,
			  struct str name, const struct value *v);

static void add_escaped(struct buf *out, struct str s)
{
	for (size_t i = 0; i < s.length; i++) {
		unsigned char k = (unsigned char)s.data[i];

		if (k == '&')
			buf_add_c(out, "&amp;");
		else if (k == '<')
			buf_add_c(out, "&lt;");
		else if (k == '>')
			buf_add_c(out, "&gt;");
		else if (k == '"')
			buf_add_c(out, "&quot;");
		else if (k == '\r' || k == '\n')
			buf_add_c(out, k == '\r' ? "&#xD;" : "&#xA;");
		else
			buf_add_char(out, (char)k);
	}
	/* U+0085 and U+2028 pass as they are: what reads XML 1.0 keeps them. */
}

static void add_namespace(struct buf *out, struct str uri, struct str prefix)
{
	if (uri.length == 0)
		return;
	buf_add_c(out, prefix.length > 0 ? " xmlns:" : " xmlns");
	buf_add(out, prefix);
	buf_add_c(out, "=\"");
	add_escaped(out, uri);
	buf_add_char(out, '"');
}

static void add_end(struct buf *out, struct str name)
{
	buf_add_c(out, "</");
	buf_add(out, name);
	buf_add_char(out, '>');
}

static bool write_attributes(struct codec *c, struct buf *out, const struct wire_shape *shape,
			     const struct value *v)
{
	for (uint32_t i = 0; i < shape->members.count; i++) {
		const struct wire_member *m = shape->members.entries[i].value;
		const struct value *item = m->xml_attribute ? value_given(v, m->name) : NULL;
		struct str text;

		if (!item)
			continue;
		if (!shape_is_scalar(m->shape) ||
		    !scalar_text(c, m->shape, member_time(m, WIRE_TIME_ISO8601), item, &text))
			return false;
		buf_add_char(out, ' ');
		buf_add(out, member_label(m));
		buf_add_c(out, "=\"");
		add_escaped(out, text);
		buf_add_char(out, '"');
	}
	return true;
}

static bool write_members(struct codec *c, struct buf *out, const struct wire_shape *shape,
			  const struct value *v, bool body_only)
{
	for (uint32_t i = 0; i < shape->members.count; i++) {
		const struct wire_member *m = shape->members.entries[i].value;
		const struct value *item = value_given(v, m->name);

		if (!item || m->xml_attribute || (body_only && m->location != WIRE_BODY))
			continue;
		if (!write_element(c, out, m, member_label(m), item))
			return false;
	}
	return true;
}

static bool write_list(struct codec *c, struct buf *out, const struct wire_member *m,
		       struct str flat_name, const struct value *v)
{
	const struct wire_member *item = m->shape->item;
	struct str name = item->location_name.length > 0 ? item->location_name : STR("member");

	if (member_is_flat(m))
		name = flat_name;
	for (size_t i = 0; i < v->list.count; i++)
		if (!write_element(c, out, item, name, &v->list.items[i]))
			return false;
	return true;
}

static bool write_entry(struct codec *c, struct buf *out, const struct wire_shape *shape,
			struct str key, const struct value *v)
{
	struct str key_name = shape->key->location_name, item_name = shape->item->location_name;
	struct value key_value = value_string(key);

	if (key_name.length == 0)
		key_name = STR("key");
	if (item_name.length == 0)
		item_name = STR("value");
	return write_element(c, out, shape->key, key_name, &key_value) &&
	       write_element(c, out, shape->item, item_name, v);
}

static bool write_map(struct codec *c, struct buf *out, const struct wire_member *m,
		      struct str flat_name, const struct value *v)
{
	struct str name = member_is_flat(m) ? flat_name : STR("entry");

	for (uint32_t i = 0; i < v->map.count; i++) {
		struct str key = v->map.entries[i].key;

		buf_add_char(out, '<');
		buf_add(out, name);
		buf_add_char(out, '>');
		if (!write_entry(c, out, m->shape, key, value_get(v, key)))
			return false;
		add_end(out, name);
	}
	return true;
}

static bool write_content(struct codec *c, struct buf *out, const struct wire_member *m,
			  const struct value *v)
{
	struct str text;

	switch (m->shape->kind) {
	case WIRE_STRUCTURE:
		return write_members(c, out, m->shape, v, false);
	case WIRE_LIST:
		return write_list(c, out, m, (struct str){ 0 }, v);
	case WIRE_MAP:
		return write_map(c, out, m, (struct str){ 0 }, v);
	default:
		if (!scalar_text(c, m->shape, member_time(m, WIRE_TIME_ISO8601), v, &text))
			return false;
		add_escaped(out, text);
		return true;
	}
}

static bool write_open(struct codec *c, struct buf *out, const struct wire_member *m,
		       struct str name, const struct value *v)
{
	bool own = m->xml_namespace.length > 0;

	buf_add_char(out, '<');
	buf_add(out, name);
	add_namespace(out, own ? m->xml_namespace : m->shape->xml_namespace,
		      own ? m->xml_prefix : m->shape->xml_prefix);
	if (m->shape->kind == WIRE_STRUCTURE &&
	    (!members_check(c, m->shape, v) || !write_attributes(c, out, m->shape, v)))
		return false;
	buf_add_char(out, '>');
	return true;
}

static bool write_element(struct codec *c, struct buf *out, const struct wire_member *m,
			  struct str name, const struct value *v)
{
	bool flat = member_is_flat(m), fine;

	if (v->kind == VALUE_NULL)
		return true;
	if (!shape_is_scalar(m->shape) && !shape_accepts(c, m->shape, v))
		return false;
	if (!codec_enter(c))
		return false;
	if (flat && m->shape->kind == WIRE_LIST) {
		fine = write_list(c, out, m, name, v);
	} else if (flat && m->shape->kind == WIRE_MAP) {
		fine = write_map(c, out, m, name, v);
	} else {
		fine = write_open(c, out, m, name, v) && write_content(c, out, m, v);
		add_end(out, name);
	}
	c->depth--;
	return fine;
}

bool xml_write(struct codec *c, struct buf *out, struct xml_root root,
	       const struct wire_shape *shape, const struct value *v, bool body_only)
{
	if (!shape_accepts(c, shape, v) || !members_check(c, shape, v))
		return false;
	buf_add_char(out, '<');
	buf_add(out, root.name);
	add_namespace(out, root.uri, root.prefix);
	if (!write_attributes(c, out, shape, v))
		return false;
	buf_add_char(out, '>');
	if (!write_members(c, out, shape, v, body_only))
		return false;
	add_end(out, root.name);
	return true;
}
