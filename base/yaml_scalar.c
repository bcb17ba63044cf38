#include "yaml_scalar.h"

#include <math.h>
#include <stdlib.h>

static bool is_one_of(struct str text, const char *const *words)
{
	for (; *words; words++) {
		if (str_equal_c(text, *words))
			return true;
	}
	return false;
}

static size_t count_digits(struct str text, size_t at)
{
	size_t start = at;

	while (at < text.length && text.data[at] >= '0' && text.data[at] <= '9')
		at++;
	return at - start;
}

static int digit_of(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return 16;
}

/* 0o17 and 0xff; false also where it does not fit, so that it stays a string. */
static bool to_based(struct str text, int64_t *out)
{
	int base = str_starts(text, STR("0x")) ? 16 : str_starts(text, STR("0o")) ? 8 : 0;
	int64_t number = 0;

	if (!base || text.length == 2)
		return false;
	for (size_t i = 2; i < text.length; i++) {
		int digit = digit_of(text.data[i]);

		if (digit >= base || number > (INT64_MAX - digit) / base)
			return false;
		number = number * base + digit;
	}
	*out = number;
	return true;
}

/* [-+]? ( '.' digits | digits ( '.' digits? )? ) ( [eE] [-+]? digits )? */
static bool is_number(struct str text)
{
	size_t at = 0, whole, fraction = 0;

	if (at < text.length && (text.data[at] == '-' || text.data[at] == '+'))
		at++;
	whole = count_digits(text, at);
	at += whole;
	if (at < text.length && text.data[at] == '.') {
		at++;
		fraction = count_digits(text, at);
		at += fraction;
	}
	if (!whole && !fraction)
		return false;
	if (at < text.length && (text.data[at] == 'e' || text.data[at] == 'E')) {
		size_t digits;

		at++;
		if (at < text.length && (text.data[at] == '-' || text.data[at] == '+'))
			at++;
		digits = count_digits(text, at);
		if (!digits)
			return false;
		at += digits;
	}
	return at == text.length;
}

static bool to_special_float(struct str text, double *out)
{
	static const char *const infinities[] = { ".inf", ".Inf", ".INF", NULL };
	static const char *const nans[] = { ".nan", ".NaN", ".NAN", NULL };
	bool negative = str_starts(text, STR("-"));
	struct str rest = str_slice(text, negative || str_starts(text, STR("+")), text.length);

	if (is_one_of(rest, infinities))
		*out = negative ? -INFINITY : INFINITY;
	else if (is_one_of(text, nans))
		*out = NAN;
	else
		return false;
	return true;
}

struct value yaml_plain_scalar(struct arena *a, struct str text)
{
	static const char *const nulls[] = { "", "~", "null", "Null", "NULL", NULL };
	static const char *const trues[] = { "true", "True", "TRUE", NULL };
	static const char *const falses[] = { "false", "False", "FALSE", NULL };
	struct str digits = str_slice(text, str_starts(text, STR("+")), text.length);
	int64_t integer;
	double number;

	if (is_one_of(text, nulls))
		return value_null();
	if (is_one_of(text, trues))
		return value_bool(true);
	if (is_one_of(text, falses))
		return value_bool(false);
	if (is_number(text)) {
		if (str_to_int(digits, &integer))
			return value_int(integer);
		return value_float(strtod(str_to_c(a, text), NULL));
	}
	if (to_based(text, &integer))
		return value_int(integer);
	if (to_special_float(text, &number))
		return value_float(number);
	return value_string(text);
}

bool yaml_is_scalar_tag(struct str tag)
{
	static const char *const tags[] = {
		YAML_TAGS "str", YAML_TAGS "int", YAML_TAGS "float", YAML_TAGS "bool",
		YAML_TAGS "null", NULL,
	};

	return is_one_of(tag, tags);
}

bool yaml_tagged_scalar(struct arena *a, struct str text, struct str tag, struct value *out)
{
	struct str name = str_slice(tag, sizeof(YAML_TAGS) - 1, tag.length);

	*out = yaml_plain_scalar(a, text);
	if (str_equal_c(name, "int"))
		return out->kind == VALUE_INT;
	if (str_equal_c(name, "bool"))
		return out->kind == VALUE_BOOL;
	if (str_equal_c(name, "null"))
		return out->kind == VALUE_NULL;
	if (str_equal_c(name, "float")) {
		if (out->kind == VALUE_INT)
			*out = value_float((double)out->integer);
		return out->kind == VALUE_FLOAT;
	}
	*out = value_string(text);
	return true;
}
