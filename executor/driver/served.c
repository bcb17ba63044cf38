#include "machine.h"
#include "pages.h"

static bool is_there(const struct value *map, struct str name)
{
	const struct value *v = map->kind == VALUE_MAP ? value_get(map, name) : NULL;

	return v && v->kind != VALUE_NULL;
}

bool property_is_managed(const struct op_input *input, struct str name)
{
	return is_there(&input->properties, name) || is_there(&input->previous, name) ||
	       str_list_has(&input->also, name);
}

bool read_is_wanted(const struct op_input *input, const struct driver_step *step)
{
	bool wanted = !step->props.count, known = step->learns.count > 0;

	if (input->at_risk || step->risk)
		return input->at_risk && step->risk;
	for (size_t i = 0; i < step->props.count && !wanted; i++)
		wanted = property_is_managed(input, step->props.items[i]);
	for (size_t i = 0; i < step->learns.count; i++)
		known = known && is_there(&input->attributes, step->learns.items[i]);
	return wanted && !known;
}

static void add_unread(struct arena *a, const struct op_input *input,
		       const struct str_list *props, struct name_vec *out)
{
	for (size_t i = 0; i < props->count; i++) {
		bool have = property_is_managed(input, props->items[i]);

		for (size_t k = 0; k < out->count && !have; k++)
			have = str_equal(out->items[k], props->items[i]);
		if (!have)
			*vec_push(a, out) = props->items[i];
	}
}

void bulk_unread(struct arena *a, const struct op_input *input, struct name_vec *out)
{
	const struct driver_steps *steps = input->driver->steps;

	for (size_t i = 0; i < steps->read.count; i++) {
		if (!read_is_wanted(input, &steps->read.items[i]))
			add_unread(a, input, &steps->read.items[i].props, out);
	}
	for (size_t i = 0; i < steps->bulk_count; i++) {
		for (size_t k = 0; k < steps->bulks[i].instead_count; k++)
			add_unread(a, input, &steps->bulks[i].instead[k].except, out);
	}
}

/* Its item, read once. */
static bool take(struct op *op, size_t i)
{
	const struct served *s = &op->input.served[i];

	if (op->served_taken & (UINT32_C(1) << i))
		return true;
	op->served_taken |= UINT32_C(1) << i;
	op->eval.reply = s->item;
	if (s->bulk->as.length) {
		op->eval.reply = value_map();
		value_set(op->arena, &op->eval.reply, s->bulk->as, s->item);
	}
	return outs_take(op, &s->bulk->call.out) && facts_take(op, &s->bulk->facts);
}

/* What an item does not tell must not be asked for, or another one tells it. */
static bool excepted(struct op *op, const struct str_list *except, uint32_t *others)
{
	for (size_t i = 0; i < except->count; i++) {
		bool told = !property_is_managed(&op->input, except->items[i]);

		for (size_t k = 0; k < op->input.served_count && !told; k++) {
			told = str_list_has(&op->input.served[k].bulk->props, except->items[i]);
			if (told)
				*others |= UINT32_C(1) << k;
		}
		if (!told)
			return true;
	}
	return false;
}

static const struct driver_instead *instead_of(const struct driver_bulk *bulk, struct str operation)
{
	for (size_t i = 0; i < bulk->instead_count; i++) {
		if (str_equal(bulk->instead[i].operation, operation))
			return &bulk->instead[i];
	}
	return NULL;
}

bool step_is_served(struct op *op, const struct driver_step *step)
{
	CHECK(op->input.served_count <= SERVED_MOST);
	for (size_t i = 0; i < op->input.served_count; i++) {
		const struct driver_instead *instead =
			instead_of(op->input.served[i].bulk, step->call.operation);
		uint32_t others = 0;
		bool taken;

		if (!instead || excepted(op, &instead->except, &others))
			continue;
		taken = take(op, i);
		for (size_t k = 0; k < op->input.served_count && taken; k++) {
			if (others & (UINT32_C(1) << k))
				taken = take(op, k);
		}
		if (taken) {
			op->result.served = true;
			return true;
		}
		/* Items that cannot be read are no reason to fail: everything is asked directly. */
		op->input.served_count = 0;
		*op->eval.err = (struct error){ 0 };
	}
	return false;
}
