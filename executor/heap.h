#ifndef EFFC_EXECUTOR_HEAP_H
#define EFFC_EXECUTOR_HEAP_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct job;

/* Jobs of which the first by `before` is wanted: whose turn it is, whose timer rings first. */
struct heap {
	struct job **items;
	size_t count, capacity;
	bool (*before)(const struct job *a, const struct job *b);
};

void heap_add(struct arena *a, struct heap *h, struct job *job);
struct job *heap_take(struct heap *h);		/* NULL if it is empty */
struct job *heap_first(const struct heap *h);

#endif
