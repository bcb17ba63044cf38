#include "fs.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool write_all(int fd, struct str text)
{
	while (text.length) {
		ssize_t count = write(fd, text.data, text.length);

		if (count < 0 && errno == EINTR)
			continue;
		if (count < 0)
			return false;
		text = str_slice(text, (size_t)count, text.length);
	}
	return true;
}

/* A new file with this text, safely on the disk; errno says why not.  exact: whatever the umask. */
static bool write_new(const char *name, struct str text, uint32_t mode, bool exact)
{
	int fd, saved;
	bool good;

	/* Left over from a run that was killed while it had our number. */
	unlink(name);
	fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, (mode_t)mode);
	if (fd < 0)
		return false;
	good = write_all(fd, text) && (!exact || fchmod(fd, (mode_t)mode) == 0) && fsync(fd) == 0;
	saved = errno;
	if (close(fd) != 0 && good) {
		good = false;
		saved = errno;
	}
	if (!good)
		unlink(name);
	errno = saved;
	return good;
}

/* Without this, a crash of the machine may undo the rename. */
static void sync_folder(const char *folder)
{
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return;
	fsync(fd);
	close(fd);
}

static bool replace(struct str path, struct str text, uint32_t mode, bool exact,
		    struct error *err)
{
	struct arena scratch;
	const char *name, *beside;
	bool good = true;

	arena_init(&scratch);
	name = str_to_c(&scratch, path);
	beside = str_format(&scratch, "%s.new%ld", name, (long)getpid()).data;
	if (!write_new(beside, text, mode, exact)) {
		good = error_set(err, ERROR_IO, "cannot write '%s': %s", beside, strerror(errno));
	} else if (rename(beside, name) != 0) {
		good = error_set(err, ERROR_IO, "cannot replace '%s': %s", name, strerror(errno));
		unlink(beside);
	} else {
		sync_folder(str_to_c(&scratch, path_folder(path)));
	}
	arena_release(&scratch);
	return good;
}

bool file_replace(struct str path, struct str text, uint32_t mode, struct error *err)
{
	return replace(path, text, mode, false, err);
}

#define LINKS_MOST 40

/* The file itself, where the path is that of a link; false with errno. */
static bool follow_links(struct arena *a, struct str *path, struct stat *st)
{
	char target[4096];

	for (int i = 0; i < LINKS_MOST; i++) {
		const char *name = str_to_c(a, *path);
		ssize_t length;

		if (lstat(name, st) != 0)
			return false;
		if (!S_ISLNK(st->st_mode))
			return true;
		length = readlink(name, target, sizeof(target));
		if (length < 0)
			return false;
		*path = path_join(a, path_folder(*path),
				  str_copy(a, str_of(target, (size_t)length)));
	}
	errno = ELOOP;
	return false;
}

bool file_rewrite(struct str path, struct str text, struct error *err)
{
	struct str real = path;
	struct arena scratch;
	struct stat st;
	bool good;

	arena_init(&scratch);
	if (follow_links(&scratch, &real, &st))
		good = replace(real, text, (uint32_t)st.st_mode & 07777, true, err);
	else
		good = error_set(err, ERROR_IO, "cannot find '%.*s': %s", STR_ARG(path),
				 strerror(errno));
	arena_release(&scratch);
	return good;
}

bool file_create(struct str path, struct str text, uint32_t mode, struct error *err)
{
	struct arena scratch;
	const char *name, *beside;
	bool good = true;

	arena_init(&scratch);
	name = str_to_c(&scratch, path);
	beside = str_format(&scratch, "%s.new%ld", name, (long)getpid()).data;
	if (!write_new(beside, text, mode, false)) {
		good = error_set(err, ERROR_IO, "cannot write '%s': %s", beside, strerror(errno));
	} else {
		/* Unlike a rename, a link never takes the place of anything. */
		if (link(beside, name) != 0)
			good = error_set(err, ERROR_IO, "cannot write '%s': %s", name,
					 strerror(errno));
		unlink(beside);
		sync_folder(str_to_c(&scratch, path_folder(path)));
	}
	arena_release(&scratch);
	return good;
}

static bool make_one(const char *name, struct error *err)
{
	struct stat st;

	if (mkdir(name, 0777) == 0)
		return true;
	if (errno == EEXIST && stat(name, &st) == 0 && S_ISDIR(st.st_mode))
		return true;
	return error_set(err, ERROR_IO, "cannot make the folder '%s': %s", name, strerror(errno));
}

bool folder_make(struct str path, struct error *err)
{
	struct arena scratch;
	bool good = true;

	arena_init(&scratch);
	for (size_t end = 1; good && end <= path.length; end++) {
		if (end == path.length || path.data[end] == '/')
			good = make_one(str_to_c(&scratch, str_slice(path, 0, end)), err);
	}
	arena_release(&scratch);
	return good;
}
