#include "hints.h"
#include "render.h"

#define NAME_WIDTH_MOST 36		/* longer names push their line to the right */
#define VALUE_SHORT 48
#define VALUE_LONG 240
#define CHANGES_SHORT 4
#define FORCING_SHORT 2
#define PERMISSIONS_SHORT 8		/* besides those that stand out */
#define SCREEN_LINES 20			/* past this the summary stands at the end, too */

struct look {
	const char *bold, *red, *yellow, *green, *dim, *end;
};
static const struct look plain = { "", "", "", "", "", "" };
static const struct look coloured = {
	"\033[1m", "\033[31m", "\033[33m", "\033[32m", "\033[2m", "\033[0m",
};

struct text {
	struct buf *out;
	const struct review *review;
	const struct look *look;
	struct arena *scratch;
	bool verbose;
	size_t name_width, type_width;
};

/* ---- its changes ---- */

/* Of a replacement what forces it: the line is about that. */
static size_t shown_most(const struct review_item *item)
{
	size_t forcing = 0;

	while (forcing < item->change_count && item->changes[forcing].forces)
		forcing++;
	if (item->kind != ACTION_REPLACE || !forcing)
		return CHANGES_SHORT;
	return forcing < FORCING_SHORT ? forcing : FORCING_SHORT;
}

static void add_changes_short(struct text *t, const struct review_item *item)
{
	size_t most = shown_most(item);
	size_t shown = item->change_count < most ? item->change_count : most;

	for (size_t i = 0; i < shown; i++) {
		if (i)
			buf_add_c(t->out, ", ");
		render_change(t->out, &item->changes[i], VALUE_SHORT);
	}
	if (item->change_count > shown)
		buf_printf(t->out, ", and %zu more", item->change_count - shown);
}

static void add_changes_long(struct text *t, const struct review_item *item)
{
	for (size_t i = 0; i < item->change_count; i++) {
		const struct review_change *change = &item->changes[i];

		buf_add_c(t->out, "\n        ");
		render_change(t->out, change, VALUE_LONG);
		if (change->after.kind == VALUE_UNKNOWN) {
			buf_add_c(t->out, ": ");
			render_shown(t->out, change->after.unknown->reason);
		}
		if (change->forces) {
			buf_add_c(t->out, " (");
			render_shown(t->out, change->rule);
			buf_add_c(t->out, ")");
		}
	}
}

static void add_properties(struct text *t, const struct review_item *item)
{
	for (uint32_t i = 0; i < item->properties.map.count; i++) {
		const struct member *member = item->properties.map.entries[i].value;

		buf_add_c(t->out, "\n        ");
		render_shown(t->out, item->properties.map.entries[i].key);
		buf_add_c(t->out, " = ");
		render_value(t->out, &member->value, VALUE_LONG);
	}
}

/* ---- lines below it ---- */

static void begin_line(struct text *t, const char *colour)
{
	buf_add_c(t->out, "\n      ");
	buf_add_c(t->out, colour);
}

static bool tells_reason(const struct text *t, const struct review_item *item)
{
	if (!item->reason.length)
		return false;
	if (item->kind == ACTION_CREATE)
		return item->again || item->repair;
	if (t->verbose || item->repair || item->kind == ACTION_REPLACE)
		return true;
	if (t->review->destroy && item->kind == ACTION_DELETE)
		return false;
	/* An edit of the spec explains itself; deletions and what stands beside it do not. */
	return item->kind != ACTION_UPDATE || item->change_count == 0;
}

static void add_reason(struct text *t, const struct review_item *item)
{
	begin_line(t, t->look->dim);
	render_shown(t->out, item->reason);
	if (item->kind == ACTION_DELETE && item->place.length && !t->review->destroy) {
		buf_add_c(t->out, " (it was at ");
		render_shown(t->out, item->place);
		buf_add_char(t->out, ')');
	}
	if (item->name_before.length) {
		buf_add_c(t->out, "; its name becomes ");
		render_shown(t->out, item->name);
	}
	buf_add_c(t->out, t->look->end);
}

static void add_loss(struct text *t, const struct review_item *item)
{
	if (!item->loss.length)
		return;
	begin_line(t, item->at_risk != GUARD_NONE ? t->look->red : t->look->dim);
	buf_add_c(t->out, item->at_risk != GUARD_NONE ? "destroys " : "holds ");
	render_shown(t->out, item->loss);
	buf_add_c(t->out, t->look->end);
}

static void add_line(struct text *t, const char *before, struct str text)
{
	begin_line(t, t->look->dim);
	buf_add_c(t->out, before);
	render_shown(t->out, text);
	buf_add_c(t->out, t->look->end);
}

