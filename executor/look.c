#include "look.h"

#define LOOK_FIRST_MS 500
#define LOOK_MOST_MS 5000
#define FAILURES_SHOWN 5

void look_begin(struct look *l, enum op_kind kind, const struct op_input *input, int64_t window_ms)
{
	*l = (struct look){ .kind = kind, .input = *input, .window_ms = window_ms };
}

static struct step wait_longer(struct look *l, int64_t now_ms)
{
	int64_t wait_ms = LOOK_FIRST_MS << (l->misses < 4 ? l->misses : 4);
	int64_t left_ms = l->since_ms + l->window_ms - now_ms;

	l->misses++;
	l->op = NULL;
	if (wait_ms > LOOK_MOST_MS)
		wait_ms = LOOK_MOST_MS;
	return (struct step){ .kind = STEP_WAIT, .wait_ms = wait_ms < left_ms ? wait_ms : left_ms,
			      .note = STR("is not visible yet, looking again") };
}

struct step look_next(struct look *l, struct arena *a, const struct reply *last, int64_t now_ms)
{
	struct step step;

	if (!l->op)
		l->op = op_new(a, l->kind, &l->input);
	step = op_next(l->op, last, now_ms);
	if (step.kind != STEP_DONE || op_result(l->op)->found != OP_ABSENT)
		return step;
	if (!l->missed) {
		l->missed = true;
		l->since_ms = now_ms;
	}
	if (now_ms - l->since_ms >= l->window_ms)
		return step;
	return wait_longer(l, now_ms);
}

const struct op_result *look_result(const struct look *l)
{
	return op_result(l->op);
}

void failures_add(struct failures *f, struct str label, const struct error *error)
{
	if (!f->count++)
		f->kind = error->kind;
	if (f->count <= FAILURES_SHOWN)
		*vec_push(f->arena, &f->texts) = str_format(f->arena, "%.*s: %s", STR_ARG(label),
							    error->text);
}

bool failures_report(const struct failures *f, const char *heading, struct error *err)
{
	struct buf text;

	if (!f->count)
		return true;
	buf_init(&text, f->arena);
	for (size_t i = 0; i < f->texts.count; i++)
		buf_printf(&text, "%s%.*s", i ? "\n" : "", STR_ARG(f->texts.items[i]));
	if (f->count > f->texts.count)
		buf_printf(&text, "\nand %zu more", f->count - f->texts.count);
	return error_set(err, f->kind, "%s%s%.*s", heading, f->count > 1 ? "\n" : "",
			 STR_ARG(buf_str(&text)));
}
