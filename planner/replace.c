#include "work.h"

/*
 * What forces another thing in place of one, and in which order the two change
 * places.
 */
#define DEPTH_MOST 1000			/* of rows that nobody wants, each standing on the next */

static const char rule_create_only[] = "cannot change after creation";
static const char rule_driver[] = "changes only by replacement";

static struct str next_part(struct str *rest)
{
	size_t end = 0;
	struct str part;

	while (end < rest->length && rest->data[end] != '.' && (rest->data[end] != '[' || !end))
		end++;
	part = str_slice(*rest, 0, end);
	*rest = str_slice(*rest, end + (end < rest->length && rest->data[end] == '.'),
			  rest->length);
	return part;
}

/* The facts mark a property; all that is below it is meant too. */
static bool is_create_only(const struct schema *schema, struct str path)
{
	struct str part = next_part(&path);
	const struct property *property = schema_property(schema, part);

	while (property && !property->create_only) {
		const struct shape *shape = property->shape;

		property = NULL;
		while (shape && path.length) {
			part = next_part(&path);
			if (shape->kind == PROPERTY_OBJECT) {
				property = map_get(&shape->fields, part);
				break;
			}
			shape = shape->element;
		}
	}
	return property != NULL;
}

/* It came or went with the whole item of a keyed list: AttributeDefinitions[b].AttributeType. */
static bool is_of_item(const struct change *change)
{
	return str_index(change->path, '[') < change->path.length &&
	       (value_is_absent(&change->before) || value_is_absent(&change->after));
}

static const char *forcing_rule(const struct schema *schema, const struct change *change)
{
	const struct driver *driver = schema->driver;

	if (change->drift)
		return NULL;
	if (driver && path_list_fits(&driver->replace, change->path, true) && !is_of_item(change))
		return rule_driver;
	if (driver && path_list_fits(&driver->in_place, change->path, true))
		return NULL;
	return is_create_only(schema, change->path) ? rule_create_only : NULL;
}

bool change_forces(const struct schema *schema, const struct change *change)
{
	return forcing_rule(schema, change) != NULL;
}

/* ---- what a property names ---- */

struct replaced_search {
	const struct work *work;
	uint32_t found;
};

/* One that stood before and is another thing after this plan. */
static bool find_replaced(void *context, uint32_t resource, struct str attribute)
{
	struct replaced_search *search = context;
	const struct decision *decision = &search->work->decided[resource];

	(void)attribute;
	if (!decision->fresh || !decision->action.have)
		return false;
	search->found = resource;
	return true;
}

/* NO_RESOURCE: nothing that the property names is replaced. */
static uint32_t replaced_source(struct work *w, uint32_t i, struct str property)
{
	struct replaced_search search = { w, NO_RESOURCE };
	struct reference_visit visit = { &search, find_replaced };

	references_visit(&w->scratch, &w->model->resources[i], property, &visit);
	return search.found;
}

static struct str chain(struct work *w, uint32_t from)
{
	struct buf b;
	uint32_t at = from;

	buf_init(&b, w->arena);
	/* A cascade points to what was decided before, so this ends; the count is for reading. */
	for (int links = 0; links < 8; links++) {
		const struct action *act = &w->decided[at].action;

		buf_printf(&b, "%s'%.*s'", links ? ", because of " : "", STR_ARG(act->address));
		if (!act->cascade.length)
			break;
		at = model_find(w->model, act->cascade);
		if (at == NO_RESOURCE)
			break;
	}
	return buf_str(&b);
}

static void set_reason(struct work *w, uint32_t i, struct str reason, uint32_t source)
{
	struct action *act = &w->decided[i].action;

	act->reason = reason;
	if (source == NO_RESOURCE)
		return;
	act->cascade = w->plan->resolved[source].address;
	act->reason = str_format(w->arena, "%.*s, and it names what is replaced: %.*s",
				 STR_ARG(reason), STR_ARG(chain(w, source)));
}

static struct str first_part(struct str path)
{
	return next_part(&path);
}

static bool forced_by_changes(struct work *w, uint32_t i)
{
	struct action *act = &w->decided[i].action;
	const struct schema *schema = w->model->resources[i].schema;
	bool forced = false;

	for (size_t k = 0; k < act->changes.count; k++) {
		struct change *change = &act->changes.items[k];
		const char *rule = forcing_rule(schema, change);
		struct str reason;

		if (!rule)
			continue;
		change->replaces = true;
		change->rule = str_from_c(rule);
		if (forced)
			continue;
		forced = true;
		reason = str_format(w->arena, "%.*s %s", STR_ARG(change->path), rule);
		set_reason(w, i, reason, replaced_source(w, i, first_part(change->path)));
	}
	return forced;
}

/*
 * The run that began to replace the parent made this one in it already.  Under an
 * unchanged name only what that run left of the older one tells.
 */
