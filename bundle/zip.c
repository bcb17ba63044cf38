#include "bundle.h"

#include <zip.h>

#include "libzip.h"

/* 1 January 1980, 00:00: the first date that a zip can hold, free of time zones. */
#define DOS_DATE ((0 << 9) | (1 << 5) | 1)
#define DOS_TIME 0

static bool fail(struct error *err, const char *what, const char *why)
{
	return error_set(err, ERROR_IO, "cannot pack the code: %s: %s", what, why);
}

static bool pack_file(struct arena *a, const struct files *files, const struct bundle_file *file,
		      zip_t *archive, struct error *err)
{
	struct str content;
	zip_source_t *source;
	zip_int64_t index;

	if (!files->read(files->context, a, file->source, BUNDLE_UNPACKED_LIMIT, &content, err))
		return false;
	source = zip_source_buffer(archive, content.data, content.length, 0);
	if (!source)
		return fail(err, "source", zip_strerror(archive));
	index = zip_file_add(archive, str_to_c(a, file->path), source, ZIP_FL_ENC_UTF_8);
	if (index < 0) {
		zip_source_free(source);
		return fail(err, str_to_c(a, file->path), zip_strerror(archive));
	}
	if (zip_set_file_compression(archive, (zip_uint64_t)index, ZIP_CM_DEFLATE, 9) != 0 ||
	    zip_file_set_dostime(archive, (zip_uint64_t)index, DOS_TIME, DOS_DATE, 0) != 0 ||
	    zip_file_set_external_attributes(archive, (zip_uint64_t)index, 0, ZIP_OPSYS_UNIX,
					     (zip_uint32_t)(0100000 | file->mode) << 16) != 0)
		return fail(err, str_to_c(a, file->path), zip_strerror(archive));
	return true;
}

/* The packed bytes, from a source that was kept past the archive's end. */
static bool take_bytes(struct arena *a, zip_source_t *packed, struct str *zip, struct error *err)
{
	zip_stat_t stat;
	char *bytes;
	zip_int64_t got;

	zip_stat_init(&stat);
	if (zip_source_stat(packed, &stat) != 0 || !(stat.valid & ZIP_STAT_SIZE) ||
	    zip_source_open(packed) != 0)
		return fail(err, "reading it back", zip_error_strerror(zip_source_error(packed)));
	bytes = arena_array(a, char, stat.size + 1);
	got = zip_source_read(packed, bytes, stat.size);
	zip_source_close(packed);
	if (got < 0 || (zip_uint64_t)got != stat.size)
		return fail(err, "reading it back", "short read");
	*zip = str_of(bytes, stat.size);
	if (zip->length > BUNDLE_ZIP_LIMIT)
		return error_set(err, ERROR_LIMIT, "the zip has %zu MB; %u MB can be sent directly",
				 zip->length >> 20, BUNDLE_ZIP_LIMIT >> 20);
	return true;
}

bool bundle_zip(struct arena *a, const struct files *files, const struct bundle *bundle,
		struct str *zip, struct error *err)
{
	zip_error_t error;
	zip_source_t *packed;
	zip_t *archive;
	struct arena contents;		/* of the files: needed until the archive is closed */
	bool ok = true;

	if (!libzip_load(err))
		return false;
	zip_error_init(&error);
	packed = zip_source_buffer_create(NULL, 0, 0, &error);
	if (!packed)
		return fail(err, "start", zip_error_strerror(&error));
	archive = zip_open_from_source(packed, ZIP_TRUNCATE, &error);
	if (!archive) {
		zip_source_free(packed);
		return fail(err, "start", zip_error_strerror(&error));
	}
	zip_source_keep(packed);
	arena_init(&contents);
	for (size_t i = 0; ok && i < bundle->file_count; i++)
		ok = pack_file(&contents, files, &bundle->files[i], archive, err);
	if (ok && zip_close(archive) != 0) {
		ok = fail(err, "end", zip_strerror(archive));
		zip_discard(archive);
	} else if (!ok) {
		zip_discard(archive);
	}
	arena_release(&contents);
	ok = ok && take_bytes(a, packed, zip, err);
	zip_source_free(packed);
	return ok;
}
