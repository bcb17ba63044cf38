#include "convert.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

const struct type bool_type = { .kind = TYPE_BOOL };
const struct type number_type = { .kind = TYPE_NUMBER };
const struct type string_type = { .kind = TYPE_STRING };
const struct type list_type = { .kind = TYPE_LIST };
const struct type map_type = { .kind = TYPE_MAP };
const struct type bools_type = { .kind = TYPE_LIST, .element = &bool_type };
const struct type numbers_type = { .kind = TYPE_LIST, .element = &number_type };
const struct type strings_type = { .kind = TYPE_LIST, .element = &string_type };
const struct type lists_type = { .kind = TYPE_LIST, .element = &list_type };
const struct type maps_type = { .kind = TYPE_LIST, .element = &map_type };

static bool is_any(const struct type *type)
{
	return !type || type->kind == TYPE_ANY;
}

static bool is_integer(double number)
{
	return number == floor(number) && number >= -9223372036854775808.0 &&
	       number < 9223372036854775808.0;
}

/* Decimal digits, as people count them: 0.1 + 0.2 is 0.3. */
static double fifteen_digits(double number)
{
	char text[32];

	snprintf(text, sizeof(text), "%.14e", number);
	return strtod(text, NULL);
}

struct value value_number(double number)
{
	if (isfinite(number) && number != floor(number))
		number = fifteen_digits(number);
	return is_integer(number) ? value_int((int64_t)number) : value_float(number);
}

double number_of(const struct value *v)
{
	CHECK(v->kind == VALUE_INT || v->kind == VALUE_FLOAT);
	return v->kind == VALUE_INT ? (double)v->integer : v->number;
}

bool integer_add(int64_t a, int64_t b, int64_t *out)
{
	if (b > 0 ? a > INT64_MAX - b : a < INT64_MIN - b)
		return false;
	*out = a + b;
	return true;
}

bool integer_subtract(int64_t a, int64_t b, int64_t *out)
{
	if (b > 0 ? a < INT64_MIN + b : a > INT64_MAX + b)
		return false;
	*out = a - b;
	return true;
}

bool integer_multiply(int64_t a, int64_t b, int64_t *out)
{
	uint64_t left = a < 0 ? -(uint64_t)a : (uint64_t)a;
	uint64_t right = b < 0 ? -(uint64_t)b : (uint64_t)b;
	uint64_t most = (uint64_t)INT64_MAX + ((a < 0) != (b < 0));

	if (left && right > most / left)
		return false;
	*out = (a < 0) != (b < 0) ? (int64_t)-(left * right) : (int64_t)(left * right);
	return true;
}

static size_t count_digits(struct str text, size_t at)
{
	size_t start = at;

	while (at < text.length && text.data[at] >= '0' && text.data[at] <= '9')
		at++;
	return at - start;
}

static bool is_sign(struct str text, size_t at)
{
	return at < text.length && (text.data[at] == '-' || text.data[at] == '+');
}

/* [-+]? digits? ( '.' digits? )? ( [eE] [-+]? digits )?, with a digit before the exponent. */
static bool is_number(struct str text, bool *fraction)
{
	size_t at = is_sign(text, 0), digits = count_digits(text, at);

	at += digits;
	*fraction = false;
	if (at < text.length && text.data[at] == '.') {
		size_t more = count_digits(text, at + 1);

		*fraction = true;
		digits += more;
		at += 1 + more;
	}
	if (digits && at < text.length && (text.data[at] == 'e' || text.data[at] == 'E')) {
		*fraction = true;
		at++;
		at += is_sign(text, at);
		digits = count_digits(text, at);
		at += digits;
	}
	return digits && at == text.length;
}

bool number_parse(struct arena *a, struct str text, struct value *out)
{
	struct str digits = str_slice(text, str_starts(text, STR("+")), text.length);
	bool fraction;
	int64_t integer;

	if (!is_number(text, &fraction))
		return false;
	if (!fraction) {
		if (!str_to_int(digits, &integer))
			return false;
		*out = value_int(integer);
		return true;
	}
	*out = value_number(strtod(str_to_c(a, text), NULL));
	return out->kind == VALUE_INT || isfinite(out->number);
}

