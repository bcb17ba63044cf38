#include "bundle.h"

#include <stdlib.h>

#include "base/hash.h"

struct scan {
	struct arena *arena;
	const struct files *files;
	struct str root;
	VEC(struct bundle_file) found;
	struct error *err;
};

static bool is_left_out(struct str path)
{
	struct str part;

	while (str_split(&path, '/', &part))
		if (part.length > 0 && part.data[0] == '.')
			return true;
	return false;
}

static void add_file(struct scan *s, struct str path, uint32_t mode)
{
	struct bundle_file *file = vec_push(s->arena, &s->found);

	file->path = path;
	file->source = path_join(s->arena, s->root, path);
	file->mode = mode & 0111 ? 0755 : 0644;
}

static bool add_folder(struct scan *s, struct str folder)
{
	struct file_info_vec listed = { 0 };
	bool top = str_equal(folder, STR("."));

	if (!s->files->list(s->files->context, s->arena, path_join(s->arena, s->root, folder),
			    &listed, s->err))
		return false;
	for (size_t i = 0; i < listed.count; i++)
		if (!is_left_out(listed.items[i].path))
			add_file(s, top ? listed.items[i].path :
					  path_join(s->arena, folder, listed.items[i].path),
				 listed.items[i].mode);
	return true;
}

static bool add_path(struct scan *s, struct str given)
{
	struct str path;

	if (given.length > 0 && given.data[0] == '/')
		return error_set(s->err, ERROR_IO,
				 "'%.*s' is not inside the project: write it relative "
				 "to the spec's folder",
				 STR_ARG(given));
	if (!path_normalize(s->arena, given, &path))
		return error_set(s->err, ERROR_IO, "'%.*s' is not inside the project",
				 STR_ARG(given));
	if (path.length == 0)
		path = STR(".");
	switch (s->files->kind(s->files->context, path_join(s->arena, s->root, path))) {
	case FILE_REGULAR:
		add_file(s, path, 0644);
		return true;
	case FILE_FOLDER:
		return add_folder(s, path);
	case FILE_NONE:
		return error_set(s->err, ERROR_IO, "'%.*s' does not exist", STR_ARG(path));
	case FILE_OTHER:
		break;
	}
	return error_set(s->err, ERROR_IO, "'%.*s' is neither a file nor a folder", STR_ARG(path));
}

static int by_path(const void *left, const void *right)
{
	const struct bundle_file *a = left, *b = right;

	return str_compare(a->path, b->path);
}

/* Sorts, and drops what was named twice. */
static void settle(struct scan *s, struct bundle *out)
{
	size_t kept = 0;

	if (s->found.count > 0)
		qsort(s->found.items, s->found.count, sizeof(*s->found.items), by_path);
	for (size_t i = 0; i < s->found.count; i++)
		if (kept == 0 || !str_equal(s->found.items[kept - 1].path, s->found.items[i].path))
			s->found.items[kept++] = s->found.items[i];
	out->files = s->found.items;
	out->file_count = kept;
}

static void add_number(struct sha256_stream *stream, uint64_t number)
{
	char bytes[8];

	for (int i = 0; i < 8; i++)
		bytes[i] = (char)(number >> (8 * i) & 0xff);
	sha256_add(stream, str_of(bytes, sizeof(bytes)));
}

static bool digest_file(const struct files *files, const struct bundle_file *file, uint64_t *left,
			struct sha256_stream *stream, struct error *err)
{
	struct arena scratch;
	struct str content;
	bool ok;

	arena_init(&scratch);
	ok = files->read(files->context, &scratch, file->source, *left, &content, err);
	if (ok) {
		add_number(stream, file->path.length);
		sha256_add(stream, file->path);
		add_number(stream, file->mode);
		add_number(stream, content.length);
		sha256_add(stream, content);
		*left -= content.length;
	}
	arena_release(&scratch);
	return ok;
}

bool bundle_scan(struct arena *a, const struct files *files, struct str root, struct str path,
		 const struct str *more, size_t more_count, struct bundle *out, struct error *err)
{
	struct scan s = { .arena = a, .files = files, .root = root, .err = err };
	uint64_t left = BUNDLE_UNPACKED_LIMIT;
	struct sha256_stream stream;
	struct sha256 digest;
	bool ok = true;

	if (!add_path(&s, path))
		return false;
	for (size_t i = 0; i < more_count; i++)
		if (!add_path(&s, more[i]))
			return false;
	settle(&s, out);
	if (out->file_count == 0)
		return error_set(err, ERROR_IO, "there is no file in '%.*s'", STR_ARG(path));
	sha256_begin(&stream);
	for (size_t i = 0; ok && i < out->file_count; i++)
		ok = digest_file(files, &out->files[i], &left, &stream, err);
	digest = sha256_end(&stream);
	if (!ok && err->kind == ERROR_LIMIT)
		return error_set(err, ERROR_LIMIT,
				 "the code in '%.*s' has more than %u MB unpacked, "
				 "the most that Lambda takes",
				 STR_ARG(path), BUNDLE_UNPACKED_LIMIT >> 20);
	out->digest = hex_encode(a, digest.bytes, sizeof(digest.bytes));
	out->size_bytes = BUNDLE_UNPACKED_LIMIT - left;
	return ok;
}
