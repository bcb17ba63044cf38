#include "confirm.h"

#define WAIT_MOST_MS 2000
#define TOGETHER_MOST 500

struct confirm_type {
	size_t expected;		/* will come */
	int64_t since_ms;		/* the first of those that wait */
	struct waiting_vec VEC_OF(struct asker *) waiting;
};

static struct confirm_type *type_of(struct confirm *c, const struct schema *schema)
{
	void **place = map_put(c->arena, &c->types, schema->type);

	if (!*place)
		*place = arena_new(c->arena, struct confirm_type);
	return *place;
}

void confirm_expect(struct confirm *c, const struct schema *schema)
{
	type_of(c, schema)->expected++;
}

void confirm_without(struct confirm *c, const struct schema *schema)
{
	struct confirm_type *type = type_of(c, schema);

	CHECK(type->expected > 0);
	type->expected--;
}

static void ready(struct asker *asker)
{
	struct job *job = asker->context;

	loop_wake(asker->loop, job);
}

struct step confirm_wait(struct confirm *c, struct asker *asker, struct job *job, int64_t now_ms)
{
	struct confirm_type *type = type_of(c, asker->input.schema);

	asker->context = job;
	asker->loop = c->session->loop;
	asker->ready = ready;
	confirm_without(c, asker->input.schema);
	if (!type->waiting.count)
		type->since_ms = now_ms;
	*vec_push(c->arena, &type->waiting) = asker;
	c->waiting++;
	return (struct step){ .kind = STEP_WAIT, .wait_ms = -1 };
}

static void ask(struct confirm *c, struct confirm_type *type)
{
	struct bulks *bulks = arena_new(c->arena, struct bulks);

	bulks_init(bulks, c->session, c->arena);
	for (size_t i = 0; i < type->waiting.count; i++)
		bulks_add(bulks, type->waiting.items[i]);
	c->waiting -= type->waiting.count;
	type->waiting.count = 0;
	bulks_start(bulks);
}

bool confirm_flush(struct confirm *c, int64_t now_ms, bool all)
{
	bool any = false;

	for (uint32_t i = 0; c->waiting && i < c->types.count; i++) {
		struct confirm_type *type = c->types.entries[i].value;

		if (!type->waiting.count)
			continue;
		if (!all && type->expected && type->waiting.count < TOGETHER_MOST &&
		    now_ms - type->since_ms < WAIT_MOST_MS)
			continue;
		ask(c, type);
		any = true;
	}
	return any;
}
