#ifndef EFFC_COMPILER_REFERS_H
#define EFFC_COMPILER_REFERS_H

#include "compiler.h"

/*
 * A reference where a property stands: is it the kind of thing that the
 * property takes?  Only sure mistakes are reported, since the facts do not know
 * every use: another type where one alone is taken, or no ARN where only ARNs are.
 * False after a report; else what it gives is to be looked at, too (open_value).
 */
bool reference_check(struct compiler *c, const struct value *v, const struct property *property,
		     const struct shape *shape, struct str name);

/*
 * What an open value gives with every attribute unknown, of the type that its shape
 * says and with what is known of its beginning: a value that may hold unknowns, or a
 * damaged null after a report.
 */
struct value open_value(struct compiler *c, const struct value *v);

/* An unknown of another type than the property's. */
void unknown_check(struct compiler *c, const struct value *v, const struct shape *shape,
		   struct str name);

#endif
