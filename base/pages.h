#ifndef EFFC_BASE_PAGES_H
#define EFFC_BASE_PAGES_H

#include <stddef.h>

/*
 * Zeroed memory straight from the system, for the large blocks of arenas.  All of it
 * is there at once: one call, where the first touch of each page would be an
 * interruption of its own, which is half of what memory costs a short run.
 * (MAP_POPULATE is no POSIX, so this file alone is compiled with more than that.)
 */

/* NULL if there is none. */
void *pages_get(size_t size);
void pages_free(void *pages, size_t size);

#endif
