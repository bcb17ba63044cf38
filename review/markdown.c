#include "hints.h"
#include "markdown.h"

#define NAME_MOST 80
#define MARKER_SHARE 10			/* the marker takes at most a tenth of the budget, ... */
#define SINCE_SHARE 8			/* ... and what changed since the last one an eighth */
#define NAMED_MOST 8

/*
 * The steps of shrinking, in their order.  What would be lost, what goes and what cannot be
 * applied is in all of them; past the last, so many rows of each as fit.
 */
static const struct fit fits[] = {
	{ .creates = SAYS_ALL, .updates = SAYS_ALL, .state = SAYS_LINE },
	{ SAYS_LINE, SAYS_LINE, SAYS_LINE, false, false, 0, "a line for each resource" },
	{ SAYS_COUNT, SAYS_LINE, SAYS_LINE, false, false, 0, "creations counted by type" },
	{ SAYS_COUNT, SAYS_PATHS, SAYS_COUNT, false, false, 0, "updates without their values" },
	{ SAYS_COUNT, SAYS_COUNT, SAYS_COUNT, false, false, 0,
	  "updates counted by type, permissions that stand out alone" },
	{ SAYS_COUNT, SAYS_COUNT, SAYS_COUNT, true, false, 0,
	  "replacements and deletions by address alone" },
	{ SAYS_COUNT, SAYS_COUNT, SAYS_COUNT, true, true, 0, "data at risk without its reasons" },
	{ SAYS_COUNT, SAYS_COUNT, SAYS_COUNT, true, true, 200, "the first 200 of each list" },
	{ SAYS_COUNT, SAYS_COUNT, SAYS_COUNT, true, true, 100, "the first 100 of each list" },
	{ SAYS_COUNT, SAYS_COUNT, SAYS_COUNT, true, true, 50, "the first 50 of each list" },
	{ SAYS_COUNT, SAYS_COUNT, SAYS_COUNT, true, true, 20, "the first 20 of each list" },
	{ SAYS_COUNT, SAYS_COUNT, SAYS_COUNT, true, true, 5, "the first 5 of each list" },
	{ SAYS_COUNT, SAYS_COUNT, SAYS_COUNT, true, true, 1, "the first of each list" },
};
#define FITS (sizeof(fits) / sizeof(*fits))
#define FIT_USUAL 1			/* a line for each resource, without --verbose */

/* ---- the head ---- */

static void add_headline(struct md *m)
{
	const struct review *review = m->review;
	const struct plan_counts *c = &review->counts;
	size_t risk = review->first[HARM_DATA + 1];
	bool any = false;

	buf_printf(m->out, "### effc %s: ", review->destroy ? "destroy" : "plan");
	md_code(m->out, review->project, NAME_MOST);
	buf_add_c(m->out, " / ");
	md_code(m->out, review->stage, NAME_MOST);
	if (c->conflicts)
		buf_printf(m->out, " — 🔴 %zu cannot be applied", c->conflicts);
	else if (review->denying)
		buf_printf(m->out, " — 🔴 **denied** by %zu polic%s", review->denying,
			   review->denying == 1 ? "y" : "ies");
	else if (risk)
		buf_printf(m->out, " — 🔴 **data at risk** in %zu resource%s", risk,
			   risk == 1 ? "" : "s");
	else
		buf_add_c(m->out, c->replace + c->delete ? " — 🟠 " :
			  review->item_count ? " — 🟢 " : " — ⚪ nothing to do");
	if (!c->conflicts && !review->denying && !risk) {
		md_count(m->out, c->replace, "to replace", &any);
		md_count(m->out, c->delete, "to delete", &any);
		md_count(m->out, c->update, "to update", &any);
		md_count(m->out, c->create, "to create", &any);
		md_count(m->out, c->collect, "to clean up", &any);
		md_count(m->out, c->rename, "renamed", &any);
		md_count(m->out, c->metadata + c->forget, "in the state only", &any);
	}
	if (review->permissions.public && !review->destroy)
		buf_printf(m->out, ", 🔴 **public access** to %zu", review->permissions.public);
	buf_add_c(m->out, "\n\n");
}

