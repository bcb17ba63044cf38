#include <stddef.h>
#include <stdint.h>

#include "base/fs.h"
#include "spec/expr.h"

/*
 * Any bytes as the file of templatefile(): with text, lists, tables and
 * unknown values as its variables it comes to a value or to mistakes, in bounded
 * steps, and twice to the same.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define BUDGET 200000
#define CALL "${templatefile('t', { a = 'x', b = [1, 2.5, null], c = { k = true }, d = later })}"

static struct value lookup(void *context, struct arena *a, const struct expr *reference,
			   size_t *used, struct diags *d)
{
	(void)context;
	(void)d;
	*used = reference->step_count;
	return value_unknown(a, STR("later"), STR("arn:"));
}

static struct value evaluate(struct arena *a, const struct files *files, const struct value *v,
			     struct diags *d)
{
	size_t budget = BUDGET;
	const struct expr_scope scope = { .lookup = lookup, .budget = &budget, .files = files };

	return value_evaluate(a, v, &scope, d);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct value call = value_string(STR(CALL)), v, once, twice;
	struct files *files;
	struct arena arena;
	struct diags d;

	if (size > EXPR_TEXT_LIMIT)
		return 0;
	arena_init(&arena);
	diags_init(&d, &arena);
	files = files_memory(&arena);
	files_memory_add(&arena, files, STR("t"), str_of((const char *)data, size));
	CHECK(expr_parse(&arena, &call, &v, &d));
	once = evaluate(&arena, files, &v, &d);
	CHECK((d.error_count > 0) == (once.kind == VALUE_NULL && once.marks & VALUE_DAMAGED));
	twice = evaluate(&arena, files, &v, NULL);
	CHECK(value_equal(&once, &twice));
	arena_release(&arena);
	return 0;
}
