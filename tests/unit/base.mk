# A test is three lines:
# unit_programs += tests/unit/base_x
# tests_unit_base_x_SOURCES = tests/unit/base_x.c
# tests_unit_base_x_LDADD = $(BASE_LIBS) $(CHECK_LIBS)
