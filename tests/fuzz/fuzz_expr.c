#include "spec/expr.h"

/* Any text as a string with expressions; what was read prints, and is evaluated with odd answers. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Every kind of value in turn. */
static struct value answer(void *context, struct arena *a, const struct expr *reference)
{
	unsigned *count = context;
	struct value v;

	switch (*count = (*count + 1) % 6) {
	case 0:
		return value_string(STR("text"));
	case 1:
		return value_unknown(STR("later"), STR("prefix"));
	case 2:
		return value_float(1.5);
	case 3:
		v = value_list(NULL, 0);
		value_append(a, &v, value_int((int64_t)reference->step_count));
		return v;
	case 4:
		v = value_string(STR("hidden"));
		v.marks = VALUE_SECRET;
		return v;
	}
	return value_null();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct value text = value_string(str_of((const char *)data, size)), parsed, result;
	unsigned count = 0;
	struct expr_scope scope = { &count, answer };
	struct diags d;
	struct arena a;
	struct buf out;

	if (!str_is_utf8(text.string))
		return 0;
	arena_init(&a);
	diags_init(&d, &a);
	buf_init(&out, &a);
	if (expr_parse(&a, &text, &parsed, &d)) {
		if (parsed.kind == VALUE_EXPR)
			expr_print(&out, parsed.expr);
		result = value_evaluate(&a, &parsed, &scope, &d);
		CHECK(result.kind != VALUE_EXPR);
	} else {
		CHECK(d.error_count > 0);
	}
	arena_release(&a);
	return 0;
}
