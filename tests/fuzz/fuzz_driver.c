#include "base/yaml.h"
#include "schemas/driver.h"

/* Any text as a driver, as a user might bring with --schemas. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = str_of((const char *)data, size);
	struct sources sources = { 0 };
	struct driver driver = { 0 };
	struct value source;
	struct diags d;
	struct buf out;
	struct arena a;
	uint32_t file;

	arena_init(&a);
	diags_init(&d, &a);
	file = sources_add(&a, &sources, STR("fuzz.yaml"), text);
	if (yaml_parse(&a, text, file, &source, &d) && !driver_parse(&a, &source, &driver, &d))
		CHECK(d.error_count > 0);
	buf_init(&out, &a);
	diags_print(&out, &d, &sources, false);
	arena_release(&a);
	return 0;
}
