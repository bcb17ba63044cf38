#include "codec.h"

#include <math.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/json.h"

#define SECONDS_LIMIT 253402300799	/* the end of the year 9999 */

static const char *const days[] = { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" };
static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
				      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };

/* ---- numbers ---- */

bool number_read(struct arena *a, struct str text, double *out)
{
	char *end;
	const char *c;

	if (text.length == 0 || text.length > 400)
		return false;
	for (size_t i = 0; i < text.length; i++)
		if (!((text.data[i] >= '0' && text.data[i] <= '9') ||
		      str_contains(STR("+-.eE"), str_of(&text.data[i], 1))))
			return false;
	c = str_to_c(a, text);
	*out = strtod(c, &end);
	return *end == '\0' && isfinite(*out);
}

static bool is_special(struct str text)
{
	return str_equal_c(text, "NaN") || str_equal_c(text, "Infinity") ||
	       str_equal_c(text, "-Infinity");
}

/* ---- time ---- */

/* Takes count digits off the front. */
static bool take_digits(struct str *rest, size_t count, int *out)
{
	int64_t number;

	if (rest->length < count || (count > 0 && (rest->data[0] < '0' || rest->data[0] > '9')) ||
	    !str_to_int(str_slice(*rest, 0, count), &number))
		return false;
	*out = (int)number;
	*rest = str_slice(*rest, count, rest->length);
	return true;
}

static bool take_char(struct str *rest, const char *any)
{
	if (rest->length == 0 || !str_contains(str_from_c(any), str_of(rest->data, 1)))
		return false;
	*rest = str_slice(*rest, 1, rest->length);
	return true;
}

/* ".123": what is behind the point, up to nine digits counted. */
static bool take_fraction(struct str *rest, double *out)
{
	double scale = 0.1;
	size_t count = 0;

	*out = 0;
	if (!take_char(rest, "."))
		return true;
	while (rest->length > 0 && rest->data[0] >= '0' && rest->data[0] <= '9') {
		if (count < 9)
			*out += (rest->data[0] - '0') * scale;
		scale /= 10;
		count++;
		*rest = str_slice(*rest, 1, rest->length);
	}
	return count > 0;
}

/* "Z", "+01:00", "-0130" or nothing, which means UTC. */
static bool take_zone(struct str *rest, int *seconds)
{
	int hours, minutes = 0, sign;

	*seconds = 0;
	if (rest->length == 0 || take_char(rest, "Zz"))
		return true;
	sign = rest->data[0] == '-' ? -1 : 1;
	if (!take_char(rest, "+-") || !take_digits(rest, 2, &hours))
		return false;
	(void)take_char(rest, ":");
	if (rest->length > 0 && !take_digits(rest, 2, &minutes))
		return false;
	*seconds = sign * (hours * 3600 + minutes * 60);
	return hours < 24 && minutes < 60;
}

static bool utc_is_sane(const struct utc *t)
{
	return t->month >= 1 && t->month <= 12 && t->day >= 1 && t->day <= 31 && t->hour < 24 &&
	       t->minute < 60 && t->second <= 60;
}

/*
 * Whole seconds where there is no fraction.  The digits are read as one
 * decimal number, since a sum of parts would not be the nearest double.
 */
static struct value time_value(int64_t seconds, double fraction)
{
	if (fraction == 0)
		return value_int(seconds);
	return value_float(round(((double)seconds + fraction) * 1e6) / 1e6);
}

/* "2014-04-29T18:30:38.123+01:00" */
static bool read_iso(struct str text, struct value *out)
{
	struct utc t = { 0 };
	double fraction;
	int zone;

	if (!take_digits(&text, 4, &t.year) || !take_char(&text, "-") ||
	    !take_digits(&text, 2, &t.month) || !take_char(&text, "-") ||
	    !take_digits(&text, 2, &t.day) || !take_char(&text, "Tt ") ||
	    !take_digits(&text, 2, &t.hour) || !take_char(&text, ":") ||
	    !take_digits(&text, 2, &t.minute) || !take_char(&text, ":") ||
	    !take_digits(&text, 2, &t.second) || !take_fraction(&text, &fraction) ||
	    !take_zone(&text, &zone) || text.length > 0 || !utc_is_sane(&t))
		return false;
	*out = time_value(utc_to_s(t) - zone, fraction);
	return true;
}

static bool take_month(struct str *rest, int *out)
{
	for (int i = 0; i < 12; i++) {
		if (!str_starts(*rest, str_from_c(months[i])))
			continue;
		*out = i + 1;
		*rest = str_slice(*rest, 3, rest->length);
		return true;
	}
	return false;
}

