#ifndef EFFC_CLI_SHOWN_H
#define EFFC_CLI_SHOWN_H

#include "base/buf.h"

/*
 * Text of services, files and specs as a terminal may see it: control characters,
 * what reorders a line and what is no UTF-8 become a blank.  Past limit_bytes (0: none) it
 * ends in "...".
 */
void add_shown(struct buf *out, struct str text, size_t limit_bytes);

#endif
