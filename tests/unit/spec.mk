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

unit_programs += tests/unit/spec_function_text
tests_unit_spec_function_text_SOURCES = tests/unit/spec_function_text.c \
	tests/unit/spec_function_case.h
tests_unit_spec_function_text_LDADD = $(SPEC_LIBS) $(CHECK_LIBS)

unit_programs += tests/unit/spec_function_format
tests_unit_spec_function_format_SOURCES = tests/unit/spec_function_format.c \
	tests/unit/spec_function_case.h
tests_unit_spec_function_format_LDADD = $(SPEC_LIBS) $(CHECK_LIBS)

unit_programs += tests/unit/spec_function_number
tests_unit_spec_function_number_SOURCES = tests/unit/spec_function_number.c \
	tests/unit/spec_function_case.h
tests_unit_spec_function_number_LDADD = $(SPEC_LIBS) $(CHECK_LIBS)

unit_programs += tests/unit/spec_function_list
tests_unit_spec_function_list_SOURCES = tests/unit/spec_function_list.c \
	tests/unit/spec_function_case.h
tests_unit_spec_function_list_LDADD = $(SPEC_LIBS) $(CHECK_LIBS)

unit_programs += tests/unit/spec_function_encoding
tests_unit_spec_function_encoding_SOURCES = tests/unit/spec_function_encoding.c \
	tests/unit/spec_function_case.h
tests_unit_spec_function_encoding_LDADD = $(SPEC_LIBS) $(CHECK_LIBS)

unit_programs += tests/unit/spec_function_hash
tests_unit_spec_function_hash_SOURCES = tests/unit/spec_function_hash.c \
	tests/unit/spec_function_case.h
tests_unit_spec_function_hash_LDADD = $(SPEC_LIBS) $(CHECK_LIBS)

unit_programs += tests/unit/spec_function_date
tests_unit_spec_function_date_SOURCES = tests/unit/spec_function_date.c \
	tests/unit/spec_function_case.h
tests_unit_spec_function_date_LDADD = $(SPEC_LIBS) $(CHECK_LIBS)

unit_programs += tests/unit/spec_formats
tests_unit_spec_formats_SOURCES = tests/unit/spec_formats.c tests/unit/spec_case.h
tests_unit_spec_formats_LDADD = $(SPEC_LIBS) $(CHECK_LIBS)

unit_programs += tests/unit/spec_expr_values
tests_unit_spec_expr_values_SOURCES = tests/unit/spec_expr_values.c tests/unit/spec_case.h
tests_unit_spec_expr_values_LDADD = $(SPEC_LIBS) $(CHECK_LIBS)

unit_programs += tests/unit/spec_toml_write
tests_unit_spec_toml_write_SOURCES = tests/unit/spec_toml_write.c tests/unit/random_value.h \
	tests/unit/spec_case.h
tests_unit_spec_toml_write_LDADD = $(SPEC_LIBS) $(CHECK_LIBS)

unit_programs += tests/unit/spec_fmt
tests_unit_spec_fmt_SOURCES = tests/unit/spec_fmt.c tests/unit/random_value.h tests/unit/spec_case.h
tests_unit_spec_fmt_LDADD = $(SPEC_LIBS) $(CHECK_LIBS)

unit_programs += tests/unit/spec_function_file
tests_unit_spec_function_file_SOURCES = tests/unit/spec_function_file.c \
	tests/unit/spec_function_case.h
tests_unit_spec_function_file_LDADD = $(SPEC_LIBS) $(CHECK_LIBS)

unit_programs += tests/unit/spec_expr_random
tests_unit_spec_expr_random_SOURCES = tests/unit/spec_expr_random.c tests/unit/spec_case.h \
	tests/unit/random_value.h
tests_unit_spec_expr_random_LDADD = $(SPEC_LIBS) $(CHECK_LIBS)

unit_programs += tests/unit/spec_convert
tests_unit_spec_convert_SOURCES = tests/unit/spec_convert.c
tests_unit_spec_convert_LDADD = $(SPEC_LIBS) $(CHECK_LIBS)
