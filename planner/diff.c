#include "compare.h"

#include "base/stats.h"

static bool holds_secret(const struct value *v)
{
	if (!v)
		return false;
	if (v->marks & VALUE_SECRET)
		return true;
	for (size_t i = 0; v->kind == VALUE_LIST && i < v->list.count; i++) {
		if (holds_secret(&v->list.items[i]))
			return true;
	}
	for (uint32_t i = 0; v->kind == VALUE_MAP && i < v->map.count; i++) {
		if (holds_secret(&((struct member *)v->map.entries[i].value)->value))
			return true;
	}
	return false;
}

static void emit(struct walk *w, const struct value *before, const struct value *after, bool drift)
{
	struct change *change = vec_push(w->arena, w->out);

	*change = (struct change){
		.path = str_copy(w->arena, buf_str(&w->path)),
		.before = before ? *before : value_null(),
		.after = after ? *after : value_null(),
		.drift = drift,
		.span = after ? after->span : SPAN_NONE,
	};
	change->sensitive = path_is_sensitive(w->schema->driver, change->path) ||
			    holds_secret(before) || holds_secret(after);
}

/* Documents are compared and shown whole. */
static bool is_whole(enum compare_rule rule)
{
	return rule == COMPARE_JSON || rule == COMPARE_POLICY || rule == COMPARE_IGNORE;
}

static bool is_map_or_absent(const struct value *v)
{
	return value_is_absent(v) || v->kind == VALUE_MAP;
}

/* ---- what an edit of the spec changes ---- */

static void changes_at(struct walk *w, const struct shape *shape, const struct value *before,
		       const struct value *after);

static void changes_of_members(struct walk *w, const struct shape *shape,
			       const struct value *before, const struct value *after)
{
	for (uint32_t i = 0; after && after->kind == VALUE_MAP && i < after->map.count; i++) {
		struct str name = after->map.entries[i].key;
		const struct member *member = after->map.entries[i].value;
		size_t length = walk_member(w, name);

		changes_at(w, shape_member(shape, name), value_get(before, name), &member->value);
		walk_leave(w, length);
	}
	for (uint32_t i = 0; before && before->kind == VALUE_MAP && i < before->map.count; i++) {
		struct str name = before->map.entries[i].key;
		const struct member *member = before->map.entries[i].value;
		size_t length;

		if (value_get(after, name))
			continue;
		length = walk_member(w, name);
		changes_at(w, shape_member(shape, name), &member->value, NULL);
		walk_leave(w, length);
	}
}

static void changes_of_items(struct walk *w, const struct shape *shape, const struct map *before,
			     const struct map *after)
{
	for (uint32_t i = 0; i < after->count; i++) {
		struct str key = after->entries[i].key;
		size_t length = walk_item(w, key);

		changes_at(w, element_shape(shape), map_get(before, key), after->entries[i].value);
		walk_leave(w, length);
	}
	for (uint32_t i = 0; i < before->count; i++) {
		struct str key = before->entries[i].key;
		size_t length;

		if (map_has(after, key))
			continue;
		length = walk_item(w, key);
		changes_at(w, element_shape(shape), before->entries[i].value, NULL);
		walk_leave(w, length);
	}
}

static bool index_both(struct walk *w, struct str key, const struct value *a, const struct value *b,
		       struct map *left, struct map *right)
{
	return walk_index(w, a, key, left) && walk_index(w, b, key, right);
}

static void changes_at(struct walk *w, const struct shape *shape, const struct value *before,
		       const struct value *after)
{
	struct map left, right;
	struct str key = { 0 };
	enum compare_rule rule;

	if (walk_same(w, shape, before, after, false))
		return;
	rule = walk_rule(w, shape, &key);
	if (rule == COMPARE_KEYED && index_both(w, key, before, after, &left, &right))
		changes_of_items(w, shape, &left, &right);
	else if (!is_whole(rule) && is_map_or_absent(before) && is_map_or_absent(after))
		changes_of_members(w, shape, before, after);
	else
		emit(w, before, after, false);
}

static void changes_of_property(struct walk *w, struct str name, const struct value *before,
				const struct value *after)
{
	size_t length;

	stats.comparisons++;
	/* Nearly all of them: equal, and nothing has to be looked up to say so. */
	if (before && after && value_equal(before, after) && !value_has_unknown(after))
		return;
	length = walk_member(w, name);
	changes_at(w, property_shape(w->schema, name), before, after);
	walk_leave(w, length);
}

void walk_changes(struct walk *w, const struct value *before, const struct value *after)
{
	for (uint32_t i = 0; after->kind == VALUE_MAP && i < after->map.count; i++) {
		struct str name = after->map.entries[i].key;
		const struct member *member = after->map.entries[i].value;

		changes_of_property(w, name, value_get(before, name), &member->value);
	}
	for (uint32_t i = 0; before->kind == VALUE_MAP && i < before->map.count; i++) {
		struct str name = before->map.entries[i].key;
		const struct member *member = before->map.entries[i].value;

		if (!value_get(after, name))
			changes_of_property(w, name, &member->value, NULL);
	}
}

