#include "arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attr.h"
#include "pages.h"

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

struct arena_block {
	struct arena_block *older;
	size_t capacity;
	alignas(max_align_t) char data[];
};

#ifdef SMALL_LIMITS
#define BLOCK_FIRST_BYTES 64
#define BLOCK_MOST_BYTES 128
#else
#define BLOCK_FIRST_BYTES 4096
#define BLOCK_MOST_BYTES (PAGES_USUAL - sizeof(struct arena_block))
#endif

/* From here on a block is of pages; a sanitizer watches only what malloc hands out. */
#ifdef SANITIZED
#define PAGES_LEAST_BYTES SIZE_MAX
#else
#define PAGES_LEAST_BYTES (64 * 1024)	/* few, since each takes the kernel's time */
#endif

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
		if (block->capacity >= PAGES_LEAST_BYTES)
			pages_free(block, sizeof(*block) + block->capacity);
		else
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
	block = capacity >= PAGES_LEAST_BYTES ? pages_get(sizeof(*block) + capacity)
					      : calloc(1, sizeof(*block) + capacity);
	if (!block)
		out_of_memory();
	block->capacity = capacity;
	POISON(block->data, capacity);
	return block;
}

static void block_add(struct arena *a, size_t capacity)
{
	struct arena_block *block = block_new(capacity);

	block->older = a->block;
	a->block = block;
	a->next = block->data + RED_ZONE_BYTES;
	a->end = block->data + block->capacity;
}

/* What is left behind the arena's next byte, once aligned; false if that is too little. */
static bool fits(const struct arena *a, size_t size, size_t align)
{
	size_t skip = (size_t)(-(uintptr_t)a->next & (align - 1));
	size_t left = (size_t)(a->end - a->next);

	return a->block && skip <= left && size <= left - skip;
}

static void *take(struct arena *a, size_t size, size_t align)
{
	char *start = a->next + (size_t)(-(uintptr_t)a->next & (align - 1));

	a->next = start + size + RED_ZONE_BYTES;
	UNPOISON(start, size);
	a->used_bytes += size;
	stats.bytes_allocated += size;
	return start;
}

/* In a block of its own, behind the newest, whose room stays in use. */
static void *take_apart(struct arena *a, size_t size, size_t align)
{
	struct arena_block *block = block_new(size + RED_ZONE_BYTES + align);
	struct arena alone = { .block = block, .next = block->data + RED_ZONE_BYTES };
	void *start = take(&alone, size, align);

	block->older = a->block->older;
	a->block->older = block;
	a->used_bytes += size;
	return start;
}

void *arena_alloc_slow(struct arena *a, size_t size, size_t align)
{
	size_t usual = BLOCK_FIRST_BYTES, need;

	CHECK(align && (align & (align - 1)) == 0);
	if (align < ALIGN_LEAST)
		align = ALIGN_LEAST;
	if (size > SIZE_MAX / 4)
		out_of_memory();
	need = size + RED_ZONE_BYTES;
	if (!fits(a, need, align)) {
		if (a->block)
			usual = a->block->capacity * 2;
		if (usual > BLOCK_MOST_BYTES)
			usual = BLOCK_MOST_BYTES;
		need += align;
		if (need > usual && a->block)
			return take_apart(a, size, align);
		block_add(a, need > usual ? need : usual);
	}
	return take(a, size, align);
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
	size_t more = new_size - old_size;

	if (!a->block || !old_size || old + old_size + RED_ZONE_BYTES != a->next)
		return false;
	if (more > (size_t)(a->end - a->next))
		return false;
	UNPOISON(a->next - RED_ZONE_BYTES, more);
	a->next += more;
	a->used_bytes += more;
	stats.bytes_allocated += more;
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
