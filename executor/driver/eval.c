#include "eval.h"

#include "convert.h"
#include "path.h"

/* Path from `start` in what a name stands for. */
static enum eval_result take(struct eval *e, const struct value *from, const struct term_path *path,
			     size_t start, struct value *out)
{
	return path_get(e->arena, from, path, start, out) ? EVAL_VALUE : EVAL_NOTHING;
}

static enum eval_result take_text(struct str text, struct value *out)
{
	*out = value_string(text);
	return text.length ? EVAL_VALUE : EVAL_NOTHING;
}

static enum eval_result eval_property(struct eval *e, const struct term_path *path,
				      struct value *out)
{
	struct str name = path->parts[0].field;
	const struct value *v = value_get(&e->properties, name);

	if (!v || v->kind == VALUE_NULL)
		v = value_get(&e->attributes, name);
	if (!v && e->clears && value_get(&e->old, name)) {
		v = value_get(&e->clear, name);
		if (!v)
			v = value_get(&e->driver->defaults, name);
	}
	return v ? take(e, v, path, 1, out) : EVAL_NOTHING;
}

static enum eval_result eval_name(struct eval *e, const struct term *t, struct value *out)
{
	switch (t->name) {
	case NAME_PROPERTY:
		return eval_property(e, &t->path, out);
	case NAME_ALL:
		return take(e, &e->properties, &t->path, 0, out);
	case NAME_OLD:
		return take(e, &e->old, &t->path, 0, out);
	case NAME_CHANGED:
		return take(e, &e->changed, &t->path, 0, out);
	case NAME_ITEM:
		return take(e, &e->item, &t->path, 0, out);
	case NAME_ADDED:
		return take(e, &e->added, &t->path, 0, out);
	case NAME_REMOVED:
		return take(e, &e->removed, &t->path, 0, out);
	case NAME_INSTANCE:
		return take_text(e->instance, out);
	case NAME_TOKEN:
		return take_text(e->token, out);
	case NAME_ACCOUNT:
		return take_text(e->scope->account, out);
	case NAME_REGION:
		return take_text(e->scope->region, out);
	case NAME_PARTITION:
		return take_text(e->scope->partition, out);
	}
	BUG("name %d", (int)t->name);
}

/* "*": the members of a map; nulls, which stand for what was removed, are no members. */
static void spread(struct eval *e, struct value *out, const struct value *map)
{
	for (uint32_t i = 0; map->kind == VALUE_MAP && i < map->map.count; i++) {
		const struct member *m = map->map.entries[i].value;

		if (m->value.kind != VALUE_NULL)
			value_set(e->arena, out, map->map.entries[i].key, m->value);
	}
}

static enum eval_result eval_record(struct eval *e, const struct term *t, struct value *out)
{
	bool asked = false, given = false;

	*out = value_map();
	out->span = t->span;
	for (size_t i = 0; i < t->count; i++) {
		struct value item;
		enum eval_result result = eval_term(e, &t->items[i], &item);

		if (result == EVAL_FAILED)
			return result;
		asked |= t->items[i].kind != TERM_LITERAL;
		given |= result == EVAL_VALUE && t->items[i].kind != TERM_LITERAL;
		if (result != EVAL_VALUE)
			continue;
		if (str_equal(t->names[i], STR("*")))
			spread(e, out, &item);
		else
			value_set(e->arena, out, t->names[i], item);
	}
	/* {Enabled: true, Type: $Type} is there only with a type. */
	return asked && !given ? EVAL_NOTHING : EVAL_VALUE;
}

static enum eval_result eval_list(struct eval *e, const struct term *t, struct value *out)
{
	*out = value_list(NULL, 0);
	for (size_t i = 0; i < t->count; i++) {
		struct value item;
		enum eval_result result = eval_term(e, &t->items[i], &item);

		if (result == EVAL_FAILED)
			return result;
		if (result == EVAL_VALUE)
			value_append(e->arena, out, item);
	}
	return out->list.count ? EVAL_VALUE : EVAL_NOTHING;
}

