#ifndef EFFC_COMPILER_CLOUDFORMATION_H
#define EFFC_COMPILER_CLOUDFORMATION_H

#include "model.h"

/*
 * The model as a CloudFormation template, for those who want to see, check or
 * carry what blocks are lowered to.  References stay references: Ref where AWS's
 * Ref gives the attribute, else Fn::GetAtt; a property that the spec sets is
 * written out, with DependsOn for the order.  What holds data is kept when it
 * leaves the template (DeletionPolicy).  What only whoever deploys can give is a
 * parameter, and `notes` has one line for each:
 *
 *	code		a bucket for all and a key for each packed folder
 *	SecureString	CloudFormation cannot make one: its name is a parameter, and it has
 *			to be there
 *	existing things	the attributes that are used of them
 *	secrets		with NoEcho
 */
struct cloudformation {
	struct value template;		/* MAP */
	struct str *notes;
	size_t note_count;
};

/* False: an expression or a target cannot be said in a template (d has its place). */
bool cloudformation_make(struct arena *a, const struct model *m, struct cloudformation *out,
			 struct diags *d) ATTR_CHECKED;

#endif
