#include "libzip.h"

#include <zip.h>

#include "base/library.h"

/* One a process, as what a library keeps for itself. */
static struct {
	zip_source_t *(*source_buffer)(zip_t *archive, const void *data, zip_uint64_t length,
		int owned);
	zip_source_t *(*source_buffer_create)(const void *data, zip_uint64_t length, int owned,
		zip_error_t *error);
	int (*source_stat)(zip_source_t *source, zip_stat_t *stat);
	int (*source_open)(zip_source_t *source);
	zip_int64_t (*source_read)(zip_source_t *source, void *data, zip_uint64_t length);
	int (*source_close)(zip_source_t *source);
	zip_error_t *(*source_error)(zip_source_t *source);
	void (*source_keep)(zip_source_t *source);
	void (*source_free)(zip_source_t *source);
	void (*stat_init)(zip_stat_t *stat);
	void (*error_init)(zip_error_t *error);
	const char *(*error_strerror)(zip_error_t *error);
	zip_t *(*open_from_source)(zip_source_t *source, int flags, zip_error_t *error);
	zip_int64_t (*file_add)(zip_t *archive, const char *name, zip_source_t *source,
		zip_flags_t flags);
	int (*set_file_compression)(zip_t *archive, zip_uint64_t index, zip_int32_t method,
		zip_uint32_t level);
	int (*file_set_dostime)(zip_t *archive, zip_uint64_t index, zip_uint16_t time,
		zip_uint16_t date, zip_flags_t flags);
	int (*file_set_external_attributes)(zip_t *archive, zip_uint64_t index, zip_flags_t flags,
		zip_uint8_t system, zip_uint32_t attributes);
	const char *(*strerror)(zip_t *archive);
	int (*close)(zip_t *archive);
	void (*discard)(zip_t *archive);
} lib;

#define CALL(name) { "zip_" #name, &lib.name }
static const struct library_call calls[] = {
	CALL(source_buffer), CALL(source_buffer_create), CALL(source_stat), CALL(source_open),
	CALL(source_read), CALL(source_close), CALL(source_error), CALL(source_keep),
	CALL(source_free), CALL(stat_init), CALL(error_init), CALL(error_strerror),
	CALL(open_from_source), CALL(file_add), CALL(set_file_compression),
	CALL(file_set_dostime), CALL(file_set_external_attributes), CALL(strerror), CALL(close),
	CALL(discard),
};

static const char *const names[] = {
	"libzip.so.5", "libzip.so.4", "libzip.5.dylib", NULL,
};

bool libzip_load(struct error *err)
{
	static const struct library library = {
		.title = "libzip", .names = names, .calls = calls,
		.call_count = sizeof(calls) / sizeof(*calls), .kind = ERROR_IO,
	};
	static bool loaded;

	loaded = loaded || library_load(&library, err);
	return loaded;
}

zip_source_t *zip_source_buffer(zip_t *archive, const void *data, zip_uint64_t length, int owned)
{
	return lib.source_buffer(archive, data, length, owned);
}

zip_source_t *zip_source_buffer_create(const void *data, zip_uint64_t length, int owned,
		zip_error_t *error)
{
	return lib.source_buffer_create(data, length, owned, error);
}

int zip_source_stat(zip_source_t *source, zip_stat_t *stat)
{
	return lib.source_stat(source, stat);
}

int zip_source_open(zip_source_t *source)
{
	return lib.source_open(source);
}

zip_int64_t zip_source_read(zip_source_t *source, void *data, zip_uint64_t length)
{
	return lib.source_read(source, data, length);
}

int zip_source_close(zip_source_t *source)
{
	return lib.source_close(source);
}

zip_error_t *zip_source_error(zip_source_t *source)
{
	return lib.source_error(source);
}

void zip_source_keep(zip_source_t *source)
{
	lib.source_keep(source);
}

void zip_source_free(zip_source_t *source)
{
	lib.source_free(source);
}

void zip_stat_init(zip_stat_t *stat)
{
	lib.stat_init(stat);
}

void zip_error_init(zip_error_t *error)
{
	lib.error_init(error);
}

const char *zip_error_strerror(zip_error_t *error)
{
	return lib.error_strerror(error);
}

zip_t *zip_open_from_source(zip_source_t *source, int flags, zip_error_t *error)
{
	return lib.open_from_source(source, flags, error);
}

zip_int64_t zip_file_add(zip_t *archive, const char *name, zip_source_t *source, zip_flags_t flags)
{
	return lib.file_add(archive, name, source, flags);
}

int zip_set_file_compression(zip_t *archive, zip_uint64_t index, zip_int32_t method,
		zip_uint32_t level)
{
	return lib.set_file_compression(archive, index, method, level);
}

int zip_file_set_dostime(zip_t *archive, zip_uint64_t index, zip_uint16_t time, zip_uint16_t date,
		zip_flags_t flags)
{
	return lib.file_set_dostime(archive, index, time, date, flags);
}

int zip_file_set_external_attributes(zip_t *archive, zip_uint64_t index, zip_flags_t flags,
		zip_uint8_t system, zip_uint32_t attributes)
{
	return lib.file_set_external_attributes(archive, index, flags, system, attributes);
}

const char *zip_strerror(zip_t *archive)
{
	return lib.strerror(archive);
}

int zip_close(zip_t *archive)
{
	return lib.close(archive);
}

void zip_discard(zip_t *archive)
{
	lib.discard(archive);
}
