#ifndef EFFC_STORE_BUCKET_H
#define EFFC_STORE_BUCKET_H

#include "batch.h"
#include "lease.h"
#include "remote.h"

/*
 * Inside of the store in S3.  Objects in the folder of the stage:
 *
 *	lease.json		who may write; each heartbeat and each holder puts it anew
 *	state.json		a whole state (document.h), put on the condition that it is the
 *				one that was read
 *	manifest.json		while an apply is under way: all that it is going to do
 *	journal/RUN/N.json	what came of it since, a segment every two seconds; never changed
 *	history/ID.json		a state a run
 *
 * A state's etag fences: whoever takes over the lease of a holder that may live puts the
 * state anew, so that the other's condition holds no more.  The manifest names the serial
 * that it continues; with any other state it counts for nothing.  So whatever is left of a
 * run that died is the state, the manifest and its segments, read one behind the other.
 */
#define BUCKET_OBJECT_LIMIT_BYTES DOCUMENT_LIMIT_BYTES
/* How long its holder trusts a lease: the third beat is for what is on its way. */
#define LEASE_SURE_MS ((LEASE_BEATS - 1) * LEASE_BEAT_MS)
#define SEGMENT_WRITES 64
#define SEGMENT_MS 2000
#define SEGMENTS_AT_ONCE 8
#define WATCH_MS 2000 /* between looks at another's lease */

/* An object that was read. */
struct bucket_object {
	bool found;
	struct str text, etag;
};

struct upload {
	struct remote_call call;
	struct arena arena;
	bool busy, failed;
	struct str text, digest;
	uint64_t ticket;		/* of all that is in it */
};

struct beat {
	struct remote_call call;
	struct arena arena;
	bool busy;
	bool asking;			/* what stands there, after a refusal */
	int64_t first_sent_ms;		/* of this heartbeat's first try */
};

struct bucket {
	struct store store;
	struct arena *arena;
	struct remote remote;
	struct bucket_place place;
	struct str title;		/* "s3://bucket/prefix/shop/prod" */
	const struct clock *clock;
	const struct random *random;
	bool read_only;

	/* The lease, while it is held. */
	bool locked;
	bool taken_over;		/* from a holder that may live */
	struct lease lease;
	struct str lease_etag;
	int64_t sent_ms;		/* nobody takes it over before three beats from here */
	int64_t beat_at_ms;
	struct beat beat;
	struct error lost;

	/* The state as of everything submitted. */
	struct arena state_arena;
	struct state now;
	struct str state_etag;		/* empty: there is no object */
	struct error failure;		/* nothing more is written */

	/* What is submitted and not written. */
	struct arena lines_arena;
	struct lines_vec VEC_OF(struct str) lines;
	uint64_t submitted, durable;	/* tickets of what is waited for */
	struct map open;		/* addresses of intents that are not all known yet */

	/* The apply under way. */
	bool applying;
	struct str manifest_etag;
	struct str run, after;		/* its token; the digest of the last batch */
	uint64_t segments;		/* that were uploaded */
	int64_t uploaded_ms;
	struct upload upload;
};

/* ---- bucket_call.c ---- */

struct str bucket_key(struct bucket *s, struct arena *a, const char *name);
struct str bucket_title(struct arena *a, const struct bucket_place *place);
bool bucket_get(struct bucket *s, struct arena *a, struct str key, struct bucket_object *out,
		struct error *err) ATTR_CHECKED;
enum bucket_put {
	BUCKET_PUT,			/* it is there now, whichever try put it */
	BUCKET_PUT_OTHER,		/* the condition does not hold: somebody else was there */
	BUCKET_PUT_FAILED,		/* err; nothing is known */
};
/* etag: the object that it replaces; empty: there must be none. */
enum bucket_put bucket_put(struct bucket *s, struct str key, struct str text, struct str etag,
			   struct str *new_etag, int64_t *sent_ms, struct error *err);
bool bucket_get_all(struct bucket *s, struct arena *a, const struct str *keys, size_t count,
		    struct bucket_object *out, struct error *err) ATTR_CHECKED;
/* Tried, and no matter if it fails: what is removed counts for nothing already. */
void bucket_delete(struct bucket *s, struct str key, struct str etag);
/* etag: of the first. */
void bucket_delete_all(struct bucket *s, const struct str *keys, size_t count, struct str etag);
struct value bucket_put_input(struct bucket *s, struct arena *a, struct str key, struct str text,
			      struct str etag);
struct value bucket_input(struct bucket *s, struct arena *a, struct str key);
enum object_call { OBJECT_GET, OBJECT_PUT, OBJECT_DELETE, OBJECTS_LIST };
struct call bucket_call(struct bucket *s, enum object_call kind, struct value input);
bool bucket_exchange(struct bucket *s, struct arena *a, const struct call *call, struct reply *out,
		     int64_t *sent_ms, struct error *err) ATTR_CHECKED;
bool bucket_refused(struct bucket *s, const struct call *call, const struct reply *reply,
		    struct error *err);
/* Another object stands where ours was to be put, or none does. */
bool bucket_is_other(const struct reply *reply);

/* ---- bucket_lease.c ---- */

bool bucket_lock(void *context, const struct lease_owner *who, const struct clock *clock,
		 struct error *err);
void bucket_unlock(void *context);
bool bucket_holder(void *context, struct arena *a, struct lease *out, struct error *err);
bool bucket_revoke(void *context, const struct lease_owner *who, const struct clock *clock,
		   struct error *err);
bool bucket_holds(void *context, struct error *err);
void bucket_beat(struct bucket *s); /* if one is due */

/* ---- bucket_load.c ---- */

bool bucket_load(void *context, struct arena *a, struct state *out, struct error *err);
struct str bucket_segment_key(struct bucket *s, struct arena *a, struct str run, uint64_t number);

/* ---- bucket_commit.c ---- */

bool bucket_create(void *context, struct str project, struct str stage, struct str lineage,
		   struct error *err);
uint64_t bucket_submit(void *context, const struct store_write *writes, size_t count);
bool bucket_poll(void *context, uint64_t *durable, struct error *err);
bool bucket_begin(void *context, struct error *err);
bool bucket_finish(void *context, struct error *err);
bool bucket_tend(void *context, int64_t *wake_ms, struct error *err);
/* The state as it is now, with the next serial. */
bool bucket_commit(struct bucket *s, struct error *err) ATTR_CHECKED;
/* The manifest and its segments, after a state was put that has them. */
void bucket_clear(struct bucket *s, struct str run, uint64_t segments, struct str manifest_etag);

/* ---- bucket_history.c ---- */

bool bucket_keep(void *context, const struct state *state, const struct document_note *note,
		 struct error *err);
bool bucket_history(void *context, struct arena *a, struct version_vec *out, struct error *err);
bool bucket_load_version(void *context, struct arena *a, struct str id, bool head,
			 struct state_document *out, struct error *err);
bool bucket_restore(void *context, const struct state *state, struct error *err);

#endif
