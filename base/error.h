#ifndef EFFC_BASE_ERROR_H
#define EFFC_BASE_ERROR_H

#include <stdbool.h>

#include "attr.h"
#include "str.h"

/*
 * Why one call failed because of the world: a file, the network, AWS.  Holds
 * its own text, so there is nothing to free.  error_set returns false, which
 * makes failing one line:
 *
 *	if (fd < 0)
 *		return error_set(err, ERROR_IO, "cannot open '%s': %s", path, strerror(errno));
 *
 * err may be NULL where the reason does not matter.
 * The user's mistakes go to struct diags, ours to BUG().
 */
enum error_kind {
	ERROR_NONE,
	ERROR_IO,			/* files */
	ERROR_PARSE,			/* what the world sent is malformed */
	ERROR_CORRUPT,			/* our own state is damaged */
	ERROR_NETWORK,			/* no answer */
	ERROR_AWS,			/* a refusal by a service */
	ERROR_CREDENTIALS,
	ERROR_LIMIT,			/* larger or deeper than allowed */
	ERROR_REFUSED,			/* we will not: ownership, guard, lock */
};

struct error {
	enum error_kind kind;
	char text[2048];
};

bool error_set(struct error *err, enum error_kind kind, const char *format, ...) ATTR_PRINTF(3, 4);

/* Puts "context: " before the text; returns false. */
bool error_context(struct error *err, const char *format, ...) ATTR_PRINTF(2, 3);

#endif
