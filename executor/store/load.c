#include <string.h>

#include "base/json.h"
#include "base/stats.h"
#include "db.h"

static bool damaged(struct db *db, struct error *err, const char *what)
{
	return error_set(err, ERROR_CORRUPT, "the state '%s' is damaged: %s", db->path, what);
}

static bool column_number(sqlite3_stmt *statement, int column, int64_t *out)
{
	*out = sqlite3_column_int64(statement, column);
	return sqlite3_column_type(statement, column) == SQLITE_INTEGER && *out >= 0;
}

static bool meta_columns(struct arena *a, sqlite3_stmt *statement, struct meta *out)
{
	struct str *texts[] = { &out->lineage, &out->project, &out->stage, &out->pin,
				&out->outputs };
	int64_t serial, rows, tombstones;
	struct sha256 digest, stored;

	for (int i = 0; i < 5; i++) {
		if (sqlite3_column_type(statement, 2 + i) != SQLITE_TEXT)
			return false;
		*texts[i] = str_copy(a, column_text(statement, 2 + i));
	}
	if (!column_number(statement, 0, &out->schema_version) ||
	    !column_number(statement, 1, &serial) || !column_number(statement, 7, &rows) ||
	    !column_number(statement, 8, &tombstones) ||
	    !column_digest(statement, 9, out->total.bytes) ||
	    !column_digest(statement, 10, stored.bytes))
		return false;
	out->serial = (uint64_t)serial;
	out->row_count = (uint64_t)rows;
	out->tombstone_count = (uint64_t)tombstones;
	digest = meta_digest(out);
	return sha256_equal(&digest, &stored);
}

bool meta_read(struct db *db, struct arena *a, int64_t version, struct meta *out,
	       struct error *err)
{
	sqlite3_stmt *statement;
	bool good = false;
	int code;

	if (!db_prepare(db, "SELECT schema_version, serial, lineage, project, stage, pin, outputs, "
			    "row_count, tombstone_count, total, digest FROM meta", &statement, err))
		return false;
	code = sqlite3_step(statement);
	if (code == SQLITE_ROW)
		good = meta_columns(a, statement, out) ||
		       damaged(db, err, "its digest does not hold");
	else if (code == SQLITE_DONE)
		damaged(db, err, "it has no head");
	else
		db_fail(db, "read", err);
	if (good && sqlite3_step(statement) != SQLITE_DONE)
		good = damaged(db, err, "it has two heads");
	sqlite3_finalize(statement);
	if (good && out->schema_version != version)
		good = damaged(db, err, "its format is said twice, differently");
	return good;
}

static bool load_row(struct db *db, struct arena *a, sqlite3_stmt *statement, struct state *out,
		     struct total *total, struct error *err)
{
	struct str address = column_text(statement, 0);
	struct str text = str_copy(a, column_text(statement, 1));
	struct sha256 digest = row_digest(address, text), stored;
	struct row *row = arena_new(a, struct row);
	const struct row *last = out->row_count ? out->rows[out->row_count - 1] : NULL;

	stats.bytes_read += text.length;
	if (!column_digest(statement, 2, stored.bytes) || !sha256_equal(&digest, &stored))
		return damaged(db, err, "the digest of a row does not hold");
	if (out->row_count >= DB_ROWS_LIMIT)
		return error_set(err, ERROR_LIMIT, "the state '%s' has more than %d rows", db->path,
				 DB_ROWS_LIMIT);
	if (!row_read(a, text, last, row, err))
		return error_context(err, "the state '%s', row '%.*s'", db->path, STR_ARG(address));
	if (!str_equal(address_text(a, &row->address), address))
		return damaged(db, err, "a row has two addresses");
	total_add(total, &digest);
	state_put(a, out, row);
	return true;
}

static bool load_rows(struct db *db, struct arena *a, struct state *out, struct total *total,
		      struct error *err)
{
	sqlite3_stmt *statement;
	bool good = true;
	int code = SQLITE_DONE;

	if (!db_prepare(db, "SELECT address, encoded, digest FROM rows ORDER BY address",
			&statement, err))
		return false;
	while (good && (code = sqlite3_step(statement)) == SQLITE_ROW)
		good = load_row(db, a, statement, out, total, err);
	if (good && code != SQLITE_DONE)
		good = db_fail(db, "read", err);
	sqlite3_finalize(statement);
	return good;
}

static bool load_tombstones(struct db *db, struct arena *a, struct state *out,
			    struct total *total, struct error *err)
{
	VEC(struct tombstone) found = { 0 };
	sqlite3_stmt *statement;
	int code;

	if (!db_prepare(db, "SELECT address, generation FROM tombstones ORDER BY address",
			&statement, err))
		return false;
	while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
		struct tombstone *t = vec_push(a, &found);
		int64_t generation;
		struct sha256 digest;

		t->address = str_copy(a, column_text(statement, 0));
		if (!column_number(statement, 1, &generation) || generation > UINT32_MAX)
			break;
		t->generation = (uint32_t)generation;
		digest = tombstone_digest(t->address, generation);
		total_add(total, &digest);
	}
	if (code == SQLITE_ROW)
		damaged(db, err, "a tombstone has no generation");
	else if (code != SQLITE_DONE)
		db_fail(db, "read", err);
	sqlite3_finalize(statement);
	out->tombstones = found.items;
	out->tombstone_count = found.count;
	return code == SQLITE_DONE;
}

static bool load_meta(struct db *db, struct arena *a, const struct meta *meta, struct state *out,
		      struct error *err)
{
	struct value pin;

	if (!json_parse(a, meta->outputs, SPAN_NOWHERE, &out->outputs, err) ||
	    !json_parse(a, meta->pin, SPAN_NOWHERE, &pin, err))
		return error_context(err, "the state '%s'", db->path);
	if (out->outputs.kind != VALUE_MAP || pin.kind != VALUE_MAP)
		return damaged(db, err, "its head is malformed");
	out->pin.target = value_get_str(&pin, "target");
	out->pin.partition = value_get_str(&pin, "partition");
	out->pin.account = value_get_str(&pin, "account");
	out->pin.region = value_get_str(&pin, "region");
	out->lineage = meta->lineage;
	out->serial = db->serial = meta->serial;
	out->project = meta->project;
	out->stage = meta->stage;
	return true;
}

static bool load_all(struct db *db, struct arena *a, struct state *out, struct error *err)
{
	struct total total = { { 0 } };
	struct meta meta = { 0 };

	if (!meta_read(db, a, STATE_SCHEMA_VERSION, &meta, err) ||
	    !load_meta(db, a, &meta, out, err) ||
	    !load_rows(db, a, out, &total, err) || !load_tombstones(db, a, out, &total, err))
		return false;
	if (out->row_count != meta.row_count || out->tombstone_count != meta.tombstone_count)
		return damaged(db, err, "rows are missing");
	if (memcmp(total.bytes, meta.total.bytes, sizeof(total.bytes)) != 0)
		return damaged(db, err, "the digest over all rows does not hold");
	return true;
}

bool db_load(void *context, struct arena *a, struct state *out, struct error *err)
{
	struct db *db = context;
	bool good;

	*out = (struct state){ .outputs = value_map() };
	if (!db_exists(db))
		return true;
	if (!db_open(db, err))
		return false;
	/* One transaction: what a running apply commits meanwhile is not seen in parts. */
	if (!db_exec(db, "BEGIN", "read", err))
		return false;
	good = load_all(db, a, out, err);
	sqlite3_exec(db->handle, "ROLLBACK", NULL, NULL, NULL);
	return good;
}
