#include <stddef.h>
#include <stdint.h>

#include "base/json.h"
#include "spec/fmt.h"

/* Any text, as TOML and as JSON: the same values afterwards, and nothing to do a second time. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct str tree_of(struct arena *a, struct str path, struct str text)
{
	struct files *files = files_memory(a);
	struct sources sources = { 0 };
	struct spec spec;
	struct diags d;

	diags_init(&d, a);
	files_memory_add(a, files, path, text);
	/* What it includes is not there; the tree is. */
	spec_read(a, files, &sources, &path, 1, &spec, &d);
	return json_text(a, &spec.documents[0].root);
}

static void format_as(struct str path, struct str text)
{
	struct str once, twice;
	struct arena a;
	struct diags d;

	arena_init(&a);
	diags_init(&d, &a);
	if (fmt_text(&a, path, text, 0, &once, &d)) {
		CHECK(fmt_text(&a, path, once, 0, &twice, &d));
		CHECK(str_equal(once, twice));
		CHECK(str_equal(tree_of(&a, path, text), tree_of(&a, path, once)));
	} else {
		CHECK(d.error_count > 0);
	}
	arena_release(&a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = str_of((const char *)data, size);

	if (size > SPEC_FILE_LIMIT)
		return 0;
	format_as(STR("fuzz.toml"), text);
	format_as(STR("fuzz.json"), text);
	return 0;
}