/* True if the value equals one of the arguments from `first` on. */
static enum eval_result among(struct eval *e, const struct term *t, size_t first,
			      const struct value *v, bool *found)
{
	*found = false;
	for (size_t i = first; i < t->count && !*found; i++) {
		struct value item;
		enum eval_result result = eval_term(e, &t->items[i], &item);

		if (result == EVAL_FAILED)
			return result;
		*found = result == EVAL_VALUE && value_equal(v, &item);
	}
	return EVAL_VALUE;
}

static enum eval_result call_is(struct eval *e, const struct term *t, const struct value *v,
				struct value *out)
{
	bool found;
	enum eval_result result = among(e, t, 1, v, &found);

	*out = value_bool(found);
	return result;
}

static enum eval_result call_unless(struct eval *e, const struct term *t, const struct value *v,
				    struct value *out)
{
	struct value other;
	enum eval_result result = eval_term(e, &t->items[1], &other);
	bool found = false;

	if (result == EVAL_FAILED)
		return result;
	if (result == EVAL_VALUE && among(e, t, 2, &other, &found) == EVAL_FAILED)
		return EVAL_FAILED;
	*out = *v;
	return found ? EVAL_NOTHING : EVAL_VALUE;
}

static enum eval_result call_first(struct eval *e, const struct term *t, struct value *out)
{
	for (size_t i = 0; i < t->count; i++) {
		enum eval_result result = eval_term(e, &t->items[i], out);

		if (result != EVAL_NOTHING)
			return result;
	}
	return EVAL_NOTHING;
}

static enum eval_result call_keys(struct eval *e, const struct value *v, struct value *out)
{
	struct value map;

	if (!tags_to_map(e->arena, v, &map)) {
		error_set(e->err, ERROR_PARSE, "keys() of what are no tags");
		return EVAL_FAILED;
	}
	*out = value_list(NULL, 0);
	for (uint32_t i = 0; i < map.map.count; i++)
		value_append(e->arena, out, value_string(map.map.entries[i].key));
	return EVAL_VALUE;
}

static enum eval_result call_merge(struct eval *e, const struct term *t, struct value *out)
{
	struct value parts[3];

	for (size_t i = 0; i < 3; i++) {
		enum eval_result result = eval_term(e, &t->items[i], &parts[i]);

		if (result == EVAL_FAILED)
			return result;
		if (result == EVAL_NOTHING)
			parts[i] = value_map();
	}
	*out = tags_merge(e->arena, &parts[0], &parts[1], &parts[2]);
	return EVAL_VALUE;
}

static enum eval_result call_contains(struct eval *e, const struct term *t, const struct value *v,
				      struct value *out)
{
	struct value part;
	enum eval_result result = eval_term(e, &t->items[1], &part);

	if (result != EVAL_VALUE)
		return result;
	*out = value_bool(v->kind == VALUE_STRING && part.kind == VALUE_STRING &&
			  str_contains(v->string, part.string));
	return EVAL_VALUE;
}

static enum eval_result call_find(struct eval *e, const struct term *t, const struct value *list,
				  struct value *out)
{
	struct value field, wanted;
	enum eval_result result = eval_term(e, &t->items[1], &field);

	if (result != EVAL_VALUE || field.kind != VALUE_STRING)
		return result == EVAL_FAILED ? result : EVAL_NOTHING;
	result = eval_term(e, &t->items[2], &wanted);
	if (result != EVAL_VALUE || list->kind != VALUE_LIST)
		return result == EVAL_FAILED ? result : EVAL_NOTHING;
	for (size_t i = 0; i < list->list.count; i++) {
		const struct value *item = &list->list.items[i];
		const struct value *has = value_get(item, field.string);

		if (has && value_equal(has, &wanted)) {
			*out = *item;
			return EVAL_VALUE;
		}
	}
	return EVAL_NOTHING;
}

