#include <string.h>

#include "base/clock.h"

#include "family.h"

#define NANO 1000000000

/* RFC 3339. */
struct moment {
	int64_t second;			/* since 1970, of UTC */
	int64_t nano;
	int offset_minutes;
	bool utc;			/* written with Z */
};

static bool read_digits(struct str s, size_t at, size_t count, int *out)
{
	*out = 0;
	for (size_t i = at; i < at + count; i++) {
		if (i >= s.length || s.data[i] < '0' || s.data[i] > '9')
			return false;
		*out = *out * 10 + s.data[i] - '0';
	}
	return true;
}

static bool is_at(struct str s, size_t at, char c)
{
	return at < s.length && s.data[at] == c;
}

static int days_of(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	return days[month - 1] + (month == 2 && leap);
}

static bool read_fraction(struct str s, size_t *at, int64_t *nano)
{
	int64_t scale = NANO;
	size_t start = *at;

	for (; *at < s.length && s.data[*at] >= '0' && s.data[*at] <= '9'; ++*at) {
		scale /= 10;
		*nano += (s.data[*at] - '0') * scale;
	}
	return *at > start;
}

static bool read_offset(struct str s, size_t at, struct moment *m)
{
	int hours, minutes;

	if (is_at(s, at, 'Z')) {
		m->utc = true;
		return at + 1 == s.length;
	}
	if (!is_at(s, at, '+') && !is_at(s, at, '-'))
		return false;
	if (!read_digits(s, at + 1, 2, &hours) || !is_at(s, at + 3, ':') ||
	    !read_digits(s, at + 4, 2, &minutes) || hours > 23 || minutes > 59)
		return false;
	m->offset_minutes = (hours * 60 + minutes) * (s.data[at] == '-' ? -1 : 1);
	return at + 6 == s.length;
}

static bool read_moment(struct str s, struct moment *m)
{
	struct utc t;
	size_t at = 19;

	*m = (struct moment){ 0 };
	if (!read_digits(s, 0, 4, &t.year) || !is_at(s, 4, '-') ||
	    !read_digits(s, 5, 2, &t.month) || !is_at(s, 7, '-') ||
	    !read_digits(s, 8, 2, &t.day) || !is_at(s, 10, 'T') ||
	    !read_digits(s, 11, 2, &t.hour) || !is_at(s, 13, ':') ||
	    !read_digits(s, 14, 2, &t.minute) || !is_at(s, 16, ':') ||
	    !read_digits(s, 17, 2, &t.second))
		return false;
	if (t.month < 1 || t.month > 12 || t.day < 1 || t.day > days_of(t.year, t.month) ||
	    t.hour > 23 || t.minute > 59 || t.second > 59)
		return false;
	if (is_at(s, at, '.')) {
		at++;
		if (!read_fraction(s, &at, &m->nano))
			return false;
	}
	if (!read_offset(s, at, m))
		return false;
	m->second = utc_to_s(t) - m->offset_minutes * 60;
	return true;
}

static bool argument_moment(struct function_call *c, size_t index, struct moment *out)
{
	if (read_moment(c->args[index].string, out))
		return true;
	function_fail(c, index, "E0268 '%.*s' is no time such as 2018-01-02T23:12:01Z",
		      STR_ARG(argument_shown(c, index)));
	return false;
}

static struct utc local_time(const struct moment *m)
{
	return utc_from_s(m->second + m->offset_minutes * 60);
}

static void add_offset(struct buf *b, int minutes, const char *colon)
{
	int positive = minutes < 0 ? -minutes : minutes;

	buf_printf(b, "%c%02d%s%02d", minutes < 0 ? '-' : '+', positive / 60, colon,
		   positive % 60);
}

static const char *const months[] = {
	"January", "February", "March", "April", "May", "June", "July", "August", "September",
	"October", "November", "December",
};
/* 1 January 1970 was a Thursday. */
static const char *const days[] = {
	"Thursday", "Friday", "Saturday", "Sunday", "Monday", "Tuesday", "Wednesday",
};

