#ifndef EFFC_STORE_REMOTE_H
#define EFFC_STORE_REMOTE_H

#include "executor/aws/aws.h"
#include "store.h"

/*
 * How a store that lives elsewhere speaks: its calls are signed, retried and received by
 * whoever runs the loop, beside the work of the loop and also after an interrupt, for what
 * is known must be recorded.
 */
struct remote_call {
	struct call call;		/* what it borrows lives until it is done */
	void *context;
	/*
	 * Told once.  OK, ERROR, or LOST: given up after all tries; it may have acted then,
	 * and an ERROR may be that of a second try whose first acted.  The reply lives until
	 * this returns.
	 */
	void (*done)(struct remote_call *c, const struct reply *reply);
	int64_t first_sent_ms;		/* monotonic; not before this it can have acted */
};

struct remote {
	void *context;
	void (*send)(void *context, struct remote_call *c);
	/* Its done is never told. */
	void (*cancel)(void *context, struct remote_call *c);
	/* Works off what was sent while *busy.  False: interrupted for good. */
	bool (*wait)(void *context, const bool *busy, struct error *err);
	/* Lets time pass.  False: interrupted. */
	bool (*pause)(void *context, int64_t wait_ms, struct error *err);
	/* For the person who waits. */
	void (*note)(void *context, struct str text);
};

/* One call, waited for: true if it was answered.  What the reply says lives in a. */
bool remote_exchange(const struct remote *remote, struct arena *a, const struct call *call,
		     struct reply *out, int64_t *sent_ms, struct error *err) ATTR_CHECKED;

/* The same for several at once; replies has one for each.  False: of none is anything known. */
bool remote_exchange_all(const struct remote *remote, struct arena *a, const struct call *calls,
			 size_t count, struct reply *replies, struct error *err) ATTR_CHECKED;

/* A folder of a bucket. */
struct bucket_place {
	struct str bucket;
	struct str folder;		/* "prefix/shop/prod/": of one stage of one project */
	struct scope scope;		/* of the bucket */
	struct str owner;		/* account that the bucket must belong to; empty: any */
	struct str kms_key;		/* empty: as the bucket encrypts by itself */
};

/*
 * The state as objects, each written on a condition (executor/store/bucket.h says how).
 * read_only: takes no lease and writes nothing.
 */
struct store *store_bucket(struct arena *a, const struct remote *remote,
			   const struct bucket_place *place, const struct clock *clock,
			   const struct random *random, bool read_only);

#endif
