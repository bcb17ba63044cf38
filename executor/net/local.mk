noinst_LIBRARIES += libnet.a

libnet_a_SOURCES =

NET_LIBS = libnet.a $(CURL_LIBS) $(BASE_LIBS)
