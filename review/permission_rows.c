#include "permission_rows.h"

#include <stdlib.h>

#define CHECKS_MOST 20000000		/* pairs of grants that are compared */

/* Grants by their scope: only those of one decide together. */
struct index {
	const struct grants *all;
	struct map scopes;		/* scope -> struct places */
};
struct places VEC_OF(uint32_t);

/* A row being gathered; what it lists are keys of maps, so that none is there twice. */
struct gathered {
	struct permission_row row;
	struct map actions, on;
};

/* One direction: what `to` has and `from` had not. */
struct side {
	const struct subtraction *s;
	struct index from, to;
	bool wider;
	size_t checks;
	struct VEC_OF(struct gathered) rows;
	struct map by_key;		/* row of a key, index + 1 */
	struct map grave;		/* addresses */
};

static struct index index_of(struct arena *a, const struct grants *all)
{
	struct index index = { .all = all };

	for (size_t i = 0; i < all->count; i++) {
		void **place = map_put(a, &index.scopes, all->items[i].scope);

		if (!*place)
			*place = arena_new(a, struct places);
		*vec_push(a, (struct places *)*place) = (uint32_t)i;
	}
	return index;
}

/* ---- what is new ---- */

/* The first that covers it.  Nobody compares more than that: what is left counts as a change. */
static bool covered(struct side *side, const struct index *by, const struct grant *g)
{
	const struct places *places = map_get(&by->scopes, g->scope);

	for (size_t i = 0; places && i < places->count; i++) {
		if (side->checks++ > CHECKS_MOST)
			return false;
		if (grant_covers(&by->all->items[places->items[i]], g))
			return true;
	}
	return false;
}

/* A denial that stands beside it and asks for no less. */
static bool denied(struct side *side, const struct grant *g)
{
	struct grant denial = *g;

	denial.deny = true;
	denial.condition = (struct str){ 0 };
	return covered(side, &side->to, &denial);
}

