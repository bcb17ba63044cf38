#include "convert.h"

#include <math.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/json.h"

#define SECONDS_LIMIT 253402300799	/* the end of the year 9999 */

static enum eval_result refuse(struct eval *e, const struct value *in, const char *wanted)
{
	error_set(e->err, ERROR_PARSE, "%s where %s is needed", value_kind_name(in->kind), wanted);
	return EVAL_FAILED;
}

static bool has_secret(const struct value *v)
{
	if (v->marks & VALUE_SECRET)
		return true;
	for (size_t i = 0; v->kind == VALUE_LIST && i < v->list.count; i++) {
		if (has_secret(&v->list.items[i]))
			return true;
	}
	for (uint32_t i = 0; v->kind == VALUE_MAP && i < v->map.count; i++) {
		if (has_secret(&((const struct member *)v->map.entries[i].value)->value))
			return true;
	}
	return false;
}

static struct value text_of(struct str text, const struct value *in)
{
	struct value out = value_string(text);

	if (has_secret(in))
		out.marks |= VALUE_SECRET;
	return out;
}

enum eval_result convert_to_text(struct eval *e, const struct value *in, struct value *out)
{
	struct buf b;

	if (in->kind == VALUE_STRING) {
		*out = *in;
		return EVAL_VALUE;
	}
	if (in->kind != VALUE_INT && in->kind != VALUE_FLOAT && in->kind != VALUE_BOOL)
		return refuse(e, in, "a text");
	buf_init(&b, e->arena);
	/* 30.0 is how some data has 30. */
	if (in->kind == VALUE_FLOAT && floor(in->number) == in->number &&
	    fabs(in->number) < 9e15)
		buf_printf(&b, "%lld", (long long)in->number);
	else
		json_print_wire(&b, in);
	*out = text_of(buf_str(&b), in);
	return EVAL_VALUE;
}

enum eval_result convert_to_int(struct eval *e, const struct value *in, struct value *out)
{
	int64_t number;

	if (in->kind == VALUE_INT || in->kind == VALUE_FLOAT) {
		*out = *in;
		return EVAL_VALUE;
	}
	if (in->kind != VALUE_STRING || !str_to_int(in->string, &number))
		return refuse(e, in, "a whole number");
	*out = value_int(number);
	out->marks = in->marks;
	return EVAL_VALUE;
}

enum eval_result convert_to_bool(struct eval *e, const struct value *in, struct value *out)
{
	if (in->kind == VALUE_BOOL) {
		*out = *in;
		return EVAL_VALUE;
	}
	if (in->kind != VALUE_STRING || !(str_equal_fold(in->string, STR("true")) ||
					  str_equal_fold(in->string, STR("false"))))
		return refuse(e, in, "true or false");
	*out = value_bool(in->string.length == 4);
	return EVAL_VALUE;
}

enum eval_result convert_to_json(struct eval *e, const struct value *in, struct value *out)
{
	struct buf b;

	if (in->kind == VALUE_STRING) {
		*out = *in;
		return EVAL_VALUE;
	}
	if (value_has_unknown(in))
		return refuse(e, in, "a known value");
	buf_init(&b, e->arena);
	json_print_wire(&b, in);
	*out = text_of(buf_str(&b), in);
	return EVAL_VALUE;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

static struct str percent_decoded(struct arena *a, struct str text)
{
	struct buf b;

	buf_init(&b, a);
	for (size_t i = 0; i < text.length; i++) {
		int high = i + 2 < text.length ? hex_digit(text.data[i + 1]) : -1;
		int low = i + 2 < text.length ? hex_digit(text.data[i + 2]) : -1;

		if (text.data[i] == '%' && high >= 0 && low >= 0) {
			buf_add_char(&b, (char)(high * 16 + low));
			i += 2;
		} else {
			buf_add_char(&b, text.data[i]);
		}
	}
	return buf_str(&b);
}

enum eval_result convert_from_json(struct eval *e, const struct value *in, struct value *out)
{
	struct error err = { 0 };
	struct str text;

	if (in->kind == VALUE_MAP || in->kind == VALUE_LIST) {
		*out = *in;
		return EVAL_VALUE;
	}
	if (in->kind != VALUE_STRING)
		return refuse(e, in, "JSON text");
	text = in->string;
	if (!text.length)
		return EVAL_NOTHING;
	if (text.data[0] == '%')
		text = percent_decoded(e->arena, text);
	if (!json_parse(e->arena, text, SPAN_NOWHERE, out, &err)) {
		error_set(e->err, ERROR_PARSE, "text that should be JSON: %s", err.text);
		return EVAL_FAILED;
	}
	return EVAL_VALUE;
}

enum eval_result convert_to_time(struct eval *e, const struct value *in, struct value *out)
{
	double seconds;
	struct utc t;

	if (in->kind == VALUE_STRING) {
		*out = *in;
		return EVAL_VALUE;
	}
	if (in->kind != VALUE_INT && in->kind != VALUE_FLOAT)
		return refuse(e, in, "a time");
	seconds = in->kind == VALUE_INT ? (double)in->integer : in->number;
	if (!(seconds >= 0 && seconds <= SECONDS_LIMIT))
		return refuse(e, in, "a time since 1970");
	t = utc_from_s((int64_t)seconds);
	*out = value_string(str_format(e->arena, "%04d-%02d-%02dT%02d:%02d:%02dZ", t.year, t.month,
				       t.day, t.hour, t.minute, t.second));
	return EVAL_VALUE;
}

enum eval_result convert_tags(struct eval *e, const struct value *in, bool as_map,
			      struct value *out)
{
	struct value map;

	if (!tags_to_map(e->arena, in, &map))
		return refuse(e, in, "a list of tags");
	*out = tags_from_map(e->arena, &map, as_map);
	return EVAL_VALUE;
}

enum eval_result convert_zip(struct eval *e, const struct value *in, struct value *out)
{
	struct str bytes;

	if (in->kind != VALUE_STRING)
		return refuse(e, in, "a bundle's digest");
	if (!e->artifact) {
		error_set(e->err, ERROR_REFUSED, "there are no bundles here, and one is needed");
		return EVAL_FAILED;
	}
	if (!e->artifact(e->artifact_context, e->arena, in->string, &bytes, e->err))
		return EVAL_FAILED;
	*out = value_string(bytes);
	return EVAL_VALUE;
}
