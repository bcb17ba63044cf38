#ifndef EFFC_SCHEMAS_PERMISSIONS_H
#define EFFC_SCHEMAS_PERMISSIONS_H

#include "schema.h"

/*
 * Which properties of a type say what somebody may do: what a plan's permission
 * delta is made of.  They stand in schemas/overrides/permissions.yaml, which
 * also lists those that look as if and are not; datac refuses any that is
 * neither.
 */
enum permission_kind {
	PERMISSION_IDENTITY,		/* a policy: what the thing itself may do */
	PERMISSION_TRUST,		/* a policy: who may become it */
	PERMISSION_RESOURCE,		/* a policy: who may do what with it */
	PERMISSION_GRANT,		/* a statement in properties; at is its principal */
	PERMISSION_PUBLIC,		/* everyone may do actions where the property is `is` */
	PERMISSION_ATTACHED,		/* ARNs of policies of others */
	PERMISSION_BOUNDARY,		/* ARN of a policy that limits it */
	PERMISSION_OTHER,		/* in another language than policies */
	PERMISSION_NONE,		/* looks like it; not kept */
};

struct permission_rule {
	enum permission_kind kind;
	struct str at;			/* path; lists are entered without a sign */
	struct str_list of;		/* properties with what it belongs to; none: the thing */
	struct str_list of_types;	/* what each names; empty: as the facts say */
	struct str actions;		/* GRANT: the property with them; PUBLIC: they themselves */
	struct str_list conditions;	/* GRANT: properties that narrow it */
	struct str is;			/* PUBLIC */
};

/* The facts' "permissions" of a type whose properties were read. */
bool permissions_parse(struct arena *a, const struct value *source, struct schema *out,
		       struct diags *d) ATTR_CHECKED;

/*
 * Lays overrides/permissions.yaml over the facts of all types (name -> struct
 * value), and finds what should be in it.
 */
bool permissions_apply(struct arena *a, const struct value *source, struct map *types,
		       struct diags *d) ATTR_CHECKED;

#endif
