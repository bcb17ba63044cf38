#ifndef EFFC_BASE_ARENA_H
#define EFFC_BASE_ARENA_H

#include <stddef.h>

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
	struct arena_block *block;	/* newest first */
	size_t used_bytes;		/* handed out, for statistics */
};

void arena_init(struct arena *a);
void arena_release(struct arena *a);

/* Zeroed bytes.  align is a power of two.  size 0 gives a valid pointer. */
void *arena_alloc(struct arena *a, size_t size, size_t align);

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
