#include "work.h"

/*
 * ignore_changes: what stands at a path now stays as it is.  Nothing is taken
 * out of a comparison; the value that is wanted there becomes the one that is
 * there, so that it neither differs nor is sent as anything else.
 */
#define SEALED_LENGTH 69		/* "hmac:" and 64 digits, as secret.c makes them */

bool ignores_any(const struct resource *r)
{
	return r->lifecycle && r->lifecycle->ignore_count;
}

static const struct value *none_if_absent(const struct value *v)
{
	return value_is_absent(v) ? NULL : v;
}

/* The hash of a secret stands for nothing that could be sent. */
static bool is_hash(const struct value *v)
{
	return v && v->kind == VALUE_STRING && v->string.length == SEALED_LENGTH &&
	       str_starts(v->string, STR("hmac:"));
}

/* What is to stand there: as it is from `there`, all else as wanted.  NULL: nothing. */
static const struct value *keep(struct arena *a, const struct ignore_step *steps, size_t count,
				const struct value *wanted, const struct value *there);

static bool is_map_or_none(const struct value *v)
{
	return !v || v->kind == VALUE_MAP;
}

static void keep_member(struct arena *a, const struct ignore_step *steps, size_t count,
			struct str name, const struct value *there, struct value *out)
{
	const struct value *kept = keep(a, steps + 1, count - 1,
					none_if_absent(value_get(out, name)),
					none_if_absent(value_get(there, name)));

	if (kept)
		value_replace(a, out, name, *kept);
	else
		map_remove(&out->map, name);
}

static const struct value *keep_members(struct arena *a, const struct ignore_step *steps,
					size_t count, const struct value *wanted,
					const struct value *there)
{
	struct value *out = arena_new(a, struct value), empty = value_map();

	if (!is_map_or_none(wanted) || !is_map_or_none(there))
		return wanted;
	*out = value_map();
	out->map = map_copy(a, wanted ? &wanted->map : &empty.map, there ? there->map.count : 0);
	out->span = wanted ? wanted->span : SPAN_NONE;
	for (uint32_t i = 0; wanted && i < wanted->map.count; i++) {
		if (str_matches(steps->name, wanted->map.entries[i].key))
			keep_member(a, steps, count, wanted->map.entries[i].key, there, out);
	}
	for (uint32_t i = 0; there && i < there->map.count; i++) {
		struct str name = there->map.entries[i].key;

		if (!value_get(wanted, name) && str_matches(steps->name, name))
			keep_member(a, steps, count, name, there, out);
	}
	return wanted || out->map.count ? out : NULL;
}

/* Its name by the field that names items; empty: it has none. */
static struct str item_name(const struct value *item, struct str key)
{
	const struct value *v = value_get(item, key);

	return v && v->kind == VALUE_STRING ? v->string : (struct str){ 0 };
}

static const struct value *find_item(const struct value *list, struct str key, struct str name)
{
	for (size_t i = 0; list && i < list->list.count; i++) {
		if (str_equal(item_name(&list->list.items[i], key), name))
			return &list->list.items[i];
	}
	return NULL;
}

static const struct value *keep_items(struct arena *a, const struct ignore_step *steps,
				      size_t count, const struct value *wanted,
				      const struct value *there)
{
	struct value *out = arena_new(a, struct value);

	if ((wanted && wanted->kind != VALUE_LIST) || (there && there->kind != VALUE_LIST))
		return wanted;
	*out = value_list(NULL, 0);
	out->span = wanted ? wanted->span : SPAN_NONE;
	for (size_t i = 0; wanted && i < wanted->list.count; i++) {
		const struct value *item = &wanted->list.items[i];
		struct str name = item_name(item, steps->key);

		if (name.length && str_matches(steps->name, name))
			item = keep(a, steps + 1, count - 1, item,
				    find_item(there, steps->key, name));
		if (item)
			value_append(a, out, *item);
	}
	/* An item that nobody wants any more; of a part of one nothing could be made. */
	for (size_t i = 0; there && count == 1 && i < there->list.count; i++) {
		const struct value *item = &there->list.items[i];
		struct str name = item_name(item, steps->key);

		if (name.length && str_matches(steps->name, name) &&
		    !find_item(wanted, steps->key, name))
			value_append(a, out, *item);
	}
	return wanted || out->list.count ? out : NULL;
}

static const struct value *keep(struct arena *a, const struct ignore_step *steps, size_t count,
				const struct value *wanted, const struct value *there)
{
	if (!count)
		return is_hash(there) ? wanted : there;
	return steps->key.length ? keep_items(a, steps, count, wanted, there)
				 : keep_members(a, steps, count, wanted, there);
}

static struct value keep_all(struct arena *a, const struct resource *r,
			     const struct value *wanted, const struct value *there)
{
	const struct lifecycle *life = r->lifecycle;
	const struct value *out = wanted;

	for (size_t i = 0; there->kind == VALUE_MAP && i < life->ignore_count; i++)
		out = keep(a, life->ignores[i].steps, life->ignores[i].count, out, there);
	return *out;
}

struct value ignore_applied(struct arena *a, const struct resource *r, const struct row *row,
			    const struct value *wanted)
{
	if (!ignores_any(r) || !row)
		return *wanted;
	row_open(row);
	return keep_all(a, r, wanted, &row->properties);
}

struct value ignore_live(struct arena *a, const struct resource *r, const struct value *wanted,
			 const struct value *live)
{
	struct value managed = value_map();

	if (!ignores_any(r) || live->kind != VALUE_MAP)
		return *wanted;
	/* A property that was never ours is not taken up because it is there. */
	for (uint32_t i = 0; i < live->map.count; i++) {
		struct str name = live->map.entries[i].key;

		if (value_get(wanted, name))
			value_set(a, &managed, name,
				  ((struct member *)live->map.entries[i].value)->value);
	}
	return keep_all(a, r, wanted, &managed);
}

bool ignores_whole(const struct resource *r, struct str property)
{
	for (size_t i = 0; ignores_any(r) && i < r->lifecycle->ignore_count; i++) {
		const struct ignored *ignored = &r->lifecycle->ignores[i];

		if (ignored->count == 1 && str_matches(ignored->steps[0].name, property))
			return true;
	}
	return false;
}

/* Another thing takes nothing from the one before it. */
static bool is_made_anew(const struct plan *plan, uint32_t resource)
{
	uint32_t at = plan->resolved[resource].action;

	return at != NO_RESOURCE && (plan->actions[at].kind == ACTION_CREATE ||
				     plan->actions[at].kind == ACTION_REPLACE);
}

struct value plan_ignored(struct arena *a, const struct plan *plan, uint32_t resource,
			  const struct value *properties)
{
	const struct resource *r = &plan->model->resources[resource];
	const struct resolved *resolved = &plan->resolved[resource];
	const struct observed *live = resolved->action == NO_RESOURCE ? NULL :
				      plan->actions[resolved->action].live;
	struct value out;

	if (!ignores_any(r) || is_made_anew(plan, resource))
		return *properties;
	out = ignore_applied(a, r, resolved->row, properties);
	return live && live->seen == SEEN_FOUND ? ignore_live(a, r, &out, &live->properties) : out;
}
