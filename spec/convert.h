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

/* Any is NULL; list_type and map_type say nothing of what is in them. */
extern const struct type bool_type, number_type, string_type, list_type, map_type;
extern const struct type bools_type, numbers_type, strings_type, lists_type, maps_type;

/* A type by its name in [variable.x]: "string", "list of number", "map of list of any". */
bool type_parse_name(struct arena *a, struct str name, const struct type **out);
void type_print(struct buf *out, const struct type *type);
/* What a known value is; of an unknown what is known of it. */
const struct type *type_of(struct arena *a, const struct value *v);

/*
 * The type that values of both can be converted to, as HCL has it for the branches
 * of a condition and for lists, sets and maps: text with numbers or booleans is
 * text.  False: there is none.
 */
bool type_unify(struct arena *a, const struct type *x, const struct type *y,
		const struct type **out);
/* Converts all of the items, or a map's values, to their one type; false: there is none. */
bool value_unify(struct arena *a, const struct value *container, struct value *out);

/*
 * False: it cannot be, and *why says so without a name ("a string is needed,
 * not a list").  What is unknown or open is converted in its type; null stays null.
 */
bool value_convert(struct arena *a, const struct value *v, const struct type *to,
		   struct value *out, struct str *why);

/* The decimal form that text gets: integers in full, 15 significant digits, no exponent. */
void number_print(struct buf *out, double number);
/* To 15 significant digits; an integer where it is one and fits, else a float. */
struct value value_number(double number);
/* False: the result does not fit 64 bits. */
bool integer_add(int64_t a, int64_t b, int64_t *out);
bool integer_subtract(int64_t a, int64_t b, int64_t *out);
bool integer_multiply(int64_t a, int64_t b, int64_t *out);
/* Of VALUE_INT and VALUE_FLOAT. */
double number_of(const struct value *v);
/* The whole text is a decimal number; false also where an integer does not fit 64 bits. */
bool number_parse(struct arena *a, struct str text, struct value *out);

#endif
