#ifndef EFFC_SCHEMAS_LOAD_H
#define EFFC_SCHEMAS_LOAD_H

#include "base/diag.h"
#include "base/fs.h"
#include "base/value.h"

/*
 * Folders of facts and drivers, read for datac and for a user's overlay: every
 * file becomes a source, so that mistakes have their place.
 */
struct loaded {
	struct str name;		/* of the file, without folder and ending */
	struct str text;
	struct span span;		/* its first byte, for what is wrong with it as a whole */
	struct value value;
};
struct loaded_vec VEC_OF(struct loaded);

struct loader {
	struct arena *arena;
	const struct files *files;
	struct sources *sources;
	struct diags *d;
};

/* The .json or .yaml files of a folder, in order of their names; other files are left alone. */
bool load_folder(struct loader *l, struct str folder, struct str ending,
		 struct loaded_vec *out) ATTR_CHECKED;
/* One file, JSON or YAML by its ending. */
bool load_file(struct loader *l, struct str path, struct loaded *out) ATTR_CHECKED;

#endif
