#include "clock.h"

#include "attr.h"

#define DAY_S 86400

/*
 * Days are counted from 1 March of year 0, so that the leap day is the last of
 * its year and 400 years are always 146,097 days.
 */
#define DAYS_TO_1970 719468
#define ERA_DAYS 146097

static int64_t floor_divide(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

struct utc utc_from_s(int64_t seconds)
{
	int64_t days = floor_divide(seconds, DAY_S) + DAYS_TO_1970;
	int left = (int)(seconds - floor_divide(seconds, DAY_S) * DAY_S);
	int64_t era = floor_divide(days, ERA_DAYS);
	int day = (int)(days - era * ERA_DAYS);
	int year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
	int day_of_year = day - (365 * year + year / 4 - year / 100);
	int month = (5 * day_of_year + 2) / 153;

	return (struct utc){
		.year = (int)(era * 400) + year + (month >= 10),
		.month = month < 10 ? month + 3 : month - 9,
		.day = day_of_year - (153 * month + 2) / 5 + 1,
		.hour = left / 3600,
		.minute = left / 60 % 60,
		.second = left % 60,
	};
}

int64_t utc_to_s(struct utc t)
{
	int64_t year = t.month <= 2 ? (int64_t)t.year - 1 : t.year;
	int month = t.month <= 2 ? t.month + 9 : t.month - 3;
	int64_t era = floor_divide(year, 400);
	int64_t of_era = year - era * 400;
	int64_t day_of_year = (153 * month + 2) / 5 + t.day - 1;
	int64_t days = era * ERA_DAYS + of_era * 365 + of_era / 4 - of_era / 100 + day_of_year -
		       DAYS_TO_1970;

	return days * DAY_S + t.hour * 3600 + t.minute * 60 + t.second;
}

static char *put_digits(char *out, int number, int count)
{
	for (int i = count - 1; i >= 0; i--) {
		out[i] = (char)('0' + number % 10);
		number /= 10;
	}
	return out + count;
}

void utc_compact(int64_t seconds, char out[17])
{
	struct utc t = utc_from_s(seconds);

	CHECK(t.year >= 0 && t.year <= 9999);
	out = put_digits(out, t.year, 4);
	out = put_digits(out, t.month, 2);
	out = put_digits(out, t.day, 2);
	*out++ = 'T';
	out = put_digits(out, t.hour, 2);
	out = put_digits(out, t.minute, 2);
	out = put_digits(out, t.second, 2);
	*out++ = 'Z';
	*out = '\0';
}
