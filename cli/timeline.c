#include "timeline.h"

#include "base/fs.h"
#include "base/json.h"

#define FILE_MODE 0600
#define PROCESS 1

void timeline_begin(struct timeline *t, struct arena *a, const struct clock *clock,
		    const struct plan *plan, struct event_sink next)
{
	*t = (struct timeline){
		.arena = a, .clock = clock, .plan = plan, .next = next,
		.begin_ms = clock->now_ms(clock->context),
		.nodes = arena_array(a, struct timeline_node, plan->node_count),
	};
}

/* ---- collecting ---- */

static size_t track_of(struct timeline *t, const struct event *e)
{
	struct str title = str_format(t->arena, "%.*s %.*s", STR_ARG(e->verb), STR_ARG(e->address));
	void **place = map_put(t->arena, &t->tracks, title);

	if (!*place) {
		size_t *number = arena_new(t->arena, size_t);

		*number = t->tracks.count;
		*place = number;
	}
	return *(size_t *)*place;
}

static void add_span(struct timeline *t, const struct event *e, const char *category,
		     int64_t now_ms)
{
	*vec_push(t->arena, &t->spans) = (struct timeline_span){
		.name = str_copy(t->arena, e->text), .category = category,
		.note = str_copy(t->arena, e->identifier), .track = track_of(t, e),
		.start_ms = now_ms - e->elapsed_ms, .elapsed_ms = e->elapsed_ms,
	};
}

static void node_ended(struct timeline_node *node, const char *outcome, int64_t now_ms)
{
	node->end_ms = now_ms;
	if (node->ready_ms < node->start_ms)
		node->ready_ms = now_ms;
	node->outcome = str_from_c(outcome);
}

static void collect(struct timeline *t, const struct event *e)
{
	struct timeline_node *node =
		e->node ? &t->nodes[e->node - t->plan->nodes] : NULL;
	int64_t now_ms = t->clock->now_ms(t->clock->context) - t->begin_ms;

	switch (e->kind) {
	case EVENT_CALL:
		add_span(t, e, "call", now_ms);
		return;
	case EVENT_WAITED:
		add_span(t, e, "wait", now_ms);
		return;
	case EVENT_STARTED:
		if (node)
			*node = (struct timeline_node){ .track = track_of(t, e),
							.start_ms = now_ms, .ready_ms = -1 };
		return;
	case EVENT_USABLE:
		if (node)
			node->ready_ms = now_ms;
		return;
	case EVENT_DONE:
		if (node)
			node_ended(node, "done", now_ms);
		return;
	case EVENT_FAILED:
		if (node)
			node_ended(node, "failed", now_ms);
		return;
	case EVENT_OPEN:
		if (node)
			node_ended(node, "left unfinished", now_ms);
		return;
	case EVENT_NOTE:
	case EVENT_SKIPPED:
	case EVENT_PROGRESS:
		return;
	}
}

static void emit(void *context, const struct event *e)
{
	struct timeline *t = context;

	collect(t, e);
	if (e->kind != EVENT_CALL && e->kind != EVENT_WAITED)
		t->next.emit(t->next.context, e);
}

struct event_sink timeline_sink(struct timeline *t)
{
	return (struct event_sink){ .context = t, .emit = emit, .detailed = true };
}

/* ---- the longest path ---- */

/* Of what it waited for, the one that let it begin. */
static uint32_t let_begin(const struct timeline *t, uint32_t n)
{
	const struct node *node = &t->plan->nodes[n];
	uint32_t last = UINT32_MAX;

	for (size_t i = 0; i < node->after_count; i++) {
		const struct timeline_node *before = &t->nodes[node->after[i]];

		if (before->track &&
		    (last == UINT32_MAX || before->ready_ms > t->nodes[last].ready_ms))
			last = node->after[i];
	}
	return last;
}

/* Marks those that led to what was usable last: reading it afterwards holds nobody up. */
static void mark_critical(const struct timeline *t, bool *critical)
{
	uint32_t at = UINT32_MAX;

	for (uint32_t n = 0; n < t->plan->node_count; n++)
		if (t->nodes[n].track &&
		    (at == UINT32_MAX || t->nodes[n].ready_ms > t->nodes[at].ready_ms))
			at = n;
	for (; at != UINT32_MAX && !critical[at]; at = let_begin(t, at))
		critical[at] = true;
}

