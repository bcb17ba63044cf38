noinst_LIBRARIES += libplanner.a

libplanner_a_SOURCES = \
	planner/compare.c planner/compare.h \
	planner/decide.c \
	planner/diff.c \
	planner/digraph.c planner/digraph.h \
	planner/existing.c \
	planner/graph.c \
	planner/links.c \
	planner/path.c \
	planner/plan.c planner/plan.h \
	planner/policy.c \
	planner/render.c planner/render.h \
	planner/render_difference.c \
	planner/render_json.c \
	planner/render_text.c \
	planner/replace.c \
	planner/resolve.c \
	planner/secret.c planner/secret.h \
	planner/row.c \
	planner/state.c planner/state.h \
	planner/work.h

PLANNER_LIBS = libplanner.a $(COMPILER_LIBS)

EXTRA_DIST += docs/plan-json.md
