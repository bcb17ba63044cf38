#include "progress.h"

#include "base/json.h"
#include "compiler/model.h"
#include "shown.h"

#define TREE_LINES 12
#define NOTE_BYTES 160
#define QUIET_MOST_MS 10000		/* then it is told what all waits for */
/*
 * The terminal cuts long lines of the block off at its edge: a wrapped one would not be erased,
 * however wide it is and becomes.
 */
#define NO_WRAP "\033[?7l"
#define WRAP "\033[?7h"

static const char *mark_of(enum event_kind kind)
{
	switch (kind) {
	case EVENT_DONE:
		return "ok";
	case EVENT_FAILED:
		return "FAILED";
	case EVENT_SKIPPED:
		return "skipped";
	case EVENT_OPEN:
		return "open";
	case EVENT_STARTED:
	case EVENT_NOTE:
	case EVENT_PROGRESS:
	case EVENT_CALL:
	case EVENT_WAITED:
	case EVENT_USABLE:
		break;
	}
	return "";
}

static bool has_ended(enum event_kind kind)
{
	return *mark_of(kind) != '\0';
}

static const char *paint(const struct progress *p, enum event_kind kind)
{
	if (!p->colour)
		return "";
	if (kind == EVENT_DONE)
		return "\033[32m";
	return kind == EVENT_FAILED ? "\033[31m" : "\033[33m";
}

static void add_seconds(struct buf *out, int64_t elapsed_ms)
{
	buf_printf(out, "%lld.%llds", (long long)(elapsed_ms / 1000),
		   (long long)(elapsed_ms % 1000 / 100));
}

/* "table.orders": kinds are shown, though they are no part of the address. */
static void add_address(struct buf *out, const struct progress *p, struct str address)
{
	uint32_t index = p->model ? model_find(p->model, address) : UINT32_MAX;

	if (index != UINT32_MAX && p->model->resources[index].kind.length > 0)
		buf_printf(out, "%.*s.", STR_ARG(p->model->resources[index].kind));
	add_shown(out, address, 0);
}

static void ended_line(struct progress *p, const struct event *e, struct buf *out)
{
	const char *colour = paint(p, e->kind);

	buf_printf(out, "%s%-7s%s ", colour, mark_of(e->kind), *colour ? "\033[0m" : "");
	buf_printf(out, "%-8.*s ", STR_ARG(e->verb));
	add_address(out, p, e->address);
	if (e->elapsed_ms > 0) {
		buf_add_c(out, "  ");
		add_seconds(out, e->elapsed_ms);
	}
	if (e->kind == EVENT_DONE && e->identifier.length > 0) {
		buf_add_c(out, "  ");
		add_shown(out, e->identifier, 80);
	}
	if (e->text.length > 0) {
		buf_add_c(out, e->kind == EVENT_DONE ? "  " : ": ");
		add_shown(out, e->text, 0);
	}
	buf_add_char(out, '\n');
}

static void write_buf(struct progress *p, const struct buf *out)
{
	fwrite(out->data, 1, out->length, p->out);
	fflush(p->out);
}

static void erase(struct progress *p, struct buf *out)
{
	if (p->drawn > 0)
		/* The terminal may have echoed ^C: from the first column. */
		buf_printf(out, "\r\033[%zuA\033[J", p->drawn);
	p->drawn = 0;
}

/* "about 8 s left, waiting for http.api/role: until it can be used". */
static void add_blocking(const struct progress *p, int64_t now_ms, struct buf *out)
{
	const struct progress_item *item = progress_blocking(p);
	int64_t left_s = (progress_left_ms(p, now_ms) + 999) / 1000;

	if (left_s > 0)
		buf_printf(out, ", about %lld s left", (long long)left_s);
	if (!item)
		return;
	buf_add_c(out, ", waiting for ");
	add_address(out, p, item->address);
	if (item->note.length > 0) {
		buf_add_c(out, ": ");
		add_shown(out, item->note, NOTE_BYTES);
	}
}

