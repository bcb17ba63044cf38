#include "base/hash.h"
#include "base/trace.h"
#include "bucket.h"

/* What cannot be written is a failure for good: reopening tells what is there. */
static bool fail(struct bucket *s, struct error *err)
{
	trace(TRACE_JOURNAL, "commit failed: %s", s->failure.text);
	return error_set(err, s->failure.kind, "%s", s->failure.text);
}

static bool check(struct bucket *s, struct error *err)
{
	if (s->failure.kind != ERROR_NONE)
		return error_set(err, s->failure.kind, "%s", s->failure.text);
	return bucket_holds(s, err);
}

static void lines_clear(struct bucket *s)
{
	arena_release(&s->lines_arena);
	arena_init(&s->lines_arena);
	s->lines = (struct lines_vec){ 0 };
}

static struct document_note note_now(struct bucket *s, struct arena *a)
{
	return (struct document_note){
		.wall_ms = s->clock->wall_ms(s->clock->context),
		.who = lease_text(a, &s->lease),
		.command = s->lease.owner.command,
	};
}

static bool moved(struct bucket *s, struct error *err)
{
	return error_set(err, ERROR_REFUSED,
			 "the state in '%.*s' was written by another run meanwhile: what this "
			 "run knows is not written over it",
			 STR_ARG(s->title));
}

static bool put_state(struct bucket *s, struct error *err)
{
	struct arena scratch;
	struct document_note note;
	enum bucket_put result;
	struct str etag;

	arena_init(&scratch);
	note = note_now(s, &scratch);
	result = bucket_put(s, bucket_key(s, &scratch, "state.json"),
			    document_write(&scratch, &s->now, &note), s->state_etag, &etag, NULL,
			    err);
	arena_release(&scratch);
	if (result == BUCKET_PUT)
		s->state_etag = etag;
	return result == BUCKET_PUT || (result == BUCKET_PUT_OTHER && moved(s, err));
}

bool bucket_commit(struct bucket *s, struct error *err)
{
	if (!check(s, err))
		return false;
	s->now.serial++;
	if (!put_state(s, &s->failure))
		return fail(s, err);
	lines_clear(s);
	return true;
}

bool bucket_create(void *context, struct str project, struct str stage, struct str lineage,
		   struct error *err)
{
	struct bucket *s = context;

	CHECK(!s->read_only && s->locked);
	if (s->state_etag.length)
		return error_set(err, ERROR_REFUSED, "the state exists already");
	s->now = (struct state){
		.project = str_copy(&s->state_arena, project),
		.stage = str_copy(&s->state_arena, stage),
		.lineage = str_copy(&s->state_arena, lineage),
		.outputs = value_map(),
	};
	return bucket_commit(s, err);
}

/* True if it must be durable before anything is sent for it: it was open till now. */
static bool note_open(struct bucket *s, const struct store_write *w)
{
	struct str address;
	bool was_open;

	if (!w->put)
		return false;
	address = address_text(s->arena, &w->put->address);
	was_open = s->applying && map_get(&s->open, address);
	if (was_open || w->open)
		*map_put(s->arena, &s->open, address) = w->open ? s : NULL;
	return was_open;
}

uint64_t bucket_submit(void *context, const struct store_write *writes, size_t count)
{
	struct bucket *s = context;

	bool must = !s->applying;

	CHECK(!s->read_only && s->locked);
	for (size_t i = 0; i < count; i++) {
		struct str line = write_line(&s->lines_arena, &writes[i]);

		must = note_open(s, &writes[i]) || must;
		*vec_push(&s->lines_arena, &s->lines) = line;
		/* What was just written reads back. */
		if (!write_apply(&s->state_arena, line, false, &s->now, &s->failure))
			trace(TRACE_JOURNAL, "a write is malformed: %s", s->failure.text);
	}
	return must ? ++s->submitted : s->durable;
}

/*
 * Of an apply, the manifest holds everything that is needed to find out the rest: what is
 * known besides goes up beside the work and is not waited for.  What was not all known when
 * the manifest was made goes up at once.
 */
bool bucket_poll(void *context, uint64_t *durable, struct error *err)
{
	struct bucket *s = context;

	if (s->failure.kind != ERROR_NONE)
		return error_set(err, s->failure.kind, "%s", s->failure.text);
	if (!s->applying && s->lines.count && !bucket_commit(s, err))
		return false;
	if (!s->applying)
		s->durable = s->submitted;
	*durable = s->durable;
	return true;
}

/* ---- an apply ---- */

/* What stands in the way is done with, or is another's who took the lease. */
static bool put_over(struct bucket *s, struct str key, struct str text, struct error *err)
{
	struct bucket_object there;
	struct batch other;

	if (!bucket_get(s, &s->lines_arena, key, &there, err) || !check(s, err))
		return false;
	if (!there.found || !batch_read(&s->lines_arena, there.text, key, &other, err) ||
	    (other.base >= s->now.serial && str_equal(other.lineage, s->now.lineage)))
		return moved(s, err);
	return bucket_put(s, key, text, there.etag, &s->manifest_etag, NULL, err) == BUCKET_PUT ||
	       moved(s, err);
}

