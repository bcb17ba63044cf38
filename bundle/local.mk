noinst_LIBRARIES += libbundle.a

libbundle_a_SOURCES = \
	bundle/bundle.h \
	bundle/scan.c \
	bundle/zip.c
libbundle_a_CPPFLAGS = $(AM_CPPFLAGS) $(ZIP_CFLAGS)

BUNDLE_LIBS = libbundle.a $(ZIP_LIBS) $(BASE_LIBS)
