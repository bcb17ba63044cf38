# A test is three lines:
# unit_programs += tests/unit/store_x
# tests_unit_store_x_SOURCES = tests/unit/store_x.c
# tests_unit_store_x_LDADD = $(STORE_LIBS) $(CHECK_LIBS)
