#include <stddef.h>
#include <stdint.h>

#include "spec/spec.h"

/*
 * Any text as a spec: the tokens cover it, every message stands inside it, and
 * both printers can print what was read.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_cover(const struct document *document, const struct diags *d, size_t size)
{
	uint32_t at = 0;

	for (size_t i = 0; i < document->tokens.count; i++) {
		CHECK(document->tokens.items[i].span.start == at);
		CHECK(document->tokens.items[i].span.end > at);
		at = document->tokens.items[i].span.end;
	}
	CHECK(at == size);
	for (size_t i = 0; i < d->count; i++) {
		CHECK(d->items[i].span.start <= d->items[i].span.end);
		CHECK(d->items[i].span.end <= size);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = str_of((const char *)data, size);
	struct document document = { 0 };
	struct sources sources = { 0 };
	struct arena arena;
	struct diags d;
	struct buf out;
	uint32_t file;

	if (size > SPEC_FILE_LIMIT)
		return 0;
	arena_init(&arena);
	diags_init(&d, &arena);
	file = sources_add(&arena, &sources, STR("fuzz.toml"), text);
	CHECK(toml_parse(&arena, text, file, &document, &d) == (d.error_count == 0));
	check_cover(&document, &d, size);
	buf_init(&out, &arena);
	spec_print_tokens(&out, &document, &sources);
	spec_print_tree(&out, &document.root, &sources);
	diags_print(&out, &d, &sources, false);
	arena_release(&arena);
	return 0;
}