static void draw_rest(const struct progress *p, int64_t now_ms, struct buf *out)
{
	buf_printf(out, "  %zu of %zu", p->done, p->total);
	add_blocking(p, now_ms, out);
	buf_add_c(out, WRAP "\n");
}

/* Where nothing moves for a while, what it waits for. */
static void tell_blocking(struct progress *p, const struct event *e, struct buf *out)
{
	const struct progress_item *item;
	int64_t now_ms = p->clock->now_ms(p->clock->context);

	if (!e->node || has_ended(e->kind) || !p->total)
		p->told_ms = now_ms;
	if (now_ms - p->told_ms < QUIET_MOST_MS)
		return;
	item = progress_blocking(p);
	if (!item)
		return;
	p->told_ms = now_ms;
	if (p->style == PROGRESS_JSON) {
		progress_blocking_json(p, item, now_ms, out);
		return;
	}
	buf_printf(out, "        %zu of %zu", p->done, p->total);
	add_blocking(p, now_ms, out);
	buf_add_char(out, '\n');
}

static void draw(struct progress *p, struct buf *out)
{
	size_t shown = p->active.count < TREE_LINES ? p->active.count : TREE_LINES;
	int64_t now_ms = p->clock->now_ms(p->clock->context);

	if (p->active.count == 0)
		return;
	buf_add_c(out, NO_WRAP);
	for (size_t i = 0; i < shown; i++) {
		const struct progress_item *item = &p->active.items[i];

		buf_printf(out, "  .. %-8.*s ", STR_ARG(item->verb));
		add_address(out, p, item->address);
		buf_add_c(out, "  ");
		add_seconds(out, now_ms - item->started_ms);
		if (item->note.length > 0) {
			buf_add_c(out, "  ");
			add_shown(out, item->note, NOTE_BYTES);
		}
		buf_add_char(out, '\n');
	}
	if (p->active.count > shown)
		buf_printf(out, "  .. and %zu more\n", p->active.count - shown);
	if (p->total > 0)
		draw_rest(p, now_ms, out);
	else
		buf_add_c(out, "  looking at what is there" WRAP "\n");
	p->drawn = shown + (p->active.count > shown) + 1;
}

static struct progress_item *find_item(struct progress *p, const struct event *e)
{
	for (size_t i = 0; i < p->active.count; i++)
		if (e->node ? p->active.items[i].node == e->node :
		    str_equal(p->active.items[i].address, e->address) &&
		    str_equal(p->active.items[i].verb, e->verb))
			return &p->active.items[i];
	return NULL;
}

/* Recovery tells no end: it is over when something else is told. */
static void drop_earlier_phases(struct progress *p, const struct event *e)
{
	for (size_t i = 0; i < p->active.count;) {
		const struct progress_item *item = &p->active.items[i];

		if (item->before_apply && (e->node || !str_equal(item->verb, e->verb)))
			p->active.items[i] = p->active.items[--p->active.count];
		else
			i++;
	}
}

/* Keeps the list of what is under way: at most as many as the session runs at once. */
static void track(struct progress *p, const struct event *e)
{
	struct progress_item *item;

	drop_earlier_phases(p, e);
	item = find_item(p, e);
	/* Reading and recovering tell no start. */
	if ((e->kind == EVENT_STARTED || (e->kind == EVENT_NOTE && !e->node)) && !item) {
		item = vec_push(p->arena, &p->active);
		item->address = str_copy(p->arena, e->address);
		item->verb = str_copy(p->arena, e->verb);
		item->note = str_copy(p->arena, e->text);
		item->before_apply = !e->node;
		item->node = e->node;
		item->started_ms = p->clock->now_ms(p->clock->context);
	} else if (e->kind == EVENT_USABLE) {
		if (item)
			item->usable = true;
	} else if (e->kind == EVENT_NOTE && item) {
		item->note = str_copy(p->arena, e->text);
	} else if (e->kind != EVENT_STARTED && e->kind != EVENT_NOTE && item) {
		*item = p->active.items[--p->active.count];
	}
	if (e->total > 0) {
		p->done = e->done;
		p->total = e->total;
	} else if (e->node && has_ended(e->kind) && p->done < p->total) {
		p->done++;
	}
}

