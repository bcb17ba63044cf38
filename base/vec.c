#include "vec.h"

#include <stdint.h>
#include <string.h>

#include "attr.h"

#ifdef SMALL_LIMITS
#define FIRST_BYTES 1
#else
#define FIRST_BYTES 32
#endif

/* Most hold few items, and many are made: little memory at first. */
static size_t first_capacity(size_t item_size)
{
	return item_size < FIRST_BYTES ? FIRST_BYTES / item_size : 1;
}

void *vec_room(struct arena *a, void *items, size_t count, size_t *capacity, size_t item_size)
{
	if (count >= *capacity) {
		size_t more = *capacity ? *capacity * 2 : first_capacity(item_size);

		CHECK(count == *capacity);
		CHECK(more <= SIZE_MAX / 2 / item_size);
		items = arena_grow(a, items, count * item_size, more * item_size,
				   _Alignof(max_align_t));
		*capacity = more;
	}
	memset((char *)items + count * item_size, 0, item_size);
	return items;
}
