#ifndef EFFC_BASE_PAGES_H
#define EFFC_BASE_PAGES_H

#include <stddef.h>

/*
 * Zeroed memory straight from the system, for the large blocks of arenas.  The
 * first touch of each page is an interruption, which is half of what memory costs
 * a short run: so a multiple of PAGES_HUGE_BYTES comes in pages of that size where the
 * system has them, and anything else is there at once.
 * (Both are no POSIX, so this file alone is compiled with more than that.)
 */
#define PAGES_HUGE_BYTES ((size_t)2 * 1024 * 1024)

/* NULL if there is none. */
void *pages_get(size_t size);
void pages_free(void *pages, size_t size);

#endif
