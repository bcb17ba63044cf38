#include "base/hash.h"
#include "base/trace.h"
#include "bucket.h"

/*
 * Who holds the lease renews it every ten seconds.  Others see that its etag changes;
 * if it does not for three times as long, by their own clock, its holder counts as dead.
 * So the holder may trust it for as long after it sent what made the etag, and
 * before it changes anything it does not go nearer to that than one beat.
 */
#define TOKEN_BYTES 16
#define TAKE_TRIES 50
#define BEAT_AGAIN_MS 2000 /* after one that failed */

static int64_t now_ms(const struct bucket *s)
{
	return s->clock->now_ms(s->clock->context);
}

static struct str lease_key(struct bucket *s, struct arena *a)
{
	return bucket_key(s, a, "lease.json");
}

/* ---- reading ---- */

static bool read_lease(struct bucket *s, struct arena *a, struct bucket_object *object,
		       struct lease *out, struct error *err)
{
	*out = (struct lease){ 0 };
	if (!bucket_get(s, a, lease_key(s, a), object, err))
		return false;
	if (!object->found || lease_decode(a, object->text, out))
		return true;
	return error_set(err, ERROR_CORRUPT,
			 "the lease of '%.*s' is damaged; if nobody works on this stage, 'effc "
			 "lock break' makes it anew",
			 STR_ARG(s->title));
}

bool bucket_holder(void *context, struct arena *a, struct lease *out, struct error *err)
{
	struct bucket_object object;

	return read_lease(context, a, &object, out, err);
}

/* ---- taking ---- */

static struct str new_token(struct bucket *s)
{
	uint8_t bytes[TOKEN_BYTES];

	s->random->bytes(s->random->context, bytes, sizeof(bytes));
	return hex_encode(s->arena, bytes, sizeof(bytes));
}

static bool lost_to(struct bucket *s, const struct lease *other)
{
	struct arena scratch;

	arena_init(&scratch);
	error_set(&s->lost, ERROR_REFUSED,
		  "the lease of '%.*s' was taken from this run by %.*s: nothing more is changed. "
		  "What is known so far is recorded; the other run finds out the rest",
		  STR_ARG(s->title),
		  STR_ARG(other->owner.command.length ? lease_text(&scratch, other) :
							STR("another")));
	arena_release(&scratch);
	return false;
}

static enum bucket_put take(struct bucket *s, struct str etag, uint64_t last_epoch,
			    struct error *err)
{
	enum bucket_put result;
	struct arena scratch;

	arena_init(&scratch);
	s->lease.epoch = last_epoch + 1;
	result = bucket_put(s, lease_key(s, &scratch), lease_encode(&scratch, &s->lease), etag,
			    &s->lease_etag, &s->sent_ms, err);
	arena_release(&scratch);
	if (result != BUCKET_PUT)
		return result;
	s->locked = true;
	s->beat_at_ms = s->sent_ms + LEASE_BEAT_MS;
	return result;
}

static bool refuse(struct bucket *s, const struct lease *holder, struct error *err)
{
	struct arena scratch;

	arena_init(&scratch);
	error_set(err, ERROR_REFUSED,
		  "the state '%.*s' is being changed by %.*s; nothing was done here. Wait until "
		  "it ends, or take the lease from it with 'effc lock break'",
		  STR_ARG(s->title), STR_ARG(lease_text(&scratch, holder)));
	arena_release(&scratch);
	return false;
}

/* Somebody's lease, while we look whether they live. */
struct watch {
	struct str etag;		/* empty: none yet */
	int64_t since_ms;
};

static void watch_begin(struct bucket *s, struct watch *w, const struct bucket_object *object,
			const struct lease *holder)
{
	struct arena scratch;

	w->etag = str_copy(s->arena, object->etag);
	w->since_ms = now_ms(s);
	arena_init(&scratch);
	s->remote.note(s->remote.context,
		       str_format(&scratch,
				  "the lease is held by %.*s; looking whether it lives, "
				  "for %d s at most",
				  STR_ARG(lease_text(&scratch, holder)),
				  LEASE_BEATS * LEASE_BEAT_MS / 1000));
	arena_release(&scratch);
}

