#ifndef EFFC_EXECUTOR_LOOP_H
#define EFFC_EXECUTOR_LOOP_H

#include "executor/driver/op.h"
#include "session.h"

/*
 * The loop: one thread that drives many jobs.  A job is a pull state machine:
 * it is asked for its next step, and the loop alone sends, waits, retries,
 * limits rates, refreshes credentials and watches for an interrupt.
 *
 *	loop_add(loop, &job);		any number, also from within `ended`
 *	loop_run(loop, &err);		until none is left
 *
 * Jobs that could go on are taken by longest remaining path, ties by label.
 * At most session->parallel requests are in flight; a job that waits for a
 * timer, a rate or a lock holds no place.  Whoever is most urgent has the next
 * token of a rate and the next turn at a lock.
 */
struct job {
	/* ---- set by whoever adds it ---- */
	struct str label;		/* address */
	int64_t weight_ms;
	/* Those with the same text go one at a time, from the first request on; empty: none. */
	struct str lock;
	const struct node *node;	/* for events; NULL outside apply */
	enum action_kind action;
	struct str verb;
	void *context;
	/*
	 * A WAIT of less than 0 ms lasts until loop_wake().
	 *
	 * last: the reply to the last SEND, NULL after a WAIT and at the start.
	 * What it makes for the job alone lives in job->arena.
	 */
	struct step (*next)(struct job *job, const struct reply *last, int64_t now_ms);
	/* Before the first mutating call: submits what must be durable; a ticket. NULL: nothing. */
	uint64_t (*record)(struct job *job);
	/*
	 * After DONE or FAIL, or when it was dropped (interrupt, store failure).
	 * job->failure is set if the loop ended it: the request could not be made.
	 */
	void (*ended)(struct job *job, bool dropped);

	/* ---- set by next ---- */
	/*
	 * Whether the mutating call of this step may be sent again when its reply
	 * was lost.  If not, next gets the reply of class REPLY_LOST.
	 */
	bool once;

	/* ---- for ended ---- */
	struct arena arena;		/* released after ended */
	bool opened;			/* next was called */
	bool acted;			/* a mutating request went out */
	struct error failure;

	/* ---- the loop's ---- */
	struct step step;		/* the SEND under way */
	bool locked, recorded, sending, token, refreshed, ended_already, parked;
	size_t place;			/* among the parked */
	const char *stands;		/* what it waits for, since: */
	int64_t stands_since_ms;
	unsigned tries;
	int64_t backoff_ms, wake_ms;
	uint64_t ticket, sequence;
	uint64_t record_ticket;
	struct str method, url;		/* of the last request, for traces */
	unsigned credential_number;	/* that it was signed with */
	int64_t skew_s;
	struct bucket *bucket;
	struct str last_note;
};

enum loop_end {
	LOOP_DONE,
	LOOP_INTERRUPTED,
	LOOP_STOPPED,			/* the store failed; err says how */
};

/*
 * Called between steps, for what is done for many jobs at once: true if it added
 * or woke some.  idle: nothing goes on without it.
 */
struct loop_between {
	void *context;
	bool (*call)(void *context, int64_t now_ms, bool idle);
};
void loop_set_between(struct loop *loop, struct loop_between between);

struct loop *loop_new(struct session *s);
void loop_add(struct loop *loop, struct job *job);
/* Something was submitted to the store, which nobody waits for. */
void loop_unsaved(struct loop *loop);
/* What others need the job's lock for is done, before its end. */
void loop_unlock(struct loop *loop, struct job *job);
/* Ends the WAIT without a time of a job, which others know the end of. */
void loop_wake(struct loop *loop, struct job *job);
/* Returns when no job is left.  Every job that was added has been told that it ended. */
enum loop_end loop_run(struct loop *loop, struct error *err);

/* One exchange outside of any job, waited for; what else comes in is kept for the loop. */
bool loop_exchange(struct loop *loop, struct arena *a, const struct http_request *request,
		   struct http_response *out) ATTR_CHECKED;

/* ---- session.c ---- */

/* Credentials, from the source that the environment names; at start and when they expired. */
bool session_credentials(struct session *s, struct credentials *out,
			 struct error *err) ATTR_CHECKED;

int64_t session_now_ms(const struct session *s);
int64_t session_wall_s(const struct session *s);
int session_interrupted(const struct session *s);
/* Emits an event about a job. */
void job_event(struct session *s, const struct job *job, enum event_kind kind, struct str text);

#endif
