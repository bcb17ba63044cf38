#ifndef EFFC_COMPILER_DEPENDENCY_H
#define EFFC_COMPILER_DEPENDENCY_H

#include "function.h"

/* The shape of `deps`, before its ids are looked up. */
bool dependencies_check(struct compiler *c, const struct value *v, struct str where);
/* Variables and statements for every entry. */
void dependencies_add(struct function *f);
/* The block that has the function: itself, or the one it names instead. NULL: none. */
struct block *block_standing_for(struct compiler *c, struct block *b);

#endif
