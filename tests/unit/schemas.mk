# A test is three lines:
# unit_programs += tests/unit/schemas_x
# tests_unit_schemas_x_SOURCES = tests/unit/schemas_x.c
# tests_unit_schemas_x_LDADD = $(SCHEMAS_LIBS) $(CHECK_LIBS)
