#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "db.h"

#define COPY_BYTES 65536
#define COPY_FOLDER "/tmp/effc-state-XXXXXX"	/* POSIX has /tmp */

static bool copy_bytes(int from, int to)
{
	char bytes[COPY_BYTES];
	ssize_t count;

	while ((count = read(from, bytes, sizeof(bytes))) != 0) {
		if (count < 0 && errno == EINTR)
			continue;
		if (count < 0)
			return false;
		for (ssize_t done = 0; done < count;) {
			ssize_t written = write(to, bytes + done, (size_t)(count - done));

			if (written < 0 && errno != EINTR)
				return false;
			done += written > 0 ? written : 0;
		}
	}
	return true;
}

static bool copy_file(const char *from_name, const char *to_name, struct error *err)
{
	int from = open(from_name, O_RDONLY | O_CLOEXEC);
	int to;
	bool good;

	if (from < 0)
		return errno == ENOENT ||
		       error_set(err, ERROR_IO, "cannot read '%s': %s", from_name, strerror(errno));
	to = open(to_name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	good = to >= 0 && copy_bytes(from, to);
	if (!good)
		error_set(err, ERROR_IO, "cannot copy '%s' to '%s': %s", from_name, to_name,
			  strerror(errno));
	if (to >= 0)
		close(to);
	close(from);
	return good;
}

/* The first read rolls back; after it nothing but the open file is needed. */
static bool open_copy(struct db *db, const char *copy, struct error *err)
{
	if (sqlite3_open_v2(copy, &db->handle, SQLITE_OPEN_READWRITE, db->vfs) == SQLITE_OK &&
	    sqlite3_exec(db->handle, "SELECT 1 FROM sqlite_schema", NULL, NULL, NULL) == SQLITE_OK)
		return true;
	db_fail(db, "read", err);
	db_close(db);
	return false;
}

bool snapshot_open(struct db *db, struct error *err)
{
	char folder[] = COPY_FOLDER;
	struct str copy, copy_journal, journal;
	bool good;

	if (!mkdtemp(folder))
		return error_set(err, ERROR_IO,
				 "cannot make a folder for a copy of the state '%s': %s", db->path,
				 strerror(errno));
	copy = str_format(db->arena, "%s/db", folder);
	copy_journal = str_format(db->arena, "%s/db-journal", folder);
	journal = str_format(db->arena, "%s-journal", db->path);
	/* The journal first: a commit that ends between the two copies is then rolled back. */
	good = copy_file(journal.data, copy_journal.data, err) &&
	       copy_file(db->path, copy.data, err) && open_copy(db, copy.data, err);
	unlink(copy.data);
	unlink(copy_journal.data);
	rmdir(folder);
	return good;
}