static bool was_made_in(struct work *w, uint32_t i, uint32_t parent, struct str property)
{
	const struct row *row = w->plan->resolved[i].row;
	const struct row *its = w->plan->resolved[parent].row;
	const struct value *is, *wanted;

	if (!w->decided[parent].stands)
		return false;
	if (row->status == ROW_REPLACING || row->status == ROW_REPLACED)
		return true;
	if (!its->previous || (its->name.length && str_equal(its->name, its->previous->name)))
		return false;
	row_open(row);
	is = value_get(&row->properties, property);
	wanted = value_get(&w->plan->resolved[i].properties, property);
	return is && wanted && !value_has_unknown(wanted) && value_equal(is, wanted);
}

/* A child does not outlive its parent. */
static bool forced_by_parent(struct work *w, uint32_t i)
{
	const struct driver *driver = w->model->resources[i].schema->driver;
	uint32_t parent;

	if (!driver || !driver->parent.length)
		return false;
	parent = replaced_source(w, i, driver->parent);
	if (parent == NO_RESOURCE || was_made_in(w, i, parent, driver->parent))
		return false;
	set_reason(w, i, str_format(w->arena, "%.*s is its parent", STR_ARG(driver->parent)),
		   parent);
	return true;
}

/* The block's address now means something elsewhere or of another type. */
static bool forced_by_identity(struct work *w, uint32_t i)
{
	const struct resource *r = &w->model->resources[i];
	const struct row *row = w->plan->resolved[i].row;
	bool global = r->schema->driver && r->schema->driver->global;
	struct action *act = &w->decided[i].action;

	if (!str_equal(row->type, r->schema->type)) {
		act->changes.count = 0;
		set_reason(w, i, str_format(w->arena, "it was %.*s and is to be %.*s",
					    STR_ARG(row->type), STR_ARG(r->schema->type)),
			   NO_RESOURCE);
		return true;
	}
	if (!global && row->scope.region.length && r->scope.region.length &&
	    !str_equal(row->scope.region, r->scope.region)) {
		set_reason(w, i, str_format(w->arena, "it is in %.*s and is to be in %.*s",
					    STR_ARG(row->scope.region), STR_ARG(r->scope.region)),
			   NO_RESOURCE);
		return true;
	}
	return false;
}

/* One that is being replaced is not replaced again because the same is asked again. */
static bool forced_by_request(struct work *w, uint32_t i)
{
	struct action *act = &w->decided[i].action;

	if (act->have->status == ROW_REPLACING ||
	    !str_list_has(&w->options->replace, act->address))
		return false;
	act->reason = STR("asked for by --replace");
	return true;
}

bool replace_needed(struct work *w, uint32_t i)
{
	bool by_identity = forced_by_identity(w, i);
	bool by_changes = !by_identity && forced_by_changes(w, i);

	return by_identity || by_changes || forced_by_parent(w, i) || forced_by_trigger(w, i) ||
	       forced_by_request(w, i);
}

/* ---- which goes first ---- */

static bool all_equal(const struct str_list *names, const struct value *old,
		      const struct value *new_one)
{
	for (size_t i = 0; i < names->count; i++) {
		const struct value *a = value_path(old, names->items[i]);
		const struct value *b = value_path(new_one, names->items[i]);

		if (value_is_absent(a) && value_is_absent(b))
			continue;
		if (value_is_absent(a) || value_is_absent(b) || value_has_unknown(b) ||
		    !value_equal(a, b))
			return false;
	}
	return names->count > 0;
}

static bool same_name(const struct driver *driver, struct str a, struct str b)
{
	if (!a.length || !b.length)
		return false;
	return driver && driver->name.fold ? str_equal_fold(a, b) : str_equal(a, b);
}

static const struct str *goes_first(struct work *w, struct str address, int depth);

/* What it stands on goes first, so it has to be gone by then. */
static const struct str *goes_with(struct work *w, const struct row *row, int depth)
{
	for (size_t k = 0; k < row->edges.count; k++) {
		const struct str *why = goes_first(w, row->edges.items[k], depth);

		if (why)
			return why;
	}
	return NULL;
}

/*
 * Whether what stands at an address must be gone before something is made: it
 * is deleted first, or it is not wanted and stands on such a thing itself.
 */
