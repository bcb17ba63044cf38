# A test is three lines:
# unit_programs += tests/unit/net_x
# tests_unit_net_x_SOURCES = tests/unit/net_x.c
# tests_unit_net_x_LDADD = $(NET_LIBS) $(CHECK_LIBS)
