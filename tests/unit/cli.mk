unit_programs += tests/unit/cli_options
tests_unit_cli_options_SOURCES = tests/unit/cli_options.c
tests_unit_cli_options_LDADD = $(CLI_LIBS) $(CHECK_LIBS)

unit_programs += tests/unit/cli_progress
tests_unit_cli_progress_SOURCES = tests/unit/cli_progress.c
tests_unit_cli_progress_LDADD = $(CLI_LIBS) $(CHECK_LIBS)

unit_programs += tests/unit/cli_mistake
tests_unit_cli_mistake_SOURCES = tests/unit/cli_mistake.c
tests_unit_cli_mistake_LDADD = $(CLI_LIBS) $(CHECK_LIBS)

unit_programs += tests/unit/cli_text
tests_unit_cli_text_SOURCES = tests/unit/cli_text.c
tests_unit_cli_text_LDADD = $(CLI_LIBS) $(CHECK_LIBS)