void number_print(struct buf *out, double number)
{
	char text[32];
	const char *digits;
	int exponent, last;

	if (!isfinite(number)) {
		buf_add_c(out, isnan(number) ? "nan" : number < 0 ? "-inf" : "inf");
		return;
	}
	if (number == 0) {
		buf_add_char(out, '0');
		return;
	}
	/* "d.dddddddddddddde+dd": the first digit moves over the point. */
	snprintf(text, sizeof(text), "%.14e", fabs(number));
	exponent = (int)strtol(text + sizeof("d.dddddddddddddde") - 1, NULL, 10);
	text[1] = text[0];
	digits = text + 1;
	last = 14;
	while (last > 0 && digits[last] == '0')
		last--;
	if (number < 0)
		buf_add_char(out, '-');
	if (exponent < 0) {
		buf_add_c(out, "0.");
		buf_add_repeat(out, '0', (size_t)-exponent - 1);
	}
	for (int i = 0; i <= last; i++) {
		if (exponent >= 0 && i == exponent + 1)
			buf_add_char(out, '.');
		buf_add_char(out, digits[i]);
	}
	if (exponent > last)
		buf_add_repeat(out, '0', (size_t)(exponent - last));
}

static bool to_string(struct arena *a, const struct value *v, struct value *out)
{
	struct buf b;

	if (v->kind == VALUE_STRING)
		return true;
	buf_init(&b, a);
	switch (v->kind) {
	case VALUE_BOOL:
		buf_add_c(&b, v->boolean ? "true" : "false");
		break;
	case VALUE_INT:
		buf_printf(&b, "%" PRId64, v->integer);
		break;
	case VALUE_FLOAT:
		number_print(&b, v->number);
		break;
	case VALUE_DATETIME:
		buf_add(&b, v->datetime.text);
		break;
	default:
		return false;
	}
	*out = value_string(buf_str(&b));
	return true;
}

static bool to_bool(const struct value *v, struct value *out)
{
	if (v->kind == VALUE_BOOL)
		return true;
	if (v->kind != VALUE_STRING)
		return false;
	if (str_equal_c(v->string, "true") || str_equal_c(v->string, "1"))
		*out = value_bool(true);
	else if (str_equal_c(v->string, "false") || str_equal_c(v->string, "0"))
		*out = value_bool(false);
	else
		return false;
	return true;
}

static bool to_list(struct arena *a, const struct value *v, const struct type *element,
		    struct value *out, struct str *why)
{
	if (v->kind != VALUE_LIST)
		return false;
	if (is_any(element))
		return true;
	*out = value_list(arena_array(a, struct value, v->list.count), v->list.count);
	for (size_t i = 0; i < v->list.count; i++) {
		if (!value_convert(a, &v->list.items[i], element, &out->list.items[i], why)) {
			*why = str_format(a, "item %zu: %.*s", i, STR_ARG(*why));
			return false;
		}
	}
	return true;
}

static bool put_converted(struct arena *a, struct value *map, const struct map_entry *entry,
			  const struct type *type, struct str *why)
{
	const struct member *from = entry->value;
	struct member *member = arena_new(a, struct member);

	member->key_span = from->key_span;
	if (!value_convert(a, &from->value, type, &member->value, why)) {
		*why = str_format(a, "'%.*s': %.*s", STR_ARG(entry->key), STR_ARG(*why));
		return false;
	}
	*map_put(a, &map->map, entry->key) = member;
	return true;
}

static bool to_fields(struct arena *a, const struct value *v, const struct map *fields,
		      struct value *out, struct str *why)
{
	for (uint32_t i = 0; i < fields->count; i++) {
		if (!map_has(&v->map, fields->entries[i].key)) {
			*why = str_format(a, "'%.*s' is missing", STR_ARG(fields->entries[i].key));
			return false;
		}
	}
	for (uint32_t i = 0; i < v->map.count; i++) {
		const struct map_entry *entry = &v->map.entries[i];

		if (map_has(fields, entry->key) &&
		    !put_converted(a, out, entry, map_get(fields, entry->key), why))
			return false;
	}
	return true;
}

static bool to_map(struct arena *a, const struct value *v, const struct type *type,
		   struct value *out, struct str *why)
{
	if (v->kind != VALUE_MAP)
		return false;
	if (!type->fields && is_any(type->element))
		return true;
	*out = value_map();
	if (type->fields)
		return to_fields(a, v, type->fields, out, why);
	for (uint32_t i = 0; i < v->map.count; i++) {
		if (!put_converted(a, out, &v->map.entries[i], type->element, why))
			return false;
	}
	return true;
}

static const char *kind_text(enum type_kind kind)
{
	static const char *const texts[] = {
		[TYPE_ANY] = "anything", [TYPE_BOOL] = "a boolean", [TYPE_NUMBER] = "a number",
		[TYPE_STRING] = "a string", [TYPE_LIST] = "a list", [TYPE_MAP] = "a table",
	};

	return texts[kind];
}

