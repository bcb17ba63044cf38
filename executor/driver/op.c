#include "op.h"

#include <stdarg.h>
#include <stdio.h>

#include "machine.h"
#include "path.h"
#include "schemas/steps.h"

static struct value map_or_empty(const struct value *v)
{
	return v->kind == VALUE_MAP ? *v : value_map();
}

static void eval_prepare(struct op *op)
{
	const struct op_input *in = &op->input;

	op->eval = (struct eval){
		.arena = op->arena, .driver = op->driver, .scope = in->scope,
		.properties = with_instance(op, &in->properties), .old = value_map(),
		.attributes = value_map(), .changed = value_map(), .clear = value_map(),
		.reply = value_map(), .instance = in->instance, .token = in->token,
		.artifact = in->artifact, .artifact_context = in->artifact_context,
		.err = &op->result.error,
	};
	if (in->attributes.kind == VALUE_MAP)
		op->eval.attributes = value_shallow(op->arena, &in->attributes);
	if (op->kind == OP_UPDATE)
		op->eval.old = old_properties(op);
}

struct frame *op_frame(struct op *op)
{
	CHECK(op->depth > 0);
	return &op->frames[op->depth - 1];
}

void op_push(struct op *op, enum mode mode, const struct driver_step_list *steps,
	     const struct str_list *only)
{
	CHECK(op->depth < sizeof(op->frames) / sizeof(op->frames[0]));
	op->frames[op->depth++] = (struct frame){
		.mode = mode, .steps = steps ? steps->items : NULL,
		.count = steps ? steps->count : 0, .only = only,
	};
	op->todo = TODO_STEP;
}

static void frames_start(struct op *op)
{
	const struct driver_steps *steps = op->driver->steps;

	switch (op->kind) {
	case OP_READ:
		op_push(op, MODE_READ, &steps->read, NULL);
		break;
	case OP_FIND:
		op->looking = true;
		look_start(op);
		return;
	case OP_CREATE:
		op_push(op, MODE_CREATE, &steps->create, NULL);
		return;
	case OP_UPDATE:
		op_push(op, MODE_UPDATE, &steps->update, NULL);
		break;
	case OP_DELETE:
		op_push(op, MODE_DELETE, &steps->remove, NULL);
		break;
	}
	/* Whose id was never learned is looked for first. */
	if (!key_is_known(op) && steps->list)
		op_push(op, MODE_LIST, NULL, NULL);
}

struct op *op_new(struct arena *a, enum op_kind kind, const struct op_input *input)
{
	struct op *op = arena_new(a, struct op);

	op->arena = a;
	op->kind = kind;
	op->input = *input;
	op->driver = input->driver;
	op->observed = value_map();
	op->result.attributes = map_or_empty(&input->attributes);
	op->result.observed = value_map();
	op->result.facts = value_map();
	if (!op->driver)
		return op;
	eval_prepare(op);
	frames_start(op);
	return op;
}

static struct step op_end(struct op *op, enum step_kind kind)
{
	op->ended = true;
	if (kind == STEP_FAIL && op->kind == OP_CREATE && op->result.found != OP_FOREIGN)
		op->result.maybe_exists |= op->made || op->met;
	op->result.attributes = op->eval.attributes;
	op->last = (struct step){ .kind = kind };
	return op->last;
}

struct step op_done(struct op *op)
{
	op->result.error = (struct error){ 0 };
	return op_end(op, STEP_DONE);
}

static struct str call_name(const struct op *op)
{
	if (op->call)
		return op->call->operation;
	return op->step ? op->step->call.operation : STR("driver");
}

struct step op_fail(struct op *op, enum error_kind kind, const char *format, ...)
{
	struct error *err = &op->result.error;

	if (format) {
		char text[512];
		va_list args;

		va_start(args, format);
		vsnprintf(text, sizeof(text), format, args);
		va_end(args);
		error_set(err, kind, "%s", text);
	} else if (op->driver) {
		struct str name = call_name(op);

		error_context(err, "%.*s %.*s", STR_ARG(op->driver->api), STR_ARG(name));
	}
	return op_end(op, STEP_FAIL);
}

