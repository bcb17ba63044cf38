#include "work.h"

/*
 * A deletion and a creation of one type with nearly the same properties may be one
 * thing whose block was given another id.  The plan does what the spec says, and
 * tells the edit that would keep the thing.
 */
#define CANDIDATES_MOST 200		/* of one type; who renames more knows it */

struct likeness {
	size_t equal, all;
};

static bool is_name(const struct schema *schema, struct str property)
{
	const struct driver *driver = schema->driver;

	return str_equal(property, schema->tag_property) ||
	       (driver && (str_equal(property, driver->name.property) ||
			   str_equal(property, driver->owner_property)));
}

/* What is not known yet says nothing. */
static void count_side(const struct schema *schema, const struct value *from,
		       const struct value *other, bool both, struct likeness *out)
{
	for (uint32_t i = 0; from->kind == VALUE_MAP && i < from->map.count; i++) {
		struct str name = from->map.entries[i].key;
		const struct member *m = from->map.entries[i].value;
		const struct value *v = value_get(other, name);

		if (is_name(schema, name) || value_has_unknown(&m->value) || (v && !both))
			continue;
		if (v && value_has_unknown(v))
			continue;
		out->all++;
		out->equal += v && value_equal(v, &m->value);
	}
}

static struct likeness likeness_of(const struct work *w, const struct action *gone,
				   const struct action *made)
{
	const struct value *wanted = &w->plan->resolved[made->want].properties;
	const struct schema *schema = w->model->resources[made->want].schema;
	struct likeness out = { 0 };

	row_open(gone->have);
	count_side(schema, wanted, &gone->have->properties, true, &out);
	count_side(schema, &gone->have->properties, wanted, false, &out);
	return out;
}

/* Four of five properties are the same. */
static bool is_alike(const struct likeness *l)
{
	return l->all > 0 && l->equal * 5 >= l->all * 4;
}

static bool is_better(const struct likeness *a, const struct likeness *b)
{
	return !b->all || a->equal * b->all > b->equal * a->all ||
	       (a->equal * b->all == b->equal * a->all && a->all > b->all);
}

/* What an expression can say from there; empty: nothing. */
static struct str edit_of(struct work *w, const struct address *from, const struct address *to)
{
	struct address relative = *from;
	struct str text;

	if (str_equal(from->module, to->module))
		relative.module = (struct str){ 0 };
	else if (!from->module.length)
		return (struct str){ 0 };
	if (to->has_key && from->has_key && str_equal(from->key, to->key))
		relative.has_key = false;
	text = address_text(&w->scratch, &relative);
	if (to->has_key && relative.has_key == from->has_key)
		return str_format(w->arena, "renamed_from = { \"%.*s\" = \"%.*s\" }",
				  STR_ARG(to->key), STR_ARG(text));
	return str_format(w->arena, "renamed_from = \"%.*s\"", STR_ARG(text));
}

static bool is_candidate(const struct action *act)
{
	return act->kind == ACTION_DELETE && !act->have->address.part.length &&
	       act->have->status != ROW_DELETING;
}

static bool is_new(const struct work *w, const struct action *act)
{
	return act->kind == ACTION_CREATE && !act->have &&
	       !w->model->resources[act->want].address.part.length;
}

struct candidates VEC_OF(const struct action *);

static void find_for(struct work *w, const struct action *made, struct candidates *gone,
		     struct likely_vec *out)
{
	const struct resource *r = &w->model->resources[made->want];
	struct likeness best = { 0 };
	size_t found = SIZE_MAX;
	struct str edit;

	for (size_t i = 0; i < gone->count && i < CANDIDATES_MOST; i++) {
		struct likeness l;

		if (!gone->items[i])
			continue;
		l = likeness_of(w, gone->items[i], made);
		if (!is_alike(&l) || !is_better(&l, &best))
			continue;
		best = l;
		found = i;
	}
	if (found == SIZE_MAX)
		return;
	edit = edit_of(w, &gone->items[found]->have->address, &r->address);
	if (!edit.length)
		return;
	*vec_push(w->arena, out) = (struct likely_rename){
		.from = gone->items[found]->address, .to = made->address, .edit = edit,
		.span = r->span,
	};
	gone->items[found] = NULL;
}

void likely_renames(struct work *w)
{
	struct plan *plan = w->plan;
	struct map by_type = { 0 };
	struct likely_vec out = { 0 };

	for (size_t i = 0; i < plan->action_count && !plan->destroy; i++) {
		const struct action *act = &plan->actions[i];
		void **place;

		if (!is_candidate(act))
			continue;
		place = map_put(&w->scratch, &by_type, act->have->type);
		if (!*place)
			*place = arena_new(&w->scratch, struct candidates);
		*vec_push(&w->scratch, (struct candidates *)*place) = act;
	}
	for (size_t i = 0; by_type.count && i < plan->action_count; i++) {
		const struct action *act = &plan->actions[i];
		struct candidates *gone = is_new(w, act) ?
			map_get(&by_type, w->model->resources[act->want].schema->type) : NULL;

		if (gone)
			find_for(w, act, gone, &out);
	}
	plan->likely = out.items;
	plan->likely_count = out.count;
}
