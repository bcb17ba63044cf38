#include "arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attr.h"
#include "trace.h"

#ifdef SANITIZED
#include <sanitizer/asan_interface.h>
/* Shadow memory knows where a run of eight bytes ends, but not where it begins. */
#define POISON(start, size) ASAN_POISON_MEMORY_REGION(start, size)
#define UNPOISON(start, size) ASAN_UNPOISON_MEMORY_REGION(start, size)
#define ALIGN_LEAST 8
#define RED_ZONE_BYTES 16
#else
#define POISON(start, size) ((void)(start), (void)(size))
#define UNPOISON(start, size) ((void)(start), (void)(size))
#define ALIGN_LEAST 1
#define RED_ZONE_BYTES 0
#endif

#ifdef SMALL_LIMITS
#define BLOCK_FIRST_BYTES 64
#define BLOCK_MOST_BYTES 128
#else
#define BLOCK_FIRST_BYTES 4096
#define BLOCK_MOST_BYTES (1024 * 1024)
#endif

struct arena_block {
	struct arena_block *older;
	size_t capacity, used;
	alignas(max_align_t) char data[];
};

ATTR_NORETURN static void out_of_memory(void)
{
	fputs("effc: out of memory\n", stderr);
	_Exit(EXIT_FAILURE);
}

void arena_init(struct arena *a)
{
	*a = (struct arena){ 0 };
}

void arena_release(struct arena *a)
{
	while (a->block) {
		struct arena_block *block = a->block;

		a->block = block->older;
		UNPOISON(block->data, block->capacity);
		free(block);
	}
	arena_init(a);
}

static struct arena_block *block_new(size_t capacity)
{
	struct arena_block *block;

	if (capacity > SIZE_MAX / 2)
		out_of_memory();
	capacity += RED_ZONE_BYTES;
	block = calloc(1, sizeof(*block) + capacity);
	if (!block)
		out_of_memory();
	block->capacity = capacity;
	block->used = RED_ZONE_BYTES;
	POISON(block->data, capacity);
	return block;
}

/* Offset in the block of an aligned address at or after its used bytes. */
static size_t aligned_offset(const struct arena_block *block, size_t align)
{
	uintptr_t address = (uintptr_t)block->data + block->used;

	return block->used + (size_t)(-address & (align - 1));
}

static bool block_fits(const struct arena_block *block, size_t size, size_t align)
{
	size_t offset = aligned_offset(block, align);

	return offset <= block->capacity && size <= block->capacity - offset;
}

/*
 * A new block for at least need bytes.  One that is larger than a usual block
 * goes behind the newest, whose room stays in use.
 */
static struct arena_block *block_add(struct arena *a, size_t need)
{
	size_t usual = BLOCK_FIRST_BYTES;
	struct arena_block *block;

	if (a->block && a->block->capacity < BLOCK_MOST_BYTES)
		usual = a->block->capacity * 2;
	else if (a->block)
		usual = BLOCK_MOST_BYTES;
	if (need <= usual || !a->block) {
		block = block_new(need > usual ? need : usual);
		block->older = a->block;
		a->block = block;
		return block;
	}
	block = block_new(need);
	block->older = a->block->older;
	a->block->older = block;
	return block;
}

void *arena_alloc(struct arena *a, size_t size, size_t align)
{
	struct arena_block *block = a->block;
	size_t offset, need;

	CHECK(align && (align & (align - 1)) == 0);
	if (align < ALIGN_LEAST)
		align = ALIGN_LEAST;
	if (size > SIZE_MAX / 4)
		out_of_memory();
	need = size + RED_ZONE_BYTES;
	if (!block || !block_fits(block, need, align))
		block = block_add(a, need + align);
	offset = aligned_offset(block, align);
	block->used = offset + need;
	UNPOISON(block->data + offset, size);
	a->used_bytes += size;
	stats.bytes_allocated += size;
	return block->data + offset;
}

void *arena_alloc_array(struct arena *a, size_t count, size_t size, size_t align)
{
	if (size && count > SIZE_MAX / size)
		out_of_memory();
	return arena_alloc(a, count * size, align);
}

/* Makes the newest allocation longer where its block has room. */
static bool grow_in_place(struct arena *a, const char *old, size_t old_size, size_t new_size)
{
	struct arena_block *block = a->block;
	size_t end;

	if (!block || !old_size || old + old_size + RED_ZONE_BYTES != block->data + block->used)
		return false;
	end = block->used - RED_ZONE_BYTES;
	if (new_size - old_size > block->capacity - block->used)
		return false;
	block->used += new_size - old_size;
	UNPOISON(block->data + end, new_size - old_size);
	a->used_bytes += new_size - old_size;
	stats.bytes_allocated += new_size - old_size;
	return true;
}

void *arena_grow(struct arena *a, void *old, size_t old_size, size_t new_size, size_t align)
{
	void *grown;

	if (old && (new_size <= old_size || grow_in_place(a, old, old_size, new_size)))
		return old;
	grown = arena_alloc(a, new_size, align);
	if (old && old_size)
		memcpy(grown, old, old_size);
	return grown;
}