/* One look: true when it is over, for better or worse. */
static bool try_take(struct bucket *s, struct arena *a, struct watch *w, bool *good,
		     struct error *err)
{
	struct bucket_object object;
	struct lease holder;
	bool dead;

	*good = false;
	if (!read_lease(s, a, &object, &holder, err))
		return true;
	dead = w->etag.length && str_equal(w->etag, object.etag) &&
	       now_ms(s) - w->since_ms >= LEASE_BEATS * LEASE_BEAT_MS;
	if (holder.held && !dead) {
		if (w->etag.length && !str_equal(w->etag, object.etag)) {
			refuse(s, &holder, err);
			return true;
		}
		if (!w->etag.length)
			watch_begin(s, w, &object, &holder);
		return !s->remote.pause(s->remote.context, WATCH_MS, err);
	}
	switch (take(s, object.etag, holder.epoch, err)) {
	case BUCKET_PUT:
		s->taken_over = dead;
		*good = true;
		return true;
	case BUCKET_PUT_FAILED:
		return true;
	case BUCKET_PUT_OTHER:
		break;
	}
	/* Somebody was faster: whether they live is seen from here on. */
	*w = (struct watch){ 0 };
	return false;
}

bool bucket_lock(void *context, const struct lease_owner *who, const struct clock *clock,
		 struct error *err)
{
	struct bucket *s = context;
	struct watch w = { 0 };
	bool good = false, over = false;

	CHECK(!s->read_only);
	if (s->locked)
		return true;
	s->clock = clock;
	s->lease = lease_begin(s->arena, who, clock, 0);
	s->lease.token = new_token(s);
	s->lost = (struct error){ 0 };
	for (int i = 0; !over && i < TAKE_TRIES; i++) {
		struct arena scratch;

		arena_init(&scratch);
		over = try_take(s, &scratch, &w, &good, err);
		arena_release(&scratch);
	}
	return over ? good : error_set(err, ERROR_REFUSED, "others take the lease all the time");
}

/* ---- letting go ---- */

static void let_go(struct bucket *s)
{
	struct arena scratch;
	struct error ignored;
	struct str etag;

	arena_init(&scratch);
	s->lease.held = false;
	if (bucket_put(s, lease_key(s, &scratch), lease_encode(&scratch, &s->lease), s->lease_etag,
		       &etag, NULL, &ignored) != BUCKET_PUT)
		trace(TRACE_JOURNAL, "the lease could not be let go: %s", ignored.text);
	arena_release(&scratch);
	s->locked = false;
}

void bucket_unlock(void *context)
{
	struct bucket *s = context;

	if (!s->locked)
		return;
	if (s->remote.wait(s->remote.context, &s->beat.busy, NULL) && s->lost.kind == ERROR_NONE)
		let_go(s);
	s->locked = false;
}

bool bucket_revoke(void *context, const struct lease_owner *who, const struct clock *clock,
		   struct error *err)
{
	struct bucket *s = context;
	struct error damaged = { 0 };
	struct bucket_object object;
	struct lease holder;
	struct state state;

	CHECK(!s->read_only && !s->locked);
	if (!read_lease(s, s->arena, &object, &holder, &damaged) && damaged.kind != ERROR_CORRUPT)
		return error_set(err, damaged.kind, "%s", damaged.text);
	if (!object.found)
		return true;
	s->clock = clock;
	s->lease = lease_begin(s->arena, who, clock, 0);
	s->lease.token = new_token(s);
	switch (take(s, object.etag, holder.epoch, err)) {
	case BUCKET_PUT:
		break;
	case BUCKET_PUT_OTHER:
		return error_set(err, ERROR_REFUSED,
				 "the lease moved meanwhile: its holder lives, "
				 "or another took it; look at 'effc lock status'");
	case BUCKET_PUT_FAILED:
		return false;
	}
	/* The state is put anew, so that the holder's last write fails; a damaged one cannot be. */
	s->taken_over = true;
	if (!bucket_load(s, s->arena, &state, &damaged))
		s->remote.note(s->remote.context, str_from_c(damaged.text));
	bucket_unlock(s);
	return true;
}

