#include "toml.h"

/* A cursor over the text of a date or time. */
struct cursor {
	struct str text;
	size_t at;
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool digits(struct cursor *c, unsigned count, int *out)
{
	int number = 0;

	for (unsigned i = 0; i < count; i++, c->at++) {
		if (c->at >= c->text.length || !is_digit(c->text.data[c->at]))
			return false;
		number = number * 10 + (c->text.data[c->at] - '0');
	}
	*out = number;
	return true;
}

static bool byte(struct cursor *c, char want)
{
	if (c->at >= c->text.length || c->text.data[c->at] != want)
		return false;
	c->at++;
	return true;
}

static bool is_next(const struct cursor *c, char want)
{
	return c->at < c->text.length && c->text.data[c->at] == want;
}

static int days_of(int year, int month)
{
	static const int days[13] = { 0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return month == 2 && leap ? 29 : days[month];
}

static bool read_date(struct cursor *c, struct buf *out, const char **problem)
{
	int year, month, day;

	if (!digits(c, 4, &year) || !byte(c, '-') || !digits(c, 2, &month) || !byte(c, '-') ||
	    !digits(c, 2, &day))
		return false;
	buf_printf(out, "%04d-%02d-%02d", year, month, day);
	if (month < 1 || month > 12)
		*problem = "a month is 01 to 12";
	else if (day < 1 || day > days_of(year, month))
		*problem = "the month has no such day";
	return true;
}

static bool read_fraction(struct cursor *c, struct buf *out)
{
	size_t start = c->at;

	if (!byte(c, '.'))
		return true;
	while (c->at < c->text.length && is_digit(c->text.data[c->at]))
		c->at++;
	buf_add(out, str_slice(c->text, start, c->at));
	return c->at > start + 1;
}

static bool read_time(struct cursor *c, struct buf *out, const char **problem)
{
	int hour, minute, second = 0;

	if (!digits(c, 2, &hour) || !byte(c, ':') || !digits(c, 2, &minute))
		return false;
	if (is_next(c, ':') && (!byte(c, ':') || !digits(c, 2, &second)))
		return false;
	buf_printf(out, "%02d:%02d:%02d", hour, minute, second);
	if (hour > 23)
		*problem = "an hour is 00 to 23";
	else if (minute > 59)
		*problem = "a minute is 00 to 59";
	else if (second > 60)
		*problem = "a second is 00 to 60";
	return read_fraction(c, out);
}

static bool read_offset(struct cursor *c, struct buf *out, const char **problem)
{
	int hour, minute;
	char sign = is_next(c, '-') ? '-' : '+';

	if (byte(c, 'Z') || byte(c, 'z')) {
		buf_add_char(out, 'Z');
		return true;
	}
	if (!byte(c, sign) || !digits(c, 2, &hour) || !byte(c, ':') || !digits(c, 2, &minute))
		return false;
	buf_printf(out, "%c%02d:%02d", sign, hour, minute);
	if (hour > 23 || minute > 59)
		*problem = "an offset is -23:59 to +23:59";
	return true;
}

bool toml_like_datetime(struct str text)
{
	struct cursor c = { .text = text };
	int number;

	if (digits(&c, 4, &number))
		return is_next(&c, '-');
	c.at = 0;
	return digits(&c, 2, &number) && is_next(&c, ':');
}

bool toml_datetime(struct arena *a, struct str text, struct datetime *out, const char **problem)
{
	struct cursor c = { .text = text };
	struct buf b;
	bool date = text.length > 4 && text.data[4] == '-';

	*problem = NULL;
	buf_init(&b, a);
	out->kind = date ? DATE_LOCAL : TIME_LOCAL;
	if (date && !read_date(&c, &b, problem))
		return false;
	if (date && c.at < text.length) {
		if (!byte(&c, 'T') && !byte(&c, 't') && !byte(&c, ' '))
			return false;
		buf_add_char(&b, 'T');
		out->kind = DATETIME_LOCAL;
	}
	if (out->kind != DATE_LOCAL && !read_time(&c, &b, problem))
		return false;
	if (out->kind == DATETIME_LOCAL && c.at < text.length) {
		if (!read_offset(&c, &b, problem))
			return false;
		out->kind = DATETIME_OFFSET;
	}
	out->text = buf_str(&b);
	return c.at == text.length && !*problem;
}
