#ifndef EFFC_EXECUTOR_PUBLISHED_H
#define EFFC_EXECUTOR_PUBLISHED_H

#include "executor/driver/op.h"

/*
 * The outputs that another stack publishes: parameters under one path, read in
 * pages.  A part of a job's machine, as a look is: give it the replies until it
 * is done.  What is no plain text there was not published by effc and is left
 * out.  compiler/publish.c says how a value becomes text.
 */
struct published {
	struct str folder;		/* "/effc/net/prod/out/" */
	const struct scope *scope;
	/* ---- inside, and for the caller after DONE or FAIL ---- */
	struct value outputs;		/* MAP: name -> value */
	struct error error;
	unsigned pages;
};

struct step published_next(struct published *p, struct arena *a, const struct reply *last);

#endif
