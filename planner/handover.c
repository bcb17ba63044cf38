#include "work.h"

/*
 * What may exist once (a route's key, a fixed name) can change hands: whoever gets it
 * is made after what had it is gone.  A holder that is replaced goes after its successor
 * is made; where that one waits for the taker, because it needs it or because the two
 * change places, the holder has to go first.
 */
struct handover {
	uint32_t holder;
	uint32_t next;			/* of the same taker; NO_RESOURCE: none */
	bool first;			/* the holder goes first, so that nothing waits */
};

struct handing {
	struct work *work;
	struct map holders;		/* key -> its struct decision */
	VEC(struct handover) all;
	uint32_t *of_taker;		/* resource -> its first handover */
	uint32_t *starts, *targets;	/* of the links */
};

static void put_holder(struct handing *h, struct str key, struct decision *decision)
{
	if (key.length)
		*map_put(&h->work->scratch, &h->holders, key) = decision;
}

/* What goes once its own block is done: of what goes for good nothing is waited for. */
static void add_holder(struct handing *h, struct decision *decision)
{
	struct arena *scratch = &h->work->scratch;
	const struct action *act = &decision->action;
	const struct schema *schema = h->work->model->resources[act->want].schema;

	if (!act->have || act->delete_first)
		return;
	for (const struct row *row = first_removed(act); row; row = row->previous) {
		put_holder(h, name_key(scratch, row->type, &row->scope, row->name), decision);
		if (!str_equal(row->type, schema->type))
			continue;
		row_open(row);
		put_holder(h, unique_key(scratch, schema->driver, &row->scope, &row->properties),
			   decision);
	}
}

static void add_handover(struct handing *h, uint32_t taker, struct str key)
{
	const struct decision *decision = key.length ? map_get(&h->holders, key) : NULL;

	if (!decision || decision->action.want == taker)
		return;
	*vec_push(&h->work->scratch, &h->all) = (struct handover){
		.holder = decision->action.want, .next = h->of_taker[taker],
	};
	h->of_taker[taker] = (uint32_t)h->all.count - 1;
}

static void add_taker(struct handing *h, uint32_t i)
{
	const struct work *w = h->work;
	const struct action *act = &w->decided[i].action;
	const struct resource *r = &w->model->resources[i];

	h->of_taker[i] = NO_RESOURCE;
	if (act->kind != ACTION_CREATE && act->kind != ACTION_REPLACE)
		return;
	add_handover(h, i, unique_key(&h->work->scratch, r->schema->driver, &r->scope,
				      &w->plan->resolved[i].properties));
	add_handover(h, i, name_key(&h->work->scratch, r->schema->type, &r->scope, act->name));
}

struct search {
	struct handing *handing;
	bool *seen;
	VEC(uint32_t) stack;
};

static void visit(struct search *s, uint32_t node)
{
	if (s->seen[node])
		return;
	s->seen[node] = true;
	*vec_push(&s->handing->work->scratch, &s->stack) = node;
}

/* Whether one is made only after another, by what it needs and by what it takes. */
static bool waits_for(struct handing *h, uint32_t from, uint32_t to)
{
	struct work *w = h->work;
	struct search s = { .handing = h };

	s.seen = arena_array(&w->scratch, bool, w->model->resource_count);
	visit(&s, from);
	while (s.stack.count && !s.seen[to]) {
		uint32_t node = s.stack.items[--s.stack.count];

		for (uint32_t k = h->starts[node]; k < h->starts[node + 1]; k++)
			visit(&s, h->targets[k]);
		for (uint32_t k = h->of_taker[node]; k != NO_RESOURCE; k = h->all.items[k].next) {
			if (!h->all.items[k].first)
				visit(&s, h->all.items[k].holder);
		}
	}
	return s.seen[to];
}

static bool goes_before(struct handing *h, uint32_t taker, struct handover *handover)
{
	struct work *w = h->work;

	if (!waits_for(h, handover->holder, taker))
		return false;
	handover->first = true;
	w->gives_way[handover->holder] = w->plan->resolved[taker].address;
	return true;
}

bool handovers_find(struct work *w)
{
	struct handing h = { .work = w };
	bool found = false;

	for (uint32_t i = 0; i < w->model->resource_count; i++)
		add_holder(&h, &w->decided[i]);
	if (!h.holders.count)
		return false;
	h.of_taker = arena_array(&w->scratch, uint32_t, w->model->resource_count);
	for (uint32_t i = 0; i < w->model->resource_count; i++)
		add_taker(&h, i);
	if (!h.all.count)
		return false;
	if (!w->gives_way)
		w->gives_way = arena_array(&w->scratch, struct str, w->model->resource_count);
	digraph_targets(&w->scratch, &w->links, &h.starts, &h.targets);
	for (uint32_t i = 0; i < w->model->resource_count; i++) {
		for (uint32_t k = h.of_taker[i]; k != NO_RESOURCE; k = h.all.items[k].next)
			found = goes_before(&h, i, &h.all.items[k]) || found;
	}
	return found;
}
