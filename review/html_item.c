#include "page.h"

#include "base/json.h"
#include "render.h"

#define INLINE_BYTES 72			/* longer JSON stands on several lines */
#define VALUE_BYTES 6000		/* of one side of a change */

/* ---- values ---- */

/* Line by line: the line breaks are ours, all others are escaped. */
static void add_lines(struct buf *out, struct arena *scratch, struct str text)
{
	struct str line, rest = text;
	bool any = false;

	while (str_split(&rest, '\n', &line)) {
		buf_add_c(out, any ? "\n" : "");
		page_text(out, scratch, line);
		any = true;
	}
}

static void add_json(struct buf *out, struct arena *scratch, const struct value *v)
{
	struct str cut;
	struct buf b;

	buf_init(&b, scratch);
	json_print_pretty(&b, v, 0);
	cut = str_slice(buf_str(&b), 0, VALUE_BYTES);
	cut = str_slice(cut, 0, str_utf8_length(cut));
	buf_add_c(out, "<pre>");
	add_lines(out, scratch, cut);
	if (b.length > cut.length)
		buf_printf(out, "\n<i>and %zu bytes more</i>", b.length - cut.length);
	buf_add_c(out, "</pre>");
}

/* Policies come as text that is JSON: they are shown as what they are. */
static bool is_document(struct arena *a, const struct value *v, struct value *parsed)
{
	struct error err = { 0 };

	*parsed = *v;
	if (v->kind == VALUE_STRING)
		return v->string.length > INLINE_BYTES && !(v->marks & VALUE_SECRET) &&
		       json_parse(a, v->string, SPAN_NOWHERE, parsed, &err) &&
		       (parsed->kind == VALUE_MAP || parsed->kind == VALUE_LIST);
	return (v->kind == VALUE_MAP || v->kind == VALUE_LIST) &&
	       json_text(a, v).length > INLINE_BYTES;
}

static void add_value(struct buf *out, const struct value *v)
{
	struct arena scratch;
	struct value document;
	struct buf b;

	arena_init(&scratch);
	if (v->kind == VALUE_NULL) {
		buf_add_c(out, "<i>none</i>");
	} else if (v->kind == VALUE_UNKNOWN) {
		buf_add_c(out, "<i>known after apply");
		if (v->unknown->reason.length) {
			buf_add_c(out, ": ");
			page_text(out, &scratch, v->unknown->reason);
		}
		buf_add_c(out, "</i>");
	} else if (is_document(&scratch, v, &document)) {
		add_json(out, &scratch, &document);
	} else {
		buf_init(&b, &scratch);
		render_value(&b, v, VALUE_BYTES);
		buf_add_c(out, "<code>");
		page_escape(out, buf_str(&b));
		buf_add_c(out, "</code>");
	}
	arena_release(&scratch);
}

/* ---- changes ---- */

static void add_withheld(struct buf *out, const struct review_change *change)
{
	buf_printf(out, "<td colspan=\"2\"><i>%s, not shown</i></td>",
		   !change->had ? "set" : !change->has ? "removed" : "changed");
}

static void add_change(struct buf *out, struct arena *scratch, const struct review_change *change)
{
	buf_printf(out, "<tr%s><th scope=\"row\">", change->forces ? " class=\"forces\"" : "");
	page_text(out, scratch, change->path);
	buf_add_c(out, "</th>");
	if (change->withheld) {
		add_withheld(out, change);
	} else {
		buf_add_c(out, "<td class=\"before\">");
		add_value(out, &change->before);
		buf_add_c(out, "</td><td class=\"after\">");
		add_value(out, &change->after);
		buf_add_c(out, "</td>");
	}
	buf_add_c(out, "<td>");
	if (change->forces)
		page_text(out, scratch, change->rule);
	if (change->drift)
		buf_add_c(out, change->forces ? "; changed outside" : "changed outside");
	buf_add_c(out, "</td></tr>\n");
}

static void add_changes(struct buf *out, struct arena *scratch, const struct review_item *item)
{
	if (!item->change_count)
		return;
	buf_add_c(out, "<div class=\"wide\"><table class=\"changes\"><thead><tr>"
		  "<th scope=\"col\">property</th><th scope=\"col\">before</th>"
		  "<th scope=\"col\">after</th><th scope=\"col\"></th></tr></thead>\n<tbody>\n");
	for (size_t i = 0; i < item->change_count; i++)
		add_change(out, scratch, &item->changes[i]);
	buf_add_c(out, "</tbody></table></div>\n");
}

static void add_properties(struct buf *out, struct arena *scratch, const struct review_item *item)
{
	if (item->properties.kind != VALUE_MAP || !item->properties.map.count)
		return;
	buf_add_c(out, "<div class=\"wide\"><table class=\"changes\"><tbody>\n");
	for (uint32_t i = 0; i < item->properties.map.count; i++) {
		const struct member *member = item->properties.map.entries[i].value;

		buf_add_c(out, "<tr><th scope=\"row\">");
		page_text(out, scratch, item->properties.map.entries[i].key);
		buf_add_c(out, "</th><td class=\"after\">");
		add_value(out, &member->value);
		buf_add_c(out, "</td></tr>\n");
	}
	buf_add_c(out, "</tbody></table></div>\n");
}

/* ---- what is said of it ---- */

static void add_fact(struct buf *out, struct arena *scratch, const char *title, struct str text)
{
	if (!text.length)
		return;
	buf_printf(out, "<dt>%s</dt><dd>", title);
	page_text(out, scratch, text);
	buf_add_c(out, "</dd>\n");
}

static void add_facts(struct buf *out, struct arena *scratch, const struct review_item *item)
{
	buf_add_c(out, "<dl>\n");
	add_fact(out, scratch, "why", item->reason);
	add_fact(out, scratch, "follows", item->cascade);
	add_fact(out, scratch, "renamed from", item->renamed_from);
	add_fact(out, scratch, "order", item->order);
	add_fact(out, scratch, item->at_risk != GUARD_NONE ? "destroys" : "holds", item->loss);
	add_fact(out, scratch, "to avoid it", item->remedy);
	add_fact(out, scratch, "conflict", item->conflict);
	if (item->set_again.count)
		add_fact(out, scratch, "set again",
			 str_join(scratch, STR(", "), item->set_again.items,
				  item->set_again.count));
	add_fact(out, scratch, "type", item->type);
	if (!str_equal(item->address, item->label))
		add_fact(out, scratch, "address", item->address);
	add_fact(out, scratch, "name", item->name);
	add_fact(out, scratch, "name before", item->name_before);
	if (!str_equal(item->identifier, item->name))
		add_fact(out, scratch, "identifier", item->identifier);
	add_fact(out, scratch, "region", item->region);
	add_fact(out, scratch, "place", item->place);
	buf_add_c(out, "</dl>\n");
}

void page_item_body(struct buf *out, const struct review_item *item, bool properties)
{
	struct arena scratch;

	arena_init(&scratch);
	buf_add_c(out, "<div class=\"body\">\n");
	add_changes(out, &scratch, item);
	add_facts(out, &scratch, item);
	if (properties && item->kind == ACTION_CREATE)
		add_properties(out, &scratch, item);
	buf_add_c(out, "</div>\n");
	arena_release(&scratch);
}
