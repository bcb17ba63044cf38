#include "codec.h"

#include "xml.h"

/* The bodies of query, ec2 and rest-xml replies. */

static bool read_value(struct codec *c, const struct wire_shape *shape,
		       const struct xml_node *node, struct value *out);

/* The items of a flattened list are siblings of that name; else they are node's children. */
static bool read_list(struct codec *c, const struct wire_shape *shape,
		      const struct xml_node *first, struct str only, struct value *out)
{
	*out = value_list(NULL, 0);
	for (const struct xml_node *n = first; n; n = n->next) {
		struct value v;

		if (only.length > 0 && !str_equal(n->name, only))
			continue;
		if (!read_value(c, shape->item->shape, n, &v))
			return false;
		value_append(c->a, out, v);
	}
	return true;
}

static bool read_entry(struct codec *c, const struct wire_shape *shape,
		       const struct xml_node *entry, struct value *out)
{
	struct str key_name = shape->key->location_name, item_name = shape->item->location_name;
	const struct xml_node *key, *item;
	struct value v;

	key = xml_child(entry, key_name.length > 0 ? key_name : STR("key"));
	item = xml_child(entry, item_name.length > 0 ? item_name : STR("value"));
	if (!key)
		return error_set(c->err, ERROR_PARSE, "the reply has a map entry without a key");
	if (!item)
		return true;
	if (!read_value(c, shape->item->shape, item, &v))
		return false;
	value_set(c->a, out, key->text, v);
	return true;
}

static bool read_map(struct codec *c, const struct wire_shape *shape,
		     const struct xml_node *first, struct str only, struct value *out)
{
	*out = value_map();
	for (const struct xml_node *n = first; n; n = n->next)
		if ((only.length == 0 || str_equal(n->name, only)) && !read_entry(c, shape, n, out))
			return false;
	return true;
}

/* A flattened list without a name of its own goes by its items'. */
static const struct xml_node *find_member(const struct wire_member *m,
					  const struct xml_node *parent)
{
	bool flat = m->shape->kind == WIRE_LIST && member_is_flat(m);
	const struct xml_node *node = NULL;

	if (flat && m->location_name.length == 0 && m->shape->item->location_name.length > 0)
		node = xml_child(parent, m->shape->item->location_name);
	return node ? node : xml_child(parent, member_label(m));
}

static bool read_member(struct codec *c, const struct wire_member *m,
			const struct xml_node *parent, struct value *out)
{
	const struct xml_node *node;
	struct value v;

	if (m->xml_attribute) {
		const struct str *text = xml_attribute_get(parent, member_label(m));

		if (!text)
			return true;
		if (!scalar_read(c, m->shape, *text, &v))
			return false;
		value_set(c->a, out, m->name, v);
		return true;
	}
	node = find_member(m, parent);
	if (!node)
		return true;
	if (member_is_flat(m) && m->shape->kind == WIRE_LIST) {
		if (!read_list(c, m->shape, node, node->name, &v))
			return false;
	} else if (member_is_flat(m) && m->shape->kind == WIRE_MAP) {
		if (!read_map(c, m->shape, node, node->name, &v))
			return false;
	} else if (!read_value(c, m->shape, node, &v)) {
		return false;
	}
	value_set(c->a, out, m->name, v);
	return true;
}

/* What a newer service than our facts chose: kept, so that nobody takes it for nothing. */
static void read_unknown_variant(struct codec *c, const struct xml_node *node, struct value *out)
{
	struct value name = value_map();

	if (out->map.count > 0 || !node->first)
		return;
	value_set(c->a, &name, STR("name"), value_string(node->first->name));
	value_set(c->a, out, STR("SDK_UNKNOWN_MEMBER"), name);
}

static bool read_structure(struct codec *c, const struct wire_shape *shape,
			   const struct xml_node *node, bool body_only, struct value *out)
{
	*out = value_map();
	for (uint32_t i = 0; i < shape->members.count; i++) {
		const struct wire_member *m = shape->members.entries[i].value;

		if (body_only && !member_is_read_from_body(m))
			continue;
		if (!read_member(c, m, node, out))
			return false;
	}
	if (shape->is_union)
		read_unknown_variant(c, node, out);
	return true;
}

static bool read_value(struct codec *c, const struct wire_shape *shape,
		       const struct xml_node *node, struct value *out)
{
	return xml_read(c, shape, node, false, out);
}

bool xml_read(struct codec *c, const struct wire_shape *shape, const struct xml_node *node,
	      bool body_only, struct value *out)
{
	bool fine;

	if (shape_is_scalar(shape))
		return scalar_read(c, shape, node->text, out);
	if (!codec_enter(c))
		return false;
	if (shape->kind == WIRE_STRUCTURE)
		fine = read_structure(c, shape, node, body_only, out);
	else if (shape->kind == WIRE_LIST)
		fine = read_list(c, shape, node->first, (struct str){ 0 }, out);
	else
		fine = read_map(c, shape, node->first, (struct str){ 0 }, out);
	c->depth--;
	return fine;
}
