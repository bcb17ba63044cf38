#include "loop.h"

#include "base/trace.h"
#include "errand.h"
#include "schedule.h"

#define PARALLEL_DEFAULT 32
#define OPEN_PER_PLACE 16		/* bounds the memory of jobs that wait */
#define POLL_MS 1000			/* an interrupt is noticed within it */
#define DRAIN_MS 5000
/*
 * How long what was done may wait to be durable, so that one commit serves much of it: who
 * ends before looks again, as where a reply was lost.  What is about to be done never waits.
 */
#define UNSAVED_MOST_MS 250

struct loop *loop_new(struct session *s)
{
	struct loop *loop = arena_new(s->arena, struct loop);

	loop->session = s;
	loop->arena = s->arena;
	loop->parallel = s->parallel ? s->parallel : PARALLEL_DEFAULT;
	loop->fresh.before = job_is_urgent;
	loop->ready.before = job_is_urgent;
	loop->timers.before = job_is_earlier;
	loop->limits.arena = s->arena;
	return loop;
}

void loop_add(struct loop *loop, struct job *job)
{
	arena_init(&job->arena);
	job->sequence = ++loop->sequence;
	heap_add(loop->arena, &loop->fresh, job);
}

/* ---- one job ---- */

static const char *step_name(enum step_kind kind)
{
	static const char *const names[] = {
		[STEP_SEND] = "send", [STEP_WAIT] = "wait",
		[STEP_DONE] = "done", [STEP_FAIL] = "fail",
	};

	return names[kind];
}

static void trace_step(const struct job *job, const struct step *step)
{
	if (!trace_on(TRACE_OP))
		return;
	if (step->kind == STEP_SEND)
		trace(TRACE_OP, "%.*s %.*s: send %.*s %.*s%s", STR_ARG(job->label),
		      STR_ARG(job->verb), STR_ARG(step->call.service),
		      STR_ARG(step->call.operation), step->mutates ? ", changes" : "");
	else if (step->kind == STEP_WAIT)
		trace(TRACE_OP, "%.*s %.*s: wait %lld ms: %.*s", STR_ARG(job->label),
		      STR_ARG(job->verb), (long long)step->wait_ms, STR_ARG(step->note));
	else
		trace(TRACE_OP, "%.*s %.*s: %s", STR_ARG(job->label), STR_ARG(job->verb),
		      step_name(step->kind));
}

void loop_end_job(struct loop *loop, struct job *job, bool dropped)
{
	CHECK(!job->ended_already);
	job->ended_already = true;
	if (job->opened)
		loop->open_count--;
	lock_give(loop, job);
	job->ended(job, dropped);
	loop_unsaved(loop);
	arena_release(&job->arena);
}

void loop_step(struct loop *loop, struct job *job, const struct reply *last)
{
	struct step step;

	job->sending = false;
	job->once = false;
	step = job->next(job, last, session_now_ms(loop->session));
	trace_step(job, &step);
	switch (step.kind) {
	case STEP_SEND:
		job->step = step;
		job->tries = 0;
		job->backoff_ms = 0;
		job->refreshed = false;
		job->token = false;
		loop_note(loop, job, step.note);
		stats.calls++;
		send_step(loop, job);
		return;
	case STEP_WAIT:
		loop_note(loop, job, step.note);
		if (step.wait_ms < 0)
			loop_park(loop, job, step.note.length > 0);
		else
			loop_wake_at(loop, job, step.wait_ms);
		return;
	case STEP_DONE:
	case STEP_FAIL:
		loop_end_job(loop, job, false);
		return;
	}
	BUG("step %d of a job", step.kind);
}

/* A job whose turn it is: at its start, after a wait, or with a request that can go out now. */
static void go_on(struct loop *loop, struct job *job)
{
	job_moves(loop, job);
	if (!job->opened) {
		job->opened = true;
		loop->open_count++;
	}
	if (job->sending)
		send_step(loop, job);
	else
		loop_step(loop, job, NULL);
}

/* ---- all jobs ---- */

static struct job *take_next(struct loop *loop)
{
	struct job *fresh = heap_first(&loop->fresh), *ready = heap_first(&loop->ready);

	if (fresh && loop->open_count >= loop->parallel * OPEN_PER_PLACE)
		fresh = NULL;
	if (fresh && (!ready || job_is_urgent(fresh, ready)))
		return heap_take(&loop->fresh);
	return heap_take(&loop->ready);
}

static void start_ready(struct loop *loop)
{
	while (loop->flying.count < loop->parallel && !session_interrupted(loop->session) &&
	       loop->lost.kind == ERROR_NONE) {
		struct job *job = take_next(loop);

		if (!job)
			return;
		go_on(loop, job);
	}
}

