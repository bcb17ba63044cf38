#include "calls.h"

#include "base/json.h"
#include "schemas/steps.h"

/* What may only be known later is neither true nor false. */
enum answer { ANSWER_NO, ANSWER_YES, ANSWER_PERHAPS };

struct telling {
	struct arena *arena;
	const struct driver *driver;
	const struct value *now, *old;	/* MAPs; old: before an update, else NULL */
	bool fresh;			/* nothing of it is there: all that is wanted changes */
	const struct action *act;
	bool removes;
	struct told_call_vec *out;
};

static const struct value *there(const struct value *map, struct str name)
{
	const struct value *v = map ? value_get(map, name) : NULL;

	return v && v->kind != VALUE_NULL ? v : NULL;
}

static struct str top_level(struct str path)
{
	size_t end = 0;

	while (end < path.length && path.data[end] != '.' && path.data[end] != '[')
		end++;
	return str_slice(path, 0, end);
}

/* ---- conditions ---- */

/* Where a path leads; sure: false if that cannot be told here. */
static const struct value *walk_path(const struct value *v, const struct term_path *path,
				     bool *sure)
{
	for (size_t i = 0; v && i < path->count; i++) {
		if (v->kind == VALUE_UNKNOWN || v->kind == VALUE_EXPR ||
		    path->parts[i].kind != PATH_FIELD) {
			*sure = false;
			return NULL;
		}
		v = there(v, path->parts[i].field);
	}
	if (v && (v->kind == VALUE_UNKNOWN || v->kind == VALUE_EXPR))
		*sure = false;
	return v;
}

static const struct value *subject_of(const struct telling *t, const struct term *term, bool *sure)
{
	if (term->kind == TERM_NAME && term->name == NAME_PROPERTY)
		return walk_path(t->now, &term->path, sure);
	if (term->kind == TERM_NAME && term->name == NAME_OLD)
		return t->old ? walk_path(t->old, &term->path, sure) : NULL;
	*sure = false;
	return NULL;
}

static enum answer is_one_of(const struct condition *c, const struct value *v)
{
	for (size_t i = 0; i < c->count; i++) {
		if (c->alternatives[i].kind != TERM_LITERAL)
			return ANSWER_PERHAPS;
		if (v && value_equal(v, &c->alternatives[i].literal))
			return ANSWER_YES;
	}
	return ANSWER_NO;
}

static bool any_there(const struct value *map, const struct str_list *names)
{
	for (size_t i = 0; i < names->count; i++) {
		if (there(map, names->items[i]))
			return true;
	}
	return false;
}

static enum answer negated(enum answer a)
{
	return a == ANSWER_PERHAPS ? a : a == ANSWER_YES ? ANSWER_NO : ANSWER_YES;
}

static enum answer holds(const struct telling *t, const struct driver_step *step,
			 const struct condition *c)
{
	const struct value *v = NULL;
	bool present, sure = true;

	if (c->subject == CONDITION_NEW || c->subject == CONDITION_OLD) {
		present = any_there(c->subject == CONDITION_NEW ? t->now : t->old, &step->props);
	} else {
		v = subject_of(t, &c->term, &sure);
		present = v != NULL;
	}
	if (c->test == TEST_PRESENT || c->test == TEST_ABSENT) {
		if (!sure && !present)
			return ANSWER_PERHAPS;
		return present == (c->test == TEST_PRESENT) ? ANSWER_YES : ANSWER_NO;
	}
	if (!sure)
		return ANSWER_PERHAPS;
	return c->test == TEST_IS ? is_one_of(c, v) : negated(is_one_of(c, v));
}

static enum answer all_hold(const struct telling *t, const struct driver_step *step)
{
	enum answer all = ANSWER_YES;

	for (size_t i = 0; i < step->when.count; i++) {
		enum answer one = holds(t, step, &step->when.items[i]);

		if (one == ANSWER_NO)
			return one;
		if (one == ANSWER_PERHAPS)
			all = one;
	}
	return all;
}

/* ---- items of a list ---- */

