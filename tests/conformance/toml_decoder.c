#include "helper.h"

#include <inttypes.h>
#include <math.h>

#include "base/json.h"
#include "spec/fmt.h"
#include "spec/spec.h"

static void print(struct buf *out, const struct value *v);

static void print_tagged(struct buf *out, const char *type, struct str text)
{
	buf_printf(out, "{\"type\":\"%s\",\"value\":", type);
	json_print_string(out, text);
	buf_add_char(out, '}');
}

static struct str float_text(struct arena *a, double number)
{
	if (isnan(number))
		return STR("nan");
	if (isinf(number))
		return number < 0 ? STR("-inf") : STR("inf");
	return str_format(a, "%.17g", number);
}

static const char *datetime_type(enum datetime_kind kind)
{
	switch (kind) {
	case DATETIME_OFFSET: return "datetime";
	case DATETIME_LOCAL: return "datetime-local";
	case DATE_LOCAL: return "date-local";
	case TIME_LOCAL: return "time-local";
	}
	BUG("date-time of kind %d", (int)kind);
}

static void print_table(struct buf *out, const struct value *v)
{
	buf_add_char(out, '{');
	for (uint32_t i = 0; i < v->map.count; i++) {
		const struct member *member = v->map.entries[i].value;

		if (i)
			buf_add_char(out, ',');
		json_print_string(out, v->map.entries[i].key);
		buf_add_char(out, ':');
		print(out, &member->value);
	}
	buf_add_char(out, '}');
}

static void print_array(struct buf *out, const struct value *v)
{
	buf_add_char(out, '[');
	for (size_t i = 0; i < v->list.count; i++) {
		if (i)
			buf_add_char(out, ',');
		print(out, &v->list.items[i]);
	}
	buf_add_char(out, ']');
}

static void print(struct buf *out, const struct value *v)
{
	switch (v->kind) {
	case VALUE_MAP:
		print_table(out, v);
		return;
	case VALUE_LIST:
		print_array(out, v);
		return;
	case VALUE_STRING:
		print_tagged(out, "string", v->string);
		return;
	case VALUE_INT:
		print_tagged(out, "integer", str_format(out->arena, "%" PRId64, v->integer));
		return;
	case VALUE_FLOAT:
		print_tagged(out, "float", float_text(out->arena, v->number));
		return;
	case VALUE_BOOL:
		print_tagged(out, "bool", v->boolean ? STR("true") : STR("false"));
		return;
	case VALUE_DATETIME:
		print_tagged(out, datetime_type(v->datetime.kind), v->datetime.text);
		return;
	default:
		BUG("a %s in a TOML document", value_kind_name(v->kind));
	}
}

static bool refuse(const struct sources *sources, struct diags *diags, struct error *err)
{
	struct place place;

	diags_sort(diags);
	place = span_place(sources, diags->items[0].span);
	return error_set(err, ERROR_PARSE, "line %u, column %u: %.*s", place.line, place.column,
			 STR_ARG(diags->items[0].text));
}

/* toml-test's decoder: a document to tagged JSON. */
bool toml_decoder_answer(struct arena *a, struct str question, struct buf *answer,
			 struct error *err)
{
	struct sources sources = { 0 };
	struct document document = { 0 };
	struct diags diags;
	uint32_t file = sources_add(a, &sources, STR("stdin"), question);

	diags_init(&diags, a);
	if (!toml_parse(a, question, file, &document, &diags))
		return refuse(&sources, &diags, err);
	print(answer, &document.root);
	return true;
}

/* The same of the document as fmt leaves it, which a second time it must not change. */
bool toml_formatter_answer(struct arena *a, struct str question, struct buf *answer,
			   struct error *err)
{
	struct str name = STR("stdin.toml"), once, twice;
	struct sources sources = { 0 };
	struct diags diags;
	uint32_t file = sources_add(a, &sources, name, question);

	diags_init(&diags, a);
	if (!fmt_text(a, name, question, file, &once, &diags) ||
	    !fmt_text(a, name, once, file, &twice, &diags))
		return refuse(&sources, &diags, err);
	if (!str_equal(once, twice))
		return error_set(err, ERROR_PARSE, "formatted again it is another text");
	return toml_decoder_answer(a, once, answer, err);
}
