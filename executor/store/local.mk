noinst_LIBRARIES += libstore.a

libstore_a_SOURCES =

STORE_LIBS = libstore.a $(SQLITE_LIBS) $(AWS_LIBS) $(PLANNER_LIBS)
