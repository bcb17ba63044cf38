#include "db.h"

/* The fencing number in the database: one row, changed by whoever takes the lease. */

static bool epoch_read(struct db *db, struct arena *a, int64_t *epoch, struct str *holder,
		       struct error *err)
{
	sqlite3_stmt *statement;
	bool good;

	if (!db_prepare(db, "SELECT epoch, holder FROM lease", &statement, err))
		return false;
	good = sqlite3_step(statement) == SQLITE_ROW &&
	       sqlite3_column_type(statement, 0) == SQLITE_INTEGER;
	if (good) {
		*epoch = sqlite3_column_int64(statement, 0);
		*holder = str_copy(a, column_text(statement, 1));
		good = *epoch >= 0;
	}
	if (!good)
		error_set(err, ERROR_CORRUPT, "the state '%s' is damaged: its lease has no number",
			  db->path);
	sqlite3_finalize(statement);
	return good;
}

static bool epoch_write(struct db *db, const char *sql, const struct lease *lease,
			struct error *err)
{
	sqlite3_stmt *statement;
	bool good;

	if (!db_prepare(db, sql, &statement, err))
		return false;
	sqlite3_bind_int64(statement, 1, (sqlite3_int64)lease->epoch);
	bind_str(statement, 2, lease_encode(&db->lease_arena, lease));
	good = db_run(db, statement, "write", err);
	sqlite3_finalize(statement);
	return good;
}

static bool take(struct db *db, struct lease *lease, struct error *err)
{
	struct str holder;
	int64_t epoch;

	if (!epoch_read(db, &db->lease_arena, &epoch, &holder, err))
		return false;
	if (lease->epoch <= (uint64_t)epoch)
		lease->epoch = (uint64_t)epoch + 1;
	return epoch_write(db, "UPDATE lease SET epoch = ?1, holder = ?2", lease, err);
}

bool fence_take(struct db *db, struct lease *lease, struct error *err)
{
	bool good;

	if (!db_open(db, err) || !db_exec(db, "BEGIN IMMEDIATE", "write", err))
		return false;
	good = take(db, lease, err) && db_exec(db, "COMMIT", "write", err);
	if (!good)
		sqlite3_exec(db->handle, "ROLLBACK", NULL, NULL, NULL);
	return good;
}

bool fence_read(struct db *db, struct arena *a, struct lease *out, struct error *err)
{
	struct str holder;
	int64_t epoch;

	if (!db_open(db, err) || !epoch_read(db, a, &epoch, &holder, err))
		return false;
	if (!lease_decode(a, holder, out))
		*out = (struct lease){ 0 };
	out->epoch = (uint64_t)epoch;
	return true;
}

bool fence_check(struct db *db, struct error *err)
{
	struct arena *a = &db->batch_arena;
	struct lease now;

	if (!fence_read(db, a, &now, err))
		return false;
	if (now.epoch == db->lease.epoch)
		return true;
	return error_set(err, ERROR_REFUSED,
			 "the lease of the state '%s' was taken from this run by %.*s: nothing "
			 "more is written",
			 db->path, STR_ARG(lease_text(a, &now)));
}

bool fence_create(struct db *db, struct error *err)
{
	return epoch_write(db, "INSERT INTO lease (id, epoch, holder) VALUES (1, ?1, ?2)",
			   &db->lease, err);
}
