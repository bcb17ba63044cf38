#include "namebook.h"

#include "render.h"

static void put(struct namebook *n, struct str key, struct str address)
{
	struct str *to;

	if (map_has(&n->addresses, key))
		return;
	to = arena_new(n->a, struct str);
	*to = address;
	*map_put(n->a, &n->addresses, key) = to;
}

static void put_text(struct namebook *n, struct str type, struct str text, struct str address)
{
	if (!text.length)
		return;
	put(n, STR_JOIN(n->a, type, STR(" "), text), address);
	if (str_starts(text, STR("arn:")) || str_starts(text, STR("http")))
		put(n, text, address);
}

static void put_row(struct namebook *n, const struct row *row, struct str address)
{
	row_open(row);
	put_text(n, row->type, row->name, address);
	put_text(n, row->type, row->identifier, address);
	for (uint32_t i = 0; row->attributes.kind == VALUE_MAP && i < row->attributes.map.count;
	     i++) {
		const struct member *m = row->attributes.map.entries[i].value;

		if (m->value.kind == VALUE_STRING)
			put_text(n, row->type, m->value.string, address);
	}
}

/* What its driver can tell needs no row to be read. */
static bool put_known(struct namebook *n, uint32_t i)
{
	const struct resource *r = &n->plan->model->resources[i];
	const struct resolved *resolved = &n->plan->resolved[i];
	const struct driver *driver = r->schema->driver;
	bool known = driver && driver->known_count;

	put_text(n, r->schema->type, resolved->name, resolved->address);
	for (size_t k = 0; driver && k < driver->known_count; k++) {
		struct value v = plan_attribute(n->a, n->plan, i, driver->known[k].attribute,
						&resolved->properties, NULL);

		if (v.kind == VALUE_STRING)
			put_text(n, r->schema->type, v.string, resolved->address);
		else
			known = false;
	}
	return known;
}

void namebook_make(struct arena *a, const struct plan *plan, struct namebook *out)
{
	*out = (struct namebook){ .a = a, .plan = plan };
	for (uint32_t i = 0; !plan->destroy && i < plan->model->resource_count; i++) {
		if (!put_known(out, i) && plan->resolved[i].row)
			put_row(out, plan->resolved[i].row, plan->resolved[i].address);
	}
	for (size_t i = 0; i < plan->action_count; i++)
		if (plan->actions[i].have)
			put_row(out, plan->actions[i].have, plan->actions[i].address);
}

struct str namebook_label(const struct namebook *n, struct str address)
{
	struct action act = { .want = NO_RESOURCE, .address = address };
	struct str label = render_label(n->a, n->plan, &act);

	return str_ends(label, STR("/role")) ? str_slice(label, 0, label.length - 5) : label;
}

/* "orders.Arn" of "${orders.Arn}/x", and what stands behind it. */
static bool is_reference(struct str text, struct str *inner, struct str *rest)
{
	size_t end = str_index(text, '}');

	if (!str_starts(text, STR("${")) || end == text.length)
		return false;
	*inner = str_slice(text, 2, end);
	*rest = str_slice(text, end + 1, text.length);
	return true;
}

/* Its address; empty: nothing of ours.  *attribute: what of it is meant. */
static struct str referred(const struct namebook *n, struct str inner, struct str *attribute)
{
	size_t dot = str_last_index(inner, '.');
	struct str address = str_slice(inner, 0, dot);

	if (dot == inner.length || model_find(n->plan->model, address) == NO_RESOURCE)
		return (struct str){ 0 };
	*attribute = str_slice(inner, dot + 1, inner.length);
	return address;
}

static bool is_arn(struct str attribute)
{
	return str_ends(attribute, STR("Arn")) || str_ends(attribute, STR("ARN"));
}

/* "arn:aws:s3:::${site.BucketName}/x": what a name in it is of; empty: nothing of ours. */
static struct str show_name_in(const struct namebook *n, struct str text)
{
	size_t start = str_find(text, STR("${"));
	struct str inner, rest, attribute, address;

	/* ${account} and the like stand before the name. */
	while (is_reference(str_slice(text, start, text.length), &inner, &rest)) {
		address = referred(n, inner, &attribute);
		if (address.length)
			return STR_JOIN(n->a, namebook_label(n, address), rest);
		start = text.length - rest.length + str_find(rest, STR("${"));
	}
	return (struct str){ 0 };
}

struct str namebook_show(const struct namebook *n, struct str text)
{
	struct str inner, rest, attribute, address;

	if (is_reference(text, &inner, &rest)) {
		address = referred(n, inner, &attribute);
		return address.length && is_arn(attribute) ?
		       STR_JOIN(n->a, namebook_label(n, address), rest) : text;
	}
	if (!str_starts(text, STR("arn:")))
		return text;
	for (size_t end = text.length; end > 4; end--) {
		const struct str *found;
		bool edge = end == text.length || text.data[end] == '/' || text.data[end] == ':';

		found = edge ? map_get(&n->addresses, str_slice(text, 0, end)) : NULL;
		if (found)
			return STR_JOIN(n->a, namebook_label(n, *found),
					str_slice(text, end, text.length));
	}
	inner = show_name_in(n, text);
	return inner.length ? inner : text;
}

struct str namebook_find(const struct namebook *n, const struct property *property,
			 struct str type, struct str text)
{
	struct str inner, rest, attribute, address;
	const struct str *found = map_get(&n->addresses, text);

	if (is_reference(text, &inner, &rest) && !rest.length) {
		address = referred(n, inner, &attribute);
		return address.length ? address : text;
	}
	if (!found && type.length)
		found = map_get(&n->addresses, STR_JOIN(n->a, type, STR(" "), text));
	for (size_t i = 0; !found && property && i < property->reference_count; i++)
		found = map_get(&n->addresses, STR_JOIN(n->a, property->references[i].type,
							STR(" "), text));
	return found ? *found : text;
}

/* ---- what is not known yet ---- */

static struct value filled(const struct namebook *n, const struct value *v,
			   const struct value *written);

static struct value filled_list(const struct namebook *n, const struct value *v,
				const struct value *written)
{
	bool alike = written && written->kind == VALUE_LIST &&
		     written->list.count == v->list.count;
	struct value out = value_list(arena_array(n->a, struct value, v->list.count),
				      v->list.count);

	for (size_t i = 0; i < v->list.count; i++)
		out.list.items[i] = filled(n, &v->list.items[i],
					   alike ? &written->list.items[i] : NULL);
	return out;
}

static struct value filled(const struct namebook *n, const struct value *v,
			   const struct value *written)
{
	struct value out = value_map();

	if (v->kind == VALUE_UNKNOWN) {
		out = written && written->kind == VALUE_STRING ? *written :
		      value_string(STR("(known after apply)"));
		out.marks = v->marks;
		return out;
	}
	if (v->kind == VALUE_LIST)
		return filled_list(n, v, written);
	if (v->kind != VALUE_MAP)
		return *v;
	for (uint32_t i = 0; i < v->map.count; i++) {
		const struct member *m = v->map.entries[i].value;

		value_set(n->a, &out, v->map.entries[i].key,
			  filled(n, &m->value, written ? value_get(written, v->map.entries[i].key)
							: NULL));
	}
	return out;
}

struct value namebook_filled(const struct namebook *n, const struct value *v,
			  const struct value *written)
{
	struct value text;

	if (!value_has_unknown(v))
		return *v;
	if (!written)
		return filled(n, v, NULL);
	text = model_value(n->a, n->plan->model, written);
	return filled(n, v, &text);
}