static struct str key_field(const struct driver *driver, struct str property)
{
	for (size_t i = 0; i < driver->compare_count; i++) {
		if (driver->compares[i].rule == COMPARE_KEYED &&
		    str_equal(driver->compares[i].path, property))
			return driver->compares[i].key;
	}
	return (struct str){ 0 };
}

/* key -> const struct value of each item; the items of a map by their names. */
static void index_items(const struct telling *t, struct str property, const struct value *list,
			struct map *out)
{
	struct str field = key_field(t->driver, property);

	if (list && list->kind == VALUE_MAP) {
		for (uint32_t i = 0; i < list->map.count; i++)
			*map_put(t->arena, out, list->map.entries[i].key) =
				&((struct member *)list->map.entries[i].value)->value;
	}
	if (!list || list->kind != VALUE_LIST)
		return;
	for (size_t i = 0; i < list->list.count; i++) {
		struct value *item = &list->list.items[i];
		const struct value *key = field.length ? value_get(item, field) : item;

		*map_put(t->arena, out, json_text_canonical(t->arena, key ? key : item)) = item;
	}
}

/* How many items of `in` the other lacks, or has otherwise; both: only those that both have. */
static size_t count_items(const struct map *in, const struct map *other, bool missing, bool changed)
{
	size_t count = 0;

	for (uint32_t i = 0; i < in->count; i++) {
		const struct value *match = map_get(other, in->entries[i].key);

		if (!match ? missing : changed && !value_equal(in->entries[i].value, match))
			count++;
	}
	return count;
}

static size_t items_of(const struct telling *t, const struct driver_step *step)
{
	struct map now = { 0 }, old = { 0 };

	index_items(t, step->each_property, there(t->now, step->each_property), &now);
	index_items(t, step->each_property, there(t->old, step->each_property), &old);
	switch (step->each) {
	case EACH_PUT:
		return count_items(&now, &old, true, true);
	case EACH_ADDED:
		return count_items(&now, &old, true, false);
	case EACH_CHANGED:
		return count_items(&now, &old, false, true);
	case EACH_REMOVED:
		return count_items(&old, &now, true, false);
	case EACH_SET:
		return count_items(&now, &old, true, true) > 0;
	case EACH_UNSET:
		return count_items(&old, &now, true, false) > 0;
	case EACH_ALL:
		return now.count;
	case EACH_NONE:
	case EACH_REPLY:
		break;
	}
	return 1;
}

/* ---- steps ---- */

static struct told_call *tell(struct telling *t, struct str operation, enum call_why why)
{
	struct told_call *call = vec_push(t->arena, t->out);

	*call = (struct told_call){
		.why = why, .removes = t->removes, .service = t->driver->api,
		.operation = operation, .times = 1,
	};
	return call;
}

static struct str operation_of(const struct telling *t, const struct driver_step *step)
{
	return step->unset && !any_there(t->now, &step->props) ? step->unset->operation :
	       step->call.operation;
}

static void tell_step(struct telling *t, const struct driver_step *step, bool maybe)
{
	size_t times = items_of(t, step);
	struct told_call *call;

	if (!times)
		return;
	if (step->get)
		tell(t, step->get->operation, CALL_LOOKS)->maybe = maybe;
	if (operation_of(t, step).length) {
		call = tell(t, operation_of(t, step), CALL_DOES);
		call->maybe = maybe;
		call->property = step->each_property.length ? step->each_property :
			step->props.count == 1 ? step->props.items[0] : (struct str){ 0 };
		call->times = step->each == EACH_REPLY ? 0 : times;
	}
	if (step->wait)
		tell(t, step->wait->call.operation, CALL_WAITS)->maybe = maybe;
}

static bool is_listed(const struct str_list *props, const struct str_list *only)
{
	for (size_t i = 0; i < props->count; i++) {
		if (str_list_has(only, props->items[i]))
			return true;
	}
	return false;
}

static bool is_changed(const struct telling *t, struct str property)
{
	if (t->fresh)
		return there(t->now, property) != NULL;
	if (str_list_has(&t->act->rebind, property))
		return true;
	for (size_t i = 0; i < t->act->changes.count; i++) {
		if (str_equal(top_level(t->act->changes.items[i].path), property))
			return true;
	}
	return false;
}

