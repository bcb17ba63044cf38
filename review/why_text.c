#include "why.h"

#include "render.h"

#define COLUMN 11			/* where what is said of a title begins */
#define VALUE_LIMIT 160

struct why_text {
	struct buf *out;
	struct arena *scratch;
	const struct why *why;
	const char *bold, *dim, *end;
	bool titled;			/* the title of this group stands already */
};

/* Begins a line: with the title where it is the first of its group. */
static void begin(struct why_text *t, const char *title)
{
	size_t used = t->titled ? 0 : strlen(title);

	buf_add_c(t->out, "  ");
	if (!t->titled)
		buf_printf(t->out, "%s%s%s", t->dim, title, t->end);
	buf_add_repeat(t->out, ' ', used + 1 < COLUMN ? COLUMN - used : 1);
	t->titled = true;
}

static void add_line(struct why_text *t, const char *title, struct str text)
{
	if (!text.length)
		return;
	t->titled = false;
	begin(t, title);
	render_shown(t->out, text);
	buf_add_char(t->out, '\n');
}

static void add_quoted(struct why_text *t, const char *what, struct str name)
{
	if (!name.length)
		return;
	buf_printf(t->out, "%s '", what);
	render_shown(t->out, name);
	buf_add_char(t->out, '\'');
}

static void add_origin(struct why_text *t)
{
	const struct why *why = t->why;
	bool gone = why->act.want == NO_RESOURCE;

	t->titled = false;
	begin(t, "from");
	if (gone)
		buf_add_c(t->out, "the state alone; it stood at ");
	render_shown(t->out, why->place.length ? why->place : STR("no line of the spec"));
	add_quoted(t, ", part", why->part);
	if (why->block.length) {
		buf_add_c(t->out, why->part.length ? " of [" : ", [");
		render_shown(t->out, why->block);
		buf_add_char(t->out, ']');
	} else if (why->part.length) {
		buf_add_c(t->out, ", shared by the blocks that need it");
	}
	add_quoted(t, ", copy", why->key);
	add_quoted(t, ", in module", why->module);
	buf_add_char(t->out, '\n');
}

static void add_name(struct why_text *t)
{
	const struct action *act = &t->why->act;

	add_line(t, "name", act->name.length ? act->name :
		 act->have ? act->have->name : (struct str){ 0 });
	if (act->kind == ACTION_REPLACE && act->have && !str_equal(act->have->name, act->name))
		add_line(t, "was", act->have->name);
	add_line(t, "id", t->why->identifier);
	add_line(t, "region", render_region(t->why->plan, act));
}

/* Where its new value is written. */
static struct str change_place(struct why_text *t, struct str path)
{
	const struct change_vec *changes = &t->why->act.changes;
	const struct sources *sources = t->why->plan->model->sources;

	for (size_t i = 0; sources && i < changes->count; i++) {
		if (str_equal(changes->items[i].path, path))
			return span_text(t->scratch, sources, changes->items[i].span);
	}
	return (struct str){ 0 };
}

static void add_place(struct why_text *t, struct str place)
{
	if (!place.length)
		return;
	buf_printf(t->out, "  %s", t->dim);
	render_shown(t->out, place);
	buf_add_c(t->out, t->end);
}

static void add_change(struct why_text *t, const struct review_change *change)
{
	begin(t, "");
	buf_add_c(t->out, "  ");
	render_change(t->out, change, VALUE_LIMIT);
	if (change->forces) {
		buf_add_c(t->out, ": ");
		render_shown(t->out, change->rule);
	}
	add_place(t, change_place(t, change->path));
	buf_add_char(t->out, '\n');
}

static void add_reason(struct why_text *t)
{
	const struct review_item *item = t->why->item;

	t->titled = false;
	begin(t, "why");
	if (!item) {
		buf_add_c(t->out, t->why->plan->offline ?
			  "the spec says what was applied\n" :
			  "the spec says what was applied, and so does what is live\n");
		return;
	}
	render_shown(t->out, item->reason);
	buf_add_char(t->out, '\n');
	for (size_t i = 0; i < item->change_count; i++)
		add_change(t, &item->changes[i]);
	add_line(t, "renamed", item->renamed_from);
	add_line(t, "order", item->order);
	add_line(t, "loses", item->loss);
	add_line(t, "instead", item->remedy);
}

static void add_causes(struct why_text *t)
{
	t->titled = false;
	for (size_t i = 0; i < t->why->causes.count; i++) {
		const struct why_cause *cause = &t->why->causes.items[i];

		begin(t, "because");
		render_shown(t->out, cause->label);
		buf_add_c(t->out, " is replaced: ");
		render_shown(t->out, cause->reason);
		add_place(t, cause->place);
		buf_add_char(t->out, '\n');
	}
}

