#ifndef EFFC_SCHEMAS_TYPES_H
#define EFFC_SCHEMAS_TYPES_H

#include "schema.h"

/*
 * Facts of one type, as docs/facts.md has them, to a schema.  The same code
 * reads what datac is given, what the blob holds and what a user lays over it,
 * so every mistake has its place.  tier and driver are left to the caller:
 * here tier is what the type has without a driver.
 */
bool type_parse(struct arena *a, struct str name, const struct value *facts, struct schema *out,
		struct diags *d) ATTR_CHECKED;

#endif
