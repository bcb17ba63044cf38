#include "spec_function_case.h"

/* The same arguments give this in Terraform's console, or a mistake there too. */
static const struct function_case same[] = {
	{ "abs", "[-1.5]", "1.5" },
	{ "ceil", "[1.2]", "2" },
	{ "ceil", "[-1.2]", "-1" },
	{ "floor", "[-1.2]", "-2" },
	{ "floor", "[1e30]", "1000000000000000000000000000000" },
	{ "log", "[8,2]", "3" },
	{ "log", "[0,2]", "!E0263 the result of 'log' is no number" },
	{ "log", "[-1,2]", "!E0263 the result of 'log' is no number" },
	{ "log", "[10,1]", "!E0263 the result of 'log' is no number" },
	{ "log", "[100,10]", "2" },
	{ "max", "[1,2.5,-1]", "2.5" },
	{ "max", "[]", "!E0260 'max' has too few arguments" },
	{ "max", "[\"3\",2]", "3" },
	{ "min", "[1,\"a\"]", "!E0262 'numbers' of 'min': a number is needed, and 'a' is none" },
	{ "parseint", "[\"ff\",16]", "255" },
	{ "parseint", "[\"FF\",16]", "255" },
	{ "parseint", "[\"-12\",10]", "-12" },
	{ "parseint", "[\"zz\",36]", "1295" },
	{ "parseint", "[\"zZ\",62]", "2231" },
	{ "parseint", "[\"1\",1]", "!E0263 a base is 2 to 62" },
	{ "parseint", "[\"1\",63]", "!E0263 a base is 2 to 62" },
	{ "parseint", "[\"g\",16]", "!E0265 'g' is no integer of base 16 that fits 64 bits" },
	{ "parseint", "[\"\",10]", "!E0265 '' is no integer of base 10 that fits 64 bits" },
	{ "parseint", "[\"1_0\",10]", "!E0265 '1_0' is no integer of base 10 that fits 64 bits" },
	{ "parseint", "[\"0x1\",16]", "!E0265 '0x1' is no integer of base 16 that fits 64 bits" },
	{ "parseint", "[\"+1\",10]", "1" },
	{ "parseint", "[12,10]", "!E0262 'parseint' takes text, not a integer" },
	{ "pow", "[2,10]", "1024" },
	{ "pow", "[2,-1]", "0.5" },
	{ "pow", "[0,0]", "1" },
	{ "pow", "[10,400]", "!E0263 the result of 'pow' does not fit 64 bits" },
	{ "signum", "[-3]", "-1" },
	{ "signum", "[0]", "0" },
	{ "signum", "[0.5]", "!E0263 'signum' takes a whole number here" },
	{ "signum", "[-0.5]", "!E0263 'signum' takes a whole number here" },
};

CASES_TEST(same, NULL)

static const struct function_case own[] = {
	{ "parseint", "[\"SECRET:zz\", 10]",
	  "!E0265 'parseint' can do nothing with this secret value" },
	{ "abs", "[-9223372036854775808]", "!E0263 the result of 'abs' does not fit 64 bits" },
	{ "abs", "[-9223372036854775807]", "9223372036854775807" },
	{ "abs", "[\"UNKNOWN\"]", "?2" },
	{ "abs", "[\"SECRET:1\"]", "\"(secret)\"" },
	{ "pow", "[2, 62]", "4611686018427387904" },
	{ "pow", "[-2, 63]", "-9223372036854775808" },
	{ "pow", "[2, 63]", "!E0263 the result of 'pow' does not fit 64 bits" },
	{ "pow", "[-1, 9223372036854775807]", "-1" },
	{ "pow", "[0, 9223372036854775807]", "0" },
	{ "pow", "[2, 0.5]", "1.4142135623731" },
	{ "parseint", "[\"9223372036854775807\", 10]", "9223372036854775807" },
	{ "parseint", "[\"-9223372036854775808\", 10]", "-9223372036854775808" },
	{ "parseint", "[\"9223372036854775808\", 10]",
	  "!E0265 '9223372036854775808' is no integer of base 10 that fits 64 bits" },
	{ "max", "[9007199254740993, 9007199254740992.0]", "9007199254740993" },
};

CASES_TEST(own, NULL)

static void fill(TCase *tc)
{
	CASES_ADD(tc, same);
	CASES_ADD(tc, own);
}

int main(void)
{
	return unit_run("spec_function_number", fill);
}