static struct call call_now(const struct op *op, struct value input)
{
	return (struct call){
		.service = op->driver->api, .operation = op->call->operation, .input = input,
		.token = op->input.token, .scope = op->input.scope,
	};
}

/* What the driver says of a code, for people; with more texts, where the message has one. */
static struct str explanation(const struct op *op, const struct reply *reply)
{
	const struct refusals *say = &op->call->say;

	for (size_t i = 0; i < say->count; i++) {
		const struct str_list *texts = &say->items[i].match;
		bool fits = texts->count == 1;

		for (size_t k = 1; k < texts->count; k++)
			fits |= str_contains(reply->message, texts->items[k]);
		if (fits && str_equal(say->items[i].code, reply->code))
			return texts->items[0];
	}
	return (struct str){ 0 };
}

struct step op_fail_reply(struct op *op, const struct reply *reply)
{
	struct call call = call_now(op, value_map());
	struct str why = explanation(op, reply);
	struct buf b;

	buf_init_limit(&b, op->arena, sizeof(op->result.error.text) - 1);
	aws_describe(&b, &call, reply);
	if (why.length)
		buf_printf(&b, ": %.*s", STR_ARG(why));
	op_add_denied(op, reply, &b);
	error_set(&op->result.error, ERROR_AWS, "%.*s", STR_ARG(buf_str(&b)));
	op->result.failure = *reply;
	if (op->kind == OP_CREATE)
		op->result.maybe_exists = reply->class == REPLY_LOST ||
					  reply->class == REPLY_TRANSIENT;
	return op_end(op, STEP_FAIL);
}

struct step op_wait(struct op *op, int64_t wait_ms, struct str note)
{
	(void)op;
	return (struct step){ .kind = STEP_WAIT, .wait_ms = wait_ms, .note = note };
}

static bool is_mutation(const struct op *op)
{
	enum mode mode = op->depth ? op->frames[op->depth - 1].mode : MODE_READ;

	return op->slot == SLOT_CALL && mode != MODE_READ && mode != MODE_LIST;
}

/*
 * The first mutation carries the token as it is; a later one its own, or AWS takes it for the
 * first.
 */
static struct str token_now(struct op *op)
{
	if (op->sequence <= 1)
		return op->input.token;
	return str_format(op->arena, "%.*s-%zu", STR_ARG(op->input.token), op->sequence);
}

struct step op_resend(struct op *op)
{
	struct step step = { .kind = STEP_SEND, .note = op->call->operation };
	struct value input;

	if (++op->calls > OP_CALL_LIMIT)
		return op_fail(op, ERROR_LIMIT, "more than %d calls for one resource",
			       OP_CALL_LIMIT);
	op->eval.reading = false;
	op->eval.clears = op->kind == OP_UPDATE;
	if (eval_term(&op->eval, &op->call->in, &input) == EVAL_FAILED)
		return op_fail(op, ERROR_NONE, NULL);
	if (input.kind != VALUE_MAP)
		input = value_map();
	if (value_has_unknown(&input) && op->kind == OP_FIND) {
		/* What it would be looked up by does not exist yet, so neither does it. */
		op->result.found = OP_NOT_LOOKED;
		return op_end(op, STEP_DONE);
	}
	if (value_has_unknown(&input))
		return op_fail(op, ERROR_REFUSED, "%.*s needs a value that is not known",
			       STR_ARG(op->call->operation));
	if (op->page_token.length)
		value_set(op->arena, &input, op->call->page_in, value_string(op->page_token));
	step.call = call_now(op, input);
	step.mutates = is_mutation(op);
	step.call.token = step.mutates ? token_now(op) : (struct str){ 0 };
	op->todo = TODO_END;
	return step;
}

