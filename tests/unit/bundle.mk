# A test is three lines:
# unit_programs += tests/unit/bundle_x
# tests_unit_bundle_x_SOURCES = tests/unit/bundle_x.c
# tests_unit_bundle_x_LDADD = $(BUNDLE_LIBS) $(CHECK_LIBS)
