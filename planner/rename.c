#include "work.h"

/*
 * renamed_from: the row of a block that has another address now is the new
 * address's, with its physical name, instance and generation.  The old address
 * keeps a tombstone, so that what stands there later is another instance.
 */

static struct row *row_moved(struct arena *a, const struct row *row, const struct address *to)
{
	struct row *moved = arena_new(a, struct row);

	*moved = *row;
	moved->address = *to;
	if (row->previous)
		moved->previous = row_moved(a, row->previous, to);
	return moved;
}

static bool report(struct work *w, uint32_t i, const char *text, struct str old, const char *help)
{
	const struct lifecycle *life = w->model->resources[i].lifecycle;

	diag_error(w->diags, life->renamed_span, "'%.*s' is renamed from '%.*s', %s",
		   STR_ARG(w->plan->resolved[i].address), STR_ARG(old), text);
	diag_help(w->diags, "%s", help);
	return false;
}

static void take(struct work *w, uint32_t i, const struct row *row, struct str old)
{
	struct resolved *resolved = &w->plan->resolved[i];
	struct tombstone *grave = arena_new(&w->scratch, struct tombstone);

	resolved->row = row_moved(w->arena, row, &w->model->resources[i].address);
	resolved->renamed_from = old;
	*map_put(&w->scratch, &w->renamed, old) = resolved;
	*grave = (struct tombstone){ old, row->generation };
	*map_put(&w->scratch, &w->tombstones, old) = grave;
}

/* Its own thing is to go to another block. */
static bool is_former(const struct work *w, struct str address)
{
	for (size_t i = 0; i < w->model->resource_count; i++) {
		const struct lifecycle *life = w->model->resources[i].lifecycle;

		if (life && !w->plan->resolved[i].row &&
		    str_list_has(&life->renamed_from, address))
			return true;
	}
	return false;
}

/* False after a report. */
static bool take_former(struct work *w, uint32_t i, struct str old)
{
	const struct row *row = state_peek(w->state, old);
	bool wanted = model_find(w->model, old) != NO_RESOURCE;

	if (!row || (wanted && w->plan->resolved[i].row))
		return true;
	if (w->plan->resolved[i].row && is_former(w, w->plan->resolved[i].address))
		return report(w, i, "and another block from this one", old,
			      "in two applies: first the other renaming, then this one");
	if (w->plan->resolved[i].row)
		return report(w, i, "and the state has both", old,
			      "the old one may be deleted first: leave 'renamed_from' away");
	if (wanted)
		return report(w, i, "which is still in the spec", old,
			      "a thing has one address: take one of the two blocks away");
	if (map_has(&w->renamed, old))
		return report(w, i, "and so is another block", old,
			      "a thing has one address: only one block can be what it was");
	take(w, i, row, old);
	return true;
}

bool renames_take(struct work *w)
{
	bool good = true;

	for (uint32_t i = 0; i < w->model->resource_count && !w->options->destroy; i++) {
		const struct lifecycle *life = w->model->resources[i].lifecycle;

		for (size_t k = 0; life && k < life->renamed_from.count && good; k++)
			good = take_former(w, i, life->renamed_from.items[k]);
	}
	return good;
}

struct str address_now(const struct work *w, struct str address)
{
	const struct resolved *resolved = map_get(&w->renamed, address);

	return resolved ? resolved->address : address;
}

/* Our own tags that name the block. */
static bool is_label(const struct schema *schema, const struct change *change)
{
	return schema->tag_property.length && str_starts(change->path, schema->tag_property) &&
	       str_contains(change->path, STR("effortless:")) && !change->drift;
}

/* An update of nothing but what names it is part of the renaming. */
static bool only_labels(const struct schema *schema, const struct action *act)
{
	for (size_t k = 0; k < act->changes.count; k++) {
		if (!is_label(schema, &act->changes.items[k]))
			return false;
	}
	return !act->repair && !act->rebind.count;
}

void rename_decide(struct work *w, uint32_t i)
{
	const struct resolved *resolved = &w->plan->resolved[i];
	struct action *act = &w->decided[i].action;
	struct str was = str_format(w->arena, "it was '%.*s'", STR_ARG(resolved->renamed_from));
	const struct schema *schema = w->model->resources[i].schema;
	bool quiet = act->kind == ACTION_NONE || act->kind == ACTION_METADATA ||
		     act->kind == ACTION_COLLECT ||
		     (act->kind == ACTION_UPDATE && only_labels(schema, act));

	act->renamed_from = resolved->renamed_from;
	if (quiet) {
		act->kind = ACTION_RENAME;
		act->reason = was;
	} else {
		act->reason = STR_JOIN(w->arena, was, STR("; "), act->reason);
	}
}

/* ---- names that what was renamed took along ---- */

static struct str name_of_type(struct arena *a, struct str type, struct str name)
{
	return STR_JOIN(a, type, STR("\n"), name);
}

static void names_list(struct work *w)
{
	for (size_t i = 0; i < w->state->row_count; i++) {
		const struct row *row = w->rows[i];

		if (row->name.length)
			*map_put(&w->scratch, &w->names,
				 name_of_type(&w->scratch, row->type, row->name)) = w->rows[i];
	}
	w->names_listed = true;
}

bool name_is_held(struct work *w, uint32_t i)
{
	const struct row *row;
	struct str address;

	if (!w->plan->resolved[i].name.length)
		return false;
	if (!w->names_listed)
		names_list(w);
	row = map_get(&w->names, name_of_type(&w->scratch, w->model->resources[i].schema->type,
					  w->plan->resolved[i].name));
	if (!row)
		return false;
	address = address_text(&w->scratch, &row->address);
	return map_has(&w->renamed, address) || model_find(w->model, address) != NO_RESOURCE;
}
