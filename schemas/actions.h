#ifndef EFFC_SCHEMAS_ACTIONS_H
#define EFFC_SCHEMAS_ACTIONS_H

#include "schema.h"

/*
 * What calling an operation needs of whoever calls it: actions of IAM, and the
 * resources that they are asked for on (schemas/overrides/actions.yaml).
 */
struct action_need {
	struct str_list actions;	/* "sqs:CreateQueue" */
	struct str_list on;		/* templates; none: the thing itself */
	struct str with;		/* path; only where that is set; empty: always */
	/* iam:PassRole: the service that the role in `with` is passed to; else empty */
	struct str pass;
};
struct action_needs {
	struct action_need *items;
	size_t count;			/* 0: nothing is needed */
};
struct service_actions {
	struct map things;		/* type -> struct str_list of templates */
	struct map calls;		/* operation -> struct action_needs */
};

/* One service of the file. */
bool service_actions_parse(struct arena *a, struct str service, const struct value *source,
			   struct service_actions *out, struct diags *d) ATTR_CHECKED;
/* Every operation that a driver's source names has a row, and its type an ARN. */
bool service_actions_check(const struct driver *driver, const struct value *source,
			   struct schemas *all, struct diags *d) ATTR_CHECKED;

/* NULL: no facts of that service. */
const struct service_actions *schemas_actions(struct schemas *s, struct str service);

/*
 * The template with what is known; what is not becomes "*".  A part that is a
 * list gives a text for each item.
 */
struct str_list action_resources(struct arena *a, struct str template, const struct scope *scope,
				 const struct value *properties);

#endif
