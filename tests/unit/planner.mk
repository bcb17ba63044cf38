# A test is three lines:
# unit_programs += tests/unit/planner_x
# tests_unit_planner_x_SOURCES = tests/unit/planner_x.c
# tests_unit_planner_x_LDADD = $(PLANNER_LIBS) $(CHECK_LIBS)
