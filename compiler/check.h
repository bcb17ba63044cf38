#ifndef EFFC_COMPILER_CHECK_H
#define EFFC_COMPILER_CHECK_H

#include "compiler.h"

/*
 * One resource's properties against the facts of its type, for the files check*.c
 * alone: check.c walks lists, tables and objects, check_scalar.c looks at texts and
 * numbers, check_together.c at what holds of several properties.  One message a mistake.
 */
struct check_step {
	struct str name;
	const struct check_step *outer;
};

#define FIELDS_RECENT 16

struct check {
	struct compiler *c;
	struct part *part;
	const struct check_step *at;	/* the value being looked at; NULL: the resource */
	struct buf path;		/* for check_path */
	bool write_only;		/* below a property that AWS never shows again */
	struct {
		const struct map *of;
		bool required;
	} fields[FIELDS_RECENT];	/* what was found out of some, see any_required */
};

/* "Environment.Variables.X" for what k is at, until the next call; made when it is needed. */
struct str check_path(struct check *k);

/* Where a mistake about the value is shown: what a block made by itself has no place of its own. */
struct span check_place(const struct check *k, const struct value *v);

void check_text(struct check *k, const struct value *v, const struct shape *shape,
		struct str name);
void check_number(struct check *k, const struct value *v, const struct shape *shape,
		  struct str name);
/* The number, length or count of v; what says which it is. */
void check_limits(struct check *k, const struct value *v, const struct shape *shape,
		  struct str name, double size, const char *what);
void check_key(struct check *k, const struct member *m, const struct shape *shape,
	       struct str key);
/* Free-form JSON: a policy that is given as text must be some. */
void check_json_text(struct check *k, const struct value *v, struct str name);

/* No item twice, by all of it or by the fields that tell items apart. */
void check_unique(struct check *k, const struct value *list, const struct shape *shape,
		  struct str name);
/* guesses: names that misspelt ones were meant to be; they count as given. */
void check_constraints(struct check *k, const struct value *v, const struct constraints *all,
		       const struct map *guesses);

#endif
