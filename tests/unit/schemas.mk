unit_programs += tests/unit/schemas_types
tests_unit_schemas_types_SOURCES = tests/unit/schemas_types.c
tests_unit_schemas_types_LDADD = $(SCHEMAS_LIBS) $(CHECK_LIBS)

unit_programs += tests/unit/schemas_wire
tests_unit_schemas_wire_SOURCES = tests/unit/schemas_wire.c
tests_unit_schemas_wire_LDADD = $(SCHEMAS_LIBS) $(CHECK_LIBS)

unit_programs += tests/unit/schemas_blob
tests_unit_schemas_blob_SOURCES = tests/unit/schemas_blob.c
tests_unit_schemas_blob_LDADD = $(SCHEMAS_LIBS) $(CHECK_LIBS)

unit_programs += tests/unit/schemas_data
tests_unit_schemas_data_SOURCES = tests/unit/schemas_data.c
tests_unit_schemas_data_LDADD = $(SCHEMAS_LIBS) $(CHECK_LIBS)

check_scripts += tests/unit/check_datac.py tests/unit/check_import.py
EXTRA_DIST += tests/unit/check_datac.py tests/unit/check_import.py

unit_programs += tests/unit/schemas_overlay
tests_unit_schemas_overlay_SOURCES = tests/unit/schemas_overlay.c
tests_unit_schemas_overlay_LDADD = $(SCHEMAS_LIBS) $(CHECK_LIBS)
