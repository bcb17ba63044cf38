#ifndef EFFC_BASE_MAP_H
#define EFFC_BASE_MAP_H

#include <stdint.h>

#include "arena.h"
#include "str.h"

/*
 * String keys to pointers, walked in insertion order so that every run prints
 * the same bytes.  Keys are borrowed and must live as long as the map.  Up to
 * eight entries are searched straight; above that by a hash index.
 *
 *	for (uint32_t i = 0; i < m.count; i++) use(m.entries[i].key, m.entries[i].value);
 */
struct map_entry {
	struct str key;
	void *value;
};

struct map {
	struct map_entry *entries;
	struct map_index *index;	/* NULL: few enough to search straight */
	uint32_t count, capacity;
};

/* NULL if there is none. */
void *map_get(const struct map *m, struct str key);
bool map_has(const struct map *m, struct str key);

/* Room for so many keys in an empty map: nothing grows while they come. */
void map_reserve(struct arena *a, struct map *m, uint32_t count);

/* The place of the key's value; a new key's value is NULL. */
void **map_put(struct arena *a, struct map *m, struct str key);

/* The same keys with the same values, and room for some more. */
struct map map_copy(struct arena *a, const struct map *m, uint32_t room);

/* Removes a key, keeping the order of the rest; linear.  False if it was not there. */
bool map_remove(struct map *m, struct str key);

/* The entries in the order of their keys' bytes; borrowed from the map. */
const struct map_entry **map_sorted(struct arena *a, const struct map *m);
/* The same into count pointers of the caller. */
void map_sort(const struct map *m, const struct map_entry **sorted);

#endif
