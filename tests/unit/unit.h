#ifndef EFFC_TESTS_UNIT_H
#define EFFC_TESTS_UNIT_H

#include <check.h>

#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/str.h"

/*
 * What every unit test shares.  A test file ends with
 *
 *	int main(void) { return unit_run("arena", suite_fill); }
 *
 * where suite_fill adds tests to the one TCase it is given.
 */
static inline int unit_run(const char *name, void (*fill)(TCase *tc))
{
	Suite *suite = suite_create(name);
	TCase *tc = tcase_create(name);
	SRunner *runner;
	int failed;

	tcase_set_timeout(tc, 60);
	fill(tc);
	suite_add_tcase(suite, tc);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

/* Compares borrowed text, printing both; end marks show trailing blanks. */
#define unit_str_eq(got, want_c) do { \
	struct str unit_got = (got); \
	struct str unit_want = str_from_c(want_c); \
	ck_assert_msg(str_equal(unit_got, unit_want), "got '%.*s'\nwant '%.*s'", \
		      STR_ARG(unit_got), STR_ARG(unit_want)); \
} while (0)

#endif
