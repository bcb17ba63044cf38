noinst_LIBRARIES += libplanner.a

libplanner_a_SOURCES = \
	planner/adopt.c \
	planner/back.c \
	planner/compare.c planner/compare.h \
	planner/decide.c \
	planner/diff.c \
	planner/digraph.c planner/digraph.h \
	planner/existing.c \
	planner/graph.c \
	planner/handover.c \
	planner/ignore.c \
	planner/inverse.c \
	planner/inverse.h \
	planner/judge.c \
	planner/likely.c \
	planner/links.c \
	planner/loose.c \
	planner/path.c \
	planner/plan.c planner/plan.h \
	planner/policy.c \
	planner/rename.c \
	planner/replace.c \
	planner/resolve.c \
	planner/resume.c \
	planner/revision.c planner/revision.h \
	planner/secret.c planner/secret.h \
	planner/shown.c \
	planner/row.c \
	planner/state.c planner/state.h \
	planner/target.c \
	planner/trigger.c \
	planner/work.h

PLANNER_LIBS = libplanner.a $(COMPILER_LIBS)
