# A test is three lines:
# unit_programs += tests/unit/compiler_x
# tests_unit_compiler_x_SOURCES = tests/unit/compiler_x.c
# tests_unit_compiler_x_LDADD = $(COMPILER_LIBS) $(CHECK_LIBS)
