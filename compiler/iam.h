#ifndef EFFC_COMPILER_IAM_H
#define EFFC_COMPILER_IAM_H

#include "compiler.h"

/*
 * Policies as values: exact actions on exact resources, each statement with a
 * name that stays.  Nothing here knows a kind of block.
 */
struct policy {
	struct value statements;	/* LIST */
	struct map sids;
};

void policy_begin(struct policy *p);
/* actions: separated by blanks.  condition may be NULL. */
void policy_allow(struct compiler *c, struct policy *p, const char *sid, const char *actions,
		  const struct value *resources, size_t count, const struct value *condition);
void policy_add(struct compiler *c, struct policy *p, struct str sid, struct value actions,
		struct value resources, const struct value *condition);
struct value policy_document(struct compiler *c, const struct policy *p);
/* A service may assume the role; condition may be NULL. */
struct value trust_document(struct compiler *c, const char *service, const struct value *condition);
/* Role with the inline policy; path and boundary of the project. */
struct part *role_add(struct compiler *c, struct block *b, const char *name, struct value trust,
		      const struct policy *p);

/*
 * What a dependency on a resource means: the variable that names it and what
 * its verbs allow, by type.
 */
struct dependency_rule {
	const char *type;
	const char *variable;		/* "TABLE" in EFF_TABLE_<key> */
	const char *named_by;		/* attribute that the variable holds */
	const char *arn;		/* attribute */
	const char *suffixes;		/* of the ARN, between blanks; the first is empty */
	const char *service;		/* prefix of its actions */
	const char *usual;		/* verbs where none are given */
	const struct verb {
		const char *name;
		const char *actions;	/* without the prefix */
	} *verbs;
	size_t verb_count;
	const char *others;		/* further actions that may be named */
};
/* NULL: no dependency can be on that type. */
const struct dependency_rule *dependency_find(struct str type);

#endif
