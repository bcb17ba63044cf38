noinst_LIBRARIES += libbundle.a

libbundle_a_SOURCES = \
	bundle/bundle.h \
	bundle/libzip.c bundle/libzip.h \
	bundle/scan.c \
	bundle/zip.c
libbundle_a_CPPFLAGS = $(AM_CPPFLAGS) $(ZIP_CFLAGS)

# libzip itself is loaded when it is needed, see libzip.h.
BUNDLE_LIBS = libbundle.a $(BASE_LIBS)
