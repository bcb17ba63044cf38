#include "plan_world.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/fs.h"
#include "base/hash.h"
#include "base/json.h"
#include "planner/secret.h"

static const struct str key = STR_INIT("a key of tests");

void world_stop(const char *what, struct str why)
{
	fprintf(stderr, "plan_case: %s: %.*s\n", what, STR_ARG(why));
	exit(EXIT_FAILURE);
}

static void stop_diags(struct arena *a, struct diags *d, const struct sources *sources)
{
	struct buf b;

	buf_init(&b, a);
	diags_print(&b, d, sources, false);
	world_stop("mistakes", buf_str(&b));
}

void world_init(struct world *w)
{
	struct error err = { 0 };

	*w = (struct world){ 0 };
	arena_init(&w->arena);
	w->schemas = schemas_open(&w->arena, schemas_embedded(), &err);
	if (!w->schemas)
		world_stop("schemas", str_from_c(err.text));
	w->state.lineage = STR("00000000000000000000000000000007");
	w->state.outputs = value_map();
}

void world_release(struct world *w)
{
	arena_release(&w->arena);
}

/* ---- planning ---- */

/* There are no files: the digest of code is that of its name. */
static void bundle(struct world *w, struct model *model)
{
	for (size_t i = 0; i < model->resource_count; i++) {
		struct resource *r = &model->resources[i];
		struct value code = value_map();

		if (!r->bundle || !r->bundle->path.length)
			continue;
		value_set(&w->arena, &code, STR("Bundle"),
			  value_string(sha256_hex(&w->arena, r->bundle->path)));
		value_set(&w->arena, &r->properties, STR("Code"), code);
	}
}

static bool flag(const struct value *map, const char *name)
{
	const struct value *v = value_get_c(map, name);

	return v && v->kind == VALUE_BOOL && v->boolean;
}

static struct str_list texts(struct arena *a, const struct value *map, const char *name)
{
	const struct value *v = value_get_c(map, name);
	struct str_list out = { 0 };

	if (!v || v->kind != VALUE_LIST)
		return out;
	out.items = arena_array(a, struct str, v->list.count);
	for (size_t i = 0; i < v->list.count; i++)
		out.items[out.count++] = v->list.items[i].string;
	return out;
}

static void compile(struct world *w, struct str spec_text, const struct value *options,
		    struct model *model, struct diags *d)
{
	struct compile_options how = {
		.stage = value_get_str(options, "stage"), .account = STR("111122223333"),
	};
	struct sources *sources = arena_new(&w->arena, struct sources);
	struct spec *spec = arena_new(&w->arena, struct spec);
	struct files *files = files_memory(&w->arena);
	struct str name = STR("effortless.toml");

	files_memory_add(&w->arena, files, name, spec_text);
	if (!spec_read(&w->arena, files, sources, &name, 1, spec, d) ||
	    !model_compile(&w->arena, spec, w->schemas, &how, model, d))
		stop_diags(&w->arena, d, sources);
	bundle(w, model);
}

struct world_plan *world_make_plan(struct world *w, struct str spec, const struct value *options)
{
	struct world_plan *p = arena_new(&w->arena, struct world_plan);
	bool offline = flag(options, "offline");
	struct plan_options how = {
		.destroy = flag(options, "destroy"), .offline = offline, .secret_key = key,
		.allow_data_loss = texts(&w->arena, options, "allow"),
		.stages = texts(&w->arena, options, "stages"),
		.targets = texts(&w->arena, options, "targets"),
		.replace = texts(&w->arena, options, "replace"),
		.take_over = texts(&w->arena, options, "take_over"),
	};
	struct diags d;

	diags_init(&d, &w->arena);
	compile(w, spec, options, &p->model, &d);
	if (!w->state.project.length) {
		w->state.project = p->model.project;
		w->state.stage = p->model.stage;
		w->state.pin = p->model.scope;
	}
	if (!plan_make(&w->arena, &p->model, &w->state, offline ? NULL : &w->live, &how, &p->plan,
		       &d))
		stop_diags(&w->arena, &d, p->model.sources);
	review_make(&w->arena, &p->plan, &p->review);
	return p;
}

/* ---- applying ---- */

struct applying {
	struct world *w;
	const struct plan *plan;
};

static struct value attribute(void *context, struct arena *a, uint32_t resource, struct str name)
{
	struct applying *it = context;
	struct row *row = state_find(&it->w->state, it->plan->resolved[resource].address);

	if (!row)
		world_stop("asked for before it was made",
			   it->plan->resolved[resource].address);
	return plan_attribute(a, it->plan, resource, name, &row->properties, &row->attributes);
}

/* What AWS would have told of it: made of its name. */
static struct value attributes_of(struct world *w, const struct resource *r, struct str address)
{
	struct value out = value_map();
	const struct driver *driver = r->schema->driver;

	for (size_t i = 0; driver && i < driver->attributes.count; i++) {
		struct str name = driver->attributes.items[i];

		value_set(&w->arena, &out, name,
			  value_string(STR_JOIN(&w->arena, name, STR("-of-"), address)));
	}
	return out;
}

static void see(struct world *w, const struct row *row, const struct value *properties,
		struct str address)
{
	struct observed *seen = arena_new(&w->arena, struct observed);

	*seen = (struct observed){
		.seen = SEEN_FOUND, .properties = value_copy(&w->arena, properties),
		.attributes = value_copy(&w->arena, &row->attributes), .facts = value_map(),
	};
	*map_put(&w->arena, &w->live.by_address, address) = seen;
}

