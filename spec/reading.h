#ifndef EFFC_SPEC_READING_H
#define EFFC_SPEC_READING_H

#include "spec.h"

/* The reading of one spec, for spec.c, include.c and module.c. */
struct reading {
	struct arena *arena;
	const struct files *files;
	struct spec *spec;
	struct { struct document *items; size_t count, capacity; } documents;
	struct map paths;		/* of the documents of the spec itself */
	unsigned repeats;		/* what was defined twice; bounds the reports */
	struct diags *d;
};

/* Reads a file and merges it into root. */
void document_add(struct reading *r, struct str path, struct value *root);

/* [project] include of the spec's documents. */
void includes_follow(struct reading *r);
/* [module.X] source, also in overlays, and in the modules themselves. */
void modules_follow(struct reading *r);

/*
 * A path that stands in the spec: from `from` (a folder of the project) to one
 * of the project, normalised.  False after a report.
 */
bool path_in_project(struct reading *r, const struct value *written, struct str from,
		     struct str *out);

#endif
