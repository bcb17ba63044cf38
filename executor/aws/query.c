#include "codec.h"

#include "encode.h"

/*
 * Form bodies: "A.member.1.B=x".  The two dialects differ in names, in how
 * lists are numbered, and in that one sends empty lists and the other does
 * not.  The name so far is one buffer that grows and shrinks on the way.
 */
struct form {
	struct codec *c;
	struct buf *out;
	struct buf path;
	bool ec2;
};

static bool write_value(struct form *f, const struct wire_member *m, const struct value *v);

static void add_pair(struct form *f, struct str value)
{
	buf_add_char(f->out, '&');
	percent_add(f->out, buf_str(&f->path), false);
	buf_add_char(f->out, '=');
	percent_add(f->out, value, false);
}

static void path_add(struct form *f, struct str part)
{
	if (f->path.length > 0)
		buf_add_char(&f->path, '.');
	buf_add(&f->path, part);
}

static void path_add_number(struct form *f, size_t number)
{
	path_add(f, str_format(f->c->a, "%zu", number));
}

static struct str ec2_label(struct form *f, const struct wire_member *m)
{
	struct str label = member_label(m);

	if (m->query_name.length > 0)
		return m->query_name;
	return str_format(f->c->a, "%.*s%.*s", STR_ARG(str_upper(f->c->a, str_slice(label, 0, 1))),
			  STR_ARG(str_slice(label, 1, label.length)));
}

static bool write_structure(struct form *f, const struct wire_shape *shape, const struct value *v)
{
	if (!members_check(f->c, shape, v))
		return false;
	for (uint32_t i = 0; i < shape->members.count; i++) {
		const struct wire_member *m = shape->members.entries[i].value;
		const struct value *item = value_given(v, m->name);
		size_t mark = f->path.length;

		if (!item)
			continue;
		path_add(f, f->ec2 ? ec2_label(f, m) : member_label(m));
		if (!write_value(f, m, item))
			return false;
		buf_truncate(&f->path, mark);
	}
	return true;
}

/* A flattened list without a name of its own goes by its items', in place of the member's. */
static void rename_flat(struct form *f, const struct wire_member *m)
{
	size_t dot = str_last_index(buf_str(&f->path), '.');
	struct str name = m->shape->item->location_name;

	if (name.length == 0 || m->location_name.length > 0)
		return;
	buf_truncate(&f->path, dot < f->path.length ? dot : 0);
	path_add(f, name);
}

static bool write_list(struct form *f, const struct wire_member *m, const struct value *v)
{
	const struct wire_member *item = m->shape->item;

	if (v->list.count == 0) {
		if (!f->ec2)
			add_pair(f, (struct str){ 0 });
		return true;
	}
	if (!f->ec2 && member_is_flat(m))
		rename_flat(f, m);
	else if (!f->ec2)
		path_add(f, item->location_name.length > 0 ? item->location_name : STR("member"));
	for (size_t i = 0; i < v->list.count; i++) {
		size_t mark = f->path.length;

		path_add_number(f, i + 1);
		if (!write_value(f, item, &v->list.items[i]))
			return false;
		buf_truncate(&f->path, mark);
	}
	return true;
}

static bool write_map(struct form *f, const struct wire_member *m, const struct value *v)
{
	const struct wire_member *key = m->shape->key, *item = m->shape->item;

	if (!member_is_flat(m))
		path_add(f, STR("entry"));
	for (uint32_t i = 0; i < v->map.count; i++) {
		size_t mark = f->path.length, entry;

		path_add_number(f, i + 1);
		entry = f->path.length;
		path_add(f, key->location_name.length > 0 ? key->location_name : STR("key"));
		add_pair(f, v->map.entries[i].key);
		buf_truncate(&f->path, entry);
		path_add(f, item->location_name.length > 0 ? item->location_name : STR("value"));
		if (!write_value(f, item, value_get(v, v->map.entries[i].key)))
			return false;
		buf_truncate(&f->path, mark);
	}
	return true;
}

static bool write_aggregate(struct form *f, const struct wire_member *m, const struct value *v)
{
	size_t mark = f->path.length;
	bool fine;

	if (!shape_accepts(f->c, m->shape, v) || !codec_enter(f->c))
		return false;
	if (m->shape->kind == WIRE_STRUCTURE)
		fine = write_structure(f, m->shape, v);
	else if (m->shape->kind == WIRE_LIST)
		fine = write_list(f, m, v);
	else
		fine = write_map(f, m, v);
	f->c->depth--;
	buf_truncate(&f->path, mark < f->path.length ? mark : f->path.length);
	return fine;
}

static bool write_value(struct form *f, const struct wire_member *m, const struct value *v)
{
	struct str text;

	if (v->kind == VALUE_NULL)
		return true;
	if (!shape_is_scalar(m->shape))
		return write_aggregate(f, m, v);
	if (!scalar_text(f->c, m->shape, member_time(m, WIRE_TIME_ISO8601), v, &text))
		return false;
	add_pair(f, text);
	return true;
}

bool query_write(struct codec *c, struct buf *out, const struct wire_shape *shape,
		 const struct value *v)
{
	struct form f = { .c = c, .out = out, .ec2 = c->service->protocol == WIRE_EC2 };

	buf_init(&f.path, c->a);
	return shape_accepts(c, shape, v) && write_structure(&f, shape, v);
}
