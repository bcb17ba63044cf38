#ifndef EFFC_BASE_STR_H
#define EFFC_BASE_STR_H

#include <stdbool.h>
#include <stdint.h>
#include <stddef.h>
#include <string.h>

#include "arena.h"
#include "attr.h"

/*
 * Borrowed text: a pointer and a length, passed by value.  Not terminated; any
 * byte may stand in it.  A C string is made only at the edge of a library call.
 * The empty str may have a NULL pointer.
 */
struct str {
	const char *data;
	size_t length;
};

#define STR(literal) ((struct str){ "" literal, sizeof(literal) - 1 })
/* For tables of constants, where a compound literal is not allowed. */
#define STR_INIT(literal) { "" literal, sizeof(literal) - 1 }
/* printf: "%.*s", STR_ARG(s) */
#define STR_ARG(s) ((int)(s).length), ((s).data ? (s).data : "")

static inline struct str str_of(const char *data, size_t length)
{
	return (struct str){ data, length };
}

/* Borrowed; NULL gives empty. */
static inline struct str str_from_c(const char *text)
{
	return (struct str){ text, text ? strlen(text) : 0 };
}

static inline bool str_equal(struct str a, struct str b)
{
	return a.length == b.length && (!a.length || memcmp(a.data, b.data, a.length) == 0);
}

static inline bool str_equal_c(struct str a, const char *b)
{
	return str_equal(a, str_from_c(b));
}

bool str_equal_fold(struct str a, struct str b);		/* ASCII case ignored */
int str_compare(struct str a, struct str b);			/* by bytes, then length */
bool str_starts(struct str s, struct str prefix);
bool str_ends(struct str s, struct str suffix);
bool str_contains(struct str s, struct str part);
/* Index of the first such part, or s.length if there is none. */
size_t str_find(struct str s, struct str part);
/* Index of the first/last such byte, or s.length if there is none. */
size_t str_index(struct str s, char byte);
size_t str_last_index(struct str s, char byte);
/* Clamped: never reads outside. */
static inline struct str str_slice(struct str s, size_t start, size_t end)
{
	if (end > s.length)
		end = s.length;
	if (start > end)
		start = end;
	return s.data ? str_of(s.data + start, end - start) : s;
}

struct str str_trim(struct str s);				/* ASCII blanks on both ends */

/* A glob: `*` for any text, `?` for any byte. */
bool str_matches(struct str glob, struct str text);

/* Takes what stands before the next separator off the front of *rest; false when rest is spent. */
bool str_split(struct str *rest, char separator, struct str *part);

struct str str_copy(struct arena *a, struct str s);
char *str_to_c(struct arena *a, struct str s);
struct str str_join(struct arena *a, struct str separator, const struct str *parts, size_t count);
/* The parts beside each other: what str_format does with "%.*s%.*s", at a tenth of its time. */
#define STR_JOIN(a, ...) \
	str_join((a), (struct str){ 0 }, (const struct str[]){ __VA_ARGS__ }, \
		 sizeof((const struct str[]){ __VA_ARGS__ }) / sizeof(struct str))
struct str str_lower(struct arena *a, struct str s);		/* ASCII */
/* The same, or s itself if it is so already, as most ids and names are. */
struct str str_folded(struct arena *a, struct str s);
struct str str_upper(struct arena *a, struct str s);
struct str str_replace(struct arena *a, struct str s, struct str from, struct str to);
struct str str_format(struct arena *a, const char *format, ...) ATTR_PRINTF(2, 3);

/* Whole text is a decimal integer that fits; else false and *out untouched. */
bool str_to_int(struct str s, int64_t *out);
/* The other way, into the caller's space. */
#define INT_DIGITS 20
struct str int_digits(char space[INT_DIGITS], int64_t number);

/*
 * Hashes for tables in memory.  The quick one spreads what people write; colliding
 * keys can be made for it.  For those made for one seed of the other, the next seed
 * differs.
 */
uint32_t str_hash(struct str s);
uint32_t str_hash_seeded(struct str s, uint32_t seed);

/* The candidate nearest by edit distance; empty if none is near enough for "did you mean". */
struct str str_nearest(struct str word, const struct str *candidates, size_t count);

/* True if the bytes are well-formed UTF-8 (no surrogates, no overlong forms). */
bool str_is_utf8(struct str s);
/* How many bytes from the front are. */
size_t str_utf8_length(struct str s);

#endif
