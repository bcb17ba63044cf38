#include "machine.h"
#include "path.h"

static const struct value *there(const struct value *map, struct str name)
{
	const struct value *v = value_get(map, name);

	return v && v->kind != VALUE_NULL ? v : NULL;
}

static bool is_changed(struct op *op, struct str property)
{
	const struct value *now = there(&op->eval.properties, property);
	const struct value *old = there(&op->eval.old, property);

	if (!now && !old)
		return false;
	if (!now || !old || str_list_has(&op->input.rebind, property))
		return true;
	return !property_same(op->arena, op->driver, property, now, old);
}

/* What stands for a property that is gone: its cleared value, its default, or null. */
static struct value cleared(const struct op *op, const struct driver_step *step, struct str name)
{
	const struct value *v = value_get(&step->clear, name);

	if (!v)
		v = value_get(&op->driver->defaults, name);
	return v ? *v : value_null();
}

/* Those of the step's props that changed; removed ones null. */
static struct value changed_props(struct op *op, const struct driver_step *step)
{
	struct value out = value_map();

	for (size_t i = 0; i < step->props.count; i++) {
		const struct value *now = there(&op->eval.properties, step->props.items[i]);

		if (is_changed(op, step->props.items[i]))
			value_set(op->arena, &out, step->props.items[i],
				  now ? *now : cleared(op, step, step->props.items[i]));
	}
	return out;
}

static bool any_listed(const struct str_list *props, const struct str_list *only)
{
	for (size_t i = 0; i < props->count; i++) {
		if (str_list_has(only, props->items[i]))
			return true;
	}
	return false;
}

static bool conditions_hold(struct op *op, const struct driver_step *step, bool *applies)
{
	op->eval.reading = false;
	op->eval.clears = op->kind == OP_UPDATE;
	op->eval.clear = step->clear;
	return eval_conditions(&op->eval, &step->when, &step->props, applies) != EVAL_FAILED;
}

static bool update_applies(struct op *op, const struct driver_step *step, bool *applies)
{
	const struct str_list *only = op_frame(op)->only;

	*applies = false;
	if (only && !any_listed(&step->props, only))
		return true;
	op->eval.changed = changed_props(op, step);
	if (!op->eval.changed.map.count)
		return true;
	return conditions_hold(op, step, applies);
}

/*
 * A part that the spec does not manage is not read; the owner's mark always is, when looking.
 * Then nothing is left out for what was seen before, either.
 */
static bool read_applies(struct op *op, const struct driver_step *step)
{
	struct op_input all = op->input;
	struct str tags = op->driver->steps->tags;

	if (!op->looking && op->kind == OP_READ)
		return read_is_wanted(&all, step) && !step_is_served(op, step);
	all.attributes = value_map();
	return (tags.length && op->looking && str_list_has(&step->props, tags)) ||
	       read_is_wanted(&all, step);
}

static bool step_applies(struct op *op, const struct frame *frame, const struct driver_step *step,
			 bool *applies)
{
	*applies = true;
	if (frame->mode == MODE_READ)
		*applies = read_applies(op, step);
	else if (frame->mode == MODE_UPDATE)
		return update_applies(op, step, applies);
	else if (step->allowed && !op->input.data_loss)
		*applies = false;
	else
		return conditions_hold(op, step, applies);
	return true;
}

bool steps_next(struct op *op)
{
	struct frame *frame = op_frame(op);

	op->step = NULL;
	op->wait = NULL;
	while (frame->next < frame->count) {
		const struct driver_step *step = &frame->steps[frame->next++];
		bool applies;

		if (!step_applies(op, frame, step, &applies))
			return false;
		if (!applies)
			continue;
		op->eval.clear = step->clear;
		op->step = step;
		return true;
	}
	return true;
}

/* Whether an item of a keyed list is made again rather than changed. */
static bool is_remade(struct op *op, const struct value *before, const struct value *now)
{
	const struct remake_rule *rule = remake_find(op->driver, op->step->each_property);

	return rule && !fields_same(op->arena, op->driver, rule->property, &rule->fields, before,
				    now);
}

static bool is_wanted(struct op *op, const struct value *now, const struct value *before)
{
	const struct driver_step *step = op->step;
	bool again = str_list_has(&op->input.rebind, step->each_property);
	bool equal = before && !again &&
		     property_same(op->arena, op->driver, step->each_property, before, now);

	switch (step->each) {
	case EACH_PUT:
		return !equal;
	case EACH_ADDED:
		return !before || is_remade(op, before, now);
	case EACH_CHANGED:
		if (equal || !before || is_remade(op, before, now))
			return false;
		return !step->fields.count ||
		       !fields_same(op->arena, op->driver, step->each_property, &step->fields,
				    before, now);
	default:
		return true;
	}
}

/* Items of one list, by what the other has of them. */
static bool keyed_items(struct op *op, const struct value *list, const struct value *other)
{
	struct item_index index;
	struct value none = value_list(NULL, 0);

	op->items = value_list(NULL, 0);
	if (!list)
		return true;
	if (list->kind != VALUE_LIST || list->list.count > OP_ITEM_LIMIT) {
		error_set(op->eval.err, ERROR_LIMIT, "'%.*s' is no list, or a too long one",
			  STR_ARG(op->step->each_property));
		return false;
	}
	item_index_make(op->arena, op->driver, op->step->each_property, other ? other : &none,
			&index);
	for (size_t i = 0; i < list->list.count; i++) {
		const struct value *item = &list->list.items[i];
		const struct value *match = item_find(op->arena, &index, item);
		bool wanted;

		if (op->step->each == EACH_REMOVED)
			wanted = !match || is_remade(op, item, match);
		else
			wanted = is_wanted(op, item, match);
		if (wanted)
			value_append(op->arena, &op->items, *item);
	}
	return true;
}

