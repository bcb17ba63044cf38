#include "work.h"

#include "base/json.h"

/* Things that others made, as the observation has them. */

struct scope plan_existing_scope(const struct plan *plan, uint32_t existing)
{
	return scope_complete(plan, &plan->model->existing[existing].scope);
}

struct value plan_existing_key(struct arena *a, const struct plan *plan, uint32_t existing)
{
	struct scope scope = plan_existing_scope(plan, existing);

	return scope_evaluate(a, plan, &scope, &plan->model->existing[existing].properties);
}

struct str plan_existing_conflict(struct arena *a, const struct plan *plan, uint32_t existing)
{
	const struct existing *x = &plan->model->existing[existing];

	if (plan->destroy || !x->schema || x->schema->driver)
		return (struct str){ 0 };
	return str_format(a, "%.*s has no driver: it is checked, and can be read when Cloud "
			  "Control is spoken, which comes later", STR_ARG(x->schema->type));
}

static const struct value *find(const struct value *map, struct str name)
{
	const struct value *v = value_get(map, name);

	return value_is_absent(v) ? NULL : v;
}

static struct value unread(struct arena *a, const struct plan *plan, const struct existing *x)
{
	const char *why = plan->offline ? "what exists is not looked at without the network"
					: "it cannot be read";

	return value_unknown(a, str_format(a, "existing '%.*s': %s", STR_ARG(x->name), why),
			     (struct str){ 0 });
}

struct value plan_existing_value(struct arena *a, const struct plan *plan, uint32_t existing,
				 struct str attribute)
{
	const struct existing *x = &plan->model->existing[existing];
	const struct observed *seen = plan->existing[existing];
	struct scope scope = plan_existing_scope(plan, existing);
	struct value key = plan_existing_key(a, plan, existing), known;
	const struct value *v = x->schema ? find(&key, attribute) : NULL;

	if (!v && seen)
		v = find(&seen->properties, attribute);
	if (!v && seen)
		v = find(&seen->attributes, attribute);
	if (v)
		return *v;
	/* Its name may tell as much as reading it would. */
	if (x->schema && x->schema->driver &&
	    driver_known(a, x->schema->driver, &scope, &key, attribute, &known) &&
	    known.kind != VALUE_UNKNOWN)
		return known;
	return seen ? value_null() : unread(a, plan, x);
}

static uint32_t index_of(const struct model *model, struct str name)
{
	const struct existing *x = map_get(&model->existing_by_name, name);

	if (!x)
		BUG("the model has no existing '%.*s'", STR_ARG(name));
	return (uint32_t)(x - model->existing);
}

struct value existing_lookup(struct arena *a, const struct plan *plan, const struct expr *e,
			     size_t *used)
{
	CHECK(e->step_count >= 3);
	*used = 3;
	return plan_existing_value(a, plan, index_of(plan->model, e->steps[1].name),
				   e->steps[2].name);
}

/* ---- what is not there ---- */

/* "QueueName 'orders' in eu-west-1" */
static struct str place_text(struct work *w, uint32_t i)
{
	const struct existing *x = &w->model->existing[i];
	struct value key = plan_existing_key(&w->scratch, w->plan, i);
	struct buf b;

	buf_init(&b, w->arena);
	for (uint32_t k = 0; k < key.map.count; k++) {
		const struct member *m = key.map.entries[k].value;

		buf_printf(&b, "%s%.*s ", k ? ", " : "", STR_ARG(key.map.entries[k].key));
		json_print(&b, &m->value);
	}
	if (!x->schema->driver || !x->schema->driver->global)
		buf_printf(&b, " in %.*s", STR_ARG(x->scope.region));
	return buf_str(&b);
}

static void report_absent(struct work *w, uint32_t i)
{
	const struct existing *x = &w->model->existing[i];

	if (x->schema) {
		diag_error(w->diags, x->span, "existing '%.*s' is not there: no %.*s with %.*s",
			   STR_ARG(x->name), STR_ARG(x->schema->type),
			   STR_ARG(place_text(w, i)));
		return;
	}
	diag_error(w->diags, x->span, "project '%.*s', stage '%.*s' publishes nothing in %.*s",
		   STR_ARG(x->project), STR_ARG(x->stage), STR_ARG(x->scope.region));
	diag_help(w->diags, "its spec needs outputs with 'export = true', and an apply");
}

/* Another stack's outputs are known only now; what it lacks is said where it is asked for. */
static void check_outputs(struct work *w, const struct existing *x, const struct observed *seen)
{
	const struct map *outputs = &seen->properties.map;
	struct str *names = arena_array(&w->scratch, struct str, outputs->count), near;

	for (uint32_t i = 0; i < outputs->count; i++)
		names[i] = outputs->entries[i].key;
	for (size_t i = 0; i < x->use_count; i++) {
		const struct existing_use *use = &x->uses[i];

		if (map_has(outputs, use->name))
			continue;
		diag_error(w->diags, use->span,
			   "project '%.*s', stage '%.*s' publishes no output '%.*s'",
			   STR_ARG(x->project), STR_ARG(x->stage), STR_ARG(use->name));
		near = str_nearest(use->name, names, outputs->count);
		if (near.length)
			diag_help(w->diags, "did you mean '%.*s'?", STR_ARG(near));
		else if (outputs->count <= 12)
			diag_help(w->diags, "it publishes: %.*s",
				  STR_ARG(str_join(&w->scratch, STR(" "), names,
						   outputs->count)));
	}
}

bool existing_take(struct work *w)
{
	const struct model *model = w->model;
	size_t errors = w->diags->error_count;

	w->plan->existing = arena_array(w->arena, const struct observed *, model->existing_count);
	for (uint32_t i = 0; i < model->existing_count && !w->options->destroy; i++) {
		const struct existing *x = &model->existing[i];
		const struct observed *seen = NULL;

		if (plan_existing_conflict(&w->scratch, w->plan, i).length)
			w->plan->counts.conflicts++;
		else if (w->live && !w->options->offline)
			seen = map_get(&w->live->existing, x->name);
		if (seen && seen->seen == SEEN_ABSENT)
			report_absent(w, i);
		else if (seen && !x->schema)
			check_outputs(w, x, seen);
		w->plan->existing[i] = seen && seen->seen != SEEN_NOT_READ ? seen : NULL;
	}
	return w->diags->error_count == errors;
}
