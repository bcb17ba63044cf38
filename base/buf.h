#ifndef EFFC_BASE_BUF_H
#define EFFC_BASE_BUF_H

#include "arena.h"
#include "str.h"

/*
 * Text being built, in an arena.  Always terminated.  A limit can be set when
 * what is added comes from outside: past it nothing more is added and
 * `overflow` stays true, which the caller checks once at the end.
 */
struct buf {
	struct arena *arena;
	char *data;
	size_t length, capacity;
	size_t limit_bytes;		/* 0: none */
	bool overflow;
};

void buf_init(struct buf *b, struct arena *a);
void buf_init_limit(struct buf *b, struct arena *a, size_t limit_bytes);
void buf_add(struct buf *b, struct str s);
void buf_add_c(struct buf *b, const char *text);
void buf_add_char(struct buf *b, char c);
void buf_add_repeat(struct buf *b, char c, size_t count);
void buf_printf(struct buf *b, const char *format, ...) ATTR_PRINTF(2, 3);
void buf_add_int(struct buf *b, int64_t number);
/* The fewest digits that read back, with a point or an exponent; never infinite or no number. */
void buf_add_float(struct buf *b, double number);
void buf_add_utf8(struct buf *b, uint32_t codepoint);
void buf_truncate(struct buf *b, size_t length);
void buf_reserve(struct buf *b, size_t extra);
struct str buf_str(const struct buf *b);			/* borrowed from the arena */

#endif
