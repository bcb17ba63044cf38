#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fs.h"
#include "db.h"

/*
 * The kernel knows whether a holder lives: it lets the lock of the file beside the
 * state go when the process ends, however it ends.  What it cannot tell is whether
 * one that lives still may write: for that the lease has a number in the database,
 * and whoever takes it from a living holder puts another file in the lock's place.
 */
#define TRIES 5				/* others may look at the lock for a moment */
#define TRY_AGAIN_MS 20

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

static struct str lock_name(struct db *db)
{
	return str_format(db->arena, "%s.lock", db->path);
}

static bool cannot(struct db *db, const char *doing, struct error *err)
{
	return error_set(err, ERROR_IO, "cannot %s the lock '%s.lock': %s", doing, db->path,
			 strerror(errno));
}

/* Whether the file that is held is still the one that everybody looks at. */
static bool is_in_place(struct db *db, int fd)
{
	struct stat ours, named;

	return fstat(fd, &ours) == 0 && stat(lock_name(db).data, &named) == 0 &&
	       ours.st_dev == named.st_dev && ours.st_ino == named.st_ino;
}

/* For people, and for others to see it move: a failure here changes nothing. */
static void write_holder(int fd, struct arena *a, const struct lease *lease)
{
	struct str text = lease_encode(a, lease);

	if (pwrite(fd, text.data, text.length, 0) != (ssize_t)text.length)
		return;
	if (ftruncate(fd, (off_t)text.length) != 0)
		return;
}

static void read_holder(int fd, struct arena *a, struct lease *out)
{
	char text[LEASE_TEXT_LIMIT_BYTES];
	ssize_t count = pread(fd, text, sizeof(text), 0);

	if (count <= 0 || !lease_decode(a, str_of(text, (size_t)count), out))
		*out = (struct lease){ .owner = { .command = STR("of another run") } };
	out->held = true;
}

/* -1: somebody else has it, or err is set. */
static int try_once(struct db *db, struct error *err)
{
	int fd = open(lock_name(db).data, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	if (fd < 0) {
		cannot(db, "open", err);
		return -1;
	}
	/* Children do not inherit it. */
	if (flock(fd, LOCK_EX | LOCK_NB) == 0 && is_in_place(db, fd))
		return fd;
	if (errno != EWOULDBLOCK && is_in_place(db, fd))
		cannot(db, "take", err);
	close(fd);
	return -1;
}

static bool refused(struct db *db, struct error *err)
{
	struct lease holder = { 0 };
	int fd = open(lock_name(db).data, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return cannot(db, "read", err);
	read_holder(fd, db->arena, &holder);
	close(fd);
	return error_set(err, ERROR_REFUSED,
			 "the state '%s' is being changed by %.*s; nothing was done here. Wait "
			 "until it ends; if it hangs, end that process, or take the lease from it "
			 "with 'effc lock break'",
			 db->path, STR_ARG(lease_text(db->arena, &holder)));
}

static bool lock_file(struct db *db, const struct clock *clock, struct error *err)
{
	struct error why = { 0 };

	for (int i = 0; i < TRIES; i++) {
		if (i)
			clock->sleep_ms(clock->context, TRY_AGAIN_MS);
		db->lock_fd = try_once(db, &why);
		if (db->lock_fd >= 0)
			return true;
		if (why.kind != ERROR_NONE)
			return error_set(err, why.kind, "%s", why.text);
	}
	return refused(db, err);
}

/* The file beside remembers the number, too: a damaged state can still be mended. */
static bool number_take(struct db *db, struct error *err)
{
	struct lease last = { 0 };
	struct error why = { 0 };

	read_holder(db->lock_fd, db->arena, &last);
	db->lease.epoch = last.epoch + 1;
	if (!db_exists(db) || fence_take(db, &db->lease, &why) || why.kind == ERROR_CORRUPT)
		return true;
	return error_set(err, why.kind, "%s", why.text);
}

bool db_lock(void *context, const struct lease_owner *who, const struct clock *clock,
	     struct error *err)
{
	struct db *db = context;

	CHECK(!db->read_only);
	if (db->lock_fd >= 0)
		return true;
	if (!make_folder(db->arena, path_folder(str_from_c(db->path)), err) ||
	    !lock_file(db, clock, err))
		return false;
	db->clock = clock;
	db->lease = lease_begin(&db->lease_arena, who, clock, 0);
	if (!number_take(db, err)) {
		close(db->lock_fd);
		db->lock_fd = -1;
		return false;
	}
	db->beat_at_ms = clock->now_ms(clock->context) + LEASE_BEAT_MS;
	write_holder(db->lock_fd, &db->lease_arena, &db->lease);
	return true;
}

void db_unlock(void *context)
{
	struct db *db = context;

	if (db->lock_fd < 0)
		return;
	db->lease.held = false;
	write_holder(db->lock_fd, &db->lease_arena, &db->lease);
	close(db->lock_fd);
	db->lock_fd = -1;
}

/* ---- whether it is still ours ---- */

bool db_holds(void *context, struct error *err)
{
	struct db *db = context;
	struct arena scratch;
	struct lease now = { 0 };

	if (is_in_place(db, db->lock_fd))
		return true;
	arena_init(&scratch);
	if (!db_exists(db) || !fence_read(db, &scratch, &now, NULL))
		now.owner.command = STR("of another run");
	error_set(err, ERROR_REFUSED,
		  "the lease of the state '%s' was taken from this run by %.*s: nothing more is "
		  "changed",
		  db->path, STR_ARG(lease_text(&scratch, &now)));
	arena_release(&scratch);
	return false;
}

bool db_tend(void *context, int64_t *wake_ms, struct error *err)
{
	struct db *db = context;
	const struct clock *clock = db->clock;
	int64_t now_ms = clock ? clock->now_ms(clock->context) : 0;

	*wake_ms = INT64_MAX;
	if (db->lock_fd < 0)
		return true;
	*wake_ms = db->beat_at_ms;
	if (now_ms < db->beat_at_ms)
		return true;
	if (!db_holds(db, err))
		return false;
	db->lease.beat++;
	db->lease.beat_s = clock->wall_ms(clock->context) / 1000;
	write_holder(db->lock_fd, &db->lease_arena, &db->lease);
	*wake_ms = db->beat_at_ms = now_ms + LEASE_BEAT_MS;
	return true;
}

/* ---- for others ---- */

bool db_holder(void *context, struct arena *a, struct lease *out, struct error *err)
{
	struct db *db = context;
	uint64_t epoch;
	int fd;

	*out = (struct lease){ 0 };
	if (db_exists(db) && !fence_read(db, a, out, err))
		return false;
	out->held = false;
	epoch = out->epoch;
	fd = open(lock_name(db).data, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT || cannot(db, "open", err);
	if (flock(fd, LOCK_SH | LOCK_NB) != 0) {
		read_holder(fd, a, out);
		out->epoch = epoch > out->epoch ? epoch : out->epoch;
	}
	close(fd);
	return true;
}

bool db_revoke(void *context, const struct lease_owner *who, const struct clock *clock,
	       struct error *err)
{
	struct db *db = context;
	struct lease lease = lease_begin(&db->lease_arena, who, clock, 0);

	CHECK(!db->read_only && db->lock_fd < 0);
	lease.held = false;
	/* The number first: from here on the holder's commits fail. */
	if (db_exists(db) && !fence_take(db, &lease, err))
		return error_context(err, "the holder may be in the middle of a commit; end its "
				     "process instead");
	return unlink(lock_name(db).data) == 0 || errno == ENOENT || cannot(db, "remove", err);
}
