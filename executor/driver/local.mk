noinst_LIBRARIES += libdriver.a

libdriver_a_SOURCES = \
	executor/driver/convert.c \
	executor/driver/convert.h \
	executor/driver/denied.c \
	executor/driver/diff.c \
	executor/driver/eval.c \
	executor/driver/eval.h \
	executor/driver/lens.c \
	executor/driver/look.c \
	executor/driver/machine.h \
	executor/driver/op.c \
	executor/driver/op.h \
	executor/driver/pages.c \
	executor/driver/pages.h \
	executor/driver/path.c \
	executor/driver/path.h \
	executor/driver/replies.c \
	executor/driver/results.c \
	executor/driver/served.c \
	executor/driver/steps.c \
	executor/driver/tags.c

DRIVER_LIBS = libdriver.a $(AWS_LIBS) $(PLANNER_LIBS)
