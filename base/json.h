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