static void add_name(struct buf *b, const char *name, bool whole)
{
	buf_add(b, str_slice(str_from_c(name), 0, whole ? strlen(name) : 3));
}

static bool add_zone(struct buf *b, const struct moment *m, size_t count)
{
	if (count == 1 && m->utc)
		buf_add_char(b, 'Z');
	else if (count == 3 && m->utc)
		buf_add_c(b, "UTC");
	else if (count == 1 || count == 5)
		add_offset(b, m->offset_minutes, ":");
	else if (count == 3 || count == 4)
		add_offset(b, m->offset_minutes, "");
	else
		return false;
	return true;
}

static bool add_number(struct buf *b, int number, size_t count)
{
	buf_printf(b, count == 2 ? "%02d" : "%d", number);
	return count <= 2;
}

/* One letter, count times.  False: there is no such verb. */
static bool add_verb(struct buf *b, const struct moment *m, char letter, size_t count)
{
	struct utc t = local_time(m);
	int64_t day = (m->second + m->offset_minutes * 60 - t.hour * 3600 - t.minute * 60 -
		       t.second) / 86400;

	switch (letter) {
	case 'Y':
		buf_printf(b, count == 2 ? "%02d" : "%04d", count == 2 ? t.year % 100 : t.year);
		return count == 2 || count == 4;
	case 'M':
		if (count <= 2)
			return add_number(b, t.month, count);
		add_name(b, months[t.month - 1], count == 4);
		return count <= 4;
	case 'D':
		return add_number(b, t.day, count);
	case 'E':
		add_name(b, days[(day % 7 + 7) % 7], count == 4);
		return count == 3 || count == 4;
	case 'h':
		return add_number(b, t.hour, count);
	case 'H':
		return add_number(b, (t.hour + 11) % 12 + 1, count);
	case 'm':
		return add_number(b, t.minute, count);
	case 's':
		return add_number(b, t.second, count);
	case 'A':
	case 'a':
		buf_add_c(b, letter == 'A' ? (t.hour < 12 ? "AM" : "PM") :
			     t.hour < 12 ? "am" : "pm");
		return count == 2;
	case 'Z':
		return add_zone(b, m, count);
	default:
		return false;
	}
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* From one quote to the next; '' is a quote.  Bytes, or 0 if it does not end. */
static size_t add_literal(struct buf *b, struct str s)
{
	for (size_t i = 1; i < s.length; i++) {
		if (s.data[i] == '\'' && !is_at(s, i + 1, '\''))
			return i + 1;
		i += s.data[i] == '\'';
		buf_add_char(b, s.data[i]);
	}
	return 0;
}

static struct value formatdate(struct function_call *c)
{
	struct str format = c->args[0].string;
	struct moment m;
	struct buf b;
	size_t size;

	if (!argument_moment(c, 1, &m))
		return value_null();
	buf_init_limit(&b, c->arena, EXPR_TEXT_LIMIT);
	for (; format.length; format = str_slice(format, size, format.length)) {
		char first = format.data[0];

		size = 1;
		if (first == '\'') {
			size = add_literal(&b, format);
			if (!size)
				return function_fail(c, 0,
						     "E0268 a quote in the format has no end");
		} else if (is_letter(first)) {
			while (is_at(format, size, first))
				size++;
			if (!add_verb(&b, &m, first, size))
				return function_fail(c, 0, "E0268 '%.*s' says nothing in a format",
						     STR_ARG(str_slice(format, 0, size)));
		} else {
			buf_add_char(&b, first);
		}
	}
	return finish_text(c, &b);
}

static bool find_unit(struct str *s, int64_t *nano)
{
	static const struct {
		struct str name;
		int64_t nano;
	} units[] = {
		{ STR_INIT("ns"), 1 }, { STR_INIT("us"), 1000 }, { STR_INIT("\xC2\xB5s"), 1000 },
		{ STR_INIT("\xCE\xBCs"), 1000 }, { STR_INIT("ms"), 1000000 },
		{ STR_INIT("s"), NANO }, { STR_INIT("m"), 60LL * NANO },
		{ STR_INIT("h"), 3600LL * NANO },
	};
	size_t end = 0;

	while (end < s->length && s->data[end] != '.' &&
	       (s->data[end] < '0' || s->data[end] > '9'))
		end++;
	for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++) {
		if (str_equal(str_slice(*s, 0, end), units[i].name)) {
			*nano = units[i].nano;
			*s = str_slice(*s, end, s->length);
			return true;
		}
	}
	return false;
}

