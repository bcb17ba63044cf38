#ifndef EFFC_COMPILER_LIFECYCLE_H
#define EFFC_COMPILER_LIFECYCLE_H

#include "base/value.h"
#include "schemas/driver.h"

/*
 * What a block says of the life of a thing besides its properties: the meta keys
 * ignore_changes, replace_when, renamed_from and import.  lifecycle.c reads and checks them; few
 * resources have any, so a resource only points here.
 */

/* One step of a path into properties: a member, or with key an item of a list. */
struct ignore_step {
	struct str name;		/* its name, or the item's; may be a glob */
	struct str key;			/* the field that names items; empty: a member */
};

/* "Environment.Variables.*", "Tags[team]": what is there now stays as it is. */
struct ignored {
	struct str text;		/* as written, without its part */
	struct ignore_step *steps;
	size_t count;
};

struct lifecycle {
	struct ignored *ignores;
	size_t ignore_count;
	struct value replace_when;	/* LIST: if one changes, it is replaced; NULL kind: none */
	struct str_list renamed_from;	/* addresses under which the state may have it */
	struct span renamed_span;
	struct str import;		/* identifier of what is to become ours; empty: none */
};

#endif
