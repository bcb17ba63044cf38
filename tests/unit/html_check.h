#ifndef EFFC_TESTS_HTML_CHECK_H
#define EFFC_TESTS_HTML_CHECK_H

#include "base/str.h"

/*
 * Whether a page has no other markup than ours: every '<' begins a tag that we use, every '&'
 * one of the five entities, tags close in their order, and no control character is in it.
 * What stands in its one style and its one script is not looked at.  NULL if it is so, else
 * what is wrong, and where: *at.
 */
const char *html_check(struct arena *a, struct str text, size_t *at);

#endif
