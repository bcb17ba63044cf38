noinst_LIBRARIES += libdriver.a

libdriver_a_SOURCES =

DRIVER_LIBS = libdriver.a $(AWS_LIBS) $(PLANNER_LIBS)
