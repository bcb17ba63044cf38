#include "fs.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "buf.h"
#include "stats.h"

#define DEPTH_LIMIT 64
#define READ_BYTES 65536

static enum file_kind kind_of(const struct stat *st)
{
	if (S_ISREG(st->st_mode))
		return FILE_REGULAR;
	return S_ISDIR(st->st_mode) ? FILE_FOLDER : FILE_OTHER;
}

/* A path with a NUL in it would name another file. */
static bool path_to_c(struct arena *a, struct str path, char **out, struct error *err)
{
	if (str_index(path, '\0') < path.length)
		return error_set(err, ERROR_IO, "a path with a zero byte in it");
	*out = str_to_c(a, path);
	return true;
}

/* size_bytes: what to expect. */
static bool read_all(int fd, struct arena *a, const char *path, size_t size_bytes,
		     size_t limit_bytes, struct str *out, struct error *err)
{
	struct buf text;
	ssize_t count;

	buf_init(&text, a);
	buf_reserve(&text, size_bytes + 1);
	do {
		if (text.capacity - text.length < 2)
			buf_reserve(&text, READ_BYTES);
		count = read(fd, text.data + text.length, text.capacity - text.length - 1);
		if (count < 0 && errno == EINTR)
			continue;
		if (count < 0)
			return error_set(err, ERROR_IO, "cannot read '%s': %s", path,
					 strerror(errno));
		text.length += (size_t)count;
		if (text.length > limit_bytes)
			return error_set(err, ERROR_LIMIT, "'%s' is larger than %zu bytes", path,
					 limit_bytes);
	} while (count != 0);
	text.data[text.length] = '\0';
	stats.bytes_read += text.length;
	*out = buf_str(&text);
	return true;
}

