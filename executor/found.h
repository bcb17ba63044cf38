#ifndef EFFC_EXECUTOR_FOUND_H
#define EFFC_EXECUTOR_FOUND_H

#include "observe.h"

/*
 * Rows of what was found live and has none: whose it says that it is, and the row that an
 * apply would have left of it.
 */
struct mark {
	struct str instance, project, stage, handler, type;	/* empty: it does not say */
};
/* tags: a list of Key and Value, or a map. */
struct mark mark_of_tags(const struct value *tags);
/* seen: read with its owner's property. */
struct mark mark_of(const struct schema *schema, const struct observed *seen);

struct found {
	struct str address;		/* text */
	const struct resource *resource;	/* as it is wanted */
	const struct value *wanted;	/* MAP: names of what the spec manages; NULL: all */
	const struct observed *seen;	/* FOUND */
	struct str lineage;
	struct str instance;		/* that it carries; empty: none */
	const struct scope *scope;
	uint32_t generation;		/* at least this one */
};
struct row *row_found(struct arena *a, const struct found *found);

/* What carries the tags of a stack, in one region.  Names, not things: some may be gone. */
struct tagged {
	struct str arn;
	struct mark mark;
};
struct tagged_vec VEC_OF(struct tagged);
bool tagged_find(struct session *s, const struct scope *scope, struct str project,
		 struct str stage, struct tagged_vec *out, struct error *err) ATTR_CHECKED;

#endif
