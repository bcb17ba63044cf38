#include "helper.h"

#include "base/json.h"
#include "spec/spec.h"

bool json_parser_answer(struct arena *a, struct str question, struct buf *answer,
			struct error *err)
{
	struct value v;

	if (!json_parse(a, question, SPAN_NOWHERE, &v, err))
		return false;
	json_print(answer, &v);
	return true;
}

/* The reader of specs, whose root is a table: the text becomes the value of a key. */
bool json_spec_answer(struct arena *a, struct str question, struct buf *answer,
		      struct error *err)
{
	struct str path = STR("stdin.json");
	struct files *files = files_memory(a);
	struct sources sources = { 0 };
	struct diags diags;
	struct spec spec;
	struct buf text;

	diags_init(&diags, a);
	buf_init(&text, a);
	buf_add_c(&text, "{\"a\":");
	buf_add(&text, question);
	buf_add_char(&text, '}');
	files_memory_add(a, files, path, buf_str(&text));
	if (spec_read(a, files, &sources, &path, 1, &spec, &diags)) {
		json_print(answer, value_get_c(&spec.root, "a"));
		return true;
	}
	return error_set(err, ERROR_PARSE, "%.*s", STR_ARG(diags.items[0].text));
}