static bool any_changed(const struct telling *t, const struct str_list *props)
{
	for (size_t i = 0; i < props->count; i++) {
		if (is_changed(t, props->items[i]))
			return true;
	}
	return false;
}

/* only: those of these properties; NULL: all that changed. */
static void tell_updates(struct telling *t, const struct str_list *only)
{
	const struct driver_step_list *steps = &t->driver->steps->update;

	for (size_t i = 0; i < steps->count; i++) {
		const struct driver_step *step = &steps->items[i];
		enum answer applies = all_hold(t, step);

		if ((only && !is_listed(&step->props, only)) || !any_changed(t, &step->props))
			continue;
		if (applies != ANSWER_NO)
			tell_step(t, step, applies == ANSWER_PERHAPS);
	}
}

static void tell_create(struct telling *t)
{
	const struct driver_step_list *steps = &t->driver->steps->create;

	for (size_t i = 0; i < steps->count; i++) {
		enum answer applies = all_hold(t, &steps->items[i]);

		if (applies == ANSWER_NO)
			continue;
		if (steps->items[i].then.count)
			tell_updates(t, &steps->items[i].then);
		else
			tell_step(t, &steps->items[i], applies == ANSWER_PERHAPS);
	}
}

static void tell_delete(struct telling *t, const struct row *row)
{
	const struct driver_step_list *steps = &t->driver->steps->remove;

	row_open(row);
	t->now = &row->properties;
	t->old = NULL;
	t->removes = true;
	for (size_t i = 0; i < steps->count; i++) {
		const struct driver_step *step = &steps->items[i];
		enum answer applies = all_hold(t, step);

		if (step->allowed && !t->act->data_loss &&
		    (row->guard == GUARD_NONE || t->act->blocked != GUARD_NONE))
			continue;
		if (applies != ANSWER_NO)
			tell_step(t, step, applies == ANSWER_PERHAPS || step->has_drain);
	}
}

/* ---- actions ---- */

static void tell_make(struct telling *t, const struct plan *plan)
{
	const struct row *have = t->act->have;

	t->removes = false;
	t->now = &plan->resolved[t->act->want].properties;
	t->old = NULL;
	t->fresh = t->act->kind == ACTION_CREATE || t->act->kind == ACTION_REPLACE;
	if (t->fresh) {
		tell_create(t);
		return;
	}
	if (have) {
		row_open(have);
		t->old = have->before.kind == VALUE_MAP ? &have->before : &have->properties;
	} else if (t->act->live) {
		t->old = &t->act->live->properties;
	}
	tell_updates(t, NULL);
}

static bool is_made(enum action_kind kind)
{
	return kind == ACTION_CREATE || kind == ACTION_UPDATE || kind == ACTION_REPLACE ||
	       kind == ACTION_ADOPT || kind == ACTION_RENAME;
}

/* Rows that the action removes, as the graph has them. */
static void tell_removals(struct telling *t, const struct plan *plan)
{
	for (size_t i = 0; i < plan->node_count && t->act->kind != ACTION_FORGET; i++) {
		const struct node *node = &plan->nodes[i];

		if (node->kind == NODE_REMOVE &&
		    str_equal(plan->actions[node->action].address, t->act->address))
			tell_delete(t, node->row);
	}
}

static const struct driver *driver_of(struct schemas *all, const struct plan *plan,
				      const struct action *act)
{
	const struct schema *schema;

	if (act->want != NO_RESOURCE)
		return plan->model->resources[act->want].schema->driver;
	schema = all ? schema_find(all, act->have->type) : NULL;
	return schema ? schema->driver : NULL;
}

void calls_tell(struct arena *a, struct schemas *all, const struct plan *plan,
		const struct action *act, struct told_call_vec *out)
{
	struct telling t = {
		.arena = a, .driver = driver_of(all, plan, act), .act = act, .out = out,
	};

	if (!t.driver || !t.driver->steps || act->kind == ACTION_NONE)
		return;
	if (act->kind == ACTION_REPLACE && act->delete_first)
		tell_removals(&t, plan);
	if (is_made(act->kind))
		tell_make(&t, plan);
	if (act->kind != ACTION_REPLACE || !act->delete_first)
		tell_removals(&t, plan);
}
