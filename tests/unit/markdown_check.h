#ifndef EFFC_TESTS_MARKDOWN_CHECK_H
#define EFFC_TESTS_MARKDOWN_CHECK_H

#include "base/str.h"

/*
 * Holds the markdown of a plan to a small grammar, by which text of users can only stand
 * inside of fences and code spans: whatever else a line holds are words and signs that the
 * program itself writes.  NULL if all is well, else what is wrong; *line: where, from 1 on.
 */
const char *markdown_check(struct str text, size_t *line);

#endif
