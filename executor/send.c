#include <stdio.h>
#include <string.h>

#include "base/trace.h"
#include "schedule.h"

#define TRIES_MOST 8
#define THROTTLED_TRIES_MOST 20
#define BACKOFF_TOTAL_MS 120000
#define BACKOFF_FIRST_MS 100
#define BACKOFF_THROTTLED_MS 500
#define BACKOFF_MOST_MS 20000
#define REFRESH_BEFORE_S 60

/* ---- out ---- */

bool loop_renew_credentials(struct loop *loop, struct error *err)
{
	struct credentials fresh;

	if (!session_credentials(loop->session, &fresh, err))
		return false;
	loop->credentials = fresh;
	loop->credential_number++;
	return true;
}

/* Ones that are about to expire are renewed first; where that fails, the old ones still serve. */
static void keep_fresh(struct loop *loop)
{
	int64_t expires_at_s = loop->credentials.expires_at_s;
	struct error ignored;

	if (!expires_at_s || session_wall_s(loop->session) < expires_at_s - REFRESH_BEFORE_S)
		return;
	if (!loop_renew_credentials(loop, &ignored))
		trace(TRACE_HTTP, "credentials could not be renewed early: %s", ignored.text);
}

static bool submit(struct loop *loop, struct job *job)
{
	struct session *s = loop->session;
	struct http_request *request = arena_new(&job->arena, struct http_request);

	keep_fresh(loop);
	if (!aws_request(&job->arena, &s->client, &job->step.call, &loop->credentials,
			 session_wall_s(s), request, &job->failure))
		return error_context(&job->failure, "%.*s %.*s", STR_ARG(job->step.call.service),
				     STR_ARG(job->step.call.operation));
	job->credential_number = loop->credential_number;
	job->skew_s = s->client.skew_s;
	job->method = request->method;
	job->url = request->url;
	job->tries++;
	job->token = false;
	job->acted = job->acted || job->step.mutates;
	job->ticket = s->transport->submit(s->transport->context, &job->arena, request);
	*vec_push(loop->arena, &loop->flying) = job;
	return true;
}

/* True if the job now waits for its record to be durable. */
static bool must_record(struct loop *loop, struct job *job)
{
	if (!job->step.mutates || !job->record || job->recorded)
		return false;
	job->recorded = true;
	job->record_ticket = job->record(job);
	loop_unsaved(loop);
	*vec_push(loop->arena, &loop->recording) = job;
	return true;
}

void send_step(struct loop *loop, struct job *job)
{
	const struct call *call = &job->step.call;
	struct session *s = loop->session;

	job->sending = true;
	/* Recorded while it waits, so that its turn begins with the request. */
	if (must_record(loop, job) || !lock_take(loop, job))
		return;
	if (!job->token) {
		job->bucket = ratelimit_bucket(&loop->limits,
					       schemas_service(s->schemas, call->service),
					       call->operation, call->scope, session_now_ms(s));
		if (!token_take(loop, job))
			return;
	}
	/* Ended with all others: whoever lost the lease must not change anything any more. */
	if (job->step.mutates && !loop_may_change(loop)) {
		loop_ready(loop, job);
		return;
	}
	if (!submit(loop, job))
		loop_end_job(loop, job, false);
}

/* ---- in ---- */

int64_t loop_backoff_ms(struct loop *loop, enum reply_class class, unsigned tries, int64_t most_ms)
{
	int64_t wait_ms = class == REPLY_THROTTLED ? BACKOFF_THROTTLED_MS : BACKOFF_FIRST_MS;

	for (unsigned i = 1; i < tries && wait_ms < most_ms; i++)
		wait_ms *= 2;
	if (wait_ms > most_ms)
		wait_ms = most_ms;
	/* Full jitter, but not at once: half of a volley would come back together. */
	return 1 + wait_ms / 10 +
	       (int64_t)random_below(loop->session->random, (uint64_t)wait_ms);
}

static int64_t backoff(struct loop *loop, struct job *job, const struct reply *reply)
{
	int64_t wait_ms = loop_backoff_ms(loop, reply->class, job->tries, BACKOFF_MOST_MS);

	return reply->retry_after_ms > wait_ms ? reply->retry_after_ms : wait_ms;
}

static void retry_at(struct loop *loop, struct job *job, const struct reply *reply, int64_t wait_ms)
{
	const char *why = reply->class == REPLY_THROTTLED ? "is throttling" :
			  reply->class == REPLY_LOST ? "gave no answer" : "is unavailable";

	loop_note(loop, job, str_format(&job->arena, "%.*s %s, trying %.*s again",
					STR_ARG(job->step.call.service), why,
					STR_ARG(job->step.call.operation)));
	job->backoff_ms += wait_ms;
	loop_wake_at(loop, job, wait_ms);
}