static void add_cell(struct md *m, size_t count, bool harm)
{
	buf_printf(m->out, harm && count ? " **%zu** |" : " %zu |", count);
}

static void add_counts(struct md *m)
{
	const struct plan_counts *c = &m->review->counts;

	buf_add_c(m->out, "| | replace | delete | update | create | clean up | rename | "
		  "state only | unchanged |\n|---|--:|--:|--:|--:|--:|--:|--:|--:|\n| resources |");
	add_cell(m, c->replace, true);
	add_cell(m, c->delete, true);
	add_cell(m, c->update, false);
	add_cell(m, c->create, false);
	add_cell(m, c->collect, false);
	add_cell(m, c->rename, false);
	add_cell(m, c->metadata + c->forget, false);
	add_cell(m, c->unchanged, false);
	buf_add_c(m->out, "\n");
}

static void add_notes(struct md *m)
{
	const struct review *review = m->review;

	if (review->offline)
		buf_add_c(m->out, "\nNot compared with what is live.\n");
	if (review->targeted)
		buf_printf(m->out, "\nOnly what `--target` names: %zu, and %zu that come along; "
			   "%zu left out, as they are.\n", review->asked_for, review->added,
			   review->left_out);
	if (review->new_stage) {
		buf_add_c(m->out, "\nNew stage ");
		md_code(m->out, review->stage, NAME_MOST);
		buf_add_c(m->out, ": everything will be created");
		if (review->meant_stage.length) {
			buf_add_c(m->out, " (did you mean ");
			md_code(m->out, review->meant_stage, NAME_MOST);
			buf_add_c(m->out, "?)");
		}
		buf_add_c(m->out, ".\n");
	}
	hints_print_markdown(m->out, review);
	if (m->since.length)
		buf_printf(m->out, "\n%.*s\n", STR_ARG(m->since));
	if (m->step <= FIT_USUAL)
		return;
	buf_printf(m->out, "\nShortened to fit %zu bytes:", m->options->max_bytes);
	for (size_t i = FIT_USUAL + 1; i <= m->step; i++) {
		/* Of the limits of rows only the last is true. */
		if (fits[i].rows_most && i < m->step)
			continue;
		buf_printf(m->out, "%s %s", i > FIT_USUAL + 1 ? ";" : "", fits[i].told);
	}
	buf_printf(m->out, ". `effc plan --json` has everything; digest `%.*s`.\n",
		   STR_ARG(m->review->digest));
}

/* ---- the end ---- */

#define ALLOWANCES_MOST 5
#define UNREAD_MOST 3
#define ALLOWANCES_BYTES 400

static bool names_each(const struct review *review)
{
	size_t bytes = 0;

	for (size_t i = 0; i < review->first[HARM_DATA + 1]; i++) {
		if (review->items[i].blocked != GUARD_NONE)
			bytes += review->items[i].address.length;
	}
	return review->counts.blocked <= ALLOWANCES_MOST && bytes <= ALLOWANCES_BYTES;
}

