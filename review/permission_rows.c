#include "permission_rows.h"

#include <stdlib.h>

#define CHECKS_MOST 4000000		/* pairs of grants that are compared */

/* One direction: what `to` has and `from` had not. */
struct side {
	const struct subtraction *s;
	const struct grants *from, *to;
	bool wider;
	size_t checks;
	struct VEC_OF(struct permission_row) rows;
	struct map by_key;		/* row of a key, index + 1 */
	struct map grave;		/* addresses */
};

/* ---- what is new ---- */

/* Nobody compares more than that: what is left counts as a change. */
static bool covered(struct side *side, const struct grants *by, const struct grant *g)
{
	for (size_t i = 0; i < by->count; i++) {
		if (side->checks++ > CHECKS_MOST)
			return false;
		if (grant_covers(&by->items[i], g))
			return true;
	}
	return false;
}

/* A denial that stands beside it and asks for no less. */
static bool denied(struct side *side, const struct grants *by, const struct grant *g)
{
	struct grant denial = *g;

	denial.deny = true;
	denial.condition = (struct str){ 0 };
	return covered(side, by, &denial);
}

static bool held_otherwise(struct side *side, const struct grant *g)
{
	for (size_t i = 0; i < side->from->count && side->checks++ <= CHECKS_MOST; i++) {
		struct grant other = side->from->items[i];

		if (!other.condition.length)
			continue;
		other.condition = (struct str){ 0 };
		if (grant_covers(&other, g))
			return true;
	}
	return false;
}

/* ---- rows ---- */

static struct str shown(struct arena *a, const struct choice *c)
{
	struct str all = str_join(a, STR(", "), c->shown.items, c->shown.count);

	return c->except ? STR_JOIN(a, STR("all but "), all) : all;
}

static struct str principal_of(struct arena *a, const struct grant *g)
{
	if (!g->principals.except && grant_is_for_everyone(g))
		return STR("everyone");
	if (g->principals.except)
		return STR_JOIN(a, STR("everyone but "),
				str_join(a, STR(", "), g->principals.shown.items,
					 g->principals.shown.count));
	return shown(a, &g->principals);
}

static void add_text(struct arena *a, struct str_list *list, struct str text)
{
	struct str *items;

	if (str_list_has(list, text))
		return;
	items = arena_array(a, struct str, list->count + 1);
	for (size_t i = 0; i < list->count; i++)
		items[i] = list->items[i];
	items[list->count++] = text;
	list->items = items;
}

/* Grants that differ in their action alone are one row. */
static struct permission_row *row_of(struct side *side, const struct grant *g)
{
	struct arena *a = side->s->a;
	struct str on = shown(a, &g->resources), who = principal_of(a, g);
	struct str key = str_format(a, "%.*s\n%.*s\n%.*s\n%.*s\n%d%d", STR_ARG(g->scope),
				    STR_ARG(who), STR_ARG(on), STR_ARG(g->condition), g->deny,
				    g->opaque);
	uintptr_t at = (uintptr_t)map_get(&side->by_key, key);
	struct permission_row *row;

	if (at)
		return &side->rows.items[at - 1];
	row = vec_push(a, &side->rows);
	*map_put(a, &side->by_key, key) = (void *)side->rows.count;
	*row = (struct permission_row){
		.wider = side->wider, .deny = g->deny, .everyone = grant_is_for_everyone(g),
		.principal = who, .condition = g->condition,
		.address = side->s->sources[g->source],
	};
	add_text(a, &row->on, on);
	return row;
}

static void add_row(struct side *side, const struct grant *g)
{
	struct permission_row *row = row_of(side, g);

	row->notes |= grant_notes(side->s, g);
	if (!g->opaque && held_otherwise(side, g))
		row->notes |= NOTE_CONDITION;
	if (permission_row_is_grave(row))
		*map_put(side->s->a, &side->grave, side->s->sources[g->source]) = side;
	add_text(side->s->a, &row->actions,
		 g->opaque ? STR("(a policy in another form)") : shown(side->s->a, &g->actions));
}

