noinst_LIBRARIES += libplanner.a

libplanner_a_SOURCES =

PLANNER_LIBS = libplanner.a $(COMPILER_LIBS)