/* What `each` of tags sets and removes, in the property's form. */
static bool tag_items(struct op *op)
{
	struct str property = op->step->each_property;
	const struct value *now = there(&op->eval.properties, property);
	const struct value *old = there(&op->eval.old, property);
	struct value empty = value_map(), have, want, added = value_map(), removed = value_map();

	if (!tags_to_map(op->arena, now ? now : &empty, &want) ||
	    !tags_to_map(op->arena, old ? old : &empty, &have)) {
		error_set(op->eval.err, ERROR_PARSE, "'%.*s' are no tags", STR_ARG(property));
		return false;
	}
	for (uint32_t i = 0; i < want.map.count; i++) {
		const struct member *m = want.map.entries[i].value;
		const struct value *before = value_get(&have, want.map.entries[i].key);

		if (!before || !value_equal(before, &m->value))
			value_set(op->arena, &added, want.map.entries[i].key, m->value);
	}
	for (uint32_t i = 0; i < have.map.count; i++) {
		struct str key = have.map.entries[i].key;

		if (!value_get(&want, key))
			value_set(op->arena, &removed, key, value_string(STR("")));
	}
	op->once = op->step->each == EACH_SET ? added.map.count > 0 : removed.map.count > 0;
	op->eval.added = tags_from_map(op->arena, &added, op->driver->steps->tags_are_map);
	op->eval.removed = tags_from_map(op->arena, &removed, op->driver->steps->tags_are_map);
	return true;
}

static bool reply_items(struct op *op)
{
	op->eval.reading = true;
	switch (eval_term(&op->eval, &op->step->each_term, &op->items)) {
	case EVAL_FAILED:
		return false;
	case EVAL_NOTHING:
		op->items = value_list(NULL, 0);
		return true;
	case EVAL_VALUE:
		break;
	}
	if (op->items.kind == VALUE_LIST && op->items.list.count <= OP_ITEM_LIMIT)
		return true;
	error_set(op->eval.err, ERROR_PARSE, "%.*s gave no list, or a too long one",
		  STR_ARG(op->step->get->operation));
	return false;
}

/* One call for all that a page has. */
static bool drain_items(struct op *op)
{
	struct value page;

	op->eval.reading = true;
	switch (eval_term(&op->eval, &op->step->drain, &page)) {
	case EVAL_FAILED:
		return false;
	case EVAL_NOTHING:
		return true;
	case EVAL_VALUE:
		break;
	}
	op->once = page.kind == VALUE_LIST && page.list.count > 0;
	return true;
}

bool step_items(struct op *op)
{
	const struct driver_step *step = op->step;
	const struct value *now = there(&op->eval.properties, step->each_property);
	const struct value *old = there(&op->eval.old, step->each_property);

	op->item = 0;
	op->once = false;
	op->items = value_list(NULL, 0);
	switch (step->each) {
	case EACH_NONE:
		if (step->has_drain)
			return drain_items(op);
		op->once = true;
		return true;
	case EACH_REPLY:
		return reply_items(op);
	case EACH_SET:
	case EACH_UNSET:
		return tag_items(op);
	case EACH_REMOVED:
		return keyed_items(op, old, now);
	case EACH_ALL:
		return keyed_items(op, now, NULL);
	case EACH_PUT:
	case EACH_ADDED:
	case EACH_CHANGED:
		return keyed_items(op, now, old);
	}
	BUG("each %d", (int)step->each);
}

bool step_item_next(struct op *op)
{
	if (op->once) {
		op->once = false;
		return true;
	}
	if (op->items.kind != VALUE_LIST || op->item >= op->items.list.count)
		return false;
	op->eval.item = op->items.list.items[op->item++];
	return true;
}

/* Where the wanted is all there, the wanted itself: it then compares as unchanged. */
static void old_from_observed(struct op *op, struct str name, const struct value *wanted,
			      struct value *out)
{
	const struct value *seen = there(&op->input.observed, name);
	const struct value *before = there(&op->input.previous, name);

	if (seen && property_covered(op->arena, op->driver, name, wanted, seen))
		value_set(op->arena, out, name, *wanted);
	else if (seen)
		value_set(op->arena, out, name, *seen);
	else if (before && str_list_has(&op->driver->write_only, name))
		value_set(op->arena, out, name, *before);
}

struct value old_properties(struct op *op)
{
	struct value previous = with_instance(op, &op->input.previous);
	struct value wanted = with_instance(op, &op->input.properties);
	struct value out = value_map();

	if (op->input.observed.kind != VALUE_MAP)
		return previous;
	/* Nothing says yet, or any more, that it is ours: the mark is set too. */
	if (!op->input.adopting && !op->driver->returns.length)
		op->input.observed = with_instance(op, &op->input.observed);
	for (uint32_t i = 0; i < wanted.map.count; i++) {
		const struct member *m = wanted.map.entries[i].value;

		old_from_observed(op, wanted.map.entries[i].key, &m->value, &out);
	}
	for (uint32_t i = 0; i < previous.map.count; i++) {
		struct str name = previous.map.entries[i].key;
		const struct member *m = previous.map.entries[i].value;
		const struct value *seen = there(&op->input.observed, name);

		if (there(&wanted, name))
			continue;
		if (seen)
			value_set(op->arena, &out, name, *seen);
		else if (str_list_has(&op->driver->write_only, name))
			value_set(op->arena, &out, name, m->value);
	}
	return out;
}
