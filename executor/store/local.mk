noinst_LIBRARIES += libstore.a

libstore_a_SOURCES = \
	executor/store/batch.c \
	executor/store/batch.h \
	executor/store/bucket.c \
	executor/store/bucket.h \
	executor/store/bucket_call.c \
	executor/store/bucket_commit.c \
	executor/store/bucket_history.c \
	executor/store/bucket_lease.c \
	executor/store/bucket_load.c \
	executor/store/commit.c \
	executor/store/db.h \
	executor/store/digest.c \
	executor/store/document.c \
	executor/store/document.h \
	executor/store/fence.c \
	executor/store/history.c \
	executor/store/history.h \
	executor/store/lease.c \
	executor/store/lease.h \
	executor/store/load.c \
	executor/store/lock.c \
	executor/store/open.c \
	executor/store/remote.c \
	executor/store/remote.h \
	executor/store/schema.c \
	executor/store/snapshot.c \
	executor/store/sqlite.c \
	executor/store/store.h \
	executor/store/version.c
libstore_a_CPPFLAGS = $(AM_CPPFLAGS) $(SQLITE_CFLAGS)

STORE_LIBS = libstore.a $(SQLITE_LIBS) $(AWS_LIBS) $(PLANNER_LIBS)
