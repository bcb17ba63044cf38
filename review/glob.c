#include "glob.h"

#include "base/vec.h"

#define LENGTH_MOST 512
#define STATES_MOST 512

static bool has_wildcard(struct str s)
{
	return str_index(s, '*') < s.length || str_index(s, '?') < s.length;
}

/*
 * The places of a glob that a text may have led to, as a set.  A letter that
 * stands nowhere in it is the hardest one to take, so it is the only one that
 * has to be tried for a wildcard of the other glob.
 */
#define FRESH 256

struct places {
	unsigned char at[LENGTH_MOST + 1];
};

/* A star may stand for nothing. */
static void close_places(struct str glob, struct places *p)
{
	for (size_t i = 0; i < glob.length; i++)
		if (p->at[i] && glob.data[i] == '*')
			p->at[i + 1] = 1;
}

static bool step_places(struct str glob, const struct places *from, int letter,
			struct places *to)
{
	bool any = false;

	memset(to, 0, sizeof(*to));
	for (size_t i = 0; i < glob.length; i++) {
		char c = glob.data[i];

		if (!from->at[i])
			continue;
		if (c == '*')
			to->at[i] = 1;
		else if (c == '?' || (letter != FRESH && c == (char)letter))
			to->at[i + 1] = 1;
		else
			continue;
		any = true;
	}
	close_places(glob, to);
	return any;
}

/* What is still to be looked at: a place of the special glob, and the set of the general one. */
struct state {
	size_t at;
	struct places set;
};
struct search {
	struct arena *a;
	struct str general;
	VEC(struct state) states;
};

static void add_state(struct search *s, size_t at, const struct places *set)
{
	for (size_t i = 0; i < s->states.count; i++)
		if (s->states.items[i].at == at &&
		    memcmp(&s->states.items[i].set, set, sizeof(*set)) == 0)
			return;
	*vec_push(s->a, &s->states) = (struct state){ at, *set };
}

/* False: a text of the special glob leads nowhere in the general one. */
static bool follow(struct search *s, struct str special, size_t at, const struct places *set)
{
	bool star = special.data[at] == '*';
	int letter = special.data[at] == '?' || star ? FRESH : (unsigned char)special.data[at];
	struct places next;

	if (star)
		add_state(s, at + 1, set);
	if (!step_places(s->general, set, letter, &next))
		return false;
	add_state(s, star ? at : at + 1, &next);
	return true;
}

static bool contains_all(struct search *s, struct str special)
{
	struct places start = { { 1 } };

	close_places(s->general, &start);
	add_state(s, 0, &start);
	for (size_t i = 0; i < s->states.count; i++) {
		struct state state = s->states.items[i];

		if (i > STATES_MOST)
			return false;
		if (state.at == special.length) {
			if (!state.set.at[s->general.length])
				return false;
		} else if (!follow(s, special, state.at, &state.set)) {
			return false;
		}
	}
	return true;
}

/* What the general one begins with must stand in the special one. */
static bool begins_alike(struct str general, struct str special)
{
	for (size_t i = 0; i < general.length && general.data[i] != '*' && general.data[i] != '?';
	     i++)
		if (i >= special.length || special.data[i] != general.data[i])
			return false;
	return true;
}

bool glob_contains(struct str general, struct str special)
{
	struct arena scratch;
	struct search s = { .a = &scratch, .general = general };
	bool contains;

	if (str_equal_c(general, "*") || str_equal(general, special))
		return true;
	if (!has_wildcard(special))
		return str_matches(general, special);
	if (!begins_alike(general, special) || general.length > LENGTH_MOST ||
	    special.length > LENGTH_MOST)
		return false;
	arena_init(&scratch);
	contains = contains_all(&s, special);
	arena_release(&scratch);
	return contains;
}

static bool letters_meet(char a, char b)
{
	return a == b || a == '?' || b == '?';
}

bool glob_overlap(struct str a, struct str b)
{
	/* row[j]: what stands in a up to here and in b up to j can be the same text */
	unsigned char row[LENGTH_MOST + 1] = { 1 }, next[LENGTH_MOST + 1];

	if (a.length > LENGTH_MOST || b.length > LENGTH_MOST)
		return true;
	for (size_t j = 0; j < b.length; j++)
		row[j + 1] = row[j] && b.data[j] == '*';
	for (size_t i = 0; i < a.length; i++) {
		next[0] = row[0] && a.data[i] == '*';
		for (size_t j = 0; j < b.length; j++) {
			bool star = a.data[i] == '*' || b.data[j] == '*';

			next[j + 1] = star ? row[j + 1] || next[j] || row[j] :
				      row[j] && letters_meet(a.data[i], b.data[j]);
		}
		memcpy(row, next, b.length + 1);
	}
	return row[b.length];
}
