noinst_LIBRARIES += libreview.a

libreview_a_SOURCES = \
	review/difference.c \
	review/graph.c review/graph.h \
	review/graph_print.c \
	review/item.c \
	review/json.c \
	review/leak.c \
	review/make.h \
	review/moved.c \
	review/nodes.c \
	review/render.c review/render.h \
	review/review.c review/review.h \
	review/saved.c review/saved.h \
	review/text.c \
	review/weigh.c \
	review/words.c

REVIEW_LIBS = libreview.a $(PLANNER_LIBS)

EXTRA_DIST += docs/plan-json.md docs/graph-json.md docs/saved-plan.md
