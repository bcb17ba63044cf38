#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "db.h"

#define BUSY_TIMEOUT_MS 5000
#define HEADER_BYTES 100

bool db_exists(const struct db *db)
{
	struct stat st;

	return stat(db->path, &st) == 0 || errno != ENOENT;
}

static enum error_kind error_kind_of(int code)
{
	switch (code & 0xff) {
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
	case SQLITE_CONSTRAINT:
	case SQLITE_MISMATCH:
	case SQLITE_ERROR:
	case SQLITE_FORMAT:
	case SQLITE_TOOBIG:
		return ERROR_CORRUPT;
	default:
		return ERROR_IO;
	}
}

static const char *explanation(int code)
{
	switch (code & 0xff) {
	case SQLITE_FULL:
		return "the disk is full";
	case SQLITE_IOERR:
		return "input/output error";
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return "the file is damaged";
	case SQLITE_READONLY:
		return "it may not be written";
	case SQLITE_CANTOPEN:
		return "it cannot be opened";
	case SQLITE_BUSY:
		return "another process keeps it locked";
	default:
		return sqlite3_errstr(code);
	}
}

bool db_fail(struct db *db, const char *doing, struct error *err)
{
	int code = db->handle ? sqlite3_extended_errcode(db->handle) : SQLITE_NOMEM;
	const char *detail = db->handle ? sqlite3_errmsg(db->handle) : "out of memory";
	int number = db->handle ? sqlite3_system_errno(db->handle) : 0;

	return error_set(err, error_kind_of(code), "cannot %s the state '%s': %s (%s%s%s)", doing,
			 db->path, explanation(code), detail, number ? ", " : "",
			 number ? strerror(number) : "");
}

bool db_exec(struct db *db, const char *sql, const char *doing, struct error *err)
{
	if (sqlite3_exec(db->handle, sql, NULL, NULL, NULL) != SQLITE_OK)
		return db_fail(db, doing, err);
	return true;
}

bool db_prepare(struct db *db, const char *sql, sqlite3_stmt **out, struct error *err)
{
	if (sqlite3_prepare_v2(db->handle, sql, -1, out, NULL) != SQLITE_OK)
		return db_fail(db, "read", err);
	return true;
}

struct str column_text(sqlite3_stmt *statement, int column)
{
	const char *text;

	if (sqlite3_column_type(statement, column) != SQLITE_TEXT)
		return (struct str){ 0 };
	text = (const char *)sqlite3_column_text(statement, column);
	return str_of(text, (size_t)sqlite3_column_bytes(statement, column));
}

bool column_digest(sqlite3_stmt *statement, int column, uint8_t out[SHA256_BYTES])
{
	if (sqlite3_column_type(statement, column) != SQLITE_BLOB ||
	    sqlite3_column_bytes(statement, column) != SHA256_BYTES)
		return false;
	memcpy(out, sqlite3_column_blob(statement, column), SHA256_BYTES);
	return true;
}

void bind_str(sqlite3_stmt *statement, int index, struct str text)
{
	/* A NULL pointer would bind NULL. */
	sqlite3_bind_text64(statement, index, text.data ? text.data : "", text.length,
			    SQLITE_STATIC, SQLITE_UTF8);
}

bool db_run(struct db *db, sqlite3_stmt *statement, const char *doing, struct error *err)
{
	if (sqlite3_step(statement) != SQLITE_DONE) {
		db_fail(db, doing, err);
		sqlite3_reset(statement);
		return false;
	}
	sqlite3_reset(statement);
	sqlite3_clear_bindings(statement);
	return true;
}

/*
 * What SQLite takes for a fine file but is none of ours: an empty one, and one
 * whose header asks for another way of writing (bytes 18 and 19), which would
 * make files beside it even when reading.
 */
static bool check_header(struct db *db, struct error *err)
{
	unsigned char header[HEADER_BYTES];
	int fd = open(db->path, O_RDONLY | O_CLOEXEC);
	ssize_t count;

	if (fd < 0)
		return error_set(err, ERROR_IO, "cannot open the state '%s': %s", db->path,
				 strerror(errno));
	count = read(fd, header, sizeof(header));
	if (count < 0)
		error_set(err, ERROR_IO, "cannot read the state '%s': %s", db->path,
			  strerror(errno));
	close(fd);
	if (count < 0)
		return false;
	if (count < HEADER_BYTES || memcmp(header, "SQLite format 3", 16) != 0 ||
	    header[18] != 1 || header[19] != 1)
		return error_set(err, ERROR_CORRUPT,
				 "the state '%s' is damaged: it does not begin as one", db->path);
	return true;
}

static bool configure(struct db *db, struct error *err)
{
	sqlite3_extended_result_codes(db->handle, 1);
	sqlite3_busy_timeout(db->handle, BUSY_TIMEOUT_MS);
	sqlite3_limit(db->handle, SQLITE_LIMIT_LENGTH, DB_TEXT_LIMIT_BYTES);
	sqlite3_db_config(db->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(db->handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	if (!db_exec(db, "PRAGMA cell_size_check = ON", "read", err))
		return false;
	/* Who only reads passes over the rows once: a cache of them is of no use. */
	if (db->is_copy && !db_exec(db, "PRAGMA journal_mode = MEMORY", "read", err))
		return false;
	if (db->read_only)
		return db_exec(db, "PRAGMA cache_size = -256", "read", err);
	/*
	 * The rollback journal is cut to nothing and that is synced: after a
	 * crash of the machine it cannot come back and undo a commit.
	 */
	return db_exec(db, "PRAGMA journal_mode = TRUNCATE; PRAGMA synchronous = EXTRA;", "write",
		       err);
}

/* Pages that no row uses can be damaged too, and would be written to. */
static bool check_pages(struct db *db, struct error *err)
{
	sqlite3_stmt *statement;
	bool good;

	if (!db_prepare(db, "PRAGMA quick_check(1)", &statement, err))
		return false;
	if (sqlite3_step(statement) != SQLITE_ROW) {
		db_fail(db, "read", err);
		good = false;
	} else {
		struct str said = column_text(statement, 0);

		good = str_equal_c(said, "ok");
		if (!good)
			error_set(err, ERROR_CORRUPT, "the state '%s' is damaged: %.*s", db->path,
				  STR_ARG(said));
	}
	sqlite3_finalize(statement);
	return good;
}

/*
 * A reader must not write, but a killed writer's journal stands in the way (which the
 * first read finds out), or the tables are those of an older effc.
 */
static bool needs_copy(struct db *db)
{
	if (!db->read_only)
		return false;
	sqlite3_extended_result_codes(db->handle, 1);
	return sqlite3_exec(db->handle, "SELECT 1 FROM sqlite_schema", NULL, NULL, NULL) ==
	       SQLITE_READONLY_ROLLBACK || schema_is_older(db);
}

bool db_open(struct db *db, struct error *err)
{
	int flags = db->read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;

	if (db->handle)
		return true;
	if (!check_header(db, err))
		return false;
	if (sqlite3_open_v2(db->path, &db->handle, flags, db->vfs) != SQLITE_OK) {
		db_fail(db, "open", err);
		db_close(db);
		return false;
	}
	if (needs_copy(db)) {
		db_close(db);
		if (!snapshot_open(db, err))
			return false;
		db->is_copy = true;
	}
	if (!configure(db, err) || !schema_check(db, err) ||
	    (!db->read_only && !check_pages(db, err))) {
		db_close(db);
		return false;
	}
	return true;
}

void db_close(struct db *db)
{
	sqlite3_close(db->handle);
	db->handle = NULL;
	db->is_copy = false;
}
