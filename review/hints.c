#include "hints.h"

#include "base/json.h"
#include "markdown.h"
#include "render.h"

#define HINTS_SHOWN 5
#define NAME_BYTES 120

void hints_take(struct arena *a, struct review *review)
{
	const struct plan *plan = review->plan;

	review->hints = arena_array(a, struct review_hint, plan->likely_count);
	review->hint_count = plan->likely_count;
	for (size_t i = 0; i < plan->likely_count; i++) {
		const struct likely_rename *l = &plan->likely[i];

		review->hints[i] = (struct review_hint){
			.from = l->from, .to = l->to, .edit = l->edit,
			.place = span_text(a, plan->model->sources, l->span),
		};
	}
}

static size_t left_over(const struct review *review, size_t *shown)
{
	*shown = review->hint_count < HINTS_SHOWN ? review->hint_count : HINTS_SHOWN;
	return review->hint_count - *shown;
}

void hints_print_text(struct buf *out, const struct review *review, const char *bold,
		      const char *end)
{
	size_t shown, more = left_over(review, &shown);

	for (size_t i = 0; i < shown; i++) {
		const struct review_hint *hint = &review->hints[i];

		buf_printf(out, "\n%srenamed?%s ", bold, end);
		render_short(out, hint->to, NAME_BYTES);
		buf_add_c(out, " looks like ");
		render_short(out, hint->from, NAME_BYTES);
		buf_add_c(out, ", which goes; to keep that, write in its block");
		if (hint->place.length)
			buf_add_c(out, " at ");
		render_shown(out, hint->place);
		buf_add_c(out, "\n  ");
		render_short(out, hint->edit, 2 * NAME_BYTES);
		buf_add_char(out, '\n');
	}
	if (more)
		buf_printf(out, "  and %zu more that look renamed\n", more);
}

void hints_print_markdown(struct buf *out, const struct review *review)
{
	size_t shown, more = left_over(review, &shown);

	for (size_t i = 0; i < shown; i++) {
		const struct review_hint *hint = &review->hints[i];

		buf_add_c(out, "\n**Renamed?** ");
		md_code(out, hint->to, NAME_BYTES);
		buf_add_c(out, " looks like ");
		md_code(out, hint->from, NAME_BYTES);
		buf_add_c(out, ", which goes; to keep that, write ");
		md_code(out, hint->edit, 2 * NAME_BYTES);
		buf_add_c(out, " in its block.\n");
	}
	if (more)
		buf_printf(out, "\nAnd %zu more that look renamed.\n", more);
}

void hints_print_json(struct buf *out, const struct review *review)
{
	struct arena scratch;
	struct value list = value_list(NULL, 0);

	if (!review->hint_count)
		return;
	arena_init(&scratch);
	for (size_t i = 0; i < review->hint_count; i++) {
		const struct review_hint *hint = &review->hints[i];
		struct value v = value_map();

		value_set(&scratch, &v, STR("from"), value_string(hint->from));
		value_set(&scratch, &v, STR("to"), value_string(hint->to));
		value_set(&scratch, &v, STR("edit"), value_string(hint->edit));
		value_set(&scratch, &v, STR("place"), value_string(hint->place));
		value_append(&scratch, &list, v);
	}
	buf_add_c(out, ",\n \"likely_renames\":");
	json_print(out, &list);
	arena_release(&scratch);
}