static void add_guard(struct why_text *t)
{
	const struct why *why = t->why;

	t->titled = false;
	begin(t, "guard");
	buf_printf(t->out, "%.*s: %.*s\n", STR_ARG(why->guard), STR_ARG(why->guard_reason));
	if (why->act.blocked != GUARD_NONE) {
		begin(t, "");
		buf_add_c(t->out, "it blocks the apply: --allow-data-loss ");
		render_shown(t->out, why->act.address);
		buf_add_c(t->out, " allows it once\n");
	}
	add_line(t, "conflict", why->act.conflict);
}

static void add_links(struct why_text *t, const char *title, const struct why_links *links)
{
	t->titled = false;
	for (size_t i = 0; i < links->count; i++) {
		const struct why_link *link = &links->items[i];

		begin(t, title);
		render_shown(t->out, link->label);
		if (!str_equal_c(link->action, "none"))
			buf_printf(t->out, " (%.*s)", STR_ARG(link->action));
		buf_add_char(t->out, '\n');
	}
}

/* All that is changed of the first is the second. */
static bool are_the_changed(const struct why_links *links, const struct why_links *waited)
{
	size_t k = 0;

	for (size_t i = 0; i < links->count; i++) {
		if (str_equal_c(links->items[i].action, "none"))
			continue;
		if (k == waited->count ||
		    !str_equal(links->items[i].address, waited->items[k++].address))
			return false;
	}
	return k == waited->count;
}

static void add_waits(struct why_text *t, const char *title, const struct why_links *waited,
		      const struct why_links *links, const char *same)
{
	if (!waited->count)
		return;
	if (are_the_changed(links, waited))
		add_line(t, title, str_from_c(same));
	else
		add_links(t, title, waited);
}

static void add_call(struct why_text *t, const struct told_call *call)
{
	begin(t, "calls");
	buf_printf(t->out, "%.*s %.*s", STR_ARG(call->service), STR_ARG(call->operation));
	if (call->property.length)
		buf_printf(t->out, " of %.*s", STR_ARG(call->property));
	if (call->times > 1)
		buf_printf(t->out, ", %zu times", call->times);
	if (!call->times)
		buf_add_c(t->out, ", for each that it finds");
	if (call->why == CALL_WAITS)
		buf_add_c(t->out, call->removes ? " until it is gone" : " until it is ready");
	if (call->why == CALL_LOOKS)
		buf_add_c(t->out, " to see what there is");
	if (call->maybe)
		buf_add_c(t->out, ", if it turns out to be needed");
	buf_add_char(t->out, '\n');
}

static void add_calls(struct why_text *t)
{
	const struct told_call_vec *calls = &t->why->calls;

	t->titled = false;
	for (size_t i = 0; i < calls->count; i++)
		add_call(t, &calls->items[i]);
}

static void add_list(struct why_text *t, const struct str_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		buf_add_c(t->out, i ? ", " : "");
		render_shown(t->out, list->items[i]);
	}
}

static void add_grant(struct why_text *t, const struct why_grant *grant)
{
	begin(t, "grants");
	render_shown(t->out, grant->effect);
	buf_add_char(t->out, ' ');
	add_list(t, &grant->actions);
	if (grant->principal.length) {
		buf_add_c(t->out, " to ");
		render_shown(t->out, grant->principal);
	}
	buf_add_char(t->out, '\n');
	if (!grant->resources.count)
		return;
	begin(t, "");
	buf_add_c(t->out, "  on ");
	add_list(t, &grant->resources);
	buf_add_char(t->out, '\n');
}

static void add_grants(struct why_text *t)
{
	struct str by = t->why->label;

	t->titled = false;
	for (size_t i = 0; i < t->why->grants.count; i++) {
		const struct why_grant *grant = &t->why->grants.items[i];

		if (!str_equal(grant->by, by)) {
			by = grant->by;
			begin(t, "grants");
			buf_add_c(t->out, "by ");
			render_shown(t->out, by);
			buf_add_char(t->out, '\n');
		}
		add_grant(t, grant);
	}
}

void why_print_text(struct buf *out, const struct why *why, bool colour)
{
	struct arena scratch;
	struct why_text t = {
		.out = out, .scratch = &scratch, .why = why, .bold = colour ? "\033[1m" : "",
		.dim = colour ? "\033[2m" : "", .end = colour ? "\033[0m" : "",
	};

	arena_init(&scratch);
	buf_add_c(out, t.bold);
	render_shown(out, why->label);
	buf_printf(out, "%s  ", t.end);
	render_shown(out, why->type);
	buf_printf(out, "  %s\n", why->act.kind == ACTION_NONE ? "unchanged" :
		   action_kind_name(why->act.kind));
	add_origin(&t);
	add_reason(&t);
	add_causes(&t);
	add_name(&t);
	add_guard(&t);
	add_links(&t, "needs", &why->needs);
	add_waits(&t, "waits for", &why->waits_for, &why->needs, "all of these that change");
	add_links(&t, "needed by", &why->needed_by);
	add_waits(&t, "before", &why->awaited_by, &why->needed_by, "all of these that change");
	add_calls(&t);
	add_grants(&t);
	if (why->plan->offline)
		buf_add_c(out, "not compared with what is live\n");
	arena_release(&scratch);
}
