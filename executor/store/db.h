#ifndef EFFC_STORE_DB_H
#define EFFC_STORE_DB_H

#include <sqlite3.h>

#include "base/hash.h"
#include "history.h"
#include "lease.h"

/*
 * Inside of the SQLite store.  The file holds one row of meta, the rows of the
 * state as their JSON, tombstones, and a journal for people.
 *
 * Digests.  A row's is SHA-256 over its address and text.  `total` is the sum
 * of the digests of all rows and tombstones modulo 2^256, so that a commit
 * costs what it changes; the digest of meta covers total, both counts and
 * everything else in meta.  All are checked on load.
 */
#define DB_APPLICATION_ID 0x65666663	/* "effc" */
#define DB_TEXT_LIMIT_BYTES (64 << 20)
#define DB_ROWS_LIMIT 1000000

struct db {
	struct store store;
	struct arena *arena;
	char *path;
	const char *vfs;
	bool read_only;
	bool is_copy;			/* for a reader: the handle is of a private copy */
	sqlite3 *handle;		/* NULL: not opened yet, or there is no file */
	int lock_fd;			/* -1: not held */
	const struct clock *clock;	/* of the lock */
	struct arena lease_arena;
	struct lease lease;		/* ours */
	int64_t beat_at_ms;		/* when the next heartbeat is due */
	struct arena batch_arena;	/* what was submitted since the last commit */
	struct write_vec VEC_OF(struct write) batch;
	uint64_t submitted, durable;
	uint64_t serial;		/* as last read or committed; 0: none */
	struct error failure;		/* of a commit: nothing more is written */
};

/* A store_write with the row already encoded. */
struct write {
	struct str put_address, put_text;	/* empty: none */
	struct str remove;
	struct tombstone tombstone;
	struct str outputs, pin;	/* JSON; empty: unchanged */
	struct str journal;
};

struct total { uint8_t bytes[SHA256_BYTES]; };	/* big-endian, modulo 2^256 */

struct meta {
	uint64_t serial;
	int64_t schema_version;
	struct str lineage, project, stage;
	struct str pin, outputs;	/* JSON */
	uint64_t row_count, tombstone_count;
	struct total total;
};

/* ---- digest.c ---- */

void total_add(struct total *total, const struct sha256 *digest);
void total_subtract(struct total *total, const struct sha256 *digest);
struct sha256 row_digest(struct str address, struct str text);
struct sha256 tombstone_digest(struct str address, int64_t generation);
struct sha256 meta_digest(const struct meta *meta);

/* ---- open.c ---- */

/* Opens and checks; a file of another program or of a newer effc is refused. */
bool db_open(struct db *db, struct error *err) ATTR_CHECKED;
void db_close(struct db *db);
bool db_exists(const struct db *db);
/* Sets err from SQLite's last error: "cannot write the state 'x': ...". Returns false. */
bool db_fail(struct db *db, const char *doing, struct error *err);
bool db_exec(struct db *db, const char *sql, const char *doing, struct error *err) ATTR_CHECKED;
bool db_prepare(struct db *db, const char *sql, sqlite3_stmt **out, struct error *err) ATTR_CHECKED;
struct str column_text(sqlite3_stmt *statement, int column);	/* borrowed till the next step */
bool column_digest(sqlite3_stmt *statement, int column, uint8_t out[SHA256_BYTES]);
void bind_str(sqlite3_stmt *statement, int index, struct str text);
/* Steps a statement that returns nothing, and resets it. */
bool db_run(struct db *db, sqlite3_stmt *statement, const char *doing,
	    struct error *err) ATTR_CHECKED;

/* ---- schema.c ---- */

/* Makes the tables of STATE_SCHEMA_VERSION. */
bool schema_create(struct db *db, struct error *err) ATTR_CHECKED;
/* Of a version that must be migrated before it is read. */
bool schema_is_older(struct db *db);
/* The tables are exactly ours.  Older versions are migrated first, step by numbered step. */
bool schema_check(struct db *db, struct error *err) ATTR_CHECKED;

/* ---- load.c ---- */

/* version: that the file says it has; the head must say the same. */
bool meta_read(struct db *db, struct arena *a, int64_t version, struct meta *out,
	       struct error *err) ATTR_CHECKED;
bool db_load(void *context, struct arena *a, struct state *out, struct error *err);

/* ---- version.c ---- */

bool db_keep(void *context, const struct state *state, const struct document_note *note,
	     struct error *err);
bool db_history(void *context, struct arena *a, struct version_vec *out, struct error *err);
bool db_load_version(void *context, struct arena *a, struct str id, bool head,
		     struct state_document *out, struct error *err);
bool db_restore(void *context, const struct state *state, struct error *err);
/* Whole in a file beside, in one transaction (sqlite.c). */
bool db_make_file(struct db *db, const char *beside, const struct meta *meta,
		  struct error *err) ATTR_CHECKED;
void db_remove_file(struct arena *a, const char *name);		/* and its journal */
bool db_sync_folder(struct arena *a, const char *path, struct error *err) ATTR_CHECKED;

/* ---- commit.c ---- */

bool meta_write(struct db *db, const struct meta *meta, bool insert,
		struct error *err) ATTR_CHECKED;
uint64_t db_submit(void *context, const struct store_write *writes, size_t count);
bool db_poll(void *context, uint64_t *durable, struct error *err);

/* ---- lock.c ---- */

bool db_lock(void *context, const struct lease_owner *who, const struct clock *clock,
	     struct error *err);
void db_unlock(void *context);
bool db_holder(void *context, struct arena *a, struct lease *out, struct error *err);
bool db_revoke(void *context, const struct lease_owner *who, const struct clock *clock,
	       struct error *err);
bool db_tend(void *context, int64_t *wake_ms, struct error *err);
bool db_holds(void *context, struct error *err);

/* ---- fence.c ---- */

/* The next fencing number, with its holder, in a transaction of its own. */
bool fence_take(struct db *db, struct lease *lease, struct error *err) ATTR_CHECKED;
/* Within a commit: nobody took the lease since. */
bool fence_check(struct db *db, struct error *err) ATTR_CHECKED;
/* Who took it last. */
bool fence_read(struct db *db, struct arena *a, struct lease *out, struct error *err) ATTR_CHECKED;
/* Of a new file: the holder that makes it. */
bool fence_create(struct db *db, struct error *err) ATTR_CHECKED;

/* ---- snapshot.c ---- */

/*
 * A writer that was killed may leave a journal that has to be rolled back
 * before reading.  For a reader that may not write, this is done on a copy in
 * a private folder, which is gone when it returns.
 */
bool snapshot_open(struct db *db, struct error *err) ATTR_CHECKED;

#endif
