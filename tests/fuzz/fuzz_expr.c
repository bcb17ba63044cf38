#include <stddef.h>
#include <stdint.h>

#include "spec/expr.h"

/*
 * Any bytes as the text of a string: what parses prints, and the print parses
 * and means the same over a scope of every kind of value.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct value lookup(void *context, struct arena *a, const struct expr *reference,
			   size_t *used, struct diags *d)
{
	struct str name = reference->steps[0].name;

	(void)context;
	(void)used;
	(void)d;
	switch (name.length % 6) {
	case 0: return value_null();
	case 1: return value_string(name);
	case 2: return value_int((int64_t)name.length);
	case 3: return value_unknown(a, STR("later"), name);
	case 4: return value_map();
	default: return value_float(1e300);
	}
}

static void count(void *context, struct str path, const struct expr *e)
{
	size_t *total = context;

	CHECK(!path.length && e->kind == EXPR_REFERENCE);
	++*total;
}

static struct str print(struct arena *a, const struct value *v)
{
	struct buf b;

	buf_init(&b, a);
	expr_print(&b, v->expr);
	return buf_str(&b);
}

static void use(struct arena *a, const struct value *v, struct diags *d)
{
	size_t budget = EXPR_STEP_BUDGET;
	const struct expr_scope scope = { .lookup = lookup, .budget = &budget };
	struct str text = print(a, v);
	struct value printed = value_string(text), again, result, same;
	size_t total = 0;

	expr_visit(a, v, count, &total);
	CHECK(total <= EXPR_COUNT_LIMIT);
	CHECK(expr_parse(a, &printed, &again, d));
	result = value_evaluate(a, v, &scope, d);
	same = value_evaluate(a, &again, &scope, NULL);
	CHECK(value_equal(&result, &same));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct value v = value_string(str_of((const char *)data, size)), out;
	struct sources sources = { 0 };
	struct arena arena;
	struct diags d;

	if (size > SPAN_NOWHERE / 4)
		return 0;
	arena_init(&arena);
	diags_init(&d, &arena);
	v.span = (struct span){ sources_add(&arena, &sources, STR("fuzz"), v.string), 0,
				(uint32_t)size };
	CHECK(expr_parse(&arena, &v, &out, &d) == (d.error_count == 0));
	for (size_t i = 0; i < d.count; i++)
		CHECK(d.items[i].span.end <= size);
	if (out.kind == VALUE_EXPR)
		use(&arena, &out, &d);
	arena_release(&arena);
	return 0;
}
