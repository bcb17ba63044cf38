#ifndef EFFC_COMPILER_SECTION_H
#define EFFC_COMPILER_SECTION_H

#include "compiler.h"

/*
 * What stands at the top of a spec besides [AWS] and the kinds of blocks: one
 * table for whoever walks the spec, suggests a name or describes it to an editor.
 */
struct section {
	const char *name;
	bool named;			/* holds tables by names of the user's: [output.NAME] */
	const struct key_set *keys;	/* of it, or of each of its tables; NULL: any */
};

/* By index from 0, sorted; NULL past the last. */
const struct section *section_at(size_t index);
/* NULL: no such section. */
const struct section *section_find(struct str name);

#endif
