#include "hints.h"
#include "make.h"

#include "base/hash.h"

static struct str digest_of(struct arena *a, const struct review *review)
{
	struct sha256_stream stream;
	struct sha256 digest;
	struct arena scratch;
	struct buf b;

	arena_init(&scratch);
	sha256_begin(&stream);
	buf_init(&b, &scratch);
	render_json_head(&b, review, false);
	sha256_add(&stream, buf_str(&b));
	for (size_t i = 0; i < review->item_count; i++) {
		buf_truncate(&b, 0);
		render_json_item(&b, &review->items[review->by_address[i]], false);
		sha256_add(&stream, buf_str(&b));
	}
	digest = sha256_end(&stream);
	arena_release(&scratch);
	return hex_encode(a, digest.bytes, sizeof(digest.bytes));
}

/* By harm; within one, as the plan has them: by address. */
static void take_items(struct arena *a, struct review *out)
{
	const struct plan *plan = out->plan;
	size_t next[HARMS] = { 0 };
	struct review_item *items = arena_array(a, struct review_item, plan->action_count);

	for (uint32_t i = 0; i < plan->action_count; i++) {
		item_make(a, plan, i, &items[i]);
		if (items[i].harm > HARM_ACCESS && items[i].harm < HARM_STATE &&
		    map_has(&out->permissions.grave, items[i].address))
			items[i].harm = HARM_ACCESS;
		out->first[items[i].harm + 1]++;
	}
	for (int harm = 0; harm < HARMS; harm++) {
		next[harm] = out->first[harm];
		out->first[harm + 1] += out->first[harm];
	}
	out->item_count = plan->action_count;
	out->items = arena_array(a, struct review_item, plan->action_count);
	out->by_address = arena_array(a, uint32_t, plan->action_count);
	for (size_t i = 0; i < plan->action_count; i++) {
		size_t at = next[items[i].harm]++;

		out->items[at] = items[i];
		out->by_address[i] = (uint32_t)at;
	}
}

static void take_existing(struct arena *a, struct review *out)
{
	const struct plan *plan = out->plan;
	const struct model *model = plan->model;

	if (plan->destroy)
		return;
	out->existing_count = model->existing_count;
	out->existing = arena_array(a, struct review_existing, model->existing_count);
	for (uint32_t i = 0; i < model->existing_count; i++) {
		const struct existing *x = &model->existing[i];
		struct review_existing *e = &out->existing[i];

		*e = (struct review_existing){
			.name = x->name, .project = x->project, .stage = x->stage,
			.region = x->scope.region, .place = span_text(a, model->sources, x->span),
			.conflict = plan_existing_conflict(a, plan, i), .values = value_map(),
		};
		if (x->schema) {
			struct value key = plan_existing_key(a, plan, i);

			e->type = x->schema->type;
			e->key = value_without_leaks(a, &key);
		}
		for (size_t k = 0; k < x->use_count; k++) {
			struct value v = plan_existing_value(a, plan, i, x->uses[k].name);

			value_set(a, &e->values, x->uses[k].name, value_without_leaks(a, &v));
		}
	}
}

void review_make(struct arena *a, const struct plan *plan, struct review *out)
{
	const struct model *model = plan->model;

	*out = (struct review){
		.plan = plan, .project = model->project, .stage = model->stage,
		.region = model->scope.region, .offline = plan->offline, .destroy = plan->destroy,
		.targeted = plan->targeted, .resumed = plan->resumed,
		.asked_for = plan->asked_for, .added = plan->added, .left_out = plan->left_out,
		.new_stage = plan_is_of_new_stage(plan), .meant_stage = plan->meant_stage,
		.counts = plan->counts, .coverage = plan->coverage,
		.outputs = value_without_leaks(a, &plan->outputs),
	};
	permission_delta_make(a, plan, &out->permissions);
	take_items(a, out);
	take_existing(a, out);
	hints_take(a, out);
	policies_make(a, plan, out);
	out->digest = digest_of(a, out);
}
