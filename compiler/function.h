#ifndef EFFC_COMPILER_FUNCTION_H
#define EFFC_COMPILER_FUNCTION_H

#include "compiler.h"
#include "iam.h"

/*
 * The Lambda function that a handler stands for: log group, role, function.
 * A kind begins one, adds the statements and variables that its own parts need,
 * and ends it.
 */
struct function {
	struct compiler *c;
	struct block *block;
	struct str handler;		/* as written: "src/orders.js#onOrder" */
	struct span handler_span;
	int64_t timeout_most;		/* what calls it waits no longer; 0: no limit */
	int64_t timeout_s;
	struct policy policy;
	struct value environment;	/* MAP */
	struct part *logs, *role, *part;
};

/* Keys of every block that has a function. */
extern const struct key_set function_keys;

/* False if there is no handler to make it of (reported). */
bool function_begin(struct compiler *c, struct block *b, const struct value *handler,
		    int64_t timeout_most, struct function *out);
void function_end(struct function *f);
/* Of a function that its mistakes keep from being made: what its deps name is looked at. */
void function_look(struct compiler *c, struct block *b);
/* When Lambda ends or has ended it, if today is known. */
void runtime_check(struct compiler *c, struct str runtime, struct span span);
/* Refuses keys of functions in a block whose handler is missing, or another block's. */
void function_keys_refuse(struct compiler *c, struct block *b, const char *why);

#endif
