#include "base/json.h"
#include "base/yaml.h"

/* Any bytes: refused with a message that can be printed, or a value that prints as JSON. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = str_of((const char *)data, size);
	struct sources sources = { 0 };
	struct error err = { 0 };
	struct value v, back;
	struct diags d;
	struct buf out;
	struct arena a;
	uint32_t file;

	arena_init(&a);
	diags_init(&d, &a);
	buf_init(&out, &a);
	file = sources_add(&a, &sources, STR("fuzz.yaml"), text);
	if (yaml_parse(&a, text, file, &v, &d)) {
		CHECK(d.count == 0);
		CHECK(json_parse(&a, json_text(&a, &v), SPAN_NOWHERE, &back, &err));
	} else {
		CHECK(d.error_count > 0);
		diags_print(&out, &d, &sources, true);
		CHECK(str_is_utf8(buf_str(&out)));
	}
	arena_release(&a);
	return 0;
}
