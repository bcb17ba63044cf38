planner_kit = tests/unit/planner_kit.c tests/unit/planner_kit.h

unit_programs += tests/unit/planner_state
tests_unit_planner_state_SOURCES = tests/unit/planner_state.c
tests_unit_planner_state_LDADD = $(PLANNER_LIBS) $(CHECK_LIBS)

unit_programs += tests/unit/planner_decide
tests_unit_planner_decide_SOURCES = tests/unit/planner_decide.c $(planner_kit)
tests_unit_planner_decide_LDADD = $(REVIEW_LIBS) $(CHECK_LIBS)

unit_programs += tests/unit/planner_replace
tests_unit_planner_replace_SOURCES = tests/unit/planner_replace.c $(planner_kit)
tests_unit_planner_replace_LDADD = $(REVIEW_LIBS) $(CHECK_LIBS)

unit_programs += tests/unit/planner_drift
tests_unit_planner_drift_SOURCES = tests/unit/planner_drift.c $(planner_kit)
tests_unit_planner_drift_LDADD = $(REVIEW_LIBS) $(CHECK_LIBS)

unit_programs += tests/unit/planner_handover
tests_unit_planner_handover_SOURCES = tests/unit/planner_handover.c $(planner_kit)
tests_unit_planner_handover_LDADD = $(REVIEW_LIBS) $(CHECK_LIBS)

unit_programs += tests/unit/planner_lifecycle
tests_unit_planner_lifecycle_SOURCES = tests/unit/planner_lifecycle.c $(planner_kit)
tests_unit_planner_lifecycle_LDADD = $(REVIEW_LIBS) $(CHECK_LIBS)

unit_programs += tests/unit/planner_rename
tests_unit_planner_rename_SOURCES = tests/unit/planner_rename.c $(planner_kit)
tests_unit_planner_rename_LDADD = $(REVIEW_LIBS) $(CHECK_LIBS)

unit_programs += tests/unit/planner_adopt
tests_unit_planner_adopt_SOURCES = tests/unit/planner_adopt.c $(planner_kit)
tests_unit_planner_adopt_LDADD = $(REVIEW_LIBS) $(CHECK_LIBS)

unit_programs += tests/unit/planner_inverse
tests_unit_planner_inverse_SOURCES = tests/unit/planner_inverse.c $(planner_kit)
tests_unit_planner_inverse_LDADD = $(REVIEW_LIBS) $(CHECK_LIBS)

unit_programs += tests/unit/planner_target
tests_unit_planner_target_SOURCES = tests/unit/planner_target.c $(planner_kit)
tests_unit_planner_target_LDADD = $(REVIEW_LIBS) $(CHECK_LIBS)

unit_programs += tests/unit/planner_graph
tests_unit_planner_graph_SOURCES = tests/unit/planner_graph.c $(planner_kit)
tests_unit_planner_graph_LDADD = $(REVIEW_LIBS) $(CHECK_LIBS)

unit_programs += tests/unit/review_render
tests_unit_review_render_SOURCES = tests/unit/review_render.c $(planner_kit)
tests_unit_review_render_LDADD = $(REVIEW_LIBS) $(CHECK_LIBS)

unit_programs += tests/unit/review_graph
tests_unit_review_graph_SOURCES = tests/unit/review_graph.c $(planner_kit)
tests_unit_review_graph_LDADD = $(REVIEW_LIBS) $(CHECK_LIBS)

unit_programs += tests/unit/review_page
tests_unit_review_page_SOURCES = tests/unit/review_page.c tests/unit/html_check.c \
	tests/unit/html_check.h $(planner_kit)
tests_unit_review_page_LDADD = $(REVIEW_LIBS) $(CHECK_LIBS)

unit_programs += tests/unit/review_saved
tests_unit_review_saved_SOURCES = tests/unit/review_saved.c $(planner_kit)
tests_unit_review_saved_LDADD = $(REVIEW_LIBS) $(CHECK_LIBS)

unit_programs += tests/unit/review_why
tests_unit_review_why_SOURCES = tests/unit/review_why.c $(planner_kit)
tests_unit_review_why_LDADD = $(REVIEW_LIBS) $(CHECK_LIBS)

unit_programs += tests/unit/review_permission
tests_unit_review_permission_SOURCES = tests/unit/review_permission.c $(planner_kit)
tests_unit_review_permission_LDADD = $(REVIEW_LIBS) $(CHECK_LIBS)

unit_programs += tests/unit/planner_walks
tests_unit_planner_walks_SOURCES = tests/unit/planner_walks.c tests/unit/walk_aws.c \
	tests/unit/walk_aws.h tests/unit/walk_run.c tests/unit/walk_spec.c tests/unit/walk_spec.h \
	$(planner_kit)
tests_unit_planner_walks_LDADD = $(REVIEW_LIBS) $(CHECK_LIBS)

unit_programs += tests/unit/review_drift
tests_unit_review_drift_SOURCES = tests/unit/review_drift.c $(planner_kit)
tests_unit_review_drift_LDADD = $(REVIEW_LIBS) $(CHECK_LIBS)

unit_programs += tests/unit/review_markdown
tests_unit_review_markdown_SOURCES = \
	tests/unit/review_markdown.c \
	tests/unit/markdown_check.c tests/unit/markdown_check.h $(planner_kit)
tests_unit_review_markdown_LDADD = $(REVIEW_LIBS) $(CHECK_LIBS)
unit_programs += tests/unit/planner_judge
tests_unit_planner_judge_SOURCES = tests/unit/planner_judge.c $(planner_kit)
tests_unit_planner_judge_LDADD = $(REVIEW_LIBS) $(CHECK_LIBS)
