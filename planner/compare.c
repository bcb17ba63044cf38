#include "compare.h"

#include "base/json.h"
#include "base/stats.h"

const struct shape *property_shape(const struct schema *schema, struct str name)
{
	const struct property *property = schema_property(schema, name);

	return property ? property->shape : NULL;
}

const struct shape *element_shape(const struct shape *shape)
{
	return shape && shape->kind == PROPERTY_LIST ? shape->element : NULL;
}

/* ---- scalars ---- */

static bool is_scalar(const struct value *v)
{
	return v->kind == VALUE_BOOL || v->kind == VALUE_INT || v->kind == VALUE_FLOAT ||
	       v->kind == VALUE_STRING;
}

static struct str scalar_text(struct arena *a, const struct value *v)
{
	return v->kind == VALUE_STRING ? v->string : json_text(a, v);
}

/* AWS takes "30" for 30 and answers either; the facts say it is one thing. */
static bool same_scalar(struct walk *w, const struct value *a, const struct value *b)
{
	if (value_equal(a, b))
		return true;
	if (!is_scalar(a) || !is_scalar(b) || a->kind == b->kind)
		return false;
	if (a->kind != VALUE_STRING && b->kind != VALUE_STRING)
		return false;
	return str_equal(scalar_text(w->scratch, a), scalar_text(w->scratch, b));
}

static struct value parsed(struct arena *a, const struct value *v)
{
	struct value out;

	if (v->kind == VALUE_STRING && json_parse(a, v->string, SPAN_NOWHERE, &out, NULL))
		return out;
	return *v;
}

static bool same_json(struct walk *w, const struct value *a, const struct value *b)
{
	struct value left = parsed(w->scratch, a), right = parsed(w->scratch, b);

	return value_equal(&left, &right);
}

static bool same_policy(struct walk *w, const struct value *a, const struct value *b)
{
	struct value left = policy_normal(w->scratch, a), right = policy_normal(w->scratch, b);

	return value_equal(&left, &right);
}

/* ---- lists whose order means nothing ---- */

static int compare_values(const void *a, const void *b)
{
	return value_compare(a, b);
}

static bool is_unordered(enum compare_rule rule)
{
	return rule == COMPARE_SET || rule == COMPARE_KEYED;
}

/* Every unordered list in it sorted, so that sorting what holds it means something. */
static struct value canonical(struct walk *w, const struct shape *shape, const struct value *v)
{
	struct value out = *v;
	struct str key;
	size_t length;

	if (v->kind == VALUE_MAP) {
		out = value_map();
		for (uint32_t i = 0; i < v->map.count; i++) {
			struct str name = v->map.entries[i].key;
			const struct member *member = v->map.entries[i].value;

			if (value_is_empty(&member->value))
				continue;
			length = walk_member(w, name);
			value_set(w->scratch, &out, name,
				  canonical(w, shape_member(shape, name), &member->value));
			walk_leave(w, length);
		}
	} else if (v->kind == VALUE_LIST) {
		bool sort = is_unordered(walk_rule(w, shape, &key));

		out.list.items = arena_array(w->scratch, struct value, v->list.count);
		length = walk_item(w, (struct str){ 0 });
		for (size_t i = 0; i < v->list.count; i++)
			out.list.items[i] = canonical(w, element_shape(shape), &v->list.items[i]);
		walk_leave(w, length);
		if (sort)
			qsort(out.list.items, out.list.count, sizeof(struct value), compare_values);
	}
	return out;
}

/* Leaves in each item only the members that some wanted item has. */
static void project(struct walk *w, const struct list *wanted, struct list *live)
{
	struct map names = { 0 };

	for (size_t i = 0; i < wanted->count; i++) {
		const struct value *item = &wanted->items[i];

		for (uint32_t k = 0; item->kind == VALUE_MAP && k < item->map.count; k++)
			*map_put(w->scratch, &names, item->map.entries[k].key) = &names;
	}
	for (size_t i = 0; i < live->count; i++) {
		struct value kept = value_map();
		const struct value *item = &live->items[i];

		if (item->kind != VALUE_MAP)
			continue;
		for (uint32_t k = 0; k < item->map.count; k++) {
			const struct member *member = item->map.entries[k].value;

			if (map_has(&names, item->map.entries[k].key))
				value_set(w->scratch, &kept, item->map.entries[k].key,
					  member->value);
		}
		live->items[i] = kept;
	}
}

static bool same_items(struct walk *w, const struct shape *shape, const struct list *a,
		       const struct list *b, bool managed)
{
	size_t length = walk_item(w, (struct str){ 0 });
	bool same = a->count == b->count;

	for (size_t i = 0; same && i < a->count; i++)
		same = walk_same(w, element_shape(shape), &a->items[i], &b->items[i], managed);
	walk_leave(w, length);
	return same;
}

static bool same_set(struct walk *w, const struct shape *shape, const struct value *a,
		     const struct value *b, bool managed)
{
	struct value left, right;

	if (a->kind != VALUE_LIST || b->kind != VALUE_LIST || a->list.count != b->list.count)
		return false;
	left = canonical(w, shape, a);
	right = canonical(w, shape, b);
	if (managed)
		project(w, &left.list, &right.list);
	qsort(left.list.items, left.list.count, sizeof(struct value), compare_values);
	qsort(right.list.items, right.list.count, sizeof(struct value), compare_values);
	return same_items(w, shape, &left.list, &right.list, managed);
}

/* ---- lists of objects with an identity ---- */

static struct str item_key(struct walk *w, const struct value *item, struct str key)
{
	const struct value *v = value_path(item, key);

