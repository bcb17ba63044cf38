noinst_LIBRARIES += libbase.a

libbase_a_SOURCES =

BASE_LIBS = libbase.a $(PCRE2_LIBS) $(YAML_LIBS) $(MBEDTLS_LIBS) -lm
