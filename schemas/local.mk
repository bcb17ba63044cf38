noinst_LIBRARIES += libschemas.a

libschemas_a_SOURCES =

SCHEMAS_LIBS = libschemas.a $(BASE_LIBS)
