#ifndef EFFC_BASE_REGEX_H
#define EFFC_BASE_REGEX_H

#include "arena.h"
#include "error.h"
#include "str.h"

/*
 * Patterns (PCRE2, whose only home is regex.c).  Match and depth limits are
 * set, so a hostile pattern or text ends with REGEX_LIMIT, never in a hang.
 */
struct regex;
enum regex_result { REGEX_NO, REGEX_YES, REGEX_LIMIT };

/* Holds memory of its own: free it.  NULL and err on a bad pattern. */
struct regex *regex_new(struct str pattern, struct error *err);
void regex_free(struct regex *r);
/* Anywhere in text.  A pattern that is much used becomes code of the machine. */
enum regex_result regex_match(struct regex *r, struct str text);

/*
 * The dialect of RE2, for matches with their groups: `$` is the end of the text,
 * and what RE2 cannot do is refused (looking around, back references, possessive
 * quantifiers, recursion).
 */
struct regex *regex_new_re2(struct str pattern, struct error *err);
size_t regex_group_count(const struct regex *r);		/* without the whole match */
struct str regex_group_name(const struct regex *r, size_t group);	/* from 1; empty: none */

/* start SIZE_MAX: the group took no part. */
struct regex_span {
	size_t start, end;
};
/*
 * One match after the other, none within another, and no empty one where the last
 * ended.  All of them together are bounded like a single one.
 *
 *	struct regex_walk walk = { .regex = r, .text = text };
 *	while ((result = regex_next(a, &walk)) == REGEX_YES) use(walk.groups[0]);
 */
struct regex_walk {
	const struct regex *regex;
	struct str text;
	struct regex_span *groups;	/* the whole match, then each group */
	size_t at, count;
	bool begun;
};
enum regex_result regex_next(struct arena *a, struct regex_walk *walk);

/* Bytes of the first character as people count them, with all that combines; 0 for no text. */
size_t regex_character(const struct regex *characters, struct str text);
struct regex *regex_new_characters(void);

/*
 * A pattern as schemas of AWS have it, with the habits of ECMA and Java, in the
 * form that regex_new() takes: a '-' behind \w in a class, \p{Graph},
 * surrogates for what lies beyond U+FFFF.  What stays wrong is refused there.
 */
struct str regex_from_dialects(struct arena *a, struct str pattern);

#endif
