#include "markdown.h"

/* What is folded: a line a resource in a block of diff, or lines by type where there are many. */

#define LABEL_MOST 256
#define NAME_WIDTH_MOST 40
#define VALUE_SHORT 48
#define VALUE_LONG 240
#define CHANGES_SHORT 4
#define PATHS_SHORT 6
#define TYPES_MOST 100

struct group {
	struct str type;
	size_t count;
};

/* A diff colours lines by their first character. */
static char line_sign(const struct review_item *item)
{
	return item->kind == ACTION_CREATE ? '+' : item->harm == HARM_STATE ? ' ' : '!';
}

/* ---- a resource ---- */

static void add_paths(struct buf *lines, const struct review_item *item)
{
	size_t shown = item->change_count < PATHS_SHORT ? item->change_count : PATHS_SHORT;

	for (size_t i = 0; i < shown; i++) {
		buf_add_c(lines, i ? ", " : "");
		render_short(lines, item->changes[i].path, VALUE_SHORT);
	}
	if (item->change_count > shown)
		buf_printf(lines, ", and %zu more", item->change_count - shown);
}

static void add_changes(struct buf *lines, const struct review_item *item)
{
	size_t shown = item->change_count < CHANGES_SHORT ? item->change_count : CHANGES_SHORT;

	for (size_t i = 0; i < shown; i++) {
		buf_add_c(lines, i ? ", " : "");
		render_change(lines, &item->changes[i], VALUE_SHORT);
	}
	if (item->change_count > shown)
		buf_printf(lines, ", and %zu more", item->change_count - shown);
}

static void add_all(struct buf *lines, const struct review_item *item)
{
	for (size_t i = 0; i < item->change_count; i++) {
		buf_printf(lines, "\n%c     ", line_sign(item));
		render_change(lines, &item->changes[i], VALUE_LONG);
	}
	for (uint32_t i = 0; item->kind == ACTION_CREATE && i < item->properties.map.count; i++) {
		const struct member *member = item->properties.map.entries[i].value;

		buf_printf(lines, "\n%c     ", line_sign(item));
		render_short(lines, item->properties.map.entries[i].key, VALUE_SHORT);
		buf_add_c(lines, " = ");
		render_value(lines, &member->value, VALUE_LONG);
	}
}

static void add_label(const struct md *m, struct buf *lines, const struct review_item *item)
{
	size_t start = lines->length;

	buf_printf(lines, item->harm == HARM_STATE ? "%c %s " : "%c ", line_sign(item),
		   review_symbol(item));
	render_short(lines, item->label, LABEL_MOST);
	start = lines->length - start;
	if (start < m->name_width)
		buf_add_repeat(lines, ' ', m->name_width - start);
	buf_add_c(lines, "  ");
}

/* An edit of the spec explains itself; the rest does not. */
static bool tells_reason(const struct review_item *item)
{
	if (item->kind == ACTION_CREATE)
		return item->again;
	return item->repair || item->kind != ACTION_UPDATE || !item->change_count;
}

static void add_item(const struct md *m, struct buf *lines, const struct review_item *item,
		     enum says says)
{
	bool changes = item->kind == ACTION_UPDATE && item->change_count;

	add_label(m, lines, item);
	if (says == SAYS_PATHS && changes)
		add_paths(lines, item);
	else if (says == SAYS_LINE && changes)
		add_changes(lines, item);
	else
		render_short(lines, item->type, VALUE_SHORT);
	if (says <= SAYS_LINE && item->place.length && item->kind != ACTION_FORGET) {
		buf_add_c(lines, "  ");
		render_short(lines, item->place, LABEL_MOST);
	}
	if (says <= SAYS_LINE && item->region.length) {
		buf_add_c(lines, "  ");
		render_short(lines, item->region, VALUE_SHORT);
	}
	if (says <= SAYS_LINE && tells_reason(item)) {
		buf_add_c(lines, "  ");
		render_short(lines, item->reason, VALUE_LONG);
	}
	if (says <= SAYS_LINE && item->kind == ACTION_UPDATE && item->order.length) {
		buf_add_c(lines, "  ");
		render_short(lines, item->order, VALUE_LONG);
	}
	if (says == SAYS_ALL)
		add_all(lines, item);
	buf_add_char(lines, '\n');
}

/* ---- many ---- */