/* next: the row below in its section; NULL: none.  A shared reason stands below the last. */
static bool shares_reason(const struct text *t, const struct review_item *item,
			  const struct review_item *next)
{
	return next && !t->verbose && item->kind == ACTION_DELETE && next->kind == ACTION_DELETE &&
	       !item->repair && item->at_risk == GUARD_NONE &&
	       str_equal(item->reason, next->reason) && str_equal(item->place, next->place);
}

static void add_lines(struct text *t, const struct review_item *item,
		      const struct review_item *next)
{
	add_loss(t, item);
	if (tells_reason(t, item) && !shares_reason(t, item, next))
		add_reason(t, item);
	if (item->order.length &&
	    (item->delete_first || t->verbose || item->kind != ACTION_REPLACE))
		add_line(t, "", item->order);
	if (item->remedy.length)
		add_line(t, "to avoid it: ", item->remedy);
}

/* ---- one item ---- */

static const char *item_colour(const struct text *t, const struct review_item *item)
{
	if (item->kind == ACTION_CREATE)
		return t->look->green;
	if (item->kind == ACTION_DELETE || item->kind == ACTION_REPLACE)
		return t->look->red;
	return t->look->yellow;
}

static void add_padded(struct text *t, struct str text, size_t width)
{
	size_t start = t->out->length;

	render_shown(t->out, text);
	if (t->out->length - start < width)
		buf_add_repeat(t->out, ' ', width - (t->out->length - start));
}

static bool shows_changes(const struct text *t, const struct review_item *item)
{
	return item->change_count && !t->verbose && item->kind != ACTION_CREATE;
}

static void add_item(struct text *t, const struct review_item *item,
		     const struct review_item *next)
{
	/* Where a deleted one stood is part of its reason. */
	bool placed = item->place.length && item->kind != ACTION_DELETE &&
		      item->kind != ACTION_FORGET;

	buf_printf(t->out, "  %s%-3s%s ", item_colour(t, item), review_symbol(item), t->look->end);
	add_padded(t, item->label, t->name_width);
	buf_add_c(t->out, "  ");
	if (shows_changes(t, item))
		add_changes_short(t, item);
	else
		add_padded(t, item->type, placed ? t->type_width : 0);
	if (placed) {
		buf_printf(t->out, "  %s", t->look->dim);
		render_shown(t->out, item->place);
		buf_add_c(t->out, t->look->end);
	}
	if (item->region.length) {
		buf_add_c(t->out, "  ");
		render_shown(t->out, item->region);
	}
	add_lines(t, item, next);
	if (t->verbose && item->kind == ACTION_CREATE)
		add_properties(t, item);
	else if (t->verbose)
		add_changes_long(t, item);
	buf_add_char(t->out, '\n');
}

/* ---- sections, by harm ---- */

struct section {
	const char *title;
	enum harm first, last;
};
static const struct section sections[] = {
	{ "DATA AT RISK", HARM_DATA, HARM_DATA },
	{ "REPLACE", HARM_REPLACE, HARM_REPLACE },
	{ "DELETE", HARM_DELETE, HARM_DELETE },
	{ "CHANGE", HARM_ACCESS, HARM_CREATE },
	{ "STATE ONLY", HARM_STATE, HARM_STATE },
};

static void add_section(struct text *t, const struct section *section)
{
	size_t from = t->review->first[section->first];
	size_t to = t->review->first[section->last + 1];

	if (from == to)
		return;
	buf_printf(t->out, "\n  %s%s%s\n", t->look->bold, section->title, t->look->end);
	for (size_t i = from; i < to; i++)
		add_item(t, &t->review->items[i], i + 1 < to ? &t->review->items[i + 1] : NULL);
}

/* ---- who may do what ---- */

static void add_permission(struct text *t, const struct permission_row *row, size_t width)
{
	struct buf name, note;

	buf_init(&name, t->scratch);
	buf_init(&note, t->scratch);
	render_short(&name, row->principal, VALUE_LONG);
	buf_printf(t->out, "  %s%-3s%s ", row->wider ? t->look->yellow : t->look->green,
		   row->wider ? "+" : "-", t->look->end);
	buf_add(t->out, buf_str(&name));
	if (name.length < width)
		buf_add_repeat(t->out, ' ', width - name.length);
	buf_add_c(t->out, "  ");
	render_permission_actions(t->out, row, t->verbose);
	buf_add_c(t->out, " on ");
	render_permission_on(t->out, row, t->verbose);
	render_permission_note(&note, row, t->verbose ? VALUE_LONG : VALUE_SHORT);
	if (note.length) {
		buf_printf(t->out, "  %s", row->notes & NOTE_PUBLIC ? t->look->red : t->look->dim);
		buf_printf(t->out, "%s%s", note.data, t->look->end);
	}
	buf_add_char(t->out, '\n');
}

