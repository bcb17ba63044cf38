#ifndef EFFC_BASE_REGEX_H
#define EFFC_BASE_REGEX_H

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

#endif
