#include "state.h"

#include "base/hash.h"

#define INSTANCE_BYTES 16
#define TAIL_MOST 32			/* unsorted rows that a search may walk over */

static const char *const status_names[] = {
	[ROW_CREATING] = "creating",
	[ROW_CREATED] = "created",
	[ROW_UPDATING] = "updating",
	[ROW_UPDATED] = "updated",
	[ROW_REPLACING] = "replacing",
	[ROW_REPLACED] = "replaced",
	[ROW_DELETING] = "deleting",
};

const char *row_status_name(enum row_status status)
{
	CHECK((size_t)status < sizeof(status_names) / sizeof(status_names[0]));
	return status_names[status];
}

struct row *state_peek(const struct state *s, struct str address)
{
	return map_get(&s->by_address, address);
}

struct row *state_find(const struct state *s, struct str address)
{
	struct row *row = state_peek(s, address);

	if (row)
		row_open(row);
	return row;
}

static size_t row_index(struct state *s, const struct row *row)
{
	size_t low = 0, high;

	if (s->row_count - s->sorted_count > TAIL_MOST)
		state_sort(s);
	high = s->sorted_count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (address_compare(&s->rows[middle]->address, &row->address) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	if (low < s->sorted_count && s->rows[low] == row)
		return low;
	for (size_t i = s->sorted_count; i < s->row_count; i++) {
		if (s->rows[i] == row)
			return i;
	}
	BUG("a row of the state's map is not among its rows");
}

static void append(struct arena *a, struct state *s, struct row *row)
{
	s->rows = vec_room(a, s->rows, s->row_count, &s->row_capacity, sizeof(struct row *));
	s->rows[s->row_count++] = row;
	if (s->sorted_count != s->row_count - 1)
		return;
	if (!s->sorted_count ||
	    address_compare(&s->rows[s->sorted_count - 1]->address, &row->address) < 0)
		s->sorted_count++;
}

void state_put(struct arena *a, struct state *s, struct row *row)
{
	struct str text = address_text(a, &row->address);
	void **place = map_put(a, &s->by_address, text);

	if (*place && *place != row)
		s->rows[row_index(s, *place)] = row;
	else if (!*place)
		append(a, s, row);
	*place = row;
}

static int compare_rows(const void *a, const void *b)
{
	const struct row *const *left = a, *const *right = b;

	return address_compare(&(*left)->address, &(*right)->address);
}

void state_sort(struct state *s)
{
	if (s->sorted_count != s->row_count)
		qsort(s->rows, s->row_count, sizeof(struct row *), compare_rows);
	s->sorted_count = s->row_count;
}

bool state_remove(struct state *s, struct str address)
{
	struct row *row = state_peek(s, address);
	size_t at;

	if (!row)
		return false;
	at = row_index(s, row);
	memmove(&s->rows[at], &s->rows[at + 1],
		(s->row_count - at - 1) * sizeof(struct row *));
	s->row_count--;
	if (at < s->sorted_count)
		s->sorted_count--;
	/* Known address, so nothing is added and no arena is needed. */
	*map_put(NULL, &s->by_address, address) = NULL;
	return true;
}

bool row_is_of(const struct row *row, const struct value *key)
{
	row_open(row);
	for (uint32_t i = 0; i < key->map.count; i++) {
		struct str name = key->map.entries[i].key;
		const struct member *m = key->map.entries[i].value;
		const struct value *v = value_get(&row->attributes, name);

		if (!v)
			v = value_get(&row->properties, name);
		if (!v || !value_equal(v, &m->value))
			return false;
	}
	return key->map.count > 0;
}

struct str instance_id(struct arena *a, struct str lineage, const struct scope *scope,
		       struct str address, uint32_t generation)
{
	struct arena scratch;
	struct buf text;
	struct sha256 digest;

	arena_init(&scratch);
	buf_init(&text, &scratch);
	/* Lines: none of the parts can hold a newline, so no two inputs read alike. */
	buf_printf(&text, "%.*s\n%.*s\n%.*s\n%.*s\n%u\n", STR_ARG(lineage),
		   STR_ARG(scope->account), STR_ARG(scope->region), STR_ARG(address), generation);
	digest = sha256_of(buf_str(&text));
	arena_release(&scratch);
	return hex_encode(a, digest.bytes, INSTANCE_BYTES);
}
