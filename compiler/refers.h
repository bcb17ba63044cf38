#ifndef EFFC_COMPILER_REFERS_H
#define EFFC_COMPILER_REFERS_H

#include "compiler.h"

/*
 * A reference where a property stands: is it the kind of thing that the
 * property takes?  Only sure mistakes are reported, since the facts do not know
 * every use: another type where one alone is taken, or no ARN where only ARNs are.
 */
void reference_check(struct compiler *c, const struct value *v, const struct property *property,
		     const struct shape *shape, struct str name);

#endif
