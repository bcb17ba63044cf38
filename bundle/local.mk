noinst_LIBRARIES += libbundle.a

libbundle_a_SOURCES =

BUNDLE_LIBS = libbundle.a $(ZIP_LIBS) $(BASE_LIBS)
