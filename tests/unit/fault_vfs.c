#include "fault_vfs.h"

#include <signal.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <unistd.h>

/* The methods of the system's file, called through a struct that has them behind ours. */
struct fault_file {
	sqlite3_file base;
	sqlite3_file *real;
};

static struct {
	sqlite3_vfs vfs;
	sqlite3_vfs *real;
	enum fault fault;
	unsigned n, seen;
	bool sticks, unsynced;
} state;

static sqlite3_file *real_of(sqlite3_file *f)
{
	return ((struct fault_file *)f)->real;
}

static bool fails(bool is_sync)
{
	if (state.fault == FAULT_SYNC && !is_sync)
		return false;
	state.seen++;
	if (!state.n || (state.sticks ? state.seen < state.n : state.seen != state.n))
		return false;
	if (state.fault == FAULT_KILL)
		kill(getpid(), SIGKILL);
	return true;
}

static int fault_close(sqlite3_file *f)
{
	int code = real_of(f)->pMethods->xClose(real_of(f));

	sqlite3_free(real_of(f));
	return code;
}

static int fault_read(sqlite3_file *f, void *out, int count, sqlite3_int64 offset)
{
	return real_of(f)->pMethods->xRead(real_of(f), out, count, offset);
}

static int fault_write(sqlite3_file *f, const void *bytes, int count, sqlite3_int64 offset)
{
	if (!fails(false))
		return real_of(f)->pMethods->xWrite(real_of(f), bytes, count, offset);
	if (state.fault == FAULT_SHORT)
		real_of(f)->pMethods->xWrite(real_of(f), bytes, count / 2, offset);
	return state.fault == FAULT_FULL ? SQLITE_FULL : SQLITE_IOERR_WRITE;
}

static int fault_truncate(sqlite3_file *f, sqlite3_int64 size)
{
	if (fails(false))
		return SQLITE_IOERR_TRUNCATE;
	return real_of(f)->pMethods->xTruncate(real_of(f), size);
}

static int fault_sync(sqlite3_file *f, int flags)
{
	if (fails(true))
		return SQLITE_IOERR_FSYNC;
	return state.unsynced ? SQLITE_OK : real_of(f)->pMethods->xSync(real_of(f), flags);
}

static int fault_size(sqlite3_file *f, sqlite3_int64 *size)
{
	return real_of(f)->pMethods->xFileSize(real_of(f), size);
}

static int fault_lock(sqlite3_file *f, int level)
{
	return real_of(f)->pMethods->xLock(real_of(f), level);
}

static int fault_unlock(sqlite3_file *f, int level)
{
	return real_of(f)->pMethods->xUnlock(real_of(f), level);
}

static int fault_check_lock(sqlite3_file *f, int *held)
{
	return real_of(f)->pMethods->xCheckReservedLock(real_of(f), held);
}

static int fault_control(sqlite3_file *f, int operation, void *argument)
{
	return real_of(f)->pMethods->xFileControl(real_of(f), operation, argument);
}

static int fault_sector_size(sqlite3_file *f)
{
	return real_of(f)->pMethods->xSectorSize(real_of(f));
}

/* None promised: so every write of SQLite is one of ours. */
static int fault_characteristics(sqlite3_file *f)
{
	(void)f;
	return 0;
}

static const sqlite3_io_methods methods = {
	.iVersion = 1, .xClose = fault_close, .xRead = fault_read, .xWrite = fault_write,
	.xTruncate = fault_truncate, .xSync = fault_sync, .xFileSize = fault_size,
	.xLock = fault_lock, .xUnlock = fault_unlock, .xCheckReservedLock = fault_check_lock,
	.xFileControl = fault_control, .xSectorSize = fault_sector_size,
	.xDeviceCharacteristics = fault_characteristics,
};

static int fault_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *f, int flags, int *out)
{
	struct fault_file *file = (struct fault_file *)f;
	int code;

	(void)vfs;
	f->pMethods = NULL;
	file->real = sqlite3_malloc(state.real->szOsFile);
	if (!file->real)
		return SQLITE_NOMEM;
	code = state.real->xOpen(state.real, name, file->real, flags, out);
	if (code != SQLITE_OK) {
		sqlite3_free(file->real);
		return code;
	}
	f->pMethods = &methods;
	return SQLITE_OK;
}

static int fault_delete(sqlite3_vfs *vfs, const char *name, int sync_folder)
{
	(void)vfs;
	if (fails(false))
		return SQLITE_IOERR_DELETE;
	return state.real->xDelete(state.real, name, sync_folder);
}

void fault_vfs_install(void)
{
	state.real = sqlite3_vfs_find(NULL);
	state.vfs = *state.real;
	state.vfs.zName = "fault";
	state.vfs.szOsFile = (int)sizeof(struct fault_file);
	state.vfs.xOpen = fault_open;
	state.vfs.xDelete = fault_delete;
	state.vfs.pNext = NULL;
	if (sqlite3_vfs_register(&state.vfs, 0) != SQLITE_OK)
		abort();
}

void fault_set(enum fault fault, unsigned n, bool sticks)
{
	state.fault = fault;
	state.n = n;
	state.sticks = sticks;
	state.seen = 0;
}

unsigned fault_seen(void)
{
	return state.seen;
}

void fault_skip_syncs(void)
{
	state.unsynced = true;
}
