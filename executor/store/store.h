#ifndef EFFC_STORE_STORE_H
#define EFFC_STORE_STORE_H

#include "base/clock.h"
#include "base/error.h"
#include "base/vec.h"
#include "document.h"

/*
 * Where state lives.  One asynchronous interface, so that a remote store joins
 * without a change above: writes are submitted and get a ticket; that they are
 * durable is an event (store_poll).  SQLite is the local store, one file a
 * stage; everything submitted since the last poll is one transaction.
 *
 * Every row has a digest and the whole state one over all rows, checked on
 * load: a flipped bit is refused (ERROR_CORRUPT) and never planned with.
 */
struct store_write {
	const struct row *put;		/* insert or replace this row, older generations included */
	struct str remove;		/* address of a row to remove; empty: none */
	struct tombstone tombstone;	/* with a remove; address empty: none */
	const struct value *outputs;	/* NULL: unchanged */
	const struct scope *pin;	/* NULL: unchanged */
	/*
	 * Of an intent: parts of it are not known yet.  Nothing is sent for it before a later
	 * write of the same address is durable: without that, nobody could look for it.
	 */
	bool open;
	/* Journal: one line per begun or ended operation, for recovery and for people. */
	struct str journal;		/* JSON; empty: none */
};

/* A state as it was after a run that changed something. */
struct version {
	struct str id;			/* "17-00112233": serial and the lineage's first digits */
	uint64_t serial;
	struct str lineage;		/* those digits */
	int64_t wall_ms;		/* when it was stored; for the order of lineages alone */
	uint64_t bytes;
};
struct version_vec VEC_OF(struct version);

/*
 * The lease: the right to write, one holder at a time.  Its epoch (the fencing
 * number) grows with every holder and is checked in every commit, so that whoever
 * lost it without knowing cannot write any more.  A heartbeat says that the holder
 * lives; others judge it by what they see change within a time of their own
 * monotonic clock, never by the times that are written in it.
 */
struct lease_owner {
	struct str user, host;
	int64_t pid;
	struct str command;		/* "apply" */
	struct str run;			/* address of the CI run; empty: none */
};

struct lease {
	struct lease_owner owner;	/* of the last holder, where nobody holds it */
	struct str token;		/* random: of this one holder */
	uint64_t epoch;			/* 0: nobody ever held it */
	uint64_t beat;			/* how many heartbeats there were */
	int64_t taken_s, beat_s;	/* since 1970 by the holder's clock, for people alone */
	bool held;
};

#define LEASE_BEAT_MS 10000
#define LEASE_BEATS 3			/* that are missed before it is taken over */

/* "effc apply of ada on box (process 4711), since 2026-11-30 12:00:00 UTC" */
struct str lease_text(struct arena *a, const struct lease *lease);

/* Opening a store reads nothing: a damaged state still has its lock and its history. */
struct store {
	void *context;
	/* Loads everything. An empty store gives a state with an empty lineage. */
	bool (*load)(void *context, struct arena *a, struct state *out, struct error *err);
	/* Makes the state: lineage, project, stage. Durable when it returns. */
	bool (*create)(void *context, struct str project, struct str stage, struct str lineage,
		       struct error *err);
	/*
	 * Takes the lease, also that of a holder that is dead.  False with
	 * ERROR_REFUSED that says who holds it since when, and what to do.
	 */
	bool (*lock)(void *context, const struct lease_owner *who, const struct clock *clock,
		     struct error *err);
	void (*unlock)(void *context);
	/* Who holds it, or held it last; needs no lease. */
	bool (*holder)(void *context, struct arena *a, struct lease *out, struct error *err);
	/*
	 * Takes it from whoever holds it and lets it go: a holder that lives cannot
	 * commit any more and stops before its next change.
	 */
	bool (*revoke)(void *context, const struct lease_owner *who, const struct clock *clock,
		       struct error *err);
	/*
	 * With every turn of the loop, and while a person is asked: the heartbeat.
	 * *wake_ms: when to call again at the latest, on the monotonic clock.  False:
	 * the lease is lost.  NULL: there is nothing to keep.
	 */
	bool (*tend)(void *context, int64_t *wake_ms, struct error *err);
	/* Before every call that changes something: is the lease surely held?  NULL: yes. */
	bool (*holds)(void *context, struct error *err);
	/* Copies what it needs.  Tickets grow from 1; one that is durable may come again. */
	uint64_t (*submit)(void *context, const struct store_write *writes, size_t count);
	/*
	 * Commits what was submitted; *durable is the highest ticket on disk.  After
	 * a failure nothing more is written; reopening tells whether this was.
	 */
	bool (*poll)(void *context, uint64_t *durable, struct error *err);
	/*
	 * An apply begins: what was submitted is its whole intent, and durable when this
	 * returns.  Until it ends, a store may call durable what is only on its way, since
	 * what becomes of the intent can be found out, but for what was open in it.  finish:
	 * everything submitted is in the state, durably.  NULL: poll does.
	 */
	bool (*begin)(void *context, struct error *err);
	bool (*finish)(void *context, struct error *err);
	void (*close)(void *context);
	/* Serial of what is stored, as this process last read or wrote it; 0: none. */
	uint64_t (*serial)(void *context);

	/* ---- history (history.h): append-only, one version a run that changed something ---- */

	/* Durable when it returns; the oldest may go. */
	bool (*keep)(void *context, const struct state *state, const struct document_note *note,
		     struct error *err);
	/* Newest first, without reading them: they may be damaged. */
	bool (*history)(void *context, struct arena *a, struct version_vec *out,
			struct error *err);
	/* head: without rows and tombstones. */
	bool (*load_version)(void *context, struct arena *a, struct str id, bool head,
			     struct state_document *out, struct error *err);
	/*
	 * Makes exactly this state the current one, whatever is there; what is there is kept
	 * aside if it cannot be read.  Durable when it returns.  Needs the lock.
	 */
	bool (*restore)(void *context, const struct state *state, struct error *err);
};

/*
 * Opens or creates a database.  read_only never writes nor creates: a missing
 * file then loads as an empty state.  vfs: NULL, or the name of an SQLite VFS
 * (fault tests bring their own).
 */
struct store *store_sqlite(struct arena *a, struct str path, bool read_only, const char *vfs,
			   struct error *err);

#endif
