#include "family.h"

/* Lists: what counts, chooses and joins their items. */

static struct value items_from(const struct value *list, size_t start, size_t end)
{
	return value_list(list->list.items + start, end - start);
}

static struct value wrong_kind(struct function_call *c, size_t index, const char *needed)
{
	return function_fail(c, index, "E0262 '%s' takes %s, not a %s", c->function->name, needed,
			     value_kind_name(c->args[index].kind));
}

/* decided: the item that settles it; null counts as false. */
static struct value decide(struct function_call *c, bool decided)
{
	const struct list *list = &c->args[0].list;
	const struct value *waits = NULL;

	for (size_t i = 0; i < list->count; i++) {
		const struct value *item = &list->items[i];
		bool is = item->kind == VALUE_BOOL && item->boolean;

		c->marks |= item->marks;
		if (value_waits(item))
			waits = waits ? waits : item;
		else if (is == decided)
			return value_bool(decided);
	}
	return waits ? result_waits(c, waits) : value_bool(!decided);
}

static struct value alltrue(struct function_call *c)
{
	return decide(c, false);
}

static struct value anytrue(struct function_call *c)
{
	return decide(c, true);
}

static struct value chunklist(struct function_call *c)
{
	struct value out = value_list(NULL, 0), list;
	int64_t size;

	if (!argument_whole(c, 1, &size) || !argument_unify(c, 0, &list))
		return value_null();
	if (size < 0)
		return function_fail(c, 1, "E0263 a size is 0 or more");
	for (size_t at = 0; at < list.list.count;) {
		size_t left = list.list.count - at;
		size_t count = size && (uint64_t)size < left ? (size_t)size : left;

		value_append(c->arena, &out, items_from(&list, at, at + count));
		at += count;
	}
	return out;
}

/* Text, numbers and booleans among each other become text, as in a list. */
static struct value coalesce(struct function_call *c)
{
	const struct value *found = NULL, *open = NULL;
	const struct type *type = NULL;
	struct value out;
	struct str why;

	for (size_t i = 0; i < c->count; i++) {
		const struct value *v = &c->args[i];
		bool empty = v->kind == VALUE_STRING && !v->string.length;

		if (!type_unify(c->arena, type, type_of(c->arena, v), &type))
			return function_fail(c, i, "E0262 the values for 'coalesce' are of "
					     "different types");
		if (!found && v->kind != VALUE_NULL && !empty)
			found = v;
		open = v->kind == VALUE_EXPR ? v : open;
	}
	if (!found)
		return function_fail(c, SIZE_MAX,
				     "E0272 'coalesce' found null and empty text only");
	if (value_waits(found))
		return result_waits(c, found);
	/* Behind it may stand text, which would make text of a number. */
	if (open && found->kind != VALUE_STRING)
		return result_waits(c, open);
	CHECK(value_convert(c->arena, found, type, &out, &why));
	return out;
}

static struct value coalescelist(struct function_call *c)
{
	const struct value *found = NULL;

	for (size_t i = 0; i < c->count; i++) {
		const struct value *v = &c->args[i];

		if (!value_waits(v) && v->kind != VALUE_LIST)
			return wrong_kind(c, i, "lists");
		if (!found && (value_waits(v) || v->list.count))
			found = v;
	}
	if (!found)
		return function_fail(c, SIZE_MAX, "E0272 'coalescelist' found empty lists only");
	return value_waits(found) ? result_waits(c, found) : *found;
}

static struct value compact(struct function_call *c)
{
	struct value out = value_list(NULL, 0);

	for (size_t i = 0; i < c->args[0].list.count; i++) {
		const struct value *item = &c->args[0].list.items[i];

		if (item->kind != VALUE_NULL && item->string.length)
			value_append(c->arena, &out, *item);
	}
	return out;
}

static struct value concat(struct function_call *c)
{
	struct value out = value_list(NULL, 0);

	for (size_t i = 0; i < c->count; i++) {
		const struct list *list = &c->args[i].list;

		if (out.list.count + list->count > FUNCTION_ITEMS_MOST)
			return fail_too_many(c);
		for (size_t k = 0; k < list->count; k++)
			value_append(c->arena, &out, list->items[k]);
	}
	return out;
}

/* 1 and "1" are different here. */
static struct value contains(struct function_call *c)
{
	const struct list *list = &c->args[0].list;
	const struct value *waits = waiting_part(&c->args[1]);

