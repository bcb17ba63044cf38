noinst_LIBRARIES += libexecutor.a

libexecutor_a_SOURCES =

EXECUTOR_LIBS = libexecutor.a $(DRIVER_LIBS) $(STORE_LIBS)
