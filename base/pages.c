#include "pages.h"

#include <stdint.h>
#include <sys/mman.h>

#ifndef MAP_POPULATE
#define MAP_POPULATE 0
#endif
#ifndef MADV_HUGEPAGE
#define MADV_HUGEPAGE MADV_NORMAL
#endif

static void *map_pages(size_t size, int flags)
{
	void *pages = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | flags,
			   -1, 0);

	return pages == MAP_FAILED ? NULL : pages;
}

/* Aligned, as the system wants it for pages of that size; what lies around goes back. */
static void *map_huge(size_t size)
{
	char *pages = map_pages(size + PAGES_HUGE_BYTES, 0);
	size_t skip;

	if (!pages)
		return NULL;
	skip = (size_t)(-(uintptr_t)pages & (PAGES_HUGE_BYTES - 1));
	if (skip)
		munmap(pages, skip);
	munmap(pages + skip + size, PAGES_HUGE_BYTES - skip);
	madvise(pages + skip, size, MADV_HUGEPAGE);
	return pages + skip;
}

void *pages_get(size_t size)
{
	return size % PAGES_HUGE_BYTES ? map_pages(size, MAP_POPULATE) : map_huge(size);
}

void pages_free(void *pages, size_t size)
{
	munmap(pages, size);
}
