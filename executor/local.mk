noinst_LIBRARIES += libexecutor.a

libexecutor_a_SOURCES = \
	executor/apply.c \
	executor/apply.h \
	executor/bulk.c \
	executor/bulk.h \
	executor/confirm.c \
	executor/confirm.h \
	executor/errand.c \
	executor/errand.h \
	executor/found.c \
	executor/found.h \
	executor/gate.c \
	executor/gate.h \
	executor/heap.h \
	executor/intent.c \
	executor/look.c \
	executor/look.h \
	executor/loop.c \
	executor/loop.h \
	executor/make.c \
	executor/observe.c \
	executor/observe.h \
	executor/published.c \
	executor/published.h \
	executor/ratelimit.c \
	executor/ratelimit.h \
	executor/recover.c \
	executor/remove.c \
	executor/revision.c \
	executor/risk.c \
	executor/row.c \
	executor/row.h \
	executor/schedule.c \
	executor/schedule.h \
	executor/send.c \
	executor/session.c \
	executor/session.h \
	executor/task.h \
	executor/tend.c

EXECUTOR_LIBS = libexecutor.a $(DRIVER_LIBS) $(STORE_LIBS)
