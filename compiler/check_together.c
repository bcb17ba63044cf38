#include "base/json.h"
#include "check.h"

/* What holds of several items or properties together. */

/* ---- items of a list */

static bool is_plain(const struct value *v)
{
	return !(v->marks & (VALUE_SECRET | VALUE_DAMAGED)) && !value_has_unknown(v);
}

/* What two items that are the same have in common; empty where part is not known yet. */
static struct str fingerprint(struct check *k, const struct value *item,
			      const struct str_list *fields)
{
	struct buf out;

	buf_init(&out, k->c->arena);
	if (!fields->count) {
		if (!is_plain(item))
			return (struct str){ 0 };
		json_print_canonical(&out, item);
	}
	for (size_t i = 0; i < fields->count; i++) {
		const struct value *field = value_get(item, fields->items[i]);

		if (!field || !is_plain(field))
			return (struct str){ 0 };
		json_print_canonical(&out, field);
		buf_add_char(&out, '\n');
	}
	return buf_str(&out);
}

static void report_twice(struct check *k, const struct value *item, const struct str_list *fields,
			 struct str name)
{
	struct span place = check_place(k, item);
	struct str which = STR("an item");

	if (fields->count)
		which = str_format(k->c->arena, "an item with the %.*s '%.*s'",
				   STR_ARG(fields->items[0]),
				   STR_ARG(value_get(item, fields->items[0])->kind == VALUE_STRING
					   ? value_get(item, fields->items[0])->string : STR("")));
	else if (item->kind == VALUE_STRING)
		which = str_format(k->c->arena, "'%.*s'", STR_ARG(item->string));
	else if (item->kind == VALUE_INT)
		which = str_format(k->c->arena, "'%lld'", (long long)item->integer);
	diag_error(k->c->d, place, "E0408 %.*s stands twice in '%.*s'", STR_ARG(which),
		   STR_ARG(name));
}

/* Nearly always it is one text that tells items apart. */
static bool by_text(const struct value *list, const struct str_list *fields)
{
	for (size_t i = 0; fields->count == 1 && i < list->list.count; i++) {
		const struct value *field = value_get(&list->list.items[i], fields->items[0]);

		if (!field || field->kind != VALUE_STRING)
			return false;
	}
	return fields->count == 1;
}

#define FEW 16

/* Without a map where there are few; false: not known that way. */
static bool few_differ(const struct value *list, struct str field)
{
	struct str texts[FEW];

	if (list->list.count > FEW)
		return false;
	for (size_t i = 0; i < list->list.count; i++) {
		const struct value *text = value_get(&list->list.items[i], field);

		if (!text || text->kind != VALUE_STRING)
			return false;
		texts[i] = text->string;
		for (size_t k = 0; k < i; k++) {
			if (str_equal(texts[k], texts[i]))
				return false;
		}
	}
	return true;
}

void check_unique(struct check *k, const struct value *list, const struct shape *shape,
		  struct str name)
{
	const struct str_list *fields = &shape->unique_by;
	struct map seen = { 0 };
	bool text;

	if (fields->count == 1 && few_differ(list, fields->items[0]))
		return;
	text = by_text(list, fields);
	for (size_t i = 0; i < list->list.count; i++) {
		const struct value *item = &list->list.items[i];
		struct str print = text ? value_get(item, fields->items[0])->string
					: fingerprint(k, item, fields);
		void **place;

		if (!text && !print.length)
			continue;
		place = map_put(k->c->arena, &seen, print);
		if (*place)
			report_twice(k, item, fields, name);
		*place = k;
	}
}

/* ---- properties of an object */

struct given {
	struct check *k;
	const struct value *v;
	const struct map *guesses;
};

static bool is_given(const struct given *g, struct str name)
{
	const struct value *v = value_get(g->v, name);

	if (!v)
		return map_has(g->guesses, name);
	return v->kind != VALUE_NULL || v->marks & VALUE_DAMAGED;
}

static bool is_complete(const struct given *g, const struct str_list *group)
{
	for (size_t i = 0; i < group->count; i++) {
		if (!is_given(g, group->items[i]))
			return false;
	}
	return true;
}

/* "'A'", "'A' and 'B'", "'A', 'B' and 'C'" */
static struct str quoted(struct arena *a, const struct str *names, size_t count, const char *last)
{
	struct buf out;

	buf_init(&out, a);
	for (size_t i = 0; i < count; i++)
		buf_printf(&out, "%s'%.*s'", !i ? "" : i + 1 < count ? ", " : last,
			   STR_ARG(names[i]));
	return buf_str(&out);
}

/* "one of 'A', 'B' and 'C'", or groups with their members: "'A', or 'B' and 'C'" */
static struct str alternatives(struct arena *a, const struct constraint *all)
{
	struct buf out;

