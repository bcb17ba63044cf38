noinst_LIBRARIES += libschemas.a

libschemas_a_SOURCES = \
	schemas/driver.h \
	schemas/schema.h \
	schemas/scope.c \
	schemas/scope.h \
	schemas/wire.c \
	schemas/wire.h

SCHEMAS_LIBS = libschemas.a $(BASE_LIBS)
