#include "machine.h"
#include "path.h"

#define RETRY_FIRST_MS 1000
#define RETRY_CAP_MS 8000

static bool is_code(const struct refusal *r, const struct reply *reply)
{
	if (!str_equal(r->code, reply->code))
		return false;
	for (size_t i = 0; i < r->match.count; i++) {
		if (str_contains(reply->message, r->match.items[i]))
			return true;
	}
	return !r->match.count;
}

static const struct refusal *refusal_find(const struct refusals *list, const struct reply *reply)
{
	for (size_t i = 0; i < list->count; i++) {
		if (is_code(&list->items[i], reply))
			return &list->items[i];
	}
	return NULL;
}

static struct step item_done(struct op *op)
{
	op->todo = op->slot == SLOT_NESTED ? TODO_NESTED : TODO_ITEM;
	return op_advance(op);
}

static struct step wait_begin(struct op *op, const struct wait_rule *wait)
{
	op->wait = wait;
	op->wait_since_ms = op->now_ms;
	op->wait_delay_ms = wait->every_ms;
	return op_send(op, SLOT_POLL, &wait->call);
}

struct step poll_next(struct op *op)
{
	return op_send(op, SLOT_POLL, &op->wait->call);
}

static struct step poll_again(struct op *op, const char *state)
{
	const struct wait_rule *wait = op->wait;
	int64_t delay = op->wait_delay_ms;

	if (op->now_ms - op->wait_since_ms + delay > wait->for_ms)
		return op_fail(op, ERROR_AWS, "%.*s: not %.*s after %lld s%s%s",
			       STR_ARG(wait->call.operation), STR_ARG(wait->name),
			       (long long)(wait->for_ms / 1000), *state ? ": " : "", state);
	op->wait_delay_ms = (int64_t)((double)delay * wait->backoff);
	if (op->wait_delay_ms > wait->cap_ms)
		op->wait_delay_ms = wait->cap_ms;
	op->todo = TODO_POLL;
	return op_wait(op, delay, str_format(op->arena, "until %.*s", STR_ARG(wait->name)));
}

static struct step poll_done(struct op *op)
{
	if (!op->met) {
		op->todo = TODO_ITEM;
		return op_advance(op);
	}
	return op_done(op);
}

int64_t invisible_ms(const struct op *op)
{
	return op->driver->consistency_ms > INVISIBLE_MS ? op->driver->consistency_ms :
							   INVISIBLE_MS;
}

static struct step poll_absent(struct op *op)
{
	if (!op->wait->until.count)
		return poll_done(op);
	if (op->now_ms - op->wait_since_ms > invisible_ms(op))
		return op_fail(op, ERROR_AWS, "%.*s: it is gone while it should become %.*s",
			       STR_ARG(op->wait->call.operation), STR_ARG(op->wait->name));
	return poll_again(op, "it is not visible");
}

static struct step poll_failed(struct op *op)
{
	struct value why;
	bool said = op->wait->why.count &&
		    path_get(op->arena, &op->eval.reply, &op->wait->why, 0, &why) &&
		    why.kind == VALUE_STRING;

	return op_fail(op, ERROR_AWS, "%.*s: it will not become %.*s%s%.*s",
		       STR_ARG(op->wait->call.operation), STR_ARG(op->wait->name),
		       said ? ": " : "", STR_ARG(said ? why.string : STR("")));
}

static struct step poll_replied(struct op *op)
{
	const struct str_list none = { 0 };
	const struct wait_rule *wait = op->wait;
	bool holds;

	op->eval.reading = true;
	for (size_t i = 0; i < wait->fail.count; i++) {
		struct conditions one = { &wait->fail.items[i], 1 };

		if (eval_conditions(&op->eval, &one, &none, &holds) == EVAL_FAILED)
			return op_fail(op, ERROR_NONE, NULL);
		if (holds)
			return poll_failed(op);
	}
	if (!wait->until.count)
		return poll_again(op, "it is still there");
	if (eval_conditions(&op->eval, &wait->until, &none, &holds) == EVAL_FAILED)
		return op_fail(op, ERROR_NONE, NULL);
	if (!holds)
		return poll_again(op, "");
	if (!outs_take(op, &wait->call.out))
		return op_fail(op, ERROR_NONE, NULL);
	return poll_done(op);
}

static struct step read_replied(struct op *op)
{
	const struct driver_step *step = op->step;
	bool holds;

