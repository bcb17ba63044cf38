#include "work.h"

/*
 * The rules of [policy]: pure, over the actions of a plan.  A rule is about what a plan does:
 * of a create what is set, of an update what changes, of a replacement both.  A value that is
 * known only while applying is no value yet.
 */
struct judging {
	struct work *w;
	const struct rule *rule;
	const struct action *act;
	struct buf path;
	struct str found;		/* the first property that it is for */
};

static bool matches_any(const struct str_list *globs, struct str text)
{
	for (size_t i = 0; i < globs->count; i++) {
		if (str_matches(globs->items[i], text))
			return true;
	}
	return !globs->count;
}

/* What is replaced is deleted too. */
static bool fits_action(const struct rule *rule, enum action_kind kind)
{
	return !rule->actions.count ||
	       str_list_has(&rule->actions, str_from_c(action_kind_name(kind))) ||
	       (kind == ACTION_REPLACE && str_list_has(&rule->actions, STR("delete")));
}

static bool fits_address(const struct rule *rule, struct str address)
{
	if (!str_starts(address, rule->within))
		return false;
	return matches_any(&rule->addresses,
			   str_slice(address, rule->within.length, address.length));
}

static struct str type_of(const struct work *w, const struct action *act)
{
	return act->want == NO_RESOURCE ? act->have->type :
	       w->model->resources[act->want].schema->type;
}

/* ---- properties ---- */

static bool fits_value(const struct rule *rule, const struct value *v)
{
	if (!rule->values.list.count)
		return true;
	if (v->marks & VALUE_SECRET)
		return false;
	for (size_t i = 0; i < rule->values.list.count; i++) {
		if (value_equal(&rule->values.list.items[i], v))
			return true;
	}
	return false;
}

static bool look(struct judging *j, const struct value *v);

static bool look_below(struct judging *j, const struct value *v)
{
	size_t length = j->path.length;
	bool found = false;

	for (uint32_t i = 0; v->kind == VALUE_MAP && !found && i < v->map.count; i++) {
		const struct member *member = v->map.entries[i].value;

		buf_printf(&j->path, "%s%.*s", length ? "." : "", STR_ARG(v->map.entries[i].key));
		found = look(j, &member->value);
		buf_truncate(&j->path, length);
	}
	for (size_t i = 0; v->kind == VALUE_LIST && !found && i < v->list.count; i++) {
		buf_add_c(&j->path, "[]");
		found = look(j, &v->list.items[i]);
		buf_truncate(&j->path, length);
	}
	return found;
}

/* Whether a property at or below the path is one that the rule is for. */
static bool look(struct judging *j, const struct value *v)
{
	if ((v->kind == VALUE_MAP && v->map.count) || (v->kind == VALUE_LIST && v->list.count))
		return look_below(j, v);
	if (!path_list_fits(&j->rule->properties, buf_str(&j->path), true) ||
	    !fits_value(j->rule, v))
		return false;
	j->found = str_copy(j->w->arena, buf_str(&j->path));
	return true;
}

static bool look_at(struct judging *j, struct str path, const struct value *v)
{
	buf_truncate(&j->path, 0);
	buf_add(&j->path, path);
	return look(j, v);
}

static bool fits_property(struct judging *j)
{
	const struct action *act = j->act;
	bool made = act->kind == ACTION_CREATE;

	if (!j->rule->properties.count)
		return true;
	for (size_t i = 0; i < act->changes.count; i++) {
		const struct change *change = &act->changes.items[i];
		bool goes = change->after.kind == VALUE_NULL;

		if (!goes && look_at(j, change->path, &change->after))
			return true;
		/* What goes has no value that a rule could be for. */
		if (goes && !j->rule->values.list.count &&
		    look_at(j, change->path, &change->before))
			return true;
	}
	/* A replacement sets all of it again: what it is matters, not that it is set. */
	if (act->want == NO_RESOURCE ||
	    !(made || (act->kind == ACTION_REPLACE && j->rule->values.list.count)))
		return false;
	return look_at(j, (struct str){ 0 }, &j->w->plan->resolved[act->want].properties);
}

/* ---- verdicts ---- */

static bool falls_under(struct judging *j)
{
	j->found = (struct str){ 0 };
	return fits_action(j->rule, j->act->kind) &&
	       matches_any(&j->rule->types, type_of(j->w, j->act)) &&
	       fits_address(j->rule, j->act->address) && fits_property(j);
}

void work_judge(struct work *w)
{
	struct plan *plan = w->plan;
	VEC(struct verdict) verdicts = { 0 };
	struct judging j = { .w = w };

	if (w->options->draft)
		return;
	buf_init(&j.path, &w->scratch);
	for (uint32_t r = 0; r < w->model->rule_count; r++) {
		j.rule = &w->model->rules[r];
		for (uint32_t i = 0; i < plan->action_count; i++) {
			j.act = &plan->actions[i];
			if (!falls_under(&j))
				continue;
			*vec_push(w->arena, &verdicts) = (struct verdict){ r, i, j.found };
			plan->denied += !j.rule->warns;
		}
	}
	plan->verdicts = verdicts.items;
	plan->verdict_count = verdicts.count;
}