static void make(struct world *w, const struct plan *plan, const struct action *act)
{
	struct applying it = { w, plan };
	struct attribute_source source = { &it, attribute };
	const struct resource *r = &plan->model->resources[act->want];
	struct row *row = arena_new(&w->arena, struct row);
	struct value properties = plan_properties(&w->arena, plan, act->want, &source, NULL);
	struct place place = span_place(plan->model->sources, act->span);

	if (value_has_unknown(&properties))
		world_stop("not known after an apply", json_text(&w->arena, &properties));
	*row = (struct row){
		.address = r->address, .type = r->schema->type, .scope = r->scope,
		.name = act->name, .identifier = act->name, .generation = act->generation,
		.instance = act->instance, .status = ROW_CREATED, .sent = true,
		.attributes = attributes_of(w, r, act->address),
		.edges = plan->resolved[act->want].edges, .guard = r->guard, .retain = r->retain,
		.driver_version = r->schema->driver ? r->schema->driver->version : 0,
		.source = str_format(&w->arena, "%.*s:%u:%u", STR_ARG(place.path), place.line,
				     place.column),
	};
	row->properties = secret_seal(&w->arena, r->schema->driver, key, &properties);
	row->baseline = row->properties;
	state_put(&w->arena, &w->state, row);
	see(w, row, &properties, act->address);
}

static bool is_ready(const struct node *node, const bool *done)
{
	for (size_t k = 0; k < node->after_count; k++) {
		if (!done[node->after[k]])
			return false;
	}
	return true;
}

void world_apply(struct world *w, const struct world_plan *p)
{
	const struct plan *plan = &p->plan;
	bool *done = arena_array(&w->arena, bool, plan->node_count);
	size_t left = plan->node_count, before;

	do {
		before = left;
		for (size_t i = 0; i < plan->node_count; i++) {
			if (done[i] || !is_ready(&plan->nodes[i], done))
				continue;
			if (plan->nodes[i].kind == NODE_MAKE)
				make(w, plan, &plan->actions[plan->nodes[i].action]);
			done[i] = true;
			left--;
		}
	} while (left && left < before);
	state_sort(&w->state);
}

/* ---- what happened since ---- */

static enum row_status status_of(struct str name)
{
	for (int i = ROW_CREATING; i <= ROW_DELETING; i++) {
		if (str_equal_c(name, row_status_name((enum row_status)i)))
			return (enum row_status)i;
	}
	world_stop("no status of a row", name);
}

static void change_row(struct world *w, struct row *row, const struct value *v)
{
	if (value_get_c(v, "status"))
		row->status = status_of(value_get_str(v, "status"));
	if (value_get_c(v, "guard"))
		row->guard = str_equal_c(value_get_str(v, "guard"), "hard") ? GUARD_HARD :
			     str_equal_c(value_get_str(v, "guard"), "soft") ? GUARD_SOFT :
			     GUARD_NONE;
	if (value_get_c(v, "retain"))
		row->retain = flag(v, "retain");
	if (value_get_c(v, "sent"))
		row->sent = flag(v, "sent");
	if (value_get_c(v, "source"))
		row->source = value_get_str(v, "source");
	if (value_get_c(v, "region"))
		row->scope.region = value_get_str(v, "region");
	if (flag(v, "previous")) {
		row->previous = arena_new(&w->arena, struct row);
		*row->previous = *row;
		row->previous->previous = NULL;
		row->generation++;
	}
	if (row->status == ROW_UPDATING)
		row->before = row->properties;
}

void world_change_rows(struct world *w, const struct value *rows)
{
	for (uint32_t i = 0; i < rows->map.count; i++) {
		struct str address = rows->map.entries[i].key;
		const struct member *member = rows->map.entries[i].value;
		struct row *row = state_find(&w->state, address);

		if (!row)
			world_stop("no row", address);
		if (!flag(&member->value, "gone"))
			change_row(w, row, &member->value);
		else if (!state_remove(&w->state, address))
			world_stop("no row", address);
	}
	state_sort(&w->state);
}

static void lay_over(struct world *w, struct value *map, const struct value *over)
{
	if (map->kind != VALUE_MAP)
		*map = value_map();
	for (uint32_t i = 0; over && i < over->map.count; i++) {
		const struct member *member = over->map.entries[i].value;

		value_set(&w->arena, map, over->map.entries[i].key, member->value);
	}
}

static void change_seen(struct world *w, struct map *all, struct str name, const struct value *v)
{
	static const char *const words[] = { "not_read", "found", "absent", "foreign" };
	void **place = map_put(&w->arena, all, name);
	struct observed *seen;

	if (!*place)
		*place = arena_new(&w->arena, struct observed);
	seen = *place;
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		if (str_equal_c(value_get_str(v, "seen"), words[i]))
			seen->seen = (enum seen)i;
	}
	seen->owner = value_get_str(v, "owner");
	lay_over(w, &seen->properties, value_get_c(v, "properties"));
	lay_over(w, &seen->attributes, value_get_c(v, "attributes"));
	lay_over(w, &seen->facts, value_get_c(v, "facts"));
}

void world_change_live(struct world *w, const struct value *live)
{
	for (uint32_t i = 0; i < live->map.count; i++) {
		struct str name = live->map.entries[i].key;
		const struct value *v = &((struct member *)live->map.entries[i].value)->value;

		if (!str_equal_c(name, "existing")) {
			change_seen(w, &w->live.by_address, name, v);
			continue;
		}
		for (uint32_t k = 0; k < v->map.count; k++)
			change_seen(w, &w->live.existing, v->map.entries[k].key,
				    &((struct member *)v->map.entries[k].value)->value);
	}
}
