#include "markdown.h"

/* The part that is never left out: what cannot be applied, and what would be lost. */

#define ADDRESS_MOST 256		/* bytes of hostile text; more is cut in its middle */
#define REASON_MOST 240
#define CONFLICT_MOST 480
#define TIGHT_MOST 64			/* of each where few rows are left */
#define TIGHT_ROWS 20
#define VALUE_MOST 48
#define FORCING_MOST 2

static size_t limit(const struct md *m, size_t usual)
{
	bool tight = m->fit->rows_most && m->fit->rows_most <= TIGHT_ROWS;

	return tight && usual > TIGHT_MOST ? TIGHT_MOST : usual;
}

/* How many of count are shown. */
static size_t rows_of(const struct md *m, size_t count)
{
	return m->fit->rows_most && count > m->fit->rows_most ? m->fit->rows_most : count;
}

static void add_more(struct md *m, size_t count, size_t shown)
{
	if (count > shown)
		buf_printf(m->out, "\n… and **%zu more**: `effc plan --json` has them all; "
			   "digest `%.*s`.\n", count - shown, STR_ARG(m->review->digest));
}

/* ---- cells ---- */

static void add_label(struct md *m, const struct review_item *item)
{
	md_code(m->out, item->label, limit(m, ADDRESS_MOST));
	if (item->region.length) {
		buf_add_c(m->out, " in ");
		md_code(m->out, item->region, VALUE_MOST);
	}
}

static void add_forcing(struct md *m, const struct review_item *item)
{
	size_t forcing = 0;

	for (size_t i = 0; i < item->change_count && item->changes[i].forces; i++) {
		struct buf change;

		if (forcing++ >= FORCING_MOST)
			continue;
		buf_init(&change, m->scratch);
		render_change(&change, &item->changes[i], VALUE_MOST);
		buf_add_c(m->out, forcing > 1 ? ", " : "");
		md_code(m->out, buf_str(&change), limit(m, REASON_MOST));
		if (i + 1 < item->change_count && forcing < FORCING_MOST &&
		    str_equal(item->changes[i].rule, item->changes[i + 1].rule))
			continue;
		buf_add_char(m->out, ' ');
		md_prose(m->out, item->changes[i].rule, limit(m, REASON_MOST));
	}
	if (forcing > FORCING_MOST)
		buf_printf(m->out, " and %zu more", forcing - FORCING_MOST);
	if (item->cascade.length) {
		buf_add_c(m->out, "; it follows ");
		md_code(m->out, item->cascade, limit(m, ADDRESS_MOST));
	}
}

static void add_why(struct md *m, const struct review_item *item)
{
	if (item->change_count && item->changes[0].forces && !item->repair)
		add_forcing(m, item);
	else
		md_prose(m->out, item->reason, limit(m, REASON_MOST));
	if (item->place.length) {
		buf_add_c(m->out, item->kind == ACTION_DELETE && !m->review->destroy ?
			  " (it was at " : " (");
		md_code(m->out, item->place, limit(m, ADDRESS_MOST));
		buf_add_char(m->out, ')');
	}
}

static void add_order(struct md *m, const struct review_item *item)
{
	md_prose(m->out, item->order, limit(m, REASON_MOST));
	if (item->name_before.length) {
		buf_add_c(m->out, "; its name becomes ");
		md_code(m->out, item->name, limit(m, ADDRESS_MOST));
	}
}

/* ---- lists: an address a line ---- */

static void add_list(struct md *m, enum harm harm, bool loss)
{
	const struct review *review = m->review;
	size_t count = review->first[harm + 1] - review->first[harm], shown = rows_of(m, count);
	struct buf lines;

	buf_init_limit(&lines, m->scratch, m->options->max_bytes);
	for (size_t i = 0; i < shown && !lines.overflow; i++) {
		const struct review_item *item = &review->items[review->first[harm] + i];

		buf_printf(&lines, "%c %s ", harm == HARM_REPLACE ? '!' : '-',
			   item->kind == ACTION_REPLACE ? "replace" :
			   item->kind == ACTION_COLLECT ? "clean up" : "delete");
		render_short(&lines, item->label, limit(m, ADDRESS_MOST));
		if (loss && item->loss.length) {
			buf_add_c(&lines, ": ");
			render_short(&lines, item->loss, limit(m, REASON_MOST));
		}
		buf_add_char(&lines, '\n');
	}
	if (lines.overflow)
		m->out->overflow = true;
	if (shown)
		md_fence(m->out, "diff", buf_str(&lines));
	add_more(m, count, shown);
}

/* ---- sections: a table of the items of one harm ---- */

static void add_loss(struct md *m, const struct review_item *item)
{
	md_prose(m->out, item->loss, limit(m, REASON_MOST));
	if (item->blocked != GUARD_NONE)
		buf_add_c(m->out, " — **blocked**");
}

static void add_remedy(struct md *m, const struct review_item *item)
{
	md_prose(m->out, item->remedy, limit(m, REASON_MOST));
}

static void add_type(struct md *m, const struct review_item *item)
{
	md_code(m->out, item->type, limit(m, ADDRESS_MOST));
}

static void add_why_and_loss(struct md *m, const struct review_item *item)
{
	add_why(m, item);
	if (!item->loss.length)
		return;
	buf_add_c(m->out, "; it holds ");
	md_prose(m->out, item->loss, limit(m, REASON_MOST));
}

