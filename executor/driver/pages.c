#include "pages.h"

#include "machine.h"
#include "path.h"

#define SLACK_PART 10			/* pages in vain, of what reading each would cost */

/* What no bulk of the driver tells, and the spec manages: the step is made all the same. */
static bool is_made(const struct op_input *input, const struct driver_instead *instead)
{
	const struct driver_steps *steps = input->driver->steps;

	for (size_t i = 0; i < instead->except.count; i++) {
		bool told = !property_is_managed(input, instead->except.items[i]);

		for (size_t k = 0; k < steps->bulk_count && !told; k++)
			told = str_list_has(&steps->bulks[k].props, instead->except.items[i]);
		if (!told)
			return true;
	}
	return false;
}

size_t bulk_saves(const struct op_input *input, const struct driver_bulk *bulk)
{
	const struct driver_steps *steps = input->driver->steps;
	size_t saves = 0;
	bool wanted = !bulk->props.count;

	for (size_t i = 0; i < bulk->props.count; i++)
		wanted = wanted || property_is_managed(input, bulk->props.items[i]);
	for (size_t i = 0; wanted && i < steps->read.count; i++) {
		const struct driver_step *step = &steps->read.items[i];

		if (!read_is_wanted(input, step))
			continue;
		for (size_t k = 0; k < bulk->instead_count; k++)
			if (str_equal(bulk->instead[k].operation, step->call.operation) &&
			    !is_made(input, &bulk->instead[k]))
				saves += step->nested ? 2 : 1;
	}
	/* What another bulk leaves out is worth the call that it would not save alone. */
	return wanted && !bulk->instead_count ? 1 : saves;
}

static bool create_refuses(const struct driver_steps *steps)
{
	for (size_t i = 0; i < steps->create.count; i++)
		if (steps->create.items[i].call.exists.count)
			return true;
	return false;
}

bool bulk_tells_absence(const struct op_input *input, const struct driver_bulk *bulk)
{
	const struct driver_steps *steps = input->driver->steps;

	if (!str_equal(bulk->api, input->driver->api) || bulk->props.count || steps->list ||
	    !input->driver->key_is_chosen || !create_refuses(steps) || !steps->read.count)
		return false;
	for (size_t k = 0; k < bulk->instead_count; k++)
		if (str_equal(bulk->instead[k].operation, steps->read.items[0].call.operation))
			return true;
	return false;
}

bool bulk_ask(struct arena *a, const struct op_input *input, const struct driver_bulk *bulk,
	      struct bulk_ask *out)
{
	struct op *op = op_new(a, OP_READ, input);
	struct value key;

	if (eval_term(&op->eval, &bulk->key, &key) != EVAL_VALUE || key.kind != VALUE_STRING)
		return false;
	out->key = key.string;
	out->input = value_map();
	for (size_t i = 0; i < bulk->call.in.count; i++) {
		struct value v;

		if (eval_term(&op->eval, &bulk->call.in.items[i], &v) != EVAL_VALUE)
			return false;
		value_set(a, &out->input, bulk->call.in.names[i], v);
	}
	return !value_has_unknown(&out->input);
}

/* ---- asking ---- */

static struct str common_prefix(const struct pages *p)
{
	struct str prefix = p->members[0].key;

	for (size_t i = 1; i < p->count; i++) {
		struct str key = p->members[i].key;
		size_t n = 0;

		while (n < prefix.length && n < key.length && prefix.data[n] == key.data[n])
			n++;
		prefix = str_slice(prefix, 0, n);
	}
	return prefix;
}

static void begin(struct pages *p, struct arena *a)
{
	struct value keys = value_list(NULL, 0);

	p->begun = true;
	p->asked = value_shallow(a, &p->input);
	for (size_t i = 0; i < p->count; i++) {
		struct page_member *m = &p->members[i], *same = map_get(&p->by_key, m->key);

		p->total += m->saves;
		m->next = same;
		*map_put(a, &p->by_key, m->key) = m;
		if (!same)
			value_append(a, &keys, value_string(m->key));
	}
	if (p->bulk->batch.length)
		value_set(a, &p->asked, p->bulk->batch, keys);
	if (p->bulk->prefix.length && common_prefix(p).length)
		value_set(a, &p->asked, p->bulk->prefix, value_string(common_prefix(p)));
}

static struct step ask(struct pages *p, struct arena *a)
{
	struct step step = { .kind = STEP_SEND, .note = p->bulk->call.operation };

	step.call = (struct call){
		.service = p->bulk->api, .operation = p->bulk->call.operation,
		.input = value_shallow(a, &p->asked), .scope = p->scope,
	};
	if (p->token.length)
		value_set(a, &step.call.input, p->bulk->call.page_in, value_string(p->token));
	p->pages++;
	return step;
}

/* ---- what comes back ---- */

static void take(struct pages *p, struct eval *e, const struct value *item)
{
	struct value key;
	struct page_member *m;

	e->reply = *item;
	if (eval_term(e, &p->bulk->item_key, &key) != EVAL_VALUE || key.kind != VALUE_STRING)
		return;
	for (m = map_get(&p->by_key, key.string); m && !m->found; m = m->next) {
		m->found = true;
		m->item = value_copy(p->keep, item);
		p->found++;
		p->saved += m->saves;
	}
}

static bool take_all(struct pages *p, struct arena *a, const struct value *body)
{
	struct error err = { 0 };
	struct eval e = {
		.arena = a, .driver = p->driver, .scope = p->scope, .reading = true,
		.properties = value_map(), .old = value_map(), .attributes = value_map(),
		.changed = value_map(), .clear = value_map(), .reply = *body, .err = &err,
	};
	struct value items;

	if (eval_term(&e, &p->bulk->items, &items) != EVAL_VALUE || items.kind != VALUE_LIST)
		return false;
	for (size_t i = 0; i < items.list.count; i++)
		take(p, &e, &items.list.items[i]);
	return true;
}

/* True if there is one, and it is worth its call. */
static bool next_page(struct pages *p, struct arena *a, const struct value *body)
{
	struct value token;

	p->complete = !p->bulk->call.page_in.length ||
		      !path_get(a, body, &p->bulk->call.page_out, 0, &token) ||
		      (token.kind == VALUE_STRING && !token.string.length);
	if (p->complete || p->found == p->count || p->pages >= OP_PAGE_LIMIT ||
	    token.kind != VALUE_STRING || str_equal(token.string, p->token))
		return false;
	p->token = token.string;
	return p->pages <= p->saved + p->total / SLACK_PART;
}

struct step pages_next(struct pages *p, struct arena *a, const struct reply *last)
{
	const struct step done = { .kind = STEP_DONE };

	if (!p->begun)
		begin(p, a);
	if (!last)
		return ask(p, a);
	if (last->class != REPLY_OK || last->body.kind != VALUE_MAP ||
	    !take_all(p, a, &last->body) || !next_page(p, a, &last->body))
		return done;
	return ask(p, a);
}
