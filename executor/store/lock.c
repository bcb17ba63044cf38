#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fs.h"
#include "db.h"

#define HOLDER_BYTES 256

/* Missing folders are ours alone; those that are there stay as they are. */
static bool make_folder(struct arena *a, struct str path, struct error *err)
{
	struct str parent = path_folder(path);
	const char *name = str_to_c(a, path);
	struct stat st;

	if (stat(name, &st) == 0)
		return S_ISDIR(st.st_mode) ||
		       error_set(err, ERROR_IO, "'%s' is no folder", name);
	if (!str_equal(parent, path) && !make_folder(a, parent, err))
		return false;
	if (mkdir(name, 0700) != 0 && errno != EEXIST)
		return error_set(err, ERROR_IO, "cannot make the folder '%s': %s", name,
				 strerror(errno));
	return true;
}

/* Shown to others: whatever a program left in the file cannot harm a terminal. */
static void read_holder(int fd, char out[HOLDER_BYTES])
{
	ssize_t count = pread(fd, out, HOLDER_BYTES - 1, 0);

	out[count > 0 ? count : 0] = '\0';
	for (char *c = out; *c; c++)
		if ((unsigned char)*c < ' ' || (unsigned char)*c >= 127)
			*c = ' ';
	if (!out[0])
		snprintf(out, HOLDER_BYTES, "another run");
}

static void write_holder(int fd, struct str who, int64_t wall_ms)
{
	struct utc t = utc_from_s(wall_ms / 1000);
	char text[HOLDER_BYTES];
	int length = snprintf(text, sizeof(text), "%.*s since %04d-%02d-%02d %02d:%02d:%02d UTC",
			      (int)(who.length < 200 ? who.length : 200), who.data ? who.data : "",
			      t.year, t.month, t.day, t.hour, t.minute, t.second);

	/* For the message only: a failure here changes nothing. */
	if (ftruncate(fd, 0) == 0 && length > 0 && pwrite(fd, text, (size_t)length, 0) < 0)
		return;
}

bool db_lock(void *context, struct str who, int64_t wall_ms, struct error *err)
{
	struct db *db = context;
	struct str name = str_format(db->arena, "%s.lock", db->path);
	char holder[HOLDER_BYTES];
	int fd;

	CHECK(!db->read_only);
	if (db->lock_fd >= 0)
		return true;
	if (!make_folder(db->arena, path_folder(str_from_c(db->path)), err))
		return false;
	fd = open(name.data, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0)
		return error_set(err, ERROR_IO, "cannot open the lock '%s': %s", name.data,
				 strerror(errno));
	/* The kernel lets it go when we end, however we end; children do not inherit it. */
	if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
		int number = errno;

		read_holder(fd, holder);
		close(fd);
		if (number != EWOULDBLOCK)
			return error_set(err, ERROR_IO, "cannot lock '%s': %s", name.data,
					 strerror(number));
		return error_set(err, ERROR_REFUSED,
				 "the state '%s' is being changed by %s; wait until it ends",
				 db->path, holder);
	}
	write_holder(fd, who, wall_ms);
	db->lock_fd = fd;
	return true;
}

void db_unlock(void *context)
{
	struct db *db = context;

	if (db->lock_fd < 0)
		return;
	close(db->lock_fd);
	db->lock_fd = -1;
}
