#ifndef EFFC_BASE_FS_H
#define EFFC_BASE_FS_H

#include "error.h"
#include "str.h"
#include "vec.h"

/*
 * The door to the file system.  Stages take it as an argument; cli/ brings
 * the real one (files_real), tests bring one over a table in memory.
 */
enum file_kind { FILE_NONE, FILE_REGULAR, FILE_FOLDER, FILE_OTHER };

struct file_info {
	struct str path;		/* relative to the folder listed, '/' between parts */
	enum file_kind kind;
	uint32_t mode;			/* permission bits */
	uint64_t size_bytes;
};
struct file_info_vec VEC_OF(struct file_info);

struct files {
	void *context;
	/* Whole file.  Fails with ERROR_IO, or ERROR_LIMIT past limit_bytes. */
	bool (*read)(void *context, struct arena *a, struct str path, size_t limit_bytes,
		     struct str *out, struct error *err);
	/* FILE_NONE if it does not exist. */
	enum file_kind (*kind)(void *context, struct str path);
	/* Whether a path below a folder is a link or leads over one. */
	bool (*linked)(void *context, struct str folder, struct str path);
	/* The regular files and folders in a folder, sorted by name; links are followed. */
	bool (*entries)(void *context, struct arena *a, struct str folder,
			struct file_info_vec *out, struct error *err);
	/* Every regular file below a folder, sorted by path; links are followed to files only. */
	bool (*list)(void *context, struct arena *a, struct str folder, struct file_info_vec *out,
		     struct error *err);
};

const struct files *files_real(void);

/* A table of path -> text for tests. */
struct files *files_memory(struct arena *a);
void files_memory_add(struct arena *a, struct files *f, struct str path, struct str text);

/* Written beside, fsync, rename: a reader sees the old file or the new one. */
bool file_replace(struct str path, struct str text, uint32_t mode, struct error *err) ATTR_CHECKED;
/* The same for a file that is there: through links, and its mode stays. */
bool file_rewrite(struct str path, struct str text, struct error *err) ATTR_CHECKED;
/* Whole too; fails if there is a file or anything else with this name. */
bool file_create(struct str path, struct str text, uint32_t mode, struct error *err) ATTR_CHECKED;
/* With its parents; one that exists is fine. */
bool folder_make(struct str path, struct error *err) ATTR_CHECKED;

/* "a/b/c" -> "a/b"; "a" -> "."; "/a" -> "/" */
struct str path_folder(struct str path);
/* An absolute name wins; a folder "." is not written. */
struct str path_join(struct arena *a, struct str folder, struct str name);
/* ".", ".." and doubled slashes removed by text; false if it climbs above its start. */
bool path_normalize(struct arena *a, struct str path, struct str *out);

#endif