	return v && is_scalar(v) ? scalar_text(w->scratch, v) : (struct str){ 0 };
}

bool walk_index(struct walk *w, const struct value *list, struct str key, struct map *out)
{
	*out = (struct map){ 0 };
	if (value_is_absent(list))
		return true;
	if (list->kind != VALUE_LIST)
		return false;
	for (size_t i = 0; i < list->list.count; i++) {
		struct str name = item_key(w, &list->list.items[i], key);
		void **place;

		if (!name.length)
			return false;
		place = map_put(w->scratch, out, name);
		if (*place)
			return false;
		*place = &list->list.items[i];
	}
	return true;
}

/* Others may tag our things: a tag that we did not ask for is none of our business. */
bool walk_is_open(const struct walk *w)
{
	return str_equal(buf_str(&w->path), w->schema->tag_property);
}

static bool same_keyed(struct walk *w, const struct shape *shape, struct str key,
		       const struct value *a, const struct value *b, bool managed)
{
	bool open = managed && walk_is_open(w);
	struct map left, right;

	if (!walk_index(w, a, key, &left) || !walk_index(w, b, key, &right))
		return same_set(w, shape, a, b, managed);
	if (!open && left.count != right.count)
		return false;
	for (uint32_t i = 0; i < left.count; i++) {
		const struct value *other = map_get(&right, left.entries[i].key);
		size_t length;
		bool same;

		if (!other)
			return false;
		length = walk_item(w, left.entries[i].key);
		same = walk_same(w, element_shape(shape), left.entries[i].value, other, managed);
		walk_leave(w, length);
		if (!same)
			return false;
	}
	return true;
}

/* ---- everything ---- */

static bool same_members(struct walk *w, const struct shape *shape, const struct value *a,
			 const struct value *b)
{
	for (uint32_t i = 0; a && a->kind == VALUE_MAP && i < a->map.count; i++) {
		struct str name = a->map.entries[i].key;
		const struct member *member = a->map.entries[i].value;
		size_t length = walk_member(w, name);
		bool same = walk_same(w, shape_member(shape, name), &member->value,
				      value_get(b, name), true);

		walk_leave(w, length);
		if (!same)
			return false;
	}
	return true;
}

static bool same_exact(struct walk *w, const struct shape *shape, const struct value *a,
		       const struct value *b, bool managed)
{
	if (value_is_absent(a) || value_is_absent(b)) {
		const struct value *there = value_is_absent(a) ? b : a;

		/* A map of nothing but empty things is as good as none. */
		return there->kind == VALUE_MAP && same_members(w, shape, there, NULL);
	}
	if (a->kind == VALUE_MAP && b->kind == VALUE_MAP)
		return same_members(w, shape, a, b) && (managed || same_members(w, shape, b, a));
	if (a->kind == VALUE_LIST && b->kind == VALUE_LIST)
		return same_items(w, shape, &a->list, &b->list, managed);
	return same_scalar(w, a, b);
}

/* What AWS assumes when a property is left out, at the top level. */
static bool same_as_default(struct walk *w, const struct value *a, const struct value *b)
{
	const struct driver *driver = w->schema->driver;
	const struct value *assumed;

	if (!driver)
		return false;
	assumed = value_path(&driver->defaults, buf_str(&w->path));
	if (!assumed || !value_is_absent(a) == !value_is_absent(b))
		return false;
	return same_scalar(w, value_is_absent(a) ? b : a, assumed);
}

static bool same_by_rule(struct walk *w, const struct shape *shape, const struct value *a,
			 const struct value *b, bool managed)
{
	struct str key = { 0 };
	enum compare_rule rule = walk_rule(w, shape, &key);

	if (rule == COMPARE_IGNORE)
		return true;
	if (value_is_absent(a) || value_is_absent(b))
		return same_exact(w, shape, a, b, managed);
	switch (rule) {
	case COMPARE_JSON:
		return same_json(w, a, b);
	case COMPARE_POLICY:
		return same_policy(w, a, b);
	case COMPARE_FOLD:
		return a->kind == VALUE_STRING && b->kind == VALUE_STRING &&
		       str_equal_fold(a->string, b->string);
	case COMPARE_SET:
		return same_set(w, shape, a, b, managed);
	case COMPARE_KEYED:
		return same_keyed(w, shape, key, a, b, managed);
	case COMPARE_EXACT:
	case COMPARE_IGNORE:
		break;
	}
	return same_exact(w, shape, a, b, managed);
}

bool walk_same(struct walk *w, const struct shape *shape, const struct value *a,
	       const struct value *b, bool managed)
{
	stats.comparisons++;
	if (value_is_empty(a) && value_is_empty(b))
		return true;
	if (!value_is_absent(a) && !value_is_absent(b) && value_equal(a, b))
		return !value_has_unknown(a);
	/* What nobody asked for may be anything. */
	if (managed && value_is_absent(a))
		return true;
	return same_as_default(w, a, b) || same_by_rule(w, shape, a, b, managed);
}

bool properties_match(struct arena *scratch, const struct resource *resource,
		      const struct value *wanted, const struct value *live)
{
	const struct schema *schema = resource->schema;
	struct walk w;

	walk_init(&w, scratch, scratch, schema, NULL);
	w.live = true;
	for (uint32_t i = 0; wanted->kind == VALUE_MAP && i < wanted->map.count; i++) {
		struct str name = wanted->map.entries[i].key;
		const struct member *member = wanted->map.entries[i].value;
		size_t length = walk_member(&w, name);
		bool same = walk_same(&w, property_shape(schema, name), &member->value,
				      value_get(live, name), true);

		walk_leave(&w, length);
		if (!same)
			return false;
	}
	return true;
}
