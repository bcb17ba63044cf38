# A test is three lines:
# unit_programs += tests/unit/cli_x
# tests_unit_cli_x_SOURCES = tests/unit/cli_x.c
# tests_unit_cli_x_LDADD = $(CLI_LIBS) $(CHECK_LIBS)
