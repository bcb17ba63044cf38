#ifndef EFFC_SCHEMAS_SCOPE_H
#define EFFC_SCHEMAS_SCOPE_H

#include "base/str.h"

/*
 * Where a resource lives and with whose rights it is reached.  Every resource,
 * state row and operation carries one, though a stack mostly uses one.  A
 * global type (IAM) has the region of its stack here; the client knows where
 * it is called.
 */
struct scope {
	struct str target;		/* name of [target.NAME]; empty: the stack's own */
	struct str partition;		/* "aws", "aws-cn", "aws-us-gov", "aws-eusc", ... */
	struct str account;		/* twelve digits; empty: not known yet */
	struct str region;		/* "eu-west-1" */
};

/* "aws" for a region that no partition's pattern fits. */
struct str partition_of_region(struct str region);
/* "amazonaws.com", "amazonaws.com.cn", ... */
struct str partition_dns_suffix(struct str partition);

#endif
