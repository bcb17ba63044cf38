#include <string.h>

#include "db.h"

/*
 * The tables of the newest version, word for word: a file with anything else in it (a
 * view or a trigger in a table's place) is not ours.  A later version adds its
 * tables here and a step to `migrations`.
 */
struct table {
	const char *name, *sql;
};

static const struct table tables[] = {
	{ "journal", "CREATE TABLE journal (id INTEGER PRIMARY KEY, serial INTEGER NOT NULL, "
		     "line TEXT NOT NULL)" },
	{ "lease", "CREATE TABLE lease (id INTEGER PRIMARY KEY CHECK (id = 1), "
		   "epoch INTEGER NOT NULL, holder TEXT NOT NULL)" },
	{ "meta", "CREATE TABLE meta (id INTEGER PRIMARY KEY CHECK (id = 1), "
		  "schema_version INTEGER NOT NULL, serial INTEGER NOT NULL, "
		  "lineage TEXT NOT NULL, project TEXT NOT NULL, stage TEXT NOT NULL, "
		  "pin TEXT NOT NULL, outputs TEXT NOT NULL, row_count INTEGER NOT NULL, "
		  "tombstone_count INTEGER NOT NULL, total BLOB NOT NULL, digest BLOB NOT NULL)" },
	{ "rows", "CREATE TABLE rows (address TEXT PRIMARY KEY, encoded TEXT NOT NULL, "
		  "digest BLOB NOT NULL) WITHOUT ROWID" },
	{ "tombstones", "CREATE TABLE tombstones (address TEXT PRIMARY KEY, "
			"generation INTEGER NOT NULL) WITHOUT ROWID" },
};
#define TABLE_COUNT (sizeof(tables) / sizeof(tables[0]))

static bool table_create(struct db *db, const char *name, struct error *err)
{
	for (size_t i = 0; i < TABLE_COUNT; i++)
		if (strcmp(tables[i].name, name) == 0)
			return db_exec(db, tables[i].sql, "write", err);
	BUG("no table '%s'", name);
}

/* 2: the lease has a number that grows. */
static bool add_lease(struct db *db, struct error *err)
{
	return table_create(db, "lease", err) &&
	       db_exec(db, "INSERT INTO lease (id, epoch, holder) VALUES (1, 0, '')", "write", err);
}

/* migrations[n] takes version n + 1 to n + 2, in one transaction with the others. */
typedef bool migration(struct db *db, struct error *err);
static migration *const migrations[STATE_SCHEMA_VERSION] = { add_lease, NULL };

static bool set_version(struct db *db, struct error *err)
{
	struct str sql = str_format(db->arena, "PRAGMA user_version = %d", STATE_SCHEMA_VERSION);

	return db_exec(db, sql.data, "write", err);
}

bool schema_create(struct db *db, struct error *err)
{
	struct str id = str_format(db->arena, "PRAGMA application_id = %d", DB_APPLICATION_ID);

	for (size_t i = 0; i < TABLE_COUNT; i++)
		if (!db_exec(db, tables[i].sql, "write", err))
			return false;
	return db_exec(db, id.data, "write", err) && set_version(db, err);
}

static bool pragma_number(struct db *db, const char *sql, int64_t *out, struct error *err)
{
	sqlite3_stmt *statement;
	bool good;

	if (!db_prepare(db, sql, &statement, err))
		return false;
	good = sqlite3_step(statement) == SQLITE_ROW;
	if (good)
		*out = sqlite3_column_int64(statement, 0);
	else
		db_fail(db, "read", err);
	sqlite3_finalize(statement);
	return good;
}

/* The version stands in the head too, under its digest. */
static bool migrate_meta(struct db *db, int64_t version, struct error *err)
{
	struct meta meta = { 0 };

	if (!meta_read(db, db->arena, version, &meta, err))
		return false;
	meta.schema_version = STATE_SCHEMA_VERSION;
	return meta_write(db, &meta, false, err);
}

static bool migrate_steps(struct db *db, int64_t version, struct error *err)
{
	int64_t from = version;

	for (; version < STATE_SCHEMA_VERSION; version++)
		if (!migrations[version - 1](db, err))
			return false;
	return migrate_meta(db, from, err) && set_version(db, err);
}

static bool migrate(struct db *db, int64_t version, struct error *err)
{
	CHECK(!db->read_only || db->is_copy);
	if (!db_exec(db, "BEGIN IMMEDIATE", "write", err))
		return false;
	if (migrate_steps(db, version, err) && db_exec(db, "COMMIT", "write", err))
		return true;
	sqlite3_exec(db->handle, "ROLLBACK", NULL, NULL, NULL);
	return error_context(err, "migrating the state '%s'", db->path);
}

bool schema_is_older(struct db *db)
{
	int64_t id = 0, version = 0;

	return pragma_number(db, "PRAGMA application_id", &id, NULL) && id == DB_APPLICATION_ID &&
	       pragma_number(db, "PRAGMA user_version", &version, NULL) && version >= 1 &&
	       version < STATE_SCHEMA_VERSION;
}

static bool check_version(struct db *db, struct error *err)
{
	int64_t id = 0, version = 0;

	if (!pragma_number(db, "PRAGMA application_id", &id, err) ||
	    !pragma_number(db, "PRAGMA user_version", &version, err))
		return false;
	if (id != DB_APPLICATION_ID)
		return error_set(err, ERROR_CORRUPT, "'%s' is no state of effc", db->path);
	if (version > STATE_SCHEMA_VERSION)
		return error_set(err, ERROR_CORRUPT,
				 "the state '%s' has format %lld, written by a newer effc; "
				 "this one knows formats up to %d",
				 db->path, (long long)version, STATE_SCHEMA_VERSION);
	if (version < 1)
		return error_set(err, ERROR_CORRUPT, "the state '%s' is damaged: no format %lld",
				 db->path, (long long)version);
	return version == STATE_SCHEMA_VERSION || migrate(db, version, err);
}

static bool table_is_ours(sqlite3_stmt *statement, size_t index)
{
	return index < TABLE_COUNT && str_equal_c(column_text(statement, 0), "table") &&
	       str_equal_c(column_text(statement, 1), tables[index].name) &&
	       str_equal_c(column_text(statement, 2), tables[index].sql);
}

bool schema_check(struct db *db, struct error *err)
{
	sqlite3_stmt *statement;
	size_t count = 0;
	int code;

	if (!check_version(db, err))
		return false;
	if (!db_prepare(db, "SELECT type, name, sql FROM sqlite_schema ORDER BY name", &statement,
			err))
		return false;
	while ((code = sqlite3_step(statement)) == SQLITE_ROW && table_is_ours(statement, count))
		count++;
	if (code == SQLITE_DONE && count == TABLE_COUNT) {
		sqlite3_finalize(statement);
		return true;
	}
	if (code == SQLITE_ROW || code == SQLITE_DONE)
		error_set(err, ERROR_CORRUPT, "the state '%s' is damaged: its tables are not ours",
			  db->path);
	else
		db_fail(db, "read", err);
	sqlite3_finalize(statement);
	return false;
}
