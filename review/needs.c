#include "needs.h"

#include <stdlib.h>

#include "calls.h"
#include "namebook.h"
#include "needs_policy.h"
#include "schemas/actions.h"
#include "schemas/steps.h"

/* A thing whose calls are being told: as it will be, as it was, or of others. */
struct thing {
	const struct schema *schema;
	struct scope scope;
	struct value properties;	/* MAP: and attributes, as far as known */
	const struct value *written;	/* properties as in the model; NULL: nowhere */
	struct str label;
};

struct telling {
	struct arena *a;
	struct schemas *all;
	const struct plan *plan;
	struct namebook names;
	struct asked asked;
	struct map missing;		/* text -> anything */
};

static void miss(struct telling *t, struct str text)
{
	*map_put(t->a, &t->missing, text) = t;
}

/* ---- one call ---- */

/* The ARN of a thing of the spec that is not made yet, from its facts. */
static struct str_list arns_of(struct telling *t, struct str address)
{
	uint32_t at = model_find(t->plan->model, address);
	const struct schema *schema = t->plan->model->resources[at].schema;
	const struct service_actions *actions;
	const struct str_list *templates = NULL;

	actions = schema->driver ? schemas_actions(t->all, schema->driver->api) : NULL;
	if (actions)
		templates = map_get(&actions->things, schema->type);
	if (!templates)
		return (struct str_list){ 0 };
	return action_resources(t->a, templates->items[0], &t->plan->model->resources[at].scope,
				&t->plan->resolved[at].properties);
}

/* What is not known yet is told by what it is of. */
static struct str_list value_resources(struct telling *t, const struct thing *thing,
				       struct str template)
{
	struct str path = str_slice(template, 1, template.length - 1);
	struct str top = str_slice(path, 0, str_index(path, '.'));
	const struct value *v = value_path(&thing->properties, path);
	const struct value *written = thing->written ? value_get(thing->written, top) : NULL;
	struct value filled, whole;
	const struct value *text;
	struct str address;

	if (v && v->kind == VALUE_UNKNOWN && written && value_get(&thing->properties, top)) {
		filled = namebook_filled(&t->names, value_get(&thing->properties, top), written);
		whole = value_map();
		value_set(t->a, &whole, top, filled);
		text = value_path(&whole, path);
		address = text && text->kind == VALUE_STRING ?
			  namebook_find(&t->names, NULL, STR(""), text->string) : (struct str){ 0 };
		if (model_find(t->plan->model, address) != NO_RESOURCE)
			return arns_of(t, address);
	}
	return action_resources(t->a, template, &thing->scope, &thing->properties);
}

static bool is_given(const struct thing *thing, struct str path)
{
	const struct value *v = path.length ? value_path(&thing->properties, path) : NULL;

	return !path.length || (v && v->kind != VALUE_NULL &&
				!(v->kind == VALUE_BOOL && !v->boolean));
}

static bool is_value(struct str template)
{
	return str_starts(template, STR("{")) &&
	       str_index(template, '}') + 1 == template.length;
}

static void ask_on(struct telling *t, const struct thing *thing, const struct action_need *need,
		   struct str template)
{
	struct str_list on = is_value(template) ? value_resources(t, thing, template) :
			     action_resources(t->a, template, &thing->scope, &thing->properties);

	for (size_t i = 0; i < on.count; i++) {
		for (size_t k = 0; k < need->actions.count; k++)
			asked_add(t->a, &t->asked, need->actions.items[k], on.items[i],
				  need->pass);
	}
}

static void ask(struct telling *t, const struct thing *thing, const struct action_need *need,
		const struct service_actions *actions)
{
	const struct str_list *on = &need->on;

	if (!is_given(thing, need->with))
		return;
	if (!on->count)
		on = map_get(&actions->things, thing->schema->type);
	if (!on)
		miss(t, str_format(t->a, "%.*s: the ARN of %.*s", STR_ARG(thing->label),
				   STR_ARG(thing->schema->type)));
	for (size_t i = 0; on && i < on->count; i++)
		ask_on(t, thing, need, on->items[i]);
}

