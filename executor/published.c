#include "published.h"

#include "base/json.h"

#define PAGES_MOST 100

static struct step ask(const struct published *p, struct arena *a, struct str token)
{
	struct step step = { .kind = STEP_SEND };
	struct value input = value_map();

	value_set(a, &input, STR("Path"),
		  value_string(str_slice(p->folder, 0, p->folder.length - 1)));
	value_set(a, &input, STR("Recursive"), value_bool(false));
	value_set(a, &input, STR("WithDecryption"), value_bool(false));
	if (token.length)
		value_set(a, &input, STR("NextToken"), value_string(token));
	step.call = (struct call){ .service = STR("ssm"), .operation = STR("GetParametersByPath"),
				   .input = input, .scope = p->scope };
	return step;
}

/* JSON where it is that, else the text itself. */
static struct value value_of(struct arena *a, struct str text)
{
	struct value v;
	struct error none = { 0 };

	return json_parse(a, text, SPAN_NOWHERE, &v, &none) ? v : value_string(text);
}

static void take(struct published *p, struct arena *a, const struct value *parameters)
{
	for (size_t i = 0; parameters && parameters->kind == VALUE_LIST &&
	     i < parameters->list.count; i++) {
		const struct value *item = &parameters->list.items[i];
		const struct value *text = value_get_c(item, "Value");
		struct str path = value_get_str(item, "Name");

		if (!text || text->kind != VALUE_STRING || !str_starts(path, p->folder) ||
		    !str_equal_c(value_get_str(item, "Type"), "String"))
			continue;
		value_set(a, &p->outputs, str_slice(path, p->folder.length, path.length),
			  value_of(a, text->string));
	}
}

static struct step fail(struct published *p, struct arena *a, const struct reply *last)
{
	struct call call = ask(p, a, (struct str){ 0 }).call;
	struct buf text;

	buf_init(&text, a);
	aws_describe(&text, &call, last);
	error_set(&p->error, ERROR_AWS, "%.*s", STR_ARG(buf_str(&text)));
	return (struct step){ .kind = STEP_FAIL };
}

struct step published_next(struct published *p, struct arena *a, const struct reply *last)
{
	struct str token;

	if (!last) {
		p->outputs = value_map();
		return ask(p, a, (struct str){ 0 });
	}
	if (last->class != REPLY_OK)
		return fail(p, a, last);
	take(p, a, value_get_c(&last->body, "Parameters"));
	token = value_get_str(&last->body, "NextToken");
	if (!token.length)
		return (struct step){ .kind = STEP_DONE };
	if (++p->pages < PAGES_MOST)
		return ask(p, a, token);
	error_set(&p->error, ERROR_LIMIT, "more than %d pages of parameters below %.*s", PAGES_MOST,
		  STR_ARG(p->folder));
	return (struct step){ .kind = STEP_FAIL };
}