/* "Tue, 29 Apr 2014 18:30:38.123 GMT" */
static bool read_rfc822(struct str text, struct value *out)
{
	size_t comma = str_index(text, ',');
	struct utc t = { 0 };
	double fraction;

	if (comma == text.length)
		return false;
	text = str_trim(str_slice(text, comma + 1, text.length));
	if (!take_digits(&text, str_index(text, ' ') == 1 ? 1 : 2, &t.day) ||
	    !take_char(&text, " -") || !take_month(&text, &t.month) || !take_char(&text, " -") ||
	    !take_digits(&text, 4, &t.year) || !take_char(&text, " ") ||
	    !take_digits(&text, 2, &t.hour) || !take_char(&text, ":") ||
	    !take_digits(&text, 2, &t.minute) || !take_char(&text, ":") ||
	    !take_digits(&text, 2, &t.second) || !take_fraction(&text, &fraction) ||
	    !utc_is_sane(&t))
		return false;
	*out = time_value(utc_to_s(t), fraction);
	return true;
}

static bool read_epoch(struct str text, struct value *out)
{
	size_t point = str_index(text, '.');
	struct str rest = str_slice(text, point, text.length);
	int64_t seconds;
	double fraction;

	if (!str_to_int(str_slice(text, 0, point), &seconds) || !take_fraction(&rest, &fraction) ||
	    rest.length > 0 || seconds > SECONDS_LIMIT || seconds < -SECONDS_LIMIT)
		return false;
	*out = time_value(seconds, text.data[0] == '-' ? -fraction : fraction);
	return true;
}

bool time_read(struct str text, struct value *out)
{
	text = str_trim(text);
	return read_iso(text, out) || read_epoch(text, out) || read_rfc822(text, out);
}

/* ".123", without zeros at its end; empty for whole seconds. */
static struct str fraction_text(struct arena *a, double fraction)
{
	int64_t millis = (int64_t)llround(fraction * 1000);
	struct str text;

	if (millis <= 0 || millis > 999)
		return (struct str){ 0 };
	text = str_format(a, ".%03d", (int)millis);
	while (str_ends(text, STR("0")))
		text.length--;
	return text;
}

static int weekday(int64_t seconds)
{
	int64_t day = (seconds - (seconds % 86400 + 86400) % 86400) / 86400;

	return (int)(((day + 4) % 7 + 7) % 7);
}

static struct str time_format(struct arena *a, enum wire_timestamp format, int64_t seconds,
			      double fraction)
{
	struct utc t = utc_from_s(seconds);
	struct str part = fraction_text(a, fraction);

	switch (format) {
	case WIRE_TIME_RFC822:
		return str_format(a, "%s, %02d %s %04d %02d:%02d:%02d%.*s GMT",
				  days[weekday(seconds)], t.day, months[t.month - 1], t.year,
				  t.hour, t.minute, t.second, STR_ARG(part));
	case WIRE_TIME_ISO8601:
		return str_format(a, "%04d-%02d-%02dT%02d:%02d:%02d%.*sZ", t.year, t.month, t.day,
				  t.hour, t.minute, t.second, STR_ARG(part));
	case WIRE_TIME_UNIX:
	case WIRE_TIME_DEFAULT:
		return str_format(a, "%lld%.*s", (long long)seconds, STR_ARG(part));
	}
	BUG("timestamp format %d", (int)format);
}

bool time_text(struct arena *a, enum wire_timestamp format, const struct value *v,
	       struct str *out)
{
	struct value number = *v;
	double whole;

	if (v->kind == VALUE_STRING && !time_read(v->string, &number))
		return false;
	if (v->kind == VALUE_DATETIME && !time_read(v->datetime.text, &number))
		return false;
	if (number.kind == VALUE_INT)
		number = value_float((double)number.integer);
	if (number.kind != VALUE_FLOAT || !(fabs(number.number) <= (double)SECONDS_LIMIT))
		return false;
	whole = floor(number.number);
	*out = time_format(a, format, (int64_t)whole, number.number - whole);
	return true;
}

/* ---- any scalar ---- */

bool shape_is_scalar(const struct wire_shape *shape)
{
	return shape->kind != WIRE_STRUCTURE && shape->kind != WIRE_LIST && shape->kind != WIRE_MAP;
}

static struct str plain_text(struct arena *a, const struct value *v)
{
	struct buf out;

	if (v->kind == VALUE_STRING)
		return v->string;
	buf_init(&out, a);
	json_print_wire(&out, v);
	return buf_str(&out);
}