static void call(struct telling *t, const struct thing *thing, struct str service,
		 struct str operation)
{
	const struct service_actions *actions = schemas_actions(t->all, service);
	const struct action_needs *needs = actions ? map_get(&actions->calls, operation) : NULL;

	if (!operation.length)
		return;
	if (!needs) {
		miss(t, str_format(t->a, "%.*s: what %.*s of %.*s needs", STR_ARG(thing->label),
				   STR_ARG(operation), STR_ARG(service)));
		return;
	}
	for (size_t i = 0; i < needs->count; i++)
		ask(t, thing, &needs->items[i], actions);
}

static void driver_call(struct telling *t, const struct thing *thing,
			const struct driver_call *c)
{
	if (c)
		call(t, thing, thing->schema->driver->api, c->operation);
}

/* ---- the calls of a thing ---- */

static bool concerns(const struct thing *thing, const struct str_list *props)
{
	for (size_t i = 0; i < props->count; i++)
		if (value_get(&thing->properties, props->items[i]))
			return true;
	return !props->count;
}

/* What finds and reads it: to plan, to recover, to look after a create. */
static void tell_reads(struct telling *t, const struct thing *thing)
{
	const struct driver_steps *steps = thing->schema->driver->steps;

	if (steps->list)
		driver_call(t, thing, &steps->list->call);
	for (size_t i = 0; i < steps->read.count; i++) {
		const struct driver_step *step = &steps->read.items[i];

		if (!concerns(thing, &step->props))
			continue;
		driver_call(t, thing, &step->call);
		if (step->nested)
			driver_call(t, thing, &step->nested->call);
	}
	for (size_t i = 0; i < steps->bulk_count; i++)
		if (concerns(thing, &steps->bulks[i].props))
			call(t, thing, steps->bulks[i].api, steps->bulks[i].call.operation);
}

static void tell_destroy(struct telling *t, const struct thing *thing)
{
	const struct driver_step_list *steps = &thing->schema->driver->steps->remove;

	for (size_t i = 0; i < steps->count; i++) {
		/* Nobody needs to delete data who was not allowed to (--allow-data-loss). */
		if (steps->items[i].allowed)
			continue;
		driver_call(t, thing, steps->items[i].get);
		driver_call(t, thing, &steps->items[i].call);
		driver_call(t, thing, steps->items[i].unset);
		if (steps->items[i].wait)
			driver_call(t, thing, &steps->items[i].wait->call);
	}
}

static bool can_tell(struct telling *t, const struct thing *thing)
{
	if (thing->schema && thing->schema->driver && thing->schema->driver->steps)
		return true;
	miss(t, str_format(t->a, "%.*s: what %.*s needs, which has no driver",
			   STR_ARG(thing->label),
			   STR_ARG(thing->schema ? thing->schema->type : STR("type"))));
	return false;
}

static void tell_action(struct telling *t, const struct thing *thing, const struct action *act,
			bool removals)
{
	struct told_call_vec calls = { 0 };

	calls_tell(t->a, t->all, t->plan, act, &calls);
	for (size_t i = 0; i < calls.count; i++)
		if (calls.items[i].removes == removals)
			call(t, thing, calls.items[i].service, calls.items[i].operation);
}

/* Attributes under the properties: both stand in ARNs. */
static struct value everything(struct arena *a, const struct value *properties,
			       const struct row *row)
{
	struct value out = value_map();

	if (row) {
		row_open(row);
		for (uint32_t i = 0; row->attributes.kind == VALUE_MAP &&
		     i < row->attributes.map.count; i++) {
			const struct member *m = row->attributes.map.entries[i].value;

			value_set(a, &out, row->attributes.map.entries[i].key, m->value);
		}
	}
	for (uint32_t i = 0; properties->kind == VALUE_MAP && i < properties->map.count; i++) {
		const struct member *m = properties->map.entries[i].value;

		value_set(a, &out, properties->map.entries[i].key, m->value);
	}
	return out;
}

