#include "markdown.h"
#include "marker.h"

/* What changed between two plans of the same stack, as their markers have them. */

#define ENTRIES_MOST 600
#define NAME_MOST 120
#define ADDRESSES_MOST 100000		/* of those that a gone one may have had */

static const char *const harm_words[] = {
	[HARM_DATA] = "data at risk", [HARM_REPLACE] = "replace", [HARM_DELETE] = "delete",
	[HARM_ACCESS] = "wider access", [HARM_UPDATE] = "update", [HARM_CREATE] = "create",
	[HARM_STATE] = "state only",
};

struct entry {
	enum harm harm;
	struct str content;
	bool met;			/* the plan of now has it, too */
};

struct since {
	struct buf *out;
	const struct review *review;
	struct arena scratch;
	struct marker was, is;
	struct map entries;		/* id -> struct entry, of the earlier plan */
	size_t named_most;
	size_t named, left, gone;	/* said by name; not said; of no name that is known */
};

static void take_entries(struct since *s)
{
	for (int harm = 0; harm < HARMS; harm++) {
		struct str group = s->was.groups[harm];

		for (; group.length; group = str_slice(group, MARKER_ENTRY, group.length)) {
			struct str id = str_slice(group, 0, MARKER_ID);
			struct entry *entry = arena_new(&s->scratch, struct entry);

			entry->harm = (enum harm)harm;
			entry->content = str_slice(group, MARKER_ID, MARKER_ENTRY);
			*map_put(&s->scratch, &s->entries, id) = entry;
		}
	}
}

static bool any_cut(const struct marker *marker)
{
	for (int harm = 0; harm < HARMS; harm++) {
		if (marker->cut[harm])
			return true;
	}
	return false;
}

/* "+1 replace": counts are whole even where the entries are cut. */
static void add_counts(struct since *s)
{
	bool any = false;

	for (int harm = 0; harm < HARMS; harm++) {
		size_t was = s->was.counts[harm], is = s->is.counts[harm];
		bool bold = is > was && harm <= HARM_ACCESS;

		if (was == is)
			continue;
		buf_printf(s->out, "%s%s%s%zu %s%s", any ? ", " : " ", bold ? "**" : "",
			   is > was ? "+" : "−", is > was ? is - was : was - is,
			   harm_words[harm], bold ? "**" : "");
		any = true;
	}
	buf_add_c(s->out, any ? "." : " as many of each kind.");
}

static bool begin_name(struct since *s)
{
	if (s->named >= s->named_most) {
		s->left++;
		return false;
	}
	buf_add_c(s->out, s->named++ ? ", " : " ");
	return true;
}

/* Of what the plan of now has: new, in another way, or done otherwise. */
static void add_item(struct since *s, const struct review_item *item, struct str entry)
{
	struct entry *was = map_get(&s->entries, str_slice(entry, 0, MARKER_ID));
	struct str content = str_slice(entry, MARKER_ID, MARKER_ENTRY);

	if (was)
		was->met = true;
	if (was && was->harm == item->harm && str_equal(was->content, content))
		return;
	if (!was && any_cut(&s->was)) {
		s->left += item->harm <= HARM_DELETE && !s->was.cut[item->harm];
		return;
	}
	if (!begin_name(s))
		return;
	md_code(s->out, item->label, NAME_MOST);
	if (!was)
		buf_printf(s->out, " is new (%s)", harm_words[item->harm]);
	else if (was->harm != item->harm)
		buf_printf(s->out, " was %s, is %s", harm_words[was->harm], harm_words[item->harm]);
	else
		buf_printf(s->out, " changes otherwise (%s)", harm_words[item->harm]);
}

static void add_items(struct since *s)
{
	for (int harm = 0; harm < HARMS; harm++) {
		struct str group = s->is.groups[harm];
		size_t at = s->review->first[harm];

		for (; group.length; group = str_slice(group, MARKER_ENTRY, group.length))
			add_item(s, &s->review->items[at++], str_slice(group, 0, MARKER_ENTRY));
	}
}

static void add_address(struct since *s, struct str address)
{
	struct str id;
	struct entry *was;

	id = marker_id(&s->scratch, address);
	was = map_get(&s->entries, id);
	if (!was || was->met)
		return;
	was->met = true;
	if (!begin_name(s))
		return;
	md_code(s->out, address, NAME_MOST);
	buf_printf(s->out, " is no longer in it (%s)", harm_words[was->harm]);
}

/* The marker has no names, so they are looked for among those that there are. */
static void add_gone(struct since *s)
{
	const struct plan *plan = s->review->plan;
	size_t open = 0, total = plan->model->resource_count + plan->state->row_count;

	if (any_cut(&s->is))
		return;
	for (uint32_t i = 0; i < s->entries.count; i++)
		open += !((const struct entry *)s->entries.entries[i].value)->met;
	if (!open || total > ADDRESSES_MOST)
		return;
	for (size_t i = 0; i < plan->model->resource_count; i++)
		add_address(s, address_text(&s->scratch, &plan->model->resources[i].address));
	for (size_t i = 0; i < plan->state->row_count; i++)
		add_address(s, address_text(&s->scratch, &plan->state->rows[i]->address));
	for (uint32_t i = 0; i < s->entries.count; i++)
		s->gone += !((const struct entry *)s->entries.entries[i].value)->met;
}

static void compare(struct since *s)
{
	if (str_equal(s->was.digest, s->is.digest)) {
		buf_add_c(s->out, "Nothing changed since the previous plan.");
		return;
	}
	buf_add_c(s->out, "Changes since the previous plan:");
	take_entries(s);
	add_counts(s);
	add_items(s);
	add_gone(s);
	if (s->left)
		buf_printf(s->out, "%s%zu more", s->named ? ", and " : " ", s->left);
	if (s->gone)
		buf_printf(s->out, "%s%zu no longer in it", s->named + s->left ? "; " : " ",
			   s->gone);
	if (s->named + s->left + s->gone)
		buf_add_char(s->out, '.');
}

void md_since(struct buf *out, const struct review *review, struct str previous, size_t named_most)
{
	struct since s = { .out = out, .review = review, .named_most = named_most };

	arena_init(&s.scratch);
	marker_make(&s.scratch, review, ENTRIES_MOST, &s.is);
	if (!marker_parse(previous, &s.was))
		buf_add_c(out, "The previous plan cannot be compared with: its first two lines are "
			  "not as effc wrote them.");
	else if (!str_equal(s.was.stack, s.is.stack))
		buf_add_c(out, "The previous plan is of another stack and is not compared with.");
	else
		compare(&s);
	arena_release(&s.scratch);
}

void md_marker(struct buf *out, const struct review *review, size_t limit_bytes)
{
	size_t most = limit_bytes / MARKER_ENTRY;
	struct marker marker;
	struct arena scratch;

	arena_init(&scratch);
	marker_make(&scratch, review, most < ENTRIES_MOST ? most : ENTRIES_MOST, &marker);
	marker_print(out, &marker);
	arena_release(&scratch);
}
