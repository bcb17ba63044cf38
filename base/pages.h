#ifndef EFFC_BASE_PAGES_H
#define EFFC_BASE_PAGES_H

#include <stddef.h>

/*
 * Zeroed memory straight from the system, for the large blocks of arenas.  All of it
 * is there at once: one call, where the first touch of each page would be an
 * interruption of its own.  What the system does for that call still takes a third
 * of a short run, so a thread of its own fetches blocks of the usual size ahead of
 * those who ask: it touches nothing else, and what anybody gets is the same without it.
 * (MAP_POPULATE is no POSIX, so this file alone is compiled with more than that.)
 */
#define PAGES_USUAL ((size_t)1024 * 1024)

/* NULL if there is none. */
void *pages_get(size_t size);
void pages_free(void *pages, size_t size);

#endif