/* A place that another role reaches needs nothing of this one, and it is not known what of that. */
static bool is_reached_otherwise(struct telling *t, const struct thing *thing)
{
	const struct model *model = t->plan->model;

	for (size_t i = 0; i < model->target_count; i++) {
		const struct target *target = &model->targets[i];

		if (!str_equal(target->scope.target, thing->scope.target) ||
		    !thing->scope.target.length ||
		    !(target->role_arn.length || target->profile.length))
			continue;
		miss(t, str_format(t->a, "%.*s: what target '%.*s' needs, which other "
				   "credentials reach", STR_ARG(thing->label),
				   STR_ARG(target->scope.target)));
		return true;
	}
	return false;
}

static void tell_wanted(struct telling *t, uint32_t i)
{
	const struct resource *r = &t->plan->model->resources[i];
	const struct resolved *resolved = &t->plan->resolved[i];
	const struct action *act = resolved->action == NO_RESOURCE ? NULL :
				   &t->plan->actions[resolved->action];
	bool anew = act && (act->kind == ACTION_REPLACE || act->kind == ACTION_CREATE);
	struct thing thing = {
		.schema = r->schema, .scope = r->scope, .written = &r->properties,
		.properties = everything(t->a, &resolved->properties,
					 anew ? NULL : resolved->row),
		.label = namebook_label(&t->names, resolved->address),
	};

	if (!thing.scope.account.length)
		thing.scope.account = t->plan->state->pin.account;
	if (is_reached_otherwise(t, &thing) || !can_tell(t, &thing))
		return;
	tell_reads(t, &thing);
	if (act)
		tell_action(t, &thing, act, false);
	tell_destroy(t, &thing);
}

static void tell_standing(struct telling *t, const struct action *act)
{
	const struct row *row = act->have;
	struct thing thing = {
		.schema = schema_find(t->all, row->type), .scope = row->scope,
		.label = namebook_label(&t->names, act->address),
	};

	row_open(row);
	thing.properties = everything(t->a, &row->properties, row);
	if (!can_tell(t, &thing))
		return;
	tell_reads(t, &thing);
	tell_action(t, &thing, act, true);
}

static void tell_existing(struct telling *t, uint32_t i)
{
	const struct existing *x = &t->plan->model->existing[i];
	struct value key = plan_existing_key(t->a, t->plan, i);
	struct thing thing = {
		.schema = x->schema, .scope = plan_existing_scope(t->plan, i),
		.properties = key, .label = x->name,
	};
	struct schema outputs = { .type = STR("published outputs") };

	if (!x->schema) {
		thing.schema = &outputs;
		thing.properties = value_map();
		value_set(t->a, &thing.properties, STR("Name"), value_string(str_slice(
			outputs_folder(t->a, x->project, x->stage), 0,
			outputs_folder(t->a, x->project, x->stage).length - 1)));
		call(t, &thing, STR("ssm"), STR("GetParametersByPath"));
	} else if (can_tell(t, &thing)) {
		tell_reads(t, &thing);
	}
}

static int compare_texts(const void *a, const void *b)
{
	return str_compare(*(const struct str *)a, *(const struct str *)b);
}

void needs_make(struct arena *a, struct schemas *all, const struct plan *plan, struct needs *out)
{
	struct telling t = { .a = a, .all = all, .plan = plan };

	namebook_make(a, plan, &t.names);
	for (uint32_t i = 0; !plan->destroy && i < plan->model->resource_count; i++)
		tell_wanted(&t, i);
	for (size_t i = 0; i < plan->action_count; i++) {
		if (plan->actions[i].have && plan->actions[i].kind != ACTION_FORGET &&
		    plan->actions[i].kind != ACTION_METADATA &&
		    plan->actions[i].kind != ACTION_UPDATE)
			tell_standing(&t, &plan->actions[i]);
	}
	for (uint32_t i = 0; !plan->destroy && i < plan->model->existing_count; i++)
		tell_existing(&t, i);
	out->policy = asked_policy(a, &t.asked);
	out->missing = (struct str_list){ arena_array(a, struct str, t.missing.count), 0 };
	for (uint32_t i = 0; i < t.missing.count; i++)
		out->missing.items[out->missing.count++] = t.missing.entries[i].key;
	qsort(out->missing.items, out->missing.count, sizeof(struct str), compare_texts);
}
