#ifndef EFFC_COMPILER_BIND_H
#define EFFC_COMPILER_BIND_H

#include "spec/expr.h"

/*
 * Walks a value and asks for every reference in it what it stands for: a
 * value, another expression, or a null marked damaged after a report.
 * Templates whose parts are all known become text.
 */
struct binder {
	struct arena *arena;
	struct diags *d;
	/* span: of the string that the reference stands in. */
	struct value (*lookup)(struct binder *b, const struct expr *reference, struct span span);
};

struct value bind_value(struct binder *b, const struct value *v);
struct value bind_expr(struct binder *b, const struct expr *e, struct span span);

#endif
