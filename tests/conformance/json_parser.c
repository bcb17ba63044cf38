#include "helper.h"

#include "base/json.h"

bool json_parser_answer(struct arena *a, struct str question, struct buf *answer,
			struct error *err)
{
	struct value v;

	if (!json_parse(a, question, SPAN_NOWHERE, &v, err))
		return false;
	json_print(answer, &v);
	return true;
}