static void emit_json(struct progress *p, const struct event *e, struct buf *out)
{
	static const char *const names[] = {
		[EVENT_STARTED] = "started", [EVENT_NOTE] = "note", [EVENT_DONE] = "done",
		[EVENT_FAILED] = "failed", [EVENT_SKIPPED] = "skipped", [EVENT_OPEN] = "open",
		[EVENT_PROGRESS] = "progress",
	};
	struct value line = value_map();

	value_set(p->arena, &line, STR("event"), value_string(str_from_c(names[e->kind])));
	if (e->address.length > 0)
		value_set(p->arena, &line, STR("address"), value_string(e->address));
	if (e->verb.length > 0)
		value_set(p->arena, &line, STR("verb"), value_string(e->verb));
	if (e->text.length > 0)
		value_set(p->arena, &line, STR("text"), value_string(e->text));
	if (e->identifier.length > 0)
		value_set(p->arena, &line, STR("identifier"), value_string(e->identifier));
	if (e->elapsed_ms > 0)
		value_set(p->arena, &line, STR("elapsed_ms"), value_int(e->elapsed_ms));
	if (e->total > 0) {
		value_set(p->arena, &line, STR("done"), value_int((int64_t)e->done));
		value_set(p->arena, &line, STR("total"), value_int((int64_t)e->total));
	}
	json_print(out, &line);
	buf_add_char(out, '\n');
}

static void tell_interruption(struct progress *p, struct buf *out)
{
	if (!p->interruption_told)
		buf_add_c(out, "interrupted: what is under way may end; "
			  "once more stops at once\n");
	p->interruption_told = true;
}

/*
 * Reading is quick and silent unless it fails.  After an interruption the summary counts what
 * was not begun; a line for each would hide what was left open.
 */
static bool is_told(const struct progress *p, const struct event *e)
{
	if (e->kind == EVENT_SKIPPED && p->interruption_told)
		return false;
	return e->node || e->kind == EVENT_FAILED;
}

static void emit(void *context, const struct event *e)
{
	struct progress *p = context;
	struct arena scratch;
	struct buf out;

	CHECK(e->kind != EVENT_CALL && e->kind != EVENT_WAITED);
	arena_init(&scratch);
	buf_init(&out, &scratch);
	track(p, e);
	if (p->style == PROGRESS_JSON) {
		if (e->kind != EVENT_USABLE)
			emit_json(p, e, &out);
		tell_blocking(p, e, &out);
	} else {
		if (p->style == PROGRESS_TREE)
			erase(p, &out);
		if (p->interrupted && *p->interrupted)
			tell_interruption(p, &out);
		if (has_ended(e->kind) && is_told(p, e))
			ended_line(p, e, &out);
		if (p->style == PROGRESS_TREE)
			draw(p, &out);
		else
			tell_blocking(p, e, &out);
	}
	write_buf(p, &out);
	arena_release(&scratch);
}

struct event_sink progress_sink(struct progress *p)
{
	return (struct event_sink){ .context = p, .emit = emit };
}

void progress_begin(struct progress *p, size_t total)
{
	p->done = 0;
	p->total = total;
	p->begun_ms = p->told_ms = p->clock->now_ms(p->clock->context);
}

void progress_end(struct progress *p)
{
	struct arena scratch;
	struct buf out;

	if (p->drawn == 0)
		return;
	arena_init(&scratch);
	buf_init(&out, &scratch);
	erase(p, &out);
	write_buf(p, &out);
	p->active.count = 0;
	arena_release(&scratch);
}