static bool cannot(struct arena *a, const struct value *v, const struct type *to, struct str *why)
{
	const char *article = v->kind == VALUE_INT ? "an" : "a";

	if (why->length)
		return false;
	if (v->kind == VALUE_STRING && !(v->marks & VALUE_SECRET) && v->string.length <= 40 &&
	    (to->kind == TYPE_NUMBER || to->kind == TYPE_BOOL))
		*why = str_format(a, "%s is needed, and '%.*s' is none", kind_text(to->kind),
				  STR_ARG(v->string));
	else
		*why = str_format(a, "%s is needed, not %s %s", kind_text(to->kind), article,
				  value_kind_name(v->kind));
	return false;
}

/* Whether some value of one type could become the other. */
static bool may_become(const struct type *from, const struct type *to)
{
	if (is_any(from) || is_any(to) || from->kind == to->kind)
		return true;
	return (from->kind == TYPE_STRING && (to->kind == TYPE_BOOL || to->kind == TYPE_NUMBER)) ||
	       (to->kind == TYPE_STRING && (from->kind == TYPE_BOOL || from->kind == TYPE_NUMBER));
}

/* Whether a text that begins so could. */
static bool prefix_may_become(struct arena *a, struct str prefix, const struct type *to)
{
	static const char *const bools[] = { "true", "false", "1", "0" };
	bool fraction;

	if (!prefix.length || (to->kind != TYPE_BOOL && to->kind != TYPE_NUMBER))
		return true;
	if (to->kind == TYPE_NUMBER)
		return is_number(STR_JOIN(a, prefix, STR("0")), &fraction);
	for (size_t i = 0; i < sizeof(bools) / sizeof(*bools); i++) {
		if (str_starts(str_from_c(bools[i]), prefix))
			return true;
	}
	return false;
}

static void explain_prefix(struct arena *a, const struct value *v, const struct type *to,
			   struct str *why)
{
	struct str prefix = v->unknown->prefix;

	if (v->marks & VALUE_SECRET || prefix.length > 40)
		*why = str_format(a, "%s is needed, not a string", kind_text(to->kind));
	else
		*why = str_format(a, "%s is needed, and text that begins with '%.*s' is none",
				  kind_text(to->kind), STR_ARG(prefix));
}

static bool convert_unknown(struct arena *a, const struct value *v, const struct type *to,
			    struct value *out, struct str *why)
{
	const struct type *from = v->unknown->type;
	struct unknown *unknown;

	if (!may_become(from, to)) {
		*why = str_format(a, "%s is needed, not %s", kind_text(to->kind),
				  kind_text(from->kind));
		return false;
	}
	if (!prefix_may_become(a, v->unknown->prefix, to)) {
		explain_prefix(a, v, to, why);
		return false;
	}
	if (from && from->kind == to->kind && (from->element || !to->element))
		return true;
	unknown = arena_new(a, struct unknown);
	unknown->reason = v->unknown->reason;
	unknown->type = to;
	if (to->kind == TYPE_STRING)
		unknown->prefix = v->unknown->prefix;
	out->unknown = unknown;
	return true;
}

static bool convert_known(struct arena *a, const struct value *v, const struct type *to,
			  struct value *out, struct str *why)
{
	switch (to->kind) {
	case TYPE_BOOL:
		return to_bool(v, out);
	case TYPE_NUMBER:
		return v->kind == VALUE_INT || v->kind == VALUE_FLOAT ||
		       (v->kind == VALUE_STRING && number_parse(a, v->string, out));
	case TYPE_STRING:
		return to_string(a, v, out);
	case TYPE_LIST:
		return to_list(a, v, to->element, out, why);
	case TYPE_MAP:
		return to_map(a, v, to, out, why);
	case TYPE_ANY:
		return true;
	}
	BUG("type of kind %d", (int)to->kind);
}

bool value_convert(struct arena *a, const struct value *v, const struct type *to,
		   struct value *out, struct str *why)
{
	*out = *v;
	*why = (struct str){ 0 };
	if (is_any(to) || v->kind == VALUE_NULL || v->kind == VALUE_EXPR)
		return true;
	if (v->kind == VALUE_UNKNOWN)
		return convert_unknown(a, v, to, out, why);
	if (!convert_known(a, v, to, out, why))
		return cannot(a, v, to, why);
	out->marks = v->marks;
	out->span = v->span;
	return true;
}
