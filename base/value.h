#ifndef EFFC_BASE_VALUE_H
#define EFFC_BASE_VALUE_H

#include <stdint.h>

#include "diag.h"
#include "map.h"
#include "str.h"

/*
 * A value that knows where it was written.  The same struct carries what a
 * user wrote, what a schema says, what AWS answered and what the state holds,
 * so that one comparison and one printer serve all.  Values never change once
 * built and are shared freely.  A value that came from nowhere has SPAN_NONE.
 */
enum value_kind {
	VALUE_NULL,
	VALUE_BOOL,
	VALUE_INT,
	VALUE_FLOAT,
	VALUE_STRING,
	VALUE_DATETIME,
	VALUE_LIST,
	VALUE_MAP,
	VALUE_EXPR,			/* not evaluated yet, see spec/expr.h */
	VALUE_UNKNOWN,			/* known only while applying */
};

enum value_mark {
	VALUE_SECRET = 1 << 0,		/* sticks to everything computed from it; never printed */
	VALUE_DAMAGED = 1 << 1,		/* part could not be read: what it lacks is no error */
};

struct list {
	struct value *items;
	size_t count, capacity;		/* capacity below count: exactly count */
};

/* TOML's four date-time kinds.  Kept as text too, since AWS never wants them decoded. */
enum datetime_kind { DATETIME_OFFSET, DATETIME_LOCAL, DATE_LOCAL, TIME_LOCAL };
struct datetime {
	struct str text;		/* normalised RFC 3339 */
	enum datetime_kind kind;
};

/* What is known of a type.  NULL instead of one: nothing. */
enum type_kind { TYPE_ANY, TYPE_BOOL, TYPE_NUMBER, TYPE_STRING, TYPE_LIST, TYPE_MAP };
struct type {
	enum type_kind kind;
	const struct type *element;	/* of a list's items, a map's values; NULL: not known */
	const struct map *fields;	/* of a map, all of them: name -> struct type; or NULL */
};

struct unknown {
	struct str reason;		/* "the id of 'api' is assigned when it is created" */
	struct str prefix;		/* of text: what is known of its beginning; may be empty */
	const struct type *type;	/* NULL: not known either */
};

struct value {
	enum value_kind kind;
	uint32_t marks;
	struct span span;		/* whole literal, quotes included */
	uint32_t text_start;		/* VALUE_STRING from a source: offset of its first byte */
	union {
		bool boolean;
		int64_t integer;
		double number;
		struct {
			struct str string;
			/*
			 * Source offset of each decoded byte, length + 1 of them; NULL where
			 * the bytes stand in the source as they are, from text_start on.
			 */
			const uint32_t *offsets;
		};
		struct list list;
		struct map map;		/* values are struct member */
		struct datetime datetime;
		const struct expr *expr;
		const struct unknown *unknown;
	};
};

struct member {
	struct span key_span;
	struct value value;
};

struct value value_null(void);
struct value value_bool(bool b);
struct value value_int(int64_t i);
struct value value_float(double d);
struct value value_string(struct str s);
struct value value_unknown(struct arena *a, struct str reason, struct str prefix);
struct value value_unknown_of(struct arena *a, const struct type *type, struct str reason);
struct value value_list(struct value *items, size_t count);
struct value value_map(void);

/* The bytes [start, end) of a decoded string, as a span of the source. */
struct span value_text_span(const struct value *v, size_t start, size_t end);

/* For VALUE_MAP: NULL if there is none (or v is no map). */
const struct value *value_get(const struct value *v, struct str key);
static inline const struct value *value_get_c(const struct value *v, const char *key)
{
	return value_get(v, str_from_c(key));
}

const struct member *value_member(const struct value *v, struct str key);
/* "A.B.2.C": maps by key, lists by index. */
const struct value *value_path(const struct value *v, struct str path);
/* Empty if absent or no string. */
struct str value_get_str(const struct value *v, const char *key);
/* Sets or replaces; returns the place.  Only while the map is being built. */
struct value *value_set(struct arena *a, struct value *map, struct str key, struct value item);
/* As value_set, but never into a member that other maps may share (map_copy). */
void value_replace(struct arena *a, struct value *map, struct str key, struct value item);
void value_append(struct arena *a, struct value *list, struct value item);

/* Deep; spans and marks do not count; 1 and 1.0 are equal; maps without regard to order. */
bool value_equal(const struct value *a, const struct value *b);
/* A total order for sorting sets: kind, then content. */
int value_compare(const struct value *a, const struct value *b);
struct value value_copy(struct arena *a, const struct value *v);
/* Neither holds other values nor stands for one. */
static inline bool value_is_plain(const struct value *v)
{
	return v->kind != VALUE_LIST && v->kind != VALUE_MAP && v->kind != VALUE_EXPR &&
	       v->kind != VALUE_UNKNOWN;
}

bool value_has_unknown(const struct value *v);	/* an unknown or unevaluated part anywhere */
const char *value_kind_name(enum value_kind kind);	/* "string", "table", "integer", ... */

#endif
