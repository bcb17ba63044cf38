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
	struct job *first, *last;	/* who waits, in the order of coming */
};

bool lock_take(struct loop *loop, struct job *job)
{
	struct lock *lock;
	void **place;

	if (!job->lock.length || job->locked)
		return true;
	place = map_put(loop->arena, &loop->locks, job->lock);
	if (!*place)
		*place = arena_new(loop->arena, struct lock);
	lock = *place;
	if (!lock->holder) {
		lock->holder = job;
		job->locked = true;
		return true;
	}
	if (lock->last)
		lock->last->next_waiter = job;
	else
		lock->first = job;
	lock->last = job;
	return false;
}

void lock_give(struct loop *loop, struct job *job)
{
	struct lock *lock;

	if (!job->locked)
		return;
	lock = map_get(&loop->locks, job->lock);
	job->locked = false;
	lock->holder = lock->first;
	if (!lock->holder)
		return;
	lock->first = lock->holder->next_waiter;
	if (!lock->first)
		lock->last = NULL;
	lock->holder->next_waiter = NULL;
	lock->holder->locked = true;
	loop_ready(loop, lock->holder);
}

/* ---- where a job stands ---- */

void loop_ready(struct loop *loop, struct job *job)
{
	heap_add(loop->arena, &loop->ready, job);
}

void loop_wake_at(struct loop *loop, struct job *job, int64_t wait_ms)
{
	job->wake_ms = session_now_ms(loop->session) + (wait_ms > 0 ? wait_ms : 0);
	job->sequence = ++loop->sequence;
	heap_add(loop->arena, &loop->timers, job);
}

void loop_note(struct loop *loop, struct job *job, struct str text)
{
	if (!text.length || str_equal(text, job->last_note))
		return;
	job->last_note = str_copy(&job->arena, text);
	job_event(loop->session, job, EVENT_NOTE, text);
}
