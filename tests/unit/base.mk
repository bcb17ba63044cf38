unit_programs += tests/unit/base_arena
tests_unit_base_arena_SOURCES = tests/unit/base_arena.c
tests_unit_base_arena_LDADD = $(BASE_LIBS) $(CHECK_LIBS)

unit_programs += tests/unit/base_clock
tests_unit_base_clock_SOURCES = tests/unit/base_clock.c
tests_unit_base_clock_LDADD = $(BASE_LIBS) $(CHECK_LIBS)

unit_programs += tests/unit/base_diag
tests_unit_base_diag_SOURCES = tests/unit/base_diag.c
tests_unit_base_diag_LDADD = $(BASE_LIBS) $(CHECK_LIBS)

unit_programs += tests/unit/base_fs
tests_unit_base_fs_SOURCES = tests/unit/base_fs.c
tests_unit_base_fs_LDADD = $(BASE_LIBS) $(CHECK_LIBS)

unit_programs += tests/unit/base_hash
tests_unit_base_hash_SOURCES = tests/unit/base_hash.c
tests_unit_base_hash_LDADD = $(BASE_LIBS) $(CHECK_LIBS)

unit_programs += tests/unit/base_json
tests_unit_base_json_SOURCES = tests/unit/base_json.c
tests_unit_base_json_LDADD = $(BASE_LIBS) $(CHECK_LIBS)

unit_programs += tests/unit/base_map
tests_unit_base_map_SOURCES = tests/unit/base_map.c
tests_unit_base_map_LDADD = $(BASE_LIBS) $(CHECK_LIBS)

unit_programs += tests/unit/base_str
tests_unit_base_str_SOURCES = tests/unit/base_str.c
tests_unit_base_str_LDADD = $(BASE_LIBS) $(CHECK_LIBS)

unit_programs += tests/unit/base_value
tests_unit_base_value_SOURCES = tests/unit/base_value.c
tests_unit_base_value_LDADD = $(BASE_LIBS) $(CHECK_LIBS)

unit_programs += tests/unit/base_yaml
tests_unit_base_yaml_SOURCES = tests/unit/base_yaml.c
tests_unit_base_yaml_LDADD = $(BASE_LIBS) $(CHECK_LIBS)