	op->eval.reading = true;
	if (step->has_at) {
		struct value part;
		enum eval_result result = eval_term(&op->eval, &step->at, &part);

		if (result != EVAL_VALUE)
			return result == EVAL_FAILED ? op_fail(op, ERROR_NONE, NULL) :
						       look_absent(op);
		op->eval.reply = part;
	}
	if (eval_conditions(&op->eval, &step->when, &step->props, &holds) == EVAL_FAILED)
		return op_fail(op, ERROR_NONE, NULL);
	if (!holds)
		return item_done(op);
	if (!outs_take(op, &step->call.out) || !facts_take(op, &step->facts))
		return op_fail(op, ERROR_NONE, NULL);
	if (!step->nested)
		return item_done(op);
	if (eval_term(&op->eval, &step->nested->each, &op->nested_items) != EVAL_VALUE)
		return item_done(op);
	if (op->nested_items.kind != VALUE_LIST || op->nested_items.list.count > OP_ITEM_LIMIT)
		return op_fail(op, ERROR_PARSE, "%.*s gave no list, or a too long one",
			       STR_ARG(step->call.operation));
	op->nested = 0;
	op->todo = TODO_NESTED;
	return op_advance(op);
}

/* A page is done, if all of it is: then the next one. */
static struct step drain_replied(struct op *op)
{
	struct value why;

	op->eval.reading = true;
	switch (eval_term(&op->eval, &op->step->partly, &why)) {
	case EVAL_FAILED:
		return op_fail(op, ERROR_NONE, NULL);
	case EVAL_NOTHING:
		return op_send(op, SLOT_GET, op->step->get);
	case EVAL_VALUE:
		break;
	}
	return op_fail(op, ERROR_AWS, "%.*s left some of what is in it: %.*s",
		       STR_ARG(op->call->operation),
		       STR_ARG(why.kind == VALUE_STRING ? why.string : STR("no reason is given")));
}

/* Whether the reply to the change itself tells all that the wait would ask for. */
static bool says_it_is(struct op *op, const struct wait_rule *wait)
{
	const struct str_list none = { 0 };
	struct value told;
	bool holds;

	op->eval.reading = true;
	for (size_t i = 0; i < wait->until.count; i++) {
		const struct condition *c = &wait->until.items[i];

		if (c->subject != CONDITION_TERM ||
		    eval_term(&op->eval, &c->term, &told) != EVAL_VALUE)
			return false;
	}
	return wait->until.count && !wait->call.out.count &&
	       eval_conditions(&op->eval, &wait->until, &none, &holds) != EVAL_FAILED && holds;
}

static struct step call_replied(struct op *op)
{
	enum mode mode = op_frame(op)->mode;

	if (mode == MODE_READ)
		return read_replied(op);
	if (mode == MODE_CREATE)
		op->made = true;
	if (!outs_take(op, &op->call->out))
		return op_fail(op, ERROR_NONE, NULL);
	if (op->step->has_drain)
		return drain_replied(op);
	if (op->step->wait && !says_it_is(op, op->step->wait))
		return wait_begin(op, op->step->wait);
	return item_done(op);
}

/* A whole reply, all pages of it, is in eval.reply. */
static struct step replied(struct op *op)
{
	switch (op->slot) {
	case SLOT_GET:
		op->got = op->eval.reply;
		if (!step_items(op))
			return op_fail(op, ERROR_NONE, NULL);
		op->todo = TODO_ITEM;
		return op_advance(op);
	case SLOT_CALL:
		return call_replied(op);
	case SLOT_NESTED:
		if (!outs_take(op, &op->call->out))
			return op_fail(op, ERROR_NONE, NULL);
		return item_done(op);
	case SLOT_POLL:
		return poll_replied(op);
	case SLOT_LIST:
		return list_replied(op);
	case SLOT_NONE:
		break;
	}
	BUG("a reply that nobody asked for");
}

static void page_add(struct op *op, const struct value *body)
{
	for (uint32_t i = 0; i < body->map.count; i++) {
		struct str name = body->map.entries[i].key;
		const struct value *v = &((const struct member *)body->map.entries[i].value)->value;
		const struct value *have = value_get(&op->page, name);
		struct value all;

		if (!have || have->kind != VALUE_LIST || v->kind != VALUE_LIST) {
			value_set(op->arena, &op->page, name, *v);
			continue;
		}
		/* The first page's list is the reply's own; from the second on it is ours. */
		all = op->pages > 2 ? *have : value_list(NULL, 0);
		for (size_t j = 0; op->pages == 2 && j < have->list.count; j++)
			value_append(op->arena, &all, have->list.items[j]);
		for (size_t j = 0; j < v->list.count; j++)
			value_append(op->arena, &all, v->list.items[j]);
		value_set(op->arena, &op->page, name, all);
	}
}

static struct step body_replied(struct op *op, const struct reply *reply)
{
	struct value body = reply->body.kind == VALUE_MAP ? reply->body : value_map();
	struct value token;

