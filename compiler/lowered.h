#ifndef EFFC_COMPILER_LOWERED_H
#define EFFC_COMPILER_LOWERED_H

#include "model.h"

/*
 * The model as a spec of raw blocks: what every block became, in the language
 * that it was written in.  An id is the address with "_" for what no id can have,
 * so that references between the blocks are real ones and the result checks
 * clean.  Left out is what effc adds by itself to whatever it makes (its own
 * tags); packed code, SecureStrings' values and secrets are variables without a
 * default, since nothing that was written says them.
 */
struct value lowered_spec(struct arena *a, const struct model *m);

#endif
