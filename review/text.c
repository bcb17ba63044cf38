#include "render.h"

#define NAME_WIDTH_MOST 36		/* longer names push their line to the right */
#define VALUE_SHORT 48
#define VALUE_LONG 240
#define CHANGES_SHORT 4

struct look {
	const char *bold, *red, *yellow, *green, *dim, *end;
};
static const struct look plain = { "", "", "", "", "", "" };
static const struct look coloured = {
	"\033[1m", "\033[31m", "\033[33m", "\033[32m", "\033[2m", "\033[0m",
};

struct text {
	struct buf *out;
	const struct plan *plan;
	struct str digest;
	const struct look *look;
	struct arena *scratch;
	bool verbose;
	size_t name_width, type_width;
};

/* ---- one change ---- */

static void add_sensitive(struct text *t, const struct change *change)
{
	if (change->before.kind == VALUE_NULL)
		buf_add_c(t->out, " (set)");
	else if (change->after.kind == VALUE_NULL)
		buf_add_c(t->out, " (removed)");
	else
		buf_add_c(t->out, " (changed)");
}

static void add_change(struct text *t, const struct change *change)
{
	size_t limit = t->verbose ? VALUE_LONG : VALUE_SHORT;

	render_shown(t->out, change->path);
	if (change->sensitive) {
		add_sensitive(t, change);
	} else {
		render_difference(t->out, &change->before, &change->after, limit);
	}
	if (change->after.kind == VALUE_UNKNOWN && t->verbose) {
		buf_add_c(t->out, ": ");
		render_shown(t->out, change->after.unknown->reason);
	}
	if (change->drift)
		buf_add_c(t->out, " (changed outside)");
}

/* What forces a replacement comes first: it is what the line is about. */
static void add_changes_short(struct text *t, const struct action *act)
{
	size_t shown = 0;

	for (int forcing = 1; forcing >= 0; forcing--) {
		for (size_t i = 0; i < act->changes.count && shown < CHANGES_SHORT; i++) {
			if (act->changes.items[i].replaces != (forcing == 1))
				continue;
			if (shown++)
				buf_add_c(t->out, ", ");
			add_change(t, &act->changes.items[i]);
		}
	}
	if (act->changes.count > shown)
		buf_printf(t->out, ", and %zu more", act->changes.count - shown);
}

static void add_changes_long(struct text *t, const struct action *act)
{
	for (size_t i = 0; i < act->changes.count; i++) {
		buf_add_c(t->out, "\n        ");
		add_change(t, &act->changes.items[i]);
		if (act->changes.items[i].replaces) {
			buf_add_c(t->out, " (");
			render_shown(t->out, act->changes.items[i].rule);
			buf_add_c(t->out, ")");
		}
	}
}

static void add_properties(struct text *t, const struct action *act)
{
	struct value shown = plan_shown_properties(t->scratch, t->plan, act->want);

	for (uint32_t i = 0; i < shown.map.count; i++) {
		const struct member *member = shown.map.entries[i].value;

		buf_add_c(t->out, "\n        ");
		render_shown(t->out, shown.map.entries[i].key);
		buf_add_c(t->out, " = ");
		render_value(t->out, &member->value, VALUE_LONG);
	}
}

/* ---- one action ---- */

static const char *action_colour(const struct text *t, const struct action *act)
{
	if (act->kind == ACTION_CREATE)
		return t->look->green;
	if (act->kind == ACTION_DELETE || act->kind == ACTION_REPLACE)
		return t->look->red;
	return t->look->yellow;
}

static void add_reason(struct text *t, const struct action *act)
{
	buf_add_c(t->out, "\n      ");
	buf_add_c(t->out, t->look->dim);
	render_shown(t->out, act->reason);
	if (act->kind == ACTION_REPLACE && act->name.length && act->have &&
	    !str_equal(act->name, act->have->name)) {
		buf_add_c(t->out, "; its name becomes ");
		render_shown(t->out, act->name);
	}
	buf_add_c(t->out, t->look->end);
}

static bool tells_reason(const struct text *t, const struct action *act)
{
	if (!act->reason.length)
		return false;
	if (t->verbose || act->repair || act->kind == ACTION_REPLACE)
		return true;
	if (t->plan->destroy && act->kind == ACTION_DELETE)
		return false;
	/* An edit of the spec explains itself; deletions and what stands beside it do not. */
	return act->kind == ACTION_UPDATE ? act->changes.count == 0 : act->kind != ACTION_CREATE ||
	       act->have;
}

static void add_name(struct text *t, const struct action *act)
{
	struct buf name;

	buf_init(&name, t->scratch);
	render_shown(&name, render_label(t->scratch, t->plan, act));
	buf_printf(t->out, "  %s%-3s%s ", action_colour(t, act), render_symbol(act), t->look->end);
	buf_add(t->out, buf_str(&name));
	if (name.length < t->name_width)
		buf_add_repeat(t->out, ' ', t->name_width - name.length);
	buf_add_c(t->out, "  ");
}

