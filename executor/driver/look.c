#include "machine.h"
#include "path.h"

#define LOOK_AGAIN_MS 1000
#define LEAVE_AGAIN_MS 4000

bool key_is_known(const struct op *op)
{
	const struct str_list *key = &op->driver->key;

	for (size_t i = 0; i < key->count; i++) {
		const struct value *v = value_get(&op->eval.properties, key->items[i]);

		if (!v)
			v = value_get(&op->eval.attributes, key->items[i]);
		if (!v || v->kind == VALUE_NULL)
			return false;
	}
	return true;
}

void look_start(struct op *op)
{
	const struct driver_steps *steps = op->driver->steps;

	op->depth = 0;
	op->looking = true;
	op->step = NULL;
	op->wait = NULL;
	op->observed = value_map();
	op_push(op, MODE_READ, &steps->read, NULL);
	if (steps->list)
		op_push(op, MODE_LIST, NULL, NULL);
}

struct step list_replied(struct op *op)
{
	const struct driver_list *list = op->driver->steps->list;
	const struct str_list none = { 0 };
	struct value items;

	op->eval.reading = true;
	switch (eval_term(&op->eval, &list->items, &items)) {
	case EVAL_FAILED:
		return op_fail(op, ERROR_NONE, NULL);
	case EVAL_NOTHING:
		return look_absent(op);
	case EVAL_VALUE:
		break;
	}
	if (items.kind != VALUE_LIST)
		return op_fail(op, ERROR_PARSE, "%.*s gave no list",
			       STR_ARG(list->call.operation));
	for (size_t i = 0; i < items.list.count; i++) {
		bool holds;

		op->eval.reply = items.list.items[i];
		if (eval_conditions(&op->eval, &list->match, &none, &holds) == EVAL_FAILED)
			return op_fail(op, ERROR_NONE, NULL);
		if (!holds)
			continue;
		if (!outs_take(op, &list->call.out))
			return op_fail(op, ERROR_NONE, NULL);
		op->depth--;
		op->todo = TODO_STEP;
		return op_advance(op);
	}
	return look_absent(op);
}

struct step look_absent(struct op *op)
{
	switch (op->kind) {
	case OP_READ:
	case OP_FIND:
		op->result.found = OP_ABSENT;
		return op_done(op);
	case OP_DELETE:
		return op_done(op);
	case OP_UPDATE:
		return op_fail(op, ERROR_AWS, "%.*s: what should be changed is gone",
			       STR_ARG(op->call->operation));
	case OP_CREATE:
		break;
	}
	if (op->now_ms - op->met_since_ms > invisible_ms(op) &&
	    op->now_ms - op->met_since_ms > op->driver->leaving_ms) {
		return op_fail(op, ERROR_AWS, "%.*s of %.*s: it exists, and cannot be found",
			       STR_ARG(op->result.failure.code), STR_ARG(op->driver->type));
	}
	if (op->driver->leaving_ms && !op->made) {
		/* What is in the way is on its way out: a conflict is loud, so it may be tried. */
		op->depth = 0;
		op->looking = false;
		op_push(op, MODE_CREATE, &op->driver->steps->create, NULL);
		return op_wait(op, LEAVE_AGAIN_MS, STR("until what is being deleted is gone"));
	}
	op->todo = TODO_LOOK;
	return op_wait(op, LOOK_AGAIN_MS, STR("until what exists is visible"));
}

static bool tags_after_create(const struct driver *driver)
{
	const struct driver_step_list *create = &driver->steps->create;

	for (size_t i = 0; i < create->count; i++) {
		if (str_list_has(&create->items[i].then, driver->owner_property))
			return true;
	}
	return false;
}

static struct str tag_text(const struct value *tags, struct str key)
{
	const struct value *v = value_get(tags, key);

	return v && v->kind == VALUE_STRING ? v->string : (struct str){ 0 };
}

static struct str tags_owner(struct op *op, const struct value *tags)
{
	struct str instance = tag_text(tags, INSTANCE_TAG);
	struct str project = tag_text(tags, STR("effortless:project"));
	struct str stage = tag_text(tags, STR("effortless:stage"));

	if (!instance.length)
		return STR("something that effc did not make");
	return str_format(op->arena, "instance %.*s of project '%.*s', stage '%.*s'",
			  STR_ARG(instance), STR_ARG(project), STR_ARG(stage));
}

/* Ours was deleted, and the service made it again by itself: it carries no mark at all. */
static bool has_returned(struct op *op, const struct value *tags)
{
	const struct value *name = value_get(&op->eval.properties, op->driver->name.property);

	return op->driver->returns.length && op->input.later && !tags->map.count && name &&
	       name->kind == VALUE_STRING && str_starts(name->string, op->driver->returns);
}

/*
 * Tags that a second call sets may be missing after a crash.  Then the journal
 * speaks for us: nothing had the name when the create was written to it.
 */
