unit_programs += tests/unit/net_curl
tests_unit_net_curl_SOURCES = tests/unit/net_curl.c tests/unit/loopback.c tests/unit/loopback.h
tests_unit_net_curl_LDADD = $(NET_LIBS) $(CHECK_LIBS) -lpthread

unit_programs += tests/unit/net_tls
tests_unit_net_tls_SOURCES = tests/unit/net_tls.c
tests_unit_net_tls_LDADD = $(NET_LIBS) $(CHECK_LIBS)
