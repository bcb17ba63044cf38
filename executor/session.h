#ifndef EFFC_EXECUTOR_SESSION_H
#define EFFC_EXECUTOR_SESSION_H

#include "base/clock.h"
#include "executor/aws/aws.h"
#include "executor/net/transport.h"
#include "executor/store/remote.h"
#include "planner/plan.h"

/*
 * The doors that the executor works through, brought by cli/ or a test: the
 * network, time, chance, the store, packed code, and a sink for events.  One
 * session serves recovery, observation and apply of one run, so credentials,
 * connections and rate limits are shared.
 */
enum event_kind {
	EVENT_STARTED,			/* a node begins */
	EVENT_NOTE,			/* it waits or retries; text says for what */
	EVENT_DONE,
	EVENT_FAILED,			/* text: the whole error */
	EVENT_SKIPPED,			/* not started: something it needs failed, or interrupted */
	EVENT_OPEN,			/* left unfinished; the journal has it */
	EVENT_PROGRESS,			/* observation: done of total */
	EVENT_USABLE,			/* it is made, and what stands on it goes on */
	/* ---- for a sink that is detailed ---- */
	EVENT_CALL,			/* a reply came; text: service and operation, and: */
	EVENT_WAITED,			/* a wait ended; text: for what */
};
struct event {
	enum event_kind kind;
	const struct node *node;	/* NULL outside apply */
	struct str address;
	enum action_kind action;
	struct str verb;		/* "create", "read", "remove old", … */
	struct str text;
	struct str identifier;		/* DONE; CALL: the code of a refusal */
	int64_t elapsed_ms;
	size_t done, total;
};
struct event_sink {
	void *context;
	void (*emit)(void *context, const struct event *event);
	bool detailed;
};

struct session {
	struct arena *arena;		/* of the run */
	struct schemas *schemas;
	struct transport *transport;
	const struct clock *clock;
	const struct random *random;
	struct aws_client client;
	const struct aws_environment *environment;
	struct str profile;		/* empty: by the environment, else "default" */
	struct store *store;
	struct event_sink sink;
	/* Zip bytes by digest. */
	bool (*artifact)(void *context, struct arena *a, struct str digest, struct str *bytes,
			 struct error *err);
	void *artifact_context;
	struct str secret_key;		/* HMAC key of what the state keeps of secrets */
	const volatile int *interrupted;	/* 0, 1: finish what is in flight, 2: stop */
	bool stop_on_failure;		/* after a failure an apply starts nothing more */
	size_t parallel;		/* ops under way at most; 0: the default, 32 */
	struct loop *loop;		/* set by session_start */
};

/* Prepares the loop and fetches credentials.  Fails with ERROR_CREDENTIALS that says what to do. */
bool session_start(struct session *s, struct error *err) ATTR_CHECKED;

/* How a store that lives elsewhere speaks; after session_start. */
struct remote session_remote(struct session *s);

/*
 * One call outside of any work, retried as calls are, waited for.  True if it was answered,
 * be it by a refusal; what the reply says lives in a.
 */
bool session_exchange(struct session *s, struct arena *a, const struct call *call,
		      struct reply *out, struct error *err) ATTR_CHECKED;
/* While nothing else runs, every second or so: the heartbeat of the lease. */
bool session_tend(struct session *s, struct error *err) ATTR_CHECKED;

/* Who we are: account and ARN by STS GetCallerIdentity. */
struct identity { struct str account, arn; };
bool session_identity(struct session *s, const struct scope *scope, struct identity *out,
		      struct error *err) ATTR_CHECKED;

#endif