static bool shows_changes(const struct text *t, const struct action *act)
{
	return act->changes.count && !t->verbose && act->kind != ACTION_CREATE;
}

static void add_type(struct text *t, const struct action *act, size_t width)
{
	size_t start = t->out->length;

	render_shown(t->out, render_type(t->plan, act));
	if (t->out->length - start < width)
		buf_add_repeat(t->out, ' ', width - (t->out->length - start));
}

/* next: the row below in its section; NULL: none.  A shared reason stands below the last. */
static bool shares_reason(const struct text *t, const struct action *act,
			  const struct action *next)
{
	return next && !t->verbose && act->kind == ACTION_DELETE && next->kind == ACTION_DELETE &&
	       !act->repair && str_equal(act->reason, next->reason);
}

static void add_action(struct text *t, const struct action *act, const struct action *next)
{
	struct str place = render_place(t->scratch, t->plan, act);
	struct str region = render_region(t->plan, act);
	bool placed = place.length && act->want != NO_RESOURCE;

	add_name(t, act);
	if (shows_changes(t, act))
		add_changes_short(t, act);
	else
		add_type(t, act, placed ? t->type_width : 0);
	if (placed) {
		buf_printf(t->out, "  %s", t->look->dim);
		render_shown(t->out, place);
		buf_add_c(t->out, t->look->end);
	}
	if (region.length) {
		buf_add_c(t->out, "  ");
		render_shown(t->out, region);
	}
	if (tells_reason(t, act) && !shares_reason(t, act, next))
		add_reason(t, act);
	if (t->verbose && act->kind == ACTION_CREATE)
		add_properties(t, act);
	else if (t->verbose)
		add_changes_long(t, act);
	buf_add_char(t->out, '\n');
}

/* ---- sections, by harm ---- */

enum section {
	SECTION_RISK, SECTION_REPLACE, SECTION_DELETE, SECTION_CHANGE, SECTION_STATE, SECTIONS,
};
static const char *const titles[] = {
	[SECTION_RISK] = "DATA AT RISK",
	[SECTION_REPLACE] = "REPLACE",
	[SECTION_DELETE] = "DELETE",
	[SECTION_CHANGE] = "CHANGE",
	[SECTION_STATE] = "STATE ONLY",
};

static enum section section_of(const struct text *t, const struct action *act)
{
	if (render_risk(t->plan, act) != GUARD_NONE)
		return SECTION_RISK;
	switch (act->kind) {
	case ACTION_REPLACE:
		return SECTION_REPLACE;
	case ACTION_DELETE:
	case ACTION_COLLECT:
		return SECTION_DELETE;
	case ACTION_METADATA:
	case ACTION_FORGET:
		return SECTION_STATE;
	case ACTION_CREATE:
	case ACTION_UPDATE:
	case ACTION_NONE:
		break;
	}
	return SECTION_CHANGE;
}

static void add_section(struct text *t, const enum section *sections, enum section section)
{
	const struct action *last = NULL;

	for (size_t i = 0; i < t->plan->action_count; i++) {
		if (sections[i] != section)
			continue;
		if (last)
			add_action(t, last, &t->plan->actions[i]);
		else
			buf_printf(t->out, "\n  %s%s%s\n", t->look->bold, titles[section],
				   t->look->end);
		last = &t->plan->actions[i];
	}
	if (last)
		add_action(t, last, NULL);
}

static void add_sections(struct text *t)
{
	enum section *sections = arena_array(t->scratch, enum section, t->plan->action_count);

	for (size_t i = 0; i < t->plan->action_count; i++)
		sections[i] = section_of(t, &t->plan->actions[i]);
	for (int section = 0; section < SECTIONS; section++)
		add_section(t, sections, (enum section)section);
}

/* ---- what stands around them ---- */

static void add_count(struct text *t, size_t count, const char *what, bool *any)
{
	if (!count)
		return;
	buf_printf(t->out, "%s%zu %s", *any ? ", " : "", count, what);
	*any = true;
}

static void add_header(struct text *t)
{
	const struct plan *plan = t->plan;
	const struct plan_counts *c = &plan->counts;
	bool any = false;

	buf_add_c(t->out, t->look->bold);
	render_shown(t->out, plan->model->project);
	buf_add_char(t->out, '/');
	render_shown(t->out, plan->model->stage);
	buf_printf(t->out, "%s  %s", t->look->end, plan->destroy ? "destroy: " : "");
	add_count(t, c->replace, "to replace", &any);
	add_count(t, c->delete, "to delete", &any);
	add_count(t, c->update, "to update", &any);
	add_count(t, c->create, "to create", &any);
	add_count(t, c->collect, "to clean up", &any);
	add_count(t, c->metadata, "in the state only", &any);
	add_count(t, c->forget, "to forget", &any);
	add_count(t, c->unchanged, "unchanged", &any);
	if (!plan->action_count)
		buf_printf(t->out, "%snothing to do", any ? ", " : "");
	buf_printf(t->out, "   plan %.*s\n", STR_ARG(str_slice(t->digest, 0, 8)));
	if (plan->offline)
		buf_add_c(t->out, "not compared with what is live\n");
	if (!plan_is_of_new_stage(plan))
		return;
	buf_add_c(t->out, "new stage '");
	render_shown(t->out, plan->model->stage);
	buf_add_c(t->out, "': everything will be created");
	if (plan->meant_stage.length)
		buf_printf(t->out, " (did you mean '%.*s'?)", STR_ARG(plan->meant_stage));
	buf_add_char(t->out, '\n');
}