/* What stands out is always there; of the rest some.  The rows that are shown, in order. */
static size_t choose_permissions(const struct text *t, const struct permission_row **out)
{
	const struct permission_delta *delta = &t->review->permissions;
	size_t count = 0, exact = 0;

	for (size_t i = 0; i < delta->count; i++) {
		const struct permission_row *row = &delta->rows[i];

		if (t->verbose || permission_row_is_grave(row) || exact++ < PERMISSIONS_SHORT)
			out[count++] = row;
	}
	return count;
}

static void add_permissions(struct text *t)
{
	const struct permission_delta *delta = &t->review->permissions;
	const struct permission_row **rows;
	size_t count, width = t->name_width;

	if (!delta->count || t->review->destroy)
		return;
	buf_printf(t->out, "\n  %sPERMISSIONS%s  +%zu -%zu", t->look->bold, t->look->end,
		   delta->wider, delta->narrower);
	if (delta->public)
		buf_printf(t->out, "   %s%zu public%s", t->look->red, delta->public, t->look->end);
	buf_add_char(t->out, '\n');
	rows = arena_array(t->scratch, const struct permission_row *, delta->count);
	count = choose_permissions(t, rows);
	for (size_t i = 0; i < count; i++)
		if (rows[i]->principal.length > width &&
		    rows[i]->principal.length <= NAME_WIDTH_MOST)
			width = rows[i]->principal.length;
	for (size_t i = 0; i < count; i++)
		add_permission(t, rows[i], width);
	if (count < delta->count)
		buf_printf(t->out, "      and %zu more, exact ones (-v shows them)\n",
			   delta->count - count);
}

/* ---- what stands around them ---- */

static void add_count(struct text *t, size_t count, const char *what, bool *any)
{
	if (!count)
		return;
	buf_printf(t->out, "%s%zu %s", *any ? ", " : "", count, what);
	*any = true;
}

static void add_summary(struct text *t)
{
	const struct review *review = t->review;
	const struct plan_counts *c = &review->counts;
	bool any = false;

	buf_add_c(t->out, t->look->bold);
	render_shown(t->out, review->project);
	buf_add_char(t->out, '/');
	render_shown(t->out, review->stage);
	buf_printf(t->out, "%s  %s", t->look->end, review->destroy ? "destroy: " : "");
	add_count(t, c->replace, "to replace", &any);
	add_count(t, c->delete, "to delete", &any);
	add_count(t, c->update, "to update", &any);
	add_count(t, c->create, "to create", &any);
	add_count(t, c->collect, "to clean up", &any);
	add_count(t, c->metadata, "in the state only", &any);
	add_count(t, c->forget, "to forget", &any);
	add_count(t, c->adopt, "to adopt", &any);
	add_count(t, c->rename, "renamed", &any);
	add_count(t, c->unchanged, "unchanged", &any);
	if (!review->item_count)
		buf_printf(t->out, "%snothing to do", any ? ", " : "");
	buf_printf(t->out, "   plan %.*s\n", STR_ARG(str_slice(review->digest, 0, 8)));
}

static void add_header(struct text *t)
{
	const struct review *review = t->review;

	add_summary(t);
	if (review->offline)
		buf_add_c(t->out, "not compared with what is live\n");
	if (review->targeted)
		buf_printf(t->out, "only what %s: %zu, and %zu that come along; "
			   "%zu left out, as they are\n",
			   review->resumed ? "an earlier apply left unfinished" : "--target names",
			   review->asked_for, review->added, review->left_out);
	if (!review->new_stage)
		return;
	buf_add_c(t->out, "new stage '");
	render_shown(t->out, review->stage);
	buf_add_c(t->out, "': everything will be created");
	if (review->meant_stage.length) {
		buf_add_c(t->out, " (did you mean '");
		render_shown(t->out, review->meant_stage);
		buf_add_c(t->out, "'?)");
	}
	buf_add_char(t->out, '\n');
}

static void add_existing_one(struct text *t, const struct review_existing *x)
{
	buf_add_c(t->out, "    ");
	render_shown(t->out, x->name);
	buf_add_c(t->out, "  ");
	if (x->type.length) {
		render_shown(t->out, x->type);
	} else {
		buf_add_c(t->out, "outputs of ");
		render_shown(t->out, x->project);
		buf_add_char(t->out, '/');
		render_shown(t->out, x->stage);
	}
	for (uint32_t k = 0; k < x->values.map.count; k++) {
		const struct member *member = x->values.map.entries[k].value;

		buf_add_c(t->out, k ? ", " : "  ");
		render_shown(t->out, x->values.map.entries[k].key);
		buf_add_c(t->out, " = ");
		if (member->value.kind == VALUE_UNKNOWN)
			buf_add_c(t->out, "(not read)");
		else
			render_value(t->out, &member->value, t->verbose ? VALUE_LONG : VALUE_SHORT);
	}
	buf_add_char(t->out, '\n');
}

