#include <string.h>

#include "base/json.h"
#include "base/trace.h"
#include "db.h"

#define JOURNAL_LINES_KEPT 20000

/* Statements of one commit; NULL until first needed. */
struct commit {
	struct db *db;
	struct meta meta;
	sqlite3_stmt *find_row, *put_row, *remove_row;
	sqlite3_stmt *find_tombstone, *put_tombstone, *remove_tombstone;
	sqlite3_stmt *add_line;
};

static bool ready(struct commit *c, sqlite3_stmt **statement, const char *sql, struct error *err)
{
	return *statement || db_prepare(c->db, sql, statement, err);
}

static void commit_release(struct commit *c)
{
	sqlite3_stmt *all[] = { c->find_row, c->put_row, c->remove_row, c->find_tombstone,
				c->put_tombstone, c->remove_tombstone, c->add_line };

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		sqlite3_finalize(all[i]);
}

/* Takes a row that is there out of the sums. */
static bool forget_row(struct commit *c, struct str address, struct error *err)
{
	struct sha256 digest;
	int code;

	if (!ready(c, &c->find_row, "SELECT digest FROM rows WHERE address = ?1", err))
		return false;
	bind_str(c->find_row, 1, address);
	code = sqlite3_step(c->find_row);
	if (code == SQLITE_ROW) {
		if (!column_digest(c->find_row, 0, digest.bytes))
			code = SQLITE_CORRUPT;
		total_subtract(&c->meta.total, &digest);
		c->meta.row_count--;
	}
	if (code != SQLITE_ROW && code != SQLITE_DONE)
		db_fail(c->db, "write", err);
	sqlite3_reset(c->find_row);
	return code == SQLITE_ROW || code == SQLITE_DONE;
}

static bool put_row(struct commit *c, const struct write *w, struct error *err)
{
	struct sha256 digest = row_digest(w->put_address, w->put_text);

	if (!forget_row(c, w->put_address, err) ||
	    !ready(c, &c->put_row, "INSERT OR REPLACE INTO rows (address, encoded, digest) "
				   "VALUES (?1, ?2, ?3)", err))
		return false;
	bind_str(c->put_row, 1, w->put_address);
	bind_str(c->put_row, 2, w->put_text);
	sqlite3_bind_blob(c->put_row, 3, digest.bytes, SHA256_BYTES, SQLITE_STATIC);
	total_add(&c->meta.total, &digest);
	c->meta.row_count++;
	return db_run(c->db, c->put_row, "write", err);
}

static bool remove_row(struct commit *c, struct str address, struct error *err)
{
	if (!forget_row(c, address, err) ||
	    !ready(c, &c->remove_row, "DELETE FROM rows WHERE address = ?1", err))
		return false;
	bind_str(c->remove_row, 1, address);
	return db_run(c->db, c->remove_row, "write", err);
}

static bool forget_tombstone(struct commit *c, struct str address, struct error *err)
{
	int code;

	if (!ready(c, &c->find_tombstone, "SELECT generation FROM tombstones WHERE address = ?1",
		   err))
		return false;
	bind_str(c->find_tombstone, 1, address);
	code = sqlite3_step(c->find_tombstone);
	if (code == SQLITE_ROW) {
		struct sha256 digest = tombstone_digest(address,
							sqlite3_column_int64(c->find_tombstone, 0));

		total_subtract(&c->meta.total, &digest);
		c->meta.tombstone_count--;
	} else if (code != SQLITE_DONE) {
		db_fail(c->db, "write", err);
	}
	sqlite3_reset(c->find_tombstone);
	return code == SQLITE_ROW || code == SQLITE_DONE;
}

static bool put_tombstone(struct commit *c, const struct tombstone *t, struct error *err)
{
	struct sha256 digest = tombstone_digest(t->address, t->generation);

	if (!forget_tombstone(c, t->address, err) ||
	    !ready(c, &c->put_tombstone, "INSERT OR REPLACE INTO tombstones (address, generation) "
					 "VALUES (?1, ?2)", err))
		return false;
	bind_str(c->put_tombstone, 1, t->address);
	sqlite3_bind_int64(c->put_tombstone, 2, t->generation);
	total_add(&c->meta.total, &digest);
	c->meta.tombstone_count++;
	return db_run(c->db, c->put_tombstone, "write", err);
}

static bool add_line(struct commit *c, struct str line, struct error *err)
{
	if (!ready(c, &c->add_line, "INSERT INTO journal (serial, line) VALUES (?1, ?2)", err))
		return false;
	sqlite3_bind_int64(c->add_line, 1, (sqlite3_int64)c->meta.serial);
	bind_str(c->add_line, 2, line);
	return db_run(c->db, c->add_line, "write", err);
}

/* The journal is for people; what is needed for recovery stands in the rows. */
static bool forget_lines(struct commit *c, struct error *err)
{
	sqlite3_stmt *statement;
	bool good;

	if (!c->add_line)
		return true;
	if (!db_prepare(c->db, "DELETE FROM journal WHERE id <= ?1", &statement, err))
		return false;
	sqlite3_bind_int64(statement, 1,
			   sqlite3_last_insert_rowid(c->db->handle) - JOURNAL_LINES_KEPT);
	good = db_run(c->db, statement, "write", err);
	sqlite3_finalize(statement);
	return good;
}

