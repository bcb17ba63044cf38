#include <stddef.h>
#include <stdint.h>

#include "spec/spec.h"

/*
 * Any text as a spec in YAML and in JSON: every span stands inside it, every decoded
 * byte of a string too, and what was read or refused can be printed.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_span(struct span span, size_t size)
{
	CHECK(span.start <= span.end && span.end <= size);
}

static void check_value(const struct value *v, size_t size)
{
	check_span(v->span, size);
	CHECK(v->kind != VALUE_NULL || v->marks & VALUE_DAMAGED);
	if (v->kind == VALUE_STRING)
		for (size_t i = 0; i <= v->string.length; i++)
			CHECK(value_text_span(v, i, i).start <= size);
	if (v->kind == VALUE_LIST)
		for (size_t i = 0; i < v->list.count; i++)
			check_value(&v->list.items[i], size);
	for (uint32_t i = 0; v->kind == VALUE_MAP && i < v->map.count; i++) {
		const struct member *member = v->map.entries[i].value;

		check_span(member->key_span, size);
		check_value(&member->value, size);
	}
}

static void read_as(struct str path, struct str text)
{
	struct files *files;
	struct sources sources = { 0 };
	struct arena arena;
	struct spec spec;
	struct diags d;
	struct buf out;

	arena_init(&arena);
	diags_init(&d, &arena);
	files = files_memory(&arena);
	files_memory_add(&arena, files, path, text);
	CHECK(spec_read(&arena, files, &sources, &path, 1, &spec, &d) == (d.error_count == 0));
	CHECK(spec.documents[0].damaged == (d.error_count > 0));
	check_value(&spec.documents[0].root, text.length);
	for (size_t i = 0; i < d.count; i++)
		check_span(d.items[i].span, text.length);
	buf_init(&out, &arena);
	spec_print_tree(&out, &spec.root, &sources);
	diags_print(&out, &d, &sources, false);
	CHECK(str_is_utf8(buf_str(&out)));
	arena_release(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = str_of((const char *)data, size);

	if (size > SPEC_FILE_LIMIT)
		return 0;
	read_as(STR("fuzz.yaml"), text);
	read_as(STR("fuzz.json"), text);
	return 0;
}
