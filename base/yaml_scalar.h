#ifndef EFFC_BASE_YAML_SCALAR_H
#define EFFC_BASE_YAML_SCALAR_H

#include "value.h"

/*
 * What a scalar without quotes means by the core schema of YAML 1.2: null, a
 * boolean, an integer, a float, or else a string, which borrows the text.
 * Private to base/.
 */
struct value yaml_plain_scalar(struct arena *a, struct str text);

#endif