/* Items that stay through the change: there before, and not to be made again. */
static enum eval_result call_kept(struct eval *e, const struct term *t, struct value *out)
{
	struct str property = t->items[0].literal.string;
	const struct value *list = value_get(&e->properties, property);
	const struct value *old = value_get(&e->old, property);
	const struct remake_rule *remake = remake_find(e->driver, property);
	struct item_index index;

	if (!list || list->kind != VALUE_LIST || !old)
		return EVAL_NOTHING;
	item_index_make(e->arena, e->driver, property, old, &index);
	*out = value_list(NULL, 0);
	for (size_t i = 0; i < list->list.count; i++) {
		const struct value *item = &list->list.items[i];
		const struct value *before = item_find(e->arena, &index, item);

		if (before && !(remake && !fields_same(e->arena, e->driver, property,
						       &remake->fields, before, item)))
			value_append(e->arena, out, *item);
	}
	return out->list.count ? EVAL_VALUE : EVAL_NOTHING;
}

static enum eval_result call_all(struct eval *e, const struct term *t, struct value *out)
{
	struct value all = value_list(NULL, 0), part;

	for (size_t i = 0; i < t->count; i++) {
		enum eval_result result = eval_term(e, &t->items[i], &part);

		if (result == EVAL_FAILED)
			return result;
		for (size_t k = 0; result == EVAL_VALUE && part.kind == VALUE_LIST &&
		     k < part.list.count; k++)
			value_append(e->arena, &all, part.list.items[k]);
	}
	*out = all;
	return all.list.count ? EVAL_VALUE : EVAL_NOTHING;
}

struct value eval_names(struct eval *e)
{
	struct value all = value_shallow(e->arena, &e->attributes);

	for (uint32_t i = 0; i < e->properties.map.count; i++)
		value_set(e->arena, &all, e->properties.map.entries[i].key,
			  ((const struct member *)e->properties.map.entries[i].value)->value);
	value_set(e->arena, &all, STR("instance"), value_string(e->instance));
	return all;
}

static enum eval_result call_fill(struct eval *e, const struct term *t, struct value *out)
{
	struct value all = eval_names(e);

	*out = driver_fill(e->arena, t->items[0].literal.string, e->scope, &all);
	return out->kind == VALUE_STRING ? EVAL_VALUE : EVAL_NOTHING;
}

static enum eval_result call_nonempty(const struct value *v, struct value *out)
{
	*out = *v;
	if ((v->kind == VALUE_STRING && !v->string.length) ||
	    (v->kind == VALUE_LIST && !v->list.count) || (v->kind == VALUE_MAP && !v->map.count))
		return EVAL_NOTHING;
	return EVAL_VALUE;
}

/* Functions that give nothing for nothing and look at their first argument. */
static enum eval_result call_on(struct eval *e, const struct term *t, const struct value *v,
				struct value *out)
{
	switch (t->function) {
	case FUNCTION_JSON:
		return e->reading ? convert_from_json(e, v, out) : convert_to_json(e, v, out);
	case FUNCTION_TEXT:
		return convert_to_text(e, v, out);
	case FUNCTION_TAG_LIST:
		return convert_tags(e, v, false, out);
	case FUNCTION_TAG_MAP:
		return convert_tags(e, v, true, out);
	case FUNCTION_KEYS:
		return call_keys(e, v, out);
	case FUNCTION_IS:
		return call_is(e, t, v, out);
	case FUNCTION_UNLESS:
		return call_unless(e, t, v, out);
	case FUNCTION_NONEMPTY:
		return call_nonempty(v, out);
	case FUNCTION_CONTAINS:
		return call_contains(e, t, v, out);
	case FUNCTION_FIND:
		return call_find(e, t, v, out);
	case FUNCTION_TIME:
		return convert_to_time(e, v, out);
	default:
		BUG("function %d", (int)t->function);
	}
}

static enum eval_result call_any(struct eval *e, const struct term *t, struct value *out)
{
	size_t subject = t->function == FUNCTION_LENS ? 1 : 0;
	struct value v;
	enum eval_result result;

