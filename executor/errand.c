#include "errand.h"

#include "base/trace.h"
#include "schedule.h"

#define TRIES_MOST 8
#define BACKOFF_MOST_MS 5000		/* a heartbeat must not be late */
#define TEND_MS 200
#define POLL_MS 1000			/* an interrupt is noticed within it */

struct errand {
	struct remote_call *call;
	struct arena arena;		/* of the try under way */
	struct errand *next;
	uint64_t ticket;
	int64_t wake_ms;
	unsigned tries, credential_number;
	bool flying, refreshed;
};

/* ---- the list ---- */

static struct errand **place_of(struct loop *loop, const struct errand *e)
{
	struct errand **place = &loop->errands;

	while (*place != e)
		place = &(*place)->next;
	return place;
}

static void forget(struct loop *loop, struct errand *e)
{
	*place_of(loop, e) = e->next;
	e->next = loop->idle_errands;
	loop->idle_errands = e;
}

static void end(struct loop *loop, struct errand *e, const struct reply *reply)
{
	struct remote_call *call = e->call;
	struct arena arena = e->arena;

	/* What it is told may send the next one. */
	forget(loop, e);
	call->done(call, reply);
	arena_release(&arena);
}

bool errands_flying(const struct loop *loop)
{
	for (const struct errand *e = loop->errands; e; e = e->next)
		if (e->flying)
			return true;
	return false;
}

int64_t errands_wake_ms(const struct loop *loop)
{
	int64_t wake_ms = INT64_MAX;

	for (const struct errand *e = loop->errands; e; e = e->next)
		if (!e->flying && e->wake_ms < wake_ms)
			wake_ms = e->wake_ms;
	return wake_ms;
}

/* ---- out ---- */

static bool submit(struct loop *loop, struct errand *e, struct error *err)
{
	struct session *s = loop->session;
	struct http_request *request;

	arena_release(&e->arena);
	arena_init(&e->arena);
	request = arena_new(&e->arena, struct http_request);
	if (!aws_request(&e->arena, &s->client, &e->call->call, &loop->credentials,
			 session_wall_s(s), request, err))
		return false;
	if (!e->tries++)
		e->call->first_sent_ms = session_now_ms(s);
	e->credential_number = loop->credential_number;
	e->ticket = s->transport->submit(s->transport->context, &e->arena, request);
	e->flying = true;
	return true;
}

static void unsendable(struct loop *loop, struct errand *e, const struct error *why)
{
	struct reply reply = { .class = REPLY_ERROR, .code = STR("NotSent") };

	reply.message = str_from_c(why->text);
	end(loop, e, &reply);
}

void errands_go(struct loop *loop)
{
	int64_t now_ms = session_now_ms(loop->session);
	struct error why = { 0 };
	struct errand *e = loop->errands;

	while (e) {
		if (e->flying || e->wake_ms > now_ms) {
			e = e->next;
		} else if (submit(loop, e, &why)) {
			e = e->next;
		} else {
			unsendable(loop, e, &why);
			e = loop->errands;
		}
	}
}

/* ---- in ---- */

static void try_again(struct loop *loop, struct errand *e, struct reply *reply)
{
	e->flying = false;
	if (e->tries >= TRIES_MOST) {
		reply->class = REPLY_LOST;
		end(loop, e, reply);
		return;
	}
	e->wake_ms = session_now_ms(loop->session) +
		     loop_backoff_ms(loop, reply->class, e->tries, BACKOFF_MOST_MS);
}

static bool renew(struct loop *loop, struct errand *e)
{
	struct error ignored;

	if (e->credential_number != loop->credential_number)
		return true;
	if (e->refreshed || !loop_renew_credentials(loop, &ignored))
		return false;
	e->refreshed = true;
	return true;
}

static void received(struct loop *loop, struct errand *e, const struct http_response *response)
{
	struct session *s = loop->session;
	struct reply reply = { 0 };
	struct error why;

	if (!aws_reply(&e->arena, &s->client, &e->call->call, response, session_wall_s(s), &reply,
		       &why))
		reply = (struct reply){ .class = REPLY_LOST, .status = response->status,
					.message = str_from_c(why.text) };
	trace(TRACE_HTTP, "the store: %.*s -> %ld %.*s, try %u",
	      STR_ARG(e->call->call.operation), response->status, STR_ARG(reply.code), e->tries);
	switch (reply.class) {
	case REPLY_OK:
	case REPLY_ERROR:
		end(loop, e, &reply);
		return;
	case REPLY_EXPIRED:
		if (!renew(loop, e)) {
			reply.class = REPLY_ERROR;
			end(loop, e, &reply);
			return;
		}
		break;
	case REPLY_SKEWED:
	case REPLY_THROTTLED:
	case REPLY_TRANSIENT:
	case REPLY_LOST:
		break;
	}
	try_again(loop, e, &reply);
}