static bool put_manifest(struct bucket *s, struct error *err)
{
	struct arena *a = &s->lines_arena;
	struct str key = bucket_key(s, a, "manifest.json"), text;
	struct batch b = {
		.lineage = s->now.lineage,
		.base = s->now.serial,
		.run = s->run,
		.writes = { s->lines.items, s->lines.count },
	};

	text = batch_text(a, &b);
	s->after = str_copy(s->arena, b.digest);
	switch (bucket_put(s, key, text, (struct str){ 0 }, &s->manifest_etag, NULL, err)) {
	case BUCKET_PUT:
		return true;
	case BUCKET_PUT_OTHER:
		return put_over(s, key, text, err);
	case BUCKET_PUT_FAILED:
		break;
	}
	return false;
}

bool bucket_begin(void *context, struct error *err)
{
	struct bucket *s = context;
	uint8_t bytes[16];

	if (!check(s, err))
		return false;
	if (!s->lines.count || s->applying)
		return true;
	s->random->bytes(s->random->context, bytes, sizeof(bytes));
	s->run = hex_encode(s->arena, bytes, sizeof(bytes));
	if (!put_manifest(s, &s->failure))
		return fail(s, err);
	lines_clear(s);
	s->durable = s->submitted;
	s->applying = true;
	s->segments = 0;
	s->uploaded_ms = s->clock->now_ms(s->clock->context);
	return true;
}

/* ---- segments ---- */

static void segment_done(struct remote_call *c, const struct reply *reply)
{
	struct bucket *s = c->context;
	struct upload *u = &s->upload;

	u->busy = false;
	s->uploaded_ms = s->clock->now_ms(s->clock->context);
	/* Its name is this run's alone: what is there was put by an earlier try. */
	u->failed = reply->class != REPLY_OK && reply->status != 412;
	if (u->failed) {
		trace(TRACE_JOURNAL, "a segment was not uploaded: %ld %.*s", reply->status,
		      STR_ARG(reply->code));
		return;
	}
	s->segments++;
	s->after = str_copy(s->arena, u->digest);
	s->durable = u->ticket;
}

static void segment_send(struct bucket *s)
{
	struct upload *u = &s->upload;
	struct str key = bucket_segment_key(s, &u->arena, s->run, s->segments + 1);

	u->busy = true;
	u->call = (struct remote_call){
		.call = bucket_call(
			s, OBJECT_PUT,
			bucket_put_input(s, &u->arena, key, u->text, (struct str){ 0 })),
		.context = s,
		.done = segment_done,
	};
	s->remote.send(s->remote.context, &u->call);
}

static void segment_make(struct bucket *s)
{
	struct upload *u = &s->upload;
	struct batch b = {
		.lineage = s->now.lineage,
		.base = s->now.serial,
		.run = s->run,
		.number = s->segments + 1,
		.after = s->after,
		.writes = { s->lines.items, s->lines.count },
	};

	arena_release(&u->arena);
	arena_init(&u->arena);
	u->text = batch_text(&u->arena, &b);
	u->digest = b.digest;
	u->ticket = s->submitted;
	lines_clear(s);
}

/* When the next one is due; INT64_MAX: there is nothing to upload. */
static int64_t segment_at_ms(const struct bucket *s)
{
	if (!s->applying || s->upload.busy || (!s->lines.count && !s->upload.failed))
		return INT64_MAX;
	/* Of one that slept, it may be too late: first it renews its lease. */
	if (s->clock->now_ms(s->clock->context) - s->sent_ms >= LEASE_SURE_MS)
		return INT64_MAX;
	if (!s->upload.failed &&
	    (s->lines.count >= SEGMENT_WRITES || s->durable < s->submitted))
		return 0;
	return s->uploaded_ms + SEGMENT_MS;
}

bool bucket_tend(void *context, int64_t *wake_ms, struct error *err)
{
	struct bucket *s = context;
	int64_t segment_ms;

	*wake_ms = INT64_MAX;
	if (!s->locked)
		return true;
	bucket_beat(s);
	if (s->lost.kind != ERROR_NONE)
		return error_set(err, s->lost.kind, "%s", s->lost.text);
	segment_ms = segment_at_ms(s);
	if (segment_ms <= s->clock->now_ms(s->clock->context)) {
		if (!s->upload.failed)
			segment_make(s);
		s->upload.failed = false;
		segment_send(s);
		segment_ms = INT64_MAX;
	}
	if (!s->beat.busy)
		*wake_ms = s->beat_at_ms;
	if (segment_ms < *wake_ms)
		*wake_ms = segment_ms;
	return true;
}

/* ---- the end of an apply ---- */

void bucket_clear(struct bucket *s, struct str run, uint64_t segments, struct str manifest_etag)
{
	struct arena scratch;
	struct str *keys;

	arena_init(&scratch);
	keys = arena_array(&scratch, struct str, segments + 1);
	keys[0] = bucket_key(s, &scratch, "manifest.json");
	for (uint64_t n = 1; n <= segments; n++)
		keys[n] = bucket_segment_key(s, &scratch, run, n);
	bucket_delete_all(s, keys, segments + 1, manifest_etag);
	arena_release(&scratch);
}

bool bucket_finish(void *context, struct error *err)
{
	struct bucket *s = context;
	uint64_t durable;

	if (!s->applying)
		return bucket_poll(s, &durable, err);
	/* An upload that is under way would come after its deletion. */
	if (!s->remote.wait(s->remote.context, &s->upload.busy, err) || !bucket_commit(s, err))
		return false;
	s->applying = false;
	s->durable = s->submitted;
	s->open = (struct map){ 0 };
	bucket_clear(s, s->run, s->segments, s->manifest_etag);
	return true;
}