	if (t->function == FUNCTION_FIRST)
		return call_first(e, t, out);
	if (t->function == FUNCTION_MERGE)
		return call_merge(e, t, out);
	if (t->function == FUNCTION_KEPT)
		return call_kept(e, t, out);
	if (t->function == FUNCTION_FILL)
		return call_fill(e, t, out);
	if (t->function == FUNCTION_ALL)
		return call_all(e, t, out);
	result = eval_term(e, &t->items[subject], &v);
	if (result != EVAL_VALUE)
		return result;
	return t->function == FUNCTION_LENS ? lens_apply(e, t->lens, &v, out) :
					      call_on(e, t, &v, out);
}

enum eval_result eval_term(struct eval *e, const struct term *t, struct value *out)
{
	struct value whole;
	enum eval_result result;

	switch (t->kind) {
	case TERM_LITERAL:
		*out = t->literal;
		return EVAL_VALUE;
	case TERM_NAME:
		return eval_name(e, t, out);
	case TERM_REPLY:
		return take(e, &e->reply, &t->path, 0, out);
	case TERM_RECORD:
		return eval_record(e, t, out);
	case TERM_LIST:
		return eval_list(e, t, out);
	case TERM_CALL:
		result = call_any(e, t, t->path.count ? &whole : out);
		if (result != EVAL_VALUE || !t->path.count)
			return result;
		return take(e, &whole, &t->path, 0, out);
	}
	BUG("term %d", (int)t->kind);
}

static bool any_prop(const struct value *map, const struct str_list *props)
{
	for (size_t i = 0; i < props->count; i++) {
		const struct value *v = value_get(map, props->items[i]);

		if (v && v->kind != VALUE_NULL)
			return true;
	}
	return false;
}

static bool one_of(struct eval *e, const struct condition *c, const struct value *v)
{
	for (size_t i = 0; i < c->count; i++) {
		struct value item;

		if (eval_term(e, &c->alternatives[i], &item) == EVAL_VALUE && value_equal(v, &item))
			return true;
	}
	return false;
}

static bool is_each(const struct term *t)
{
	for (size_t i = 0; i < t->path.count; i++) {
		if (t->path.parts[i].kind == PATH_EACH)
			return true;
	}
	return false;
}

/* With "[]" in the path v is the list of what the items gave. */
static bool test_holds(struct eval *e, const struct condition *c, const struct value *v)
{
	if (!is_each(&c->term) || v->kind != VALUE_LIST)
		return one_of(e, c, v) == (c->test == TEST_IS);
	for (size_t i = 0; i < v->list.count; i++) {
		if (one_of(e, c, &v->list.items[i]) != (c->test == TEST_IS))
			return false;
	}
	return true;
}

static enum eval_result condition_holds(struct eval *e, const struct condition *c,
					const struct str_list *props, bool *holds)
{
	struct value v;
	enum eval_result result;

	if (c->subject != CONDITION_TERM) {
		bool there = any_prop(c->subject == CONDITION_NEW ? &e->properties : &e->old,
				      props);

		*holds = there == (c->test == TEST_PRESENT);
		return EVAL_VALUE;
	}
	result = eval_term(e, &c->term, &v);
	if (result == EVAL_FAILED)
		return result;
	if (c->test == TEST_PRESENT || c->test == TEST_ABSENT)
		*holds = (result == EVAL_VALUE) == (c->test == TEST_PRESENT);
	else if (result == EVAL_NOTHING)
		*holds = c->test == TEST_IS_NOT || is_each(&c->term);
	else
		*holds = test_holds(e, c, &v);
	return EVAL_VALUE;
}

enum eval_result eval_conditions(struct eval *e, const struct conditions *c,
				 const struct str_list *props, bool *holds)
{
	*holds = true;
	for (size_t i = 0; i < c->count && *holds; i++) {
		if (condition_holds(e, &c->items[i], props, holds) == EVAL_FAILED)
			return EVAL_FAILED;
	}
	return EVAL_VALUE;
}
