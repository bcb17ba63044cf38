#ifndef EFFC_SPEC_FUNCTION_H
#define EFFC_SPEC_FUNCTION_H

#include "expr.h"

/*
 * The functions of the expression language: Terraform's names and results,
 * pure, files inside the project only.  One file a family in spec/function/,
 * each with a sorted table; function_apply() does for all of them what they
 * share, so that a function sees only known arguments of the kinds that it
 * declared:
 *
 *   - too few or too many arguments, null where none may be, and arguments that
 *     cannot be converted are mistakes, at the span of the argument;
 *   - an argument that is not known makes the result unknown, of the declared type
 *     and with the argument's reason; kinds that are known are checked even so;
 *   - marks stick: the result of a secret is secret.
 *
 * A function that can do better with what is half known says so (deep, partial,
 * lazy).  Where the result hangs on something open (VALUE_EXPR), the answer is an
 * unknown and `open` is set: the caller leaves the call open.
 */
struct function_call {
	struct arena *arena;
	const struct expr_scope *scope;
	const struct function *function;
	const struct value *args;	/* evaluated; see lazy */
	const struct span *spans;	/* of each argument, as written */
	size_t count;
	const struct expr *const *exprs;	/* lazy: args is NULL, none was evaluated */
	struct span span;		/* of the whole call */
	struct diags *d;		/* NULL: nobody wants to know */
	bool open;			/* set by function_apply */
	uint32_t marks;			/* of the result; functions may add to them */
};

struct parameter {
	const char *name;		/* as the documents call it */
	const struct type *type;	/* see convert.h; NULL: any */
	bool optional;			/* only at the end */
	bool variadic;			/* the last: any number of them, none too */
	bool null;			/* may be null */
};

#define FUNCTION_PARAMETERS_MOST 5

struct function {
	const char *name;
	struct parameter parameters[FUNCTION_PARAMETERS_MOST];	/* up to the first without name */
	const struct type *result;	/* what it is while it is unknown; NULL: any */
	bool deep;			/* takes containers with unknown or open items in them */
	bool partial;			/* takes arguments that are unknown or open, too */
	bool lazy;			/* evaluates its arguments itself: try, can */
	/* A damaged null after a report by function_fail(). */
	struct value (*call)(struct function_call *c);
	const char *summary;		/* one line for `effc explain NAME` */
};

/* NULL: no such function. */
const struct function *function_find(struct str name);
/* In the order of their names; NULL past the end. */
const struct function *function_at(size_t index);
/* Why a name that Terraform knows is none here ("it reads the clock"); NULL: unknown name. */
const char *function_refusal(struct str name);
/* The name of a function that may have been meant; empty if none is near. */
struct str function_nearest(struct str name);
/* "substr(string, offset, length)" */
void function_print(struct buf *out, const struct function *f);

struct value function_apply(struct function_call *c);
/*
 * Reports at argument `index` (SIZE_MAX: the whole call); returns a damaged null.
 * The format begins with the code of the mistake.
 */
struct value function_fail(struct function_call *c, size_t index, const char *format, ...)
	ATTR_PRINTF(3, 4);

#endif
