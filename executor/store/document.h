#ifndef EFFC_STORE_DOCUMENT_H
#define EFFC_STORE_DOCUMENT_H

#include "planner/state.h"

/*
 * A whole state as one text: what a remote store keeps as an object, what the history
 * keeps of each run, and what `effc state export` prints.  It is canonical JSON, a line
 * a row, and its last member is the SHA-256 of all bytes before it: what was cut short
 * or changed anywhere is refused (ERROR_CORRUPT), and nothing is ever read of it.
 *
 *	{"effc_state":1,
 *	"lineage":"…","outputs":{…},"pin":{…},"project":"shop","run":{…},
 *	"serial":7,"stage":"dev",
 *	"rows":[
 *	{…},
 *	{…}
 *	],
 *	"tombstones":{"orders":2},
 *	"sha256":"…"}
 *
 * The same state and note give the same bytes.
 */
#define DOCUMENT_FORMAT 1
#define DOCUMENT_LIMIT_BYTES (512u << 20)
#define DOCUMENT_ROWS_LIMIT 1000000

/* Who wrote it and what came of it, for people. */
struct document_note {
	int64_t wall_ms;		/* 0: unknown */
	struct str who;			/* "effc apply of ann"; may be empty */
	struct str command;		/* "apply"; may be empty */
	size_t added, changed, removed;	/* rows, against the version before */
};

struct state_document {
	struct state state;		/* rows are unread as of row_read */
	struct document_note note;
};

/* note: NULL for none.  The state must have a lineage, a project and a stage. */
struct str document_write(struct arena *a, const struct state *state,
			  const struct document_note *note);
/*
 * name: where it comes from, for messages.  Strict: anything that document_write does
 * not write is refused.  The text is borrowed.
 */
bool document_read(struct arena *a, struct str text, struct str name, struct state_document *out,
		   struct error *err) ATTR_CHECKED;
/* Without the rows: who, when, which serial.  The digest is checked all the same. */
bool document_read_head(struct arena *a, struct str text, struct str name,
			struct state_document *out, struct error *err) ATTR_CHECKED;
/*
 * Refuses (ERROR_CORRUPT) what is of another project or stage; lineage: empty if any
 * will do.
 */
bool document_is_of(const struct state_document *document, struct str name, struct str project,
		    struct str stage, struct str lineage, struct error *err) ATTR_CHECKED;

/* Rows that differ between two states, by their text; either may be empty. */
void document_count_changes(const struct state *before, const struct state *after,
			    struct document_note *note);

#endif
