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
 * A function that can do better with what is half known says so (deep, lazy).
 */
struct function_call {
	struct arena *arena;
	const struct expr_scope *scope;
	const struct function *function;
	const struct value *args;	/* evaluated; see lazy */
	const struct span *spans;	/* of each argument, as written */
	size_t count;
	struct expr *const *exprs;	/* lazy: the arguments are not evaluated, args is NULL */
	struct span span;		/* of the whole call */
	struct diags *d;		/* NULL: nobody wants to know */
};

/* A parameter: "string", "number", "bool", "list", "map", "any", "list of string", ... */
struct parameter {
	const char *name;		/* as the documents call it */
	const char *type;
	bool optional;			/* only at the end */
	bool variadic;			/* the last: any number of them, none too */
	bool null;			/* may be null */
};

struct function {
	const char *name;
	const struct parameter *parameters;
	size_t parameter_count;
	const char *result;		/* as a parameter's type: what it is while it is unknown */
	bool deep;			/* takes containers with unknown or open items in them */
	bool lazy;			/* evaluates its arguments itself: try, can */
	/* A damaged null after a report by function_fail(). */
	struct value (*call)(struct function_call *c);
	const char *summary;		/* one line for `effc explain NAME` */
};

/* NULL: no such function. */
const struct function *function_find(struct str name);
/* In the order of their names; NULL past the end. */
const struct function *function_at(size_t index);
/* Why a name that Terraform knows is none here ("it would read the clock"); NULL: unknown name. */
const char *function_refusal(struct str name);

struct value function_apply(struct function_call *c);
/* Reports at argument `index` (SIZE_MAX: the whole call); returns a damaged null. */
struct value function_fail(struct function_call *c, size_t index, const char *format, ...)
	ATTR_PRINTF(3, 4);

#endif
