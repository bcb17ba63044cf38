#include "history.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fs.h"

#define ENDING ".json"

/* ---- names ---- */

struct str version_id(struct arena *a, uint64_t serial, struct str lineage)
{
	return str_format(a, "%llu-%.*s", (unsigned long long)serial,
			  STR_ARG(str_slice(lineage, 0, VERSION_LINEAGE_DIGITS)));
}

bool version_parse(struct str id, struct version *out)
{
	size_t dash = str_index(id, '-');
	int64_t serial;

	*out = (struct version){ .id = id, .lineage = str_slice(id, dash + 1, id.length) };
	if (!str_to_int(str_slice(id, 0, dash), &serial) || serial < 0 || id.data[0] == '0' ||
	    out->lineage.length != VERSION_LINEAGE_DIGITS)
		return false;
	for (size_t i = 0; i < out->lineage.length; i++) {
		if (!strchr("0123456789abcdef", out->lineage.data[i]))
			return false;
	}
	out->serial = (uint64_t)serial;
	return true;
}

/* ---- order ---- */

static int64_t last_of(const struct version_vec *versions, struct str lineage)
{
	int64_t last = INT64_MIN;

	for (size_t i = 0; i < versions->count; i++) {
		const struct version *v = &versions->items[i];

		if (str_equal(v->lineage, lineage) && v->wall_ms > last)
			last = v->wall_ms;
	}
	return last;
}

static bool goes_before(const struct version *a, const struct version *b, int64_t a_last,
			int64_t b_last)
{
	int by_name = str_compare(a->lineage, b->lineage);

	if (by_name == 0)
		return a->serial > b->serial;
	return a_last != b_last ? a_last > b_last : by_name < 0;
}

/* Few, and nearly always of one lineage: by insertion. */
void versions_sort(struct version_vec *versions)
{
	for (size_t i = 1; i < versions->count; i++) {
		struct version moved = versions->items[i];
		int64_t last = last_of(versions, moved.lineage);
		size_t k = i;

		for (; k > 0; k--) {
			const struct version *other = &versions->items[k - 1];

			if (goes_before(other, &moved, last_of(versions, other->lineage), last))
				break;
			versions->items[k] = *other;
		}
		versions->items[k] = moved;
	}
}

size_t versions_kept(const struct version_vec *versions)
{
	uint64_t bytes = 0;
	size_t i = 0;

	for (; i < versions->count && i < HISTORY_MOST; i++) {
		bytes += versions->items[i].bytes;
		if (i >= HISTORY_LEAST && bytes > HISTORY_BYTES)
			break;
	}
	return i;
}

/* ---- the folder ---- */

static struct str path_of(struct arena *a, struct str folder, struct str id)
{
	return str_format(a, "%.*s/%.*s" ENDING, STR_ARG(folder), STR_ARG(id));
}

/* What has another name is not ours, and left alone. */
static void add_entry(struct arena *a, struct str folder, struct str name, struct version_vec *out)
{
	struct version version;
	struct stat st;

	if (!str_ends(name, STR(ENDING)) ||
	    !version_parse(str_slice(name, 0, name.length - (sizeof(ENDING) - 1)), &version))
		return;
	version.id = str_copy(a, version.id);
	version.lineage = str_slice(version.id, version.id.length - VERSION_LINEAGE_DIGITS,
				    version.id.length);
	if (stat(str_to_c(a, path_of(a, folder, version.id)), &st) != 0 || !S_ISREG(st.st_mode))
		return;
	version.wall_ms = (int64_t)st.st_mtime * 1000;
	version.bytes = (uint64_t)st.st_size;
	*vec_push(a, out) = version;
}

bool history_list(struct arena *a, struct str folder, struct version_vec *out, struct error *err)
{
	const char *name = str_to_c(a, folder);
	DIR *d = opendir(name);
	struct dirent *entry;

	*out = (struct version_vec){ 0 };
	if (!d)
		return errno == ENOENT ||
		       error_set(err, ERROR_IO, "cannot read the history '%s': %s", name,
				 strerror(errno));
	while ((entry = readdir(d)))
		add_entry(a, folder, str_from_c(entry->d_name), out);
	closedir(d);
	versions_sort(out);
	return true;
}

bool history_load(struct arena *a, struct str folder, struct str id, bool head,
		  struct state_document *out, struct error *err)
{
	const struct files *files = files_real();
	struct str path = path_of(a, folder, id), text;
	struct version said;

	if (!version_parse(id, &said))
		return error_set(err, ERROR_IO, "'%.*s' is no version of the history", STR_ARG(id));
	if (!files->read(files->context, a, path, DOCUMENT_LIMIT_BYTES, &text, err))
		return false;
	if (head ? !document_read_head(a, text, path, out, err) :
		   !document_read(a, text, path, out, err))
		return false;
	if (out->state.serial != said.serial || !str_starts(out->state.lineage, said.lineage))
		return error_set(err, ERROR_CORRUPT,
				 "the state '%.*s' is damaged: it is version %llu of lineage "
				 "%.*s, under another's name", STR_ARG(path),
				 (unsigned long long)out->state.serial,
				 STR_ARG(out->state.lineage));
	return true;
}

/* What cannot be removed is too much, and harms nothing. */
static void forget_oldest(struct arena *a, struct str folder)
{
	struct version_vec all;

	if (!history_list(a, folder, &all, NULL))
		return;
	for (size_t i = versions_kept(&all); i < all.count; i++)
		unlink(str_to_c(a, path_of(a, folder, all.items[i].id)));
}

bool history_keep(struct str folder, const struct state *state, const struct document_note *note,
		  struct error *err)
{
	struct arena scratch;
	struct str path;
	bool good;

	arena_init(&scratch);
	path = path_of(&scratch, folder, version_id(&scratch, state->serial, state->lineage));
	good = folder_make(folder, err) &&
	       file_create(path, document_write(&scratch, state, note), 0600, err);
	if (good)
		forget_oldest(&scratch, folder);
	arena_release(&scratch);
	return good || error_context(err, "the history");
}