static bool real_read(void *context ATTR_UNUSED, struct arena *a, struct str path,
		      size_t limit_bytes, struct str *out, struct error *err)
{
	struct stat st;
	bool good = false;
	char *name = NULL;
	int fd;

	if (!path_to_c(a, path, &name, err))
		return false;
	fd = open(name, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return error_set(err, ERROR_IO, "cannot open '%s': %s", name, strerror(errno));
	if (fstat(fd, &st) != 0)
		error_set(err, ERROR_IO, "cannot read '%s': %s", name, strerror(errno));
	else if (S_ISREG(st.st_mode) && (uint64_t)st.st_size > limit_bytes)
		error_set(err, ERROR_LIMIT, "'%s' is larger than %zu bytes", name, limit_bytes);
	else
		good = read_all(fd, a, name, S_ISREG(st.st_mode) ? (size_t)st.st_size : 0,
				limit_bytes, out, err);
	close(fd);
	return good;
}

static enum file_kind real_kind(void *context ATTR_UNUSED, struct str path)
{
	enum file_kind kind = FILE_NONE;
	struct arena scratch;
	struct stat st;
	char *name = NULL;

	arena_init(&scratch);
	if (path_to_c(&scratch, path, &name, NULL) && stat(name, &st) == 0)
		kind = kind_of(&st);
	arena_release(&scratch);
	return kind;
}

static bool is_link(struct arena *a, struct str path)
{
	struct stat st;
	char *name = NULL;

	return path_to_c(a, path, &name, NULL) && lstat(name, &st) == 0 && S_ISLNK(st.st_mode);
}

static bool real_linked(void *context ATTR_UNUSED, struct str folder, struct str path)
{
	struct arena scratch;
	bool linked = false;

	arena_init(&scratch);
	for (size_t at = str_starts(path, folder) ? folder.length + 1 : 1;
	     at <= path.length && !linked; at++) {
		if (at == path.length || path.data[at] == '/')
			linked = is_link(&scratch, str_slice(path, 0, at));
	}
	arena_release(&scratch);
	return linked;
}

struct walk {
	struct arena *arena;
	struct str root;
	struct file_info_vec *out;
	struct error *err;
};

static bool walk_folder(struct walk *w, struct str folder, unsigned depth);

static bool walk_entry(struct walk *w, struct str path, unsigned depth)
{
	const char *name = str_to_c(w->arena, path_join(w->arena, w->root, path));
	struct stat link, target;

	if (lstat(name, &link) != 0)
		return error_set(w->err, ERROR_IO, "cannot read '%s': %s", name, strerror(errno));
	if (S_ISDIR(link.st_mode))
		return walk_folder(w, path, depth + 1);
	if (stat(name, &target) != 0)
		return error_set(w->err, ERROR_IO, "cannot follow '%s': %s", name,
				 strerror(errno));
	if (S_ISREG(target.st_mode))
		*vec_push(w->arena, w->out) = (struct file_info){
			.path = path, .kind = FILE_REGULAR,
			.mode = (uint32_t)target.st_mode & 07777,
			.size_bytes = (uint64_t)target.st_size,
		};
	return true;
}

static bool walk_folder(struct walk *w, struct str folder, unsigned depth)
{
	const char *name = str_to_c(w->arena, path_join(w->arena, w->root, folder));
	const struct dirent *entry;
	bool good = true;
	DIR *stream;

	if (depth > DEPTH_LIMIT)
		return error_set(w->err, ERROR_LIMIT, "'%s' is nested too deeply", name);
	stream = opendir(*name ? name : ".");
	if (!stream)
		return error_set(w->err, ERROR_IO, "cannot list '%s': %s", name, strerror(errno));
	while (good && (errno = 0, entry = readdir(stream))) {
		struct str child = str_copy(w->arena, str_from_c(entry->d_name));

		if (!str_equal(child, STR(".")) && !str_equal(child, STR("..")))
			good = walk_entry(w, path_join(w->arena, folder, child), depth);
	}
	if (good && errno)
		good = error_set(w->err, ERROR_IO, "cannot list '%s': %s", name, strerror(errno));
	closedir(stream);
	return good;
}

static int compare_paths(const void *left, const void *right)
{
	const struct file_info *a = left, *b = right;

	stats.comparisons++;
	return str_compare(a->path, b->path);
}

static bool real_list(void *context ATTR_UNUSED, struct arena *a, struct str folder,
		      struct file_info_vec *out, struct error *err)
{
	struct walk walk = { .arena = a, .root = folder, .out = out, .err = err };
	char *name = NULL;

	*out = (struct file_info_vec){ 0 };
	if (!path_to_c(a, folder, &name, err) || !walk_folder(&walk, (struct str){ 0 }, 0))
		return false;
	if (out->count)
		qsort(out->items, out->count, sizeof(*out->items), compare_paths);
	return true;
}

static bool add_entry(struct arena *a, struct str folder, struct str name,
		      struct file_info_vec *out, struct error *err)
{
	const char *path = str_to_c(a, path_join(a, folder, name));
	struct stat st;

	/* A link to nowhere is no file. */
	if (stat(path, &st) != 0)
		return errno == ENOENT || errno == ELOOP ||
		       error_set(err, ERROR_IO, "cannot read '%s': %s", path, strerror(errno));
	if (kind_of(&st) != FILE_OTHER)
		*vec_push(a, out) = (struct file_info){
			.path = str_copy(a, name), .kind = kind_of(&st),
			.mode = (uint32_t)st.st_mode & 07777,
			.size_bytes = (uint64_t)st.st_size,
		};
	return true;
}

static bool real_entries(void *context ATTR_UNUSED, struct arena *a, struct str folder,
			 struct file_info_vec *out, struct error *err)
{
	const struct dirent *entry;
	bool good = true;
	char *name = NULL;
	DIR *stream;

	*out = (struct file_info_vec){ 0 };
	if (!path_to_c(a, folder, &name, err))
		return false;
	stream = opendir(name);
	if (!stream)
		return error_set(err, ERROR_IO, "cannot list '%s': %s", name, strerror(errno));
	while (good && (errno = 0, entry = readdir(stream))) {
		struct str child = str_from_c(entry->d_name);

		if (!str_equal(child, STR(".")) && !str_equal(child, STR("..")))
			good = add_entry(a, folder, child, out, err);
	}
	if (good && errno)
		good = error_set(err, ERROR_IO, "cannot list '%s': %s", name, strerror(errno));
	closedir(stream);
	if (out->count)
		qsort(out->items, out->count, sizeof(*out->items), compare_paths);
	return good;
}

const struct files *files_real(void)
{
	static const struct files real = {
		.read = real_read, .kind = real_kind, .linked = real_linked,
		.entries = real_entries, .list = real_list,
	};

	return &real;
}
