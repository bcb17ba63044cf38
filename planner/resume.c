#include "work.h"

#include "secret.h"

/*
 * Whether what is left to do is what was agreed to.  The rows of an interrupted
 * apply are its intents: each says what its resource was to become, but for what
 * only the apply could tell.
 */
bool row_is_left(const struct row *row)
{
	return row->previous || row->status == ROW_CREATING || row->status == ROW_UPDATING ||
	       row->status == ROW_REPLACING || row->status == ROW_DELETING;
}

static bool names_one(void *context, uint32_t resource, struct str attribute)
{
	(void)context;
	(void)resource;
	(void)attribute;
	return true;
}

/* The intent could not tell it: it names something of another resource. */
static bool was_open(struct arena *scratch, const struct resource *r, struct str property)
{
	struct reference_visit visit = { NULL, names_one };

	return references_visit(scratch, r, property, &visit);
}

static bool same_properties(struct arena *scratch, const struct plan *plan,
			    const struct action *act, struct str secret_key)
{
	const struct resource *r = &plan->model->resources[act->want];
	const struct value *wanted = &plan->resolved[act->want].properties;
	struct value meant = secret_open(scratch, r->schema->driver, secret_key,
					 &act->have->properties, wanted);
	uint32_t found = 0;

	if (meant.kind != VALUE_MAP)
		return false;
	for (uint32_t i = 0; i < wanted->map.count; i++) {
		struct str name = wanted->map.entries[i].key;
		const struct value *now = value_get(wanted, name);
		const struct value *was = value_get(&meant, name);

		found += was != NULL;
		if (was ? !value_equal(was, now) :
			  !value_has_unknown(now) && !was_open(scratch, r, name))
			return false;
	}
	return found == meant.map.count;
}

/* It was to be made, changed or replaced, and is to become just that. */
static bool same_intent(struct arena *scratch, const struct plan *plan, const struct action *act,
			struct str secret_key)
{
	const struct row *row = act->have;
	const struct resource *r = &plan->model->resources[act->want];

	return row->status != ROW_DELETING && row_is_left(row) &&
	       row->generation == act->generation && row->guard == r->guard &&
	       row->retain == r->retain && same_properties(scratch, plan, act, secret_key);
}

bool plan_is_as_meant(struct arena *scratch, const struct plan *plan, const struct action *act,
		      struct str secret_key)
{
	if (!act->have)
		return false;
	switch (act->kind) {
	case ACTION_COLLECT:
		return true;
	case ACTION_DELETE:
		return act->have->status == ROW_DELETING;
	case ACTION_CREATE:
	case ACTION_UPDATE:
	case ACTION_REPLACE:
		return same_intent(scratch, plan, act, secret_key);
	case ACTION_NONE:
	case ACTION_METADATA:
	case ACTION_FORGET:
	case ACTION_ADOPT:
	case ACTION_RENAME:
		break;
	}
	return false;
}
