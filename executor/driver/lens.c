#include "eval.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/json.h"
#include "convert.h"
#include "path.h"

static enum eval_result entry_apply(struct eval *e, const struct lens_entry *entry,
				    const struct value *in, struct value *out)
{
	switch (entry->conversion) {
	case LENS_SAME:
		*out = *in;
		return EVAL_VALUE;
	case LENS_INT:
		return e->reading ? convert_to_int(e, in, out) : convert_to_text(e, in, out);
	case LENS_NUMBER:
		return e->reading ? convert_to_text(e, in, out) : convert_to_int(e, in, out);
	case LENS_BOOL:
		return e->reading ? convert_to_bool(e, in, out) : convert_to_text(e, in, out);
	case LENS_JSON:
		return e->reading ? convert_from_json(e, in, out) : convert_to_json(e, in, out);
	case LENS_TIME:
		return e->reading ? convert_to_time(e, in, out) : (*out = *in, EVAL_VALUE);
	case LENS_TAGS:
		return convert_tags(e, in, e->reading && e->driver->steps->tags_are_map, out);
	case LENS_PRESENT:
		if (e->reading) {
			*out = value_bool(true);
			return EVAL_VALUE;
		}
		*out = value_map();
		return in->kind == VALUE_BOOL && in->boolean ? EVAL_VALUE : EVAL_NOTHING;
	case LENS_ZIP:
		return e->reading ? EVAL_NOTHING : convert_zip(e, in, out);
	case LENS_LENS:
		return lens_apply(e, entry->lens, in, out);
	}
	BUG("lens conversion %d", (int)entry->conversion);
}

/* A single predicate may not stand in the group: "Filter.And" with one member becomes "Filter". */
static void single_write(struct arena *a, const struct lens_single *s, struct value *out)
{
	struct term_path outer = { s->group.parts, s->group.count - 1 };
	struct value group, parent = value_null();
	const struct member *only;
	struct value item;
	struct str name;

	if (!path_get(a, out, &s->group, 0, &group) || group.kind != VALUE_MAP ||
	    group.map.count != 1)
		return;
	only = group.map.entries[0].value;
	name = group.map.entries[0].key;
	item = only->value;
	if (str_equal(name, s->list)) {
		if (item.kind != VALUE_LIST || item.list.count != 1)
			return;
		name = s->item;
		item = item.list.items[0];
	}
	path_remove(out, &s->group);
	if (path_get(a, out, &outer, 0, &parent))
		parent = value_shallow(a, &parent);
	else
		parent = value_map();
	value_set(a, &parent, name, item);
	term_path_set(a, out, &outer, parent);
}

/* The way back: what stands beside the group is put into it. */
static struct value single_read(struct arena *a, const struct lens_single *s,
				const struct value *in)
{
	struct term_path outer = { s->group.parts, s->group.count - 1 };
	struct value parent, group, out;

	if (!path_get(a, in, &outer, 0, &parent) || parent.kind != VALUE_MAP ||
	    path_get(a, in, &s->group, 0, &group))
		return *in;
	group = value_map();
	for (uint32_t i = 0; i < parent.map.count; i++) {
		struct str name = parent.map.entries[i].key;
		const struct member *m = parent.map.entries[i].value;

		if (str_equal(name, s->item)) {
			struct value list = value_list(NULL, 0);

			value_append(a, &list, m->value);
			value_set(a, &group, s->list, list);
		} else {
			value_set(a, &group, name, m->value);
		}
	}
	out = value_shallow(a, in);
	term_path_set(a, &out, &s->group, group);
	return out;
}

static enum eval_result record_write(struct eval *e, const struct lens *lens,
				     const struct value *in, struct value *out)
{
	*out = value_map();
	for (size_t i = 0; i < lens->count; i++) {
		const struct lens_entry *entry = &lens->entries[i];
		struct value part, item;
		enum eval_result result;

		if (!path_get(e->arena, in, &entry->property, 0, &part)) {
			/* A null at the property's own place says that it was removed. */
			if (lens->has_unset && entry->property.count == 1 &&
			    value_get(in, entry->property.parts[0].field))
				term_path_set(e->arena, out, &entry->member, lens->unset);
			continue;
		}
		result = entry_apply(e, entry, &part, &item);
		if (result == EVAL_FAILED)
			return result;
		if (result == EVAL_VALUE)
			term_path_set(e->arena, out, &entry->member, item);
	}
	for (size_t i = 0; i < lens->single_count; i++)
		single_write(e->arena, &lens->singles[i], out);
	for (size_t i = 0; i < lens->fill_count; i++) {
		struct value there;

		if (!path_get(e->arena, out, &lens->fill_paths[i], 0, &there))
			term_path_set(e->arena, out, &lens->fill_paths[i], lens->fill_values[i]);
	}
	return EVAL_VALUE;
}

static enum eval_result record_read(struct eval *e, const struct lens *lens,
				    const struct value *in, struct value *out)
{
	struct value from = value_shallow(e->arena, in);

	*out = value_map();
	for (size_t i = 0; i < lens->fill_count; i++) {
		struct value there;

		if (path_get(e->arena, &from, &lens->fill_paths[i], 0, &there) &&
		    value_equal(&there, &lens->fill_values[i])) {
			/* Copied on the way down by term_path_set, so that it can be cut out. */
			term_path_set(e->arena, &from, &lens->fill_paths[i], there);
			path_remove(&from, &lens->fill_paths[i]);
		}
	}
	for (size_t i = 0; i < lens->single_count; i++)
		from = single_read(e->arena, &lens->singles[i], &from);
	for (size_t i = 0; i < lens->count; i++) {
		const struct lens_entry *entry = &lens->entries[i];
		struct value part, item;
		enum eval_result result;

		if (!path_get(e->arena, &from, &entry->member, 0, &part))
			continue;
		result = entry_apply(e, entry, &part, &item);
		if (result == EVAL_FAILED)
			return result;
		if (result == EVAL_VALUE)
			term_path_set(e->arena, out, &entry->property, item);
	}
	return out->map.count ? EVAL_VALUE : EVAL_NOTHING;
}

enum eval_result lens_apply(struct eval *e, const struct lens *lens, const struct value *in,
			    struct value *out)
{
	if ((e->steps += lens->count + 1) > EVAL_STEPS_LIMIT) {
		error_set(e->err, ERROR_LIMIT, "lens '%.*s' is too much work",
			  STR_ARG(lens->name));
		return EVAL_FAILED;
	}
	if (in->kind == VALUE_LIST) {
		*out = value_list(NULL, 0);
		for (size_t i = 0; i < in->list.count; i++) {
			struct value item;
			enum eval_result result = lens_apply(e, lens, &in->list.items[i], &item);

			if (result == EVAL_FAILED)
				return result;
			if (result == EVAL_VALUE)
				value_append(e->arena, out, item);
		}
		return EVAL_VALUE;
	}
	if (in->kind != VALUE_MAP) {
		error_set(e->err, ERROR_PARSE, "%s where lens '%.*s' needs a map",
			  value_kind_name(in->kind), STR_ARG(lens->name));
		return EVAL_FAILED;
	}
	return e->reading ? record_read(e, lens, in, out) : record_write(e, lens, in, out);
}
