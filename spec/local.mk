noinst_LIBRARIES += libspec.a

libspec_a_SOURCES = \
	spec/convert.c \
	spec/convert.h \
	spec/convert_type.c \
	spec/document.c \
	spec/document.h \
	spec/expr.h \
	spec/expr_evaluate.c \
	spec/expr_evaluator.h \
	spec/expr_index.c \
	spec/expr_operand.c \
	spec/expr_parse.c \
	spec/expr_parser.h \
	spec/expr_print.c \
	spec/expr_template.c \
	spec/expr_walk.c \
	spec/function.c \
	spec/function.h \
	spec/function/character.c \
	spec/function/conversion.c \
	spec/function/csv.c \
	spec/function/date.c \
	spec/function/encoding.c \
	spec/function/family.c \
	spec/function/family.h \
	spec/function/file.c \
	spec/function/format.c \
	spec/function/hash.c \
	spec/function/ip.c \
	spec/function/list.c \
	spec/function/map.c \
	spec/function/number.c \
	spec/function/regex.c \
	spec/function/set.c \
	spec/function/string.c \
	spec/function/yaml.c \
	spec/include.c \
	spec/json_reader.c \
	spec/json_string.c \
	spec/json_text.h \
	spec/module.c \
	spec/reading.h \
	spec/spec.c \
	spec/spec.h \
	spec/spec_print.c \
	spec/token.c \
	spec/toml.c \
	spec/toml.h \
	spec/toml_datetime.c \
	spec/toml_key.c \
	spec/toml_lexer.c \
	spec/toml_recover.c \
	spec/toml_scalar.c \
	spec/toml_string.c \
	spec/toml_table.c \
	spec/toml_value.c \
	spec/yaml_reader.c

SPEC_LIBS = libspec.a $(BASE_LIBS)
