#ifndef EFFC_BASE_JSON_H
#define EFFC_BASE_JSON_H

#include "buf.h"
#include "error.h"
#include "value.h"

/*
 * JSON (RFC 8259) to values and back.  Reading is strict: one value, no
 * duplicate-key merging (the last wins), well-formed UTF-8, no lone surrogates,
 * a depth limit.  Integers that fit 64 bits become VALUE_INT, all other
 * numbers VALUE_FLOAT (15-17 digits, shortest that reads back equal).
 */
#define JSON_DEPTH_LIMIT 128

/*
 * file: for spans, or SPAN_NOWHERE.  The text must outlive the value: strings
 * without escapes borrow from it.
 */
bool json_parse(struct arena *a, struct str text, uint32_t file, struct value *out,
		struct error *err) ATTR_CHECKED;

/*
 * The items of one map or list, each as the text that it is written with, for who
 * needs few of them, or needs them late.  Every byte passed is checked as json_parse
 * would, so json_parse of an item cannot fail.  The name of a member is as it stands
 * between its quotes; nothing is said of names that come twice.
 *
 *	struct json_items items = { .scratch = a, .text = text, .err = err };
 *	while (json_next(&items, &name, &item)) use(name, item);
 *	if (items.failed) return false;
 */
struct json_items {
	struct arena *scratch;
	struct str text;		/* all of it: nothing may stand after the map or list */
	struct error *err;
	bool map, failed;		/* set by json_next */
	size_t at;
	bool begun, simple;
};
bool json_next(struct json_items *items, struct str *name, struct str *item);
/*
 * What some tables said before: things of a stack share most of their tags, and what
 * was compared once is told by its text.  May be NULL; else none of the tables may
 * change between the calls.
 */
#define JSON_SAID_MOST 64
struct json_said {
	struct { struct map map; struct str text; } items[JSON_SAID_MOST];
};

/*
 * True: a canonical text says exactly this value.  False says nothing: texts with
 * escapes or blanks, floats, secrets and what is unknown are not looked into.
 */
bool json_says(struct str text, const struct value *v, struct json_said *said);

/*
 * One line.  Unknown prints as {"unknown":reason}, secrets as "(secret)", the
 * floats that JSON lacks as the strings "NaN", "Infinity", "-Infinity".
 */
void json_print(struct buf *out, const struct value *v);
/* For requests alone: secrets in clear, and nothing may be unknown. */
void json_print_wire(struct buf *out, const struct value *v);
/*
 * Keys sorted at every level, 1.0 as 1: equal values print equal bytes, the form
 * that digests are taken of.  A secret is "(secret)" here too: whoever must notice
 * its change adds a keyed hash of it.
 */
void json_print_canonical(struct buf *out, const struct value *v);
/* Two blanks a level. */
void json_print_pretty(struct buf *out, const struct value *v, unsigned indent);
void json_print_string(struct buf *out, struct str s);
struct str json_text(struct arena *a, const struct value *v);
struct str json_text_canonical(struct arena *a, const struct value *v);

#endif