static void subtract(struct side *side)
{
	for (size_t i = 0; i < side->to->count; i++) {
		const struct grant *g = &side->to->items[i];

		if (!g->deny && !covered(side, side->from, g) && !denied(side, side->to, g))
			add_row(side, g);
	}
	/* What was denied and is no more. */
	for (size_t i = 0; i < side->from->count; i++) {
		const struct grant *g = &side->from->items[i];

		if (g->deny && !covered(side, side->to, g))
			add_row(side, g);
	}
}

/* ---- in order ---- */

static int compare_texts(const void *a, const void *b)
{
	return str_compare(*(const struct str *)a, *(const struct str *)b);
}

static struct str joined(struct arena *a, const struct str_list *list)
{
	return str_join(a, STR(", "), list->items, list->count);
}

/* Rows that differ in what they are about alone are one. */
static void merge(struct side *side)
{
	struct arena *a = side->s->a;
	struct map seen = { 0 };
	size_t kept = 0;

	for (size_t i = 0; i < side->rows.count; i++) {
		struct permission_row *row = &side->rows.items[i], *same;
		struct str key;

		qsort(row->actions.items, row->actions.count, sizeof(struct str), compare_texts);
		key = str_format(a, "%.*s\n%.*s\n%.*s\n%d%x", STR_ARG(row->principal),
				 STR_ARG(joined(a, &row->actions)), STR_ARG(row->condition),
				 row->deny, (unsigned)row->notes);
		same = map_has(&seen, key) ?
		       &side->rows.items[(uintptr_t)map_get(&seen, key) - 1] : NULL;
		if (same) {
			add_text(a, &same->on, row->on.items[0]);
			continue;
		}
		side->rows.items[kept++] = *row;
		*map_put(a, &seen, key) = (void *)kept;
	}
	side->rows.count = kept;
}

static int compare_rows(const void *a, const void *b)
{
	const struct permission_row *left = a, *right = b;
	int order;

	if (left->wider != right->wider)
		return left->wider ? -1 : 1;
	if ((left->notes ^ right->notes) & NOTE_PUBLIC)
		return left->notes & NOTE_PUBLIC ? -1 : 1;
	if (permission_row_is_grave(left) != permission_row_is_grave(right))
		return permission_row_is_grave(left) ? -1 : 1;
	order = str_compare(left->principal, right->principal);
	if (!order)
		order = str_compare(left->on.items[0], right->on.items[0]);
	if (!order)
		order = str_compare(left->actions.items[0], right->actions.items[0]);
	return order ? order : str_compare(left->condition, right->condition);
}

static void sort(struct permission_delta *out)
{
	for (size_t i = 0; i < out->count; i++)
		qsort(out->rows[i].on.items, out->rows[i].on.count, sizeof(struct str),
		      compare_texts);
	qsort(out->rows, out->count, sizeof(*out->rows), compare_rows);
	for (size_t i = 0; i < out->count; i++) {
		out->wider += out->rows[i].wider;
		out->narrower += !out->rows[i].wider;
		out->public += out->rows[i].wider && (out->rows[i].notes & NOTE_PUBLIC);
	}
}

void permission_rows(const struct subtraction *s, struct permission_delta *out)
{
	struct side wider = { .s = s, .from = &s->before, .to = &s->after, .wider = true };
	struct side narrower = { .s = s, .from = &s->after, .to = &s->before };

	subtract(&wider);
	subtract(&narrower);
	merge(&wider);
	merge(&narrower);
	*out = (struct permission_delta){ .grave = wider.grave };
	out->rows = arena_array(s->a, struct permission_row,
				wider.rows.count + narrower.rows.count);
	for (size_t i = 0; i < wider.rows.count; i++)
		out->rows[out->count++] = wider.rows.items[i];
	for (size_t i = 0; i < narrower.rows.count; i++)
		out->rows[out->count++] = narrower.rows.items[i];
	sort(out);
}
