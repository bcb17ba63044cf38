#ifndef EFFC_DRIVER_MACHINE_H
#define EFFC_DRIVER_MACHINE_H

#include "eval.h"
#include "op.h"

/*
 * The state of an op.  It walks lists of steps (frames): a create may have
 * update steps above it, a look-up has one or two frames of its own.  Within a
 * step it makes calls one after another: `get`, the step's own, what is nested
 * in it, and the polls of its wait.  op.c is the walk, steps.c chooses steps
 * and items, replies.c takes what comes back, look.c finds and judges,
 * results.c keeps what was learned.
 */
/* calls of one op: a driver that turns in circles ends here */
#define OP_CALL_LIMIT 20000
#define OP_PAGE_LIMIT 1000
#define OP_ITEM_LIMIT 5000
/* pages that are drained: replies stay in memory until the op ends */
#define OP_DRAIN_LIMIT 1000
/* What was just made may stay invisible for at least this long, whatever the driver says. */
#define INVISIBLE_MS 30000

enum mode { MODE_LIST, MODE_READ, MODE_CREATE, MODE_UPDATE, MODE_DELETE };

struct frame {
	enum mode mode;
	const struct driver_step *steps;
	size_t count, next;
	const struct str_list *only;	/* update steps of a create: those of these properties */
};

/* Which call of the step is under way. */
enum slot { SLOT_NONE, SLOT_GET, SLOT_CALL, SLOT_NESTED, SLOT_POLL, SLOT_LIST };

/* What to do next, once nothing is under way. */
enum todo { TODO_STEP, TODO_ITEM, TODO_NESTED, TODO_SEND, TODO_POLL, TODO_LOOK, TODO_END };

struct op {
	struct arena *arena;
	enum op_kind kind;
	struct op_input input;
	const struct driver *driver;
	struct eval eval;
	struct op_result result;

	struct frame frames[3];
	size_t depth;
	const struct driver_step *step;
	struct value items;		/* of `each`; null: no each, one call */
	size_t item;
	bool once;			/* no list: one call, still to be made */
	struct value got;		/* reply to `get`, for every item's call */
	size_t drained;			/* pages of `drain` */
	struct value nested_items;
	size_t nested;

	enum todo todo;
	enum slot slot;			/* whose reply is awaited, or is to be sent again */
	const struct driver_call *call;
	struct value page;		/* replies so far, put together */
	struct str page_token;
	size_t pages;

	const struct wait_rule *wait;
	int64_t wait_since_ms, wait_delay_ms;
	const struct refusal *retry;	/* the rule that counts */
	struct refusal invisible;	/* the rule for what was made and is not seen yet */
	int64_t retry_since_ms, retry_delay_ms;

	bool looking;			/* this is a look-up: the owner is asked */
	bool met;			/* a create met something that exists */
	int64_t met_since_ms;
	const struct wait_rule *met_wait;
	bool made;			/* a create call succeeded */
	bool ended;
	struct step last;		/* how it ended */
	int64_t now_ms;
	size_t calls, sequence;
	uint32_t served_taken;		/* of input.served, by place */
	struct value observed;		/* MAP: as read, before it is filtered */
};

/* ---- op.c ---- */
struct frame *op_frame(struct op *op);
void op_push(struct op *op, enum mode mode, const struct driver_step_list *steps,
	     const struct str_list *only);
struct step op_done(struct op *op);
/* Ends it with result.error, whose text is op->eval.err's where that is set. */
struct step op_fail(struct op *op, enum error_kind kind, const char *format, ...)
	ATTR_PRINTF(3, 4);
struct step op_fail_reply(struct op *op, const struct reply *reply);
/* Of a denial: which actions it may have been about, on what (denied.c). */
void op_add_denied(struct op *op, const struct reply *reply, struct buf *b);
struct step op_wait(struct op *op, int64_t wait_ms, struct str note);
/* Makes the call of the slot; its reply comes to op_reply(). */
struct step op_send(struct op *op, enum slot slot, const struct driver_call *call);
struct step op_resend(struct op *op);
struct step op_advance(struct op *op);

/* ---- steps.c: all of them answer false after a failure, with eval.err set ---- */

/*
 * The next step of the top frame that applies, its items worked out; NULL in op->step at the
 * end.
 */
bool steps_next(struct op *op);
/* Works out the items, after `get` where there is one. */
bool step_items(struct op *op);
/* Sets eval's item; false past the last one. */
bool step_item_next(struct op *op);
/* What was there before an update, by property. */
struct value old_properties(struct op *op);

/* ---- served.c ---- */

/* The spec has it, had it, or the caller asks for it. */
bool property_is_managed(const struct op_input *input, struct str name);
/* A step of `read` that is made, if nothing stands for it. */
bool read_is_wanted(const struct op_input *input, const struct driver_step *step);
/* Whether pages told what it would; takes that. */
bool step_is_served(struct op *op, const struct driver_step *step);

/* ---- replies.c ---- */
struct step op_reply(struct op *op, const struct reply *reply);
struct step poll_next(struct op *op);
/* How long what was just made may stay invisible. */
int64_t invisible_ms(const struct op *op);

/* ---- look.c ---- */
bool key_is_known(const struct op *op);
void look_start(struct op *op);
struct step list_replied(struct op *op);
/* The look-up ended without, or with, something there; it belongs to somebody else. */
struct step look_absent(struct op *op);
struct step look_found(struct op *op);
struct step look_foreign(struct op *op, struct str owner);

/* ---- results.c ---- */
/* Takes what a reply (in eval.reply) gives; false with eval.err set. */
bool outs_take(struct op *op, const struct driver_outs *outs);
/* Takes what a reply tells of the data; what is no number and no truth is left out. */
bool facts_take(struct op *op, const struct driver_outs *facts);
/* Adds key and known attributes; false with eval.err set if one that must be there is not. */
bool attributes_complete(struct op *op);
/* observed as the caller wants it: without other people's tags and our own mark. */
struct value observed_result(struct op *op);
/* properties with our instance in the tags or the description. */
struct value with_instance(struct op *op, const struct value *properties);

#endif
