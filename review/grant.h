#ifndef EFFC_REVIEW_GRANT_H
#define EFFC_REVIEW_GRANT_H

#include "base/value.h"
#include "schemas/driver.h"

/*
 * What policies say, taken apart: who may (or may not) do what with what, on
 * which condition.  A grant is as small as it can be, one principal, one action
 * and one resource, so that two documents can be subtracted; only a statement
 * of enormous lists stays in one piece.  Grants of one scope (what one role
 * may do, who may do what with one bucket) decide about an access together:
 * it is allowed if a grant takes it and no denial does.
 */

/* Any of the texts, which are globs, or all but them. */
struct choice {
	bool except;
	struct str_list texts;
	struct str_list shown;		/* the same as a reader knows them: labels for ARNs */
};

struct grant {
	bool deny;
	struct str scope;
	struct choice principals, actions, resources;
	struct str condition;		/* JSON in one form; empty: none */
	bool opaque;			/* written in a way that is not looked into */
	uint32_t source;		/* the caller's: where it stands */
};
struct grants VEC_OF(struct grant);

/* Everybody: what "*" as a principal is. */
#define EVERYONE "*"

/* What the texts of a document mean to its reader. */
struct grant_reader {
	struct arena *a;
	struct str scope;
	uint32_t source;
	/* Fixed by what the policy hangs on; empty: the document says it */
	struct str principal, resource;
	struct str principal_shown, resource_shown;
	bool resource_policy;		/* "*" as a resource is the one it hangs on */
	void *context;
	struct str (*show)(void *context, struct arena *a, struct str text);
};

/* Adds what a policy document (a map, or JSON text) says. */
void grants_read(const struct grant_reader *reader, const struct value *document,
		 struct grants *out);
/* Adds a statement in another language: it is the same only if its text is. */
void grants_add_opaque(const struct grant_reader *reader, struct str what, struct grants *out);

/* Whatever the inner one says, the outer one says too (both grants, or both denials). */
bool grant_covers(const struct grant *outer, const struct grant *inner);

#endif
