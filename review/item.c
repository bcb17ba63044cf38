#include "make.h"
#include "render.h"

/* One action as a reader sees it. */

static const struct resource *resource_of(const struct plan *plan, const struct action *act)
{
	return act->want == NO_RESOURCE ? NULL : &plan->model->resources[act->want];
}

struct str render_type(const struct plan *plan, const struct action *act)
{
	const struct resource *r = resource_of(plan, act);

	return r ? r->schema->type : act->have->type;
}

struct str render_label(struct arena *a, const struct plan *plan, const struct action *act)
{
	/* What is destroyed may still be in the spec, and has its kind there. */
	uint32_t at = act->want != NO_RESOURCE ? act->want : model_find(plan->model, act->address);
	struct str kind = { 0 };

	if (at != NO_RESOURCE)
		kind = plan->model->resources[at].kind;
	/* The kind stands before the id, behind the path of its module. */
	if (kind.length) {
		size_t id = plan->model->resources[at].address.module.length;

		if (id)
			id += sizeof("module..") - 1;
		return STR_JOIN(a, str_slice(act->address, 0, id), kind, STR("."),
				str_slice(act->address, id, act->address.length));
	}
	return act->address;
}

struct str render_place(struct arena *a, const struct plan *plan, const struct action *act)
{
	struct place place = { 0 };
	struct str source;

	if (plan->model->sources)
		place = span_place(plan->model->sources, act->span);
	if (place.path.length)
		return str_format(a, "%.*s:%u", STR_ARG(place.path), place.line);
	source = act->have ? act->have->source : (struct str){ 0 };
	return str_slice(source, 0, str_last_index(source, ':'));
}

struct str render_region(const struct plan *plan, const struct action *act)
{
	const struct resource *r = resource_of(plan, act);
	struct str region = r ? r->scope.region : act->have->scope.region;

	return str_equal(region, plan->model->scope.region) ? (struct str){ 0 } : region;
}

static bool is_secret(const struct value *v)
{
	return (v->kind != VALUE_UNKNOWN && (v->marks & VALUE_SECRET)) || value_leaks(v);
}

static struct review_change change_of(const struct change *change)
{
	bool withheld = change->sensitive || is_secret(&change->before) ||
			is_secret(&change->after);

	return (struct review_change){
		.path = change->path,
		.before = withheld ? value_null() : change->before,
		.after = withheld ? value_null() : change->after,
		.had = change->before.kind != VALUE_NULL,
		.has = change->after.kind != VALUE_NULL,
		.withheld = withheld,
		.drift = change->drift,
		.forces = change->replaces,
		.rule = change->rule,
	};
}

/* "Tags[team].Key" is of "Tags[team]."; empty: of no item. */
static struct str item_of(struct str path)
{
	size_t dot = str_last_index(path, '.');

	return dot > 0 && dot < path.length && path.data[dot - 1] == ']' ?
	       str_slice(path, 0, dot + 1) : (struct str){ 0 };
}

static bool same_item(const struct change *change, struct str item)
{
	return str_starts(change->path, item);
}

/*
 * Of an item that came or went as a whole, the key stands in the path: "Tags[team].Value none ->
 * 'payments'" says all of it.
 */
static bool repeats_its_key(const struct change_vec *changes, size_t i)
{
	const struct change *change = &changes->items[i];
	const struct value *key = change->before.kind == VALUE_NULL ? &change->after :
				  &change->before;
	struct str item = item_of(change->path), named;

	if (!item.length || key->kind != VALUE_STRING ||
	    (change->before.kind != VALUE_NULL && change->after.kind != VALUE_NULL))
		return false;
	named = str_slice(item, str_last_index(str_slice(item, 0, item.length - 2), '[') + 1,
			  item.length - 2);
	return str_equal(named, key->string) &&
	       ((i > 0 && same_item(&changes->items[i - 1], item)) ||
		(i + 1 < changes->count && same_item(&changes->items[i + 1], item)));
}

/* What forces a replacement comes first: it is what the line is about. */
static void take_changes(struct arena *a, const struct action *act, struct review_item *out)
{
	out->changes = arena_array(a, struct review_change, act->changes.count);
	for (int forcing = 1; forcing >= 0; forcing--) {
		for (size_t i = 0; i < act->changes.count; i++) {
			if (act->changes.items[i].replaces == (forcing == 1) &&
			    !repeats_its_key(&act->changes, i))
				out->changes[out->change_count++] =
					change_of(&act->changes.items[i]);
		}
	}
}

void item_make(struct arena *a, const struct plan *plan, uint32_t action, struct review_item *out)
{
	const struct action *act = &plan->actions[action];

	*out = (struct review_item){
		.kind = act->kind, .action = action, .address = act->address,
		.label = render_label(a, plan, act),
		.type = render_type(plan, act),
		.place = render_place(a, plan, act), .region = render_region(plan, act),
		.name = act->name, .reason = act->reason, .cascade = act->cascade,
		.renamed_from = act->renamed_from,
		.conflict = act->conflict, .generation = act->generation,
		.repair = act->repair, .delete_first = act->delete_first,
		.set_again = act->rebind, .blocked = act->blocked,
	};
	if (act->have) {
		out->identifier = act->have->identifier;
		out->again = act->kind == ACTION_CREATE;
		if (act->kind == ACTION_REPLACE && act->name.length &&
		    !str_equal(act->name, act->have->name))
			out->name_before = act->have->name;
	}
	take_changes(a, act, out);
	if (act->kind == ACTION_CREATE) {
		struct value shown = plan_shown_properties(a, plan, act->want);

		out->properties = value_without_leaks(a, &shown);
	}
	item_weigh(a, plan, out);
}

const char *review_symbol(const struct review_item *item)
{
	switch (item->kind) {
	case ACTION_CREATE:
		return "+";
	case ACTION_UPDATE:
		return "~";
	case ACTION_REPLACE:
		return item->delete_first ? "-/+" : "+/-";
	case ACTION_DELETE:
	case ACTION_COLLECT:
		return "-";
	case ACTION_METADATA:
		return "=";
	case ACTION_FORGET:
		return "x";
	case ACTION_ADOPT:
		return "<-";
	case ACTION_RENAME:
		return "->";
	case ACTION_NONE:
		break;
	}
	return " ";
}
