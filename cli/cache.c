#include "run.h"

#include <dirent.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/trace.h"

/*
 * Code that an apply sent, so that a change of it can be undone: .effc/cache/code/ has files
 * DIGEST-SHA256.zip, the digest of what was packed and that of the bytes, which is checked
 * before they are sent again.  The newest CACHE_MOST stay, as far as CACHE_BYTES goes.
 */
#define CACHE_MOST 50
#define CACHE_BYTES (512u << 20)
#define HEX_DIGITS (2 * SHA256_BYTES)
#define NAME_LENGTH (HEX_DIGITS + 1 + HEX_DIGITS + 4)

struct cached {
	struct str name;
	int64_t at_s;
	uint64_t bytes;
};
struct cached_vec VEC_OF(struct cached);

static struct str folder_of(struct run *run)
{
	return path_join(&run->arena, run->spec.folder, STR(".effc/cache/code"));
}

static struct str path_of(struct run *run, struct str name)
{
	return str_format(&run->arena, "%.*s/%.*s", STR_ARG(folder_of(run)), STR_ARG(name));
}

/* Newest first. */
static void list(struct run *run, struct cached_vec *out)
{
	DIR *d = opendir(str_to_c(&run->arena, folder_of(run)));
	struct dirent *entry;
	struct stat st;

	*out = (struct cached_vec){ 0 };
	while (d && (entry = readdir(d))) {
		struct str name = str_copy(&run->arena, str_from_c(entry->d_name));
		struct cached item = { .name = name };
		size_t k;

		if (name.length != NAME_LENGTH || !str_ends(name, STR(".zip")) ||
		    stat(str_to_c(&run->arena, path_of(run, name)), &st) != 0)
			continue;
		item.at_s = st.st_mtime;
		item.bytes = (uint64_t)st.st_size;
		vec_push(&run->arena, out);
		for (k = out->count - 1; k > 0 && out->items[k - 1].at_s < item.at_s; k--)
			out->items[k] = out->items[k - 1];
		out->items[k] = item;
	}
	if (d)
		closedir(d);
}

static struct str name_of(struct run *run, struct str digest)
{
	struct cached_vec all;

	list(run, &all);
	for (size_t i = 0; i < all.count; i++) {
		if (digest.length == HEX_DIGITS && str_starts(all.items[i].name, digest))
			return all.items[i].name;
	}
	return (struct str){ 0 };
}

bool code_is_cached(struct run *run, struct str digest)
{
	return name_of(run, digest).length > 0;
}

bool code_from_cache(struct run *run, struct str digest, struct str *zip, struct error *err)
{
	const struct files *files = run->doors->files;
	struct str name = name_of(run, digest);

	if (!name.length)
		return error_set(err, ERROR_IO, "the code %.*s is neither in this spec nor kept "
				 "in .effc/cache/code any more", STR_ARG(digest));
	if (!files->read(files->context, &run->arena, path_of(run, name), CACHE_BYTES, zip, err))
		return false;
	if (str_equal(sha256_hex(&run->arena, *zip),
		      str_slice(name, HEX_DIGITS + 1, HEX_DIGITS + 1 + HEX_DIGITS)))
		return true;
	return error_set(err, ERROR_CORRUPT, "the kept code '%.*s' was changed after it was "
			 "written, and is not sent", STR_ARG(path_of(run, name)));
}

static void forget_oldest(struct run *run)
{
	struct cached_vec all;
	uint64_t bytes = 0;

	list(run, &all);
	for (size_t i = 0; i < all.count; i++) {
		bytes += all.items[i].bytes;
		if (i > 0 && (i >= CACHE_MOST || bytes > CACHE_BYTES))
			unlink(str_to_c(&run->arena, path_of(run, all.items[i].name)));
	}
}

/* Of no consequence for the apply: without it, undo says that this code is not kept. */
void code_keep(struct run *run, struct str digest, struct str zip)
{
	struct str name = str_format(&run->arena, "%.*s-%.*s.zip", STR_ARG(digest),
				     STR_ARG(sha256_hex(&run->arena, zip)));
	struct error err = { 0 };

	if (name.length != NAME_LENGTH || name_of(run, digest).length)
		return;
	if (folder_make(folder_of(run), &err) &&
	    file_replace(path_of(run, name), zip, 0600, &err))
		forget_oldest(run);
	else
		trace(TRACE_OP, "code is not kept: %s", err.text);
}
