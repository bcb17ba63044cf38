#include "unit.h"

#include <string.h>

#include "cli/doors.h"

/* Whatever comes in as text is UTF-8, or it is refused at the door. */

#define ERROR_BYTES 4096

static struct arena arena;

static void setup(void) { arena_init(&arena); }
static void teardown(void) { arena_release(&arena); }

/* Runs effc; what it says on standard error. */
static struct str errors_of(char **argv, char **environment, const char *input,
			    const struct files *files)
{
	FILE *in = tmpfile(), *out = tmpfile(), *err = tmpfile();
	char *text = arena_array(&arena, char, ERROR_BYTES);
	struct doors doors = {
		.clock = clock_real(), .random = random_real(), .files = files,
		.environment = environment, .in = in, .out = out, .err = err,
	};
	size_t length;
	int argc = 0;

	while (argv[argc])
		argc++;
	ck_assert(in && out && err);
	fputs(input, in);
	rewind(in);
	ck_assert_int_eq(effc_main(argc, argv, &doors), 1);
	rewind(err);
	length = fread(text, 1, ERROR_BYTES, err);
	fclose(in);
	fclose(out);
	fclose(err);
	return str_of(text, length);
}

static char *none[] = { NULL };

START_TEST(test_an_argument)
{
	char *argv[] = { (char[]){ "effc" }, (char[]){ "eval" },
			 (char[]){ "strrev(\"\xE2\xF9\")" }, NULL };

	unit_str_eq(errors_of(argv, none, "", files_memory(&arena)),
		    "error: argument 2 is no text (UTF-8)\n");
}
END_TEST

START_TEST(test_standard_input)
{
	char *argv[] = { (char[]){ "effc" }, (char[]){ "eval" }, NULL };

	unit_str_eq(errors_of(argv, none, "strrev(\"\xE2\xF9\")", files_memory(&arena)),
		    "error: standard input is no text (UTF-8)\n");
}
END_TEST

START_TEST(test_a_variable_of_the_environment)
{
	char *argv[] = { (char[]){ "effc" }, (char[]){ "check" }, NULL };
	char *environment[] = { (char[]){ "EFF_VAR_x=\xE2\xF9" }, NULL };
	struct files *files = files_memory(&arena);

	files_memory_add(&arena, files, STR("effortless.toml"),
			 STR("[project]\nname = \"a\"\nregion = \"eu-west-1\"\n"
			     "[variable.x]\ntype = \"string\"\n"
			     "[local]\ny = \"${strrev(var.x)}\"\n"));
	unit_str_eq(errors_of(argv, environment, "", files),
		    "error[E0352]: EFF_VAR_x: it is no text (UTF-8)\n");
}
END_TEST

static void fill(TCase *tc)
{
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, test_an_argument);
	tcase_add_test(tc, test_standard_input);
	tcase_add_test(tc, test_a_variable_of_the_environment);
}

int main(void)
{
	return unit_run("cli_text", fill);
}
