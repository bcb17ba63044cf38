noinst_LIBRARIES += libbase.a libpages.a

libpages_a_SOURCES = base/pages.c base/pages.h
libpages_a_CPPFLAGS = $(AM_CPPFLAGS) -D_DEFAULT_SOURCE

libbase_a_SOURCES = \
	base/arena.c base/arena.h \
	base/attr.c base/attr.h \
	base/banned.h \
	base/buf.c base/buf.h \
	base/clock.c base/clock.h \
	base/diag.c base/diag.h \
	base/diag_print.c \
	base/encode.c \
	base/error.c base/error.h \
	base/fs.c base/fs.h \
	base/fs_memory.c \
	base/fs_write.c \
	base/hash.c base/hash.h \
	base/json.h \
	base/json_parse.c \
	base/json_print.c \
	base/json_says.c \
	base/library.c base/library.h \
	base/map.c base/map.h \
	base/nearest.c \
	base/path.c \
	base/regex.c base/regex.h base/regex_dialect.c \
	base/sha256.c base/sha256.h \
	base/source.c \
	base/stats.h \
	base/str.c base/str.h \
	base/trace.c base/trace.h \
	base/utc.c \
	base/utf8.c base/utf8.h \
	base/utf8_case.c \
	base/value.c base/value.h \
	base/value_compare.c \
	base/vec.c base/vec.h \
	base/yaml.c base/yaml.h \
	base/yaml_refuse.c \
	base/yaml_scalar.c base/yaml_scalar.h \
	base/yaml_text.c

BASE_LIBS = libbase.a libpages.a $(PCRE2_LIBS) $(YAML_LIBS) $(MBEDTLS_LIBS) -lm
