noinst_LIBRARIES += libcli.a

libcli_a_SOURCES =

CLI_LIBS = libcli.a $(EXECUTOR_LIBS) $(BUNDLE_LIBS)

# bin_PROGRAMS += effc
# effc_SOURCES = cli/main.c
# effc_LDADD = $(CLI_LIBS)