static bool owned_by_tag(struct op *op, struct str *owner)
{
	const struct value *seen = value_get(&op->observed, op->driver->owner_property);
	struct value tags = value_map();
	struct str instance;

	if (seen && !tags_to_map(op->arena, seen, &tags))
		tags = value_map();
	instance = tag_text(&tags, INSTANCE_TAG);
	if (instance.length && str_equal(instance, op->input.instance))
		return true;
	if (!instance.length && op->input.sent_before && tags_after_create(op->driver))
		return true;
	if (has_returned(op, &tags))
		return true;
	*owner = tags_owner(op, &tags);
	return false;
}

static bool is_owned(struct op *op, struct str *owner)
{
	const struct value *v;

	*owner = STR("something that effc did not make");
	switch (op->driver->owner) {
	case OWNER_TAG:
		return owned_by_tag(op, owner);
	case OWNER_DESCRIPTION:
		v = value_get(&op->observed, op->driver->owner_property);
		return v && v->kind == VALUE_STRING && op->input.instance.length &&
		       str_contains(v->string, op->input.instance);
	case OWNER_GROUP:
	case OWNER_PARENT:
		/* It carries no mark, and anybody may have put it there: only the journal knows. */
		return op->input.sent_before;
	case OWNER_KEY:
		return true;
	}
	BUG("owner %d", (int)op->driver->owner);
}

/* The instance that its mark names. */
static struct str mark_on(const struct op *op)
{
	const struct value *seen = value_get(&op->observed, op->driver->owner_property);
	struct value tags;

	if (op->driver->owner != OWNER_TAG || !seen || !tags_to_map(op->arena, seen, &tags))
		return (struct str){ 0 };
	return tag_text(&tags, INSTANCE_TAG);
}

/*
 * Ours is gone and another instance has its name.  Without any mark it counts
 * as ours, changed outside: tags are shown late, and people remove them.
 */
static bool is_another(struct op *op)
{
	struct str instance = mark_on(op);

	return op->driver->key_is_chosen && instance.length &&
	       !str_equal(instance, op->input.instance);
}

/* It carries the mark of another stack, or of CloudFormation. */
static bool is_taken(struct op *op, struct str *owner)
{
	const struct value *seen = value_get(&op->observed, op->driver->owner_property);
	struct value tags = value_map();
	struct str instance, stack;

	if (op->driver->owner == OWNER_DESCRIPTION) {
		*owner = STR("another stack of effc");
		return seen && seen->kind == VALUE_STRING &&
		       str_contains(seen->string, INSTANCE_TAG) &&
		       !str_contains(seen->string, op->input.instance);
	}
	if (op->driver->owner != OWNER_TAG || !seen || !tags_to_map(op->arena, seen, &tags))
		return false;
	instance = tag_text(&tags, INSTANCE_TAG);
	stack = tag_text(&tags, STR("aws:cloudformation:stack-name"));
	*owner = stack.length ? str_format(op->arena, "the CloudFormation stack '%.*s'",
					   STR_ARG(stack)) : tags_owner(op, &tags);
	return stack.length || (instance.length && !str_equal(instance, op->input.instance));
}

struct step look_foreign(struct op *op, struct str owner)
{
	op->result.found = OP_FOREIGN;
	op->result.owner = owner;
	op->result.holder = mark_on(op);
	if (op->kind == OP_FIND || op->kind == OP_READ)
		return op_done(op);
	if (op->kind == OP_CREATE)
		return op_fail(op, ERROR_REFUSED, "%.*s: the name is taken by %.*s",
			       STR_ARG(op->driver->type), STR_ARG(owner));
	return op_fail(op, ERROR_REFUSED, "%.*s: it belongs to %.*s", STR_ARG(op->driver->type),
		       STR_ARG(owner));
}

/* It answered to its name. */
static void key_observed(struct op *op)
{
	const struct str_list *key = &op->driver->key;

	for (size_t i = 0; i < key->count; i++) {
		const struct value *v = value_get(&op->eval.properties, key->items[i]);

		if (v && !value_get(&op->observed, key->items[i]))
			value_set(op->arena, &op->observed, key->items[i], *v);
	}
}

struct step look_found(struct op *op)
{
	struct str owner;

	if (!attributes_complete(op))
		return op_fail(op, ERROR_NONE, NULL);
	key_observed(op);
	op->result.observed = observed_result(op);
	if (op->input.adopting) {
		if (!op->input.take_over && is_taken(op, &owner))
			return look_foreign(op, owner);
	} else if ((op->looking || is_another(op)) && !is_owned(op, &owner)) {
		return look_foreign(op, owner);
	}
	op->result.found = OP_FOUND;
	if (op->kind == OP_CREATE && op->met_wait) {
		const struct wait_rule *wait = op->met_wait;

		op->wait = wait;
		op->wait_since_ms = op->now_ms;
		op->wait_delay_ms = wait->every_ms;
		return op_send(op, SLOT_POLL, &wait->call);
	}
	return op_done(op);
}
