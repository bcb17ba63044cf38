#include "page.h"

#include "base/hash.h"
#include "render.h"

#define CHANGES_SHORT 3
#define VALUE_SHORT 48
#define PROPERTIES_MOST 2000		/* with more items, what a create sets is left out */

struct page {
	struct buf *out;
	struct arena *scratch;
	const struct review *review;
};

static void add_text(struct page *p, struct str text)
{
	page_text(p->out, p->scratch, text);
}

/* ---- head ---- */

static void add_source_hash(struct page *p, struct str source)
{
	struct sha256 digest = sha256_of(source);
	struct str bytes = str_of((const char *)digest.bytes, sizeof(digest.bytes));

	buf_printf(p->out, "'sha256-%.*s'", STR_ARG(base64_encode(p->scratch, bytes)));
}

/* class: for its colour; NULL: plain text. */
static void add_count(struct buf *out, size_t count, const char *what, const char *class,
		      bool *any)
{
	if (!count)
		return;
	buf_add_c(out, *any ? ", " : "");
	if (class)
		buf_printf(out, "<b class=\"%s\">%zu %s</b>", class, count, what);
	else
		buf_printf(out, "%zu %s", count, what);
	*any = true;
}

static void add_counts(struct page *p, bool classes)
{
	const struct plan_counts *c = &p->review->counts;
	const struct {
		size_t count;
		const char *what, *class;
	} counts[] = {
		{ c->replace, "to replace", "replace" }, { c->delete, "to delete", "delete" },
		{ c->update, "to update", "update" }, { c->create, "to create", "create" },
		{ c->collect, "to clean up", "delete" },
		{ c->metadata, "in the state only", "state" }, { c->forget, "to forget", "state" },
		{ c->adopt, "to adopt", "update" }, { c->rename, "renamed", "state" },
		{ c->unchanged, "unchanged", "none" },
	};
	bool any = false;

	for (size_t i = 0; i < sizeof(counts) / sizeof(*counts); i++)
		add_count(p->out, counts[i].count, counts[i].what,
			  classes ? counts[i].class : NULL, &any);
	if (!p->review->item_count)
		buf_printf(p->out, "%snothing to do", any ? ", " : "");
}

static void add_stack(struct page *p)
{
	add_text(p, p->review->project);
	buf_add_char(p->out, '/');
	add_text(p, p->review->stage);
}

static void add_head(struct page *p)
{
	buf_add_c(p->out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
		  "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
		  "style-src ");
	add_source_hash(p, page_style());
	buf_add_c(p->out, "; script-src ");
	add_source_hash(p, page_script());
	buf_add_c(p->out, "; base-uri 'none'; form-action 'none'\">\n"
		  "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
		  "<meta name=\"color-scheme\" content=\"light dark\">\n"
		  "<meta name=\"referrer\" content=\"no-referrer\">\n<title>");
	add_stack(p);
	buf_add_c(p->out, p->review->destroy ? ", destroy: " : ": ");
	add_counts(p, false);
	buf_add_c(p->out, "</title>\n<style>");
	buf_add(p->out, page_style());
	buf_add_c(p->out, "</style>\n</head>\n");
}

/* ---- what stands on top ---- */

static void add_target(struct page *p)
{
	const struct review *review = p->review;

	if (review->targeted)
		buf_printf(p->out, "<p>Only a part: %zu asked for, %zu added since these need "
			   "them, %zu left out, as they are.</p>\n", review->asked_for,
			   review->added, review->left_out);
}

static void add_new_stage(struct page *p)
{
	if (!p->review->new_stage)
		return;
	buf_add_c(p->out, "<p>A new stage: everything will be created.");
	if (p->review->meant_stage.length) {
		buf_add_c(p->out, " Did you mean <b>");
		add_text(p, p->review->meant_stage);
		buf_add_c(p->out, "</b>?");
	}
	buf_add_c(p->out, "</p>\n");
}

static void add_stop(struct page *p, struct str label, const char *what, struct str why)
{
	buf_printf(p->out, "<p class=\"stop\"><b>%s</b> ", what);
	add_text(p, label);
	buf_add_c(p->out, ": ");
	add_text(p, why);
	buf_add_c(p->out, "</p>\n");
}

