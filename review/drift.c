#include "drift.h"

#include "base/json.h"
#include "render.h"

#define VALUE_SHORT 48
#define VALUE_LONG 240

/* ---- which ---- */

static bool is_settled(const struct row *row)
{
	return row->status == ROW_CREATED || row->status == ROW_UPDATED ||
	       row->status == ROW_REPLACED;
}

static bool drifted(const struct review_item *item)
{
	for (size_t i = 0; i < item->change_count; i++) {
		if (item->changes[i].drift)
			return true;
	}
	return false;
}

/* False if it did not move. */
static bool judge(const struct action *act, const struct review_item *item, enum drift_kind *kind)
{
	if (!act->have || !is_settled(act->have) || !act->live)
		return false;
	if (act->live->seen == SEEN_ABSENT)
		*kind = DRIFT_GONE;
	else if (act->live->seen == SEEN_FOREIGN)
		*kind = DRIFT_TAKEN;
	else
		*kind = DRIFT_CHANGED;
	return *kind != DRIFT_CHANGED || drifted(item);
}

static void count_rows(const struct state *state, const struct observation *live,
		       struct drift *out)
{
	for (size_t i = 0; i < state->row_count; i++) {
		const struct row *row = state->rows[i];
		struct arena scratch;
		const struct observed *seen;

		arena_init(&scratch);
		seen = map_get(&live->by_address, address_text(&scratch, &row->address));
		arena_release(&scratch);
		if (!is_settled(row))
			out->unfinished++;
		else if (!seen || seen->seen == SEEN_NOT_READ)
			out->unread++;
		else
			out->same++;
	}
	out->same -= out->count;
}

void drift_make(struct arena *a, const struct review *review, const struct observation *live,
		const struct plan *pending, struct drift *out)
{
	const struct plan *plan = review->plan;

	*out = (struct drift){ .review = review };
	out->edited.items = arena_array(a, struct str, pending->action_count);
	for (size_t i = 0; i < pending->action_count; i++)
		out->edited.items[out->edited.count++] = pending->actions[i].address;
	out->items = arena_array(a, struct drift_item, review->item_count);
	for (size_t i = 0; i < review->item_count; i++) {
		const struct review_item *item = &review->items[review->by_address[i]];
		struct drift_item *found = &out->items[out->count];

		if (!judge(&plan->actions[item->action], item, &found->kind))
			continue;
		found->item = item;
		found->edited = str_list_has(&out->edited, item->address);
		out->count++;
	}
	count_rows(plan->state, live, out);
}

/* ---- for people ---- */

/* Of a change as the plan has it, from what is live to what is wanted, the other way round. */
static struct review_change turned(const struct review_change *change)
{
	struct review_change out = *change;

	out.before = change->after;
	out.after = change->before;
	out.had = change->has;
	out.has = change->had;
	out.drift = false;
	return out;
}

static void add_what(struct buf *out, const struct drift_item *d, size_t limit_bytes)
{
	if (d->kind == DRIFT_GONE)
		buf_add_c(out, "        it was deleted\n");
	if (d->kind == DRIFT_TAKEN) {
		buf_add_c(out, "        it was deleted, and what has its name now is not ours\n");
		return;
	}
	for (size_t i = 0; d->kind == DRIFT_CHANGED && i < d->item->change_count; i++) {
		struct review_change change = turned(&d->item->changes[i]);

		if (!d->item->changes[i].drift)
			continue;
		buf_add_c(out, "        ");
		render_change(out, &change, limit_bytes);
		buf_add_char(out, '\n');
	}
	if (d->item->conflict.length) {
		buf_add_c(out, "        ");
		render_shown(out, d->item->conflict);
		buf_add_char(out, '\n');
	}
}

static void add_item(struct buf *out, const struct drift_item *d, bool verbose)
{
	static const char signs[] = {
		[DRIFT_CHANGED] = '~', [DRIFT_GONE] = '-', [DRIFT_TAKEN] = '!',
	};
	const struct review_item *item = d->item;

	buf_printf(out, "  %c   ", signs[d->kind]);
	render_shown(out, item->label);
	buf_add_c(out, "  ");
	render_shown(out, item->type);
	if (item->place.length) {
		buf_add_c(out, "  ");
		render_shown(out, item->place);
	}
	if (item->region.length) {
		buf_add_c(out, "  ");
		render_shown(out, item->region);
	}
	buf_add_char(out, '\n');
	add_what(out, d, verbose ? VALUE_LONG : VALUE_SHORT);
	if (d->edited)
		buf_add_c(out, "        the spec wants it changed as well: see effc plan\n");
}

