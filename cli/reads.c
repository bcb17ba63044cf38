#include "reads.h"

#include "base/hash.h"
#include "planner/revision.h"

static bool read_file(void *context, struct arena *a, struct str path, size_t limit_bytes,
		      struct str *out, struct error *err)
{
	struct reads *r = context;
	struct str *digest;

	if (!r->under->read(r->under->context, a, path, limit_bytes, out, err))
		return false;
	digest = arena_new(r->arena, struct str);
	*digest = sha256_hex(r->arena, *out);
	*map_put(r->arena, &r->digests, str_copy(r->arena, path)) = digest;
	return true;
}

static enum file_kind kind(void *context, struct str path)
{
	struct reads *r = context;

	return r->under->kind(r->under->context, path);
}

static bool linked(void *context, struct str folder, struct str path)
{
	struct reads *r = context;

	return r->under->linked(r->under->context, folder, path);
}

static bool entries(void *context, struct arena *a, struct str folder, struct file_info_vec *out,
		    struct error *err)
{
	struct reads *r = context;

	return r->under->entries(r->under->context, a, folder, out, err);
}

static bool list(void *context, struct arena *a, struct str folder, struct file_info_vec *out,
		 struct error *err)
{
	struct reads *r = context;

	return r->under->list(r->under->context, a, folder, out, err);
}

void reads_init(struct reads *r, struct arena *a, const struct files *under)
{
	*r = (struct reads){
		.files = { r, read_file, kind, linked, entries, list }, .under = under, .arena = a,
	};
}

/* "infra/queues.toml"; of what lies elsewhere no folder is told. */
static struct str shown_path(struct arena *a, struct str path, struct str folder)
{
	struct str normal;

	if (path_normalize(a, path, &normal))
		path = normal;
	if (str_equal_c(folder, ".") && !str_starts(path, STR("/")) &&
	    !str_starts(path, STR("../")))
		return path;
	if (str_starts(path, folder) && path.length > folder.length &&
	    path.data[folder.length] == '/')
		return str_slice(path, folder.length + 1, path.length);
	return str_slice(path, str_last_index(path, '/') + 1, path.length);
}

struct value reads_digests(struct arena *a, const struct reads *r, struct str folder,
			   struct str key)
{
	struct value out = value_map();
	struct str normal;

	if (path_normalize(a, folder, &normal))
		folder = normal;
	for (uint32_t i = 0; i < r->digests.count; i++) {
		struct str name = shown_path(a, r->digests.entries[i].key, folder), taken = name;
		const struct str *digest = r->digests.entries[i].value;

		for (unsigned n = 2; value_get(&out, taken); n++)
			taken = str_format(a, "%.*s (%u)", STR_ARG(name), n);
		value_set(a, &out, taken,
			  value_string(revision_digest(a, key, "file", *digest)));
	}
	return out;
}