static const struct str *goes_first(struct work *w, struct str address, int depth)
{
	static const struct str no = { 0 };
	uint32_t at = model_find(w->model, address);
	const struct row *row;
	const struct str *why;
	void **known;

	if (at == NO_RESOURCE && map_has(&w->renamed, address))
		at = model_find(w->model, address_now(w, address));
	if (at != NO_RESOURCE) {
		const struct action *act = &w->decided[at].action;

		/* Of one that an earlier run began, the old generation may be gone already. */
		bool goes = act->delete_first && (!act->repair || act->have->previous);

		return goes ? &w->plan->resolved[at].address : NULL;
	}
	row = state_find(w->state, address);
	if (!row || depth > DEPTH_MOST)
		return NULL;
	known = map_put(&w->scratch, &w->goes_first, address);
	if (!*known) {
		/* Marked first: edges of a damaged state may run in a circle. */
		*known = (void *)(uintptr_t)(const void *)&no;
		why = goes_with(w, row, depth + 1);
		if (why)
			*map_put(&w->scratch, &w->goes_first, address) =
				(void *)(uintptr_t)(const void *)why;
	}
	why = map_get(&w->goes_first, address);
	return why->length ? why : NULL;
}

/* Why a generation has to be gone before the new one is made; empty: it can stay. */
static struct str in_the_way(struct work *w, uint32_t i, const struct row *row)
{
	const struct driver *driver = w->model->resources[i].schema->driver;
	const struct resolved *resolved = &w->plan->resolved[i];

	if (!str_equal(row->type, w->model->resources[i].schema->type) ||
	    (!str_equal(row->scope.region, plan_scope(w->plan, i).region) &&
	     !(driver && driver->global)))
		return (struct str){ 0 };
	row_open(row);
	if (same_name(driver, row->name, resolved->name))
		return STR("its name is fixed");
	if (driver && all_equal(&driver->unique, &row->properties, &resolved->properties))
		return str_format(w->arena, "%.*s may exist once",
				  STR_ARG(str_join(&w->scratch, STR(" + "), driver->unique.items,
						   driver->unique.count)));
	if (driver && driver->key_is_chosen &&
	    all_equal(&driver->key, &row->properties, &resolved->properties))
		return STR("it is known by its name alone");
	return (struct str){ 0 };
}

void replace_order(struct work *w, uint32_t i, const struct row *row)
{
	struct action *act = &w->decided[i].action;
	const struct str *other = NULL;
	struct str why = { 0 };

	/* Also older ones, that an earlier run did not come to remove. */
	for (const struct row *old = row; old && !why.length; old = old->previous)
		why = in_the_way(w, i, old);
	if (!why.length && w->gives_way && w->gives_way[i].length)
		why = str_format(w->arena, "'%.*s' takes what it had",
				 STR_ARG(w->gives_way[i]));
	for (const struct row *old = row; old && !why.length && !other; old = old->previous)
		other = goes_with(w, old, 0);
	if (!why.length && other)
		why = str_format(w->arena, "'%.*s' goes first", STR_ARG(*other));
	if (!why.length)
		return;
	act->delete_first = true;
	act->reason = str_format(w->arena, "%.*s; deleted first since %.*s", STR_ARG(act->reason),
				 STR_ARG(why));
}

static size_t generations(const struct row *row)
{
	size_t count = 0;

	for (; row; row = row->previous)
		count++;
	return count;
}

/* A renamed row may come to an address whose own things have had higher ones. */
static uint32_t next_generation(const struct work *w, const struct row *row, struct str address)
{
	const struct tombstone *grave = map_get(&w->tombstones, address);
	uint32_t last = row->generation;

	/* One that was gone back to stands before what was to replace it. */
	for (const struct row *old = row->previous; old; old = old->previous)
		last = old->generation > last ? old->generation : last;

	if (grave && grave->generation > last && grave->generation < UINT32_MAX)
		last = grave->generation;
	return last + 1;
}

void replace_decide(struct work *w, uint32_t i)
{
	const struct resource *r = &w->model->resources[i];
	struct decision *decision = &w->decided[i];
	struct action *act = &decision->action;
	const struct row *row = act->have;
	enum guard guard = row->guard > r->guard ? row->guard : r->guard;

	if (generations(row) >= ROW_GENERATIONS_MOST || row->generation == UINT32_MAX) {
		diag_error(w->diags, r->span, "'%.*s' has %zu generations that wait to be removed",
			   STR_ARG(act->address), generations(row));
		diag_help(w->diags, "undo the change and apply, then change it");
		return;
	}
	act->kind = ACTION_REPLACE;
	act->repair = false;
	act->rebind.count = 0;
	decision->fresh = true;
	resolve_new(w, i, next_generation(w, row, act->address), true);
	resolve_properties(w, i);
	replace_order(w, i, row);
	act->blocked = work_guard(w, act->address, guard, act->live);
}

void rebind_decide(struct work *w, uint32_t i)
{
	const struct driver *driver = w->model->resources[i].schema->driver;
	struct action *act = &w->decided[i].action;

	for (size_t k = 0; driver && k < driver->rebind.count; k++) {
		struct str property = driver->rebind.items[k];
		uint32_t source = replaced_source(w, i, property);

		if (source == NO_RESOURCE)
			continue;
		act->cascade = w->plan->resolved[source].address;
		action_rebind(w, act, property);
	}
}