/* What the plan took from things that others made. */
static void add_existing(struct text *t)
{
	if (!t->review->existing_count)
		return;
	buf_printf(t->out, "\n%sread, never changed%s\n", t->look->bold, t->look->end);
	for (size_t i = 0; i < t->review->existing_count; i++)
		add_existing_one(t, &t->review->existing[i]);
}

static void add_conflict(struct text *t, const char *what, struct str label, struct str why)
{
	buf_printf(t->out, "\n%sconflict:%s %s", t->look->red, t->look->end, what);
	render_shown(t->out, label);
	buf_printf(t->out, "%s: ", what[0] ? "'" : "");
	render_shown(t->out, why);
	buf_add_char(t->out, '\n');
}

/* Before everything else: none of it is done as long as there is one. */
static void add_conflicts(struct text *t)
{
	for (size_t i = 0; i < t->review->item_count; i++) {
		const struct review_item *item = &t->review->items[t->review->by_address[i]];

		if (item->conflict.length)
			add_conflict(t, "", item->label, item->conflict);
	}
	for (size_t i = 0; i < t->review->existing_count; i++) {
		const struct review_existing *x = &t->review->existing[i];

		if (x->conflict.length)
			add_conflict(t, "existing '", x->name, x->conflict);
	}
}

#define HITS_SHORT 10

static void add_hit(struct text *t, const struct review_hit *hit)
{
	buf_printf(t->out, "  %s ", action_kind_name(hit->kind));
	render_shown(t->out, hit->label);
	if (hit->path.length) {
		buf_add_c(t->out, ": ");
		render_shown(t->out, hit->path);
	}
	buf_add_char(t->out, '\n');
}

/* Those that deny before everything else, as conflicts are. */
static void add_policies(struct text *t)
{
	for (size_t i = 0; i < t->review->policy_count; i++) {
		const struct review_policy *p = &t->review->policies[i];
		size_t shown = t->verbose || p->hit_count <= HITS_SHORT ? p->hit_count : HITS_SHORT;

		buf_printf(t->out, "\n%s%s:%s policy '", p->denies ? t->look->red : t->look->yellow,
			   p->denies ? "denied" : "warning", t->look->end);
		render_shown(t->out, p->name);
		buf_add_c(t->out, "' (");
		render_shown(t->out, p->place);
		buf_add_c(t->out, "): ");
		render_shown(t->out, p->message);
		buf_add_char(t->out, '\n');
		for (size_t k = 0; k < shown; k++)
			add_hit(t, &p->hits[k]);
		if (p->hit_count > shown)
			buf_printf(t->out, "  and %zu more\n", p->hit_count - shown);
	}
}

static void add_blocked(struct text *t)
{
	for (size_t i = 0; i < t->review->first[HARM_DATA + 1]; i++) {
		const struct review_item *item = &t->review->items[i];

		if (item->blocked == GUARD_NONE)
			continue;
		buf_printf(t->out, "\n%sblocked:%s ", t->look->red, t->look->end);
		render_shown(t->out, item->label);
		buf_add_c(t->out, item->blocked == GUARD_SOFT ? " holds messages" :
			  " is protected because it holds data");
		buf_add_c(t->out, "\n  allow once: --allow-data-loss ");
		render_argument(t->out, item->address);
		buf_add_char(t->out, '\n');
	}
}

/* The columns are as wide as their longest text, up to a limit. */
static void measure(struct text *t)
{
	for (size_t i = 0; i < t->review->item_count; i++) {
		const struct review_item *item = &t->review->items[i];
		size_t name = item->label.length, type = item->type.length;

		if (name > t->name_width && name <= NAME_WIDTH_MOST)
			t->name_width = name;
		if (type > t->type_width && type <= NAME_WIDTH_MOST && !shows_changes(t, item))
			t->type_width = type;
	}
}

void review_print_text(struct buf *out, const struct review *review, bool colour, bool verbose)
{
	struct arena scratch;
	struct text t = {
		.out = out, .review = review, .look = colour ? &coloured : &plain,
		.scratch = &scratch, .verbose = verbose,
	};

	arena_init(&scratch);
	measure(&t);
	add_header(&t);
	add_conflicts(&t);
	add_policies(&t);
	hints_print_text(out, review, t.look->bold, t.look->end);
	for (size_t i = 0; i < sizeof(sections) / sizeof(*sections); i++) {
		if (sections[i].first == HARM_ACCESS)
			add_permissions(&t);
		add_section(&t, &sections[i]);
	}
	add_existing(&t);
	add_blocked(&t);
	render_coverage(out, review, verbose);
	/* What scrolled away is said again where the reader's eye is. */
	if (review->item_count > SCREEN_LINES) {
		buf_add_char(out, '\n');
		add_summary(&t);
	}
	arena_release(&scratch);
}
