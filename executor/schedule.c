#include "schedule.h"

/* ---- heaps ---- */

bool job_is_urgent(const struct job *a, const struct job *b)
{
	int order;

	if (a->weight_ms != b->weight_ms)
		return a->weight_ms > b->weight_ms;
	order = str_compare(a->label, b->label);
	return order ? order < 0 : a->sequence < b->sequence;
}

bool job_is_earlier(const struct job *a, const struct job *b)
{
	return a->wake_ms != b->wake_ms ? a->wake_ms < b->wake_ms : a->sequence < b->sequence;
}

void heap_add(struct arena *a, struct heap *h, struct job *job)
{
	size_t at = h->count;

	*vec_push(a, h) = job;
	while (at > 0 && h->before(job, h->items[(at - 1) / 2])) {
		h->items[at] = h->items[(at - 1) / 2];
		at = (at - 1) / 2;
	}
	h->items[at] = job;
}

struct job *heap_first(const struct heap *h)
{
	return h->count ? h->items[0] : NULL;
}

struct job *heap_take(struct heap *h)
{
	struct job *first = heap_first(h), *last;
	size_t at = 0, child;

	if (!first)
		return NULL;
	last = h->items[--h->count];
	while ((child = 2 * at + 1) < h->count) {
		if (child + 1 < h->count && h->before(h->items[child + 1], h->items[child]))
			child++;
		if (!h->before(h->items[child], last))
			break;
		h->items[at] = h->items[child];
		at = child;
	}
	h->items[at] = last;
	return first;
}

/* ---- locks ---- */

struct lock {
	struct job *holder;
	struct heap waiting;
};

bool lock_take(struct loop *loop, struct job *job)
{
	struct lock *lock;
	void **place;

	if (!job->lock.length || job->locked)
		return true;
	place = map_put(loop->arena, &loop->locks, job->lock);
	if (!*place) {
		lock = arena_new(loop->arena, struct lock);
		lock->waiting.before = job_is_urgent;
		*place = lock;
	}
	lock = *place;
	if (!lock->holder) {
		lock->holder = job;
		job->locked = true;
		return true;
	}
	heap_add(loop->arena, &lock->waiting, job);
	job_stands(loop, job, "its turn: one change at a time");
	return false;
}

void lock_give(struct loop *loop, struct job *job)
{
	struct lock *lock;

	if (!job->locked)
		return;
	lock = map_get(&loop->locks, job->lock);
	job->locked = false;
	lock->holder = heap_take(&lock->waiting);
	if (!lock->holder)
		return;
	lock->holder->locked = true;
	loop_ready(loop, lock->holder);
}

void loop_unlock(struct loop *loop, struct job *job)
{
	lock_give(loop, job);
	job->lock = (struct str){ 0 };
}

/* ---- tokens ---- */

bool token_take(struct loop *loop, struct job *job)
{
	struct bucket *b = job->bucket;

	if (job->token)
		return true;
	/* Nobody waits for a token that is there. */
	if (!b->waiting.count && bucket_take(b, session_now_ms(loop->session))) {
		job->token = true;
		return true;
	}
	if (!b->waiting.count) {
		b->waiting.before = job_is_urgent;
		*vec_push(loop->arena, &loop->dry) = b;
	}
	heap_add(loop->arena, &b->waiting, job);
	job_stands(loop, job, "the quota of the service");
	return false;
}

static void tokens_of(struct loop *loop, struct bucket *b, int64_t now_ms)
{
	while (b->waiting.count && bucket_take(b, now_ms)) {
		struct job *job = heap_take(&b->waiting);

		job->token = true;
		loop_ready(loop, job);
	}
}

void tokens_give(struct loop *loop, int64_t now_ms)
{
	size_t kept = 0;

	for (size_t i = 0; i < loop->dry.count; i++) {
		struct bucket *b = loop->dry.items[i];

		tokens_of(loop, b, now_ms);
		if (b->waiting.count)
			loop->dry.items[kept++] = b;
	}
	loop->dry.count = kept;
}

int64_t tokens_at_ms(const struct loop *loop)
{
	int64_t first_ms = INT64_MAX;

	for (size_t i = 0; i < loop->dry.count; i++) {
		int64_t at_ms = bucket_at_ms(loop->dry.items[i]);

		if (at_ms < first_ms)
			first_ms = at_ms;
	}
	return first_ms;
}

/* ---- where a job stands ---- */

void job_stands(struct loop *loop, struct job *job, const char *why)
{
	job->stands = why;
	job->stands_since_ms = session_now_ms(loop->session);
}

void job_moves(struct loop *loop, struct job *job)
{
	struct session *s = loop->session;
	struct event event = {
		.kind = EVENT_WAITED, .node = job->node, .address = job->label,
		.action = job->action, .verb = job->verb,
	};
	const char *why = job->stands;

	job->stands = NULL;
	if (!why || !s->sink.detailed)
		return;
	event.text = *why ? str_from_c(why) : job->last_note;
	event.elapsed_ms = session_now_ms(s) - job->stands_since_ms;
	if (event.elapsed_ms > 0)
		s->sink.emit(s->sink.context, &event);
}

void loop_ready(struct loop *loop, struct job *job)
{
	heap_add(loop->arena, &loop->ready, job);
}

void loop_wake_at(struct loop *loop, struct job *job, int64_t wait_ms)
{
	job_stands(loop, job, "");
	job->wake_ms = session_now_ms(loop->session) + (wait_ms > 0 ? wait_ms : 0);
	job->sequence = ++loop->sequence;
	heap_add(loop->arena, &loop->timers, job);
}

void loop_park(struct loop *loop, struct job *job, bool noted)
{
	CHECK(!job->parked);
	job_stands(loop, job, noted ? "" : "others, to be read together");
	job->parked = true;
	job->place = loop->parked.count;
	*vec_push(loop->arena, &loop->parked) = job;
}

void loop_wake(struct loop *loop, struct job *job)
{
	struct job *last = loop->parked.items[--loop->parked.count];

	CHECK(job->parked);
	loop->parked.items[job->place] = last;
	last->place = job->place;
	job->parked = false;
	loop_ready(loop, job);
}

void loop_note(struct loop *loop, struct job *job, struct str text)
{
	if (!text.length || str_equal(text, job->last_note))
		return;
	job->last_note = str_copy(&job->arena, text);
	job_event(loop->session, job, EVENT_NOTE, text);
}
