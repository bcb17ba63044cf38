#ifndef EFFC_COMPILER_NETWORK_H
#define EFFC_COMPILER_NETWORK_H

#include "schemas/schema.h"

/* "10.0.0.0/16", "2001:db8::/56": an address and how many of its bits count; others may be set. */
bool is_network(struct str text, enum text_format format);

#endif
