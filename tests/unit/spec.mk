unit_programs += tests/unit/spec_toml
tests_unit_spec_toml_SOURCES = tests/unit/spec_toml.c tests/unit/spec_case.h
tests_unit_spec_toml_LDADD = $(SPEC_LIBS) $(CHECK_LIBS)

unit_programs += tests/unit/spec_mistakes
tests_unit_spec_mistakes_SOURCES = tests/unit/spec_mistakes.c tests/unit/spec_case.h
tests_unit_spec_mistakes_LDADD = $(SPEC_LIBS) $(CHECK_LIBS)

unit_programs += tests/unit/spec_documents
tests_unit_spec_documents_SOURCES = tests/unit/spec_documents.c tests/unit/spec_case.h
tests_unit_spec_documents_LDADD = $(SPEC_LIBS) $(CHECK_LIBS)

unit_programs += tests/unit/spec_read
tests_unit_spec_read_SOURCES = tests/unit/spec_read.c tests/unit/spec_case.h
tests_unit_spec_read_LDADD = $(SPEC_LIBS) $(CHECK_LIBS)

unit_programs += tests/unit/spec_expr
tests_unit_spec_expr_SOURCES = tests/unit/spec_expr.c tests/unit/spec_case.h
tests_unit_spec_expr_LDADD = $(SPEC_LIBS) $(CHECK_LIBS)

unit_programs += tests/unit/spec_function_string
tests_unit_spec_function_string_SOURCES = tests/unit/spec_function_string.c \
	tests/unit/spec_function_case.h
tests_unit_spec_function_string_LDADD = $(SPEC_LIBS) $(CHECK_LIBS)
