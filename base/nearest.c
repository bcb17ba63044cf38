#include "str.h"

#include <string.h>

#define WORD_MOST 64

static char fold(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c == '-' ? '_' : c;
}

static unsigned least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/*
 * Edits (insert, drop, change, swap of neighbours) from the word to the
 * candidate.  One that goes on after a whole word of its own costs one more instead
 * of all that follows, so 'visibilty' finds 'visibility_timeout', 'memory_size' 'memory'.
 */
static unsigned edits(struct str word, struct str candidate)
{
	unsigned rows[3][WORD_MOST + 1];
	unsigned *before = rows[0], *last = rows[1], *row = rows[2];
	unsigned best, whole = WORD_MOST;

	memset(rows, 0, sizeof(rows));
	for (unsigned j = 0; j <= candidate.length; j++)
		last[j] = j;
	for (unsigned i = 1; i <= word.length; i++) {
		unsigned *spare = before;

		row[0] = i;
		for (unsigned j = 1; j <= candidate.length; j++) {
			char w = fold(word.data[i - 1]), c = fold(candidate.data[j - 1]);

			row[j] = least(last[j - 1] + (w != c), least(last[j], row[j - 1]) + 1);
			if (i > 1 && j > 1 && w == fold(candidate.data[j - 2]) &&
			    c == fold(word.data[i - 2]))
				row[j] = least(row[j], before[j - 2] + 1);
		}
		before = last;
		last = row;
		row = spare;
		if (i >= 3 && i < word.length && fold(word.data[i]) == '_')
			whole = least(whole, last[candidate.length] + 1);
	}
	best = least(whole, last[candidate.length]);
	for (unsigned j = 3; j < candidate.length; j++) {
		if (fold(candidate.data[j]) == '_')
			best = least(best, last[j] + 1);
	}
	return best;
}

struct str str_nearest(struct str word, const struct str *candidates, size_t count)
{
	unsigned best = (unsigned)(word.length + 2) / 3 + 1;
	struct str found = { 0 };

	if (!word.length || word.length > WORD_MOST)
		return found;
	for (size_t i = 0; i < count; i++) {
		unsigned distance;

		if (!candidates[i].length || candidates[i].length > WORD_MOST)
			continue;
		distance = edits(word, candidates[i]);
		/* A change of every letter is no resemblance. */
		if (distance < best && distance < word.length) {
			best = distance;
			found = candidates[i];
		}
	}
	return found;
}
