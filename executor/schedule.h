#ifndef EFFC_EXECUTOR_SCHEDULE_H
#define EFFC_EXECUTOR_SCHEDULE_H

#include "loop.h"
#include "ratelimit.h"

/* Inside of the loop: where jobs stand while they are not in flight. */
bool job_is_urgent(const struct job *a, const struct job *b);	/* longest path, then label */
bool job_is_earlier(const struct job *a, const struct job *b);	/* by wake_ms, then sequence */

struct job_vec VEC_OF(struct job *);

struct loop {
	struct session *session;
	struct arena *arena;
	struct heap fresh;		/* not opened yet */
	struct heap ready;		/* opened, could go on now */
	struct heap timers;
	struct job_vec recording;	/* wait for their ticket of the store */
	struct job_vec flying;
	struct job_vec parked;		/* wait for loop_wake() */
	struct bucket_vec VEC_OF(struct bucket *) dry;	/* that jobs wait for a token of */
	size_t open_count, parallel;
	uint64_t sequence;
	struct map locks;		/* text -> struct lock */
	struct ratelimit limits;
	struct credentials credentials;
	unsigned credential_number;	/* grows with each refresh; 0: none yet */
	struct transport_done_vec VEC_OF(struct transport_done) stash;
	struct error lost;		/* the lease of the store: nothing more is changed */
	int64_t tend_at_ms;		/* when the store wants to be tended at the latest */
	struct errand *errands;		/* calls of the store that are under way (errand.h) */
	struct errand *idle_errands;	/* to be used again */
	struct loop_between between;
	bool unsaved;			/* submitted to the store since the last poll, at: */
	int64_t unsaved_ms;
};

/* True if the job has its lock; else it waits for it. */
bool lock_take(struct loop *loop, struct job *job);
/* Gives it to the most urgent that waits, who becomes ready. */
void lock_give(struct loop *loop, struct job *job);

/* True if the job has a token of its bucket; else it waits for one. */
bool token_take(struct loop *loop, struct job *job);
/* Gives what tokens there are to the most urgent that wait, who become ready. */
void tokens_give(struct loop *loop, int64_t now_ms);
/* When there is a token for one that waits; INT64_MAX: nobody waits. */
int64_t tokens_at_ms(const struct loop *loop);

/* It waits from now on, for timelines. */
void job_stands(struct loop *loop, struct job *job, const char *why);
/* It goes on. */
void job_moves(struct loop *loop, struct job *job);
void loop_ready(struct loop *loop, struct job *job);
void loop_park(struct loop *loop, struct job *job, bool noted);
void loop_wake_at(struct loop *loop, struct job *job, int64_t wait_ms);
void loop_note(struct loop *loop, struct job *job, struct str text);

/* ---- send.c ---- */

/* How long until the next try, after so many; most_ms: at most that, and a tenth. */
int64_t loop_backoff_ms(struct loop *loop, enum reply_class class, unsigned tries, int64_t most_ms);
/* Fetches them anew.  False where that fails: the old ones stay. */
bool loop_renew_credentials(struct loop *loop, struct error *err);

/* Sends the job's step, or puts the job where it waits for what this needs, or ends it. */
void send_step(struct loop *loop, struct job *job);
/* A reply came: true if the job is to have it, *reply then; false if it is being sent again. */
bool receive(struct loop *loop, struct job *job, const struct http_response *response,
	     struct reply *reply);

/* ---- tend.c ---- */

/* Keeps the store's lease, in every turn.  False: it is lost. */
bool loop_tend(struct loop *loop, struct error *err);
/* Before a mutating call goes out: whether the lease is surely held. */
bool loop_may_change(struct loop *loop);
/* No longer than until the store wants to be tended. */
int64_t loop_patience(const struct loop *loop, int64_t wait_ms);

/* ---- loop.c ---- */

void loop_step(struct loop *loop, struct job *job, const struct reply *last);
void loop_end_job(struct loop *loop, struct job *job, bool dropped);

#endif
