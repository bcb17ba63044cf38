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
enum regex_result regex_match(const struct regex *r, struct str text);	/* anywhere in text */

/*
 * A pattern as schemas of AWS have it, with the habits of ECMA and Java, in the
 * form that regex_new() takes: a '-' behind \w in a class, \p{Graph},
 * surrogates for what lies beyond U+FFFF.  What stays wrong is refused there.
 */
struct str regex_from_dialects(struct arena *a, struct str pattern);

#endif