static void wake_timers(struct loop *loop)
{
	int64_t now_ms = session_now_ms(loop->session);
	struct job *job;

	while ((job = heap_first(&loop->timers)) && job->wake_ms <= now_ms)
		loop_ready(loop, heap_take(&loop->timers));
	tokens_give(loop, now_ms);
}

void loop_unsaved(struct loop *loop)
{
	if (loop->unsaved || !loop->session->store)
		return;
	loop->unsaved = true;
	loop->unsaved_ms = session_now_ms(loop->session);
}

static int64_t time_to_save(const struct loop *loop)
{
	int64_t left_ms;

	if (!loop->unsaved)
		return INT64_MAX;
	left_ms = loop->unsaved_ms + UNSAVED_MOST_MS - session_now_ms(loop->session);
	return loop->recording.count || left_ms < 0 ? 0 : left_ms;
}

/* A request leaves when the transport is asked; a commit takes as long as some replies. */
static void push_out(struct loop *loop)
{
	struct transport *t = loop->session->transport;
	struct transport_done done;

	if (loop->flying.count && t->poll(t->context, 0, &done))
		*vec_push(loop->arena, &loop->stash) = done;
}

/* Makes durable what was submitted; whoever waited for it can go on. */
static bool settle(struct loop *loop, struct error *err)
{
	struct store *store = loop->session->store;
	uint64_t durable = 0;
	size_t kept = 0;

	/* A ticket that was not durable yet may be now. */
	if (time_to_save(loop) > 0 && !loop->recording.count)
		return true;
	push_out(loop);
	if (!store->poll(store->context, &durable, err))
		return false;
	loop->unsaved = false;
	for (size_t i = 0; i < loop->recording.count; i++) {
		struct job *job = loop->recording.items[i];

		if (job->record_ticket <= durable)
			loop_ready(loop, job);
		else
			loop->recording.items[kept++] = job;
	}
	loop->recording.count = kept;
	return true;
}

static struct job *take_flying(struct loop *loop, uint64_t ticket)
{
	for (size_t i = 0; i < loop->flying.count; i++) {
		struct job *job = loop->flying.items[i];

		if (job->ticket != ticket)
			continue;
		loop->flying.items[i] = loop->flying.items[--loop->flying.count];
		return job;
	}
	return NULL;
}

static void deliver(struct loop *loop, const struct transport_done *done)
{
	struct job *job = take_flying(loop, done->ticket);
	struct reply *reply;

	if (!job) {
		errands_take(loop, done);
		return;
	}
	reply = arena_new(&job->arena, struct reply);
	if (receive(loop, job, &done->response, reply))
		loop_step(loop, job, reply);
}

static bool next_reply(struct loop *loop, int64_t wait_ms, struct transport_done *done)
{
	struct transport *t = loop->session->transport;

	if (!loop->stash.count)
		return (loop->flying.count || errands_flying(loop)) &&
		       t->poll(t->context, wait_ms, done);
	*done = loop->stash.items[--loop->stash.count];
	return true;
}

static int64_t time_to_timer(struct loop *loop)
{
	struct job *first = heap_first(&loop->timers);
	int64_t at_ms = tokens_at_ms(loop), wait_ms;

	if (first && first->wake_ms < at_ms)
		at_ms = first->wake_ms;
	if (at_ms == INT64_MAX)
		return at_ms;
	wait_ms = at_ms - session_now_ms(loop->session);
	return wait_ms > 0 ? wait_ms : 0;
}

/* Waits for a reply or a timer, then takes all replies that are there: one commit serves them. */
static void wait_for_something(struct loop *loop)
{
	const struct clock *clock = loop->session->clock;
	int64_t wait_ms = loop_patience(loop, time_to_timer(loop));
	struct transport_done done;

	if (!loop->flying.count && !errands_flying(loop)) {
		CHECK(wait_ms < INT64_MAX);
		if (wait_ms > time_to_save(loop))
			wait_ms = time_to_save(loop);
		clock->sleep_ms(clock->context, wait_ms);
		return;
	}
	if (wait_ms > POLL_MS)
		wait_ms = POLL_MS;
	if (wait_ms > time_to_save(loop))
		wait_ms = time_to_save(loop);
	while (next_reply(loop, wait_ms, &done)) {
		deliver(loop, &done);
		wait_ms = 0;
	}
}

/* ---- the end before the end ---- */

