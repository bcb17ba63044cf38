#include "render.h"

/* What was looked at, and what not: a reader must know how far a plan can be trusted. */

static void add_parts(struct buf *out, const struct coverage *coverage, size_t shown)
{
	for (size_t i = 0; i < coverage->unread.count && i < shown; i++) {
		const struct unread *part = &coverage->unread.items[i];

		buf_add_c(out, i ? "\n  " : " ");
		render_shown(out, part->property);
		buf_printf(out, " of %zu ", part->count);
		render_shown(out, part->type);
	}
	if (coverage->unread.count > shown)
		buf_printf(out, " and %zu more part%s (-v lists them)",
			   coverage->unread.count - shown,
			   coverage->unread.count - shown == 1 ? "" : "s");
}

void render_coverage(struct buf *out, const struct review *review, bool verbose)
{
	const struct coverage *coverage = &review->coverage;

	if (review->offline || !coverage->resources)
		return;
	if (review->item_count)
		buf_add_char(out, '\n');
	buf_printf(out, "live data: %zu resource%s read with %zu call%s", coverage->resources,
		   coverage->resources == 1 ? "" : "s", coverage->calls,
		   coverage->calls == 1 ? "" : "s");
	if (coverage->skipped)
		buf_printf(out, ", %zu not read, since nothing changes them", coverage->skipped);
	buf_add_char(out, '\n');
	if (!coverage->unread.count)
		return;
	buf_add_c(out, "not read, since the spec does not set it:");
	add_parts(out, coverage, verbose ? coverage->unread.count : 1);
	buf_add_char(out, '\n');
}

struct value render_coverage_value(struct arena *a, const struct review *review)
{
	const struct coverage *coverage = &review->coverage;
	struct value v = value_map(), parts = { .kind = VALUE_LIST, .span = SPAN_NONE };

	value_set(a, &v, STR("resources"), value_int((int64_t)coverage->resources));
	value_set(a, &v, STR("calls"), value_int((int64_t)coverage->calls));
	value_set(a, &v, STR("skipped"), value_int((int64_t)coverage->skipped));
	for (size_t i = 0; i < coverage->unread.count; i++) {
		const struct unread *unread = &coverage->unread.items[i];
		struct value part = value_map();

		value_set(a, &part, STR("type"), value_string(unread->type));
		value_set(a, &part, STR("property"), value_string(unread->property));
		value_set(a, &part, STR("count"), value_int((int64_t)unread->count));
		value_append(a, &parts, part);
	}
	value_set(a, &v, STR("not_read"), parts);
	return v;
}
