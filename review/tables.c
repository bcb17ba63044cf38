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

/* ---- sections ---- */

static size_t begin(struct md *m, enum harm harm, const char *title)
{
	size_t count = m->review->first[harm + 1] - m->review->first[harm];

	if (count)
		buf_printf(m->out, "\n#### %s\n\n", title);
	return count;
}

static void add_loss(struct md *m, const struct review_item *item)
{
	md_prose(m->out, item->loss, limit(m, REASON_MOST));
	if (item->blocked != GUARD_NONE)
		buf_add_c(m->out, " — **blocked**");
}

void md_risk(struct md *m)
{
	const struct review_item *items = &m->review->items[m->review->first[HARM_DATA]];
	size_t count = begin(m, HARM_DATA, "🔴 Data at risk"), shown = rows_of(m, count);

	if (!count)
		return;
	if (m->fit->short_risk) {
		add_list(m, HARM_DATA, true);
		return;
	}
	buf_add_c(m->out, "| resource | why | what is lost | order | to avoid it |\n"
		  "|---|---|---|---|---|\n");
	for (size_t i = 0; i < shown && !m->out->overflow; i++) {
		buf_add_c(m->out, "| ");
		add_label(m, &items[i]);
		buf_add_c(m->out, " | ");
		add_why(m, &items[i]);
		buf_add_c(m->out, " | ");
		add_loss(m, &items[i]);
		buf_add_c(m->out, " | ");
		add_order(m, &items[i]);
		buf_add_c(m->out, " | ");
		md_prose(m->out, items[i].remedy, limit(m, REASON_MOST));
		buf_add_c(m->out, " |\n");
	}
	add_more(m, count, shown);
}

void md_replacements(struct md *m)
{
	const struct review_item *items = &m->review->items[m->review->first[HARM_REPLACE]];
	size_t count = begin(m, HARM_REPLACE, "Other replacements"), shown = rows_of(m, count);

	if (!count)
		return;
	if (m->fit->lists) {
		add_list(m, HARM_REPLACE, false);
		return;
	}
	buf_add_c(m->out, "| resource | why | order |\n|---|---|---|\n");
	for (size_t i = 0; i < shown && !m->out->overflow; i++) {
		buf_add_c(m->out, "| ");
		add_label(m, &items[i]);
		buf_add_c(m->out, " | ");
		add_why(m, &items[i]);
		buf_add_c(m->out, " | ");
		add_order(m, &items[i]);
		buf_add_c(m->out, " |\n");
	}
	add_more(m, count, shown);
}

void md_deletions(struct md *m)
{
	const struct review_item *items = &m->review->items[m->review->first[HARM_DELETE]];
	size_t count = begin(m, HARM_DELETE, "Other deletions"), shown = rows_of(m, count);

	if (!count)
		return;
	if (m->fit->lists) {
		add_list(m, HARM_DELETE, false);
		return;
	}
	buf_add_c(m->out, "| resource | type | why |\n|---|---|---|\n");
	for (size_t i = 0; i < shown && !m->out->overflow; i++) {
		buf_add_c(m->out, "| ");
		add_label(m, &items[i]);
		buf_add_c(m->out, " | ");
		md_code(m->out, items[i].type, limit(m, ADDRESS_MOST));
		buf_add_c(m->out, " | ");
		add_why(m, &items[i]);
		if (items[i].loss.length) {
			buf_add_c(m->out, "; it holds ");
			md_prose(m->out, items[i].loss, limit(m, REASON_MOST));
		}
		buf_add_c(m->out, " |\n");
	}
	add_more(m, count, shown);
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
