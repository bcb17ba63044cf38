#include "base/json.h"

/* Any bytes: refused with a reason, or read; what was read prints to text that reads back equal. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void print_and_read(struct arena *a, const struct value *v)
{
	struct error err = { 0 };
	struct value back;
	struct buf pretty;

	CHECK(json_parse(a, json_text(a, v), SPAN_NOWHERE, &back, &err));
	CHECK(value_equal(v, &back));
	CHECK(json_parse(a, json_text_canonical(a, v), SPAN_NOWHERE, &back, &err));
	CHECK(value_equal(v, &back) && value_compare(v, &back) == 0);
	buf_init(&pretty, a);
	json_print_pretty(&pretty, v, 0);
	CHECK(json_parse(a, buf_str(&pretty), SPAN_NOWHERE, &back, &err));
	CHECK(value_equal(v, &back));
}

/* Every span lies within the text, and what it holds within it. */
static void check_spans(const struct value *v, size_t size)
{
	CHECK(v->span.start < v->span.end && v->span.end <= size);
	if (v->kind == VALUE_STRING)
		(void)value_text_span(v, 0, v->string.length);
	for (size_t i = 0; v->kind == VALUE_LIST && i < v->list.count; i++)
		check_spans(&v->list.items[i], size);
	for (uint32_t i = 0; v->kind == VALUE_MAP && i < v->map.count; i++)
		check_spans(&((const struct member *)v->map.entries[i].value)->value, size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct error err = { 0 };
	struct arena a;
	struct value v;

	arena_init(&a);
	if (json_parse(&a, str_of((const char *)data, size), 0, &v, &err)) {
		check_spans(&v, size);
		print_and_read(&a, &v);
	} else {
		CHECK(err.kind != ERROR_NONE && err.text[0] && str_is_utf8(str_from_c(err.text)));
	}
	arena_release(&a);
	return 0;
}