static void add_blocked(struct page *p, const struct review_item *item)
{
	struct buf argument;

	buf_init(&argument, p->scratch);
	buf_add_c(p->out, "<p class=\"stop\"><b>blocked</b> ");
	add_text(p, item->label);
	buf_add_c(p->out, item->blocked == GUARD_SOFT ? " holds messages" :
		  " is protected because it holds data");
	buf_add_c(p->out, ". Allow it once: <code>--allow-data-loss ");
	render_argument(&argument, item->address);
	page_escape(p->out, buf_str(&argument));
	buf_add_c(p->out, "</code></p>\n");
}

static void add_policy(struct page *p, const struct review_policy *policy)
{
	buf_printf(p->out, "<div class=\"%s\"><b>%s</b> policy ",
		   policy->denies ? "stop" : "stop warning", policy->denies ? "denied" : "warning");
	add_text(p, policy->name);
	buf_add_c(p->out, " (");
	add_text(p, policy->place);
	buf_add_c(p->out, "): ");
	add_text(p, policy->message);
	buf_add_c(p->out, "\n<ul>\n");
	for (size_t i = 0; i < policy->hit_count; i++) {
		const struct review_hit *hit = &policy->hits[i];

		buf_printf(p->out, "<li>%s ", action_kind_name(hit->kind));
		add_text(p, hit->label);
		buf_add_c(p->out, hit->path.length ? ": " : "");
		add_text(p, hit->path);
		buf_add_c(p->out, "</li>\n");
	}
	buf_add_c(p->out, "</ul></div>\n");
}

/* What an apply would refuse, and what a policy warns of. */
static void add_stops(struct page *p)
{
	for (size_t i = 0; i < p->review->policy_count; i++)
		add_policy(p, &p->review->policies[i]);
	for (size_t i = 0; i < p->review->item_count; i++) {
		const struct review_item *item = &p->review->items[i];

		if (item->conflict.length)
			add_stop(p, item->label, "conflict", item->conflict);
		if (item->blocked != GUARD_NONE)
			add_blocked(p, item);
	}
	for (size_t i = 0; i < p->review->existing_count; i++) {
		const struct review_existing *x = &p->review->existing[i];

		if (x->conflict.length)
			add_stop(p, x->name, "conflict", x->conflict);
	}
}

static void add_header(struct page *p)
{
	buf_add_c(p->out, "<header>\n<h1>");
	add_stack(p);
	buf_add_c(p->out, p->review->destroy ? " <small>destroy</small>" : "");
	buf_add_c(p->out, "</h1>\n<p class=\"counts\">");
	add_counts(p, true);
	buf_add_c(p->out, "</p>\n<p class=\"where\">");
	add_text(p, p->review->region);
	buf_printf(p->out, " · plan <code>%.*s</code>%s</p>\n",
		   STR_ARG(str_slice(p->review->digest, 0, 8)),
		   p->review->offline ? " · not compared with what is live" : "");
	add_target(p);
	add_new_stage(p);
	add_stops(p);
	buf_add_c(p->out, "</header>\n");
}

/* ---- items ---- */

static void add_what(struct page *p, const struct review_item *item)
{
	struct buf b;

	buf_init(&b, p->scratch);
	for (size_t i = 0; i < item->change_count && i < CHANGES_SHORT; i++) {
		buf_add_c(&b, i ? ", " : "");
		render_change(&b, &item->changes[i], VALUE_SHORT);
	}
	if (item->change_count > CHANGES_SHORT)
		buf_printf(&b, ", and %zu more", item->change_count - CHANGES_SHORT);
	if (!item->change_count)
		render_shown(&b, item->kind == ACTION_CREATE && !item->again ? item->type :
				 item->reason);
	page_escape(p->out, buf_str(&b));
}

static void add_loss(struct page *p, const struct review_item *item)
{
	if (item->at_risk == GUARD_NONE)
		return;
	buf_add_c(p->out, "<span class=\"loss\">destroys ");
	add_text(p, item->loss.length ? item->loss : STR("what it holds"));
	if (item->order.length) {
		buf_add_c(p->out, "; ");
		add_text(p, item->order);
	}
	buf_add_c(p->out, "</span>");
}

