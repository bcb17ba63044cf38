noinst_LIBRARIES += libschemas.a

libschemas_a_SOURCES = \
	schemas/driver.c \
	schemas/driver.h \
	schemas/driver_call.c \
	schemas/driver_expr.c \
	schemas/driver_fill.c \
	schemas/driver_keys.c \
	schemas/driver_lens.c \
	schemas/driver_parse.h \
	schemas/driver_steps.c \
	schemas/schema.h \
	schemas/scope.c \
	schemas/scope.h \
	schemas/steps.h \
	schemas/wire.c \
	schemas/wire.h

SCHEMAS_LIBS = libschemas.a $(BASE_LIBS)
