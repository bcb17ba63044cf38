# A test is three lines:
# unit_programs += tests/unit/executor_x
# tests_unit_executor_x_SOURCES = tests/unit/executor_x.c
# tests_unit_executor_x_LDADD = $(EXECUTOR_LIBS) $(CHECK_LIBS)
