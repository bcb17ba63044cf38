noinst_LIBRARIES += libcli.a

libcli_a_SOURCES = \
	cli/apply.c \
	cli/build.c \
	cli/check.c \
	cli/command.h \
	cli/debug.c \
	cli/doors.h \
	cli/effc.c \
	cli/explain.c \
	cli/options.c \
	cli/options.h \
	cli/outputs.c \
	cli/plan.c \
	cli/progress.c \
	cli/progress.h \
	cli/run.c \
	cli/run.h \
	cli/schema.c \
	cli/shown.c \
	cli/shown.h \
	cli/signals.c \
	cli/signals.h \
	cli/stages.c \
	cli/targets.c \
	cli/version.c

CLI_LIBS = libcli.a $(EXECUTOR_LIBS) $(BUNDLE_LIBS)

bin_PROGRAMS += effc
effc_SOURCES = cli/main.c
effc_LDADD = $(CLI_LIBS)
