#ifndef EFFC_TESTS_FAKE_S3_H
#define EFFC_TESTS_FAKE_S3_H

#include "executor/session.h"
#include "unit.h"

/*
 * One bucket in memory, in virtual time, with S3's conditions on writes.  Each run has its
 * own door to it; what is done to a run (a lost reply, its death) is done at its door, by
 * counting its requests.
 */
enum bucket_fault {
	BUCKET_FAULT_NONE,
	BUCKET_LOSE_BEFORE,		/* no reply, not done */
	BUCKET_LOSE_AFTER,		/* done, no reply */
	BUCKET_UNAVAILABLE,		/* 503, not done */
	BUCKET_FAIL_AFTER,		/* done, and answered with 500 */
	BUCKET_CONFLICT,		/* a write: 409, not done */
	BUCKET_DIE_BEFORE,		/* from here on no request arrives */
	BUCKET_DIE_AFTER,
	BUCKET_FAULTS
};

struct fake_s3 {
	struct arena arena;
	const struct clock *clock;
	struct fake_object *objects;
	uint64_t etag;			/* grows with every write */
	unsigned puts;
};

struct fake_door {
	struct transport transport;
	struct fake_s3 *s3;
	struct fake_exchange *flying;
	uint64_t ticket;
	unsigned requests;
	unsigned fault_at;		/* from 1; 0: never */
	enum bucket_fault fault;
	bool dead;
	/* Before and after request hook_at is done: others work meanwhile. */
	unsigned hook_at;
	bool hook_after;
	void (*hook)(void *context);
	void *hook_context;
};

/* A run of the program, as far as a store needs one. */
struct fake_run {
	struct arena arena;
	struct fake_door door;
	struct session session;
	struct aws_environment environment;
	volatile int interrupted;
};

struct fake_s3 *fake_s3_new(int64_t wall_ms);
void fake_s3_free(struct fake_s3 *f);
/* NULL: there is none. */
struct fake_object *fake_s3_find(struct fake_s3 *f, struct str key);
struct str fake_s3_text(struct fake_s3 *f, const char *key); /* empty: none */
void fake_s3_set(struct fake_s3 *f, const char *key, struct str text);
/* As if its holder had written it again. */
void fake_s3_touch(struct fake_s3 *f, const char *key);
unsigned fake_s3_count(struct fake_s3 *f, const char *prefix);

void fake_run_open(struct fake_run *r, struct fake_s3 *f);
void fake_run_close(struct fake_run *r);
/* "s3://bucket/x" of shop/dev. */
struct store *fake_run_store(struct fake_run *r, bool read_only);
#define FAKE_FOLDER "x/shop/dev/"

#endif
