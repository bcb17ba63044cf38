#ifndef EFFC_SPEC_CONVERT_H
#define EFFC_SPEC_CONVERT_H

#include "base/value.h"

/*
 * Conversions of values, as HCL has them: numbers, booleans and text into each
 * other where the text says one, a list's items and a map's values to what is
 * asked for.  Integers are exact to 64 bits, other numbers have 15 significant
 * digits; a float without a fraction that fits is an integer.  Operators,
 * functions, variables and templates use these and nothing else.
 */

/* A type by its name in signatures and in [variable.x]: "string", "list of number", "any". */
bool type_parse_name(struct arena *a, struct str name, const struct type **out);
void type_print(struct buf *out, const struct type *type);
/* What a known value is; of an unknown what is known of it. */
const struct type *type_of(struct arena *a, const struct value *v);

/*
 * False: it cannot be, and *why says so without a name ("a string is needed,
 * not a list").  What is unknown or open is converted in its type; null stays null.
 */
bool value_convert(struct arena *a, const struct value *v, const struct type *to,
		   struct value *out, struct str *why);

/* The decimal form that text gets: integers in full, 15 significant digits, no exponent. */
void number_print(struct buf *out, double number);
/* An integer where it is one and fits, else a float. */
struct value value_number(double number);

#endif
