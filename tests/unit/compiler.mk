unit_programs += tests/unit/compiler_sample
tests_unit_compiler_sample_SOURCES = tests/unit/compiler_sample.c tests/unit/compiler_case.h
tests_unit_compiler_sample_LDADD = $(COMPILER_LIBS) $(CHECK_LIBS)

EXTRA_DIST += tests/golden/compile/shop.toml tests/golden/compile/shop.model

unit_programs += tests/unit/compiler_mistakes
tests_unit_compiler_mistakes_SOURCES = tests/unit/compiler_mistakes.c tests/unit/compiler_case.h
tests_unit_compiler_mistakes_LDADD = $(COMPILER_LIBS) $(CHECK_LIBS)

unit_programs += tests/unit/compiler_names
tests_unit_compiler_names_SOURCES = tests/unit/compiler_names.c tests/unit/compiler_case.h
tests_unit_compiler_names_LDADD = $(COMPILER_LIBS) $(CHECK_LIBS)

unit_programs += tests/unit/compiler_lowering
tests_unit_compiler_lowering_SOURCES = tests/unit/compiler_lowering.c tests/unit/compiler_case.h
tests_unit_compiler_lowering_LDADD = $(COMPILER_LIBS) $(CHECK_LIBS)

unit_programs += tests/unit/compiler_limits
tests_unit_compiler_limits_SOURCES = tests/unit/compiler_limits.c tests/unit/compiler_case.h
tests_unit_compiler_limits_LDADD = $(COMPILER_LIBS) $(CHECK_LIBS)

unit_programs += tests/unit/compiler_advice
tests_unit_compiler_advice_SOURCES = tests/unit/compiler_advice.c tests/unit/compiler_case.h
tests_unit_compiler_advice_LDADD = $(COMPILER_LIBS) $(CHECK_LIBS)

unit_programs += tests/unit/compiler_world
tests_unit_compiler_world_SOURCES = tests/unit/compiler_world.c tests/unit/compiler_case.h
tests_unit_compiler_world_LDADD = $(COMPILER_LIBS) $(CHECK_LIBS)

unit_programs += tests/unit/compiler_modules
tests_unit_compiler_modules_SOURCES = tests/unit/compiler_modules.c tests/unit/compiler_case.h
tests_unit_compiler_modules_LDADD = $(COMPILER_LIBS) $(CHECK_LIBS)

unit_programs += tests/unit/compiler_lifecycle
tests_unit_compiler_lifecycle_SOURCES = tests/unit/compiler_lifecycle.c tests/unit/compiler_case.h
tests_unit_compiler_lifecycle_LDADD = $(COMPILER_LIBS) $(CHECK_LIBS)