static void add_item(struct page *p, size_t index, bool properties)
{
	const struct review_item *item = &p->review->items[index];

	buf_printf(p->out, "<details id=\"i%zu\" class=\"row %s\"%s><summary>"
		   "<span class=\"sign\" role=\"img\" aria-label=\"%s\">%s</span>"
		   "<span class=\"name\">", index, page_class(item->harm),
		   item->harm == HARM_DATA ? " open" : "",
		   action_kind_name(item->kind), review_symbol(item));
	add_text(p, item->label);
	buf_add_c(p->out, "</span><span class=\"what\">");
	add_what(p, item);
	add_loss(p, item);
	buf_add_c(p->out, "</span><span class=\"place\">");
	add_text(p, item->place);
	buf_add_c(p->out, "</span></summary>\n");
	page_item_body(p->out, item, properties);
	buf_add_c(p->out, "</details>\n");
}

static void add_section(struct page *p, enum harm harm)
{
	static const char *const titles[] = {
		[HARM_DATA] = "Data at risk", [HARM_REPLACE] = "Replace",
		[HARM_DELETE] = "Delete", [HARM_ACCESS] = "Wider access", [HARM_UPDATE] = "Update",
		[HARM_CREATE] = "Create", [HARM_STATE] = "State only",
	};
	size_t from = p->review->first[harm], to = p->review->first[harm + 1];
	bool properties = p->review->item_count <= PROPERTIES_MOST;

	if (from == to)
		return;
	buf_printf(p->out, "<section class=\"harm %s\">\n"
		   "<h2>%s <span class=\"n\">%zu</span></h2>\n",
		   page_class(harm), titles[harm], to - from);
	if (harm == HARM_CREATE && !properties)
		buf_printf(p->out, "<p>What each of them sets is left out: the plan has more than "
			   "%d changes.</p>\n", PROPERTIES_MOST);
	for (size_t i = from; i < to; i++)
		add_item(p, i, properties);
	buf_add_c(p->out, "</section>\n");
}

/* ---- permissions ---- */

static void add_cell(struct page *p, struct buf *shown)
{
	buf_add_c(p->out, "<td>");
	page_escape(p->out, buf_str(shown));
	buf_add_c(p->out, "</td>");
	buf_truncate(shown, 0);
}

static void add_permission(struct page *p, const struct permission_row *row)
{
	struct buf b;

	buf_init(&b, p->scratch);
	buf_printf(p->out, "<tr class=\"%s\"><td class=\"sign\">%s</td><th scope=\"row\">",
		   !row->wider ? "narrower" : permission_row_is_grave(row) ? "grave" : "wider",
		   row->wider ? "+" : "-");
	add_text(p, row->principal);
	buf_add_c(p->out, "</th>");
	render_permission_actions(&b, row, true);
	add_cell(p, &b);
	render_permission_on(&b, row, true);
	add_cell(p, &b);
	render_permission_note(&b, row, SIZE_MAX);
	add_cell(p, &b);
	buf_add_c(p->out, "</tr>\n");
}

static void add_permissions(struct page *p)
{
	const struct permission_delta *delta = &p->review->permissions;

	if (!delta->count || p->review->destroy)
		return;
	buf_printf(p->out, "<section class=\"permissions\">\n<h2>Permissions <span class=\"n\">"
		   "%zu wider, %zu narrower</span>", delta->wider, delta->narrower);
	if (delta->public)
		buf_printf(p->out, " <span class=\"n public\">%zu public</span>", delta->public);
	buf_add_c(p->out, "</h2>\n<div class=\"wide\"><table><thead><tr><th scope=\"col\"></th>"
		  "<th scope=\"col\">who</th><th scope=\"col\">may</th><th scope=\"col\">on</th>"
		  "<th scope=\"col\"></th></tr></thead>\n<tbody>\n");
	for (size_t i = 0; i < delta->count; i++)
		add_permission(p, &delta->rows[i]);
	buf_add_c(p->out, "</tbody></table></div>\n</section>\n");
}