struct step op_send(struct op *op, enum slot slot, const struct driver_call *call)
{
	op->slot = slot;
	op->call = call;
	op->page = value_map();
	op->page_token = (struct str){ 0 };
	op->pages = 0;
	op->retry = NULL;
	if (is_mutation(op))
		op->sequence++;
	return op_resend(op);
}

static const struct driver_call *call_of_step(const struct op *op)
{
	const struct driver_step *step = op->step;

	if (!step->unset)
		return &step->call;
	for (size_t i = 0; i < step->props.count; i++) {
		const struct value *v = value_get(&op->eval.properties, step->props.items[i]);

		if (v && v->kind != VALUE_NULL)
			return &step->call;
	}
	return step->unset;
}

/* The top frame has no more steps. */
static struct step frame_ended(struct op *op)
{
	enum mode mode = op_frame(op)->mode;

	op->depth--;
	if (mode == MODE_READ)
		return look_found(op);
	if (op->depth)
		return op_advance(op);
	if (mode == MODE_CREATE && !attributes_complete(op))
		return op_fail(op, ERROR_NONE, NULL);
	return op_done(op);
}

static struct step step_begin(struct op *op)
{
	if (op_frame(op)->mode == MODE_LIST)
		return op_send(op, SLOT_LIST, &op->driver->steps->list->call);
	if (!steps_next(op))
		return op_fail(op, ERROR_NONE, NULL);
	if (!op->step)
		return frame_ended(op);
	if (op->step->then.count) {
		op_push(op, MODE_UPDATE, &op->driver->steps->update, &op->step->then);
		return op_advance(op);
	}
	op->eval.reply = value_map();
	op->got = value_map();
	op->drained = 0;
	if (op->step->get)
		return op_send(op, SLOT_GET, op->step->get);
	if (!step_items(op))
		return op_fail(op, ERROR_NONE, NULL);
	op->todo = TODO_ITEM;
	return op_advance(op);
}

static struct step drain_begin(struct op *op)
{
	struct step step;

	if (++op->drained > OP_DRAIN_LIMIT)
		return op_fail(op, ERROR_LIMIT, "%.*s: %d pages were deleted, and there are more; "
			       "apply again to go on", STR_ARG(op->step->call.operation),
			       OP_DRAIN_LIMIT);
	step = op_send(op, SLOT_CALL, &op->step->call);
	step.note = str_format(op->arena, "deleting what is in it, page %zu", op->drained);
	return step;
}

static struct step item_begin(struct op *op)
{
	op->eval.reply = op->got;
	if (step_item_next(op))
		return op->step->has_drain ? drain_begin(op) :
			op_send(op, SLOT_CALL, call_of_step(op));
	op->todo = TODO_STEP;
	return op_advance(op);
}

static struct step nested_begin(struct op *op)
{
	if (op->nested < op->nested_items.list.count) {
		op->eval.item = op->nested_items.list.items[op->nested++];
		return op_send(op, SLOT_NESTED, &op->step->nested->call);
	}
	op->todo = TODO_ITEM;
	return op_advance(op);
}

struct step op_advance(struct op *op)
{
	switch (op->todo) {
	case TODO_STEP:
		return step_begin(op);
	case TODO_ITEM:
		return item_begin(op);
	case TODO_NESTED:
		return nested_begin(op);
	case TODO_SEND:
		return op_resend(op);
	case TODO_POLL:
		return poll_next(op);
	case TODO_LOOK:
		look_start(op);
		return op_advance(op);
	case TODO_END:
		break;
	}
	BUG("op without anything to do in %.*s", STR_ARG(call_name(op)));
}

struct step op_next(struct op *op, const struct reply *last, int64_t now_ms)
{
	op->now_ms = now_ms;
	if (op->ended)
		return op->last;
	if (!op->driver)
		return op_fail(op, ERROR_REFUSED, "there is no driver for this type");
	op->last = last ? op_reply(op, last) : op_advance(op);
	/* What was learned so far is told even of one that is given up here. */
	op->result.attributes = op->eval.attributes;
	return op->last;
}

const struct op_result *op_result(const struct op *op)
{
	return &op->result;
}