	if (waits)
		return result_waits(c, waits);
	c->marks |= marks_within(&c->args[1]);
	for (size_t i = 0; i < list->count; i++) {
		const struct value *part = waiting_part(&list->items[i]);

		c->marks |= marks_within(&list->items[i]);
		if (part)
			waits = part;
		else if (value_equal(&list->items[i], &c->args[1]))
			return value_bool(true);
	}
	return waits ? result_waits(c, waits) : value_bool(false);
}

static struct value distinct(struct function_call *c)
{
	struct value out = value_list(NULL, 0), list;
	struct map seen = { 0 };

	if (!argument_unify(c, 0, &list))
		return value_null();
	for (size_t i = 0; i < list.list.count; i++) {
		struct value *item = &list.list.items[i];
		void **place = map_put(c->arena, &seen, function_key(c->arena, item));

		if (!*place)
			value_append(c->arena, &out, *item);
		*place = item;
	}
	return out;
}

static struct value element(struct function_call *c)
{
	const struct list *list = &c->args[0].list;
	int64_t index;

	if (value_waits(&c->args[1]))
		return result_waits(c, &c->args[1]);
	if (!argument_whole(c, 1, &index))
		return value_null();
	if (!list->count)
		return function_fail(c, 0, "E0264 the list for 'element' is empty");
	index %= (int64_t)list->count;
	return list->items[index < 0 ? index + (int64_t)list->count : index];
}

#define FLATTEN_DEPTH_MOST 200

static bool may_be_list(const struct value *v)
{
	const struct type *type = v->kind == VALUE_UNKNOWN ? v->unknown->type : NULL;

	return !type || type->kind == TYPE_ANY || type->kind == TYPE_LIST;
}

static bool add_flat(struct function_call *c, struct value *out, const struct list *list,
		     const struct value **waits, unsigned depth)
{
	for (size_t i = 0; i < list->count; i++) {
		const struct value *item = &list->items[i];
		bool is_list = item->kind == VALUE_LIST;

		c->marks |= is_list ? item->marks : 0;
		if (value_waits(item) && may_be_list(item))
			*waits = *waits ? *waits : item;
		if (out->list.count == FUNCTION_ITEMS_MOST || depth == FLATTEN_DEPTH_MOST)
			return false;
		if (!is_list)
			value_append(c->arena, out, *item);
		else if (!add_flat(c, out, &item->list, waits, depth + 1))
			return false;
	}
	return true;
}

static struct value flatten(struct function_call *c)
{
	struct value out = value_list(NULL, 0);
	const struct value *waits = NULL;

	if (!add_flat(c, &out, &c->args[0].list, &waits, 0))
		return fail_too_many(c);
	return waits ? result_waits(c, waits) : out;
}

static struct value index_of(struct function_call *c)
{
	const struct list *list = &c->args[0].list;

	for (size_t i = 0; i < list->count; i++) {
		if (value_equal(&list->items[i], &c->args[1]))
			return value_int((int64_t)i);
	}
	return function_fail(c, 1, "E0264 the list has no such item");
}

static struct value one(struct function_call *c)
{
	const struct list *list = &c->args[0].list;

	if (list->count > 1)
		return function_fail(c, 0, "E0264 'one' takes a list of at most one item, not %zu",
				     list->count);
	return list->count ? list->items[0] : value_null();
}

#define RANGE_MOST 1024

static struct value range(struct function_call *c)
{
	struct value out = value_list(NULL, 0);
	double start = c->count > 1 ? number_of(&c->args[0]) : 0;
	double end = number_of(&c->args[c->count > 1]), step;

	step = c->count > 2 ? number_of(&c->args[2]) : end < start ? -1 : 1;
	if ((step < 0 && end > start) || (step > 0 && end < start))
		return function_fail(c, 2, "E0263 with this step the range never ends");
	/* By products, not sums: 0.1 * 3 is as good as it gets. */
	for (double at = start; step < 0 ? at > end : at < end;
	     at = start + step * (double)out.list.count) {
		if (out.list.count == RANGE_MOST)
			return function_fail(c, SIZE_MAX, "E0271 a range has at most %d numbers",
					     RANGE_MOST);
		value_append(c->arena, &out, value_number(at));
	}
	return out;
}

static struct value reverse(struct function_call *c)
{
	const struct list *list = &c->args[0].list;
	struct value out = value_list(NULL, 0);

