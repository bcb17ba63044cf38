#include "gate.h"

#include "base/vec.h"
#include "loop.h"

#define AGAIN_FIRST_MS 500
#define AGAIN_MOST_MS 5000

struct gate {
	struct gate_pass *asks;		/* for all; NULL: nobody */
	bool open;
	int64_t age_ms;			/* open: from this age on */
	struct pass_vec VEC_OF(struct gate_pass *) waiting;
};

static struct gate *gate_of(struct gates *g, const struct gate_pass *p)
{
	void **place = map_put(g->arena, &g->by_type, p->type);

	if (!*place)
		*place = arena_new(g->arena, struct gate);
	return *place;
}

static struct step wait(int64_t wait_ms)
{
	return (struct step){ .kind = STEP_WAIT, .wait_ms = wait_ms,
			      .note = STR("until what was made a moment ago can be used") };
}

bool gate_holds(struct gates *g, struct gate_pass *p, int64_t now_ms, struct step *step)
{
	struct gate *gate;
	int64_t age_ms = now_ms - p->fresh_ms;

	if (!p->fresh_ms)
		return false;
	gate = gate_of(g, p);
	if (gate->open && age_ms < gate->age_ms) {
		*step = wait(gate->age_ms - age_ms);
		return true;
	}
	if (gate->open || gate->asks == p)
		return false;
	if (!gate->asks) {
		gate->asks = p;
		return false;
	}
	p->waits = true;
	*vec_push(g->arena, &gate->waiting) = p;
	*step = wait(-1);
	return true;
}

void gate_saw(struct gates *g, struct gate_pass *p, int64_t now_ms, struct step *step)
{
	struct gate *gate;
	int64_t age_ms = now_ms - p->fresh_ms;

	if (!p->fresh_ms)
		return;
	if (step->kind == STEP_SEND && step->mutates)
		p->sent_age_ms = age_ms;
	if (step->kind != STEP_WAIT || !step->refused.length)
		return;
	gate = gate_of(g, p);
	if (gate->open && !gate->asks) {
		gate->open = false;
		gate->asks = p;
	}
	if (gate->asks != p)
		return;
	if (age_ms < p->usable_ms) {
		step->wait_ms = p->usable_ms - age_ms;
	} else {
		p->again_ms = p->again_ms ? p->again_ms * 3 / 2 : AGAIN_FIRST_MS;
		if (p->again_ms > AGAIN_MOST_MS)
			p->again_ms = AGAIN_MOST_MS;
		step->wait_ms = p->again_ms;
	}
	step->note = wait(0).note;
}

void gate_left(struct gates *g, struct gate_pass *p, bool taken)
{
	struct gate *gate;

	if (!p->fresh_ms)
		return;
	gate = gate_of(g, p);
	p->fresh_ms = 0;
	if (gate->asks != p)
		return;
	gate->asks = NULL;
	gate->open = taken;
	gate->age_ms = p->sent_age_ms;
	for (size_t i = 0; i < gate->waiting.count; i++) {
		struct gate_pass *other = gate->waiting.items[i];

		other->waits = false;
		if (other->job->parked)
			loop_wake(g->loop, other->job);
	}
	gate->waiting.count = 0;
}
