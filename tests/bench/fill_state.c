#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/fs.h"
#include "executor/store/store.h"
#include "planner/plan.h"

/*
 * Makes the state as if a spec had been applied:
 *
 *	fill_state effortless.toml .effc/state/dev.db
 *
 * so that a plan of a large stack that exists, with nothing to do, can be
 * measured without making it.  What only AWS chooses (an id) the state lacks,
 * so the spec must not ask for it.
 */
static void stop(const char *what, const char *why)
{
	fprintf(stderr, "fill_state: %s: %s\n", what, why);
	exit(EXIT_FAILURE);
}

static void stop_diags(struct arena *a, struct diags *d, const struct sources *sources)
{
	struct buf b;

	buf_init(&b, a);
	diags_print(&b, d, sources, false);
	stop("mistakes", b.data);
}

static void compile(struct arena *a, const char *path, struct model *model, struct diags *d)
{
	struct compile_options options = { .account = STR("123456789012") };
	struct sources *sources = arena_new(a, struct sources);
	struct spec *spec = arena_new(a, struct spec);
	struct str name = str_from_c(path);
	struct error err = { 0 };
	struct schemas *schemas = schemas_open(a, schemas_embedded(), &err);

	if (!schemas)
		stop("schemas", err.text);
	if (!spec_read(a, files_real(), sources, &name, 1, spec, d) ||
	    !model_compile(a, spec, schemas, &options, model, d))
		stop_diags(a, d, sources);
}

static struct row *row_make(struct arena *a, const struct plan *plan, const struct action *act)
{
	const struct resource *r = &plan->model->resources[act->want];
	const struct resolved *resolved = &plan->resolved[act->want];
	struct row *row = arena_new(a, struct row);

	if (value_has_unknown(&resolved->properties))
		stop("it needs what only AWS knows", str_to_c(a, act->address));
	row->address = r->address;
	row->type = r->schema->type;
	row->scope = r->scope;
	row->name = act->name;
	row->identifier = act->name;
	row->generation = act->generation;
	row->instance = act->instance;
	row->status = ROW_CREATED;
	row->properties = resolved->properties;
	row->attributes = value_map();
	row->edges = resolved->edges;
	row->guard = r->guard;
	row->retain = r->retain;
	row->driver_version = r->schema->driver ? r->schema->driver->version : 0;
	return row;
}

static void fill(struct arena *a, struct store *store, const struct plan *plan,
		 const struct state *state)
{
	const struct lease_owner owner = { .user = STR("bench"), .host = STR("bench"),
					   .command = STR("fill_state") };
	struct error err = { 0 };
	uint64_t durable;

	if (!store->lock(store->context, &owner, clock_real(), &err) ||
	    !store->create(store->context, plan->model->project, plan->model->stage,
			   state->lineage, &err))
		stop("cannot make the state", err.text);
	for (size_t i = 0; i < plan->action_count; i++) {
		struct store_write write = {
			.put = row_make(a, plan, &plan->actions[i]),
			.pin = i == 0 ? &state->pin : NULL,
		};

		store->submit(store->context, &write, 1);
	}
	if (!store->poll(store->context, &durable, &err))
		stop("cannot write the state", err.text);
}

int main(int argc, char **argv)
{
	struct plan_options options = { .offline = true };
	struct state state = { .lineage = STR("00000000000000000000000000000007") };
	struct error err = { 0 };
	struct model model;
	struct store *store;
	struct diags diags;
	struct plan plan;
	struct arena a;

	if (argc != 3) {
		fprintf(stderr, "usage: fill_state SPEC FILE\n");
		return EXIT_FAILURE;
	}
	arena_init(&a);
	diags_init(&diags, &a);
	compile(&a, argv[1], &model, &diags);
	state.pin = model.scope;
	state.pin.account = STR("123456789012");
	if (!plan_make(&a, &model, &state, NULL, &options, &plan, &diags))
		stop_diags(&a, &diags, model.sources);
	store = store_sqlite(&a, str_from_c(argv[2]), false, NULL, &err);
	if (!store)
		stop("cannot open the state", err.text);
	fill(&a, store, &plan, &state);
	store->close(store->context);
	arena_release(&a);
	return EXIT_SUCCESS;
}
