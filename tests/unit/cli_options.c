#include "unit.h"

#include <string.h>

#include "cli/options.h"

#define ARGUMENTS_MAX 16

static struct arena arena;

static void setup(void) { arena_init(&arena); }
static void teardown(void) { arena_release(&arena); }

static struct options parse(const char *line, char **environment, unsigned bit, struct error *err)
{
	struct options options = { .command = STR("plan") };
	struct doors doors = { .environment = environment };
	char *argv[ARGUMENTS_MAX] = { (char[]){ "effc" }, (char[]){ "plan" } };
	struct str rest = str_from_c(line), word;
	int argc = 2;

	while (rest.length > 0 && str_split(&rest, ' ', &word) && argc < ARGUMENTS_MAX)
		argv[argc++] = str_to_c(&arena, word);
	*err = (struct error){ 0 };
	if (options_parse(&arena, argc, argv, bit, &doors, &options, err))
		ck_assert_str_eq(err->text, "");
	else
		ck_assert_str_ne(err->text, "");
	return options;
}

static const struct {
	const char *line, *error;
	unsigned bit;
} wrong[] = {
	{ "--stagee prod", "unknown option '--stagee': did you mean '--stage'?", FOR_PLAN },
	{ "--stagee=prod", "unknown option '--stagee': did you mean '--stage'?", FOR_PLAN },
	{ "-stage prod", "unknown option '-stage': did you mean '--stage'?", FOR_PLAN },
	{ "-sprod", "unknown option '-sprod': did you mean '-s prod'?", FOR_PLAN },
	{ "--s prod", "unknown option '--s': see 'effc plan --help'", FOR_PLAN },
	{ "-q", "unknown option '-q': see 'effc plan --help'", FOR_PLAN },
	{ "--=x", "unknown option '--': see 'effc plan --help'", FOR_PLAN },
	{ "--zzzzzzzzzzzz", "unknown option '--zzzzzzzzzzzz': see 'effc plan --help'", FOR_PLAN },
	{ "--yes", "'effc plan' takes no --yes", FOR_PLAN },
	{ "-y", "'effc plan' takes no --yes", FOR_PLAN },
	{ "--stage", "--stage needs a value: --stage STAGE", FOR_PLAN },
	{ "-s", "--stage needs a value: --stage STAGE", FOR_PLAN },
	{ "--stage=", "--stage needs a value: --stage STAGE", FOR_PLAN },
	{ "--json=yes", "--json takes no value", FOR_PLAN },
	{ "--parallel 0", "--parallel takes a number from 1 to 256", FOR_PLAN },
	{ "--parallel 257", "--parallel takes a number from 1 to 256", FOR_PLAN },
	{ "--parallel 99999999999999999999", "--parallel takes a number from 1 to 256", FOR_PLAN },
	{ "--parallel 4x", "--parallel takes a number from 1 to 256", FOR_PLAN },
	{ "--color red", "'red' is no value of --color: see --help", FOR_PLAN },
	{ "--refresh some", "'some' is no value of --refresh: see --help", FOR_PLAN },
	{ "--trace nothing", "--trace takes plan, http, journal, op or all", FOR_PLAN },
};

START_TEST(test_wrong)
{
	struct error err;

	parse(wrong[_i].line, NULL, wrong[_i].bit, &err);
	ck_assert_str_eq(err.text, wrong[_i].error);
}
END_TEST

START_TEST(test_right)
{
	struct error err;
	struct options o = parse("-s prod --refresh=none -v --allow-data-loss=a", NULL, FOR_PLAN,
				 &err);

	unit_str_eq(o.stage, "prod");
	ck_assert_int_eq(o.refresh, REFRESH_NONE);
	ck_assert_int_eq(parse("--refresh changed", NULL, FOR_APPLY, &err).refresh,
			 REFRESH_CHANGED);
	for (enum refresh r = REFRESH_ALL; r <= REFRESH_NONE; r++)
		ck_assert_int_eq(refresh_named(refresh_name(r)), r);
	ck_assert(o.verbose && !o.json && !o.yes);
	ck_assert_uint_eq(o.allow_data_loss.count, 1);
	o = parse("--stage a --stage b -f x.toml -f y.toml", NULL, FOR_PLAN, &err);
	unit_str_eq(o.stage, "b");
	ck_assert_uint_eq(o.files.count, 2);
	unit_str_eq(o.files.items[1], "y.toml");
	o = parse("a -- --stage -", NULL, FOR_PLAN, &err);
	ck_assert_uint_eq(o.arguments.count, 3);
	unit_str_eq(o.arguments.items[1], "--stage");
	unit_str_eq(o.stage, "");
}
END_TEST

START_TEST(test_environment)
{
	char *names[] = { (char[]){ "EFF_STAGE=prod" }, (char[]){ "EFF_YES=no" },
			  (char[]){ "EFF_PARALLEL=7" }, (char[]){ "EFF_LOCAL_STATE=1" },
			  (char[]){ "EFF_REGION=" }, NULL };
	char *unclear[] = { (char[]){ "EFF_YES=maybe" }, NULL };
	char *many[] = { (char[]){ "EFF_PARALLEL=many" }, NULL };
	struct error err;
	struct options o = parse("", names, FOR_APPLY, &err);

	unit_str_eq(o.stage, "prod");
	unit_str_eq(o.region, "");
	ck_assert_uint_eq(o.parallel, 7);
	ck_assert(o.local_state && !o.yes);
	/* What is given goes before; what a command does not take is not looked at. */
	o = parse("--stage test --yes", names, FOR_APPLY, &err);
	unit_str_eq(o.stage, "test");
	ck_assert(o.yes);
	parse("", unclear, FOR_PLAN, &err);
	ck_assert_str_eq(err.text, "");
	parse("", unclear, FOR_APPLY, &err);
	ck_assert_str_eq(err.text, "EFF_YES: 'maybe' is neither 1 nor 0");
	parse("", many, FOR_PLAN, &err);
	ck_assert_str_eq(err.text, "EFF_PARALLEL: --parallel takes a number from 1 to 256");
}
END_TEST

START_TEST(test_help_fits_a_terminal)
{
	struct buf out;
	struct str text, line;
	size_t lines = 0;

	buf_init(&out, &arena);
	options_help(&out, (unsigned)FOR_ALL);
	text = buf_str(&out);
	while (text.length > 0 && str_split(&text, '\n', &line)) {
		ck_assert_msg(line.length <= 80, "%.*s", STR_ARG(line));
		lines++;
	}
	ck_assert_uint_gt(lines, 10);
}
END_TEST

static void fill(TCase *tc)
{
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, test_wrong, 0, sizeof(wrong) / sizeof(*wrong));
	tcase_add_test(tc, test_right);
	tcase_add_test(tc, test_environment);
	tcase_add_test(tc, test_help_fits_a_terminal);
}

int main(void) { return unit_run("cli_options", fill); }
