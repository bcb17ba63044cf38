#ifndef EFFC_BASE_VEC_H
#define EFFC_BASE_VEC_H

#include <stddef.h>

#include "arena.h"

/*
 * A growing array in an arena:
 *
 *	VEC(struct span) spans = { 0 };
 *	*vec_push(a, &spans) = span;
 *	for (size_t i = 0; i < spans.count; i++) use(spans.items[i]);
 *
 * vec_push returns the address of a new zeroed item.  Addresses of items move
 * when it grows.  Name the type where it crosses a border:
 * struct span_vec VEC_OF(struct span);
 */
#define VEC(type) struct { type *items; size_t count, capacity; }
#define VEC_OF(type) { type *items; size_t count, capacity; }

#define vec_push(a, v) \
	((v)->items = vec_room((a), (v)->items, (v)->count, &(v)->capacity, \
			       sizeof(*(v)->items)), \
	 &(v)->items[(v)->count++])

/* Room for one more than count; returns the (moved) items. */
void *vec_room(struct arena *a, void *items, size_t count, size_t *capacity, size_t item_size);

#endif
