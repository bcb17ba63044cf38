#ifndef EFFC_DRIVER_OP_H
#define EFFC_DRIVER_OP_H

#include "executor/aws/aws.h"
#include "schemas/driver.h"

/*
 * An operation on one resource, as a pull state machine over its driver.  The
 * loop asks for the next step and never learns of AWS; the machine never does
 * I/O, never sees a throttle and never sleeps:
 *
 *	struct op *op = op_new(&arena, OP_CREATE, &input);
 *	struct step step = op_next(op, NULL, now_ms);
 *	while (step.kind == STEP_SEND || step.kind == STEP_WAIT)
 *		step = op_next(op, step.kind == STEP_SEND ? &reply : NULL, now_ms);
 *
 * Everything an op makes lives in its own arena, released when it ends; so must
 * what a reply given to it points to, since an op keeps parts of replies.
 *
 * Throttles and failures of the service or the network are the loop's: it
 * sends the same call (with its token) again, and an op sees only OK and
 * ERROR.  Any other class, once the loop gives up, ends the op.  A create
 * whose reply was lost for good is looked for by a later op: OP_FIND, or
 * OP_CREATE with sent_before, which meets what exists and asks whose it is.
 *
 * An op puts our instance into what it sends where the driver says so (a tag,
 * the description, a key), unless it is there already, and takes tags that
 * nobody named out of what it reads.
 */
enum op_kind {
	OP_READ,			/* is it there, and how does it look */
	/* the same without its id: by key, tag, description or parent */
	OP_FIND,
	OP_CREATE,
	OP_UPDATE,
	OP_DELETE,
};

struct served;

struct op_input {
	const struct schema *schema;
	const struct driver *driver;	/* NULL: Cloud Control (refused for now) */
	struct schemas *schemas;
	const struct scope *scope;
	struct str instance;		/* 32 hex digits: tag, description or key of what we make */
	struct str token;		/* idempotency token, repeated by every retry */
	/* MAP: wanted, resolved; for READ, FIND and DELETE as last applied */
	struct value properties;
	struct value previous;		/* MAP: UPDATE: as last applied */
	/* READ: properties to read besides those that `properties` has */
	struct str_list also;
	bool at_risk;			/* READ: only the steps that `risk` marks */
	bool data_loss;			/* DELETE: what is in it may go, too */
	/* READ: what pages told of it (pages.h): the steps that they stand for are left out */
	const struct served *served;
	size_t served_count;
	struct value attributes;	/* MAP: ids and read-only attributes known so far */
	/* MAP: UPDATE after a FIND: what is live, to repair from; else NULL kind */
	struct value observed;
	struct str_list rebind;		/* UPDATE: properties to set again although equal */
	/*
	 * CREATE and FIND: the journal says that an earlier try may have reached AWS,
	 * when nothing had the name.  Then it is ours although it carries no mark
	 * yet, where the driver marks it only after creating it, or never can.
	 */
	bool sent_before;
	bool later;			/* CREATE and FIND: its address had an earlier one */
	/*
	 * READ of what is to become ours: what another stack made or CloudFormation
	 * owns is FOREIGN, unless it is taken over all the same.  UPDATE: `observed`
	 * does not carry our mark yet.
	 */
	bool adopting, take_over;
	/* Zip bytes by digest, for code properties.  False and err if it cannot be built. */
	bool (*artifact)(void *context, struct arena *a, struct str digest, struct str *bytes,
			 struct error *err);
	void *artifact_context;
};

enum step_kind {
	STEP_SEND,			/* send call; come back with its reply */
	STEP_WAIT,			/* come back after wait_ms, with no reply */
	STEP_DONE,
	STEP_FAIL,
};

struct step {
	enum step_kind kind;
	struct call call;		/* SEND */
	bool mutates;			/* SEND: changes something, so the journal comes first */
	int64_t wait_ms;		/* WAIT */
	struct str refused;		/* WAIT: the code of a refusal that does not last */
	/* WAIT, SEND: what is being done or waited for, for the progress line */
	struct str note;
};

enum op_found { OP_NOT_LOOKED, OP_FOUND, OP_ABSENT, OP_FOREIGN };

/* What an ended op knows.  After STEP_FAIL too: attributes learned so far are kept. */
struct op_result {
	/*
	 * READ and FIND; CREATE that met something: FOUND, and it is ours, so that it
	 * is read, compared and repaired, or FOREIGN with a failure.  READ does not ask
	 * for our mark, but the mark of another instance is FOREIGN there too.
	 * NOT_LOOKED after FIND: what it would be looked up by is not known yet.
	 */
	enum op_found found;
	struct value attributes;	/* MAP: identifiers and read-only attributes */
	/* MAP: properties as read, in the schema's terms (READ, FIND) */
	struct value observed;
	/* MAP: what was told of its data on the way (schemas/steps.h); READ, FIND */
	struct value facts;
	/* FOREIGN: what is known of it: "instance 3f… of project 'x'" */
	struct str owner;
	struct str holder;		/* FOREIGN: the instance on it; empty: none */
	bool served;			/* a step was left out for what pages told */
	bool maybe_exists;		/* FAIL of a CREATE: something may have been made */
	struct error error;		/* FAIL: names operation, code, request id */
	struct reply failure;		/* FAIL by AWS: the reply */
};

/* The op lives in a and borrows what input points to. */
struct op *op_new(struct arena *a, enum op_kind kind, const struct op_input *input);
/* last: the reply to the last STEP_SEND, NULL otherwise.  now_ms: monotonic, for budgets. */
struct step op_next(struct op *op, const struct reply *last, int64_t now_ms);
const struct op_result *op_result(const struct op *op);

#endif
