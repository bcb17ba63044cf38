#ifndef EFFC_PLANNER_STATE_H
#define EFFC_PLANNER_STATE_H

#include "base/error.h"
#include "base/value.h"
#include "compiler/address.h"
#include "schemas/driver.h"

/*
 * What we made: a row a resource, keyed by address.  Rows are the intent
 * before a call and the truth after it; the store keeps them durable and the
 * planner reads them.  The type and its JSON codec live here, writing lives in
 * executor/store/.
 */
enum row_status {
	ROW_CREATING,			/* intent recorded; it may or may not exist */
	ROW_CREATED,
	ROW_UPDATING,			/* properties are wanted, `before` surely held */
	ROW_UPDATED,
	ROW_REPLACING,			/* this one is being made, `previous` is the old one */
	ROW_REPLACED,			/* made; `previous` waits for garbage collection */
	ROW_DELETING,
};

/* What of a row is still the text that it was stored as; checked, so it will be read. */
struct row_unread {
	struct arena *arena;		/* that it is read into */
	struct str properties, before, attributes, baseline;	/* empty: absent */
	struct str scope;
};

struct row {
	struct address address;
	struct str type;
	struct scope scope;
	struct str identifier;		/* primary identifier as shown; empty until known */
	struct str instance;		/* 32 hex digits, stands on the thing itself */
	uint32_t generation;
	enum row_status status;
	struct str name;		/* physical name, never computed again; may be empty */
	struct value properties;	/* MAP: as applied, or as being applied */
	struct value before;		/* MAP: UPDATING: as last applied; else NULL kind */
	struct value attributes;	/* MAP: identifiers and read-only attributes */
	struct value baseline;		/* MAP: as read after the last apply; NULL kind: never */
	struct str_list edges;		/* addresses (text) this one depends on */
	enum guard guard;
	struct str_list triggers;	/* digests of what replace_when named */
	bool retain;
	bool delete_first;		/* REPLACING: the old generation goes before */
	bool adopting;			/* UPDATING: it exists, and is not surely ours yet */
	bool sent;			/* a call that makes it may have reached AWS */
	struct row *previous;		/* older generation not yet collected; NULL: none */
	struct str source;		/* "effortless.toml:12:1" */
	uint32_t driver_version;
	const struct row_unread *unread;	/* not NULL: four MAPs wait for row_open */
};

struct tombstone {
	struct str address;		/* of something deleted: */
	uint32_t generation;		/* its last one, so that the next differs */
};

#define STATE_SCHEMA_VERSION 2		/* 2: the fencing number of the lease */
#define ROW_FORMAT 3			/* 2: triggers, adopting; 3: generations in any order */
#define TRIGGER_DIGITS 32		/* of a digest in triggers */
#define ROW_GENERATIONS_MOST 64		/* of one row: itself and what waits for collection */

struct state {
	struct str project, stage;
	struct str lineage;		/* 32 random hex digits; empty: no state yet */
	uint64_t serial;		/* grows with every commit */
	struct scope pin;		/* account and region of the first apply; empty before */
	struct row **rows;		/* by address, as of the last state_sort; maybe unread */
	size_t row_count, row_capacity;
	size_t sorted_count;		/* of rows, from the front, that are in order */
	struct map by_address;		/* text -> struct row; NULL for one that was removed */
	struct tombstone *tombstones;
	size_t tombstone_count;
	struct value outputs;		/* MAP: as of the last apply */
};

/* The row, read; NULL: none.  state_peek leaves unread what is. */
struct row *state_find(const struct state *s, struct str address);
struct row *state_peek(const struct state *s, struct str address);
/*
 * For building one, also by the store.  A new row goes last and one of the same
 * address is replaced in its place, so that loading stays linear; state_sort
 * puts the rows in order when all are there.  The planner takes either.
 */
void state_put(struct arena *a, struct state *s, struct row *row);
void state_sort(struct state *s);
/* Keeps the order of the rest.  False if there is none. */
bool state_remove(struct state *s, struct str address);

/*
 * One line of canonical JSON with "format", older generations in a flat list.
 * Secrets in it are refused with BUG: they must be hashed before.  A property
 * that is not known yet (of an intent) is left out.
 */
struct str row_encode(struct arena *a, const struct row *row);
/*
 * Strict: unknown keys, kinds, formats newer than ours, bad addresses fail with
 * ERROR_CORRUPT.  The row borrows from text, which must live as long.
 */
bool row_decode(struct arena *a, struct str text, struct row *out, struct error *err) ATTR_CHECKED;
/*
 * The same, as strict, but properties, before, attributes and baseline stay
 * text until row_open reads them into a, which must live as long.  like: a row that
 * was read into it before, whose scope may be this one's too; or NULL.
 */
bool row_read(struct arena *a, struct str text, const struct row *like, struct row *out,
	      struct error *err) ATTR_CHECKED;
/* Reads what is unread; nobody can tell but by the memory, so a borrowed row may be opened. */
void row_open(const struct row *row);
struct json_said;

/*
 * Whether an unread row was applied with exactly these properties: then nothing of
 * it has to be read to plan that nothing changes.  False says nothing.
 */
bool row_applied(const struct row *row, const struct value *wanted, struct json_said *said);

/* Whether it is the thing with this key: a MAP of attributes and properties that name one. */
bool row_is_of(const struct row *row, const struct value *key);

/* 32 hex digits: first 16 bytes of SHA-256(lineage, account, region, address, generation). */
struct str instance_id(struct arena *a, struct str lineage, const struct scope *scope,
		       struct str address, uint32_t generation);

const char *row_status_name(enum row_status status);

#endif