/* ---- what was read, what comes out ---- */

static void add_row_of(struct page *p, struct str name, const struct value *v)
{
	struct buf b;

	buf_init(&b, p->scratch);
	if (v->kind == VALUE_UNKNOWN)
		buf_add_c(&b, "(known after apply)");
	else
		render_value(&b, v, SIZE_MAX / 4);
	buf_add_c(p->out, "<tr><th scope=\"row\">");
	add_text(p, name);
	buf_add_c(p->out, "</th>");
	add_cell(p, &b);
	buf_add_c(p->out, "</tr>\n");
}

static void add_table(struct page *p, const char *title, const struct value *map)
{
	if (map->kind != VALUE_MAP || !map->map.count)
		return;
	buf_printf(p->out, "<section>\n<h2>%s</h2>\n<div class=\"wide\"><table><tbody>\n", title);
	for (uint32_t i = 0; i < map->map.count; i++)
		add_row_of(p, map->map.entries[i].key,
			   &((struct member *)map->map.entries[i].value)->value);
	buf_add_c(p->out, "</tbody></table></div>\n</section>\n");
}

static void add_existing(struct page *p)
{
	if (!p->review->existing_count)
		return;
	buf_add_c(p->out, "<section>\n<h2>Read, never changed</h2>\n");
	for (size_t i = 0; i < p->review->existing_count; i++) {
		const struct review_existing *x = &p->review->existing[i];

		buf_add_c(p->out, "<h3>");
		add_text(p, x->name);
		buf_add_c(p->out, " <small>");
		if (!x->type.length) {
			buf_add_c(p->out, "outputs of ");
			add_text(p, x->project);
			buf_add_char(p->out, '/');
			add_text(p, x->stage);
		}
		add_text(p, x->type);
		buf_add_c(p->out, "</small></h3>\n<div class=\"wide\"><table><tbody>\n");
		for (uint32_t k = 0; k < x->values.map.count; k++)
			add_row_of(p, x->values.map.entries[k].key,
				   &((struct member *)x->values.map.entries[k].value)->value);
		buf_add_c(p->out, "</tbody></table></div>\n");
	}
	buf_add_c(p->out, "</section>\n");
}

/* What was looked at, and what not. */
static void add_coverage(struct page *p)
{
	struct str rest, line;
	struct buf b;

	buf_init(&b, p->scratch);
	render_coverage(&b, p->review, true);
	rest = buf_str(&b);
	while (str_split(&rest, '\n', &line)) {
		if (!line.length)
			continue;
		buf_add_c(p->out, "<p>");
		page_escape(p->out, line);
		buf_add_c(p->out, "</p>\n");
	}
}

static void add_body(struct page *p)
{
	buf_add_c(p->out, "<body>\n");
	add_header(p);
	/* Only the script can do it, so only the script shows it. */
	buf_add_c(p->out, "<div id=\"tools\" role=\"search\" hidden>"
		  "<input id=\"find\" type=\"search\" placeholder=\"filter\" "
		  "aria-label=\"show only lines with this text\">"
		  "<button id=\"open\" type=\"button\">open all</button>"
		  "<button id=\"close\" type=\"button\">close all</button>"
		  "<output id=\"found\"></output></div>\n<main>\n");
	for (int harm = 0; harm < HARMS; harm++) {
		if (harm == HARM_ACCESS)
			add_permissions(p);
		add_section(p, (enum harm)harm);
	}
	page_graph(p->out, p->review);
	add_existing(p);
	add_table(p, "Outputs", &p->review->outputs);
	buf_add_c(p->out, "</main>\n<footer>\n");
	add_coverage(p);
	buf_printf(p->out, "<p>plan <code>%.*s</code></p>\n</footer>\n<script>",
		   STR_ARG(p->review->digest));
	buf_add(p->out, page_script());
	buf_add_c(p->out, "</script>\n</body>\n</html>\n");
}

void review_print_html(struct buf *out, const struct review *review)
{
	struct arena scratch;
	struct page p = { .out = out, .scratch = &scratch, .review = review };

	arena_init(&scratch);
	add_head(&p);
	add_body(&p);
	arena_release(&scratch);
}
