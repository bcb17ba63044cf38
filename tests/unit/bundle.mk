unit_programs += tests/unit/bundle_zip
tests_unit_bundle_zip_SOURCES = tests/unit/bundle_zip.c
tests_unit_bundle_zip_LDADD = $(BUNDLE_LIBS) $(ZIP_LIBS) $(CHECK_LIBS)
