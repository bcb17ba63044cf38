#include "map.h"

#include <stdlib.h>
#include <string.h>

#include "trace.h"

#ifdef SMALL_LIMITS
#define STRAIGHT_MOST 2
#else
#define STRAIGHT_MOST 8
#endif
#define CAPACITY_FIRST 4
#define PROBES_MOST 128
#define SEED_MOST 8
#define SORT_FEW 16

#define NOT_FOUND UINT32_MAX

static uint32_t find_straight(const struct map *m, struct str key)
{
	for (uint32_t i = 0; i < m->count; i++) {
		stats.probes++;
		if (str_equal(m->entries[i].key, key))
			return i;
	}
	return NOT_FOUND;
}

static uint32_t find_hashed(const struct map *m, struct str key)
{
	uint32_t hash = str_hash_seeded(key, m->seed);
	uint32_t mask = m->slot_count - 1;

	for (uint32_t at = hash & mask; m->slots[at]; at = (at + 1) & mask) {
		uint32_t index = (uint32_t)m->slots[at] - 1;

		stats.probes++;
		if (m->slots[at] >> 32 == hash && str_equal(m->entries[index].key, key))
			return index;
	}
	stats.probes++;
	return NOT_FOUND;
}

static uint32_t find(const struct map *m, struct str key)
{
	return m->slots ? find_hashed(m, key) : find_straight(m, key);
}

void *map_get(const struct map *m, struct str key)
{
	uint32_t index = find(m, key);

	return index == NOT_FOUND ? NULL : m->entries[index].value;
}

bool map_has(const struct map *m, struct str key)
{
	return find(m, key) != NOT_FOUND;
}

/* False if the entry stands suspiciously far from its home. */
static bool slot_put(struct map *m, uint32_t hash, uint32_t index)
{
	uint32_t mask = m->slot_count - 1;
	uint32_t at = hash & mask, probes = 0;

	for (; m->slots[at]; at = (at + 1) & mask)
		probes++;
	m->slots[at] = (uint64_t)hash << 32 | (index + 1);
	return probes <= PROBES_MOST;
}

static bool slot_add(struct map *m, uint32_t index)
{
	return slot_put(m, str_hash_seeded(m->entries[index].key, m->seed), index);
}

/*
 * Fills the index anew.  Keys made to collide (a spec is hostile until read)
 * are spread by another seed; whoever can defeat eight of them in a row has
 * earned a slow run.
 */
static void slots_fill(struct map *m)
{
	bool spread;

	do {
		spread = true;
		memset(m->slots, 0, m->slot_count * sizeof(*m->slots));
		for (uint32_t i = 0; i < m->count; i++)
			spread = slot_add(m, i) && spread;
	} while (!spread && ++m->seed < SEED_MOST);
}

/* Twice the slots, with the hashes that the old ones hold. */
static void slots_grow(struct arena *a, struct map *m)
{
	const uint64_t *old = m->slots;
	uint32_t old_count = m->slot_count;
	bool spread = true;

	m->slot_count = old_count * 2;
	m->slots = arena_array(a, uint64_t, m->slot_count);
	for (uint32_t i = 0; i < old_count; i++) {
		if (old[i])
			spread = slot_put(m, (uint32_t)(old[i] >> 32), (uint32_t)old[i] - 1) &&
				 spread;
	}
	spread = slot_add(m, m->count - 1) && spread;
	if (!spread && m->seed < SEED_MOST) {
		m->seed++;
		slots_fill(m);
	}
}

static void index_last(struct arena *a, struct map *m)
{
	if (!m->slots && m->count <= STRAIGHT_MOST)
		return;
	if (!m->slots) {
		m->slot_count = STRAIGHT_MOST * 4;
		m->slots = arena_array(a, uint64_t, m->slot_count);
		slots_fill(m);
	} else if (m->count > m->slot_count / 2) {
		slots_grow(a, m);
	} else if (!slot_add(m, m->count - 1) && m->seed < SEED_MOST) {
		m->seed++;
		slots_fill(m);
	}
}

void **map_put(struct arena *a, struct map *m, struct str key)
{
	uint32_t index = find(m, key);

	if (index != NOT_FOUND)
		return &m->entries[index].value;
	if (m->count == m->capacity) {
		uint32_t more = m->capacity ? m->capacity * 2 : CAPACITY_FIRST;

		CHECK(m->capacity < UINT32_MAX / 4);
		m->entries = arena_grow(a, m->entries, m->capacity * sizeof(*m->entries),
					more * sizeof(*m->entries), _Alignof(struct map_entry));
		m->capacity = more;
	}
	index = m->count++;
	m->entries[index] = (struct map_entry){ .key = key };
	index_last(a, m);
	return &m->entries[index].value;
}

struct map map_copy(struct arena *a, const struct map *m, uint32_t room)
{
	struct map copy = *m;

	CHECK(room < UINT32_MAX / 4 && m->count < UINT32_MAX / 4);
	copy.capacity = m->count + room;
	copy.entries = arena_array(a, struct map_entry, copy.capacity);
	if (m->count)
		memcpy(copy.entries, m->entries, m->count * sizeof(*m->entries));
	if (!m->slots)
		return copy;
	copy.slots = arena_array(a, uint64_t, m->slot_count);
	memcpy(copy.slots, m->slots, m->slot_count * sizeof(*m->slots));
	return copy;
}

bool map_remove(struct map *m, struct str key)
{
	uint32_t index = find(m, key);

	if (index == NOT_FOUND)
		return false;
	m->count--;
	memmove(m->entries + index, m->entries + index + 1,
		(m->count - index) * sizeof(*m->entries));
	if (m->slots)
		slots_fill(m);
	return true;
}

static int compare_entries(const void *left, const void *right)
{
	const struct map_entry *const *a = left, *const *b = right;

	stats.comparisons++;
	return str_compare((*a)->key, (*b)->key);
}

/* Linear where they are in order, and quick for a handful, which nearly all maps have. */
static void sort_few(const struct map_entry **entries, uint32_t count)
{
	for (uint32_t i = 1; i < count; i++) {
		const struct map_entry *moved = entries[i];
		uint32_t at = i;

		for (; at && compare_entries(&entries[at - 1], &moved) > 0; at--)
			entries[at] = entries[at - 1];
		entries[at] = moved;
	}
}

void map_sort(const struct map *m, const struct map_entry **sorted)
{
	for (uint32_t i = 0; i < m->count; i++)
		sorted[i] = &m->entries[i];
	if (m->count <= SORT_FEW)
		sort_few(sorted, m->count);
	else
		qsort(sorted, m->count, sizeof(*sorted), compare_entries);
}

const struct map_entry **map_sorted(struct arena *a, const struct map *m)
{
	const struct map_entry **sorted = arena_array(a, const struct map_entry *, m->count);

	map_sort(m, sorted);
	return sorted;
}
