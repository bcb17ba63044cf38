#ifndef EFFC_BASE_ARENA_H
#define EFFC_BASE_ARENA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attr.h"
#include "stats.h"

/*
 * Memory that is released at once.
 *
 * Everything that a stage makes lives in an arena and nothing in it is freed
 * alone.  A function that takes an arena first returns something that lives as
 * long as it; every other pointer is borrowed for the call.  Memory comes
 * zeroed.  Running out ends the program, which is safe at any moment
 * (the journal has the rest), so no caller checks for NULL.
 *
 * In sanitizer builds unused bytes are poisoned and each allocation is
 * followed by a red zone, so that an overrun is reported where it happens.
 * --enable-small-limits shrinks the blocks to find growth bugs in small tests.
 */
struct arena {
	char *next, *end;		/* what is left of the newest block */
	struct arena_block *block;	/* newest first */
	size_t used_bytes;		/* handed out, for statistics */
};

void arena_init(struct arena *a);
void arena_release(struct arena *a);

/* For arena_alloc: where the newest block has no room, and in sanitized builds always. */
void *arena_alloc_slow(struct arena *a, size_t size, size_t align);

#ifdef SANITIZED
#define ARENA_QUICK false
#else
#define ARENA_QUICK true
#endif

/* Zeroed bytes.  align is a power of two.  size 0 gives a valid pointer. */
static inline void *arena_alloc(struct arena *a, size_t size, size_t align)
{
	size_t skip = (size_t)(-(uintptr_t)a->next & (align - 1));
	size_t left = (size_t)(a->end - a->next);
	char *start;

	if (!ARENA_QUICK || !a->block || skip > left || size > left - skip)
		return arena_alloc_slow(a, size, align);
	start = a->next + skip;
	a->next = start + size;
	a->used_bytes += size;
	stats.bytes_allocated += size;
	return start;
}

/* count * size with the product checked. */
void *arena_alloc_array(struct arena *a, size_t count, size_t size, size_t align);

/*
 * Grows an allocation, in place where it is the newest, else by a copy.
 * old may be NULL with old_size 0.  Added bytes are zero.
 */
void *arena_grow(struct arena *a, void *old, size_t old_size, size_t new_size, size_t align);

#define arena_new(a, type) ((type *)arena_alloc((a), sizeof(type), _Alignof(type)))
#define arena_array(a, type, count) \
	((type *)arena_alloc_array((a), (count), sizeof(type), _Alignof(type)))

#endif