	op->retry = NULL;
	op->pages++;
	if (!op->call->page_in.length) {
		op->eval.reply = body;
		return replied(op);
	}
	page_add(op, &body);
	if (path_get(op->arena, &body, &op->call->page_out, 0, &token) &&
	    !(token.kind == VALUE_STRING && !token.string.length)) {
		if (token.kind != VALUE_STRING || str_equal(token.string, op->page_token) ||
		    op->pages > OP_PAGE_LIMIT)
			return op_fail(op, ERROR_LIMIT, "%.*s: its pages do not end",
				       STR_ARG(op->call->operation));
		op->page_token = token.string;
		return op_resend(op);
	}
	op->eval.reply = op->page;
	return replied(op);
}

static struct step retry_later(struct op *op, const struct refusal *rule,
			       const struct reply *reply)
{
	if (op->retry != rule) {
		op->retry = rule;
		op->retry_since_ms = op->now_ms;
		op->retry_delay_ms = RETRY_FIRST_MS;
	}
	if (op->now_ms - op->retry_since_ms + op->retry_delay_ms > rule->for_ms)
		return op_fail_reply(op, reply);
	struct step step = op_wait(op, op->retry_delay_ms,
				   str_format(op->arena, "%.*s again after %.*s",
					      STR_ARG(op->call->operation), STR_ARG(reply->code)));

	step.refused = reply->code;
	op->retry_delay_ms *= 2;
	if (op->retry_delay_ms > RETRY_CAP_MS)
		op->retry_delay_ms = RETRY_CAP_MS;
	op->todo = TODO_SEND;
	return step;
}

static struct step met_existing(struct op *op, const struct reply *reply)
{
	if (!op->met) {
		op->met = true;
		op->met_since_ms = op->now_ms;
		op->met_wait = op->step->wait;
		op->result.failure = *reply;
	}
	look_start(op);
	return op_advance(op);
}

static struct step none_replied(struct op *op)
{
	if (op->slot == SLOT_GET) {
		op->eval.reply = value_map();
		return replied(op);
	}
	return item_done(op);
}

static struct step absent_replied(struct op *op)
{
	enum mode mode = op_frame(op)->mode;

	if (op->slot == SLOT_POLL)
		return poll_absent(op);
	if (op->slot == SLOT_GET && mode == MODE_DELETE) {
		op->todo = TODO_STEP;
		return op_advance(op);
	}
	if (op->slot == SLOT_GET || op->slot == SLOT_NESTED)
		return none_replied(op);
	if (mode == MODE_READ || mode == MODE_LIST)
		return look_absent(op);
	return item_done(op);
}

static bool was_seen(const struct op *op)
{
	const struct value *known = &op->input.attributes;

	return known->kind == VALUE_MAP && known->map.count;
}

/*
 * What an earlier reply said to be there, and this one does not know: what was just
 * made, or what a list named.  Not every answer is as new as the one before.
 */
static bool is_behind(struct op *op, const struct reply *reply)
{
	bool made = op->kind == OP_CREATE && op->made;
	bool named = op_frame(op)->mode == MODE_READ && op->slot == SLOT_NESTED;

	return (made || named) && refusal_find(&op->driver->steps->absent, reply);
}

static struct step refused(struct op *op, const struct reply *reply)
{
	const struct driver_call *call = op->call;
	const struct refusal *rule;

	if (op->slot == SLOT_CALL && refusal_find(&call->exists, reply))
		return met_existing(op, reply);
	if (refusal_find(&call->ok, reply)) {
		if (op->slot == SLOT_CALL && op->step->wait)
			return wait_begin(op, op->step->wait);
		return none_replied(op);
	}
	if (refusal_find(&call->none, reply))
		return none_replied(op);
	if (refusal_find(&call->absent, reply))
		return absent_replied(op);
	/* Of what was ours once it says nothing but that we may not look. */
	if (refusal_find(&call->foreign, reply) && !was_seen(op))
		return look_foreign(op, STR("another account"));
	rule = refusal_find(&call->retry, reply);
	if (!rule && is_behind(op, reply)) {
		op->invisible.for_ms = invisible_ms(op);
		rule = &op->invisible;
	}
	if (rule)
		return retry_later(op, rule, reply);
	return op_fail_reply(op, reply);
}

struct step op_reply(struct op *op, const struct reply *reply)
{
	CHECK(op->call && op->slot != SLOT_NONE);
	if (reply->class == REPLY_OK)
		return body_replied(op, reply);
	if (reply->class == REPLY_ERROR)
		return refused(op, reply);
	return op_fail_reply(op, reply);
}