static bool held_otherwise(struct side *side, const struct grant *g)
{
	const struct places *places = map_get(&side->from.scopes, g->scope);

	for (size_t i = 0; places && i < places->count && side->checks++ <= CHECKS_MOST; i++) {
		struct grant other = side->from.all->items[places->items[i]];

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

static bool is_account(struct str text)
{
	int64_t number;

	return text.length == 12 && str_to_int(text, &number);
}

static struct str principal_of(struct arena *a, const struct grant *g)
{
	struct str who = shown(a, &g->principals);

	if (!g->principals.except && grant_is_for_everyone(g))
		return STR("everyone");
	if (g->principals.except)
		return STR_JOIN(a, STR("everyone but "),
				str_join(a, STR(", "), g->principals.shown.items,
					 g->principals.shown.count));
	return is_account(who) ? STR_JOIN(a, STR("account "), who) : who;
}

static void add_text(struct arena *a, struct map *texts, struct str text)
{
	*map_put(a, texts, text) = texts;
}

/* Grants that differ in their action alone are one row. */
static struct gathered *row_of(struct side *side, const struct grant *g)
{
	struct arena *a = side->s->a;
	struct str on = shown(a, &g->resources), who = principal_of(a, g);
	/* With lengths, so that no text can pass for the end of another. */
	struct str key = str_format(a, "%zu %zu %zu %.*s%.*s%.*s%.*s%d%d", g->scope.length,
				    who.length, on.length, STR_ARG(g->scope), STR_ARG(who),
				    STR_ARG(on), STR_ARG(g->condition), g->deny, g->opaque);
	uintptr_t at = (uintptr_t)map_get(&side->by_key, key);
	struct gathered *row;

	if (at)
		return &side->rows.items[at - 1];
	row = vec_push(a, &side->rows);
	*map_put(a, &side->by_key, key) = (void *)side->rows.count;
	row->row = (struct permission_row){
		.wider = side->wider, .deny = g->deny, .everyone = grant_is_for_everyone(g),
		.principal = who, .condition = g->condition,
		.address = side->s->sources[g->source],
	};
	add_text(a, &row->on, on);
	return row;
}

static void add_row(struct side *side, const struct grant *g)
{
	struct gathered *row = row_of(side, g);

	row->row.notes |= grant_notes(side->s, g);
	if (!g->opaque && held_otherwise(side, g))
		row->row.notes |= NOTE_CONDITION;
	if (permission_row_is_grave(&row->row))
		*map_put(side->s->a, &side->grave, side->s->sources[g->source]) = side;
	add_text(side->s->a, &row->actions,
		 g->opaque ? STR("(a policy in another form)") : shown(side->s->a, &g->actions));
}

static void subtract(struct side *side)
{
	const struct map *whole = side->wider ? &side->s->gone : &side->s->fresh;

	for (size_t i = 0; i < side->to.all->count; i++) {
		const struct grant *g = &side->to.all->items[i];

		if (!g->deny && !covered(side, &side->from, g) && !denied(side, g))
			add_row(side, g);
	}
	/* What was denied and is no more; seen from the other side, what is denied now. */
	for (size_t i = 0; i < side->from.all->count; i++) {
		const struct grant *g = &side->from.all->items[i];

		if (g->deny && !map_has(whole, g->scope) && !covered(side, &side->to, g))
			add_row(side, g);
	}
}

/* ---- in order ---- */

static int compare_texts(const void *a, const void *b)
{
	return str_compare(*(const struct str *)a, *(const struct str *)b);
}

/* The keys, sorted. */
static struct str_list texts_of(struct arena *a, const struct map *texts)
{
	struct str_list list = { arena_array(a, struct str, texts->count), texts->count };

	for (uint32_t i = 0; i < texts->count; i++)
		list.items[i] = texts->entries[i].key;
	qsort(list.items, list.count, sizeof(struct str), compare_texts);
	return list;
}

/* Rows that differ in what they are about alone are one. */
static void merge(struct side *side)
{
	struct arena *a = side->s->a;
	struct map seen = { 0 };
	size_t kept = 0;

	for (size_t i = 0; i < side->rows.count; i++) {
		struct gathered *row = &side->rows.items[i], *same;
		struct str key, actions;

		row->row.actions = texts_of(a, &row->actions);
		actions = str_join(a, STR("\n"), row->row.actions.items, row->row.actions.count);
		key = str_format(a, "%zu %zu %.*s%.*s%.*s%d%x", row->row.principal.length,
				 actions.length, STR_ARG(row->row.principal), STR_ARG(actions),
				 STR_ARG(row->row.condition), row->row.deny,
				 (unsigned)row->row.notes);
		same = map_has(&seen, key) ?
		       &side->rows.items[(uintptr_t)map_get(&seen, key) - 1] : NULL;
		if (same) {
			add_text(a, &same->on, row->on.entries[0].key);
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

static void take_rows(struct side *side, struct permission_delta *out)
{
	for (size_t i = 0; i < side->rows.count; i++) {
		struct gathered *from = &side->rows.items[i];

		from->row.on = texts_of(side->s->a, &from->on);
		out->rows[out->count++] = from->row;
		out->wider += from->row.wider;
		out->narrower += !from->row.wider;
		out->public += from->row.wider && (from->row.notes & NOTE_PUBLIC);
	}
}

void permission_rows(const struct subtraction *s, struct permission_delta *out)
{
	struct index before = index_of(s->a, &s->before), after = index_of(s->a, &s->after);
	struct side wider = { .s = s, .from = before, .to = after, .wider = true };
	struct side narrower = { .s = s, .from = after, .to = before };

	subtract(&wider);
	subtract(&narrower);
	merge(&wider);
	merge(&narrower);
	*out = (struct permission_delta){ .grave = wider.grave };
	out->rows = arena_array(s->a, struct permission_row,
				wider.rows.count + narrower.rows.count);
	take_rows(&wider, out);
	take_rows(&narrower, out);
	qsort(out->rows, out->count, sizeof(*out->rows), compare_rows);
}
