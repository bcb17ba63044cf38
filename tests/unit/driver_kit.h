#ifndef EFFC_TESTS_DRIVER_KIT_H
#define EFFC_TESTS_DRIVER_KIT_H

#include "executor/driver/op.h"
#include "unit.h"

/*
 * Ops on a script: what they must send, and what comes back.  JSON is written
 * with ' for ".  A script is lines:
 *
 *	> CreateQueue {'QueueName': 'q'}	the next call, and its input if given
 *	< {'QueueUrl': 'u'}			its reply
 *	! QueueNameExists a message		or its refusal
 *	~ 1000					a wait of that many milliseconds
 *	= done					how it ends; "= fail TEXT": TEXT is in the error
 */
struct driver_kit {
	struct arena arena;
	struct schemas *schemas;
	const struct driver *driver;
	struct scope scope;
	struct op_input input;
	struct op *op;
	const struct op_result *result;
	int64_t now_ms;
};

void kit_init(struct driver_kit *k);
void kit_release(struct driver_kit *k);
/* A built-in driver, or one of the YAML text, which must be sound. */
void kit_type(struct driver_kit *k, const char *type);
void kit_yaml(struct driver_kit *k, const char *yaml);
struct value kit_json(struct driver_kit *k, const char *json);
/* Runs the op with k->input to its end. */
void kit_run(struct driver_kit *k, enum op_kind kind, const char *script);
void kit_equal(struct driver_kit *k, struct value got, const char *json);

#endif