/* A reply in the last seconds: the op learns what it says, and goes no further. */
static void deliver_last(struct loop *loop, const struct transport_done *done)
{
	struct session *s = loop->session;
	struct job *job = take_flying(loop, done->ticket);
	struct reply *reply;
	struct step step;

	if (!job) {
		errands_take(loop, done);
		return;
	}
	reply = arena_new(&job->arena, struct reply);
	if (!aws_reply(&job->arena, &s->client, &job->step.call, &done->response,
		       session_wall_s(s), reply, &job->failure) ||
	    (reply->class != REPLY_OK && reply->class != REPLY_ERROR)) {
		loop_end_job(loop, job, true);
		return;
	}
	step = job->next(job, reply, session_now_ms(s));
	trace_step(job, &step);
	loop_end_job(loop, job, step.kind == STEP_SEND || step.kind == STEP_WAIT);
}

static void let_flights_end(struct loop *loop)
{
	struct session *s = loop->session;
	int64_t deadline_ms = session_now_ms(s) + DRAIN_MS;
	struct transport_done done;

	while (loop->flying.count && session_interrupted(s) < 2) {
		int64_t left_ms = deadline_ms - session_now_ms(s);

		if (left_ms <= 0)
			return;
		if (next_reply(loop, left_ms < POLL_MS ? left_ms : POLL_MS, &done))
			deliver_last(loop, &done);
		else if (!s->transport->in_flight(s->transport->context))
			return;
	}
}

static void cancel_flights(struct loop *loop)
{
	struct transport *t = loop->session->transport;

	while (loop->flying.count) {
		struct job *job = loop->flying.items[--loop->flying.count];

		t->cancel(t->context, job->ticket);
		loop_end_job(loop, job, true);
	}
	loop->stash.count = 0;
}

static struct job *take_dry(struct loop *loop)
{
	struct job *job = NULL;

	while (!job && loop->dry.count) {
		job = heap_take(&loop->dry.items[loop->dry.count - 1]->waiting);
		loop->dry.count -= !job;
	}
	return job;
}

/*
 * Nothing new is started; jobs that others were waiting for add more, which end the same way.
 * Who waits at a lock becomes ready when its holder ends.
 */
static void wind_down(struct loop *loop)
{
	struct job *job;

	let_flights_end(loop);
	cancel_flights(loop);
	while (loop->recording.count)
		loop_end_job(loop, loop->recording.items[--loop->recording.count], true);
	do {
		while (loop->parked.count)
			loop_wake(loop, loop->parked.items[loop->parked.count - 1]);
		job = heap_take(&loop->timers);
		if (!job)
			job = heap_take(&loop->ready);
		if (!job)
			job = heap_take(&loop->fresh);
		if (!job)
			job = take_dry(loop);
		if (job)
			loop_end_job(loop, job, true);
	} while (job);
}

static bool is_idle(const struct loop *loop)
{
	return !loop->fresh.count && !loop->ready.count && !loop->timers.count &&
	       !loop->recording.count && !loop->flying.count && !loop->dry.count;
}

void loop_set_between(struct loop *loop, struct loop_between between)
{
	loop->between = between;
}

static bool call_between(struct loop *loop)
{
	const struct loop_between *between = &loop->between;

	return between->call && !session_interrupted(loop->session) &&
	       between->call(between->context, session_now_ms(loop->session), is_idle(loop));
}

enum loop_end loop_run(struct loop *loop, struct error *err)
{
	for (;;) {
		wake_timers(loop);
		start_ready(loop);
		if (call_between(loop))
			continue;
		if (!settle(loop, err) || !loop_tend(loop, err)) {
			wind_down(loop);
			return LOOP_STOPPED;
		}
		if (is_idle(loop)) {
			CHECK(!loop->parked.count);
			return LOOP_DONE;
		}
		if (session_interrupted(loop->session)) {
			wind_down(loop);
			return LOOP_INTERRUPTED;
		}
		if (!loop->ready.count || loop->flying.count >= loop->parallel)
			wait_for_something(loop);
	}
}

bool loop_exchange(struct loop *loop, struct arena *a, const struct http_request *request,
		   struct http_response *out)
{
	struct session *s = loop->session;
	struct transport *t = s->transport;
	uint64_t ticket = t->submit(t->context, a, request);
	struct transport_done done;

	for (;;) {
		if (session_interrupted(s)) {
			t->cancel(t->context, ticket);
			return false;
		}
		if (!t->poll(t->context, POLL_MS, &done)) {
			CHECK(t->in_flight(t->context));
			continue;
		}
		if (done.ticket != ticket) {
			*vec_push(loop->arena, &loop->stash) = done;
			continue;
		}
		*out = done.response;
		return true;
	}
}
