#include <stddef.h>
#include <stdint.h>

#include "base/json.h"
#include "schemas/types.h"
#include "schemas/wire.h"

/*
 * Any text: as wire facts, whose paths are then walked, and as the facts of a
 * type.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void walk(const struct wire_service *s)
{
	for (uint32_t i = 0; i < s->shapes.count; i++) {
		const struct wire_shape *shape = s->shapes.entries[i].value;

		(void)wire_path(shape, STR("a.b[].c"));
		for (uint32_t k = 0; k < shape->members.count; k++)
			(void)wire_path(shape, shape->members.entries[k].key);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = str_of((const char *)data, size);
	struct wire_service service;
	struct error err = { 0 };
	struct schema schema;
	struct arena arena;
	struct value json;
	struct diags d;

	arena_init(&arena);
	diags_init(&d, &arena);
	if (json_parse(&arena, text, SPAN_NOWHERE, &json, &err)) {
		if (wire_service_parse(&arena, STR("fuzz"), &json, &service, &err))
			walk(&service);
		if (type_parse(&arena, STR("AWS::Fuzz::Type"), &json, &schema, &d))
			(void)schema_property_path(&schema, STR("a.b[].c"));
	}
	arena_release(&arena);
	return 0;
}
