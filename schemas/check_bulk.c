#include "driver_check.h"

/* What a step's `out` looks into stands in an item under the same names. */
static void as_check(struct checker *c, const struct driver_bulk *bulk,
		     const struct wire_operation *step)
{
	const struct wire_member *member = NULL;

	if (step && step->output)
		member = map_get(&step->output->members, bulk->as);
	if (!member || !c->reply || !str_equal(member->shape->name, c->reply->name))
		diag_error(c->d, bulk->span, "'as': no item is a '%.*s' of the reply to %.*s",
			   STR_ARG(bulk->as), STR_ARG(bulk->instead[0].operation));
}

static void keys_check(struct checker *c, const struct driver_bulk *bulk)
{
	struct term_type text = type_rough(ROUGH_TEXT), given = term_type(c, &bulk->key);

	type_fits(c, &given, &text, "what is matched with", STR("match"), bulk->key.span);
	given = term_type(c, &bulk->item_key);
	type_fits(c, &given, &text, "key of an item", STR("match"), bulk->item_key.span);
}

static void member_exists(struct checker *c, const struct driver_bulk *bulk,
			  const struct wire_operation *o, struct str name)
{
	if (name.length && o && (!o->input || !map_has(&o->input->members, name)))
		diag_error(c->d, bulk->span, "%.*s has no member '%.*s'",
			   STR_ARG(bulk->call.operation), STR_ARG(name));
}

void bulk_check(struct checker *c, const struct driver_bulk *bulk)
{
	const struct wire_service *own = c->wire;
	const struct wire_operation *replaced = NULL;
	struct term_type items;

	c->step = NULL;
	c->reply = NULL;
	c->reply_any = false;
	for (size_t i = 0; i < bulk->instead_count; i++)
		check_paths(c, &bulk->instead[i].except, "instead", bulk->span);
	check_paths(c, &bulk->props, "props", bulk->span);
	if (bulk->instead_count)
		replaced = wire_operation_find(own, bulk->instead[0].operation);
	c->wire = schemas_wire(c->all, bulk->api);
	if (!c->wire) {
		diag_error(c->d, bulk->span, "there are no wire facts of service '%.*s'",
			   STR_ARG(bulk->api));
		c->wire = own;
		return;
	}
	c->filled = bulk->batch;
	call_check(c, &bulk->call);
	c->filled = (struct str){ 0 };
	member_exists(c, bulk, wire_operation_find(c->wire, bulk->call.operation), bulk->batch);
	member_exists(c, bulk, wire_operation_find(c->wire, bulk->call.operation), bulk->prefix);
	c->reading = true;
	items = term_type(c, &bulk->items);
	c->reply = items.rough == ROUGH_LIST && items.wire ? items.wire->item->shape : NULL;
	c->reply_any = !c->reply;
	keys_check(c, bulk);
	if (bulk->as.length) {
		as_check(c, bulk, replaced);
	} else {
		outs_check(c, &bulk->call.out);
		facts_check(c, &bulk->facts);
	}
	c->wire = own;
}