/* What the plan took from things that others made. */
static void add_existing(struct text *t)
{
	const struct model *model = t->plan->model;

	if (!model->existing_count || t->plan->destroy)
		return;
	buf_printf(t->out, "\n%sread, never changed%s\n", t->look->bold, t->look->end);
	for (uint32_t i = 0; i < model->existing_count; i++) {
		const struct existing *x = &model->existing[i];

		buf_add_c(t->out, "    ");
		render_shown(t->out, x->name);
		buf_add_c(t->out, "  ");
		if (x->schema)
			render_shown(t->out, x->schema->type);
		else
			buf_printf(t->out, "outputs of %.*s/%.*s", STR_ARG(x->project),
				   STR_ARG(x->stage));
		for (size_t k = 0; k < x->use_count; k++) {
			struct value v = plan_existing_value(t->scratch, t->plan, i,
							     x->uses[k].name);

			buf_add_c(t->out, k ? ", " : "  ");
			render_shown(t->out, x->uses[k].name);
			buf_add_c(t->out, " = ");
			if (v.kind == VALUE_UNKNOWN)
				buf_add_c(t->out, "(not read)");
			else
				render_value(t->out, &v, t->verbose ? VALUE_LONG : VALUE_SHORT);
		}
		buf_add_char(t->out, '\n');
	}
}

static void add_conflict(struct text *t, struct str label, struct str why)
{
	buf_printf(t->out, "\n%sconflict:%s ", t->look->red, t->look->end);
	render_shown(t->out, label);
	buf_add_c(t->out, ": ");
	render_shown(t->out, why);
	buf_add_char(t->out, '\n');
}

static void add_conflicts(struct text *t)
{
	for (size_t i = 0; i < t->plan->action_count; i++) {
		const struct action *act = &t->plan->actions[i];

		if (act->conflict.length)
			add_conflict(t, render_label(t->scratch, t->plan, act), act->conflict);
	}
	for (uint32_t i = 0; i < t->plan->model->existing_count; i++) {
		struct str why = plan_existing_conflict(t->scratch, t->plan, i);

		if (why.length)
			add_conflict(t, str_format(t->scratch, "existing '%.*s'",
				     STR_ARG(t->plan->model->existing[i].name)), why);
	}
}

/* As a shell takes it: an address with a key has quotes in it. */
static void add_argument(struct buf *out, struct str address)
{
	const char *quote = str_index(address, '\'') < address.length ? "\"" : "";

	buf_add_c(out, quote);
	render_shown(out, address);
	buf_add_c(out, quote);
}

static void add_blocked(struct text *t)
{
	for (size_t i = 0; i < t->plan->action_count; i++) {
		const struct action *act = &t->plan->actions[i];

		if (act->blocked == GUARD_NONE)
			continue;
		buf_printf(t->out, "\n%sblocked:%s ", t->look->red, t->look->end);
		render_shown(t->out, render_label(t->scratch, t->plan, act));
		buf_add_c(t->out, act->blocked == GUARD_SOFT ? " holds messages" :
			  " is protected because it holds data");
		buf_add_c(t->out, "\n  allow once: --allow-data-loss ");
		add_argument(t->out, act->address);
		buf_add_char(t->out, '\n');
	}
}

/* The columns are as wide as their longest text, up to a limit. */
static void measure(struct text *t)
{
	for (size_t i = 0; i < t->plan->action_count; i++) {
		const struct action *act = &t->plan->actions[i];
		size_t name = render_label(t->scratch, t->plan, act).length;
		size_t type = render_type(t->plan, act).length;

		if (name > t->name_width && name <= NAME_WIDTH_MOST)
			t->name_width = name;
		if (type > t->type_width && type <= NAME_WIDTH_MOST && !shows_changes(t, act))
			t->type_width = type;
	}
}

void review_print_text(struct buf *out, const struct review *review, bool colour, bool verbose)
{
	struct arena scratch;
	struct text t = {
		.out = out, .plan = review->plan, .digest = review->digest,
		.look = colour ? &coloured : &plain,
		.scratch = &scratch, .verbose = verbose,
	};

	arena_init(&scratch);
	measure(&t);
	add_header(&t);
	add_sections(&t);
	add_existing(&t);
	add_conflicts(&t);
	add_blocked(&t);
	arena_release(&scratch);
}
