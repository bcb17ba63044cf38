#ifndef EFFC_TESTS_UNIT_SPEC_FUNCTION_CASE_H
#define EFFC_TESTS_UNIT_SPEC_FUNCTION_CASE_H

#include "unit.h"

#include "base/json.h"
#include "spec/function/family.h"

/*
 * One call: its arguments as the items of a JSON list.  Text that is UNKNOWN,
 * "UNKNOWN:prefix" or "SECRET:text" stands for such a value.  The result is JSON,
 * "!" and the message of a mistake, or "?type" (a prefix of text behind a blank).
 */
struct function_case {
	const char *name, *arguments, *result;
};

static inline struct value case_value(struct arena *a, const struct value *v)
{
	struct value out = *v;

	if (v->kind == VALUE_LIST) {
		out = value_list(NULL, 0);
		for (size_t i = 0; i < v->list.count; i++)
			value_append(a, &out, case_value(a, &v->list.items[i]));
	} else if (v->kind == VALUE_MAP) {
		out = value_map();
		for (uint32_t i = 0; i < v->map.count; i++) {
			const struct member *member = v->map.entries[i].value;

			value_set(a, &out, v->map.entries[i].key, case_value(a, &member->value));
		}
	} else if (v->kind == VALUE_STRING && str_equal_c(v->string, "UNKNOWN")) {
		out = value_unknown_of(a, NULL, STR("later"));
	} else if (v->kind == VALUE_STRING && str_starts(v->string, STR("UNKNOWN:"))) {
		out = value_unknown(a, STR("later"), str_slice(v->string, 8, v->string.length));
	} else if (v->kind == VALUE_STRING && str_starts(v->string, STR("SECRET:"))) {
		out.string = str_slice(v->string, 7, v->string.length);
		out.marks |= VALUE_SECRET;
	}
	return out;
}

static inline void case_print(struct arena *a, struct buf *b, const struct value *v,
			      const struct diags *d)
{
	if (d->count) {
		for (size_t i = 0; i < d->count; i++)
			buf_printf(b, "!%s %.*s", d->items[i].code, STR_ARG(d->items[i].text));
	} else if (v->kind == VALUE_UNKNOWN) {
		buf_add_char(b, '?');
		if (v->unknown->type)
			buf_printf(b, "%d", (int)v->unknown->type->kind);
		if (v->unknown->prefix.length)
			buf_printf(b, " %.*s", STR_ARG(v->unknown->prefix));
	} else {
		buf_add(b, marks_within(v) & VALUE_SECRET ? json_text(a, v) : function_json(a, v));
	}
}

static inline struct str case_apply(struct arena *a, const struct expr_scope *scope,
				    const struct function_case *one)
{
	struct function_call call = { .arena = a, .scope = scope, .span = SPAN_NONE };
	struct value json, args, out;
	struct error err = { 0 };
	struct diags d;
	struct buf b;

	buf_init(&b, a);
	diags_init(&d, a);
	call.function = function_find(str_from_c(one->name));
	ck_assert_msg(call.function, "no function '%s'", one->name);
	ck_assert_msg(json_parse(a, str_from_c(one->arguments), SPAN_NOWHERE, &json, &err),
		      "%s: %s", one->arguments, err.text);
	args = case_value(a, &json);
	call.args = args.list.items;
	call.count = args.list.count;
	call.d = &d;
	out = function_apply(&call);
	ck_assert_int_eq(d.error_count > 0, (out.marks & VALUE_DAMAGED) != 0);
	case_print(a, &b, &out, &d);
	return buf_str(&b);
}

static inline void case_check(const struct function_case *one, const struct expr_scope *scope)
{
	struct arena arena;
	struct str got;

	arena_init(&arena);
	got = case_apply(&arena, scope, one);
	/* "!E0265": of the words of others only the code is known. */
	if (str_equal_c(str_slice(got, 0, 6), one->result))
		got = str_slice(got, 0, 6);
	ck_assert_msg(str_equal_c(got, one->result), "%s %s\ngot  %.*s\nwant %s", one->name,
		      one->arguments, STR_ARG(got), one->result);
	arena_release(&arena);
}

#define CASES_TEST(table, scope) \
	START_TEST(table##_hold) \
	{ \
		case_check(&table[_i], scope); \
	} \
	END_TEST
#define CASES_ADD(tc, table) \
	tcase_add_loop_test(tc, table##_hold, 0, sizeof(table) / sizeof(*(table)))

#endif
