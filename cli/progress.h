#ifndef EFFC_CLI_PROGRESS_H
#define EFFC_CLI_PROGRESS_H

#include <stdio.h>

#include "base/buf.h"
#include "executor/session.h"

/*
 * What people and programs see while an apply runs: a live block of what is
 * under way on a terminal, one line a finished operation elsewhere, one JSON
 * object a line with --json.  Three readers of the same events.
 */
enum progress_style { PROGRESS_LINES, PROGRESS_TREE, PROGRESS_JSON };

struct progress_item {
	struct str address, verb, note;
	int64_t started_ms;
	bool before_apply;		/* reading or recovering */
};

struct progress {
	struct arena *arena;
	FILE *out;
	enum progress_style style;
	bool colour;
	const struct clock *clock;
	const struct model *model;	/* for kinds; may be NULL */
	VEC(struct progress_item) active;
	size_t drawn;			/* lines of the live block on the screen */
	size_t done, total;
	const volatile int *interrupted;	/* signals so far; may be NULL */
	bool interruption_told;
};

struct event_sink progress_sink(struct progress *p);
/* From here on it counts nodes that have ended, of total. */
void progress_begin(struct progress *p, size_t total);
/* Takes the live block off the screen. */
void progress_end(struct progress *p);

#endif
