#ifndef EFFC_COMPILER_HANDLER_H
#define EFFC_COMPILER_HANDLER_H

#include "compiler.h"

/*
 * "src/orders.js#onOrder" for Node, "pkg/module.function" for Python, a file
 * or folder for anything else: what is packed, and what Lambda calls.
 */
struct handler {
	struct str bundle;		/* file or folder to pack */
	struct str file;		/* the one that is called; empty: not known */
	struct str entry;		/* Lambda's Handler */
};

/* False after a report. */
bool handler_parse(struct compiler *c, struct str text, struct span span, struct str runtime,
		   struct handler *out);

#endif
