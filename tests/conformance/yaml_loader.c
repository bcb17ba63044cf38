#include "helper.h"

#include "base/json.h"
#include "base/yaml.h"

bool yaml_loader_answer(struct arena *a, struct str question, struct buf *answer,
			struct error *err)
{
	struct sources sources = { 0 };
	uint32_t file = sources_add(a, &sources, STR("stdin"), question);
	struct diags diags;
	struct value v;

	diags_init(&diags, a);
	if (yaml_read(a, question, file, YAML_DOCUMENTS | YAML_ANY_TAG, &v, &diags)) {
		json_print(answer, &v);
		return true;
	}
	diags_sort(&diags);
	return error_set(err, ERROR_PARSE, "%.*s: %.*s",
			 STR_ARG(span_text(a, &sources, diags.items[0].span)),
			 STR_ARG(diags.items[0].text));
}
