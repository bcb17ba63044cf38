#include "look.h"
#include "observe.h"
#include "row.h"
#include "schemas/steps.h"

/*
 * What is asked only of data that a plan would take away.  Whoever reviews it wants to know;
 * nothing depends on it, so that a refusal is no failure.
 */
#define WEIGHT_MS 1000

struct risk_job {
	struct job job;
	struct op_input input;
	struct op *op;
	struct observation *out;
	struct arena *arena;		/* of the run */
};

static struct step risk_next(struct job *job, const struct reply *last, int64_t now_ms)
{
	struct risk_job *r = job->context;
	struct step step;

	if (!r->op)
		r->op = op_new(&job->arena, OP_READ, &r->input);
	step = op_next(r->op, last, now_ms);
	r->out->coverage.calls += step.kind == STEP_SEND;
	return step;
}

static void risk_ended(struct job *job, bool dropped)
{
	struct risk_job *r = job->context;
	struct observed *seen = map_get(&r->out->by_address, job->label);
	const struct value *facts;

	if (dropped || !r->op || !seen || op_result(r->op)->found != OP_FOUND)
		return;
	facts = &op_result(r->op)->facts;
	if (seen->facts.kind != VALUE_MAP)
		seen->facts = value_map();
	for (uint32_t i = 0; i < facts->map.count; i++) {
		const struct member *m = facts->map.entries[i].value;

		value_set(r->arena, &seen->facts, str_copy(r->arena, facts->map.entries[i].key),
			  value_copy(r->arena, &m->value));
	}
}

static bool asks_more(const struct driver *driver)
{
	for (size_t i = 0; driver && i < driver->steps->read.count; i++) {
		if (driver->steps->read.items[i].risk)
			return true;
	}
	return false;
}

static bool takes_away(const struct action *act)
{
	return (act->kind == ACTION_DELETE || act->kind == ACTION_REPLACE) && act->have &&
	       act->live && act->live->seen == SEEN_FOUND;
}

bool observe_risks(struct session *s, const struct plan *plan, struct observation *out,
		   struct error *err)
{
	struct arena scratch;
	enum loop_end end;

	arena_init(&scratch);
	for (size_t i = 0; i < plan->action_count; i++) {
		const struct action *act = &plan->actions[i];
		const struct schema *schema = takes_away(act) ?
					      schema_find(s->schemas, act->have->type) : NULL;
		struct risk_job *r;

		if (!schema || !asks_more(schema->driver) ||
		    !map_has(&out->by_address, act->address))
			continue;
		r = arena_new(&scratch, struct risk_job);
		row_open(act->have);
		row_input(s, act->have, schema, &r->input);
		r->input.at_risk = true;
		r->out = out;
		r->arena = s->arena;
		r->job.label = act->address;
		r->job.verb = STR("read");
		r->job.weight_ms = WEIGHT_MS;
		r->job.context = r;
		r->job.next = risk_next;
		r->job.ended = risk_ended;
		loop_add(s->loop, &r->job);
	}
	end = loop_run(s->loop, err);
	arena_release(&scratch);
	if (end == LOOP_INTERRUPTED)
		return error_set(err, ERROR_REFUSED, "interrupted while looking at what is live");
	return end == LOOP_DONE;
}
