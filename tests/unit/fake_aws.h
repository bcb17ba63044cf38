#ifndef EFFC_TESTS_FAKE_AWS_H
#define EFFC_TESTS_FAKE_AWS_H

#include "base/buf.h"
#include "base/clock.h"
#include "base/fs.h"
#include "base/value.h"
#include "executor/net/transport.h"

/*
 * A small AWS behind the transport's door, in virtual time.  Its one service,
 * "toy", has three types that stand for the classes of real ones:
 *
 *	Box	its name is its key, a second create is refused aloud
 *	Crate	the service chooses its id, nothing is refused: duplicates are possible;
 *		lives in a box, which cannot go before it; a change says its revision
 *	Label	its name is its key, a create takes over silently what is there;
 *		names a crate, which must exist and cannot go before it
 *
 * It can show late what it made, lose replies, throttle, fail and stop the world
 * at a call.  It outlives the runs that talk to it.
 */
enum fake_fault {
	FAKE_NONE,
	FAKE_LOSE_BEFORE,		/* the request is lost: no reply, not done */
	FAKE_LOSE_AFTER,		/* done, and the reply lost */
	FAKE_LOSE_LATE,			/* lost, and done only when half of the window passed */
	FAKE_KILL_BEFORE,		/* on_kill, not done */
	FAKE_KILL_AFTER,		/* done, then on_kill */
	FAKE_FAIL_AFTER,		/* done, and answered with 500 */
	FAKE_THROTTLE,
	FAKE_UNAVAILABLE,
	FAKE_EXPIRED,
	FAKE_SKEWED,
	FAKE_REFUSE,			/* 400 that no retry changes */
};

struct fake_thing {
	struct fake_thing *next;
	char kind;			/* 'B', 'C', 'L' */
	struct str key;
	struct value fields;		/* MAP */
	int64_t made_at_ms;		/* later than now: not yet */
	bool gone;
	unsigned revision;		/* of a crate: grows with each change */
};

struct fake {
	struct arena arena;
	struct transport transport;
	const struct clock *clock;
	struct fake_thing *things;
	unsigned next_id;
	int64_t invisible_ms;		/* reads do not see what is younger */
	int64_t latency_ms;

	/* The n-th mutating call from now, for `fault_count` calls; n from 1, 0: never. */
	enum fake_fault fault;
	unsigned fault_at, fault_count;
	bool fault_reads;		/* count all calls, not only mutating ones */
	void (*on_kill)(void *context);
	void *kill_context;

	/* What was asked, since fake_clear. */
	unsigned calls, mutations, counted;
	unsigned most_in_flight, most_changes;	/* at once: calls, mutating ones */
	struct buf log;			/* "CreateBox main\n" */
	struct fake_exchange *flying;
	uint64_t last_ticket;
};

struct fake *fake_new(void);
void fake_free(struct fake *f);
/* Counters and faults, not things. */
void fake_clear(struct fake *f);
/* The types, wire facts and drivers, as a folder "toy" for schemas_overlay. */
void fake_schemas(struct arena *a, struct files *files);
/* Everything that exists, sorted, without ids and instances: "Box main {...}\n". */
struct str fake_snapshot(struct arena *a, const struct fake *f);
unsigned fake_count(const struct fake *f, char kind);
struct fake_thing *fake_add(struct fake *f, char kind, const char *key, const char *fields_json);
struct fake_thing *fake_find(const struct fake *f, char kind, struct str key);

#endif