/* ---- keeping ---- */

static void beat_ended(struct bucket *s, bool kept, struct str etag)
{
	struct beat *b = &s->beat;

	b->busy = false;
	s->beat_at_ms = now_ms(s) + BEAT_AGAIN_MS;
	if (!kept)
		return;
	s->lease_etag = str_copy(s->arena, etag);
	s->sent_ms = b->first_sent_ms;
	s->beat_at_ms = b->first_sent_ms + LEASE_BEAT_MS;
}

/* Refused: by what a lost try of ours put there, or by what somebody else did. */
static void beat_asked(struct remote_call *c, const struct reply *reply)
{
	struct bucket *s = c->context;
	struct str text = value_get_str(&reply->body, "Body");
	struct lease there = { 0 };

	if (reply->class == REPLY_OK && lease_decode(&s->beat.arena, text, &there) && there.held &&
	    there.epoch == s->lease.epoch && str_equal(there.token, s->lease.token)) {
		beat_ended(s, true, value_get_str(&reply->body, "ETag"));
		return;
	}
	if (reply->class == REPLY_OK || bucket_is_other(reply))
		lost_to(s, &there);
	beat_ended(s, false, (struct str){ 0 });
}

static void beat_done(struct remote_call *c, const struct reply *reply)
{
	struct bucket *s = c->context;
	struct beat *b = &s->beat;

	b->first_sent_ms = c->first_sent_ms;
	if (reply->class == REPLY_OK) {
		beat_ended(s, true, value_get_str(&reply->body, "ETag"));
		return;
	}
	if (!bucket_is_other(reply)) {
		trace(TRACE_JOURNAL, "a heartbeat failed: %ld %.*s", reply->status,
		      STR_ARG(reply->code));
		beat_ended(s, false, (struct str){ 0 });
		return;
	}
	*c = (struct remote_call){
		.call = bucket_call(s, OBJECT_GET,
				    bucket_input(s, &b->arena, lease_key(s, &b->arena))),
		.context = s,
		.done = beat_asked,
	};
	s->remote.send(s->remote.context, c);
}

static void beat_send(struct bucket *s)
{
	struct beat *b = &s->beat;
	struct value input;

	arena_release(&b->arena);
	arena_init(&b->arena);
	b->busy = true;
	s->lease.beat++;
	s->lease.beat_s = s->clock->wall_ms(s->clock->context) / 1000;
	input = bucket_put_input(s, &b->arena, lease_key(s, &b->arena),
				 lease_encode(&b->arena, &s->lease), s->lease_etag);
	b->call = (struct remote_call){
		.call = bucket_call(s, OBJECT_PUT, input),
		.context = s,
		.done = beat_done,
	};
	s->remote.send(s->remote.context, &b->call);
}

void bucket_beat(struct bucket *s)
{
	if (s->locked && !s->beat.busy && s->lost.kind == ERROR_NONE && now_ms(s) >= s->beat_at_ms)
		beat_send(s);
}

bool bucket_holds(void *context, struct error *err)
{
	struct bucket *s = context;

	for (int i = 0; s->lost.kind == ERROR_NONE && now_ms(s) - s->sent_ms >= LEASE_SURE_MS;
	     i++) {
		if (i == 2)
			return error_set(err, ERROR_NETWORK,
					 "the lease of the state in '%.*s' could not be "
					 "renewed for %lld s, so another run may take it over: "
					 "nothing more is changed",
					 STR_ARG(s->title),
					 (long long)(now_ms(s) - s->sent_ms) / 1000);
		if (!s->beat.busy)
			beat_send(s);
		if (!s->remote.wait(s->remote.context, &s->beat.busy, err))
			return false;
	}
	return s->lost.kind == ERROR_NONE || error_set(err, s->lost.kind, "%s", s->lost.text);
}
