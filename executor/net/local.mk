noinst_LIBRARIES += libnet.a

libnet_a_SOURCES = \
	executor/net/curl.c \
	executor/net/libcurl.c executor/net/libcurl.h \
	executor/net/response.c \
	executor/net/transport.h
libnet_a_CPPFLAGS = $(AM_CPPFLAGS) $(CURL_CFLAGS)

# libcurl itself is loaded when it is needed, see libcurl.h.
NET_LIBS = libnet.a $(BASE_LIBS)
