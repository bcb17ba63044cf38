# A test is three lines:
# unit_programs += tests/unit/driver_x
# tests_unit_driver_x_SOURCES = tests/unit/driver_x.c
# tests_unit_driver_x_LDADD = $(DRIVER_LIBS) $(CHECK_LIBS)