	buf_init(&out, a);
	for (size_t i = 0; i < all->count; i++)
		buf_printf(&out, "%s%.*s", !i ? "" : i + 1 < all->count ? ", " : " or ",
			   STR_ARG(quoted(a, all->groups[i].items, all->groups[i].count,
					  " and ")));
	return buf_str(&out);
}

/* "'RedrivePolicy'", or the type for what stands at its top. */
static struct str holder(struct check *k)
{
	if (!k->at)
		return k->part->resource.schema->type;
	return str_format(k->c->arena, "'%.*s'", STR_ARG(check_path(k)));
}

static struct span holder_place(const struct given *g)
{
	return g->k->at ? check_place(g->k, g->v) : g->k->part->resource.span;
}

static struct span key_place(const struct given *g, struct str name)
{
	const struct member *m = value_member(g->v, name);

	return m && m->key_span.file != SPAN_NOWHERE ? m->key_span : holder_place(g);
}

/* A member of one group that the other has not. */
static struct str own_member(const struct str_list *group, const struct str_list *other)
{
	for (size_t i = 0; i < group->count; i++) {
		if (!str_list_has(other, group->items[i]))
			return group->items[i];
	}
	return group->items[0];
}

static void report_both(const struct given *g, struct str first, struct str second)
{
	diag_error(g->k->c->d, key_place(g, second), "E0471 '%.*s' and '%.*s' exclude each other",
		   STR_ARG(first), STR_ARG(second));
}

static void check_groups(const struct given *g, const struct constraint *one)
{
	const struct str_list *first = NULL;
	bool damaged = g->v->marks & VALUE_DAMAGED ||
		       (g->k->part->block && g->k->part->block->damaged);

	for (size_t i = 0; i < one->count; i++) {
		const struct str_list *group = &one->groups[i];

		if (!is_complete(g, group))
			continue;
		if (first && one->kind == CONSTRAINT_ONE) {
			report_both(g, own_member(first, group), own_member(group, first));
			return;
		}
		first = group;
	}
	if (!first && !damaged)
		diag_error(g->k->c->d, holder_place(g), "E0470 %.*s needs %.*s",
			   STR_ARG(holder(g->k)),
			   STR_ARG(alternatives(g->k->c->arena, one)));
}

/* The property stands there, with a value for which the constraint is meant. */
static bool applies(const struct given *g, const struct constraint *one)
{
	const struct value *v = value_get(g->v, one->with);

	if (!v || v->kind == VALUE_NULL)
		return false;
	return !one->is.count || (v->kind == VALUE_STRING && str_list_has(&one->is, v->string));
}

static struct str reason(const struct given *g, const struct constraint *one)
{
	if (!one->is.count)
		return str_format(g->k->c->arena, "'%.*s'", STR_ARG(one->with));
	return str_format(g->k->c->arena, "'%.*s' of '%.*s'", STR_ARG(one->with),
			  STR_ARG(value_get(g->v, one->with)->string));
}

/* A excludes B, and B excludes A: said once. */
static bool was_said(const struct constraints *all, const struct constraint *one, struct str name)
{
	for (const struct constraint *other = all->items; other < one; other++) {
		if (other->kind == CONSTRAINT_EXCLUDES && !other->is.count &&
		    str_equal(other->with, name) && str_list_has(other->groups, one->with))
			return true;
	}
	return false;
}

static void check_dependency(const struct given *g, const struct constraints *all,
			     const struct constraint *one)
{
	bool damaged = g->v->marks & VALUE_DAMAGED ||
		       (g->k->part->block && g->k->part->block->damaged);

	if (!applies(g, one))
		return;
	for (size_t i = 0; i < one->groups->count; i++) {
		struct str name = one->groups->items[i];

		if (is_given(g, name) == (one->kind == CONSTRAINT_NEEDS))
			continue;
		if (one->kind == CONSTRAINT_NEEDS && !damaged)
			diag_error(g->k->c->d, key_place(g, one->with),
				   "E0472 with %.*s, '%.*s' is needed", STR_ARG(reason(g, one)),
				   STR_ARG(name));
		else if (one->kind == CONSTRAINT_EXCLUDES && !was_said(all, one, name))
			diag_error(g->k->c->d, key_place(g, name),
				   "E0471 %.*s and '%.*s' exclude each other",
				   STR_ARG(reason(g, one)), STR_ARG(name));
	}
}

void check_constraints(struct check *k, const struct value *v, const struct constraints *all,
		       const struct map *guesses)
{
	const struct given g = { k, v, guesses };

	for (size_t i = 0; i < all->count; i++) {
		const struct constraint *one = &all->items[i];

		if (one->kind == CONSTRAINT_ONE || one->kind == CONSTRAINT_ANY)
			check_groups(&g, one);
		else
			check_dependency(&g, all, one);
	}
}
