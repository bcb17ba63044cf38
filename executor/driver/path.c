#include "path.h"

static bool path_each(struct arena *a, const struct value *from, const struct term_path *path,
		      size_t start, struct value *out)
{
	*out = value_list(NULL, 0);
	if (from->kind != VALUE_LIST)
		return false;
	for (size_t i = 0; i < from->list.count; i++) {
		struct value item;

		if (path_get(a, &from->list.items[i], path, start, &item))
			value_append(a, out, item);
	}
	return true;
}

bool path_get(struct arena *a, const struct value *from, const struct term_path *path, size_t start,
	      struct value *out)
{
	for (size_t i = start; i < path->count && from; i++) {
		const struct path_part *part = &path->parts[i];

		if (part->kind == PATH_EACH)
			return path_each(a, from, path, i + 1, out);
		if (part->kind == PATH_FIELD)
			from = value_get(from, part->field);
		else if (from->kind == VALUE_LIST && part->index < from->list.count)
			from = &from->list.items[part->index];
		else
			from = NULL;
	}
	if (!from || from->kind == VALUE_NULL)
		return false;
	*out = *from;
	return true;
}

struct value value_shallow(struct arena *a, const struct value *map)
{
	struct value out = value_map();

	if (map->kind != VALUE_MAP)
		return out;
	out.marks = map->marks;
	for (uint32_t i = 0; i < map->map.count; i++) {
		const struct member *m = map->map.entries[i].value;

		value_set(a, &out, map->map.entries[i].key, m->value);
	}
	return out;
}

/* The place of a field in a map of our own; its map, if it has one, becomes our own too. */
static struct value *own_field(struct arena *a, struct value *at, struct str field)
{
	const struct value *old = value_get(at, field);
	struct value mine = old ? *old : value_null();

	if (mine.kind == VALUE_MAP)
		mine = value_shallow(a, &mine);
	return value_set(a, at, field, mine);
}

void term_path_set(struct arena *a, struct value *root, const struct term_path *path,
		   struct value item)
{
	struct value *at = root;

	for (size_t i = 0; i < path->count; i++) {
		const struct path_part *part = &path->parts[i];

		if (part->kind == PATH_EACH)
			return;
		if (part->kind == PATH_INDEX) {
			*at = value_list(arena_new(a, struct value), 1);
			at = &at->list.items[0];
			continue;
		}
		if (at->kind != VALUE_MAP)
			*at = value_map();
		at = own_field(a, at, part->field);
	}
	*at = item;
}

void path_remove(struct value *root, const struct term_path *path)
{
	struct value *way[DRIVER_PATH_LIMIT];
	size_t depth = 0;
	struct value *at = root;

	while (depth < path->count && depth < DRIVER_PATH_LIMIT && at && at->kind == VALUE_MAP &&
	       path->parts[depth].kind == PATH_FIELD) {
		struct member *m = map_get(&at->map, path->parts[depth].field);

		way[depth++] = at;
		at = m ? &m->value : NULL;
	}
	if (depth != path->count || !at)
		return;
	while (depth-- > 0) {
		(void)map_remove(&way[depth]->map, path->parts[depth].field);
		if (way[depth]->map.count)
			return;
	}
}
