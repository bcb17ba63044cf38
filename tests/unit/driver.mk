unit_programs += tests/unit/driver_format
tests_unit_driver_format_SOURCES = tests/unit/driver_format.c
tests_unit_driver_format_LDADD = $(SCHEMAS_LIBS) $(CHECK_LIBS)

unit_programs += tests/unit/driver_pages
tests_unit_driver_pages_SOURCES = tests/unit/driver_pages.c tests/unit/driver_kit.c tests/unit/driver_kit.h
tests_unit_driver_pages_LDADD = $(DRIVER_LIBS) $(CHECK_LIBS)

unit_programs += tests/unit/driver_rough
tests_unit_driver_rough_SOURCES = tests/unit/driver_rough.c tests/unit/driver_kit.c tests/unit/driver_kit.h
tests_unit_driver_rough_LDADD = $(DRIVER_LIBS) $(CHECK_LIBS)

unit_programs += tests/unit/driver_revision
tests_unit_driver_revision_SOURCES = tests/unit/driver_revision.c tests/unit/driver_kit.c tests/unit/driver_kit.h
tests_unit_driver_revision_LDADD = $(DRIVER_LIBS) $(CHECK_LIBS)

unit_programs += tests/unit/driver_turns
tests_unit_driver_turns_SOURCES = tests/unit/driver_turns.c tests/unit/driver_kit.c tests/unit/driver_kit.h
tests_unit_driver_turns_LDADD = $(DRIVER_LIBS) $(CHECK_LIBS)

unit_programs += tests/unit/driver_talks
tests_unit_driver_talks_SOURCES = tests/unit/driver_talks.c tests/unit/driver_kit.c tests/unit/driver_kit.h
tests_unit_driver_talks_LDADD = $(DRIVER_LIBS) $(CHECK_LIBS)

unit_programs += tests/unit/driver_documented
tests_unit_driver_documented_SOURCES = tests/unit/driver_documented.c tests/unit/driver_kit.c \
	tests/unit/driver_kit.h
tests_unit_driver_documented_LDADD = $(DRIVER_LIBS) $(CHECK_LIBS)

EXTRA_DIST += tests/unit/talks docs/drivers.md
