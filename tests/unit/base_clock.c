#include "unit.h"

#include <signal.h>

#include "random_value.h"

#include "base/clock.h"
#include "base/regex.h"
#include "base/trace.h"

static const struct {
	int64_t seconds;
	const char *text;
} moments[] = {
	{ 0, "19700101T000000Z" }, { 1440938160, "20150830T123600Z" }, { -1, "19691231T235959Z" },
	{ 951782400, "20000229T000000Z" }, { 951868800, "20000301T000000Z" },
	{ 4107542400, "21000301T000000Z" }, { 4107456000, "21000228T000000Z" },
	{ 1735689599, "20241231T235959Z" }, { 253402300799, "99991231T235959Z" },
	{ -62167219200, "00000101T000000Z" },
};

START_TEST(times_of_day)
{
	char text[17];

	utc_compact(moments[_i].seconds, text);
	ck_assert_str_eq(text, moments[_i].text);
	ck_assert_int_eq(utc_to_s(utc_from_s(moments[_i].seconds)), moments[_i].seconds);
}
END_TEST

START_TEST(every_day_follows_the_last)
{
	struct utc before = { .day = 31 };

	for (int64_t day = -719528; day < 2932896; day++) {
		struct utc t = utc_from_s(day * 86400);

		if (utc_to_s(t) != day * 86400 || (t.day != before.day + 1 && t.day != 1))
			ck_abort_msg("day %lld of 1970", (long long)day);
		before = t;
	}
}
END_TEST

START_TEST(virtual_time_moves_by_sleeping)
{
	const struct clock *c = clock_virtual(1000);

	ck_assert_int_eq(c->now_ms(c->context), 0);
	ck_assert_int_eq(c->wall_ms(c->context), 1000);
	c->sleep_ms(c->context, 86400000);
	c->sleep_ms(c->context, -5);
	ck_assert_int_eq(c->now_ms(c->context), 86400000);
	ck_assert_int_eq(c->wall_ms(c->context), 86401000);
}
END_TEST

START_TEST(real_time_passes)
{
	const struct clock *c = clock_real();
	int64_t before = c->now_ms(c->context);

	c->sleep_ms(c->context, 2);
	ck_assert_int_ge(c->now_ms(c->context), before + 1);
	ck_assert_int_gt(c->wall_ms(c->context), 1500000000000);
}
END_TEST

START_TEST(chance_is_seeded_and_even)
{
	const struct random *r = random_seeded(7);
	uint64_t first = random_below(r, UINT64_MAX);
	unsigned hits[10] = { 0 };

	r = random_seeded(7);
	ck_assert_uint_eq(random_below(r, UINT64_MAX), first);
	for (int i = 0; i < 10000; i++)
		hits[random_below(r, 10)]++;
	for (int i = 0; i < 10; i++)
		ck_assert_msg(hits[i] > 850 && hits[i] < 1150, "%d came %u times", i, hits[i]);
	ck_assert_uint_eq(random_below(r, 1), 0);
	ck_assert_uint_ne(random_below(random_real(), UINT64_MAX),
			  random_below(random_real(), UINT64_MAX));
}
END_TEST

static const struct {
	const char *pattern, *text;
	enum regex_result want;
} patterns[] = {
	{ "^[a-z]+$", "abc", REGEX_YES }, { "^[a-z]+$", "abC", REGEX_NO },
	{ "^[a-z]+$", "abc\n", REGEX_NO }, { "b", "abc", REGEX_YES }, { "", "", REGEX_YES },
	{ "^.$", "\xC3\xA9", REGEX_YES }, { "^\\u00e9$", "\xC3\xA9", REGEX_YES },
	{ "^(?:a|b)*$", "abababababababababababababababababababab", REGEX_YES },
	{ "^(a+)+$", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", REGEX_LIMIT },
	{ "x", "\xFFx", REGEX_YES },
	{ "^[\\w-.]+$", "a-.", REGEX_YES }, { "^[\\w-.]+$", "a+", REGEX_NO },
	{ "^[]-a]$", "_", REGEX_YES }, { "^[\\w-]$", "-", REGEX_YES },
	{ "^[\\p{L}-_]+$", "\xC3\xA9-", REGEX_YES }, { "^[\\p{L}-_]+$", "1", REGEX_NO },
	{ "^[\\p{Graph}\\x20]*$", "a b~", REGEX_YES }, { "^\\p{Print}$", "\t", REGEX_NO },
	{ "^[\\uD800\\uDBFF-\\uDC00\\uDFFF\\t]+$", "\xF0\x9F\x98\x80", REGEX_YES },
	{ "^[a\\uD83C-\\uDBFF]+$", "b", REGEX_NO }, { "^\\[\\w-.$", "[a-b", REGEX_YES },
};

START_TEST(patterns_match_within_limits)
{
	struct error err;
	struct arena arena;
	struct regex *r;

	arena_init(&arena);
	r = regex_new(regex_from_dialects(&arena, str_from_c(patterns[_i].pattern)), &err);
	ck_assert_ptr_nonnull(r);
	ck_assert_int_eq(regex_match(r, str_from_c(patterns[_i].text)), patterns[_i].want);
	regex_free(r);
	arena_release(&arena);
}
END_TEST

START_TEST(bad_patterns_are_refused)
{
	struct error err = { 0 };

	ck_assert_ptr_null(regex_new(STR("a(b"), &err));
	ck_assert(str_contains(str_from_c(err.text), STR("bad pattern 'a(b' at byte 3")));
	ck_assert_ptr_null(regex_new(STR("\\C"), &err));
	regex_free(NULL);
}
END_TEST

START_TEST(traces_are_chosen_by_name)
{
	ck_assert(!trace_on(TRACE_HTTP));
	ck_assert(!trace_enable(STR("plan,nothing")));
	ck_assert(trace_enable(STR("http, op")));
	ck_assert(trace_on(TRACE_HTTP) && trace_on(TRACE_OP) && !trace_on(TRACE_JOURNAL));
	ck_assert(trace_enable(STR("all")));
	ck_assert(trace_on(TRACE_JOURNAL));
}
END_TEST

START_TEST(a_bug_stops_the_program)
{
	ck_assert_ptr_nonnull(freopen("/dev/null", "w", stderr));
	CHECK(_i == 99);
}
END_TEST

#define COUNT(table) ((int)(sizeof(table) / sizeof(*(table))))

static void fill(TCase *tc)
{
	tcase_add_loop_test(tc, times_of_day, 0, COUNT(moments));
	tcase_add_test(tc, every_day_follows_the_last);
	tcase_add_test(tc, virtual_time_moves_by_sleeping);
	tcase_add_test(tc, real_time_passes);
	tcase_add_test(tc, chance_is_seeded_and_even);
	tcase_add_loop_test(tc, patterns_match_within_limits, 0, COUNT(patterns));
	tcase_add_test(tc, bad_patterns_are_refused);
	tcase_add_test(tc, traces_are_chosen_by_name);
	tcase_add_test_raise_signal(tc, a_bug_stops_the_program, SIGABRT);
}

int main(void)
{
	return unit_run("base_clock", fill);
}