void drift_print_text(struct buf *out, const struct drift *drift, bool verbose)
{
	render_shown(out, drift->review->project);
	buf_add_char(out, '/');
	render_shown(out, drift->review->stage);
	if (drift->count)
		buf_printf(out, "  %zu moved outside, %zu as applied\n", drift->count, drift->same);
	else
		buf_printf(out, "  nothing moved outside, %zu as applied\n", drift->same);
	if (drift->unread)
		buf_printf(out, "%zu could not be looked at\n", drift->unread);
	if (drift->unfinished)
		buf_printf(out, "%zu left unfinished by an earlier run: effc apply goes on\n",
			   drift->unfinished);
	if (drift->count)
		buf_add_char(out, '\n');
	for (size_t i = 0; i < drift->count; i++)
		add_item(out, &drift->items[i], verbose);
}

/* ---- for programs ---- */

static void set_text(struct arena *a, struct value *map, const char *name, struct str text)
{
	if (text.length)
		value_set(a, map, str_from_c(name), value_string(text));
}

static struct value changes_value(struct arena *a, const struct review_item *item)
{
	struct value list = value_list(NULL, 0);

	for (size_t i = 0; i < item->change_count; i++) {
		const struct review_change *change = &item->changes[i];
		struct value v = value_map();

		if (!change->drift)
			continue;
		value_set(a, &v, STR("path"), value_string(change->path));
		if (change->withheld) {
			value_set(a, &v, STR("sensitive"), value_bool(true));
		} else {
			value_set(a, &v, STR("wanted"), change->after);
			value_set(a, &v, STR("live"), change->before);
		}
		value_append(a, &list, v);
	}
	return list;
}

static struct value item_value(struct arena *a, const struct drift_item *d)
{
	static const char *const kinds[] = {
		[DRIFT_CHANGED] = "changed", [DRIFT_GONE] = "deleted", [DRIFT_TAKEN] = "taken",
	};
	const struct review_item *item = d->item;
	struct value v = value_map();

	value_set(a, &v, STR("address"), value_string(item->address));
	value_set(a, &v, STR("label"), value_string(item->label));
	value_set(a, &v, STR("type"), value_string(item->type));
	value_set(a, &v, STR("kind"), value_string(str_from_c(kinds[d->kind])));
	set_text(a, &v, "place", item->place);
	set_text(a, &v, "region", item->region);
	set_text(a, &v, "identifier", item->identifier);
	set_text(a, &v, "conflict", item->conflict);
	if (d->edited)
		value_set(a, &v, STR("edited"), value_bool(true));
	if (d->kind == DRIFT_CHANGED)
		value_set(a, &v, STR("changes"), changes_value(a, item));
	return v;
}

void drift_print_json(struct buf *out, const struct drift *drift)
{
	struct value v = value_map();
	struct arena scratch;

	arena_init(&scratch);
	value_set(&scratch, &v, STR("format_version"), value_string(STR(DRIFT_FORMAT_VERSION)));
	value_set(&scratch, &v, STR("project"), value_string(drift->review->project));
	value_set(&scratch, &v, STR("stage"), value_string(drift->review->stage));
	value_set(&scratch, &v, STR("region"), value_string(drift->review->region));
	value_set(&scratch, &v, STR("same"), value_int((int64_t)drift->same));
	value_set(&scratch, &v, STR("unread"), value_int((int64_t)drift->unread));
	value_set(&scratch, &v, STR("unfinished"), value_int((int64_t)drift->unfinished));
	value_set(&scratch, &v, STR("drift"), value_list(NULL, 0));
	json_print(out, &v);
	/* One item a line, as the plan has its actions. */
	buf_truncate(out, out->length - 2);
	for (size_t i = 0; i < drift->count; i++) {
		struct value item = item_value(&scratch, &drift->items[i]);

		buf_add_c(out, i ? ",\n " : "\n ");
		json_print(out, &item);
	}
	buf_add_c(out, "]}\n");
	arena_release(&scratch);
}