struct column {
	const char *title;
	void (*add)(struct md *m, const struct review_item *item);
};
#define COLUMNS_MOST 5
struct section {
	const char *title;
	enum harm harm;
	struct column columns[COLUMNS_MOST];	/* ends where title is NULL */
};

static void add_head(struct buf *out, const struct section *section)
{
	for (size_t i = 0; i < COLUMNS_MOST && section->columns[i].title; i++)
		buf_printf(out, "| %s ", section->columns[i].title);
	buf_add_c(out, "|\n");
	for (size_t i = 0; i < COLUMNS_MOST && section->columns[i].title; i++)
		buf_add_c(out, "|---");
	buf_add_c(out, "|\n");
}

static void add_row(struct md *m, const struct section *section, const struct review_item *item)
{
	for (size_t i = 0; i < COLUMNS_MOST && section->columns[i].title; i++) {
		buf_add_c(m->out, i ? " | " : "| ");
		section->columns[i].add(m, item);
	}
	buf_add_c(m->out, " |\n");
}

/* As a table, or as a list where that is all that fits. */
static void add_section(struct md *m, const struct section *section, bool list)
{
	const struct review *review = m->review;
	size_t first = review->first[section->harm], shown;
	size_t count = review->first[section->harm + 1] - first;

	if (!count)
		return;
	buf_printf(m->out, "\n#### %s\n\n", section->title);
	if (list) {
		add_list(m, section->harm, section->harm == HARM_DATA);
		return;
	}
	add_head(m->out, section);
	shown = rows_of(m, count);
	for (size_t i = 0; i < shown && !m->out->overflow; i++)
		add_row(m, section, &review->items[first + i]);
	add_more(m, count, shown);
}

void md_risk(struct md *m)
{
	static const struct section risk = {
		"🔴 Data at risk", HARM_DATA,
		{ { "resource", add_label }, { "why", add_why }, { "what is lost", add_loss },
		  { "order", add_order }, { "to avoid it", add_remedy } },
	};

	add_section(m, &risk, m->fit->short_risk);
}

void md_replacements(struct md *m)
{
	static const struct section replacements = {
		"Other replacements", HARM_REPLACE,
		{ { "resource", add_label }, { "why", add_why }, { "order", add_order } },
	};

	add_section(m, &replacements, m->fit->lists);
}

void md_deletions(struct md *m)
{
	static const struct section deletions = {
		"Other deletions", HARM_DELETE,
		{ { "resource", add_label }, { "type", add_type }, { "why", add_why_and_loss } },
	};

	add_section(m, &deletions, m->fit->lists);
}

static void add_conflict(struct md *m, struct str label, struct str why)
{
	buf_add_c(m->out, "| ");
	md_code(m->out, label, limit(m, ADDRESS_MOST));
	buf_add_c(m->out, " | ");
	md_prose(m->out, why, limit(m, CONFLICT_MOST));
	buf_add_c(m->out, " |\n");
}

void md_conflicts(struct md *m)
{
	const struct review *review = m->review;
	size_t count = review->counts.conflicts, most = rows_of(m, count), shown = 0;

	if (!count)
		return;
	buf_add_c(m->out, "\n#### 🔴 Cannot be applied\n\n| resource | why |\n|---|---|\n");
	for (size_t i = 0; i < review->item_count && shown < most; i++) {
		const struct review_item *item = &review->items[i];

		if (item->conflict.length && shown++ < most)
			add_conflict(m, item->label, item->conflict);
	}
	for (size_t i = 0; i < review->existing_count && shown < most; i++) {
		const struct review_existing *x = &review->existing[i];

		if (x->conflict.length && shown++ < most)
			add_conflict(m, x->name, x->conflict);
	}
	add_more(m, count, shown);
}

#define HITS_MOST 8			/* of one policy, in a cell */

static void add_hits(struct md *m, const struct review_policy *policy)
{
	size_t shown = 0, most = m->fit->lists ? 1 : HITS_MOST;

	for (; shown < policy->hit_count && shown < most; shown++) {
		const struct review_hit *hit = &policy->hits[shown];

		buf_printf(m->out, "%s%s ", shown ? ", " : "", action_kind_name(hit->kind));
		md_code(m->out, hit->label, limit(m, ADDRESS_MOST));
		if (hit->path.length) {
			buf_add_char(m->out, ' ');
			md_code(m->out, hit->path, limit(m, ADDRESS_MOST));
		}
	}
	if (policy->hit_count > shown)
		buf_printf(m->out, " and %zu more", policy->hit_count - shown);
}

void md_policies(struct md *m)
{
	const struct review *review = m->review;
	size_t count = review->policy_count, shown = rows_of(m, count);

	if (!count)
		return;
	buf_add_c(m->out, review->denying ? "\n#### 🔴 Denied by policy\n\n" :
		  "\n#### 🟠 Warnings of policies\n\n");
	buf_add_c(m->out, "| policy | says | about |\n|---|---|---|\n");
	for (size_t i = 0; i < shown && !m->out->overflow; i++) {
		const struct review_policy *policy = &review->policies[i];

		buf_add_c(m->out, policy->denies ? "| " : "| warning: ");
		md_code(m->out, policy->name, limit(m, ADDRESS_MOST));
		buf_add_c(m->out, " | ");
		md_prose(m->out, policy->message, limit(m, REASON_MOST));
		buf_add_c(m->out, " | ");
		add_hits(m, policy);
		buf_add_c(m->out, " |\n");
	}
	add_more(m, count, shown);
}