static bool integer_text(struct arena *a, const struct value *v, struct str *out)
{
	int64_t number;

	if (v->kind == VALUE_FLOAT && floor(v->number) == v->number && fabs(v->number) < 9e15)
		*out = str_format(a, "%lld", (long long)v->number);
	else if (v->kind == VALUE_INT ||
		 (v->kind == VALUE_STRING && str_to_int(v->string, &number)))
		*out = plain_text(a, v);
	else
		return false;
	return true;
}

static bool float_text(struct arena *a, const struct value *v, struct str *out)
{
	double number;

	if (v->kind == VALUE_STRING && !is_special(v->string) &&
	    !number_read(a, v->string, &number))
		return false;
	if (v->kind == VALUE_FLOAT && !isfinite(v->number)) {
		*out = isnan(v->number) ? STR("NaN") :
		       v->number > 0 ? STR("Infinity") : STR("-Infinity");
		return true;
	}
	*out = plain_text(a, v);
	return v->kind == VALUE_STRING || v->kind == VALUE_INT || v->kind == VALUE_FLOAT;
}

static bool boolean_text(const struct value *v, struct str *out)
{
	if (v->kind == VALUE_BOOL) {
		*out = v->boolean ? STR("true") : STR("false");
		return true;
	}
	*out = v->kind == VALUE_STRING ? v->string : (struct str){ 0 };
	return str_equal_c(*out, "true") || str_equal_c(*out, "false");
}

static bool string_text(struct arena *a, const struct value *v, struct str *out)
{
	switch (v->kind) {
	case VALUE_STRING:
	case VALUE_BOOL:
	case VALUE_INT:
	case VALUE_FLOAT:
		*out = plain_text(a, v);
		return true;
	case VALUE_DATETIME:
		*out = v->datetime.text;
		return true;
	default:
		return false;
	}
}

bool scalar_text(struct codec *c, const struct wire_shape *shape, enum wire_timestamp format,
		 const struct value *v, struct str *out)
{
	bool fits = false;

	switch (shape->kind) {
	case WIRE_STRING:
	case WIRE_CHARACTER:
		fits = string_text(c->a, v, out);
		break;
	case WIRE_INTEGER:
	case WIRE_LONG:
		fits = integer_text(c->a, v, out);
		break;
	case WIRE_FLOAT:
	case WIRE_DOUBLE:
		fits = float_text(c->a, v, out);
		break;
	case WIRE_BOOLEAN:
		fits = boolean_text(v, out);
		break;
	case WIRE_TIMESTAMP:
		fits = time_text(c->a, format, v, out);
		break;
	case WIRE_BLOB:
		fits = v->kind == VALUE_STRING;
		if (fits)
			*out = base64_encode(c->a, v->string);
		break;
	case WIRE_STRUCTURE:
	case WIRE_LIST:
	case WIRE_MAP:
		break;
	}
	return fits || shape_accepts(c, shape, v);
}

static bool read_float(struct codec *c, struct str text, struct value *out)
{
	double number;

	if (is_special(text)) {
		*out = value_string(text);
		return true;
	}
	if (!number_read(c->a, text, &number))
		return false;
	*out = value_float(number);
	return true;
}

static bool read_scalar(struct codec *c, const struct wire_shape *shape, struct str text,
			struct value *out)
{
	int64_t number;
	struct str bytes;

	switch (shape->kind) {
	case WIRE_INTEGER:
	case WIRE_LONG:
		if (!str_to_int(str_trim(text), &number))
			return false;
		*out = value_int(number);
		return true;
	case WIRE_FLOAT:
	case WIRE_DOUBLE:
		return read_float(c, str_trim(text), out);
	case WIRE_BOOLEAN:
		text = str_trim(text);
		*out = value_bool(str_equal_c(text, "true"));
		return out->boolean || str_equal_c(text, "false");
	case WIRE_TIMESTAMP:
		return time_read(text, out);
	case WIRE_BLOB:
		if (!base64_decode(c->a, str_trim(text), &bytes))
			return false;
		*out = value_string(bytes);
		return true;
	default:
		*out = value_string(text);
		return true;
	}
}

bool scalar_read(struct codec *c, const struct wire_shape *shape, struct str text,
		 struct value *out)
{
	if (!read_scalar(c, shape, text, out))
		return error_set(c->err, ERROR_PARSE,
				 "the reply's %.*s is malformed", STR_ARG(shape->name));
	if (shape->sensitive)
		out->marks |= VALUE_SECRET;
	return true;
}
