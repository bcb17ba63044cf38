#ifndef EFFC_SCHEMAS_OVERRIDES_H
#define EFFC_SCHEMAS_OVERRIDES_H

#include "base/diag.h"
#include "base/map.h"
#include "base/value.h"

/*
 * Corrections of imported facts (overrides/types.yaml), applied by datac: type
 * -> list of {at, set, add, why}, see docs/facts.md.  types maps names to
 * struct value, which are changed.  A correction without a reason, or one that
 * changes nothing (any more), is a mistake.
 */
bool overrides_apply(struct arena *a, const struct value *overrides, struct map *types,
		     struct diags *d) ATTR_CHECKED;

#endif
