#include "spec_function_case.h"

/* The same arguments give this in Terraform's console, or a mistake there too. */
static const struct function_case same[] = {
	{ "basename", "[\"a/b/c.txt\"]", "\"c.txt\"" },
	{ "basename", "[\"a/b/\"]", "\"b\"" },
	{ "basename", "[\"\"]", "\".\"" },
	{ "basename", "[\"/\"]", "\"/\"" },
	{ "dirname", "[\"a/b/c.txt\"]", "\"a/b\"" },
	{ "dirname", "[\"a\"]", "\".\"" },
	{ "dirname", "[\"\"]", "\".\"" },
	{ "dirname", "[\"/\"]", "\"/\"" },
	{ "dirname", "[\"a/b/\"]", "\"a/b\"" },
	{ "dirname", "[\"a//b/../c\"]", "\"a\"" },
	{ "formatdate", "[\"DD MMM YYYY hh:mm ZZZ\",\"2018-01-02T23:12:01Z\"]",
	  "\"02 Jan 2018 23:12 UTC\"" },
	{ "formatdate", "[\"EEEE, DD-MMM-YY hh:mm:ss ZZZ\",\"2018-01-02T23:12:01Z\"]",
	  "\"Tuesday, 02-Jan-18 23:12:01 UTC\"" },
	{ "formatdate", "[\"EEE, DD MMM YYYY hh:mm:ss ZZZ\",\"2018-01-02T23:12:01-08:00\"]",
	  "\"Tue, 02 Jan 2018 23:12:01 -0800\"" },
	{ "formatdate", "[\"MMM DD, YYYY\",\"2018-01-02T23:12:01Z\"]", "\"Jan 02, 2018\"" },
	{ "formatdate", "[\"HH:mmaa\",\"2018-01-02T23:12:01Z\"]", "\"11:12pm\"" },
	{ "formatdate", "[\"h H m s D M YY Z ZZZZ ZZZZZ AA aa\",\"2018-01-02T03:04:05+05:30\"]",
	  "\"3 3 4 5 2 1 18 +05:30 +0530 +05:30 AM am\"" },
	{ "formatdate", "[\"h H Z ZZZ ZZZZ ZZZZZ AA\",\"2018-01-02T00:04:05Z\"]",
	  "\"0 12 Z UTC +0000 +00:00 AM\"" },
	{ "formatdate", "[\"'it''s' YYYY\",\"2018-01-02T00:04:05Z\"]", "\"it's 2018\"" },
	{ "formatdate", "[\"MMMM EEEE\",\"2018-01-02T00:04:05Z\"]", "\"January Tuesday\"" },
	{ "formatdate", "[\"YYY\",\"2018-01-02T00:04:05Z\"]",
	  "!E0268 'YYY' says nothing in a format" },
	{ "formatdate", "[\"x\",\"2018-01-02T00:04:05Z\"]", "!E0268 'x' says nothing in a format" },
	{ "formatdate", "[\"'abc\",\"2018-01-02T00:04:05Z\"]",
	  "!E0268 a quote in the format has no end" },
	{ "formatdate", "[\"YYYY\",\"2018-13-02T00:04:05Z\"]",
	  "!E0268 '2018-13-02T00:04:05Z' is no time such as 2018-01-02T23:12:01Z" },
	{ "formatdate", "[\"YYYY\",\"2018-01-02\"]",
	  "!E0268 '2018-01-02' is no time such as 2018-01-02T23:12:01Z" },
	{ "formatdate", "[\"YYYY\",\"2018-02-30T00:00:00Z\"]",
	  "!E0268 '2018-02-30T00:00:00Z' is no time such as 2018-01-02T23:12:01Z" },
	{ "formatdate", "[\"YYYY-MM-DD'T'hh:mm:ssZ\",\"2018-01-02T00:00:60Z\"]",
	  "!E0268 '2018-01-02T00:00:60Z' is no time such as 2018-01-02T23:12:01Z" },
	{ "formatdate", "[\"ss\",\"2018-01-02T00:00:00.5Z\"]", "\"00\"" },
	{ "formatdate", "[\"YYYY\",\"2018-01-02t00:00:00z\"]",
	  "!E0268 '2018-01-02t00:00:00z' is no time such as 2018-01-02T23:12:01Z" },
	{ "formatdate", "[\"YYYY\",\"2018-01-02T00:00:00\"]",
	  "!E0268 '2018-01-02T00:00:00' is no time such as 2018-01-02T23:12:01Z" },
	{ "formatdate", "[\"A a\",\"2018-01-02T00:00:00Z\"]",
	  "!E0268 'A' says nothing in a format" },
	{ "formatdate", "[\"\",\"2018-01-02T00:00:00Z\"]", "\"\"" },
	{ "formatdate", "[\"-/.,: YYYY\",\"2018-01-02T00:00:00Z\"]", "\"-/.,: 2018\"" },
	{ "formatdate", "[\"MMMMM\",\"2018-01-02T00:00:00Z\"]",
	  "!E0268 'MMMMM' says nothing in a format" },
	{ "timeadd", "[\"2017-11-22T00:00:00Z\",\"10m\"]", "\"2017-11-22T00:10:00Z\"" },
	{ "timeadd", "[\"2017-11-22T00:00:00Z\",\"-1h30m\"]", "\"2017-11-21T22:30:00Z\"" },
	{ "timeadd", "[\"2017-11-22T00:00:00+02:00\",\"1.5h\"]", "\"2017-11-22T01:30:00+02:00\"" },
	{ "timeadd", "[\"2017-11-22T00:00:00Z\",\"1d\"]",
	  "!E0268 '1d' is no duration such as 1h30m" },
	{ "timeadd", "[\"2017-11-22T00:00:00Z\",\"\"]", "!E0268 '' is no duration such as 1h30m" },
	{ "timeadd", "[\"2017-11-22T00:00:00Z\",\"0\"]", "\"2017-11-22T00:00:00Z\"" },
	{ "timeadd", "[\"2017-11-22T00:00:00Z\",\"1ns\"]", "\"2017-11-22T00:00:00Z\"" },
	{ "timeadd", "[\"2017-11-22T00:00:00.123Z\",\"1ms\"]", "\"2017-11-22T00:00:00Z\"" },
	{ "timeadd", "[\"2017-11-22T00:00:00Z\",\"5\"]",
	  "!E0268 '5' is no duration such as 1h30m" },
	{ "timeadd", "[\"2017-11-22T00:00:00Z\",\"1h-5m\"]",
	  "!E0268 '1h-5m' is no duration such as 1h30m" },
	{ "timeadd", "[\"2017-11-22T00:00:00Z\",\"+3s\"]", "\"2017-11-22T00:00:03Z\"" },
	{ "timeadd", "[\"2017-11-22T00:00:00Z\",\"100us\"]", "\"2017-11-22T00:00:00Z\"" },
	{ "timeadd", "[\"x\",\"1h\"]", "!E0268 'x' is no time such as 2018-01-02T23:12:01Z" },
	{ "timecmp", "[\"2017-11-22T00:00:00Z\",\"2017-11-22T01:00:00+01:00\"]", "0" },
	{ "timecmp", "[\"2017-11-22T00:00:00Z\",\"2017-11-23T00:00:00Z\"]", "-1" },
	{ "timecmp", "[\"2017-11-22T00:00:00.5Z\",\"2017-11-22T00:00:00Z\"]", "1" },
	{ "timecmp", "[\"x\",\"2017-11-23T00:00:00Z\"]",
	  "!E0268 'x' is no time such as 2018-01-02T23:12:01Z" },
};

CASES_TEST(same, NULL)

static const struct function_case own[] = {
	{ "timeadd", "[\"9999-12-31T23:59:59Z\", \"1s\"]",
	  "!E0268 the time is past the year 9999" },
	{ "timeadd", "[\"2018-01-01T00:00:00Z\", \"9999999999999h\"]",
	  "!E0268 '9999999999999h' is no duration such as 1h30m" },
	{ "formatdate", "[\"EEEE\", \"1969-12-31T23:59:59Z\"]", "\"Wednesday\"" },
	{ "formatdate", "[\"EEEE\", \"0000-02-29T00:00:00Z\"]", "\"Tuesday\"" },
};

CASES_TEST(own, NULL)

static void fill(TCase *tc)
{
	CASES_ADD(tc, same);
	CASES_ADD(tc, own);
}

int main(void)
{
	return unit_run("spec_function_date", fill);
}
