#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/fs.h"
#include "db.h"

void db_remove_file(struct arena *a, const char *name)
{
	unlink(name);
	unlink(str_format(a, "%s-journal", name).data);
}

bool db_sync_folder(struct arena *a, const char *path, struct error *err)
{
	const char *folder = str_to_c(a, path_folder(str_from_c(path)));
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool good = fd >= 0 && fsync(fd) == 0;

	if (!good)
		error_set(err, ERROR_IO, "cannot sync the folder '%s': %s", folder,
			  strerror(errno));
	if (fd >= 0)
		close(fd);
	return good;
}

bool db_make_file(struct db *db, const char *beside, const struct meta *meta, struct error *err)
{
	int fd = open(beside, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	bool good;

	if (fd < 0)
		return error_set(err, ERROR_IO, "cannot make '%s': %s", beside, strerror(errno));
	close(fd);
	good = sqlite3_open_v2(beside, &db->handle, SQLITE_OPEN_READWRITE, db->vfs) == SQLITE_OK ||
	       db_fail(db, "make", err);
	good = good &&
	       db_exec(db,
		       "PRAGMA journal_mode = DELETE; PRAGMA synchronous = EXTRA; BEGIN IMMEDIATE",
		       "make", err) &&
	       schema_create(db, err) && meta_write(db, meta, true, err) && fence_create(db, err) &&
	       db_exec(db, "COMMIT", "make", err);
	db_close(db);
	return good;
}

static bool create(void *context, struct str project, struct str stage, struct str lineage,
		   struct error *err)
{
	struct db *db = context;
	struct str beside = str_format(db->arena, "%s.new", db->path);
	struct meta meta = {
		.serial = 1, .schema_version = STATE_SCHEMA_VERSION, .lineage = lineage,
		.project = project, .stage = stage, .pin = STR("{}"), .outputs = STR("{}"),
	};
	bool good;

	CHECK(!db->read_only && db->lock_fd >= 0);
	if (db_exists(db))
		return error_set(err, ERROR_REFUSED, "the state '%s' exists already", db->path);
	/* A run that was killed while making it left no state, so this one is free. */
	db_remove_file(db->arena, beside.data);
	good = db_make_file(db, beside.data, &meta, err);
	if (good && rename(beside.data, db->path) != 0)
		good = error_set(err, ERROR_IO, "cannot rename '%s' to '%s': %s", beside.data,
				 db->path, strerror(errno));
	if (!good)
		db_remove_file(db->arena, beside.data);
	return good && db_sync_folder(db->arena, db->path, err) && db_open(db, err);
}

static void close_store(void *context)
{
	struct db *db = context;

	db_close(db);
	db_unlock(db);
	arena_release(&db->lease_arena);
	arena_release(&db->batch_arena);
	memset(&db->batch, 0, sizeof(db->batch));
}

static uint64_t db_serial(void *context)
{
	const struct db *db = context;

	return db->serial;
}

struct store *store_sqlite(struct arena *a, struct str path, bool read_only, const char *vfs,
			   struct error *err)
{
	struct db *db = arena_new(a, struct db);

	db->store = (struct store){
		.context = db, .load = db_load, .create = create, .lock = db_lock,
		.unlock = db_unlock, .holder = db_holder, .revoke = db_revoke, .tend = db_tend,
		.holds = db_holds, .submit = db_submit, .poll = db_poll, .close = close_store,
		.serial = db_serial, .keep = db_keep, .history = db_history,
		.load_version = db_load_version, .restore = db_restore,
	};
	db->arena = a;
	db->path = str_to_c(a, path);
	db->vfs = vfs;
	db->read_only = read_only;
	db->lock_fd = -1;
	arena_init(&db->batch_arena);
	arena_init(&db->lease_arena);
	if (vfs && !sqlite3_vfs_find(vfs)) {
		error_set(err, ERROR_IO, "there is no SQLite VFS '%s'", vfs);
		return NULL;
	}
	return &db->store;
}
