#include "map.h"

#include <stdlib.h>
#include <string.h>

#include "stats.h"

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

struct map_index {
	uint32_t slot_count;
	uint32_t seed;			/* 0: the quick hash; raised when keys collide too often */
	uint64_t slots[];		/* hash in the upper half, 1 + index of an entry; 0 empty */
};

static uint32_t hash_of(const struct map_index *x, struct str key)
{
	return x->seed ? str_hash_seeded(key, x->seed) : str_hash(key);
}

static uint32_t find_straight(const struct map *m, struct str key)
{
	for (uint32_t i = 0; i < m->count; i++) {
		if (str_equal(m->entries[i].key, key)) {
			stats.probes += i + 1;
			return i;
		}
	}
	stats.probes += m->count;
	return NOT_FOUND;
}

static uint32_t find_hashed(const struct map *m, struct str key, uint32_t hash)
{
	const struct map_index *x = m->index;
	uint32_t mask = x->slot_count - 1;

	for (uint32_t at = hash & mask; x->slots[at]; at = (at + 1) & mask) {
		uint32_t index = (uint32_t)x->slots[at] - 1;

		stats.probes++;
		if (x->slots[at] >> 32 == hash && str_equal(m->entries[index].key, key))
			return index;
	}
	stats.probes++;
	return NOT_FOUND;
}

static uint32_t find(const struct map *m, struct str key)
{
	return m->index ? find_hashed(m, key, hash_of(m->index, key)) : find_straight(m, key);
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

static size_t index_bytes(uint32_t slot_count)
{
	return sizeof(struct map_index) + slot_count * sizeof(uint64_t);
}

static struct map_index *index_new(struct arena *a, uint32_t slot_count, uint32_t seed)
{
	struct map_index *x = arena_alloc(a, index_bytes(slot_count), _Alignof(struct map_index));

	x->slot_count = slot_count;
	x->seed = seed;
	return x;
}

/* False if the entry stands suspiciously far from its home. */
static bool slot_put(struct map_index *x, uint32_t hash, uint32_t index)
{
	uint32_t mask = x->slot_count - 1;
	uint32_t at = hash & mask, probes = 0;

	for (; x->slots[at]; at = (at + 1) & mask)
		probes++;
	x->slots[at] = (uint64_t)hash << 32 | (index + 1);
	return probes <= PROBES_MOST;
}

static bool slot_add(struct map *m, uint32_t index)
{
	return slot_put(m->index, hash_of(m->index, m->entries[index].key), index);
}

/*
 * Fills the index anew.  Keys made to collide (a spec is hostile until read)
 * are spread by another seed; whoever can defeat eight of them in a row has
 * earned a slow run.
 */
static void index_fill(struct map *m)
{
	struct map_index *x = m->index;
	bool spread;

	do {
		spread = true;
		memset(x->slots, 0, x->slot_count * sizeof(*x->slots));
		for (uint32_t i = 0; i < m->count; i++)
			spread = slot_add(m, i) && spread;
	} while (!spread && ++x->seed < SEED_MOST);
}

/* Twice the slots, with the hashes that the old ones hold and that of the last entry. */
static bool index_grow(struct arena *a, struct map *m, uint32_t hash)
{
	const struct map_index *old = m->index;
	bool spread = true;

	m->index = index_new(a, old->slot_count * 2, old->seed);
	for (uint32_t i = 0; i < old->slot_count; i++) {
		if (old->slots[i])
			spread = slot_put(m->index, (uint32_t)(old->slots[i] >> 32),
					  (uint32_t)old->slots[i] - 1) && spread;
	}
	return slot_put(m->index, hash, m->count - 1) && spread;
}

/* hash: of the last entry, where there is an index. */
static void index_last(struct arena *a, struct map *m, uint32_t hash)
{
	bool spread;

	if (!m->index && m->count <= STRAIGHT_MOST)
		return;
	if (!m->index) {
		m->index = index_new(a, STRAIGHT_MOST * 4, 0);
		index_fill(m);
		return;
	}
	spread = m->count > m->index->slot_count / 2
		? index_grow(a, m, hash) : slot_put(m->index, hash, m->count - 1);
	if (!spread && m->index->seed < SEED_MOST) {
		m->index->seed++;
		index_fill(m);
	}
}

void map_reserve(struct arena *a, struct map *m, uint32_t count)
{
	uint32_t slots = STRAIGHT_MOST * 4;

	CHECK(!m->count && count < UINT32_MAX / 4);
	m->entries = arena_array(a, struct map_entry, count);
	m->capacity = count;
	if (count <= STRAIGHT_MOST)
		return;
	while (slots / 2 < count)
		slots *= 2;
	m->index = index_new(a, slots, 0);
}

void **map_put(struct arena *a, struct map *m, struct str key)
{
	uint32_t hash = m->index ? hash_of(m->index, key) : 0;
	uint32_t index = m->index ? find_hashed(m, key, hash) : find_straight(m, key);

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
	index_last(a, m, hash);
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
	if (!m->index)
		return copy;
	copy.index = index_new(a, m->index->slot_count, m->index->seed);
	memcpy(copy.index, m->index, index_bytes(m->index->slot_count));
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
	if (m->index)
		index_fill(m);
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
