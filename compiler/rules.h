#ifndef EFFC_COMPILER_RULES_H
#define EFFC_COMPILER_RULES_H

#include "compiler.h"

/*
 * Rules of AWS that no schema states, for raw blocks; what a handler block is lowered
 * to keeps them by its kind.  Only values that are written out are judged.
 */

/* A mapping with its queue and its function: visibility, batches, windows, where to start. */
void rule_mapping(struct compiler *c, const struct part *p);
/* A queue and its dead-letter queue are of one kind. */
void rule_dead_letters(struct compiler *c, const struct part *p);
/* The keys of a table and its indexes are its attributes, and the other way round. */
void rule_table_keys(struct compiler *c, const struct part *p);
/* When the runtime ends; variables that Lambda sets itself. */
void rule_function(struct compiler *c, const struct part *p);
void rule_schedule(struct compiler *c, const struct part *p);
/* Counted over all routes of an API. */
void rule_routes(struct compiler *c, const struct part *p);

#endif
