#include "work.h"

/*
 * A weak link orders what need not be ordered for AWS, but for whoever uses the result: a
 * function must not be called before the table that it writes to is there.  Where all that
 * stand on the one that waits stand on the other as well (the function, on the role and on
 * the table that the role speaks of), nobody can see that it was there first, and it goes
 * at once.
 */
#define USERS_MOST 64			/* of one that is used by more, the links are kept */

static bool stands_on(const uint32_t *starts, const uint32_t *targets, uint32_t user, uint32_t used)
{
	for (uint32_t i = starts[user]; i < starts[user + 1]; i++)
		if (targets[i] == used)
			return true;
	return false;
}

/* Who stands on each, as far as that is worth knowing. */
struct users {
	uint32_t *first;		/* by resource: its first user + 1 */
	uint32_t *next;			/* by place among the targets */
	uint32_t *who;			/* by place */
	uint32_t *count;
};

static void users_make(struct arena *a, const struct digraph *links, const uint32_t *starts,
		       const uint32_t *targets, struct users *out)
{
	size_t nodes = links->node_count, places = starts[nodes];

	out->first = arena_array(a, uint32_t, nodes);
	out->count = arena_array(a, uint32_t, nodes);
	out->next = arena_array(a, uint32_t, places);
	out->who = arena_array(a, uint32_t, places);
	for (uint32_t n = 0; n < nodes; n++) {
		for (uint32_t i = starts[n]; i < starts[n + 1]; i++) {
			out->who[i] = n;
			out->next[i] = out->first[targets[i]];
			out->first[targets[i]] = i + 1;
			out->count[targets[i]]++;
		}
	}
}

static bool is_unseen(const struct users *users, const uint32_t *starts, const uint32_t *targets,
		      const struct link *link)
{
	uint32_t count = users->count[link->from];

	if (!count || count > USERS_MOST)
		return false;
	for (uint32_t i = users->first[link->from]; i; i = users->next[i - 1])
		if (!stands_on(starts, targets, users->who[i - 1], link->to))
			return false;
	return true;
}

void work_loosen(struct work *w, bool *loose)
{
	const struct digraph *links = &w->links;
	uint32_t *starts = NULL, *targets = NULL;
	struct users users = { 0 };

	for (size_t i = 0; i < links->links.count; i++) {
		const struct link *link = &links->links.items[i];

		if (link->softness != LINK_WEAK || link->dropped)
			continue;
		if (!starts) {
			digraph_targets(&w->scratch, links, &starts, &targets);
			users_make(&w->scratch, links, starts, targets, &users);
		}
		loose[i] = is_unseen(&users, starts, targets, link);
	}
}
