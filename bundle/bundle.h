#ifndef EFFC_BUNDLE_BUNDLE_H
#define EFFC_BUNDLE_BUNDLE_H

#include "base/error.h"
#include "base/fs.h"
#include "base/vec.h"

/*
 * A handler's code: files of the project under their project paths, packed
 * into a zip that has the same bytes everywhere (sorted names, one date, one
 * mode, libzip's deflate).  What counts is the digest over path, mode and
 * content: it is known without packing, so an unchanged function costs a hash.
 */
struct bundle_file {
	struct str path;		/* in the zip */
	struct str source;		/* to read */
	uint32_t mode;			/* 0644 or 0755 */
};
struct bundle {
	struct bundle_file *files;	/* sorted by path */
	size_t file_count;
	struct str digest;		/* 64 hex digits */
	uint64_t size_bytes;		/* unpacked */
};

#define BUNDLE_UNPACKED_LIMIT (250u << 20)	/* Lambda: 250 MB with layers */
#define BUNDLE_ZIP_LIMIT (50u << 20)		/* Lambda: 50 MB when sent directly */

/*
 * path: a file or folder relative to root; more: further ones.  Files outside
 * root, an empty folder, a missing path or too much of it fail with err.
 * Hidden files and node_modules/.cache are left out.
 */
bool bundle_scan(struct arena *a, const struct files *files, struct str root, struct str path,
		 const struct str *more, size_t more_count, struct bundle *out,
		 struct error *err) ATTR_CHECKED;
bool bundle_zip(struct arena *a, const struct files *files, const struct bundle *bundle,
		struct str *zip, struct error *err) ATTR_CHECKED;

#endif
