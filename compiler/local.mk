noinst_LIBRARIES += libcompiler.a

libcompiler_a_SOURCES =

COMPILER_LIBS = libcompiler.a $(SPEC_LIBS) $(SCHEMAS_LIBS)