static void add_groups(struct md *m, struct buf *lines, enum harm harm)
{
	const struct review *review = m->review;
	struct map types = { 0 };
	const struct map_entry **sorted;
	uint32_t most = TYPES_MOST;

	for (size_t i = review->first[harm]; i < review->first[harm + 1]; i++) {
		const struct review_item *item = &review->items[i];
		void **place = map_put(m->scratch, &types, item->type);
		struct group *group = *place;

		if (!group) {
			*place = group = arena_new(m->scratch, struct group);
			group->type = item->type;
		}
		group->count++;
	}
	sorted = map_sorted(m->scratch, &types);
	if (m->fit->rows_most && m->fit->rows_most < most)
		most = (uint32_t)m->fit->rows_most;
	for (uint32_t i = 0; i < types.count && i < most; i++) {
		const struct group *group = sorted[i]->value;

		buf_printf(lines, "%s%zu × ", harm == HARM_CREATE ? "+ " :
			   harm == HARM_STATE ? "  = " : "! ", group->count);
		render_short(lines, group->type, VALUE_SHORT);
		buf_add_char(lines, '\n');
	}
	if (types.count > most)
		buf_printf(lines, "  and %u more types\n", (unsigned)(types.count - most));
}

static void add_harm(struct md *m, struct buf *lines, enum harm harm, enum says says)
{
	if (says == SAYS_COUNT) {
		add_groups(m, lines, harm);
		return;
	}
	for (size_t i = m->review->first[harm]; i < m->review->first[harm + 1] && !lines->overflow;
	     i++)
		add_item(m, lines, &m->review->items[i], says);
}

static void fold(struct md *m, struct str title, const char *language, struct str lines)
{
	buf_printf(m->out, "\n<details><summary>%.*s</summary>\n\n", STR_ARG(title));
	md_fence(m->out, language, lines);
	buf_add_c(m->out, "\n</details>\n");
}

/* As wide as the longest label, up to a limit. */
static void measure(struct md *m)
{
	const struct review *review = m->review;

	for (size_t i = review->first[HARM_ACCESS]; i < review->item_count; i++) {
		size_t width = review->items[i].label.length + 2;

		if (width > m->name_width && width <= NAME_WIDTH_MOST)
			m->name_width = width;
	}
}

/* What opens access may be either. */
static size_t count_creates(const struct review *review)
{
	size_t count = review->first[HARM_CREATE + 1] - review->first[HARM_CREATE];

	for (size_t i = review->first[HARM_ACCESS]; i < review->first[HARM_ACCESS + 1]; i++)
		count += review->items[i].kind == ACTION_CREATE;
	return count;
}

void md_changes(struct md *m)
{
	const struct review *review = m->review;
	size_t creates = count_creates(review);
	size_t updates = review->first[HARM_CREATE + 1] - review->first[HARM_ACCESS] - creates;
	size_t state = review->first[HARM_STATE + 1] - review->first[HARM_STATE];
	struct buf lines, title;
	bool any = false;

	if (creates + updates + state == 0)
		return;
	measure(m);
	buf_init_limit(&lines, m->scratch, m->options->max_bytes);
	add_harm(m, &lines, HARM_ACCESS, m->fit->updates);
	add_harm(m, &lines, HARM_UPDATE, m->fit->updates);
	add_harm(m, &lines, HARM_CREATE, m->fit->creates);
	add_harm(m, &lines, HARM_STATE, m->fit->state);
	buf_init(&title, m->scratch);
	buf_add_c(&title, "Changes (");
	md_count(&title, updates, "to update", &any);
	md_count(&title, creates, "to create", &any);
	md_count(&title, state, "in the state only", &any);
	buf_add_char(&title, ')');
	fold(m, buf_str(&title), "diff", buf_str(&lines));
	if (lines.overflow)
		m->out->overflow = true;
}

/* What the plan took from things that others made. */
void md_existing(struct md *m)
{
	const struct review *review = m->review;
	struct buf lines;

	if (!review->existing_count || m->fit->updates == SAYS_COUNT)
		return;
	buf_init_limit(&lines, m->scratch, m->options->max_bytes);
	for (size_t i = 0; i < review->existing_count; i++) {
		const struct review_existing *x = &review->existing[i];

		render_short(&lines, x->name, LABEL_MOST);
		buf_add_c(&lines, "  ");
		render_short(&lines, x->type.length ? x->type : x->project, VALUE_SHORT);
		for (uint32_t k = 0; k < x->values.map.count; k++) {
			const struct member *member = x->values.map.entries[k].value;

			buf_add_c(&lines, k ? ", " : "  ");
			render_short(&lines, x->values.map.entries[k].key, VALUE_SHORT);
			buf_add_c(&lines, " = ");
			render_value(&lines, &member->value, VALUE_SHORT);
		}
		buf_add_char(&lines, '\n');
	}
	fold(m, str_format(m->scratch, "Read, never changed (%zu)", review->existing_count), "",
	     buf_str(&lines));
	if (lines.overflow)
		m->out->overflow = true;
}
