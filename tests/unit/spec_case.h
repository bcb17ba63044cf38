#ifndef EFFC_TESTS_UNIT_SPEC_CASE_H
#define EFFC_TESTS_UNIT_SPEC_CASE_H

#include "unit.h"

#include "base/json.h"
#include "spec/spec.h"

/* One text being read, and what its readers check of every text, good or bad. */
struct spec_case {
	struct arena arena;
	struct sources sources;
	struct document document;
	struct diags diags;
};

static inline void case_parse(struct spec_case *c, struct str text)
{
	uint32_t file;
	bool good;

	*c = (struct spec_case){ 0 };
	arena_init(&c->arena);
	diags_init(&c->diags, &c->arena);
	file = sources_add(&c->arena, &c->sources, STR("t"), text);
	good = toml_parse(&c->arena, text, file, &c->document, &c->diags);
	ck_assert_int_eq(good, c->diags.error_count == 0);
	ck_assert_int_eq(good, !c->document.damaged);
	diags_sort(&c->diags);
}

static inline void case_release(struct spec_case *c)
{
	arena_release(&c->arena);
}

/*
 * The tokens are the text, byte for byte, and messages stand inside it.  One
 * assertion at the end: Check notes each on disk.
 */
static inline void case_check_cover(const struct spec_case *c, struct str text)
{
	bool good = true;
	uint32_t at = 0;

	for (size_t i = 0; i < c->document.tokens.count; i++) {
		struct span span = c->document.tokens.items[i].span;

		good = good && span.start == at && span.end > span.start;
		at = span.end;
	}
	for (size_t i = 0; i < c->diags.count; i++) {
		struct span span = c->diags.items[i].span;

		good = good && span.start <= span.end && span.end <= text.length;
	}
	ck_assert(good && at == text.length);
}

/* "2:3+5 text | help", one a line: line, column and how many bytes. */
static inline struct str case_messages(struct arena *a, const struct sources *sources,
				       const struct diags *d)
{
	struct buf b;

	buf_init(&b, a);
	for (size_t i = 0; i < d->count; i++) {
		const struct diag *m = &d->items[i];
		struct place place = span_place(sources, m->span);

		buf_printf(&b, "%s%u:%u+%u %.*s", i ? "\n" : "", place.line, place.column,
			   m->span.end - m->span.start, STR_ARG(m->text));
		if (m->help.length)
			buf_printf(&b, " | %.*s", STR_ARG(m->help));
	}
	return buf_str(&b);
}

#endif
