#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "db.h"

#define DAMAGED_NAMES 1000

/* "dev.db" -> "dev.history", beside it. */
static struct str folder_of(struct arena *a, const struct db *db)
{
	struct str path = str_from_c(db->path), ending = STR(".db");

	if (str_ends(path, ending))
		path.length -= ending.length;
	return str_format(a, "%.*s.history", STR_ARG(path));
}

bool db_keep(void *context, const struct state *state, const struct document_note *note,
	     struct error *err)
{
	struct db *db = context;

	CHECK(!db->read_only && db->lock_fd >= 0);
	return history_keep(folder_of(db->arena, db), state, note, err);
}

bool db_history(void *context, struct arena *a, struct version_vec *out, struct error *err)
{
	return history_list(a, folder_of(a, context), out, err);
}

bool db_load_version(void *context, struct arena *a, struct str id, bool head,
		     struct state_document *out, struct error *err)
{
	return history_load(a, folder_of(a, context), id, head, out, err);
}

/* ---- restoring ---- */

static void submit_all(struct db *db, const struct state *state)
{
	struct store_write w = { .outputs = &state->outputs };

	if (state->pin.account.length)
		w.pin = &state->pin;
	db_submit(db, &w, 1);
	for (size_t i = 0; i < state->row_count; i++) {
		w = (struct store_write){ .put = state->rows[i] };
		db_submit(db, &w, 1);
	}
	for (size_t i = 0; i < state->tombstone_count; i++) {
		w = (struct store_write){ .tombstone = state->tombstones[i] };
		db_submit(db, &w, 1);
	}
}

/* The whole state in a file of its own; the one that is current is not looked at. */
static bool write_beside(struct db *db, char *beside, const struct state *state,
			 struct error *err)
{
	struct meta meta = {
		.serial = state->serial - 1, .schema_version = STATE_SCHEMA_VERSION,
		.lineage = state->lineage, .project = state->project, .stage = state->stage,
		.pin = STR("{}"), .outputs = STR("{}"),
	};
	char *path = db->path;
	uint64_t durable;
	bool good;

	db_remove_file(db->arena, beside);
	if (!db_make_file(db, beside, &meta, err))
		return false;
	db->path = beside;
	submit_all(db, state);
	good = db_poll(db, &durable, err);
	db_close(db);
	db->path = path;
	return good;
}

static bool moved(const char *from, const char *to, struct error *err)
{
	return rename(from, to) == 0 || errno == ENOENT ||
	       error_set(err, ERROR_IO, "cannot rename '%s' to '%s': %s", from, to,
			 strerror(errno));
}

/* With its journal, which must never meet another file. */
static bool put_aside(struct db *db, struct error *err)
{
	struct arena *a = db->arena;
	struct str name;
	int i = 0;

	do
		name = str_format(a, "%s.damaged%d", db->path, ++i);
	while (i < DAMAGED_NAMES && access(name.data, F_OK) == 0);
	return moved(str_format(a, "%s-journal", db->path).data,
		     str_format(a, "%s-journal", name.data).data, err) &&
	       moved(db->path, name.data, err);
}

static bool reads_whole(struct db *db)
{
	struct arena scratch;
	struct state state;
	bool good;

	arena_init(&scratch);
	good = db_load(db, &scratch, &state, NULL);
	arena_release(&scratch);
	return good;
}

bool db_restore(void *context, const struct state *state, struct error *err)
{
	struct db *db = context;
	char *beside = str_to_c(db->arena, str_format(db->arena, "%s.new", db->path));
	bool whole;

	CHECK(!db->read_only && db->lock_fd >= 0 && state->serial > 1);
	if (!db_holds(db, err))
		return false;
	/* Reading it rolls back what a killed writer left: then it has no journal. */
	whole = reads_whole(db);
	db_close(db);
	if (!write_beside(db, beside, state, err))
		return false;
	if (!whole && !put_aside(db, err))
		return false;
	return moved(beside, db->path, err) && db_sync_folder(db->arena, db->path, err) &&
	       db_open(db, err);
}
