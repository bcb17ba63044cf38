#include "fs.h"

#include <stdlib.h>

#include "attr.h"
#include "map.h"

/* Texts by normalised path. */
struct table {
	struct map texts;
};

static struct str plain(struct arena *a, struct str path)
{
	struct str normal;

	return path_normalize(a, path, &normal) ? normal : path;
}

static bool memory_read(void *context, struct arena *a, struct str path, size_t limit_bytes,
			struct str *out, struct error *err)
{
	const struct table *table = context;
	const struct str *text = map_get(&table->texts, plain(a, path));

	if (!text)
		return error_set(err, ERROR_IO, "cannot open '%.*s': no such file", STR_ARG(path));
	if (text->length > limit_bytes)
		return error_set(err, ERROR_LIMIT, "'%.*s' is larger than %zu bytes",
				 STR_ARG(path), limit_bytes);
	*out = *text;
	return true;
}

/* What of path stands below folder; empty if it is elsewhere. */
static struct str below(struct str path, struct str folder)
{
	if (str_equal(folder, STR(".")))
		return path;
	if (!str_starts(path, folder) || path.length <= folder.length ||
	    path.data[folder.length] != '/')
		return (struct str){ 0 };
	return str_slice(path, folder.length + 1, path.length);
}

static enum file_kind memory_kind(void *context, struct str path)
{
	const struct table *table = context;
	enum file_kind kind = FILE_NONE;
	struct arena scratch;

	arena_init(&scratch);
	path = plain(&scratch, path);
	if (map_has(&table->texts, path))
		kind = FILE_REGULAR;
	for (uint32_t i = 0; kind == FILE_NONE && i < table->texts.count; i++) {
		if (below(table->texts.entries[i].key, path).length)
			kind = FILE_FOLDER;
	}
	arena_release(&scratch);
	return kind;
}

static bool memory_linked(void *context ATTR_UNUSED, struct str folder ATTR_UNUSED,
			  struct str path ATTR_UNUSED)
{
	return false;
}

static bool memory_entries(void *context, struct arena *a, struct str folder,
			   struct file_info_vec *out, struct error *err)
{
	const struct table *table = context;
	const struct map_entry **sorted = map_sorted(a, &table->texts);
	struct map seen = { 0 };

	*out = (struct file_info_vec){ 0 };
	if (memory_kind(context, folder) != FILE_FOLDER)
		return error_set(err, ERROR_IO, "cannot list '%.*s': no such folder",
				 STR_ARG(folder));
	folder = plain(a, folder);
	for (uint32_t i = 0; i < table->texts.count; i++) {
		struct str path = below(sorted[i]->key, folder);
		struct str name = str_slice(path, 0, str_index(path, '/'));

		if (!name.length || map_has(&seen, name))
			continue;
		*map_put(a, &seen, name) = out;
		*vec_push(a, out) = (struct file_info){
			.path = name, .mode = 0644,
			.kind = name.length == path.length ? FILE_REGULAR : FILE_FOLDER,
		};
	}
	return true;
}

static bool memory_list(void *context, struct arena *a, struct str folder,
			struct file_info_vec *out, struct error *err)
{
	const struct table *table = context;
	const struct map_entry **sorted = map_sorted(a, &table->texts);

	*out = (struct file_info_vec){ 0 };
	if (memory_kind(context, folder) != FILE_FOLDER)
		return error_set(err, ERROR_IO, "cannot list '%.*s': no such folder",
				 STR_ARG(folder));
	folder = plain(a, folder);
	for (uint32_t i = 0; i < table->texts.count; i++) {
		struct str path = below(sorted[i]->key, folder);

		if (path.length)
			*vec_push(a, out) = (struct file_info){
				.path = path, .kind = FILE_REGULAR, .mode = 0644,
				.size_bytes = ((const struct str *)sorted[i]->value)->length,
			};
	}
	return true;
}

struct files *files_memory(struct arena *a)
{
	struct files *f = arena_new(a, struct files);

	*f = (struct files){
		.context = arena_new(a, struct table),
		.read = memory_read, .kind = memory_kind, .linked = memory_linked,
		.entries = memory_entries, .list = memory_list,
	};
	return f;
}

void files_memory_add(struct arena *a, struct files *f, struct str path, struct str text)
{
	struct table *table = f->context;
	struct str *copy = arena_new(a, struct str);

	*copy = text;
	*map_put(a, &table->texts, plain(a, path)) = copy;
}