/* ---- what moved behind our back ---- */

static void drift_at(struct walk *w, const struct shape *shape, const struct value *wanted,
		     const struct value *baseline, const struct value *live);

static void drift_of_members(struct walk *w, const struct shape *shape, const struct value *wanted,
			     const struct value *baseline, const struct value *live)
{
	for (uint32_t i = 0; i < wanted->map.count; i++) {
		struct str name = wanted->map.entries[i].key;
		const struct member *member = wanted->map.entries[i].value;
		size_t length = walk_member(w, name);

		drift_at(w, shape_member(shape, name), &member->value, value_get(baseline, name),
			 value_get(live, name));
		walk_leave(w, length);
	}
}

/* Items by their key; one that appeared in a list of ours is drift too. */
static bool drift_of_items(struct walk *w, const struct shape *shape, struct str key,
			   const struct value *wanted, const struct value *baseline,
			   const struct value *live)
{
	struct map want, was, is;

	if (!index_both(w, key, wanted, live, &want, &is) || !walk_index(w, baseline, key, &was))
		return false;
	for (uint32_t i = 0; i < want.count; i++) {
		struct str name = want.entries[i].key;
		size_t length = walk_item(w, name);

		drift_at(w, element_shape(shape), want.entries[i].value, map_get(&was, name),
			 map_get(&is, name));
		walk_leave(w, length);
	}
	for (uint32_t i = 0; !walk_is_open(w) && i < is.count; i++) {
		struct str name = is.entries[i].key;
		size_t length;

		if (map_has(&want, name) || map_has(&was, name))
			continue;
		length = walk_item(w, name);
		emit(w, is.entries[i].value, NULL, true);
		walk_leave(w, length);
	}
	return true;
}

static void drift_at(struct walk *w, const struct shape *shape, const struct value *wanted,
		     const struct value *baseline, const struct value *live)
{
	struct str key = { 0 };
	enum compare_rule rule;

	if (wanted->kind == VALUE_UNKNOWN || walk_same(w, shape, baseline, live, false))
		return;
	rule = walk_rule(w, shape, &key);
	if (rule == COMPARE_IGNORE)
		return;
	if (rule == COMPARE_KEYED && drift_of_items(w, shape, key, wanted, baseline, live))
		return;
	if (!is_whole(rule) && wanted->kind == VALUE_MAP && is_map_or_absent(live))
		drift_of_members(w, shape, wanted, baseline, live);
	else if (!walk_same(w, shape, wanted, live, true))
		emit(w, live, wanted, true);
}

void walk_drift(struct walk *w, const struct value *wanted, const struct value *baseline,
		const struct value *live)
{
	w->live = true;
	for (uint32_t i = 0; wanted->kind == VALUE_MAP && i < wanted->map.count; i++) {
		struct str name = wanted->map.entries[i].key;
		const struct member *member = wanted->map.entries[i].value;
		const struct value *was = value_get(baseline, name), *is = value_get(live, name);
		size_t length;

		stats.comparisons++;
		if ((!was && !is) || (was && is && value_equal(was, is)))
			continue;
		length = walk_member(w, name);
		drift_at(w, property_shape(w->schema, name), &member->value, was, is);
		walk_leave(w, length);
	}
	w->live = false;
}

/* ---- what an unfinished run left ---- */

static void repair_at(struct walk *w, const struct shape *shape, const struct value *wanted,
		      const struct value *live)
{
	struct str key = { 0 };

	if (walk_same(w, shape, wanted, live, true))
		return;
	if (is_whole(walk_rule(w, shape, &key)) || wanted->kind != VALUE_MAP ||
	    !is_map_or_absent(live)) {
		emit(w, live, wanted, false);
		return;
	}
	for (uint32_t i = 0; i < wanted->map.count; i++) {
		struct str name = wanted->map.entries[i].key;
		const struct member *member = wanted->map.entries[i].value;
		size_t length = walk_member(w, name);

		repair_at(w, shape_member(shape, name), &member->value, value_get(live, name));
		walk_leave(w, length);
	}
}

void walk_repair(struct walk *w, const struct value *wanted, const struct value *live)
{
	w->live = true;
	for (uint32_t i = 0; wanted->kind == VALUE_MAP && i < wanted->map.count; i++) {
		struct str name = wanted->map.entries[i].key;
		const struct member *member = wanted->map.entries[i].value;
		size_t length = walk_member(w, name);

		repair_at(w, property_shape(w->schema, name), &member->value,
			  value_get(live, name));
		walk_leave(w, length);
	}
	w->live = false;
}
