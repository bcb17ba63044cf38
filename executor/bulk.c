#include "bulk.h"

#include "base/json.h"
#include "base/trace.h"

#define WEIGHT_MS 5000			/* before what waits for it */

struct bulk_member {
	struct asker *asker;
	const struct driver_bulk *bulk;	/* of its own driver */
	struct str key;
	size_t saves;
};

struct bulk_group {
	struct bulks *all;
	const struct bulk_member *first;
	struct value input;		/* of the call */
	struct member_vec VEC_OF(struct bulk_member *) members;
};

/* One call and its pages: a whole group, or a batch of it. */
struct bulk_job {
	struct job job;
	struct bulks *all;
	struct pages pages;
	struct bulk_member **members;
};

void bulks_init(struct bulks *b, struct session *s, struct arena *a)
{
	*b = (struct bulks){ .session = s, .arena = a };
}

/* ---- who asks the same ---- */

static struct str call_text(struct arena *a, const struct bulk_member *m,
			    const struct value *input)
{
	const struct driver_bulk *bulk = m->bulk;
	const struct scope *scope = m->asker->input.scope;
	struct str match = term_path_text(a, &bulk->item_key.path);
	struct buf b;

	buf_init(&b, a);
	buf_add_c(&b, m->asker->for_absence ? "absent " : "");
	buf_printf(&b, "%.*s %.*s %.*s %.*s %.*s %.*s ", STR_ARG(bulk->api),
		   STR_ARG(bulk->call.operation), STR_ARG(scope->partition),
		   STR_ARG(scope->account), STR_ARG(scope->region), STR_ARG(match));
	/* Items of another service are the same for all; of its own, as the driver has them. */
	if (str_equal(bulk->api, m->asker->input.driver->api))
		buf_printf(&b, "%.*s ", STR_ARG(m->asker->input.driver->type));
	json_print_canonical(&b, input);
	return buf_str(&b);
}

static void add_member(struct bulks *b, struct bulk_member *m, struct str text,
		       const struct value *input)
{
	struct bulk_group *group = map_get(&b->groups, text);

	if (!group) {
		group = arena_new(b->arena, struct bulk_group);
		group->all = b;
		group->first = m;
		group->input = value_copy(b->arena, input);
		*map_put(b->arena, &b->groups, str_copy(b->arena, text)) = group;
	}
	*vec_push(b->arena, &group->members) = m;
}

static void add_bulk(struct bulks *b, struct asker *asker, const struct driver_bulk *bulk,
		     struct arena *scratch)
{
	size_t saves = asker->for_absence ? bulk_tells_absence(&asker->input, bulk) :
					    bulk_saves(&asker->input, bulk);
	struct bulk_member *m;
	struct bulk_ask asked;

	if (!saves || !bulk_ask(scratch, &asker->input, bulk, &asked))
		return;
	m = arena_new(b->arena, struct bulk_member);
	*m = (struct bulk_member){ asker, bulk, str_copy(b->arena, asked.key), saves };
	add_member(b, m, call_text(scratch, m, &asked.input), &asked.input);
}

void bulks_add(struct bulks *b, struct asker *asker)
{
	const struct driver_steps *steps = asker->input.driver->steps;

	*vec_push(b->arena, &b->askers) = asker;
	for (size_t i = 0; i < steps->bulk_count && i < SERVED_MOST; i++) {
		struct arena scratch;

		arena_init(&scratch);
		add_bulk(b, asker, &steps->bulks[i], &scratch);
		arena_release(&scratch);
	}
}

/* ---- asking ---- */

static struct step bulk_next(struct job *job, const struct reply *last, int64_t now_ms)
{
	struct bulk_job *j = job->context;
	struct step step = pages_next(&j->pages, &job->arena, last);

	(void)now_ms;
	if (last && last->class != REPLY_OK)
		trace(TRACE_OP, "%.*s: %.*s: each is read directly", STR_ARG(job->label),
		      STR_ARG(last->code));
	if (step.kind == STEP_SEND)
		j->all->calls++;
	return step;
}

static void bulk_ended(struct job *job, bool dropped)
{
	struct bulk_job *j = job->context;

	for (size_t i = 0; i < j->pages.count && !dropped; i++) {
		const struct page_member *page = &j->pages.members[i];
		struct asker *asker = j->members[i]->asker;

		if (asker->for_absence)
			asker->absent = asker->absent || (j->pages.complete && !page->found);
		else if (page->found)
			asker->served[asker->served_count++] =
				(struct served){ j->members[i]->bulk, page->item };
		CHECK(asker->waits);
		if (!--asker->waits)
			asker->ready(asker);
	}
}

static void ask(struct bulk_group *group, size_t start, size_t count)
{
	const struct bulk_member *first = group->first;
	struct bulks *b = group->all;
	struct bulk_job *j = arena_new(b->arena, struct bulk_job);
	size_t saves = 0;

	for (size_t i = start; i < start + count; i++)
		saves += group->members.items[i]->saves;
	/* The call that would be made anyway, and nothing gained. */
	if (saves < 2)
		return;
	j->all = b;
	j->members = &group->members.items[start];
	j->pages = (struct pages){
		.driver = first->asker->input.driver, .bulk = first->bulk,
		.scope = first->asker->input.scope, .input = group->input,
		.members = arena_array(b->arena, struct page_member, count), .count = count,
		.keep = b->arena,
	};
	for (size_t i = 0; i < count; i++) {
		j->pages.members[i].key = j->members[i]->key;
		j->pages.members[i].saves = j->members[i]->saves;
		j->members[i]->asker->waits++;
	}
	j->job.label = first->bulk->call.operation;
	j->job.verb = STR("read");
	j->job.weight_ms = WEIGHT_MS;
	j->job.context = j;
	j->job.next = bulk_next;
	j->job.ended = bulk_ended;
	loop_add(b->session->loop, &j->job);
}

void bulks_start(struct bulks *b)
{
	for (uint32_t i = 0; i < b->groups.count; i++) {
		struct bulk_group *group = b->groups.entries[i].value;
		size_t most = group->first->bulk->batch_most, count = group->members.count;

		for (size_t at = 0; at < count; at += most ? most : count)
			ask(group, at, most && most < count - at ? most : count - at);
	}
	for (size_t i = 0; i < b->askers.count; i++) {
		if (!b->askers.items[i]->waits)
			b->askers.items[i]->ready(b->askers.items[i]);
	}
}
