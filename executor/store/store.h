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

/* Opening a store reads nothing: a damaged state still has its lock and its history. */
struct store {
	void *context;
	/* Loads everything. An empty store gives a state with an empty lineage. */
	bool (*load)(void *context, struct arena *a, struct state *out, struct error *err);
	/* Makes the state: lineage, project, stage. Durable when it returns. */
	bool (*create)(void *context, struct str project, struct str stage, struct str lineage,
		       struct error *err);
	/*
	 * The right to write: exclusive, released when the process ends, however
	 * it ends.  False with ERROR_REFUSED that says who holds it since when.
	 */
	bool (*lock)(void *context, struct str who, int64_t wall_ms, struct error *err);
	void (*unlock)(void *context);
	/* Copies what it needs. Tickets grow by one from 1. */
	uint64_t (*submit)(void *context, const struct store_write *writes, size_t count);
	/*
	 * Commits what was submitted; *durable is the highest ticket on disk.  After
	 * a failure nothing more is written; reopening tells whether this was.
	 */
	bool (*poll)(void *context, uint64_t *durable, struct error *err);
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