/* What a reader does next. */
static void add_next(struct md *m)
{
	const struct review *review = m->review;
	struct buf lines;
	bool each = names_each(review);

	if (!review->item_count)
		return;
	buf_init(&lines, m->scratch);
	buf_printf(&lines, "effc %s --stage ", review->destroy ? "destroy" : "apply");
	render_short(&lines, review->stage, NAME_MOST);
	for (size_t i = 0; each && i < review->first[HARM_DATA + 1]; i++) {
		if (review->items[i].blocked == GUARD_NONE)
			continue;
		buf_add_c(&lines, " --allow-data-loss ");
		render_argument(&lines, review->items[i].address);
	}
	if (review->counts.conflicts)
		buf_add_c(m->out, "\nNothing is applied before these are solved; then:\n\n");
	else if (review->denying)
		buf_add_c(m->out, "\nNothing is applied as long as a policy denies it; then:\n\n");
	else if (review->counts.blocked && each)
		buf_add_c(m->out, "\nBlocked because data would be lost; allowed once by:\n\n");
	else if (review->counts.blocked)
		buf_printf(m->out, "\nBlocked because data would be lost; allowed once by "
			   "`--allow-data-loss ADDRESS` for each of the %zu:\n\n",
			   review->counts.blocked);
	else
		buf_add_c(m->out, review->targeted ? "\nApply it, with the same `--target`:\n\n" :
			  "\nApply it:\n\n");
	md_fence(m->out, "sh", buf_str(&lines));
}

/* How far the plan can be trusted: what was looked at. */
static void add_live(struct md *m)
{
	const struct coverage *live = &m->review->coverage;

	if (m->review->offline || !live->resources)
		return;
	buf_printf(m->out, "\nLive data: %zu resource%s read with %zu call%s", live->resources,
		   live->resources == 1 ? "" : "s", live->calls, live->calls == 1 ? "" : "s");
	if (live->skipped)
		buf_printf(m->out, ", %zu not read, since nothing changes them", live->skipped);
	for (size_t i = 0; i < live->unread.count && i < UNREAD_MOST; i++) {
		buf_add_c(m->out, i ? ", " : "; not read, since the spec does not set it: ");
		md_code(m->out, live->unread.items[i].property, NAME_MOST);
		buf_printf(m->out, " of %zu ", live->unread.items[i].count);
		md_code(m->out, live->unread.items[i].type, NAME_MOST);
	}
	if (live->unread.count > UNREAD_MOST)
		buf_printf(m->out, " and %zu more parts", live->unread.count - UNREAD_MOST);
	buf_add_c(m->out, ".\n");
}

/* ---- the whole ---- */

static void print(struct md *m)
{
	md_marker(m->out, m->review, m->options->max_bytes / MARKER_SHARE);
	add_headline(m);
	add_counts(m);
	add_notes(m);
	md_conflicts(m);
	md_policies(m);
	md_risk(m);
	md_replacements(m);
	md_deletions(m);
	md_permissions(m);
	md_changes(m);
	md_existing(m);
	add_live(m);
	add_next(m);
}

/* Hostile names are long when they are escaped; then they are counted. */
static void add_since(struct buf *out, struct arena *a, const struct review *review,
		      const struct review_markdown *options)
{
	buf_init(out, a);
	if (!options->previous.data)
		return;
	md_since(out, review, options->previous, NAMED_MOST);
	if (out->length <= options->max_bytes / SINCE_SHARE)
		return;
	buf_truncate(out, 0);
	md_since(out, review, options->previous, 0);
}

void review_print_markdown(struct buf *out, const struct review *review,
			   const struct review_markdown *options)
{
	struct arena once;
	struct buf since;
	size_t step = options->verbose ? 0 : FIT_USUAL;

	arena_init(&once);
	add_since(&since, &once, review, options);
	for (;; step++) {
		struct arena scratch;
		struct buf text;
		struct md m = {
			.out = &text, .review = review, .options = options, .fit = &fits[step],
			.step = step, .since = buf_str(&since), .scratch = &scratch,
		};
		bool last = step + 1 == FITS, fits_in;

		arena_init(&scratch);
		if (last)
			buf_init(&text, &scratch);
		else
			buf_init_limit(&text, &scratch, options->max_bytes);
		print(&m);
		fits_in = !text.overflow && text.length <= options->max_bytes;
		if (fits_in || last)
			buf_add(out, buf_str(&text));
		arena_release(&scratch);
		if (fits_in || last)
			break;
	}
	arena_release(&once);
}
