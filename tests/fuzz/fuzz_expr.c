#include <stddef.h>
#include <stdint.h>

#include "spec/convert.h"
#include "spec/expr.h"

/*
 * Any bytes as the text of a string: what parses prints, the print parses,
 * prints the same and means the same over a scope of every kind of value; what
 * is left open at first can be evaluated and printed again; and nothing else
 * comes of it where it is evaluated as it is read.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define BUDGET 200000

static struct value lists(struct arena *a)
{
	struct value *items = arena_array(a, struct value, 3);

	items[0] = value_int(1);
	items[1] = value_string(STR("b"));
	items[2] = value_map();
	value_set(a, &items[2], STR("k"), value_bool(true));
	return value_list(items, 3);
}

static struct value open_value(struct arena *a, const struct expr *e)
{
	struct expr *copy = arena_new(a, struct expr);

	*copy = *e;
	copy->scope = 1;
	return (struct value){ .kind = VALUE_EXPR, .span = e->span, .expr = copy };
}

/* The context is whether names of an even length stay open. */
static struct value lookup(void *context, struct arena *a, const struct expr *reference,
			   size_t *used, struct diags *d)
{
	const bool *opens = context;
	struct str name = reference->steps[0].name;
	struct value v;

	(void)d;
	if (*opens && name.length % 2 == 0)
		return open_value(a, reference);
	*used = 1;
	switch (name.data[0] % 10) {
	case 0: return value_null();
	case 1: return value_string(name);
	case 2: return value_int((int64_t)name.length);
	case 3: return value_unknown(a, STR("later"), name);
	case 4: return value_unknown_of(a, &strings_type, STR("later"));
	case 5: return lists(a);
	case 6: return lists(a).list.items[2];
	case 7: return value_float(1e300);
	case 8: return value_bool(name.length % 4 == 0);
	default:
		v = value_string(name);
		v.marks = VALUE_SECRET;
		return v;
	}
}

static void count(void *context, struct str path, const struct expr *e)
{
	size_t *total = context;

	(void)path;
	CHECK(e->kind == EXPR_REFERENCE);
	++*total;
}

static struct str print(struct arena *a, const struct value *v)
{
	struct buf b;

	buf_init(&b, a);
	expr_print(&b, v->expr);
	return buf_str(&b);
}

static struct value evaluate(struct arena *a, const struct value *v, bool opens, struct diags *d)
{
	size_t budget = BUDGET;
	const struct expr_scope scope = { .context = &opens, .lookup = lookup, .budget = &budget };

	return value_evaluate(a, v, &scope, d);
}

/* The first time, texts beside each other become one. */
static void check_print(struct arena *a, const struct value *v, struct diags *d)
{
	struct value printed, again;

	if (v->kind != VALUE_EXPR)
		return;
	printed = value_string(print(a, v));
	CHECK(expr_parse(a, &printed, &again, d));
	CHECK(again.kind != VALUE_EXPR || str_equal(print(a, &again), printed.string));
}

static void use(struct arena *a, const struct value *v, struct diags *d)
{
	struct str text = print(a, v);
	struct value printed = value_string(text), again, whole, same, half;
	size_t total = 0;

	expr_visit(a, v, count, &total);
	CHECK(total <= EXPR_COUNT_LIMIT);
	CHECK(expr_parse(a, &printed, &again, d));
	check_print(a, &again, d);
	whole = evaluate(a, v, false, d);
	same = evaluate(a, &again, false, NULL);
	CHECK(value_equal(&whole, &same));
	half = evaluate(a, v, true, NULL);
	if (half.kind == VALUE_EXPR)
		(void)print(a, &half);
	(void)evaluate(a, &half, false, NULL);
}

/* Evaluated as it is read, it becomes what it becomes when it is parsed first. */
static void check_written(struct arena *a, const struct value *v, const struct value *parsed,
			  bool opens, struct diags *d)
{
	struct value map = value_map(), want;
	size_t budget = BUDGET;
	const struct expr_scope scope = { .context = &opens, .lookup = lookup, .budget = &budget };
	const struct value *got;
	bool closed;

	value_set(a, &map, STR("k"), *v);
	closed = value_evaluate_members(a, &map, &scope, d);
	got = value_get(&map, STR("k"));
	want = parsed->kind == VALUE_EXPR ? evaluate(a, parsed, opens, NULL) : *parsed;
	CHECK(closed == !value_has_unknown(&want));
	if (!got) {
		CHECK(want.kind == VALUE_NULL && !(want.marks & VALUE_DAMAGED));
		return;
	}
	CHECK(got->kind == want.kind && got->marks == want.marks);
	CHECK(!closed || value_equal(got, &want));
	if (want.kind == VALUE_EXPR)
		CHECK(str_equal(print(a, got), print(a, &want)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct value v = value_string(str_of((const char *)data, size)), out;
	struct sources sources = { 0 };
	struct arena arena;
	struct diags d;

	/* Every door refuses what is no text: the readers, eval, variables, file(). */
	if (size > SPAN_NOWHERE / 4 || !str_is_utf8(v.string))
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
	check_written(&arena, &v, &out, false, &d);
	check_written(&arena, &v, &out, true, &d);
	arena_release(&arena);
	return 0;
}