	for (size_t i = list->count; i > 0; i--)
		value_append(c->arena, &out, list->items[i - 1]);
	return out;
}

static struct value slice(struct function_call *c)
{
	int64_t start, end, count = (int64_t)c->args[0].list.count;

	for (size_t i = 1; i < 3; i++) {
		if (value_waits(&c->args[i]))
			return result_waits(c, &c->args[i]);
	}
	if (!argument_whole(c, 1, &start) || !argument_whole(c, 2, &end))
		return value_null();
	if (start < 0 || start > end)
		return function_fail(c, 1, "E0264 a slice starts at 0 to its end, not at %lld",
				     (long long)start);
	if (end > count)
		return function_fail(c, 2, "E0264 a slice ends at %lld at most, with the list",
				     (long long)count);
	return items_from(&c->args[0], (size_t)start, (size_t)end);
}

static struct value sum(struct function_call *c)
{
	const struct list *list = &c->args[0].list;
	struct value total = value_int(0);

	if (!list->count)
		return function_fail(c, 0, "E0264 the list for 'sum' is empty");
	for (size_t i = 0; i < list->count; i++) {
		const struct value *item = &list->items[i];

		if (item->kind == VALUE_NULL)
			return function_fail(c, 0, "E0261 item %zu of the list is null", i);
		if (total.kind == VALUE_FLOAT || item->kind == VALUE_FLOAT)
			total = value_number(number_of(&total) + number_of(item));
		else if (!integer_add(total.integer, item->integer, &total.integer))
			return function_fail(c, SIZE_MAX,
					     "E0263 the result of 'sum' does not fit 64 bits");
	}
	return total;
}

#define LIST &list_type

static const struct function functions[] = {
	{ "alltrue", { P("list", &bools_type) }, &bool_type, .deep = true, .call = alltrue,
	  .summary = "whether all of the items are true" },
	{ "anytrue", { P("list", &bools_type) }, &bool_type, .deep = true, .call = anytrue,
	  .summary = "whether one of the items is true" },
	{ "chunklist", { P("list", LIST), P("size", &number_type) }, &lists_type,
	  .call = chunklist, .summary = "the list in pieces of a size" },
	{ "coalesce", { NULLABLE("value", NULL), NULLABLE_REST("values", NULL) }, NULL,
	  .partial = true, .call = coalesce,
	  .summary = "the first value that is neither null nor empty text" },
	{ "coalescelist", { P("list", NULL), REST("lists", NULL) }, LIST, .partial = true,
	  .call = coalescelist, .summary = "the first list that is not empty" },
	{ "compact", { P("list", &strings_type) }, &strings_type, .call = compact,
	  .summary = "the list without null and empty text" },
	{ "concat", { P("list", LIST), REST("lists", LIST) }, LIST, .deep = true, .call = concat,
	  .summary = "the items of lists as one list" },
	{ "contains", { P("list", LIST), P("value", NULL) }, &bool_type, .deep = true,
	  .call = contains, .summary = "whether the list has an item" },
	{ "distinct", { P("list", LIST) }, LIST, .call = distinct,
	  .summary = "the list with each item once" },
	{ "element", { P("list", LIST), P("index", &number_type) }, NULL, .deep = true,
	  .call = element, .summary = "an item by its position, beginning again at the end" },
	{ "flatten", { P("list", LIST) }, LIST, .deep = true, .call = flatten,
	  .summary = "the items of lists in the list, however deep, as one list" },
	{ "index", { P("list", LIST), P("value", NULL) }, &number_type, .call = index_of,
	  .summary = "the position of an item" },
	{ "one", { P("list", LIST) }, NULL, .deep = true, .call = one,
	  .summary = "the only item of a list, or null for none" },
	{ "range", { P("start", &number_type), OPTIONAL("limit", &number_type),
		     OPTIONAL("step", &number_type) }, &numbers_type, .call = range,
	  .summary = "a list of numbers up to a limit" },
	{ "reverse", { P("list", LIST) }, LIST, .deep = true, .call = reverse,
	  .summary = "the items in reverse" },
	{ "slice", { P("list", LIST), P("start", &number_type), P("end", &number_type) }, LIST,
	  .deep = true, .call = slice, .summary = "the items from a position to before another" },
	{ "sum", { P("list", &numbers_type) }, &number_type, .call = sum,
	  .summary = "all numbers of a list together" },
};

const struct family list_family = FAMILY(functions);
