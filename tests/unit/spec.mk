# A test is three lines:
# unit_programs += tests/unit/spec_x
# tests_unit_spec_x_SOURCES = tests/unit/spec_x.c
# tests_unit_spec_x_LDADD = $(SPEC_LIBS) $(CHECK_LIBS)
