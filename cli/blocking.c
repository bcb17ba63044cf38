#include "progress.h"

#include "base/json.h"

#define PACE_PART 5			/* from this part of all on, the pace so far tells */

static bool holds_up(const struct progress_item *item)
{
	return item->node && !item->usable;
}

const struct progress_item *progress_blocking(const struct progress *p)
{
	const struct progress_item *most = NULL;

	for (size_t i = 0; i < p->active.count; i++) {
		const struct progress_item *item = &p->active.items[i];

		if (holds_up(item) && (!most || item->node->weight_ms > most->node->weight_ms))
			most = item;
	}
	return most;
}

int64_t progress_left_ms(const struct progress *p, int64_t now_ms)
{
	int64_t left_ms = 0, pace_ms;

	for (size_t i = 0; i < p->active.count; i++) {
		const struct progress_item *item = &p->active.items[i];
		int64_t path_ms = 0;

		if (holds_up(item))
			path_ms = item->node->weight_ms - (now_ms - item->started_ms);
		if (path_ms > left_ms)
			left_ms = path_ms;
	}
	if (p->done * PACE_PART < p->total || !p->done)
		return left_ms;
	pace_ms = (now_ms - p->begun_ms) * (int64_t)(p->total - p->done) / (int64_t)p->done;
	return pace_ms > left_ms ? pace_ms : left_ms;
}

void progress_blocking_json(struct progress *p, const struct progress_item *item, int64_t now_ms,
			    struct buf *out)
{
	struct value line = value_map();

	value_set(p->arena, &line, STR("event"), value_string(STR("blocking")));
	value_set(p->arena, &line, STR("address"), value_string(item->address));
	value_set(p->arena, &line, STR("verb"), value_string(item->verb));
	if (item->note.length)
		value_set(p->arena, &line, STR("text"), value_string(item->note));
	value_set(p->arena, &line, STR("left_ms"), value_int(progress_left_ms(p, now_ms)));
	value_set(p->arena, &line, STR("done"), value_int((int64_t)p->done));
	value_set(p->arena, &line, STR("total"), value_int((int64_t)p->total));
	json_print(out, &line);
	buf_add_char(out, '\n');
}
