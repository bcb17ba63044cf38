noinst_LIBRARIES += libnet.a

libnet_a_SOURCES = \
	executor/net/curl.c \
	executor/net/response.c \
	executor/net/transport.h
libnet_a_CPPFLAGS = $(AM_CPPFLAGS) $(CURL_CFLAGS)

NET_LIBS = libnet.a $(CURL_LIBS) $(BASE_LIBS)
