#ifndef EFFC_COMPILER_NAME_H
#define EFFC_COMPILER_NAME_H

#include "base/str.h"
#include "schemas/driver.h"

/*
 * Physical names: ${project}-${stage}-${id}[-key][-part][-generation], cut to
 * what the service allows (AWS.md, Names): too long is cut, then 8 hash
 * digits of the full text, then generation, then "-role" or ".fifo" last.  The
 * planner makes the name of a later generation, so the request is kept.
 */
struct name_request {
	struct str property;		/* property that holds it; empty: none */
	struct str base;		/* "shop-dev-orders", "/aws/lambda/shop-dev-orders" */
	struct str suffix;		/* kept whole at the end: "-role", ".fifo" */
	bool fixed;			/* the user wrote it: never changed, forces delete-first */
	bool follows;			/* an expression on another resource: not computed here */
};

/* generation: six characters of the instance id, or empty for the first. */
struct str name_make(struct arena *a, const struct name_rule *rule,
		     const struct name_request *request, const struct scope *scope,
		     struct str generation);

/*
 * Empty if it is allowed, else what is wrong ("is 70 characters long, 64 are allowed").
 * suffix: what it has to end with (".fifo"), or empty.
 */
struct str name_check(struct arena *a, const struct name_rule *rule, struct str name,
		      struct str suffix);

#endif