static bool write_one(struct commit *c, const struct write *w, struct error *err)
{
	if (w->put_address.length && !put_row(c, w, err))
		return false;
	if (w->remove.length && !remove_row(c, w->remove, err))
		return false;
	if (w->tombstone.address.length && !put_tombstone(c, &w->tombstone, err))
		return false;
	if (w->outputs.length)
		c->meta.outputs = w->outputs;
	if (w->pin.length)
		c->meta.pin = w->pin;
	return !w->journal.length || add_line(c, w->journal, err);
}

bool meta_write(struct db *db, const struct meta *meta, bool insert, struct error *err)
{
	struct sha256 digest = meta_digest(meta);
	sqlite3_stmt *statement;
	bool good;

	if (!db_prepare(db, insert
			? "INSERT INTO meta (schema_version, serial, lineage, project, stage, pin, "
			  "outputs, row_count, tombstone_count, total, digest, id) "
			  "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, 1)"
			: "UPDATE meta SET schema_version = ?1, serial = ?2, lineage = ?3, "
			  "project = ?4, stage = ?5, pin = ?6, outputs = ?7, row_count = ?8, "
			  "tombstone_count = ?9, total = ?10, digest = ?11 WHERE id = 1",
			&statement, err))
		return false;
	sqlite3_bind_int64(statement, 1, meta->schema_version);
	sqlite3_bind_int64(statement, 2, (sqlite3_int64)meta->serial);
	bind_str(statement, 3, meta->lineage);
	bind_str(statement, 4, meta->project);
	bind_str(statement, 5, meta->stage);
	bind_str(statement, 6, meta->pin);
	bind_str(statement, 7, meta->outputs);
	sqlite3_bind_int64(statement, 8, (sqlite3_int64)meta->row_count);
	sqlite3_bind_int64(statement, 9, (sqlite3_int64)meta->tombstone_count);
	sqlite3_bind_blob(statement, 10, meta->total.bytes, SHA256_BYTES, SQLITE_STATIC);
	sqlite3_bind_blob(statement, 11, digest.bytes, SHA256_BYTES, SQLITE_STATIC);
	good = db_run(db, statement, "write", err);
	sqlite3_finalize(statement);
	return good;
}

static struct str pin_text(struct arena *a, const struct scope *pin)
{
	struct value v = value_map();

	*value_set(a, &v, STR("target"), value_null()) = value_string(pin->target);
	*value_set(a, &v, STR("partition"), value_null()) = value_string(pin->partition);
	*value_set(a, &v, STR("account"), value_null()) = value_string(pin->account);
	*value_set(a, &v, STR("region"), value_null()) = value_string(pin->region);
	return json_text_canonical(a, &v);
}

uint64_t db_submit(void *context, const struct store_write *writes, size_t count)
{
	struct db *db = context;
	struct arena *a = &db->batch_arena;

	CHECK(!db->read_only && db->lock_fd >= 0);
	for (size_t i = 0; i < count; i++) {
		const struct store_write *from = &writes[i];
		struct write *w = vec_push(a, &db->batch);

		if (from->put) {
			w->put_address = address_text(a, &from->put->address);
			w->put_text = row_encode(a, from->put);
		}
		w->remove = str_copy(a, from->remove);
		w->tombstone.address = str_copy(a, from->tombstone.address);
		w->tombstone.generation = from->tombstone.generation;
		w->journal = str_copy(a, from->journal);
		if (from->outputs)
			w->outputs = json_text_canonical(a, from->outputs);
		if (from->pin)
			w->pin = pin_text(a, from->pin);
	}
	return ++db->submitted;
}

static bool commit_batch(struct db *db, struct commit *c, struct error *err)
{
	if (!fence_check(db, err) ||
	    !meta_read(db, &db->batch_arena, STATE_SCHEMA_VERSION, &c->meta, err))
		return false;
	c->meta.serial++;
	for (size_t i = 0; i < db->batch.count; i++)
		if (!write_one(c, &db->batch.items[i], err))
			return false;
	return forget_lines(c, err) && meta_write(db, &c->meta, false, err);
}

static bool commit(struct db *db, struct error *err)
{
	struct commit c = { .db = db };
	bool good;

	if (!db_open(db, err) || !db_exec(db, "BEGIN IMMEDIATE", "write", err))
		return false;
	good = commit_batch(db, &c, err);
	commit_release(&c);
	good = good && db_exec(db, "COMMIT", "write", err);
	if (!good)
		sqlite3_exec(db->handle, "ROLLBACK", NULL, NULL, NULL);
	else
		db->serial = c.meta.serial;
	if (good)
		trace(TRACE_JOURNAL, "commit %llu: %zu writes", (unsigned long long)c.meta.serial,
		      db->batch.count);
	return good;
}

bool db_poll(void *context, uint64_t *durable, struct error *err)
{
	struct db *db = context;

	/* Whether the failed commit reached the disk is found out by reopening only. */
	if (db->failure.kind != ERROR_NONE)
		return error_set(err, db->failure.kind, "%s", db->failure.text);
	if (db->durable < db->submitted) {
		if (!commit(db, &db->failure)) {
			trace(TRACE_JOURNAL, "commit failed: %s", db->failure.text);
			return error_set(err, db->failure.kind, "%s", db->failure.text);
		}
		db->durable = db->submitted;
		arena_release(&db->batch_arena);
		memset(&db->batch, 0, sizeof(db->batch));
	}
	*durable = db->durable;
	return true;
}