/* ---- writing ---- */

static void add_text(struct arena *a, struct value *map, const char *key, struct str text)
{
	value_set(a, map, str_from_c(key), value_string(text));
}

static void add_number(struct arena *a, struct value *map, const char *key, int64_t number)
{
	value_set(a, map, str_from_c(key), value_int(number));
}

static void add_event(struct buf *out, const struct value *event)
{
	if (out->data[out->length - 1] != '[')
		buf_add_char(out, ',');
	buf_add_char(out, '\n');
	json_print(out, event);
}

/* What the viewer calls a track or all of them. */
static void add_name(struct arena *a, struct buf *out, const char *what, size_t track,
		     struct str name)
{
	struct value event = value_map(), args = value_map();

	add_text(a, &args, "name", name);
	add_text(a, &event, "ph", STR("M"));
	add_text(a, &event, "name", str_from_c(what));
	add_number(a, &event, "pid", PROCESS);
	add_number(a, &event, "tid", (int64_t)track);
	value_set(a, &event, STR("args"), args);
	add_event(out, &event);
}

static void add_slice(struct arena *a, struct buf *out, const struct timeline_span *s,
		      const struct value *args)
{
	struct value event = value_map();

	add_text(a, &event, "ph", STR("X"));
	add_text(a, &event, "name", s->name);
	add_text(a, &event, "cat", str_from_c(s->category));
	add_number(a, &event, "ts", s->start_ms * 1000);
	add_number(a, &event, "dur", s->elapsed_ms * 1000);
	add_number(a, &event, "pid", PROCESS);
	add_number(a, &event, "tid", (int64_t)s->track);
	value_set(a, &event, STR("args"), *args);
	add_event(out, &event);
}

static void add_node(const struct timeline *t, struct arena *a, struct buf *out, uint32_t n,
		     bool critical, int64_t end_ms)
{
	const struct timeline_node *node = &t->nodes[n];
	struct str address = t->plan->actions[t->plan->nodes[n].action].address;
	int64_t until_ms = node->outcome.length ? node->end_ms : end_ms;
	struct value args = value_map();
	struct timeline_span slice = {
		.name = address, .category = "make", .track = node->track,
		.start_ms = node->start_ms, .elapsed_ms = until_ms - node->start_ms,
	};

	add_text(a, &args, "outcome", node->outcome.length ? node->outcome : STR("unknown"));
	if (node->ready_ms >= node->start_ms)
		add_number(a, &args, "usable_after_ms", node->ready_ms - node->start_ms);
	value_set(a, &args, STR("critical"), value_bool(critical));
	add_slice(a, out, &slice, &args);
	if (!critical)
		return;
	slice.track = 0;
	add_slice(a, out, &slice, &args);
}

static void add_span_slice(struct arena *a, struct buf *out, const struct timeline_span *s)
{
	struct value args = value_map();

	if (s->note.length)
		add_text(a, &args, "code", s->note);
	add_slice(a, out, s, &args);
}

bool timeline_write(const struct timeline *t, struct str path, struct error *err)
{
	int64_t end_ms = t->clock->now_ms(t->clock->context) - t->begin_ms;
	struct arena scratch;
	struct buf out;
	bool *critical, ok;

	arena_init(&scratch);
	buf_init(&out, &scratch);
	critical = arena_array(&scratch, bool, t->plan->node_count);
	mark_critical(t, critical);
	buf_add_c(&out, "{\"displayTimeUnit\":\"ms\",\"traceEvents\":[");
	add_name(&scratch, &out, "process_name", 0, STR("effc"));
	add_name(&scratch, &out, "thread_name", 0, STR("the longest path"));
	for (uint32_t i = 0; i < t->tracks.count; i++)
		add_name(&scratch, &out, "thread_name", i + 1, t->tracks.entries[i].key);
	for (uint32_t n = 0; n < t->plan->node_count; n++)
		if (t->nodes[n].track)
			add_node(t, &scratch, &out, n, critical[n], end_ms);
	for (size_t i = 0; i < t->spans.count; i++)
		add_span_slice(&scratch, &out, &t->spans.items[i]);
	buf_add_c(&out, "\n]}\n");
	ok = file_replace(path, buf_str(&out), FILE_MODE, err);
	arena_release(&scratch);
	return ok;
}
