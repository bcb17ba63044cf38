noinst_LIBRARIES += libaws.a

libaws_a_SOURCES =

AWS_LIBS = libaws.a $(EXPAT_LIBS) $(NET_LIBS) $(SCHEMAS_LIBS)
