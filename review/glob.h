#ifndef EFFC_REVIEW_GLOB_H
#define EFFC_REVIEW_GLOB_H

#include "base/str.h"

/*
 * Globs as languages: `*` stands for any text, `?` for any one byte, as in the
 * actions and resources of policies.  Both answers are exact up to patterns of
 * a size that nobody writes; beyond it they are the careful one.
 */

/* Whatever special takes, general takes too.  Too long to tell: false. */
bool glob_contains(struct str general, struct str special);
/* Some text is taken by both.  Too long to tell: true. */
bool glob_overlap(struct str a, struct str b);

#endif
