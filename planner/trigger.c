#include "work.h"

#include "base/hash.h"
#include "base/json.h"

/*
 * replace_when: values that belong to the life of a thing.  The state keeps a
 * digest of each; when one is another than it was, the thing is replaced.
 */
#define DIGEST_BYTES (TRIGGER_DIGITS / 2)

static struct str digest_of(struct arena *a, const struct value *v)
{
	struct sha256 digest = sha256_of(json_text_canonical(a, v));

	return hex_encode(a, digest.bytes, DIGEST_BYTES);
}

bool plan_triggers(struct arena *a, const struct plan *plan, uint32_t resource,
		   const struct attribute_source *source, struct str_list *out, struct diags *d)
{
	const struct lifecycle *life = plan->model->resources[resource].lifecycle;
	bool known = true;
	struct value list;

	*out = (struct str_list){ 0 };
	if (!life || life->replace_when.kind != VALUE_LIST)
		return true;
	list = resource_evaluate(a, plan, resource, source, &life->replace_when, d);
	if (list.kind != VALUE_LIST)
		return false;
	out->items = arena_array(a, struct str, list.list.count);
	for (size_t i = 0; i < list.list.count; i++) {
		const struct value *v = &list.list.items[i];

		/* Empty: not known yet. */
		if (value_has_unknown(v))
			known = false;
		else
			out->items[i] = digest_of(a, v);
		if (v->marks & VALUE_SECRET && d) {
			diag_error(d, v->span, "'replace_when' keeps a digest in the state, and "
				   "this value is secret");
			diag_sensitive(d);
		}
	}
	out->count = list.list.count;
	return known;
}

void triggers_resolve(struct work *w, uint32_t i)
{
	struct resolved *resolved = &w->plan->resolved[i];
	struct attribute_source source = work_source(w);

	resolved->triggers_open = !plan_triggers(w->arena, w->plan, i, &source,
						 &resolved->triggers, w->diags);
}

/* Another one than at the last apply, or one that this apply may change; else SIZE_MAX. */
static size_t changed_trigger(const struct resolved *resolved)
{
	const struct str_list *was = &resolved->row->triggers, *is = &resolved->triggers;

	/* A list of another length says nothing of the values that it had. */
	if (was->count != is->count)
		return SIZE_MAX;
	for (size_t i = 0; i < is->count; i++) {
		if (!str_equal(was->items[i], is->items[i]))
			return i;
	}
	return SIZE_MAX;
}

bool forced_by_trigger(struct work *w, uint32_t i)
{
	const struct resolved *resolved = &w->plan->resolved[i];
	struct action *act = &w->decided[i].action;
	size_t at = changed_trigger(resolved);
	const struct value *written;
	struct value shown;

	if (at == SIZE_MAX)
		return false;
	written = &w->model->resources[i].lifecycle->replace_when.list.items[at];
	shown = model_value(&w->scratch, w->model, written);
	act->reason = str_format(w->arena, "'replace_when' names %.*s, which %s",
				 STR_ARG(shown.kind == VALUE_STRING ? shown.string :
					 json_text(&w->scratch, &shown)),
				 resolved->triggers.items[at].length ? "changed" :
				 "changes with this apply");
	return true;
}

bool triggers_differ(const struct resolved *resolved)
{
	const struct str_list *was = &resolved->row->triggers, *is = &resolved->triggers;

	return was->count != is->count || resolved->triggers_open ||
	       changed_trigger(resolved) != SIZE_MAX;
}