bool errands_take(struct loop *loop, const struct transport_done *done)
{
	for (struct errand *e = loop->errands; e; e = e->next) {
		if (!e->flying || e->ticket != done->ticket)
			continue;
		received(loop, e, &done->response);
		return true;
	}
	return false;
}

/* ---- waiting for them alone ---- */

static bool take_stashed(struct loop *loop)
{
	for (size_t i = 0; i < loop->stash.count; i++) {
		struct transport_done done = loop->stash.items[i];

		if (!errands_take(loop, &done))
			continue;
		loop->stash.items[i] = loop->stash.items[--loop->stash.count];
		return true;
	}
	return false;
}

/* A reply that was dropped with the loop's own: it never comes. */
static void lose_flying(struct loop *loop)
{
	struct http_response none = { .maybe_acted = true };

	for (struct errand *e = loop->errands; e; e = e->next) {
		if (!e->flying)
			continue;
		received(loop, e, &none);
		return;
	}
}

static void receive_one(struct loop *loop)
{
	struct session *s = loop->session;
	struct transport *t = s->transport;
	int64_t wait_ms = errands_wake_ms(loop);
	struct transport_done done;

	wait_ms = wait_ms == INT64_MAX ? POLL_MS : wait_ms - session_now_ms(s);
	if (wait_ms > POLL_MS)
		wait_ms = POLL_MS;
	if (wait_ms < 0)
		wait_ms = 0;
	if (take_stashed(loop))
		return;
	if (!errands_flying(loop)) {
		s->clock->sleep_ms(s->clock->context, wait_ms);
		return;
	}
	if (!t->poll(t->context, wait_ms, &done)) {
		if (!t->in_flight(t->context))
			lose_flying(loop);
		return;
	}
	if (!errands_take(loop, &done))
		*vec_push(loop->arena, &loop->stash) = done;
}

static bool wait(void *context, const bool *busy, struct error *err)
{
	struct loop *loop = context;

	while (*busy) {
		if (session_interrupted(loop->session) > 1)
			return error_set(err, ERROR_REFUSED, "interrupted");
		errands_go(loop);
		if (*busy)
			receive_one(loop);
	}
	return true;
}

static void send(void *context, struct remote_call *call)
{
	struct loop *loop = context;
	struct errand *e = loop->idle_errands;

	if (e)
		loop->idle_errands = e->next;
	else
		e = arena_new(loop->arena, struct errand);
	*e = (struct errand){ .call = call, .next = loop->errands };
	arena_init(&e->arena);
	loop->errands = e;
	errands_go(loop);
}

static void cancel(void *context, struct remote_call *call)
{
	struct loop *loop = context;
	struct transport *t = loop->session->transport;
	struct errand *e = loop->errands;

	while (e && e->call != call)
		e = e->next;
	if (!e)
		return;
	if (e->flying)
		t->cancel(t->context, e->ticket);
	forget(loop, e);
	arena_release(&e->arena);
}

static bool pause_a_while(void *context, int64_t wait_ms, struct error *err)
{
	struct loop *loop = context;
	const struct clock *clock = loop->session->clock;

	while (wait_ms > 0 && !session_interrupted(loop->session)) {
		int64_t part_ms = wait_ms < POLL_MS ? wait_ms : POLL_MS;

		clock->sleep_ms(clock->context, part_ms);
		wait_ms -= part_ms;
	}
	return !session_interrupted(loop->session) ||
	       error_set(err, ERROR_REFUSED, "interrupted; nothing was changed");
}

static void note(void *context, struct str text)
{
	struct session *s = ((struct loop *)context)->session;
	struct event event = { .kind = EVENT_NOTE, .address = STR("state"), .verb = STR("lock"),
			       .text = text };

	if (s->sink.emit)
		s->sink.emit(s->sink.context, &event);
}

struct remote session_remote(struct session *s)
{
	return (struct remote){
		.context = s->loop, .send = send, .cancel = cancel, .wait = wait,
		.pause = pause_a_while, .note = note,
	};
}

bool session_exchange(struct session *s, struct arena *a, const struct call *call,
		      struct reply *out, struct error *err)
{
	struct remote remote = session_remote(s);

	return remote_exchange(&remote, a, call, out, NULL, err);
}

/* Whoever asks a person comes back soon: what is under way is given a moment. */
bool session_tend(struct session *s, struct error *err)
{
	struct transport_done done;

	if (!s->loop)
		return true;
	while (errands_flying(s->loop) &&
	       s->transport->poll(s->transport->context, TEND_MS, &done))
		if (!errands_take(s->loop, &done))
			*vec_push(s->loop->arena, &s->loop->stash) = done;
	return loop_tend(s->loop, err);
}
