#include "spec/expr.h"
#include "spec/spec.h"

/*
 * Any bytes as TOML: every mistake has a message and a place, the tokens cover
 * the text from end to end, and what was read can be printed and looked into
 * for expressions.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_tokens(const struct document *document, size_t size)
{
	uint32_t at = 0;

	for (size_t i = 0; i < document->tokens.count; i++) {
		struct span span = document->tokens.items[i].span;

		CHECK(span.start == at && span.end > at);
		at = span.end;
	}
	CHECK(at == size);
}

static void look_inside(struct arena *a, const struct document *document, struct sources *sources,
			struct diags *d)
{
	struct value expressions;
	struct buf out;

	buf_init(&out, a);
	spec_print_tokens(&out, document, sources);
	spec_print_tree(&out, &document->root, sources);
	(void)expr_parse_all(a, &document->root, &expressions, d);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = str_of((const char *)data, size);
	struct document document = { 0 };
	struct sources sources = { 0 };
	struct diags d;
	struct buf out;
	struct arena a;
	uint32_t file;
	bool good;

	arena_init(&a);
	diags_init(&d, &a);
	file = sources_add(&a, &sources, STR("fuzz.toml"), text);
	good = toml_parse(&a, text, file, &document, &d);
	CHECK(good == (d.error_count == 0));
	if (good)
		check_tokens(&document, size);
	look_inside(&a, &document, &sources, &d);
	buf_init(&out, &a);
	diags_print(&out, &d, &sources, true);
	CHECK(str_is_utf8(buf_str(&out)));
	arena_release(&a);
	return 0;
}
