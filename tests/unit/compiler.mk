unit_programs += tests/unit/compiler_sample
tests_unit_compiler_sample_SOURCES = tests/unit/compiler_sample.c tests/unit/compiler_case.h
tests_unit_compiler_sample_LDADD = $(COMPILER_LIBS) $(CHECK_LIBS)

EXTRA_DIST += tests/golden/compile/shop.toml tests/golden/compile/shop.model \
	tests/golden/compile/shop.prod.model
