#include <math.h>

#include "family.h"

/* An infinity or what is no number at all is a mistake. */
static struct value finite(struct function_call *c, double number)
{
	if (!isfinite(number))
		return function_fail(c, SIZE_MAX, "E0263 the result of '%s' is no number",
				     c->function->name);
	return value_number(number);
}

static struct value absolute(struct function_call *c)
{
	const struct value *v = &c->args[0];

	if (v->kind == VALUE_INT && v->integer == INT64_MIN)
		return function_fail(c, SIZE_MAX, "E0263 the result of 'abs' does not fit 64 bits");
	if (v->kind == VALUE_INT)
		return value_int(v->integer < 0 ? -v->integer : v->integer);
	return value_float(fabs(v->number));
}

static struct value round_up(struct function_call *c)
{
	return c->args[0].kind == VALUE_INT ? c->args[0] : value_number(ceil(c->args[0].number));
}

static struct value round_down(struct function_call *c)
{
	return c->args[0].kind == VALUE_INT ? c->args[0] : value_number(floor(c->args[0].number));
}

static struct value logarithm(struct function_call *c)
{
	double number = number_of(&c->args[0]), base = number_of(&c->args[1]);

	return finite(c, log(number) / log(base));
}

static struct value extreme(struct function_call *c, int sign)
{
	const struct value *found = &c->args[0];

	for (size_t i = 1; i < c->count; i++) {
		if (value_compare(&c->args[i], found) * sign > 0)
			found = &c->args[i];
	}
	return *found;
}

static struct value maximum(struct function_call *c)
{
	return extreme(c, 1);
}

static struct value minimum(struct function_call *c)
{
	return extreme(c, -1);
}

static int digit_of(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'Z' ? c - 'A' + 36 : 62;
}

/* Up to base 36 capitals are the same digits. */
static bool to_integer(struct str s, int base, int64_t *out)
{
	bool negative = str_starts(s, STR("-"));
	int64_t number = 0;

	s = str_slice(s, negative || str_starts(s, STR("+")), s.length);
	for (size_t i = 0; i < s.length; i++) {
		int digit = digit_of(s.data[i]);

		if (base <= 36 && digit >= 36)
			digit -= 26;
		if (digit >= base || number < (INT64_MIN + digit) / base)
			return false;
		number = number * base - digit;
	}
	if (!s.length || (!negative && number == INT64_MIN))
		return false;
	*out = negative ? number : -number;
	return true;
}

static struct value parseint(struct function_call *c)
{
	int64_t base, number;

	if (c->args[0].kind != VALUE_STRING)
		return function_fail(c, 0, "E0262 'parseint' takes text, not a %s",
				     value_kind_name(c->args[0].kind));
	if (!argument_whole(c, 1, &base))
		return value_null();
	if (base < 2 || base > 62)
		return function_fail(c, 1, "E0263 a base is 2 to 62");
	if (!to_integer(c->args[0].string, (int)base, &number))
		return function_fail(c, 0,
				     "E0265 '%.*s' is no integer of base %d that fits 64 bits",
				     STR_ARG(argument_shown(c, 0)), (int)base);
	return value_int(number);
}

/* Exact; false: it does not fit. */
static bool power_of_integers(int64_t base, int64_t exponent, int64_t *out)
{
	int64_t result = 1;

	if (exponent > 63 && base != 0 && base != 1 && base != -1)
		return false;
	for (exponent = exponent > 63 ? exponent % 2 + 2 : exponent; exponent; exponent--) {
		if (!integer_multiply(result, base, &result))
			return false;
	}
	*out = result;
	return true;
}

static struct value power(struct function_call *c)
{
	const struct value *base = &c->args[0], *exponent = &c->args[1];
	int64_t exact;

	if (base->kind == VALUE_INT && exponent->kind == VALUE_INT && exponent->integer >= 0)
		return power_of_integers(base->integer, exponent->integer, &exact) ?
		       value_int(exact) :
		       function_fail(c, SIZE_MAX, "E0263 the result of 'pow' does not fit 64 bits");
	return finite(c, pow(number_of(base), number_of(exponent)));
}

static struct value sign(struct function_call *c)
{
	int64_t number;

	if (!argument_whole(c, 0, &number))
		return value_null();
	return value_int((number > 0) - (number < 0));
}

#define NUMBER &number_type

static const struct function functions[] = {
	{ "abs", { P("number", NUMBER) }, NUMBER, .call = absolute,
	  .summary = "the number without its sign" },
	{ "ceil", { P("number", NUMBER) }, NUMBER, .call = round_up,
	  .summary = "the next integer that is not less" },
	{ "floor", { P("number", NUMBER) }, NUMBER, .call = round_down,
	  .summary = "the next integer that is not more" },
	{ "log", { P("number", NUMBER), P("base", NUMBER) }, NUMBER, .call = logarithm,
	  .summary = "the logarithm in a base" },
	{ "max", { P("number", NUMBER), REST("numbers", NUMBER) }, NUMBER, .call = maximum,
	  .summary = "the greatest of the numbers; max(list...) of a list" },
	{ "min", { P("number", NUMBER), REST("numbers", NUMBER) }, NUMBER, .call = minimum,
	  .summary = "the least of the numbers; min(list...) of a list" },
	{ "parseint", { P("string", NULL), P("base", NUMBER) }, NUMBER, .call = parseint,
	  .summary = "the integer that a text says in a base" },
	{ "pow", { P("base", NUMBER), P("exponent", NUMBER) }, NUMBER, .call = power,
	  .summary = "a number to the power of another" },
	{ "signum", { P("number", NUMBER) }, NUMBER, .call = sign,
	  .summary = "-1, 0 or 1, as the number's sign is" },
};

const struct family number_family = FAMILY(functions);
