#include "render.h"

#include "base/json.h"

#define WORDS_SHOWN 3
#define WHOLE_MOST 24			/* lists and maps up to this are shown whole */

/*
 * Two policies that differ in one ARN look alike when they are cut short, so of
 * long values only the scalars that one side has more of are shown:
 * - those that went, + those that came.
 */
struct words {
	struct arena *arena;
	struct map counts;		/* text -> int64_t: how often after, less before */
};

static void count_words(struct words *w, const struct value *v, int64_t step)
{
	void **place;
	int64_t *count;

	if (v->kind == VALUE_LIST) {
		for (size_t i = 0; i < v->list.count; i++)
			count_words(w, &v->list.items[i], step);
		return;
	}
	if (v->kind == VALUE_MAP) {
		for (uint32_t i = 0; i < v->map.count; i++)
			count_words(w, &((struct member *)v->map.entries[i].value)->value, step);
		return;
	}
	place = map_put(w->arena, &w->counts, json_text(w->arena, v));
	if (!*place)
		*place = arena_new(w->arena, int64_t);
	count = *place;
	*count += step;
}

static void count_side(struct words *w, const struct value *v, int64_t step)
{
	struct value parsed;

	if (v->kind == VALUE_STRING && json_parse(w->arena, v->string, SPAN_NOWHERE, &parsed, NULL))
		v = &parsed;
	count_words(w, v, step);
}

static size_t add_words(struct buf *out, const struct words *w, int64_t sign, size_t limit_bytes)
{
	size_t found = 0;

	for (uint32_t i = 0; i < w->counts.count; i++) {
		const int64_t *count = w->counts.entries[i].value;

		if (*count * sign <= 0 || ++found > WORDS_SHOWN)
			continue;
		buf_add_c(out, sign > 0 ? " +" : " -");
		render_short(out, w->counts.entries[i].key, limit_bytes);
	}
	if (found > WORDS_SHOWN)
		buf_printf(out, " %c%zu more", sign > 0 ? '+' : '-', found - WORDS_SHOWN);
	return found;
}

/* Of lists and maps most is alike, so they are documents sooner than a text. */
static bool is_document(struct arena *a, const struct value *v, size_t limit_bytes)
{
	if (v->kind == VALUE_LIST || v->kind == VALUE_MAP)
		return json_text(a, v).length > WHOLE_MOST;
	return v->kind != VALUE_NULL && v->kind != VALUE_UNKNOWN &&
	       json_text(a, v).length > limit_bytes;
}

void render_difference(struct buf *out, const struct value *before, const struct value *after,
		       size_t limit_bytes)
{
	struct arena scratch;
	struct words words = { .arena = &scratch };
	size_t found;

	arena_init(&scratch);
	if (is_document(&scratch, before, limit_bytes) &&
	    is_document(&scratch, after, limit_bytes)) {
		count_side(&words, before, -1);
		count_side(&words, after, 1);
		found = add_words(out, &words, -1, limit_bytes);
		found += add_words(out, &words, 1, limit_bytes);
		if (!found)
			buf_add_c(out, " (put in another order)");
	} else {
		buf_add_char(out, ' ');
		render_value(out, before, limit_bytes);
		buf_add_c(out, " -> ");
		render_value(out, after, limit_bytes);
	}
	arena_release(&scratch);
}
