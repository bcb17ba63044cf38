#include "state.h"

/* effc state move, remove: rows get another address or are forgotten; AWS is not asked. */

struct writes VEC_OF(struct store_write);

static struct row *row_like(struct arena *a, const struct row *row)
{
	struct row *copy = arena_new(a, struct row);

	row_open(row);
	*copy = *row;
	return copy;
}

/* ---- edges ---- */

/* Texts that others point to -> what they point to from now on; empty: to nothing. */
static bool follow(struct arena *a, const struct row *row, const struct map *moved,
		   struct str_list *out)
{
	bool any = false;

	*out = (struct str_list){ arena_array(a, struct str, row->edges.count), 0 };
	for (size_t i = 0; i < row->edges.count; i++) {
		const struct str *to = map_get(moved, row->edges.items[i]);

		any = any || to;
		if (!to || to->length)
			out->items[out->count++] = to ? *to : row->edges.items[i];
	}
	return any;
}

static void follow_edges(struct run *run, const struct map *moved, struct writes *writes)
{
	struct arena *a = &run->arena;

	for (size_t i = 0; i < run->state.row_count; i++) {
		const struct row *row = run->state.rows[i];
		struct str_list edges;
		struct row *copy;

		if (map_has(moved, address_text(a, &row->address)) ||
		    !follow(a, row, moved, &edges))
			continue;
		copy = row_like(a, row);
		copy->edges = edges;
		vec_push(a, writes)->put = copy;
	}
}

/* ---- move ---- */

/* All generations of a thing have the address of the newest. */
static const struct row *row_moved(struct arena *a, const struct row *row,
				   const struct address *to, const struct map *moved)
{
	struct row *copy = row_like(a, row);

	copy->address = *to;
	follow(a, row, moved, &copy->edges);
	for (struct row **older = &copy->previous; *older; older = &(*older)->previous) {
		*older = row_like(a, *older);
		(*older)->address = *to;
	}
	return copy;
}

/* "orders/role" of "orders" to "jobs": "jobs/role". */
static bool new_address(struct run *run, struct str from, struct str to, struct str text,
			struct str *out)
{
	struct address parsed;

	*out = STR_JOIN(&run->arena, to, str_slice(text, from.length, text.length));
	if (!address_parse(&run->arena, *out, &parsed))
		return run_say(run, EXIT_ERROR, "'%.*s' is no address", STR_ARG(*out));
	if (state_peek(&run->state, *out))
		return run_say(run, EXIT_ERROR, "the state has '%.*s' already", STR_ARG(*out));
	return true;
}

static bool gather_moved(struct run *run, struct str from, struct str to, struct map *moved)
{
	for (size_t i = 0; i < run->state.row_count; i++) {
		const struct address *address = &run->state.rows[i]->address;
		struct str text = address_text(&run->arena, address);
		struct str *place;

		if (!address_is_within(&run->arena, from, address) || !str_starts(text, from))
			continue;
		place = arena_new(&run->arena, struct str);
		if (!new_address(run, from, to, text, place))
			return false;
		*map_put(&run->arena, moved, text) = place;
	}
	return moved->count || state_row(run, from);
}

static void write_moved(struct run *run, const struct map *moved, struct writes *writes)
{
	struct arena *a = &run->arena;

	for (uint32_t i = 0; i < moved->count; i++) {
		const struct row *row = state_find(&run->state, moved->entries[i].key);
		struct store_write *w = vec_push(a, writes);
		struct address to;

		CHECK(address_parse(a, *(const struct str *)moved->entries[i].value, &to));
		/* What is made at the old address must have another instance than this. */
		w->remove = moved->entries[i].key;
		w->tombstone = (struct tombstone){ w->remove, row->generation };
		w->put = row_moved(a, row, &to, moved);
	}
}

int state_move(struct run *run, const struct str_list *words)
{
	struct writes writes = { 0 };
	struct map moved = { 0 };

	if (!run_lock(run) || !gather_moved(run, words->items[0], words->items[1], &moved))
		return run->exit;
	for (uint32_t i = 0; i < moved.count && !run->options->json; i++)
		fprintf(run->doors->out, "%.*s -> %.*s\n", STR_ARG(moved.entries[i].key),
			STR_ARG(*(const struct str *)moved.entries[i].value));
	if (!confirm(run, "Only the state changes.", STR("yes")))
		return run->exit;
	follow_edges(run, &moved, &writes);
	write_moved(run, &moved, &writes);
	if (!state_write(run, writes.items, writes.count))
		return run->exit;
	if (run->options->json)
		fprintf(run->doors->out, "{\"moved\":%u}\n", moved.count);
	return EXIT_DONE;
}

/* ---- remove ---- */

static void print_forgotten(struct run *run, const struct map *gone)
{
	for (uint32_t i = 0; i < gone->count; i++) {
		const struct row *row = state_find(&run->state, gone->entries[i].key);

		fprintf(run->doors->out, "%.*s: %.*s%s%.*s stays in AWS, and is nobody's then\n",
			STR_ARG(gone->entries[i].key), STR_ARG(row->type),
			row->identifier.length ? " " : "", STR_ARG(row->identifier));
	}
}

int state_forget(struct run *run, const struct str_list *words)
{
	static const struct str nothing = { 0 };
	struct writes writes = { 0 };
	struct map gone = { 0 };

	if (!run_lock(run))
		return run->exit;
	for (size_t i = 0; i < words->count; i++) {
		if (!state_row(run, words->items[i]))
			return run->exit;
		*map_put(&run->arena, &gone, words->items[i]) = (void *)(uintptr_t)&nothing;
	}
	if (!run->options->json)
		print_forgotten(run, &gone);
	if (!confirm(run, "Forget it?", STR("yes")))
		return run->exit;
	follow_edges(run, &gone, &writes);
	for (uint32_t i = 0; i < gone.count; i++) {
		struct store_write *w = vec_push(&run->arena, &writes);

		w->remove = gone.entries[i].key;
		w->tombstone.address = w->remove;
		w->tombstone.generation = state_find(&run->state, w->remove)->generation;
	}
	if (!state_write(run, writes.items, writes.count))
		return run->exit;
	if (run->options->json)
		fprintf(run->doors->out, "{\"removed\":%u}\n", gone.count);
	return EXIT_DONE;
}
