#ifndef EFFC_CLI_EXPLAIN_H
#define EFFC_CLI_EXPLAIN_H

#include "run.h"

/* `effc explain` of resource types: what the facts say, for a reader. */

/* "AWS::SQS::Queue", "AWS.SQS.Queue.RedrivePolicy": a type on a screen, or all of a property. */
int explain_type(struct run *run, struct str word);
/* The names of all types, or of those of a service ("AWS::SQS"). */
int explain_types(struct run *run, struct str service);

#endif
