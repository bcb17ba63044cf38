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
	const struct node *node;	/* NULL outside apply */
	bool usable;			/* nothing waits for it any more */
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
	int64_t begun_ms;		/* the apply */
	int64_t told_ms;		/* when something was told last */
	const volatile int *interrupted;	/* signals so far; may be NULL */
	bool interruption_told;
};

struct event_sink progress_sink(struct progress *p);
/* From here on it counts nodes that have ended, of total. */
void progress_begin(struct progress *p, size_t total);
/* What is under way that most of what is left waits for; NULL: nothing. */
const struct progress_item *progress_blocking(const struct progress *p);
/* About how long all will take: the longest path, or the pace so far. */
int64_t progress_left_ms(const struct progress *p, int64_t now_ms);
/* The same for programs. */
void progress_blocking_json(struct progress *p, const struct progress_item *item, int64_t now_ms,
			    struct buf *out);
/* Takes the live block off the screen. */
void progress_end(struct progress *p);

#endif
