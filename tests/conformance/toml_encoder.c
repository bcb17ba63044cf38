#include "helper.h"

#include <math.h>
#include <stdlib.h>

#include "base/json.h"
#include "spec/toml_write.h"

static bool untag(struct arena *a, const struct value *tagged, struct value *out,
		  struct error *err);

static bool is_tagged(const struct value *v)
{
	const struct value *type = value_get_c(v, "type"), *text = value_get_c(v, "value");

	return v->map.count == 2 && type && type->kind == VALUE_STRING && text &&
	       text->kind == VALUE_STRING;
}

static double read_float(struct arena *a, struct str text)
{
	if (str_ends(text, STR("nan")))
		return NAN;
	if (str_ends(text, STR("inf")))
		return str_starts(text, STR("-")) ? -INFINITY : INFINITY;
	return strtod(str_to_c(a, text), NULL);
}

static bool read_scalar(struct arena *a, struct str type, struct str text, struct value *out,
			struct error *err)
{
	static const char *const dates[] = {
		[DATETIME_OFFSET] = "datetime", [DATETIME_LOCAL] = "datetime-local",
		[DATE_LOCAL] = "date-local", [TIME_LOCAL] = "time-local",
	};

	if (str_equal_c(type, "string"))
		*out = value_string(text);
	else if (str_equal_c(type, "bool"))
		*out = value_bool(str_equal_c(text, "true"));
	else if (str_equal_c(type, "float"))
		*out = value_float(read_float(a, text));
	else
		*out = value_int(0);
	if (out->kind != VALUE_INT || str_equal_c(type, "integer"))
		return out->kind != VALUE_INT || str_to_int(text, &out->integer) ||
		       error_set(err, ERROR_PARSE, "'%.*s' is no integer", STR_ARG(text));
	for (int kind = DATETIME_OFFSET; kind <= TIME_LOCAL; kind++) {
		if (!str_equal_c(type, dates[kind]))
			continue;
		*out = (struct value){ .kind = VALUE_DATETIME };
		out->datetime = (struct datetime){ text, (enum datetime_kind)kind };
		return true;
	}
	return error_set(err, ERROR_PARSE, "unknown type '%.*s'", STR_ARG(type));
}

static bool untag_items(struct arena *a, const struct value *tagged, struct value *out,
			struct error *err)
{
	struct value item;

	*out = tagged->kind == VALUE_LIST ? value_list(NULL, 0) : value_map();
	for (size_t i = 0; tagged->kind == VALUE_LIST && i < tagged->list.count; i++) {
		if (!untag(a, &tagged->list.items[i], &item, err))
			return false;
		value_append(a, out, item);
	}
	for (uint32_t i = 0; tagged->kind == VALUE_MAP && i < tagged->map.count; i++) {
		struct str key = tagged->map.entries[i].key;

		if (!untag(a, value_get(tagged, key), &item, err))
			return false;
		value_set(a, out, key, item);
	}
	return true;
}

static bool untag(struct arena *a, const struct value *tagged, struct value *out,
		  struct error *err)
{
	if (tagged->kind == VALUE_MAP && is_tagged(tagged))
		return read_scalar(a, value_get_str(tagged, "type"),
				   value_get_str(tagged, "value"), out, err);
	if (tagged->kind == VALUE_MAP || tagged->kind == VALUE_LIST)
		return untag_items(a, tagged, out, err);
	return error_set(err, ERROR_PARSE, "a %s without a tag", value_kind_name(tagged->kind));
}

/* toml-test's encoder: tagged JSON to a document. */
bool toml_encoder_answer(struct arena *a, struct str question, struct buf *answer,
			 struct error *err)
{
	struct value tagged, root;

	if (!json_parse(a, question, SPAN_NOWHERE, &tagged, err) ||
	    !untag_items(a, &tagged, &root, err))
		return false;
	if (root.kind != VALUE_MAP)
		return error_set(err, ERROR_PARSE, "a document is a table");
	toml_write(answer, &root, NULL);
	return true;
}
