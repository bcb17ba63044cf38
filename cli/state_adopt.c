#include "state.h"

#include "executor/found.h"

/*
 * effc state adopt ADDRESS ID: a row for something that exists, where the spec wants such a
 * thing.  It becomes this stage's without being changed; the next plan shows what differs.
 */

static const struct resource *wanted(struct run *run, struct str address)
{
	uint32_t i = model_find(&run->model, address);

	if (i == NO_RESOURCE) {
		run_say(run, EXIT_ERROR, "the spec has no '%.*s': write it there first, or let "
			"'effc import' write it", STR_ARG(address));
		return NULL;
	}
	if (state_peek(&run->state, address)) {
		run_say(run, EXIT_ERROR, "the state has '%.*s' already: 'effc state remove' "
			"forgets it", STR_ARG(address));
		return NULL;
	}
	if (!run->model.resources[i].schema->driver) {
		run_say(run, EXIT_ERROR, "%.*s has no driver: it cannot be read",
			STR_ARG(run->model.resources[i].schema->type));
		return NULL;
	}
	return &run->model.resources[i];
}

static const struct observed *look_once(struct run *run, uint32_t i, struct str id,
					const struct value *key, enum adoption adoption)
{
	const struct resource *r = &run->model.resources[i];
	struct observe_request request = {
		.address = id, .schema = r->schema, .scope = &r->scope,
		.instance = run->plan.resolved[i].instance,
		.properties = run->plan.resolved[i].properties,
	};
	struct error err = { 0 };

	state_request_by(&run->arena, key, adoption, &request);
	if (!observe(&run->session, &request, 1, &run->observation, &err)) {
		run_fail(run, EXIT_ERROR, &err);
		return NULL;
	}
	progress_end(&run->progress);
	return map_get(&run->observation.by_address, id);
}

/* Without its aws: tags, so what CloudFormation owns is told by the first look. */
static const struct observed *look(struct run *run, uint32_t i, struct str id)
{
	const struct schema *schema = run->model.resources[i].schema;
	struct value key = plan_adopted_key(&run->arena, schema, id);
	const struct str_list *words = &schema->driver->key;
	const struct observed *seen;

	if (key.map.count != words->count) {
		run_say(run, EXIT_ERROR, "'%.*s' identifies no %.*s: write its %.*s", STR_ARG(id),
			STR_ARG(schema->type),
			STR_ARG(str_join(&run->arena, STR("|"), words->items, words->count)));
		return NULL;
	}
	seen = look_once(run, i, id, &key, ADOPT_FREE);
	if (seen && seen->seen == SEEN_FOREIGN && str_starts(seen->owner, STR("the Cloud"))) {
		run_say(run, EXIT_BLOCKED, "'%.*s' belongs to %.*s", STR_ARG(id),
			STR_ARG(seen->owner));
		return NULL;
	}
	if (seen && seen->seen == SEEN_FOREIGN)
		seen = look_once(run, i, id, &key, ADOPT_ANY);
	if (seen && seen->seen == SEEN_FOUND)
		return seen;
	if (seen)
		run_say(run, EXIT_ERROR, "there is no %.*s '%.*s'", STR_ARG(schema->type),
			STR_ARG(id));
	return NULL;
}

/* Nobody's, or what an earlier state of this very stage made. */
static bool is_free(struct run *run, struct str id, const struct mark *mark)
{
	bool ours = str_equal(mark->project, run->model.project) &&
		    str_equal(mark->stage, run->model.stage);

	for (size_t i = 0; mark->instance.length && i < run->state.row_count; i++) {
		const struct row *row = run->state.rows[i];

		if (str_equal(row->instance, mark->instance))
			return run_say(run, EXIT_ERROR, "'%.*s' is '%.*s' of this stage already: "
				       "'effc state move' gives it another address", STR_ARG(id),
				       STR_ARG(address_text(&run->arena, &row->address)));
	}
	if (!mark->project.length || ours)
		return true;
	return run_say(run, EXIT_BLOCKED, "'%.*s' belongs to project '%.*s', stage '%.*s': to take "
		       "it all the same, write 'import' into its block and apply with --take-over",
		       STR_ARG(id), STR_ARG(mark->project), STR_ARG(mark->stage));
}

static uint32_t next_generation(const struct state *state, struct str address)
{
	for (size_t i = 0; i < state->tombstone_count; i++) {
		if (str_equal(state->tombstones[i].address, address))
			return state->tombstones[i].generation + 1;
	}
	return 0;
}

int state_adopt(struct run *run, const struct str_list *words)
{
	struct str address = words->items[0], id = words->items[1];
	const struct resource *r;
	struct store_write writes[2] = { { 0 } };
	struct found found;
	struct mark mark;
	uint32_t i;

	if (!run_bundle(run) || !run_lock(run))
		return run->exit;
	r = wanted(run, address);
	if (!r || !run_connect(run) || !run_begin(run) || !state_plan(run))
		return run->exit;
	i = model_find(&run->model, address);
	found = (struct found){
		.address = address, .resource = r,
		.wanted = &run->plan.resolved[i].properties,
		.seen = look(run, i, id), .lineage = run->state.lineage, .scope = &r->scope,
		.generation = next_generation(&run->state, address),
	};
	if (!found.seen)
		return run->exit;
	mark = mark_of(r->schema, found.seen);
	if (!is_free(run, id, &mark))
		return run->exit;
	found.instance = mark.instance;
	writes[0].put = row_found(&run->arena, &found);
	if (!run->state.pin.account.length)
		writes[1].pin = &run->model.scope;
	if (!run->options->json)
		fprintf(run->doors->out, "%.*s: %.*s '%.*s' is in AWS and becomes that of stage "
			"'%.*s'. It is not changed: the next plan shows what differs.\n",
			STR_ARG(address), STR_ARG(r->schema->type), STR_ARG(id),
			STR_ARG(run->model.stage));
	if (!confirm(run, "Take it into the state?", STR("yes")) || !state_write(run, writes, 2))
		return run->exit;
	if (run->options->json)
		fprintf(run->doors->out, "{\"adopted\":1}\n");
	return EXIT_DONE;
}