/* One number with its unit off the front. */
static bool add_part(struct str *s, int64_t *total)
{
	int64_t whole = 0, part, unit, fraction = 0;
	size_t at = 0, digits;

	for (; at < s->length && s->data[at] >= '0' && s->data[at] <= '9'; at++) {
		if (!integer_multiply(whole, 10, &whole) ||
		    !integer_add(whole, s->data[at] - '0', &whole))
			return false;
	}
	digits = at;
	if (is_at(*s, at, '.')) {
		at++;
		if (read_fraction(*s, &at, &fraction))
			digits++;
	}
	*s = str_slice(*s, at, s->length);
	if (!digits || !find_unit(s, &unit) || !integer_multiply(whole, unit, &part) ||
	    !integer_add(*total, part, total))
		return false;
	part = (int64_t)((double)fraction / NANO * (double)unit);
	return integer_add(*total, part, total);
}

static bool read_duration(struct str s, int64_t *nano)
{
	bool negative = is_at(s, 0, '-');

	*nano = 0;
	if (negative || is_at(s, 0, '+'))
		s = str_slice(s, 1, s.length);
	if (str_equal_c(s, "0"))
		return true;
	if (!s.length)
		return false;
	while (s.length) {
		if (!add_part(&s, nano))
			return false;
	}
	*nano = negative ? -*nano : *nano;
	return true;
}

static struct value timeadd(struct function_call *c)
{
	struct moment m;
	struct utc t;
	int64_t nano;
	struct buf b;

	if (!argument_moment(c, 0, &m))
		return value_null();
	if (!read_duration(c->args[1].string, &nano))
		return function_fail(c, 1, "E0268 '%.*s' is no duration such as 1h30m",
				     STR_ARG(argument_shown(c, 1)));
	m.second += nano / NANO;
	m.nano += nano % NANO;
	m.second += m.nano < 0 ? -1 : m.nano >= NANO;
	t = local_time(&m);
	if (t.year < 0 || t.year > 9999)
		return function_fail(c, 1, "E0268 the time is past the year 9999");
	buf_init(&b, c->arena);
	buf_printf(&b, "%04d-%02d-%02dT%02d:%02d:%02d", t.year, t.month, t.day, t.hour, t.minute,
		   t.second);
	if (m.utc)
		buf_add_char(&b, 'Z');
	else
		add_offset(&b, m.offset_minutes, ":");
	return value_string(buf_str(&b));
}

static struct value timecmp(struct function_call *c)
{
	struct moment x, y;

	if (!argument_moment(c, 0, &x) || !argument_moment(c, 1, &y))
		return value_null();
	if (x.second != y.second)
		return value_int(x.second < y.second ? -1 : 1);
	return value_int((x.nano > y.nano) - (x.nano < y.nano));
}

#define STRING &string_type

static const struct function functions[] = {
	{ "formatdate", { P("format", STRING), P("time", STRING) }, STRING, .call = formatdate,
	  .summary = "a time in another form: YYYY MM DD hh mm ss and so on" },
	{ "timeadd", { P("time", STRING), P("duration", STRING) }, STRING, .call = timeadd,
	  .summary = "a time so much later; durations are such as 1h30m" },
	{ "timecmp", { P("time", STRING), P("time", STRING) }, &number_type, .call = timecmp,
	  .summary = "-1, 0 or 1: which of two times is earlier" },
};

const struct family date_family = FAMILY(functions);
