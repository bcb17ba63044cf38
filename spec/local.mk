noinst_LIBRARIES += libspec.a

libspec_a_SOURCES =

SPEC_LIBS = libspec.a $(BASE_LIBS)
