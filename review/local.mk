noinst_LIBRARIES += libreview.a libpage.a

libreview_a_SOURCES = \
	review/access.c \
	review/calls.c review/calls.h \
	review/changes.c \
	review/coverage.c \
	review/difference.c \
	review/drift.c review/drift.h \
	review/escape.c \
	review/glob.c review/glob.h \
	review/grant.c review/grant.h \
	review/hints.c review/hints.h \
	review/graph.c review/graph.h \
	review/graph_print.c \
	review/html.c \
	review/html_item.c \
	review/item.c \
	review/json.c \
	review/layout.c review/layout.h \
	review/leak.c \
	review/make.h \
	review/markdown.c review/markdown.h \
	review/marker.c review/marker.h \
	review/moved.c \
	review/namebook.c review/namebook.h \
	review/needs.c review/needs.h \
	review/needs_policy.c review/needs_policy.h \
	review/nodes.c \
	review/page.c review/page.h \
	review/permission.c review/permission.h \
	review/permission_notes.c \
	review/permission_print.c \
	review/permission_rows.c review/permission_rows.h \
	review/picture.c review/picture.h \
	review/policies.c \
	review/render.c review/render.h \
	review/review.c review/review.h \
	review/saved.c review/saved.h \
	review/since.c \
	review/svg.c \
	review/tables.c \
	review/text.c \
	review/weigh.c \
	review/why.c review/why.h \
	review/why_json.c \
	review/why_text.c \
	review/words.c

# Flags of its own: what C files include cannot be assembled.
libpage_a_SOURCES = review/assets.S
libpage_a_CPPFLAGS = -I$(top_srcdir)
libpage_a_CCASFLAGS = -Wa,-I$(top_srcdir)
review/libpage_a-assets.$(OBJEXT): review/page.css review/page.js
EXTRA_DIST += review/page.css review/page.js

REVIEW_LIBS = libreview.a libpage.a $(PLANNER_LIBS)

EXTRA_DIST += docs/plan-json.md docs/plan-markdown.md docs/plan-permissions.md docs/graph-json.md docs/saved-plan.md docs/why-json.md docs/drift-json.md