/* True if it is sent again; else the budget is spent and the reply is final. */
static bool try_again(struct loop *loop, struct job *job, struct reply *reply)
{
	unsigned most = reply->class == REPLY_THROTTLED ? THROTTLED_TRIES_MOST : TRIES_MOST;
	int64_t wait_ms = backoff(loop, job, reply);

	if (job->tries < most && job->backoff_ms + wait_ms <= BACKOFF_TOTAL_MS) {
		retry_at(loop, job, reply, wait_ms);
		return true;
	}
	reply->class = REPLY_ERROR;
	return false;
}

/* Signed again at once: with fresh credentials, or with a clock set right meanwhile. */
static bool sign_again(struct loop *loop, struct job *job, struct reply *reply)
{
	struct error err;

	/* A clock that jumps back and forth is never right. */
	if (job->tries >= TRIES_MOST) {
		reply->class = REPLY_ERROR;
		return false;
	}
	if (reply->class == REPLY_EXPIRED && job->credential_number == loop->credential_number) {
		if (job->refreshed || !loop_renew_credentials(loop, &err)) {
			reply->class = REPLY_ERROR;
			return false;
		}
		job->refreshed = true;
	}
	job->token = true;
	loop_ready(loop, job);
	return true;
}

/* The clock was set right by another reply while this request was under way. */
static bool was_skewed(const struct loop *loop, const struct job *job, const struct reply *reply)
{
	return reply->class == REPLY_ERROR && job->skew_s != loop->session->client.skew_s &&
	       (reply->status == 400 || reply->status == 401 || reply->status == 403);
}

static void trace_reply(const struct job *job, const struct http_response *response,
			const struct reply *reply)
{
	if (!trace_on(TRACE_HTTP))
		return;
	trace(TRACE_HTTP, "%.*s %.*s %.*s: %.*s %.*s -> %ld %.*s in %lld ms, try %u",
	      STR_ARG(job->label), STR_ARG(job->step.call.service),
	      STR_ARG(job->step.call.operation), STR_ARG(job->method),
	      STR_ARG(str_slice(job->url, 0, str_index(job->url, '?'))), response->status,
	      STR_ARG(reply->code), (long long)response->elapsed_ms, job->tries);
}

static void tell_call(struct session *s, const struct job *job,
		      const struct http_response *response, const struct reply *reply)
{
	char text[160];
	struct event event = {
		.kind = EVENT_CALL, .node = job->node, .address = job->label,
		.action = job->action, .verb = job->verb, .identifier = reply->code,
		.elapsed_ms = response->elapsed_ms,
	};

	if (!s->sink.detailed)
		return;
	snprintf(text, sizeof(text), "%.*s %.*s", STR_ARG(job->step.call.service),
		 STR_ARG(job->step.call.operation));
	event.text = str_from_c(text);
	s->sink.emit(s->sink.context, &event);
}

/* What came cannot be read: the service may have acted, as where nothing came. */
static void unreadable(struct job *job, const struct http_response *response, struct reply *reply)
{
	*reply = (struct reply){ .class = REPLY_LOST, .status = response->status };
	reply->message = str_copy(&job->arena, str_from_c(job->failure.text));
	job->failure = (struct error){ 0 };
}

/*
 * A create that failed inside the service may have been done.  Sending it
 * again is harmless only where a chosen key makes the second one fail.
 */
static bool is_doubtful(const struct job *job, const struct reply *reply)
{
	return job->step.mutates && job->once &&
	       (reply->class == REPLY_LOST ||
		(reply->class == REPLY_TRANSIENT && reply->status >= 500));
}

bool receive(struct loop *loop, struct job *job, const struct http_response *response,
	     struct reply *reply)
{
	struct session *s = loop->session;

	if (!aws_reply(&job->arena, &s->client, &job->step.call, response, session_wall_s(s), reply,
		       &job->failure))
		unreadable(job, response, reply);
	trace_reply(job, response, reply);
	tell_call(s, job, response, reply);
	if (reply->class == REPLY_OK) {
		bucket_served(job->bucket);
		return true;
	}
	if (reply->class == REPLY_EXPIRED || was_skewed(loop, job, reply))
		return !sign_again(loop, job, reply);
	if (reply->class == REPLY_SKEWED)
		return !sign_again(loop, job, reply);
	if (reply->class == REPLY_ERROR)
		return true;
	if (reply->class == REPLY_THROTTLED)
		bucket_throttled(job->bucket, session_now_ms(s));
	if (is_doubtful(job, reply)) {
		reply->class = REPLY_LOST;
		return true;
	}
	return !try_again(loop, job, reply);
}
