#include "make.h"
#include "render.h"

/* What the rules of [policy] say of a plan, rule by rule. */

/* The verdicts of one rule, which stand beside each other. */
static void take_rule(struct arena *a, const struct plan *plan, const struct verdict *verdicts,
		      size_t count, struct review_policy *out)
{
	const struct rule *rule = &plan->model->rules[verdicts->rule];
	struct str place = { 0 };

	if (plan->model->sources)
		place = span_text(a, plan->model->sources, rule->span);
	*out = (struct review_policy){
		.name = rule->name, .message = rule->message, .denies = !rule->warns,
		.place = str_slice(place, 0, str_last_index(place, ':')),
		.hits = arena_array(a, struct review_hit, count), .hit_count = count,
	};
	for (size_t i = 0; i < count; i++) {
		const struct action *act = &plan->actions[verdicts[i].action];

		out->hits[i] = (struct review_hit){
			.address = act->address, .label = render_label(a, plan, act),
			.kind = act->kind, .path = verdicts[i].path,
		};
	}
}

static void take_rules(struct arena *a, const struct plan *plan, bool warns, struct review *out)
{
	size_t count;

	for (size_t i = 0; i < plan->verdict_count; i += count) {
		const struct verdict *first = &plan->verdicts[i];

		for (count = 1; i + count < plan->verdict_count &&
				first[count].rule == first->rule; count++)
			;
		if (plan->model->rules[first->rule].warns == warns)
			take_rule(a, plan, first, count, &out->policies[out->policy_count++]);
	}
}

void policies_make(struct arena *a, const struct plan *plan, struct review *out)
{
	if (!plan->verdict_count)
		return;
	out->policies = arena_array(a, struct review_policy, plan->model->rule_count);
	take_rules(a, plan, false, out);
	out->denying = out->policy_count;
	take_rules(a, plan, true, out);
}
